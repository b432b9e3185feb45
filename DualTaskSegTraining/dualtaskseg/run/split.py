"""Which labeled cases are held out to validate. Drawn once for a run and kept for ever."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError
from dualtaskseg.files import write_json
from dualtaskseg.run.folder import RunFolder

FEWEST_FOR_VALIDATION = 10
SHARE = 0.2


@dataclass(frozen=True)
class Split:
    """Names of labeled cases.

    Attributes:
        training: learned from.
        validation: never learned from; they inform, nothing is chosen by them but whether only the largest part of a
            segment is kept.
        reason: how the split came about, in plain words.
    """

    training: list[str]
    validation: list[str]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """A document that JSON holds."""
        return asdict(self)


def draw_split(
    run: RunFolder,
    dataset: Dataset,
    request: TrainingRequest,
    saved: dict[str, Any] | None = None,
    tell: Callable[[str], None] = lambda sentence: None,
) -> Split:
    """The run's split: the stored one, or one that is drawn by the seed and stored.

    Labeled cases that the stored split doesn't know are learned from. Where the request names cases to hold out
    (``validation_cases``), it is these.

    Args:
        saved: the last saved state of the training, which holds the split too.
        tell: called with a sentence where the stored split was lost.

    Raises:
        InputError: none would be left to learn from, or a case to hold out isn't a labeled one.
    """
    labeled = [case.name for case in dataset.labeled]
    stored = _stored_split(run, labeled, saved, tell)
    if stored is not None:
        validation = [name for name in stored["validation"] if name in labeled]
        reason = stored["reason"]
    elif request.validation_cases:
        validation = _chosen(request.validation_cases, labeled)
        reason = (
            f"{len(validation)} of {len(labeled)} labeled cases, chosen by the user, were never learned from and "
            "measure the quality"
        ) + _caution(request)
        run.write_split({"validation": validation, "reason": reason, "seed": None})
    else:
        count = validation_count(len(labeled), request.validation)
        validation = sorted(random.Random(request.seed).sample(labeled, count), key=labeled.index)
        reason = _reason(count, len(labeled), request.validation is not None) + (_caution(request) if count else "")
        run.write_split({"validation": validation, "reason": reason, "seed": request.seed})
    return Split([name for name in labeled if name not in validation], validation, reason)


def _stored_split(
    run: RunFolder, labeled: list[str], saved: dict[str, Any] | None, tell: Callable[[str], None]
) -> dict[str, Any] | None:
    """The split in its file or, where that is lost, in the saved state; None where it has not been drawn."""
    fault = "missing"
    try:
        stored = run.read_split()
    except InputError as error:
        if isinstance(error.__cause__, OSError):
            raise  # it may be whole, and can't be read
        stored, fault = None, "damaged"
    if stored is not None and _is_split(stored, labeled):
        return stored
    of_state = (saved or {}).get("split")
    if saved is None and run.split_file.exists():
        tell(f"{run.split_file.name} is damaged; nothing was learned yet, so it is drawn again")
        run.split_file.unlink()
    if not _is_split(of_state, labeled):
        return None
    tell(f"{run.split_file.name} is {fault if stored is None else 'damaged'}: it is made again from the saved state")
    stored = {key: of_state[key] for key in ("validation", "reason")}
    write_json(run.split_file, {**stored, "seed": None})
    return stored


def _is_split(data: Any, labeled: list[str]) -> bool:
    """Whether it says which cases are held out, and leaves one to learn from."""
    if not isinstance(data, dict) or not isinstance(data.get("reason"), str):
        return False
    names = data.get("validation")
    return isinstance(names, list) and all(isinstance(each, str) for each in names) and not set(names) >= set(labeled)


def _chosen(names: Sequence[str], labeled: list[str]) -> list[str]:
    unknown = [name for name in names if name not in labeled]
    if unknown:
        raise InputError(
            f"The case {unknown[0]} is to be held out for validation but is not labeled",
            "Label it, or do not hold it out",
        )
    if set(names) >= set(labeled):
        raise InputError(
            "All labeled cases are to be held out for validation, so none is left to learn from",
            "Hold out fewer, or label more cases",
        )
    return [name for name in labeled if name in set(names)]


def _caution(request: TrainingRequest) -> str:
    """Nobody knows which cases an earlier model learned from: models hold no names."""
    if not request.start_from:
        return ""
    return "; but the earlier model from which this training went on may have learned from them"


def validation_count(labeled: int, asked: int | None) -> int:
    """How many labeled cases are held out: as asked, else a fifth, and none where there are fewer than ten.

    Raises:
        InputError: none would be left to learn from.
    """
    if asked is None:
        return 0 if labeled < FEWEST_FOR_VALIDATION else round(labeled * SHARE)
    if asked and asked >= labeled:
        raise InputError(
            f"{asked} of {labeled} labeled cases are to be held out for validation, so none is left to learn from",
            f"Give --validation {max(0, labeled - 1)} at most, or label more cases",
        )
    return int(asked)


def _reason(count: int, labeled: int, asked: bool) -> str:
    if count:
        return f"{count} of {labeled} labeled cases, drawn by chance, were never learned from and measure the quality"
    if asked:
        return "No case was held out, as asked, so the quality was not measured on scans the networks had not seen"
    return (
        f"All {labeled} labeled cases were learned from: with fewer than {FEWEST_FOR_VALIDATION}, each is worth more "
        "as an example than as a test. So the quality was not measured on scans the networks had not seen; it is "
        "estimated from how far the two networks agree"
    )
