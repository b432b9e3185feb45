"""Changes of a project's structures: another name, color or term, one more, one less. No Qt, no Slicer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dualtaskseg.contract.dataset import LABELED
from dualtaskseg.contract.segment import LONGEST_NAME, Segment, default_color, refuse_name
from dualtaskseg.errors import InputError

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.project import Project
from DualTaskSegLib.project.terms import suggestion, withTerms

MOST_VALUE = 255  # labels are written as uint8


@dataclass(frozen=True)
class Change:
    """A structure as it was, and as it is to be; None where it wasn't, or isn't to be."""

    before: Segment | None
    after: Segment | None

    def appliedTo(self, segments: Iterable[Segment]) -> list[Segment]:
        """The structures after it."""
        changed = [self.after if segment == self.before else segment for segment in segments]
        if self.before is None:
            changed.append(self.after)
        return [segment for segment in changed if segment is not None]


def structureNamed(project: Project, name: str) -> Segment | None:
    """The structure of this name, upper and lower case being the same."""
    return next((each for each in project.segments if each.name.casefold() == name.casefold()), None)


def presentName(project: Project, name: str) -> str:
    """What a structure is called now that a model or a result may call by a former name; else the name itself."""
    if structureNamed(project, name) is not None:
        return name
    return project.formerNames.get(name.casefold(), name)


def renamed(project: Project, segment: Segment, name: str) -> Change:
    """Another name for a structure. A term that only came from its name goes with it.

    Raises:
        InputError: no structure may be called so here.
    """
    name = " ".join(name.split())
    _requireName(project, name, segment)
    byName = suggestion(segment.name)
    entry = "" if byName is not None and byName.entry == segment.terminology else segment.terminology
    [after] = withTerms([replace(segment, name=name, terminology=entry)])
    return Change(segment, after)


def added(project: Project, name: str) -> Change:
    """One more structure, with a color and a value of its own, and with the term that its name is, if it is one.

    Raises:
        InputError: no structure may be called so here, or there are too many.
    """
    name = " ".join(name.split())
    _requireName(project, name, None)
    value = 1 + max([0, *(segment.value for segment in project.segments), *project.unseenValues])
    if value > MOST_VALUE:
        raise InputError(
            _("A label can hold the values 1 to {most}, and the last one is taken").format(most=MOST_VALUE),
            _("Make a project of its own for further structures"),
        )
    colors = {segment.color for segment in project.segments}
    color = next(color for color in map(default_color, range(2 * MOST_VALUE)) if color not in colors)
    [segment] = withTerms([Segment(name, value, color, "")])
    return Change(None, segment)


def whyNotRemove(project: Project, segment: Segment) -> str:
    """Why a structure can't be taken out, as a sentence; empty if it can: while no label may hold it."""
    for case in project.cases:
        if case.label and segment.name not in case.notLookedFor:
            return _("It may be outlined in {case}, so it stays.").format(case=case.name)
    return ""


def apply(project: Project, change: Change, marked: Iterable[ProjectCase] = ()) -> None:
    """Makes a change in the project, which is not saved. What lies in files and in the scene is not looked at.

    Args:
        marked: for a new structure, the cases in which somebody has yet to look for it.

    Raises:
        InputError: the structures would contradict each other; nothing is changed.
    """
    project.setSegments(change.appliedTo(project.segments))
    before, after = change.before, change.after
    if before is None:
        for case in marked:
            case.notLookedFor = [*case.notLookedFor, after.name]
        return
    kept = {before.name: after.name if after is not None else None}
    for case in project.cases:
        names = [kept.get(name, name) for name in case.notLookedFor]
        case.notLookedFor = [name for name in names if name is not None]
    former = {old: kept.get(now, now) for old, now in project.formerNames.items()}
    if after is not None and after.name.casefold() != before.name.casefold():
        former[before.name.casefold()] = after.name
        former.pop(after.name.casefold(), None)
    project.formerNames = {old: now for old, now in former.items() if now is not None}


def toBeLookedAt(project: Project | None) -> list[ProjectCase]:
    """The labeled cases in which somebody has yet to look for a structure."""
    cases = project.cases if project is not None else []
    return [case for case in cases if case.role == LABELED and case.notLookedFor]


def confirmAbsent(project: Project, ids: Iterable[str]) -> int:
    """The user said that structures that were added later are not in these cases; returns how many cases learn again.

    The project is not saved.
    """
    chosen = set(ids)
    cases = [case for case in toBeLookedAt(project) if case.id in chosen]
    for case in cases:
        project.setNotLookedFor(case.id, ())
    return len(cases)


def _requireName(project: Project, name: str, own: Segment | None) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(_("A structure needs a name of letters and figures"), _("Give it one"))
    refuse_name(_("The project"), name, 1)
    other = structureNamed(project, name)
    if other is not None and other != own:
        raise InputError(
            _("There is already a structure called {name}").format(name=other.name), _("Give it a name of its own")
        )
    present = project.formerNames.get(name.casefold())
    if present is not None and (own is None or present != own.name):
        raise InputError(
            _("{name} was what {present} was called before, and models know it by that").format(
                name=name, present=present
            ),
            _("Give it another name"),
        )
