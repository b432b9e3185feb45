"""What a run was asked for: all that ``run.json`` says, whoever writes or reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import InputError

LONGEST_BUDGET_S = 1e9
MOST_STEPS = 2**53
LARGEST_SEED = 2**32 - 1


@dataclass(frozen=True)
class TrainingRequest:
    """What to train; each field is a key of ``run.json``, where null means the default.

    Attributes:
        dataset: the scans, with their roles and segments.
        preset: a key of :data:`~dualtaskseg.contract.presets.PRESETS`.
        method: a key of :data:`~dualtaskseg.method.registry.METHODS`, looked at where it is loaded.
        time_budget: seconds for the whole run, 1 or more; the preset's own, or what ``iterations`` take, where None.
        iterations: steps, 1 or more, instead of a time.
        device: ``"auto"``, ``"cpu"``, ``"cuda:0"``, ...
        seed: of all randomness, 0 to 2**32 - 1.
        validation: how many labeled cases are held out, drawn by the seed; a rule decides where None.
        validation_cases: names of the labeled cases to hold out, instead.
        name: of the model; that of the run folder where None.
        start_from: absolute path of a model, or of a run with a model, whose networks are trained further.
        exclusive_device: whether the training is refused where another one computes on the device.
    """

    dataset: Dataset
    preset: str = "quick"
    method: str = "mutual"
    time_budget: float | None = None
    iterations: int | None = None
    device: str = "auto"
    seed: int = 0
    validation: int | None = None
    validation_cases: tuple[str, ...] = ()
    name: str | None = None
    start_from: str | None = None
    exclusive_device: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Returns the request as JSON values."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        held_out = list(self.validation_cases) or None
        return {**values, "dataset": self.dataset.to_dict(), "validation_cases": held_out}

    @classmethod
    def from_dict(cls, document: dict[str, Any], file: Path | str) -> TrainingRequest:
        """Builds a request from what :meth:`to_dict` returned. Nothing is believed: anybody can write a run folder.

        Args:
            document: what the file holds.
            file: ``run.json``, to be named where it is damaged.

        Raises:
            InputError: something in it makes no sense.
        """
        values = {key: document[key] for key in _CHECKS if document.get(key) is not None}
        for key, value in values.items():
            if not _CHECKS[key](value):
                raise _damaged(file, f'its "{key}" makes no sense')
        if "validation_cases" in values:
            values["validation_cases"] = tuple(values["validation_cases"])
        try:
            dataset = Dataset.from_dict(document["dataset"])
        except (InputError, KeyError) as error:
            raise _damaged(file, "its list of scans makes no sense") from error
        names = [case.name for case in dataset.cases]
        if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names) or not dataset.labeled:
            raise _damaged(file, "its list of scans makes no sense")
        return cls(dataset, **values)


def _damaged(file: Path | str, fault: str) -> InputError:
    return InputError(
        f"{file} is damaged: {fault}",
        "Put an intact copy back, from a backup of the run folder; without one, train again in another folder",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "preset": lambda value: isinstance(value, str) and value in PRESETS,
    "method": lambda value: isinstance(value, str),
    "time_budget": lambda value: _is_number(value) and 1 <= value < LONGEST_BUDGET_S,
    "iterations": lambda value: _is_whole(value, 1, MOST_STEPS),
    "device": lambda value: isinstance(value, str),
    "seed": lambda value: _is_whole(value, 0, LARGEST_SEED),
    "validation": lambda value: _is_whole(value, 0, MOST_STEPS),
    "validation_cases": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    "name": lambda value: isinstance(value, str),
    "start_from": lambda value: isinstance(value, str),
    "exclusive_device": lambda value: isinstance(value, bool),
}
