"""What a run was asked for, looked at before anything believes it: a run folder can come from anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dualtaskseg.data.dataset import Dataset
from dualtaskseg.errors import InputError
from dualtaskseg.planning.plan import METHODS, PRESETS
from dualtaskseg.run.folder import RunFolder

LONGEST_BUDGET_S = 1e9
MOST_STEPS = 2**53

_CHECKS: dict[str, Callable[[Any], bool]] = {
    "preset": lambda value: isinstance(value, str) and value in PRESETS,
    "method": lambda value: isinstance(value, str) and value in METHODS,
    "time_budget": lambda value: _is_number(value) and 1 <= value < LONGEST_BUDGET_S,
    "iterations": lambda value: _is_whole(value, 1, MOST_STEPS),
    "device": lambda value: isinstance(value, str),
    "seed": lambda value: _is_whole(value, 0, 2**32 - 1),
    "validation": lambda value: _is_whole(value, 0, MOST_STEPS),
    "validation_cases": lambda value: isinstance(value, list) and all(isinstance(name, str) for name in value),
    "name": lambda value: isinstance(value, str),
    "start_from": lambda value: isinstance(value, str),
}


def checked_request(run: RunFolder, device: str | None = None) -> tuple[dict[str, Any], Dataset]:
    """The request of a run and its scans.

    Args:
        run: the run folder.
        device: where to compute instead of where the request says.

    Raises:
        InputError: something in ``run.json`` makes no sense.
    """
    request = {key: value for key, value in run.request.items() if value is not None or key not in _CHECKS}
    if device:
        request["device"] = device
    for key, is_fit in _CHECKS.items():
        if key in request and not is_fit(request[key]):
            raise _damaged(run, f'its "{key}" makes no sense')
    try:
        dataset = Dataset.from_document(request["dataset"])
    except (InputError, KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise _damaged(run, "its list of scans makes no sense") from error
    names = [case.name for case in dataset.cases]
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names) or not dataset.labeled:
        raise _damaged(run, "its list of scans makes no sense")
    if not all(isinstance(each.name, str) for each in dataset.segments):
        raise _damaged(run, "its list of segments makes no sense")
    return request, dataset


def _damaged(run: RunFolder, fault: str) -> InputError:
    return InputError(
        f"{run.request_file} is damaged: {fault}",
        "Put an intact copy back, from a backup of the run folder; without one, train again in another folder",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
