"""What a run was asked for: all that ``run.json`` says, whoever writes or reads it."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from dualtaskseg.contract.bounds import bounded, flag, number, one_of, text, texts_by_text, tuple_of, whole
from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.presets import PRESETS
from dualtaskseg.errors import InputError
from dualtaskseg.parallel.places import MOST_WORKERS

LONGEST_BUDGET_S = math.nextafter(1e9, 0)
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
        start_from: absolute path of a model, or of a run with a model, whose networks are trained further;
            they are fresh where None.
        former_names: what the model to start from may call a segment, in small letters -> its present name.
        exclusive_device: whether the training is refused where another one computes on the device.
        workers: how many processes on this computer train together, each on a device of its own.
    """

    dataset: Dataset
    preset: str = bounded(one_of(*PRESETS), "quick")
    method: str = bounded(text, "mutual")
    time_budget: float | None = bounded(number(1, LONGEST_BUDGET_S), None)
    iterations: int | None = bounded(whole(1, MOST_STEPS), None)
    device: str = bounded(text, "auto")
    seed: int = bounded(whole(0, LARGEST_SEED), 0)
    validation: int | None = bounded(whole(0, MOST_STEPS), None)
    validation_cases: tuple[str, ...] = bounded(tuple_of(text), ())
    name: str | None = bounded(text, None)
    start_from: str | None = bounded(text, None)
    former_names: dict[str, str] | None = bounded(texts_by_text, None)
    exclusive_device: bool = bounded(flag, False)
    workers: int = bounded(whole(1, MOST_WORKERS), 1)

    def to_dict(self) -> dict[str, Any]:
        """Returns the request as JSON values."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        held_out = list(self.validation_cases) or None
        return {**values, "dataset": self.dataset.to_dict(), "validation_cases": held_out}

    @classmethod
    def from_dict(cls, data: dict[str, Any], file: Path | str) -> TrainingRequest:
        """Builds a request from what :meth:`to_dict` returned. Nothing is believed: anybody can write a run folder.

        Args:
            data: what the file holds.
            file: ``run.json``, to be named where it is damaged.

        Raises:
            InputError: something in it makes no sense.
        """
        values = {each.name: data[each.name] for each in fields(cls) if data.get(each.name) is not None}
        if isinstance(values.get("validation_cases"), list):
            values["validation_cases"] = tuple(values["validation_cases"])
        for each in fields(cls):
            if each.name != "dataset" and each.name in values and not each.metadata["fits"](values[each.name]):
                raise _damaged(file, f'its "{each.name}" makes no sense')
        try:
            dataset = Dataset.from_dict(data["dataset"])
        except (InputError, KeyError) as error:
            raise _damaged(file, "its list of scans makes no sense") from error
        names = [case.name for case in dataset.cases]
        if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names) or not dataset.labeled:
            raise _damaged(file, "its list of scans makes no sense")
        return cls(**{**values, "dataset": dataset})


def _damaged(file: Path | str, fault: str) -> InputError:
    return InputError(
        f"{file} is damaged: {fault}",
        "Put an intact copy back, from a backup of the run folder; without one, train again in another folder",
    )
