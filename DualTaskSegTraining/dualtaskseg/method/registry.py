"""The methods by name. Light: a method is loaded when it is asked for.

To add one, write a file with a ``METHOD`` and name it here; see ``Docs/method.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError

if TYPE_CHECKING:
    from dualtaskseg.method.base import Method
    from dualtaskseg.planning.plan import Plan
    from dualtaskseg.planning.rules import ScanStatistics

METHODS = {
    "mutual": "dualtaskseg.method.mutual",
    "supervised": "dualtaskseg.method.mutual",  # without unlabeled scans
    "mean-teacher": "dualtaskseg.method.mean_teacher",
}
PRESET_METHODS = {"paper": "dualtaskseg.method.paper"}  # of presets that are a method by themselves


def refuse_unknown_method(preset: str, name: str) -> None:
    """Raises :class:`InputError` for a method that isn't there, or doesn't go with the preset."""
    if name not in METHODS:
        raise InputError(
            f'The method "{name}" is unknown to this version of DualTaskSeg',
            f"Use one of {', '.join(METHODS)}, or update DualTaskSeg",
        )
    if preset in PRESET_METHODS and name not in ("mutual", "supervised"):
        raise InputError(
            f"The preset {preset} is a method by itself, so it can't be trained by the method {name}",
            f"Choose another preset for the method {name}, or leave the method out",
        )


def method_named(preset: str, name: str) -> Method:
    """The method of a preset and a name.

    Raises:
        InputError: there is none.
    """
    refuse_unknown_method(preset, name)
    return import_module(PRESET_METHODS.get(preset) or METHODS[name]).METHOD


def method_of(plan: Plan) -> Method:
    """The method that a plan was made by; else as :func:`method_named`."""
    return method_named(plan.preset, plan.method)


def make_plan(
    scans: Sequence[ScanStatistics],
    segments: Sequence[Segment],
    preset: str = "quick",
    method: str = "mutual",
    has_unlabeled: bool = True,
    **inputs: Any,
) -> Plan:
    """The plan for a training, by its method's rules.

    Args:
        scans, segments, preset, method: see :class:`~dualtaskseg.planning.rules.PlanningInput`.
        has_unlabeled: whether there are unlabeled scans; without, all methods learn from labels alone.
    """
    from dualtaskseg.planning.rules import PlanningInput

    name = method if has_unlabeled else "supervised"
    return method_named(preset, method).plan(PlanningInput(scans, segments, preset, name, **inputs))
