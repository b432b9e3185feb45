"""Partly outlined scans: what was looked at of them, asked for where outlines leave it open, and kept as a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from dualtaskseg.data.seen import SEEN_ENDING
from dualtaskseg.errors import InputError
from dualtaskseg.names import free_name
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import Geometry
from DualTaskSegLib.image.outlinedplanes import AXES, OutlinedPlanes, outlinedPlanes
from DualTaskSegLib.image.volumefiles import readSteps, voxelsOf, writeSteps
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.emptyslices import Answer, EmptySlices, isPartlyOutlined
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.scene.labelmaps import Label, WrittenLabel, readLabelSteps, unseenValueIn


@dataclass(frozen=True)
class SliceQuestion:
    """To be asked about a case: are the empty slices between outlined ones not outlined yet, or is nothing there?"""

    case: ProjectCase
    planes: OutlinedPlanes  # never without empty ones
    geometry: Geometry  # of its scan

    def answer(self, isPartly: bool) -> Answer:
        """The answer that they are not outlined yet, or that the structure is not there."""
        return Answer(isPartly, self.planes.empty)


@dataclass(frozen=True, eq=False)
class LookedAt:
    """What somebody looked at of a case.

    Attributes:
        seen: map (K, J, I) of uint8 with 1 where somebody did; None if that is all of the scan.
        outlinedSlices: as :meth:`.Project.setPartly`.
        allSlices: as there.
        emptySlices: on which the user found nothing, of a partly outlined case; ``seen`` has them, too.
    """

    planes: OutlinedPlanes  # that are outlined
    geometry: Geometry
    seen: np.ndarray | None
    outlinedSlices: int = 0
    allSlices: int = 0
    emptySlices: EmptySlices = field(default_factory=dict)

    def noteIn(self, project: Project, case: ProjectCase, file: Path) -> None:
        """Notes it in a labeled case, whose map is in a file."""
        if self.seen is None:
            project.setWhole(case.id, self.planes.empty)
        else:
            project.setPartly(case.id, file, self.outlinedSlices, self.allSlices, self.emptySlices)


def writeLabelSteps(
    project: Project, case: ProjectCase, label: Label, lookedAt: LookedAt, path: Path, origin: str
) -> Steps[WrittenLabel]:
    """Writes a label and, if only a part was looked at, its map, and gives both to the case. The project is not saved.

    Whatever is broken off, no slice that nobody looked at counts as one without the structure: the map of a case that
    had none is there before its label, one that takes the place of another comes after it.

    Args:
        path: of the label, see :meth:`Label.writeSteps`.
        origin: of the label, see :meth:`.Project.setLabel`.

    Raises:
        InputError: a file can't be written; the case stays as it is.
    """
    file = _mapPath(project, case, path)
    if lookedAt.seen is not None and not case.seen:
        yield from writeSteps(file, lookedAt.seen, lookedAt.geometry.ijkToRAS)
    try:
        written = yield from label.writeSteps(path)
    except BaseException:  # canceled, too
        if not case.seen:
            file.unlink(missing_ok=True)
        raise
    if lookedAt.seen is not None and case.seen:
        yield from writeSteps(file, lookedAt.seen, lookedAt.geometry.ijkToRAS)
    project.setLabel(case.id, written.path, origin)
    lookedAt.noteIn(project, case, file)
    return written


def lookedAtSteps(case: ProjectCase, label: Label, answer: Answer | None = None) -> Steps[LookedAt | SliceQuestion]:
    """Finds out what was looked at for a label of a case, or what has to be asked for that.

    Args:
        case: as it was before. If its map came with the label, it goes on to count, beside what is outlined now.
        answer: to such a question.

    Raises:
        InputError: that map is missing, damaged or on another grid.
    """
    planes = yield from inThread(lambda: outlinedPlanes(label.voxels))
    isPartly = isPartlyOutlined(case, planes.empty, answer)
    if isPartly is None:
        return SliceQuestion(case, planes, label.geometry)
    if isPartly and answer is None and not case.outlinedSlices:
        seen = yield from readSeenSteps(case, label.geometry)
        more = yield from inThread(lambda: planes.seen() if planes.empty else label.voxels > 0)
        yield from inThread(lambda: np.maximum(seen, more, out=seen))
        return LookedAt(planes, label.geometry, seen, emptySlices=case.emptySlices)
    return (yield from _asAnsweredSteps(case, planes, label, isPartly))


def answeredSteps(case: ProjectCase, label: Label, isPartly: bool | None) -> Steps[LookedAt]:
    """As :func:`lookedAtSteps`, where the answer is known.

    Args:
        isPartly: whether only the outlined slices were looked at; None if that is unknown.

    Raises:
        InputError: it is unknown, and the outlines leave it open.
    """
    planes = yield from inThread(lambda: outlinedPlanes(label.voxels))
    if isPartly is None and planes.empty:
        raise InputError(
            _("The outline of {name} has empty slices between outlined ones ({outlined} are outlined)").format(
                name=case.name, outlined=planes.count
            ),
            _("Say whether they are not outlined yet or the structure is not there"),
        )
    return (yield from _asAnsweredSteps(case, planes, label, bool(isPartly)))


def questionSteps(project: Project, case: ProjectCase) -> Steps[SliceQuestion]:
    """What could be asked about the label of a case, though it may have been asked before; perhaps of no slice.

    Raises:
        InputError: the label file is missing or damaged.
    """
    label = yield from readLabelSteps(case, project.segments)
    planes = yield from inThread(lambda: outlinedPlanes(label.voxels))
    return SliceQuestion(case, planes, label.geometry)


def keepAnswerSteps(project: Project, case: ProjectCase, isPartly: bool) -> Steps[None]:
    """Notes in a labeled case what its slices without outline are, and writes its map. The project is not saved.

    Args:
        isPartly: whether they are not outlined yet; else the structure is not there.

    Raises:
        InputError: the label file is missing or damaged, or the map can't be written; the case stays as it is.
    """
    label = yield from readLabelSteps(case, project.segments)
    lookedAt = yield from answeredSteps(case, label, isPartly)
    file = _mapPath(project, case, Path(case.label))
    if lookedAt.seen is not None:
        yield from writeSteps(file, lookedAt.seen, lookedAt.geometry.ijkToRAS)
    lookedAt.noteIn(project, case, file)


def sayNothingThereSteps(project: Project, case: ProjectCase, axis: str, index: int) -> Steps[bool]:
    """Notes of a slice of a partly outlined case that somebody looked at it and found nothing; or takes that back.

    The project is not saved.

    Args:
        axis: along which the slice is counted: ``"K"``, ``"J"`` or ``"I"``.

    Returns:
        whether it counts as looked at now.

    Raises:
        InputError: something is outlined on the slice, or it counts as looked at, or the label tells itself that nobody
            looked there; a file is missing or damaged, or the map can't be written. The case stays as it is.
    """
    label = yield from readLabelSteps(case, project.segments)
    number = AXES.index(axis)
    plane = (slice(None),) * number + (index,)
    empty = {each: list(indices) for each, indices in case.emptySlices.items()}
    isMarked = index in empty.get(axis, ())
    seen = yield from readSeenSteps(case, label.geometry)
    if not isMarked:
        isOurs = bool(case.outlinedSlices)  # else the map came with the label, and what it says is not to be lost
        if label.voxels[plane].any() or (seen[plane].all() if isOurs else seen[plane].any()):
            raise InputError(
                _("This slice of {name} counts as looked at already").format(name=case.name),
                _("Choose a slice without outline"),
            )
        unseen = yield from inThread(lambda: unseenValueIn(case))
        values = yield from _onGridSteps(case, case.label, label.geometry)
        if unseen is not None and (values[plane] == unseen).any():
            raise InputError(
                _("The label of {name} tells itself that nobody looked at this slice").format(name=case.name),
                _("Outline more of the scan: then the project keeps what was looked at"),
            )
        empty[axis] = sorted([*empty.get(axis, ()), index])
    else:
        empty[axis].remove(index)
        if case.outlinedSlices:
            planes = yield from inThread(lambda: outlinedPlanes(label.voxels))
            seen = planes.seen()
        else:
            seen[plane] = 0
    empty = {each: indices for each, indices in empty.items() if indices}
    file = _mapPath(project, case, Path(case.label))
    yield from writeSteps(file, _withSlices(seen, empty), label.geometry.ijkToRAS)
    project.setPartly(case.id, file, case.outlinedSlices, case.allSlices, empty)
    return not isMarked


def writeSeenSteps(
    project: Project, case: ProjectCase, seen: np.ndarray, geometry: Geometry, label: Path
) -> Steps[Path]:
    """Writes what was looked at of a case as a map beside a label, and returns its file; the case stays as it is.

    Raises:
        InputError: the file can't be written.
    """
    return (yield from writeSteps(_mapPath(project, case, label), seen, geometry.ijkToRAS))


def readSeenSteps(case: ProjectCase, geometry: Geometry) -> Steps[np.ndarray]:
    """Reads what was looked at of a partly outlined case: (K, J, I), uint8, 1 where somebody looked.

    Args:
        geometry: the grid that it must lie on.

    Raises:
        InputError: a file is missing, damaged or on another grid.
    """
    seen = np.ones(tuple(reversed(geometry.size)), np.uint8)
    if case.seen:
        voxels = yield from _onGridSteps(case, case.seen, geometry)
        yield from inThread(lambda: np.minimum(seen, voxels != 0, out=seen))
    unseen = yield from inThread(lambda: unseenValueIn(case))
    if unseen is not None:
        labels = yield from _onGridSteps(case, case.label, geometry)
        yield from inThread(lambda: np.minimum(seen, labels != unseen, out=seen))
    return seen


def _onGridSteps(case: ProjectCase, file: str, geometry: Geometry) -> Steps[np.ndarray]:
    image, own = yield from readSteps(file)
    turn = own.turnTo(geometry)
    if turn is None:
        raise InputError(
            _("The map of what was looked at in {name} ({file}) has {own}, the scan has {scan}").format(
                name=case.name, file=file, own=own.describe(), scan=geometry.describe()
            ),
            _("Say in the menu of the case what its slices without outline are"),
        )
    return (yield from inThread(lambda: turn.ofVoxels(voxelsOf(image))))


def _asAnsweredSteps(case: ProjectCase, planes: OutlinedPlanes, label: Label, isPartly: bool) -> Steps[LookedAt]:
    if not isPartly:
        return LookedAt(planes, label.geometry, None)
    empty = case.emptySlices if case.isPartly else {}
    seen = yield from inThread(lambda: _withSlices(planes.seen(), empty))
    along = planes.shape[planes.axis] * planes.isOnOneAxis
    return LookedAt(planes, label.geometry, seen, planes.count, along, empty)


def _withSlices(seen: np.ndarray, slices: EmptySlices) -> np.ndarray:
    """Marks slices, by their axis, as looked at in a map (K, J, I)."""
    for axis, indices in slices.items():
        number = AXES.index(axis)
        there = [index for index in indices if index < seen.shape[number]]
        seen[(slice(None),) * number + (there,)] = 1
    return seen


def _mapPath(project: Project, case: ProjectCase, label: Path) -> Path:
    """Where the map goes: over the one that was written for this case before, never over any other file."""

    def isTaken(stem: str) -> bool:
        path = project.labelsFolder / f"{stem}.nrrd"
        return path.exists() and str(path) not in (case.seen, *project.outdated)

    stem = label.stem if label.parent == project.labelsFolder else case.name
    return project.labelsFolder / f"{free_name(stem + SEEN_ENDING, isTaken)}.nrrd"
