"""Talks to a child process that computes, ``python -m dualtaskseg serve``, without ever waiting for it.

The child is started with the first job, stays for the next ones with its networks loaded, and is started again if it
crashed. Jobs are done one after the other. See :mod:`dualtaskseg.serving` for the lines of JSON between the two.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import qt
from dualtaskseg.contract.dataset import Dataset
from dualtaskseg.contract.segment import Segment
from dualtaskseg.version import VERSION

from DualTaskSegLib.common.childwords import answerInUsersWords
from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.common.knownfailures import explainFailure, traceOnly
from DualTaskSegLib.engine import interpreter
from DualTaskSegLib.engine.childprocess import endByForce, isKept, newProcess, release
from DualTaskSegLib.engine.launching import endTree, exitReason

LOG_LINES = 400  # of what the child prints that are kept
CLOSING_MS = 3000  # after the end of its input, until the child is ended by force

Listener = Callable[..., None]


@dataclass(eq=False)
class _Job:
    """A job that was handed over, and whom to tell about it."""

    id: int
    request: dict[str, Any]
    onProgress: Listener | None = None
    onDone: Listener | None = None
    onError: Listener | None = None
    onItem: Listener | None = None
    isSent: bool = False
    isStarted: bool = False


@dataclass
class ExportFiles:
    """What an export needs of the scene."""

    masks: dict[str, tuple[Path, Segment]]  # by the segment's name: a binary label map, and the segment
    series: list[Path]  # the DICOM files of the volume; empty where none are needed
    sdm: dict[str, Path] = field(default_factory=dict)  # signed distances by the segment's name
    uncertainty: Path | None = None  # where the networks disagree

    def segments(self) -> dict[str, object]:
        """The part of a request that tells the segments."""
        return {
            "labels": {name: str(path) for name, (path, _segment) in self.masks.items()},
            "segments": [segment.to_dict() for _path, segment in self.masks.values()],
        }

    def request(self, out: Path, model: Path | None, options: Mapping[str, str | bool]) -> dict[str, object]:
        """What every DICOM export is told, see :meth:`Worker.exportSeg`."""
        return {
            **self.segments(),
            "series": [str(file) for file in self.series],
            "out": str(out),
            "model": None if model is None else str(model),
            "options": dict(options),
        }


class Worker:
    """The child process. Everything is called from Qt's main thread, and calls back there.

    All functions that hand over a job return its number at once; what they send and what comes back is told in
    :class:`dualtaskseg.serving.operations.Operations`, at the methods of the same names. Their ``listeners``, each of
    which may be absent, are functions: ``onProgress(fraction, secondsLeft, text)`` is called now and then (fraction 0
    to 1 and seconds None where unknown), ``onItem(dict)`` for each part of a result as soon as it is known, and at last
    exactly one of ``onDone(result)`` and ``onError(sentence)``; the sentence is empty for a job that was cancelled.

    Args:
        command: starts the child; Slicer's Python with the training package if None.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command) if command is not None else None
        self._process: qt.QProcess | None = None
        self._jobs: dict[int, _Job] = {}  # in the order in which they were handed over
        self._lastId = 0
        self._input = b""
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._logPart = b""
        self._childPid: int | None = None  # of the Python itself, where what is started is a launcher of it
        self._isOutdated = False  # the child gets no more jobs, see renew

    # --- jobs

    def predict(
        self,
        model: Path | str,
        image: Path | str,
        outFolder: Path | str,
        sdm: bool = True,
        uncertainty: bool = True,
        device: str = "auto",
        **listeners: Listener,
    ) -> int:
        """Segments a scan, a file or a folder with one DICOM series; earlier results in ``outFolder`` are replaced."""
        request = {"model": str(model), "image": str(image), "folder": str(outFolder), "device": device}
        return self._submit("predict", {**request, "sdm": sdm, "uncertainty": uncertainty}, listeners)

    def check(self, dataset: Dataset, **listeners: Listener) -> int:
        """Looks for everything that is wrong with a project's scans and labels."""
        return self._submit("check", {"dataset": dataset.to_dict()}, listeners)

    def rank(self, model: Path | str, dataset: Dataset, device: str = "auto", **listeners: Listener) -> int:
        """Finds the unlabeled case that is worth outlining next."""
        return self._submit("rank", {"model": str(model), "dataset": dataset.to_dict(), "device": device}, listeners)

    def devices(self, **listeners: Listener) -> int:
        """Asks what can compute on this machine, and whether it works."""
        return self._submit("devices", {}, listeners)

    def findScans(self, folder: Path | str, **listeners: Listener) -> int:
        """Finds the scans in a folder and below it; each is an item."""
        return self._submit("findscans", {"folder": str(folder)}, listeners)

    def exportSeg(
        self,
        files: ExportFiles,
        out: Path,
        model: Path | None,
        options: Mapping[str, str | bool],
        **listeners: Listener,
    ) -> int:
        """Writes a DICOM segmentation, and maps beside ``out``.

        Args:
            model: the model it is from; None where it is from none.
            options: fields of :class:`dualtaskseg.dicom.derived_object.ExportOptions`, such as ``{"edited": True}``.
        """
        maps = {
            "sdm": {name: str(path) for name, path in files.sdm.items()},
            "uncertainty": None if files.uncertainty is None else str(files.uncertainty),
        }
        return self._submit("exportseg", files.request(out, model, options) | maps, listeners)

    def measure(self, cases: Sequence[Mapping[str, Any]], **listeners: Listener) -> int:
        """Measures the structures of cases; each is a document as the operation wants it."""
        return self._submit("measure", {"cases": [dict(case) for case in cases]}, listeners)

    def compare(
        self, before: Mapping[str, Path], after: Mapping[str, Path], out: Path | str, **listeners: Listener
    ) -> int:
        """Compares two segmentations of one scan, given by a mask for each structure; a map of it goes to ``out``."""
        masks = [{name: str(path) for name, path in each.items()} for each in (before, after)]
        return self._submit("compare", {"before": masks[0], "after": masks[1], "out": str(out)}, listeners)

    def exportStructureSet(
        self,
        files: ExportFiles,
        out: Path,
        model: Path | None,
        options: Mapping[str, str | bool],
        **listeners: Listener,
    ) -> int:
        """Writes an RT structure set; all as of :meth:`exportSeg`."""
        return self._submit("exportrtstruct", files.request(out, model, options), listeners)

    def exportPlain(
        self, files: ExportFiles, out: Path, mayReplace: bool, tags: Mapping[str, str], **listeners: Listener
    ) -> int:
        """Writes a ``.seg.nrrd`` or ``.nii.gz`` file.

        Args:
            tags: more of Slicer's tags, for each segment of a ``.seg.nrrd``.
        """
        request = {**files.segments(), "out": str(out), "overwrite": mayReplace, "tags": dict(tags)}
        return self._submit("exportplain", request, listeners)

    def exportBundle(self, model: Path, folder: Path, **listeners: Listener) -> int:
        """Writes a model as a MONAI Bundle into a folder that is new or empty."""
        return self._submit("exportbundle", {"model": str(model), "folder": str(folder)}, listeners)

    def cancel(self, jobId: int | None) -> None:
        """Takes a job back: it ends soon, with ``onError("")``. Without effect on one that has ended."""
        job = self._jobs.get(jobId)
        if job is None:
            return
        if job.isSent:
            self._write({"op": "cancel", "id": jobId})
        else:
            self._failJobs([job], "")

    @property
    def isBusy(self) -> bool:
        """Whether a job is going on or waiting."""
        return bool(self._jobs)

    def lastLines(self, count: int = 15) -> list[str]:
        """Returns the last lines of what the child printed."""
        return list(self._log)[-count:]

    # --- the child

    def close(self) -> None:
        """Ends the child; jobs are dropped without a word. It is started again if another job comes.

        Nothing is waited for: the end of its input ends the child, and if it lingers, it is ended by force.
        """
        self._jobs.clear()
        self._letGo()

    def renew(self) -> None:
        """Sees to it that later jobs are done by a new child, which knows what has been installed meanwhile.

        What has been handed over already is finished by the present one.
        """
        self._isOutdated = self._process is not None
        self._endOutdated()

    def _endOutdated(self) -> None:
        """Lets go of a child that is to be renewed once it has nothing to do, and starts a new one for what waits."""
        if self._isOutdated and not any(job.isSent for job in self._jobs.values()):
            self._letGo()
            if self._jobs:
                self._start()

    def _letGo(self) -> None:
        """Ends the present child without waiting for it."""
        process, pid = self._process, self._childPid
        self._forgetChild()
        if process is None:
            return
        release(process)
        process.closeWriteChannel()
        qt.QTimer.singleShot(CLOSING_MS, lambda: _endByForce(process, pid) if isKept(process) else None)

    def _submit(self, operation: str, request: dict[str, Any], listeners: Mapping[str, Listener]) -> int:
        self._lastId += 1
        job = _Job(self._lastId, {"id": self._lastId, "op": operation, **request}, **listeners)
        self._jobs[job.id] = job
        if self._process is None:
            self._start()
        elif not self._isOutdated:
            self._send(job)
        return job.id

    def _start(self) -> None:
        """Starts the child and hands it all jobs that wait."""
        self._log.clear()  # what an earlier child said explains nothing of this one
        process = self._process = newProcess()
        process.connect("readyReadStandardOutput()", lambda: self._onOutput(process))
        process.connect("readyReadStandardError()", lambda: self._onLog(process))
        process.connect(
            "finished(int,QProcess::ExitStatus)", lambda code, status: self._onFinished(process, code, status)
        )
        process.connect("errorOccurred(QProcess::ProcessError)", lambda error: self._onFailedToStart(process, error))
        program, *arguments = self._command or interpreter.command("serve")
        process.start(program, arguments)
        for job in list(self._jobs.values()):
            self._send(job)

    def _forgetChild(self) -> None:
        self._process = self._childPid = None
        self._isOutdated = False
        self._input = self._logPart = b""
        for job in self._jobs.values():
            job.isSent = False

    def _send(self, job: _Job) -> None:
        job.isSent = True
        self._write(job.request)

    def _write(self, request: dict[str, Any]) -> None:
        if self._process is not None:
            self._process.write((json.dumps(request) + "\n").encode("utf-8"))

    def _onOutput(self, process: qt.QProcess) -> None:
        if process is not self._process:
            return
        *lines, self._input = (self._input + process.readAllStandardOutput().data()).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                event = None
            if isinstance(event, dict):
                self._onEvent(event)
            if process is not self._process:  # what was called has closed us
                return

    def _onEvent(self, event: dict[str, Any]) -> None:
        kind = event.get("event")
        if kind == "ready":
            self._childPid = event.get("pid")
            self._refuseStranger(event)
            return
        job = self._jobs.get(event.get("id"))
        if job is None:
            return
        event = answerInUsersWords(event)
        if kind == "started":
            job.isStarted = True
        elif kind == "progress":
            _call(job.onProgress, event.get("fraction"), event.get("seconds_left"), str(event.get("text", "")))
        elif kind == "item":
            _call(job.onItem, {name: value for name, value in event.items() if name not in ("id", "event")})
        elif kind == "done":
            del self._jobs[job.id]
            _call(job.onDone, event.get("result", {}))
        elif kind in ("error", "cancelled"):
            del self._jobs[job.id]
            parts = (event.get("what", ""), event.get("remedy", "")) if kind == "error" else ()
            sentence = " ".join(f"{part.rstrip('.')}." for part in parts if part)
            if event.get("is_defect"):
                logging.error("DualTaskSeg: a defect\n%s", traceOnly(self.lastLines()))
                sentence = explainFailure(sentence) or sentence  # such as a package that is not installed
            _call(job.onError, sentence)
        if kind in ("done", "error", "cancelled"):
            self._endOutdated()

    def _refuseStranger(self, event: dict[str, Any]) -> None:
        """A package of the same name and of unknown origin would compute something, and nobody would know what."""
        version, folder = event.get("version"), event.get("folder")
        own = interpreter.engineFolder() / interpreter.PACKAGE
        if version == VERSION and folder is not None and Path(folder).resolve() == own.resolve():
            return
        place = folder or _("a place that it does not tell")
        self._letGo()
        self._failJobs(
            list(self._jobs.values()),
            _(
                "Another package {package}, version {version} in {place}, hides that of this "
                "extension, version {expected} in {own}. Remove the other one, then start Slicer "
                "again."
            ).format(
                package=interpreter.PACKAGE, version=version or _("unknown"), place=place, expected=VERSION, own=own
            ),
        )

    def _onLog(self, process: qt.QProcess) -> None:
        if process is self._process:
            *lines, self._logPart = (self._logPart + process.readAllStandardError().data()).split(b"\n")
            self._log.extend(line.decode("utf-8", "replace").rstrip() for line in lines)

    def _onFailedToStart(self, process: qt.QProcess, error: int) -> None:
        if process is not self._process or error != qt.QProcess.FailedToStart:
            return  # of any other error the end of the process tells
        self._forgetChild()
        process.deleteLater()
        jobs, sentence = (
            list(self._jobs.values()),
            _("The process that computes can't be started ({reason}). Install Slicer again.").format(
                reason=process.errorString()
            ),
        )
        # Not at once: Windows tells it while the process is being started, before the job's number has been returned.
        qt.QTimer.singleShot(0, lambda: self._failJobs([job for job in jobs if job.id in self._jobs], sentence))

    def _onFinished(self, process: qt.QProcess, code: int, status: int) -> None:
        """The child ended though nobody asked it to."""
        if process is not self._process:
            return
        self._onOutput(process)
        if process is not self._process:
            return
        self._onLog(process)
        self._log.append(self._logPart.decode("utf-8", "replace"))
        wasReady = self._childPid is not None
        self._forgetChild()
        process.deleteLater()
        hasCrashed = status == qt.QProcess.CrashExit
        # Qt gives the number of the signal
        reason = exitReason(-code if hasCrashed and 0 < code < 64 else code, "\n".join(self.lastLines()))
        logging.warning("DualTaskSeg: the process that computes ended (%s)\n%s", reason, traceOnly(self.lastLines()))
        sentence = explainFailure("\n".join(self.lastLines(50))) or (
            _(
                "The computation broke off: {reason}. The next one starts a new process; if it "
                "breaks off again, close other programs or choose another device."
            ).format(reason=reason)
        )
        # What it worked on is lost, and might break a new process, too; what waited goes on in a new one.
        jobs = list(self._jobs.values())
        broken = [job for job in jobs if job.isStarted] or jobs[:1]
        self._failJobs(broken if wasReady else jobs, sentence)
        if self._jobs and self._process is None:
            self._start()

    def _failJobs(self, jobs: Sequence[_Job], sentence: str) -> None:
        for job in jobs:
            self._jobs.pop(job.id, None)
        for job in jobs:
            _call(job.onError, sentence)


def _call(function: Callable[..., None] | None, *arguments: object) -> None:
    """Calls back. A fault there is reported as any fault in a slot is, and does not keep the others from theirs."""
    if function is None:
        return
    try:
        function(*arguments)
    except Exception:
        sys.excepthook(*sys.exc_info())


def _endByForce(process: qt.QProcess, pid: int | None) -> None:
    """Ends the launcher with all below it, and the Python itself, should its launcher be gone already."""
    endByForce(process)
    if pid is not None:
        endTree(pid, None)
