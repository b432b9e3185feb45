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
        segments: of the model.
        agreement: Dice of the two networks' masks.
        expected_dice: what the probabilities themselves promise.
        predicted_dice: forecast of the Dice with the true outline.
        disagreement: mean over the voxels that either network counts to a segment, 0 to 1.
        volume_ml: volume by segment name.
        warnings: what the user should know, each without a full stop.
        seconds: how long it took.
        device: where it was computed, such as ``cpu`` or ``cuda:0``.
        model: folder of the model.
        model_name: of the model, for people.
        weights_sha256: of its weights.
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
        return {
            "label": _text(self.label),
            "sdm": {name: _text(path) for name, path in self.sdm.items()},
            "uncertainty": _text(self.uncertainty) if self.uncertainty else None,
            "segments": [segment.to_dict() for segment in self.segments],
            "agreement": _rounded(self.agreement),
            "expected_dice": _rounded(self.expected_dice),
            "predicted_dice": _rounded(self.predicted_dice),
            "disagreement": _rounded(self.disagreement),
            "volume_ml": {name: _rounded(volume) for name, volume in self.volume_ml.items()},
            "warnings": list(self.warnings),
            "seconds": round(self.seconds, 3),
            "device": self.device,
            "model": self.model,
            "model_name": self.model_name,
            "weights_sha256": self.weights_sha256,
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> PredictionRecord:
        """Builds a record from what :meth:`to_dict` returned; what :meth:`save` leaves out may be absent.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: the document is not one.
        """
        return cls(
            label=Path(document["label"]),
            sdm={str(name): Path(path) for name, path in document["sdm"].items()},
            uncertainty=Path(document["uncertainty"]) if document["uncertainty"] else None,
            segments=tuple(map(Segment.from_dict, document.get("segments", ()))),
            agreement=_number(document["agreement"]),
            expected_dice=_number(document.get("expected_dice")),
            predicted_dice=_number(document["predicted_dice"]),
            disagreement=_number(document.get("disagreement")),
            volume_ml={str(name): float(volume) for name, volume in document.get("volume_ml", {}).items()},
            warnings=tuple(map(str, document["warnings"])),
            seconds=float(document.get("seconds", 0.0)),
            device=str(document.get("device", "")),
            model=str(document["model"]),
            model_name=str(document["model_name"]),
            weights_sha256=str(document.get("weights_sha256", "")),
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
        document = beside.to_dict()
        write_json(record, {"format": FORMAT, **{key: document[key] for key in STORED}})
        return record

    @classmethod
    def read(cls, folder: Path | str) -> PredictionRecord | None:
        """Returns the record that lies in a folder, None where there is none or its files are incomplete."""
        try:
            document = read_json(Path(folder) / RECORD_NAME)
            if document["format"] != FORMAT:
                return None
            record = cls.from_dict(document)._with_files(lambda path: Path(folder) / path)
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


def _text(path: Path) -> str:
    """The same on all systems where it is relative, since projects are moved from one to another."""
    return str(path) if path.is_absolute() else path.as_posix()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
