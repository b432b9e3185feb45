"""Which step comes next, said in one line at the top of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicer.i18n import tr as _

if TYPE_CHECKING:
    from DualTaskSegLib.panel.context import Panel


@dataclass(frozen=True)
class Step:
    """The next step.

    Attributes:
        section: class name of the section in which it is done; empty for the buttons at the top.
        sentence: what to do.
    """

    section: str
    sentence: str


def nextStep(panel: Panel) -> Step:
    """Finds the next step."""
    project = panel.project
    if project is None:
        return Step("", _("Click New project and choose a folder that keeps your scans' list, outlines and models."))
    if not project.cases:
        return Step("CasesSection", _("Add scans: those that are loaded, or a folder of them."))
    if panel.isTraining:
        return Step("TrainSection", _("Training is going on. You can go on working in Slicer, or close it."))
    if not any(case.label for case in project.cases):
        return Step("CasesSection", _("Double-click a scan to outline your structures on it; two or more are best."))
    if panel.currentModel() is not None:
        return Step("ApplySection", _("Apply your model to a scan, review the result, and correct it to train again."))
    ready, reason = project.readyToTrain()
    if not ready:
        return Step("CasesSection", reason)
    return Step("TrainSection", _("Click Train. Outlining more scans first makes the result better."))
