"""The project: cases, roles and segments, kept in a folder that the command line reads as a dataset, too.

The folder holds ``project.json`` (everything), ``cases.csv`` and ``segments.json`` (the same for
``dualtaskseg check FOLDER``), ``images`` and ``labels`` (only what had no file of its own), ``runs`` and ``models``.
No Qt, no Slicer.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import LABELED, ROLES, UNLABELED, Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment
from dualtaskseg.data.seen import UNSEEN_NAME
from dualtaskseg.errors import InputError
from dualtaskseg.io.paths import file_stem, usable_path
from dualtaskseg.names import free_name
from dualtaskseg.run.split import validation_count

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.case import ORIGINS, OUTLINED, ProjectCase, datasetCase
from DualTaskSegLib.project.knowncases import KnownCases
from DualTaskSegLib.project.storedproject import StoredProject, checkedSegments, plainName


class Project(StoredProject):
    """A project on disk. Make one with :meth:`create` or :meth:`open`; nothing is written before :meth:`save`."""

    # --- cases

    def addCase(self, image: Path | str, name: str | None = None, known: KnownCases | None = None) -> ProjectCase:
        """Adds a scan; the case that has it already is returned as it is.

        Args:
            image: its file, or a folder with one DICOM series, or where a volume of the scene will be written.
            name: for people; made fit for file names, and unique. Without it a file's own name counts; DICOM folders
                and volumes get neutral names, such as ``scan_001``, for theirs may be a patient's.
            known: the cases that are there, so that many can be added without looking at all of them for each.

        Raises:
            InputError: the file's name, or a folder's above it, is no text, so that no project's file can hold it.
        """
        path = _storable(image)
        known = known if known is not None else KnownCases(self.cases)
        present = known.withImage(path)
        if present is not None:
            return present
        ending = path.suffix.lower()  # of a UID, as Slicer's DICOM database calls its files, a number
        is_neutral = name is None and (path.is_dir() or ending in ("", ".dcm", ".ima") or ending[1:].isdecimal())
        chosen = known.neutralName() if is_neutral else known.freeName(name or file_stem(path))
        case = ProjectCase(os.urandom(6).hex(), chosen, str(path))
        self.cases.append(case)
        known.add(case)
        self.isModified = True
        return case

    def neutralName(self) -> str:
        """Returns a name that no case has, and that says nothing: ``scan_001``."""
        return KnownCases(self.cases).neutralName()

    def uniqueName(self, name: str, caseId: str | None = None) -> str:
        """A name that is fit for files and that no case but perhaps this one has, as near to ``name`` as possible."""
        return KnownCases(case for case in self.cases if case.id != caseId).freeName(name)

    def rename(self, caseId: str, name: str) -> str:
        """Gives a case another name, made fit and unique; returns it. Files keep theirs."""
        [case] = self._chosen([caseId])
        case.name = self.uniqueName(name, caseId)
        self.isModified = True
        return case.name

    def remove(self, ids: Iterable[str]) -> None:
        """Takes cases out of the project. No file is deleted."""
        gone = set(ids)
        self.cases = [case for case in self.cases if case.id not in gone]
        self.isModified = True

    def setRole(self, ids: Iterable[str], role: str) -> None:
        """Gives cases a role; a case that is not labeled is no longer held out."""
        if role not in ROLES:
            raise ValueError(f"no role: {role!r}")
        for case in self._chosen(ids):
            case.role = role
            case.validation = case.validation and role == LABELED
            case.suggested = case.suggested and role == UNLABELED
        self.isModified = True

    def setValidation(self, ids: Iterable[str], flag: bool) -> None:
        """Holds labeled cases out from training, or takes them back; other cases are passed over."""
        for case in self._chosen(ids):
            case.validation = bool(flag) and case.role == LABELED
        self.isModified = True

    def setLabel(self, caseId: str, path: Path | str | None, origin: str = OUTLINED) -> None:
        """Gives a case its label file, which makes it labeled unless it was left out; None takes the label away.

        All of the scan counts as looked at for it, until :meth:`setPartly` says otherwise.

        Raises:
            InputError: as :meth:`addCase`; the case stays as it is.
        """
        if origin not in ORIGINS:
            raise ValueError(f"no origin: {origin!r}")
        case = self.caseById(caseId)
        if case is None:
            raise KeyError(caseId)
        case.label = str(_storable(path)) if path else ""
        case.origin = origin if path else ""
        case.problems = []
        case.suggested = False
        case.emptySlices = case.emptySlices if path else {}
        case.notLookedFor = case.notLookedFor if path else []
        self._setSeen(case, "", 0, 0)
        case.unseenValue = None
        if path and case.role == UNLABELED:
            case.role = LABELED
        elif not path and case.role == LABELED:
            case.role = UNLABELED
            case.validation = False
        self.isModified = True

    def setNotLookedFor(self, caseId: str, names: Iterable[str]) -> None:
        """Notes which structures nobody looked for when a case was outlined; see :attr:`ProjectCase.notLookedFor`."""
        wanted = {name.casefold() for name in names}
        [case] = self._chosen([caseId])
        case.notLookedFor = [segment.name for segment in self.segments if segment.name.casefold() in wanted]
        self.isModified = True

    def setPartly(
        self,
        caseId: str,
        seen: Path | str,
        outlinedSlices: int = 0,
        allSlices: int = 0,
        emptySlices: Mapping[str, Iterable[int]] | None = None,
    ) -> None:
        """Notes that only a part of a labeled case was looked at.

        Args:
            seen: map on the scan's grid, not 0 where somebody looked. One in the project's folder of labels is deleted
                when it is outdated.
            outlinedSlices: how many slices are outlined; 0 if unknown.
            allSlices: how many the scan has along their axis; 0 if they lie across several.
            emptySlices: those of which the user said that nothing is there, which the map has, too; none if None.

        Raises:
            InputError: as :meth:`addCase`; the case stays as it is.
        """
        [case] = self._chosen([caseId])
        self._setSeen(case, str(_storable(seen)), outlinedSlices, allSlices)
        case.emptySlices = _indices(emptySlices or {})
        self.isModified = True

    def setUnseenValue(self, caseId: str, value: int) -> None:
        """Notes that a value in the label of a case stands for voxels at which nobody looked.

        Raises:
            InputError: it is that of a structure, or another than in the labels of other cases; they stay as they are.
        """
        taken = [segment.name for segment in self.segments if segment.value == value]
        taken += [UNSEEN_NAME for known in self.unseenValues if known != value]
        if taken:
            raise InputError(
                _("The label value {value} stands for voxels at which nobody looked, which does not fit {name}").format(
                    value=value, name=taken[0]
                ),
                _("Make a project of its own for these scans"),
            )
        [case] = self._chosen([caseId])
        case.unseenValue = value
        self.isModified = True

    def setWhole(self, caseId: str, emptySlices: Mapping[str, Iterable[int]]) -> None:
        """Notes that all of a labeled case was looked at, and where the structure is not there between outlines.

        Args:
            emptySlices: indices by axis, ``"K"``, ``"J"`` or ``"I"``, as the user confirmed them.
        """
        [case] = self._chosen([caseId])
        self._setSeen(case, "", 0, 0)
        case.emptySlices = _indices(emptySlices)
        self.isModified = True

    def _setSeen(self, case: ProjectCase, seen: str, outlinedSlices: int, allSlices: int) -> None:
        if case.seen and case.seen != seen and Path(case.seen).parent == self.labelsFolder:
            self.outdated.add(case.seen)
        case.seen, case.outlinedSlices, case.allSlices = seen, outlinedSlices, allSlices

    def takeRanking(self, result: dict[str, Any]) -> ProjectCase | None:
        """Keeps what the child's operation ``rank`` found, see :meth:`setRanking`."""
        for failure in result["failed"]:
            broken = self.caseByName(failure["case"])
            if broken is not None:
                broken.problems = [f"{failure['what']}. {failure['remedy']}."]
        return self.setRanking({entry["case"]: entry["predicted_dice"] for entry in result["ranking"]})

    def setRanking(self, predictedDice: dict[str, float | None]) -> ProjectCase | None:
        """Keeps what the networks' agreement promises, by the names of cases, and marks the case to outline next.

        That is an unlabeled one in which nothing was found, whose figure is None, as the structure may have been
        overlooked; else that with the lowest figure. It is returned, or None where there is none.
        """
        for case in self.cases:
            case.predictedDice = predictedDice.get(case.name)
            case.nothingFound = case.name in predictedDice and case.predictedDice is None
            case.suggested = False
        ranked = [case for case in self.cases if case.role == UNLABELED and case.name in predictedDice]
        self.isModified = True
        if not ranked:
            return None
        first = min(ranked, key=lambda case: (not case.nothingFound, case.predictedDice or 0.0, case.name))
        first.suggested = True
        return first

    def caseById(self, caseId: str) -> ProjectCase | None:
        # from the end: when many are added, it is mostly the last one that is asked for
        return next((case for case in reversed(self.cases) if case.id == caseId), None)

    def caseByName(self, name: str) -> ProjectCase | None:
        return next((case for case in self.cases if case.name.casefold() == name.casefold()), None)

    def caseByImage(self, image: Path | str) -> ProjectCase | None:
        """The case with this scan; on disks that don't tell upper from lower case, whatever the spelling."""
        return KnownCases(self.cases).withImage(image)

    def _chosen(self, ids: Iterable[str]) -> list[ProjectCase]:
        chosen = set(ids)
        if len(chosen) == 1:
            return [case for case in [self.caseById(*chosen)] if case is not None]
        return [case for case in self.cases if case.id in chosen]

    # --- training

    def setSegments(self, segments: Iterable[Segment]) -> None:
        """Sets the structures to learn.

        Raises:
            InputError: one has no name, or two have the same name or value, or a value is below 1.
        """
        self.segments = checkedSegments(segments)
        self.isModified = True

    def readyToTrain(self) -> tuple[bool, str]:
        """Says whether a training can start, and if not, why, as a sentence for people. Looks at no file."""
        labeled = [case for case in self.cases if case.role == LABELED]
        if not self.cases:
            return False, _("Add scans first.")
        if not labeled:
            return False, _("Outline the structure on at least one scan first.")
        for case in labeled:
            if not case.label:
                return False, _("The case {name} is marked as labeled but has no segmentation.").format(name=case.name)
        labeled = [case for case in labeled if case.teaches]
        if not labeled:
            return False, _("All scans were outlined before a structure was added: look at them again (in Cases).")
        if not self.segments:
            return False, _("Name at least one segment to learn.")
        if all(case.validation for case in labeled):
            return False, _("All labeled cases are held out for validation, so none is left to learn from.")
        return True, ""

    def dataset(self) -> Dataset:
        """The project as the training package sees it.

        A labeled case in which a structure was not looked for is unlabeled there: its label would teach that the
        structure is absent.
        """
        cases = tuple(map(datasetCase, self.cases))
        return Dataset(self.name, self.folder, cases, tuple(self.segments), "")

    def request(self, **asked: object) -> TrainingRequest:
        """What to train, for :meth:`dualtaskseg.run.folder.RunFolder.create`.

        Where enough cases are labeled to spare some and the user held out none, a fifth is held out, from now on: drawn
        once for the whole project, so that no later training learns from what measures its quality.

        Args:
            asked: fields of the request as the user chose them; the others have their defaults.

        Raises:
            InputError: the project isn't ready, see :meth:`readyToTrain`.
        """
        isReady, reason = self.readyToTrain()
        if not isReady:
            raise InputError(reason, "")
        labeled = [case for case in self.cases if case.teaches]
        count = validation_count(len(labeled), None)
        if count and not any(case.validation for case in labeled):
            seed = asked.get("seed", TrainingRequest.seed)
            self.setValidation([case.id for case in random.Random(seed).sample(labeled, count)], True)
        held = tuple(case.name for case in labeled if case.validation)
        if asked.get("start_from"):
            asked["start_from"] = str(usable_path(asked["start_from"]))
            asked["former_names"] = dict(self.formerNames) or None
        return TrainingRequest(self.dataset(), validation_cases=held, exclusive_device=True, **asked)

    def newRunFolder(self) -> Path:
        """Returns a path for the next run that nothing has; its name becomes the model's. Nothing is made."""
        base = f"{plainName(self.name)[:30].strip() or 'Model'} {datetime.now():%Y-%m-%d %H.%M}"
        return self.runsFolder / free_name(base, lambda one: (self.runsFolder / one).exists(), " ")


def _storable(file: Path | str) -> Path:
    """The absolute path of a file.

    Raises:
        InputError: its name, or a folder's above it, is no text, so that no project's file can hold it.
    """
    path = usable_path(file)
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(
            _("The name of {file} can't be stored: it holds signs that are no text").format(file=ascii(str(path))),
            _("Rename the file, or the folder it lies in, and add it again"),
        ) from None
    return path


def _indices(slices: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    return {axis: [int(index) for index in indices] for axis, indices in slices.items()}
