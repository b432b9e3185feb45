"""What a prediction left on disk: the files of one scan, and the networks' own figures of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

RECORD_NAME = "prediction.json"
FORMAT = 1


@dataclass(frozen=True)
class Prediction:
    """The results of one scan.

    Attributes:
        label: label map on the scan's grid, with the model's label values.
        sdm: signed distance in mm, negative inside, by segment name.
        uncertainty: 0 where the two networks agree, 1 where they contradict each other; None where not asked for.
        model: folder of the model.
        modelName: of the model, for people.
        predictedDice: forecast of the Dice with the true outline; None where unknown.
        agreement: Dice of the two networks' masks; None where unknown.
        warnings: what the user should know, each without a full stop.
        seconds: how long it took.
        device: where it was computed, such as ``cpu`` or ``cuda:0``.
    """

    label: Path
    sdm: dict[str, Path] = field(default_factory=dict)
    uncertainty: Path | None = None
    model: str = ""
    modelName: str = ""
    predictedDice: float | None = None
    agreement: float | None = None
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    device: str = ""

    def save(self, folder: Path | str) -> Path:
        """Writes the record beside the files, so that a later session finds them; returns its path.

        Raises:
            OSError: the folder can't be written.
        """
        from dualtaskseg.files import write_json

        folder = Path(folder)
        record = folder / RECORD_NAME
        write_json(
            record,
            {
                "format": FORMAT,
                "label": _relative(self.label, folder),
                "sdm": {name: _relative(path, folder) for name, path in self.sdm.items()},
                "uncertainty": _relative(self.uncertainty, folder) if self.uncertainty else None,
                "model": self.model,
                "model_name": self.modelName,
                "predicted_dice": self.predictedDice,
                "agreement": self.agreement,
                "warnings": list(self.warnings),
            },
        )
        return record


def readPrediction(folder: Path | str) -> Prediction | None:
    """Returns the prediction that lies in a folder, None where there is none or its files are incomplete."""
    from dualtaskseg.files import read_json

    folder = Path(folder)
    try:
        record = read_json(folder / RECORD_NAME)
        if record["format"] != FORMAT:
            return None
        prediction = Prediction(
            label=folder / record["label"],
            sdm={str(name): folder / path for name, path in record["sdm"].items()},
            uncertainty=folder / record["uncertainty"] if record["uncertainty"] else None,
            model=str(record["model"]),
            modelName=str(record["model_name"]),
            predictedDice=_number(record["predicted_dice"]),
            agreement=_number(record["agreement"]),
            warnings=tuple(map(str, record["warnings"])),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    files = [prediction.label, *prediction.sdm.values(), *([prediction.uncertainty] if prediction.uncertainty else [])]
    return prediction if all(file.is_file() for file in files) else None


def predictionOf(document: Mapping[str, Any]) -> Prediction:
    """Returns the prediction that the worker's answer to ``predict`` tells of."""
    return Prediction(
        label=Path(document["label"]),
        sdm={str(name): Path(path) for name, path in document["sdm"].items()},
        uncertainty=Path(document["uncertainty"]) if document["uncertainty"] else None,
        model=str(document["model"]),
        modelName=str(document["model_name"]),
        predictedDice=_number(document["predicted_dice"]),
        agreement=_number(document["agreement"]),
        warnings=tuple(map(str, document["warnings"])),
        seconds=float(document["seconds"]),
        device=str(document["device"]),
    )


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
