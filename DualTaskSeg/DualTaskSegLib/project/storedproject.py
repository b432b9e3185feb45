"""A project on disk: ``project.json`` holds everything; ``cases.csv`` and ``segments.json`` serve the command line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

from dualtaskseg.contract.dataset import EXCLUDED, LABELED, UNLABELED
from dualtaskseg.contract.segment import Segment, default_color
from dualtaskseg.data.seen import UNSEEN_NAME
from dualtaskseg.errors import InputError
from dualtaskseg.files import is_temporary, write_json, write_text
from dualtaskseg.io.paths import usable_path
from dualtaskseg.names import folder_name
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.run.locking import FileLock, LockHeldError, LockUnsupportedError
from dualtaskseg.tablecells import csv_text

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.project.case import ProjectCase, readCase, readSegment, text

# The newest that is known. 2 where a case is partly outlined but none is to be looked at again, 1 where neither is so:
# older programs read what they understand wholly.
FORMAT = 3
PROJECT_NAME = "project.json"
CASES_NAME = "cases.csv"
SEGMENTS_NAME = "segments.json"
LOCK_NAME = "project.lock"
HARMLESS_NAMES = {LOCK_NAME, ".DS_Store", "Thumbs.db", "desktop.ini"}  # what may stand in a folder that counts as empty
SAVING_PATIENCE_S = 5.0  # for another program that saves, which takes a moment
NAME_LENGTH = 60  # short, so that no path gets longer than Windows takes
P = TypeVar("P", bound="StoredProject")


class StoredProject:
    """What a project holds, and how it is read and written; ``Project`` changes it.

    Nothing is written before :meth:`save`.
    """

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

    @property
    def unseenValues(self) -> list[int]:
        """The value of voxels at which nobody looked, if labels have one."""
        return sorted({case.unseenValue for case in self.cases if case.unseenValue is not None})

    @classmethod
    def create(cls: type[P], folder: Path | str, name: str | None = None) -> P:
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
        project = cls(folder, plainName(name or "") or folder.name)
        project.save()
        return project

    @classmethod
    def open(cls: type[P], folder: Path | str) -> P:
        """Opens a project.

        Raises:
            InputError: there is none, or it is damaged, or of a newer program.
        """
        folder = usable_path(folder)
        file = folder / PROJECT_NAME
        try:
            content = file.read_bytes()
            data = json.loads(content.decode("utf-8"))
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
        version = data.get("format") if isinstance(data, dict) else None
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
            json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8")  # what can't be saved is damaged
            project = cls(folder, text(data["name"]))
            project._created = text(data.get("created", project._created))
            project.segments = checkedSegments(map(readSegment, data["segments"]))
            project.cases = [readCase(item, folder) for item in data["cases"]]
            former = data.get("former_names", {})
            project.formerNames = {text(name): text(present) for name, present in former.items()}
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
                    write_json(self.file, self._toDict())
                write_json(self.folder / SEGMENTS_NAME, [segment.to_dict() for segment in self._listedSegments()])
                write_text(self.folder / CASES_NAME, self._table())
                if self._known is not None:
                    write_json(self.file, self._toDict())  # the last one: what it tells, the others hold
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

    def _toDict(self) -> dict[str, Any]:
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


def checkedSegments(segments: Iterable[Segment]) -> list[Segment]:
    """Structures by their values, for :meth:`Project.setSegments`, which says what is refused."""
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
    return sorted(segments, key=lambda segment: segment.value)


def plainName(name: str) -> str:
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
