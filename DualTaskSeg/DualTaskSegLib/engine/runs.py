"""Trainings: started as processes of their own, watched through their run folders. No Qt, no Slicer.

A training goes on when Slicer ends. Whoever opens the project again finds it in the run folder, where everything that
is shown here comes from.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dualtaskseg.contract.request import TrainingRequest
from dualtaskseg.errors import InputError
from dualtaskseg.processes import host_name
from dualtaskseg.progress import format_duration
from dualtaskseg.run.folder import REQUEST_NAME, RunFolder
from dualtaskseg.run.locking import device_lock_holder, is_locked, read_holder
from dualtaskseg.run.status import RunState, Status, read_status

from DualTaskSegLib.common.childwords import inUsersWords
from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.common.knownfailures import explainFailure
from DualTaskSegLib.engine import launching
from DualTaskSegLib.engine.interpreter import command
from DualTaskSegLib.project.project import Project

NEW, STARTING, RUNNING, STOPPING = "new", "starting", "running", "stopping"
INTERRUPTED, STOPPED, FINISHED, FAILED, GONE = "interrupted", "stopped", "finished", "failed", "gone"

OUTPUT_NAME = "output.txt"  # what the process prints; not log.txt, which on Windows two can't add to without harm
ROWS_BYTES = 1 << 17  # of metrics read at one poll, about 700 rows
TAIL_BYTES = 1 << 18  # of a log that is shown
SILENCE_S = 60.0  # without a sign of life, after which the user is told
AUTOMATIC_DEVICES = ("cuda:0", "mps", "cpu")

_launched: dict[str, tuple[int, Path]] = {}  # by device asked for: the process started last, and its run


@dataclass(frozen=True)
class RunSnapshot:
    """What a training does now."""

    state: str  # STARTING: loads PyTorch; INTERRUPTED: gone without a word; GONE: its folder can't be read
    status: Status | None = None  # what the process last said; None if nothing
    newRows: list[dict[str, Any]] = field(default_factory=list)  # of metrics, since the last poll
    message: str = ""  # for people, one or two sentences
    isRestarted: bool = False  # the rows begin again from the first one, since a resume dropped some
    hasReport: bool = False  # whether there is a report to open

    @property
    def isAtWork(self) -> bool:
        """Whether a process works on it."""
        return self.state in (STARTING, RUNNING, STOPPING)

    @property
    def canResume(self) -> bool:
        """Whether it can go on."""
        return self.state in (NEW, INTERRUPTED, STOPPED, FAILED)

    @property
    def fraction(self) -> float | None:
        """How much of the training is done, 0 to 1; None while unknown."""
        if self.state == FINISHED:
            return 1.0
        return self.status.iteration / self.status.of if self.status and self.status.of else None


class RunWatch:
    """Watches a run folder; any number of watches, in any process, may look at one.

    Args:
        folder: the run folder. It need not be there, or be whole: :meth:`poll` tells.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).absolute()
        self.name = self.folder.name
        self._run = RunFolder(self.folder, {})
        self.modelFolder = self._run.model_folder  # once the training is finished
        self.reportFile = self._run.report_file  # as with the model
        self._offset = 0
        self._lastIteration = -1
        self._pid: int | None = None  # of the process that was started from here
        self._startedBefore = 0.0  # when the process before it began, by its own status
        self._outputBefore = 0  # bytes that those before it printed
        self._stopAsked = False
        self._isKilled = False
        self._polling = threading.Lock()
        self._latest = RunSnapshot(NEW)

    @property
    def request(self) -> TrainingRequest | None:
        """What was asked for; None if it can't be read."""
        try:
            return RunFolder.open(self.folder).read_request()
        except (InputError, OSError):
            return None

    @property
    def device(self) -> str:
        """Where the training was asked to compute."""
        request = self.request
        return request.device if request else TrainingRequest.device

    @property
    def created(self) -> float:
        """Unix time at which the run was made; 0 if unknown."""
        try:
            return (self.folder / REQUEST_NAME).stat().st_mtime
        except OSError:
            return 0.0

    # --- watching

    def poll(self) -> RunSnapshot:
        """Says what the training does and what is new. It never fails, and is quick where the disk is.

        May be called in a thread. While one waits for the disk, others get what was known before, without new rows.
        """
        if not self._polling.acquire(blocking=False):
            return self._latest
        try:
            news = self._poll()
            self._latest = replace(news, newRows=[], isRestarted=False)
            return news
        except OSError as error:
            text = _("The run folder {folder} can't be read ({reason}).")
            return RunSnapshot(GONE, message=text.format(folder=self.folder, reason=error.strerror or error))
        except Exception as error:  # a timer asks, again and again; a fault here must not become a flood
            text = _("The run folder {folder} can't be understood ({error!r}).")
            return RunSnapshot(GONE, message=text.format(folder=self.folder, error=error))
        finally:
            self._polling.release()

    def _poll(self) -> RunSnapshot:
        if not (self.folder / REQUEST_NAME).is_file():
            text = _("The run folder {folder} is missing. If its disk was disconnected, connect it again.")
            return RunSnapshot(GONE, message=text.format(folder=self.folder))
        state, status = self._state()
        rows, isRestarted = self._rows()
        hasReport = self.reportFile.is_file()
        return RunSnapshot(state, status, rows, self._message(state, status), isRestarted, hasReport)

    def _state(self) -> tuple[str, Status | None]:
        state, status = str(self._run.state()), read_status(self.folder)
        if state == RUNNING and status is None and not self._run.status_file.exists():
            return STARTING, None
        if self._pid is not None and not self._isHeardOf(status):
            if launching.isRunning(self._pid):
                return STARTING, None
            if not self._isKilled and state != RUNNING:  # our process ended before it could say anything
                return FAILED, None
        if state == INTERRUPTED and self._pid is not None and launching.isRunning(self._pid):
            state = RUNNING  # the launcher is about to end, too, and says then why
        if state == RUNNING:
            self._repeatStop()
            return (STOPPING if self._run.stop_requested() else RUNNING), status
        return state, status

    def _isHeardOf(self, status: Status | None) -> bool:
        """Whether the process that was started from here has written its first status."""
        return status is not None and status.started > self._startedBefore

    def _repeatStop(self) -> None:
        """A process that starts forgets the request that ended the one before; one made in that moment counts."""
        if self._stopAsked and not self._run.stop_requested():
            with contextlib.suppress(OSError):
                self._run.request_stop()

    def _rows(self) -> tuple[list[dict[str, Any]], bool]:
        rows, offset = self._run.read_metrics(self._offset, ROWS_BYTES)
        iterations = [row["iteration"] for row in rows if isinstance(row.get("iteration"), (int, float))]
        isRestarted = offset < self._offset or (bool(iterations) and iterations[0] < self._lastIteration)
        self._offset = offset
        if isRestarted:
            self._lastIteration = -1
        self._lastIteration = max([self._lastIteration, *iterations])
        return rows, isRestarted

    def _message(self, state: str, status: Status | None) -> str:
        if state == STARTING:
            return _("Starting")
        if state in (RUNNING, STOPPING):
            return self._workMessage(state, status)
        if state == FINISHED:
            return _finishedMessage(status)
        if state == FAILED:
            return _errorMessage(status.error) if status and status.error else self._failureMessage()
        if state == STOPPED and not self._run.checkpoint_file.exists():
            return _("Stopped before anything was learned; Resume begins the training.")
        if state == STOPPED:
            return _("Stopped{at}. Everything is saved; Resume goes on from there.").format(at=_at(status))
        if state == INTERRUPTED:
            atOnce = self._isKilled or (status is not None and status.phase == INTERRUPTED)
            how = (
                _("was ended at once")
                if atOnce
                else _("ended without a word: {reason}").format(reason=self._exitReason())
            )
            then = _("Resume goes on from the last saved state")
            if not self._run.checkpoint_file.exists():
                then = _("Resume goes on from its beginning, since nothing of it was saved yet")
            return _("The training {how}{at}. {then}.").format(how=how, at=_at(status), then=then)
        return _("Not started yet.")

    def _workMessage(self, state: str, status: Status | None) -> str:
        if status is None:
            return _("Running; its status can't be read at the moment.")
        text = inUsersWords(status.message or status.phase.capitalize())
        if state == STOPPING:
            text = _("Stopping after this step")
        if state == RUNNING and status.phase == "training" and status.seconds_left:
            text += _(", {time} left").format(time=format_duration(status.seconds_left))
        silence = time.time() - status.heartbeat
        if silence > SILENCE_S:
            text += _(" (no sign of life for {time})").format(time=format_duration(silence))
        return text

    def _failureMessage(self) -> str:
        """For a process that ended before it could say anything itself."""
        text = _tail(self.folder / OUTPUT_NAME, self._outputBefore)
        errors = [line.removeprefix("Error: ") for line in text.splitlines() if line.startswith("Error: ")]
        faults = [error for error in errors if not error.startswith("this is a defect")]
        # Its own sentences name the file in question.
        sentence = inUsersWords(faults[-1]) if faults else explainFailure(text)
        if sentence or errors:
            return sentence or errors[-1]
        return _("The training could not start: {reason}. See the log for its last words.").format(
            reason=self._exitReason()
        )

    def _exitReason(self) -> str:
        code = launching.exitCode(self._pid) if self._pid is not None else None
        return launching.exitReason(code, _tail(self.folder / OUTPUT_NAME, self._outputBefore))

    def logText(self) -> str:
        """Returns the run's log, and after it what the process printed; of long ones the end."""
        return _tail(self._run.log_file) + _tail(self.folder / OUTPUT_NAME)

    def lastLines(self, count: int = 15) -> list[str]:
        """Returns the last lines of :meth:`logText`."""
        return self.logText().splitlines()[-count:]

    # --- acting

    def stop(self) -> None:
        """Asks the training to finish its step, save and end; ``InputError`` if the run folder can't be written."""
        try:
            self._run.request_stop()
        except OSError as error:
            raise InputError(
                _("The run folder {folder} can't be written ({reason})").format(
                    folder=self.folder, reason=error.strerror
                ),
                _("Make sure that the disk is connected; clicking Stop again ends the process at once"),
            ) from error
        self._stopAsked = True

    def kill(self) -> None:
        """Ends the training at once, with every process that belongs to it; what it did since it last saved is lost.

        A run folder may come from elsewhere and name any process. So only the one that holds the run's lock is ended,
        or one that was started from here; for both, number and start time must fit.

        Raises:
            InputError: it works on another computer, or it is not certain which process it is.
        """
        status = read_status(self.folder)
        if self._run.state() == RunState.RUNNING and status is not None and status.host not in ("", host_name()):
            raise InputError(
                _("The training works on another computer, {host}").format(host=status.host),
                _("Stop it there, or click Stop once and wait"),
            )
        isOurChild = self._pid is not None and launching.isRunning(self._pid)
        isKnown = status is not None and self._isWorking(status)
        if self._run.state() == RunState.RUNNING and not isOurChild and not isKnown:
            raise InputError(
                _("It is not certain which process works in {folder}, so none is ended").format(folder=self.folder),
                _("Click Stop once and wait, or end the training with the task manager of this computer"),
            )
        self._isKilled = True
        if isKnown:
            launching.endTree(status.pid, status.process_started)
        if isOurChild:
            launching.endTree(self._pid, None)

    def _isWorking(self, status: Status) -> bool:
        """Whether the process that the status names holds the run's lock now, on this computer."""
        if status.pid is None or status.process_started is None or status.host != host_name():
            return False
        if not is_locked(self._run.lock_file):  # nor where that can't be known
            return False
        holder = read_holder(self._run.lock_file)
        return holder.get("pid") == status.pid and holder.get("host") == host_name()

    def resume(self) -> None:
        """Starts a process that goes on from the last saved state; without effect while one works.

        Raises:
            InputError: another training uses the device, or the process can't be started.
        """
        news = self.poll()
        if news.isAtWork or news.state == FINISHED:
            return
        if news.state == GONE:
            raise InputError(news.message, "")
        refuseBusyDevice(self.device, self.folder)
        self.launch()

    def launch(self) -> None:
        """Starts the process; ``InputError`` if it can't be started."""
        status = read_status(self.folder)
        self._startedBefore = status.started if status else 0.0
        self._outputBefore = _sizeOf(self.folder / OUTPUT_NAME)
        self._stopAsked = self._isKilled = False
        try:
            self._run.clear_stop()
            self._pid = launching.startDetached(command("resume", self.folder), self.folder / OUTPUT_NAME)
        except OSError as error:
            raise InputError(
                _("The training can't be started ({reason})").format(reason=error.strerror or error),
                _("Make sure that the project's folder can be written and that the disk has free space"),
            ) from error
        _launched[self.device] = (self._pid, self.folder)


def startTraining(project: Project, request: TrainingRequest) -> RunWatch:
    """Starts a training in a new run folder of a project; returns at once.

    Raises:
        InputError: another training uses the device, or the folder can't be written.
    """
    refuseBusyDevice(request.device)
    if project.isModified:  # the request may have drawn the cases to hold out
        project.save()
    watch = RunWatch(RunFolder.create(project.newRunFolder(), request.to_dict()).folder)
    try:
        watch.launch()
    except InputError:
        shutil.rmtree(watch.folder, ignore_errors=True)  # nothing is in it but the request
        raise
    return watch


def refuseBusyDevice(device: str, ownFolder: Path | None = None) -> None:
    """Refuses to start a second training on a device.

    Args:
        device: as asked for; ``"auto"`` stands for any device.
        ownFolder: a run folder whose own process doesn't count.

    Raises:
        InputError: the sentence names the training that uses the device.
    """
    holders = [device_lock_holder(name) for name in (AUTOMATIC_DEVICES if device == "auto" else (device,))]
    pid, folder = _launched.get(device, (0, None))
    if folder is not None and launching.isRunning(pid) and RunWatch(folder).poll().state in (NEW, STARTING):
        holders.append(folder)  # it has not come as far as claiming the device
    for holder in holders:
        if holder is not None and holder != ownFolder:
            raise InputError(
                _("Another training, {name}, is using this computer's processor").format(name=holder.name),
                _("Wait until it ends, stop it, or choose another device; its folder is {folder}").format(
                    folder=holder
                ),
            )


def listRuns(project: Project) -> list[RunWatch]:
    """Returns the runs of a project, the newest first; those that are not whole, too."""
    try:
        folders = [each for each in project.runsFolder.iterdir() if (each / REQUEST_NAME).is_file()]
    except OSError:
        return []
    return sorted(map(RunWatch, folders), key=lambda watch: (watch.created, watch.name), reverse=True)


def _finishedMessage(status: Status | None) -> str:
    if status is None:
        return _("Finished.")
    notes = "".join(f" {inUsersWords(note.rstrip('.'))}." for note in status.notes)
    return _("Finished after {time}.{notes}").format(time=format_duration(status.elapsed_s), notes=notes)


def _at(status: Status | None) -> str:
    if status is None or not status.of:
        return ""
    return _(" at step {iteration} of {of}").format(iteration=status.iteration, of=status.of)


def _errorMessage(error: dict[str, str]) -> str:
    """In the words of a known failure, or else the process's own."""
    parts = (inUsersWords(part.rstrip(".")) for part in error.values() if part)
    return explainFailure(error.get("why", "")) or " ".join(f"{part}." for part in parts)


def _sizeOf(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _tail(file: Path, begin: int = 0) -> str:
    """The end of a log, from whole line to whole line, and nothing before the byte ``begin``."""
    try:
        with file.open("rb") as stream:
            begin = max(begin, stream.seek(0, 2) - TAIL_BYTES)
            stream.seek(max(0, begin - 1))
            content = stream.read()
    except OSError:
        return ""
    text = content.decode("utf-8", "replace")
    if begin > 0:
        text = text.partition("\n")[2]  # the first line is torn
    return text if not text or text.endswith("\n") else text + "\n"
