"""What is told about a prediction: where its files are, and what the networks say of it themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.files import read_json, write_json

RECORD_NAME = "prediction.json"
FORMAT = 1
STORED = ("label", "sdm", "uncertainty", "model", "model_name", "predicted_dice", "agreement", "warnings")


@dataclass(frozen=True)
class PredictionRecord:
    """The results of one scan. Figures are None where they are unknown.

    Attributes:
        label: label map on the scan's grid, with the model's label values.
        sdm: signed distance in mm, negative inside, by segment name.
        uncertainty: 0 where the two networks agree, 1 where they contradict each other; None where not asked for.
        agreement: Dice of the two networks' masks.
        expected_dice: what the probabilities themselves promise.
        predicted_dice: forecast of the Dice with the true outline; None also where nothing was found.
        disagreement: mean over the voxels that either network counts to a segment, 0 to 1.
        warnings: what the user should know, each without a full stop.
        device: where it was computed, such as ``cpu`` or ``cuda:0``.
        model: folder of the model.
    """

    label: Path
    sdm: dict[str, Path] = field(default_factory=dict)
    uncertainty: Path | None = None
    segments: tuple[Segment, ...] = ()
    agreement: float | None = None
    expected_dice: float | None = None
    predicted_dice: float | None = None
    disagreement: float | None = None
    volume_ml: dict[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    device: str = ""
    model: str = ""
    model_name: str = ""
    weights_sha256: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns the record as JSON values."""
        return {**_json(vars(self)), "seconds": round(self.seconds, 3)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PredictionRecord:
        """Builds a record from what :meth:`to_dict` returned; what :meth:`save` leaves out may be absent.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: the document is not one.
        """
        return cls(
            label=Path(data["label"]),
            sdm={str(name): Path(path) for name, path in data["sdm"].items()},
            uncertainty=Path(data["uncertainty"]) if data["uncertainty"] else None,
            segments=tuple(map(Segment.from_dict, data.get("segments", ()))),
            agreement=_number(data["agreement"]),
            expected_dice=_number(data.get("expected_dice")),
            predicted_dice=_number(data["predicted_dice"]),
            disagreement=_number(data.get("disagreement")),
            volume_ml={str(name): float(volume) for name, volume in data.get("volume_ml", {}).items()},
            warnings=tuple(map(str, data["warnings"])),
            seconds=float(data.get("seconds", 0.0)),
            device=str(data.get("device", "")),
            model=str(data["model"]),
            model_name=str(data["model_name"]),
            weights_sha256=str(data.get("weights_sha256", "")),
        )

    def files(self) -> list[Path]:
        """Every file, the mask first."""
        return [self.label, *self.sdm.values(), *([self.uncertainty] if self.uncertainty else [])]

    def save(self, folder: Path | str) -> Path:
        """Writes the record beside the files, so that a later session finds them; returns its path.

        Raises:
            OSError: the folder can't be written.
        """
        record = Path(folder) / RECORD_NAME
        beside = self._with_files(lambda path: Path(os.path.relpath(path, folder)))
        data = beside.to_dict()
        write_json(record, {"format": FORMAT, **{key: data[key] for key in STORED}})
        return record

    @classmethod
    def read(cls, folder: Path | str) -> PredictionRecord | None:
        """Returns the record that lies in a folder, None where there is none or its files are incomplete."""
        try:
            data = read_json(Path(folder) / RECORD_NAME)
            if data["format"] != FORMAT:
                return None
            record = cls.from_dict(data)._with_files(lambda path: Path(folder) / path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None
        return record if all(file.is_file() for file in record.files()) else None

    def _with_files(self, placed: Callable[[Path], Path]) -> PredictionRecord:
        return replace(
            self,
            label=placed(self.label),
            sdm={name: placed(path) for name, path in self.sdm.items()},
            uncertainty=placed(self.uncertainty) if self.uncertainty else None,
        )


def _json(value: Any) -> Any:
    if isinstance(value, Path):  # the same on all systems where it is relative, as projects move from one to another
        return str(value) if value.is_absolute() else value.as_posix()
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, Segment):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    return {key: _json(each) for key, each in value.items()} if isinstance(value, dict) else value


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
