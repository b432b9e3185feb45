"""The project: cases, roles and segments, kept in a folder that the command line reads as a dataset, too.

The folder holds ``project.json`` (everything), ``cases.csv`` and ``segments.json`` (the same for
``dualtaskseg check FOLDER``), ``images`` and ``labels`` (only what had no file of its own), ``runs`` and ``models``.
No Qt, no Slicer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, ROLES, UNLABELED, Case, Dataset
from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.data.case_tables import LONGEST_CASE_NAME
from dualtaskseg.data.seen import UNSEEN_NAME
from dualtaskseg.errors import InputError
from dualtaskseg.files import is_temporary, write_json, write_text
from dualtaskseg.io.paths import file_stem, usable_path
from dualtaskseg.names import folder_name, free_name
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.run.locking import FileLock, LockHeldError, LockUnsupportedError
from dualtaskseg.run.split import validation_count
from dualtaskseg.tablecells import csv_text

from DualTaskSegLib.common.i18n import tr as _

# The newest that is known. 2 where a case is partly outlined but none is to be looked at again, 1 where neither is so:
# older programs read what they understand wholly.
FORMAT = 3
PROJECT_NAME = "project.json"
CASES_NAME = "cases.csv"
SEGMENTS_NAME = "segments.json"
OUTLINED, PREDICTED, EDITED = "outlined", "predicted", "edited"
ORIGINS = ("", OUTLINED, PREDICTED, EDITED)
LOCK_NAME = "project.lock"
HARMLESS_NAMES = {LOCK_NAME, ".DS_Store", "Thumbs.db", "desktop.ini"}  # what may stand in a folder that counts as empty
SAVING_PATIENCE_S = 5.0  # for another program that saves, which takes a moment
NAME_LENGTH = 60  # short, so that no path gets longer than Windows takes
NEUTRAL_NAME = "scan"
LARGEST_VALUE = 999_999_999  # of a label, as in lists of segments


@dataclass
class ProjectCase:
    """One scan of the project."""

    id: str  # never changes, and is never given to another case
    name: str  # unique, upper and lower case being the same; files are named after it
    image: str  # absolute path of its file or DICOM folder; of an unwritten volume the one it will get
    label: str = ""  # absolute path of its label file; empty while there is none
    role: str = UNLABELED  # LABELED, UNLABELED or EXCLUDED
    validation: bool = False  # held out from training to measure the quality; only labeled cases are
    origin: str = ""  # of the label: OUTLINED by a person, PREDICTED and accepted, EDITED after prediction, or empty
    problems: list[str] = field(default_factory=list)  # sentences
    predictedDice: float | None = None  # what the networks' agreement promises, 0 to 1; None if unknown
    nothingFound: bool = False  # the networks found nothing in it, so that the above is unknown
    suggested: bool = False  # to be outlined next
    seen: str = ""  # absolute path of the map of what was looked at for the label; empty where that is all of the scan
    outlinedSlices: int = 0  # of a partly outlined case; 0 where that is unknown
    allSlices: int = 0  # of the scan, along the axis of those; 0 where they lie across several axes
    # Slices without outline of which the user said that the structure is not there, by axis: "K", "J" or "I". Of a
    # partly outlined case these count as looked at, beside the outlined ones.
    emptySlices: dict[str, list[int]] = field(default_factory=dict)
    unseenValue: int | None = None  # in its label, where nobody looked; None where no value means that
    # Names of structures that came into the project after its label, until somebody said whether they are in this scan.
    notLookedFor: list[str] = field(default_factory=list)

    @property
    def teaches(self) -> bool:
        """Whether networks learn from its label: not before each structure was looked for, or its absence is taught."""
        return self.role == LABELED and not self.notLookedFor

    @property
    def isPartly(self) -> bool:
        """Whether only a part of its scan was looked at for the label."""
        return bool(self.seen) or self.unseenValue is not None


class Project:
    """A project on disk. Make one with :meth:`create` or :meth:`open`; nothing is written before :meth:`save`."""

    def __init__(self, folder: Path | str, name: str) -> None:
        self.folder = usable_path(folder)  # absolute
        self.file = self.folder / PROJECT_NAME
        self.imagesFolder = self.folder / "images"
        self.labelsFolder = self.folder / "labels"
        self.runsFolder = self.folder / "runs"
        self.modelsFolder = self.folder / "models"
        self.name = name  # what people call it, also the first part of the names of runs and models
        self.cases: list[ProjectCase] = []  # in the order in which they were added
        self.segments: list[Segment] = []  # the structures to learn
        self.formerNames: dict[str, str] = {}  # what models may still call a structure, in small letters -> its name
        self.isModified = False  # whether something changed since it was saved
        self._created = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._known: str | None = None  # checksum of project.json as it was read or written here
        self.outdated: set[str] = set()  # paths of maps that cases had; deleted once no file on disk names them

    # --- on disk

    @classmethod
    def create(cls, folder: Path | str, name: str | None = None) -> Project:
        """Makes a project in a folder that is empty or doesn't exist, and saves it.

        Args:
            name: of the project; the folder's own if absent.

        Raises:
            InputError: the folder holds something, or can't be written.
        """
        folder = usable_path(folder)
        if (folder / PROJECT_NAME).is_file():
            raise _occupied(folder)
        try:
            names = sorted(each.name for each in folder.iterdir())
            foreign = [name for name in names if name not in HARMLESS_NAMES and not is_temporary(name)]
        except FileNotFoundError:
            foreign = []
        except NotADirectoryError:
            raise InputError(_("{folder} is a file").format(folder=folder), _("Choose a folder")) from None
        except OSError as error:
            raise InputError(
                _("The folder {folder} can't be read ({reason})").format(folder=folder, reason=error.strerror),
                _("Choose another one"),
            ) from error
        if foreign:
            raise InputError(
                _("The folder {folder} is not empty (it holds {foreign})").format(folder=folder, foreign=foreign[0]),
                _("Choose an empty folder for the project; the scans can stay where they are"),
            )
        project = cls(folder, _plain(name or "") or folder.name)
        project.save()
        return project

    @classmethod
    def open(cls, folder: Path | str) -> Project:
        """Opens a project.

        Raises:
            InputError: there is none, or it is damaged, or of a newer program.
        """
        folder = usable_path(folder)
        file = folder / PROJECT_NAME
        try:
            content = file.read_bytes()
            document = json.loads(content.decode("utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise InputError(
                _("{folder} holds no project (it has no {file})").format(folder=folder, file=PROJECT_NAME),
                _("Choose the folder of a project, or make a new one"),
            ) from None
        except OSError as error:
            raise InputError(
                _("{file} can't be read ({reason})").format(file=file, reason=error.strerror),
                _("Make sure that you may read it"),
            ) from error
        except (ValueError, RecursionError) as error:
            raise _damaged(file, _("it is not correct JSON")) from error
        version = document.get("format") if isinstance(document, dict) else None
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise _damaged(file, _("it names no format"))
        if version > FORMAT:
            raise InputError(
                _(
                    "The project in {folder} was made by a newer version of DualTaskSeg (format "
                    "{version}, known here: {known})"
                ).format(folder=folder, version=version, known=FORMAT),
                _("Update the extension DualTaskSeg"),
            )
        try:
            json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")  # what can't be saved is damaged
            project = cls(folder, _text(document["name"]))
            project._created = _text(document.get("created", project._created))
            project.setSegments([_segment(item) for item in document["segments"]])
            project.cases = [_case(item, folder) for item in document["cases"]]
            former = document.get("former_names", {})
            project.formerNames = {_text(name): _text(present) for name, present in former.items()}
        except InputError as error:
            raise _damaged(file, error.what) from error
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise _damaged(file, repr(error)) from error
        project.isModified = False
        if len(project.unseenValues) > 1 or {segment.value for segment in project.segments} & {*project.unseenValues}:
            raise _damaged(file, _("the values of its labels contradict each other"))
        for what, values in (
            ("id", [case.id for case in project.cases]),
            ("name", [case.name.casefold() for case in project.cases]),
        ):
            if len(set(values)) != len(values):
                raise _damaged(file, _("two cases have the same {what}").format(what=what))
        project._known = _checksum(content)
        return project

    def save(self) -> None:
        """Writes everything, each file in one step.

        Raises:
            InputError: the folder can't be written, the disk is full, or another program changed the project.
        """
        try:
            with self._locked():  # or another program could save between looking and writing, and that would be lost
                self._requireUnchanged()
                if self._known is None:
                    # a new one's first: of a folder with the tables alone nothing could be made, neither opened nor new
                    write_json(self.file, self._document())
                write_json(self.folder / SEGMENTS_NAME, [segment.to_dict() for segment in self._listedSegments()])
                write_text(self.folder / CASES_NAME, self._table())
                if self._known is not None:
                    write_json(self.file, self._document())  # the last one: what it tells, the others hold
                self._known = _checksum(self.file.read_bytes())
                self._deleteOutdated()
        except LockHeldError:
            raise InputError(
                _("The project in {folder} is being saved by another program").format(folder=self.folder),
                _("Try again in a moment; nothing that is shown here is lost until Slicer ends"),
            ) from None
        except OSError as error:
            raise InputError(
                _("The project in {folder} can't be saved ({reason})").format(
                    folder=self.folder, reason=reason_of(error)
                ),
                remedy_for(
                    error, _("Make sure that the disk is connected, has free space, and that you may write there")
                ),
            ) from error
        self.isModified = False

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other programs from saving; where the file system has no locks, only the look before writing does."""
        if self._known is None:
            self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / LOCK_NAME, patience=SAVING_PATIENCE_S)
        try:
            lock.acquire()
        except LockUnsupportedError:
            pass
        except FileNotFoundError:
            self._requireUnchanged()  # says that the project is gone
            raise
        try:
            yield
        finally:
            lock.release()

    def _requireUnchanged(self) -> None:
        if self._known is None:
            if self.file.is_file():
                raise _occupied(self.folder)
            return
        try:
            known = _checksum(self.file.read_bytes())
        except OSError as error:
            raise InputError(
                _("The project in {folder} is no longer there ({reason})").format(
                    folder=self.folder, reason=error.strerror or error
                ),
                _(
                    "If its disk was disconnected, connect it again; nothing that is shown here is lost until Slicer "
                    "ends"
                ),
            ) from error
        if known != self._known:
            raise InputError(
                _("The project in {folder} was changed by another program since it was opened here").format(
                    folder=self.folder
                ),
                _("Open the project again; what was changed here since the last saving is not in it"),
            )

    def _listedSegments(self) -> list[Segment]:
        """The structures, and last what labels have where nobody looked."""
        unseen = [Segment(UNSEEN_NAME, value, default_color(0)) for value in self.unseenValues]
        return [*self.segments, *unseen]

    def _deleteOutdated(self) -> None:
        """Deletes maps of what was looked at that no case has any more: beside a label, one would still count."""
        for path in self.outdated - {case.seen for case in self.cases}:
            with contextlib.suppress(OSError):
                Path(path).unlink(missing_ok=True)
        self.outdated.clear()

    def _document(self) -> dict[str, Any]:
        return {
            "format": self._format(),
            "name": self.name,
            "created": self._created,
            "segments": [segment.to_dict() for segment in self.segments],
            **({"former_names": self.formerNames} if self.formerNames else {}),
            "cases": [
                {**vars(case), **{name: self._stored(getattr(case, name)) for name in ("image", "label", "seen")}}
                for case in self.cases
            ],
        }

    def _format(self) -> int:
        if any(case.notLookedFor for case in self.cases):
            return FORMAT
        return 2 if any(case.isPartly for case in self.cases) else 1

    def _table(self) -> str:
        rows = []
        for case in self.cases:
            # A case whose outline has not been written yet can't be learned from, so others pass it over.
            role = EXCLUDED if case.role == LABELED and not case.label else case.role
            role = UNLABELED if role == LABELED and not case.teaches else role
            rows.append([case.name, *map(self._stored, (case.image, case.label, case.seen)), role])
        return csv_text(("name", "image", "label", "seen", "role"), rows)

    def _stored(self, path: str) -> str:
        """Relative to the project where it lies inside, so that the whole folder can be moved."""
        if not path:
            return ""
        start = os.path.join(self.folder, "")  # noqa: PTH118  with the separator; thousands of paths are compared
        inside = os.path.normcase(path).startswith(os.path.normcase(start))
        return Path(path[len(start) :]).as_posix() if inside else path

    # --- cases

    def addCase(self, image: Path | str, name: str | None = None) -> ProjectCase:
        """Adds a scan; the case that has it already is returned as it is.

        Args:
            image: its file, or a folder with one DICOM series, or where a volume of the scene will be written.
            name: for people; made fit for file names, and unique. Without it a file's own name counts; DICOM folders
                and volumes get neutral names, such as ``scan_001``, for theirs may be a patient's.

        Raises:
            InputError: the file's name, or a folder's above it, is no text, so that no project's file can hold it.
        """
        path = _storable(image)
        known = self.caseByImage(path)
        if known is not None:
            return known
        ending = path.suffix.lower()  # of a UID, as Slicer's DICOM database calls its files, a number
        is_neutral = name is None and (path.is_dir() or ending in ("", ".dcm", ".ima") or ending[1:].isdecimal())
        chosen = self.neutralName() if is_neutral else self.uniqueName(name or file_stem(path))
        case = ProjectCase(os.urandom(6).hex(), chosen, str(path))
        self.cases.append(case)
        self.isModified = True
        return case

    def neutralName(self) -> str:
        """Returns a name that no case has, and that says nothing: ``scan_001``."""
        taken = {case.name.casefold() for case in self.cases}
        number = 1
        while f"{NEUTRAL_NAME}_{number:03}" in taken:
            number += 1
        return f"{NEUTRAL_NAME}_{number:03}"

    def uniqueName(self, name: str, caseId: str | None = None) -> str:
        """A name that is fit for files and that no case but perhaps this one has, as near to ``name`` as possible."""
        wanted = _plain(name) or NEUTRAL_NAME
        taken = {case.name.casefold() for case in self.cases if case.id != caseId}
        return free_name(wanted, lambda one: one.casefold() in taken)

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

    @property
    def unseenValues(self) -> list[int]:
        """The value of voxels at which nobody looked, if labels have one."""
        return sorted({case.unseenValue for case in self.cases if case.unseenValue is not None})

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
        return next((case for case in self.cases if case.id == caseId), None)

    def caseByName(self, name: str) -> ProjectCase | None:
        return next((case for case in self.cases if case.name.casefold() == name.casefold()), None)

    def caseByImage(self, image: Path | str) -> ProjectCase | None:
        """The case with this scan; on disks that don't tell upper from lower case, whatever the spelling."""
        wanted = os.path.normcase(usable_path(image))
        return next((case for case in self.cases if os.path.normcase(case.image) == wanted), None)

    def _chosen(self, ids: Iterable[str]) -> list[ProjectCase]:
        chosen = set(ids)
        return [case for case in self.cases if case.id in chosen]

    # --- training

    def setSegments(self, segments: Iterable[Segment]) -> None:
        """Sets the structures to learn.

        Raises:
            InputError: one has no name, or two have the same name or value, or a value is below 1.
        """
        segments = list(segments)
        names, values = set(), set()
        for segment in segments:
            if not segment.name.strip():
                raise InputError(_("A segment has no name"), _("Give each segment a name"))
            if segment.name.casefold() in names:
                raise InputError(
                    _("Two segments have the name {name}").format(name=segment.name), _("Give each a name of its own")
                )
            if segment.value < 1 or segment.value in values:
                raise InputError(
                    _("The label value {value} of {name} is below 1 or used twice").format(
                        value=segment.value, name=segment.name
                    ),
                    _("Give each segment a whole number of its own"),
                )
            names.add(segment.name.casefold())
            values.add(segment.value)
        self.segments = sorted(segments, key=lambda segment: segment.value)
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
        cases = tuple(map(_caseOf, self.cases))
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
        base = f"{_plain(self.name)[:30].strip() or 'Model'} {datetime.now():%Y-%m-%d %H.%M}"
        return self.runsFolder / free_name(base, lambda one: (self.runsFolder / one).exists(), " ")


def _caseOf(case: ProjectCase) -> Case:
    role = UNLABELED if case.role == LABELED and not case.teaches else case.role
    if role == UNLABELED:
        return Case(case.name, Path(case.image), None, UNLABELED)
    return Case(
        case.name,
        Path(case.image),
        Path(case.label) if case.label else None,
        EXCLUDED if role == LABELED and not case.label else role,
        Path(case.seen) if case.seen else None,
        case.unseenValue,
    )


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


def _plain(name: str) -> str:
    """Fit for a file name and for a table; empty if nothing is left."""
    kept = re.sub(r"\s+", " ", name).strip(" .")
    return folder_name(kept)[:NAME_LENGTH].strip(" .") if kept else ""


def _checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _occupied(folder: Path) -> InputError:
    return InputError(
        _("{folder} already holds a project").format(folder=folder), _("Open it, or choose another folder")
    )


def _damaged(file: Path, why: str) -> InputError:
    return InputError(
        _("The project file {file} is damaged ({why})").format(file=file, why=why),
        _("Put back an older copy of it; scans, labels, runs and models are not affected"),
    )


def _segment(document: dict[str, Any]) -> Segment:
    segment = Segment.from_dict(document)
    if segment.value > LARGEST_VALUE:
        raise ValueError(f"the value of {segment.name} makes no sense")
    _text(segment.name)
    _text(segment.terminology)
    return segment


def _case(document: dict[str, Any], folder: Path) -> ProjectCase:
    known = {item.name for item in fields(ProjectCase)}
    case = ProjectCase(**{key: value for key, value in document.items() if key in known})
    for text in (case.id, case.name, case.image, case.label, case.seen, *case.problems, *case.notLookedFor):
        _text(text)
    makes_sense = (
        case.role in ROLES
        and case.origin in ORIGINS
        and isinstance(case.problems, list)
        and isinstance(case.notLookedFor, list)
        and isinstance(case.validation, bool)
        and isinstance(case.suggested, bool)
        and isinstance(case.nothingFound, bool)
        and _isCount(case.outlinedSlices)
        and _isCount(case.allSlices)
        and _areIndices(case.emptySlices)
        and (case.unseenValue is None or (_isCount(case.unseenValue) and 1 <= case.unseenValue <= LARGEST_VALUE))
        and not (case.isPartly and not case.label)
        and (case.predictedDice is None or 0 <= case.predictedDice <= 1)
        and case.id
        and case.image
        and _isFileName(case.name)
    )
    if not makes_sense:
        raise ValueError(f"the case {case.name} makes no sense")
    case.image = str(usable_path(folder / case.image))
    case.label = str(usable_path(folder / case.label)) if case.label else ""
    case.seen = str(usable_path(folder / case.seen)) if case.seen else ""
    return case


def _indices(slices: Mapping[str, Iterable[int]]) -> dict[str, list[int]]:
    return {axis: [int(index) for index in indices] for axis, indices in slices.items()}


def _isCount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _areIndices(slices: object) -> bool:
    """Whether a value of a document may stand for slices by their axis."""
    return isinstance(slices, dict) and all(
        axis in ("K", "J", "I") and isinstance(indices, list) and all(map(_isCount, indices))
        for axis, indices in slices.items()
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is no text")
    return value


def _isFileName(name: str) -> bool:
    """Whether a file may be named so: names come from files too, and must not lead out of the project's folder."""
    is_plain = name.isprintable() and not any(sign in name for sign in "/\\:")
    return is_plain and bool(name.strip(" .")) and len(os.fsencode(name)) <= LONGEST_CASE_NAME
