"""Installs packages in processes of their own: Slicer stays usable, and all that pip says is kept. No Qt, no Slicer."""

from __future__ import annotations

import contextlib
import importlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from DualTaskSegLib.common.i18n import tr as _
from DualTaskSegLib.common.knownfailures import explainFailure
from DualTaskSegLib.engine import launching
from DualTaskSegLib.engine.interpreter import pythonExecutable
from DualTaskSegLib.installing import dependencies
from DualTaskSegLib.installing.dependencies import Dependency

LOG_NAME = "installation.txt"
LIGHT_THE_TORCH = "light-the-torch>=0.5"  # by which the extension PyTorch finds the build for the graphics card
# Nobody can answer a question of pip's; what breaks off is tried again, which pip tells, and so its cause is known.
PIP_OPTIONS = ("--no-input", "--disable-pip-version-check", "--retries", "3")
RAW_PROGRESS = ("24.1", ("--progress-bar", "raw"))  # since that version pip tells its progress where it has no terminal
SEE_LOG = _("The log has all that was said.")
CANCELED = _("The installation was canceled. Install begins again.")


@dataclass(frozen=True)
class InstallationNews:
    """How an installation goes."""

    isAtWork: bool = False  # it goes on
    text: str = ""  # what it does now
    fraction: float | None = None  # how much of the present download is there, 0 to 1; None while unknown
    seconds: float = 0.0  # how long it has taken
    problem: str = ""  # one or two sentences why it failed; empty if it did not
    isCanceled: bool = False  # the user ended it
    restartNote: str = ""  # why Slicer should be started again; empty if it need not

    @property
    def isDone(self) -> bool:
        """Whether everything was installed."""
        return not (self.isAtWork or self.problem or self.isCanceled)


class Installation:
    """One installation; it goes on by itself, and at :meth:`poll` from one step to the next."""

    def __init__(self, packages: Sequence[Dependency]) -> None:
        self._packages = list(packages)
        self._folder = Path(tempfile.mkdtemp(prefix="DualTaskSeg_installation_"))
        self.logFile = self._folder / LOG_NAME  # everything that pip says, from the first step on
        self._commands = self._plan()
        self._pid: int | None = None
        self._offset = 0  # of the log, up to where it was read
        self._stepText = ""  # what the present step said
        self._tail = ""  # of its last line, which is not complete
        self._text, self._fraction = "Starting", None
        self._began = time.monotonic()
        self._loaded = dependencies.loadedVersions()
        self._end: InstallationNews | None = None

    def start(self) -> None:
        """Starts it."""
        self._began = time.monotonic()
        self._startNext()

    def poll(self) -> InstallationNews:
        """Says how it goes; call it about twice a second. Quick, and never fails."""
        if self._end is None:
            hasEnded = not launching.isRunning(self._pid)  # asked first: what it says last is read below
            self._read()
            if hasEnded:
                self._onStepEnded()
        return self._end or InstallationNews(True, self._text, self._fraction, time.monotonic() - self._began)

    def cancel(self) -> None:
        """Ends it at once, with every process that belongs to it."""
        if self._end is None:
            launching.endTree(self._pid, None)
            self._finish(isCanceled=True)

    def close(self) -> None:
        """Ends it and removes its log."""
        self.cancel()
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- steps

    def _plan(self) -> Iterator[list[str]]:
        """The commands one after the other: each is made when the one before has changed what is installed."""
        rest = list(self._packages)
        torch = next((one for one in rest if one.name == "torch"), None)
        if torch is not None and dependencies.hasTorchExtension():
            # What the extension's own function does, but not in Slicer's process, into which it would import PyTorch.
            if dependencies.installedVersion("light-the-torch") is None:
                yield self._command("pip", [LIGHT_THE_TORCH])
            yield self._command("light_the_torch", [torch.requirement])
            rest.remove(torch)
        if rest:
            yield self._command("pip", [one.requirement for one in rest])

    def _command(self, program: str, requirements: list[str]) -> list[str]:
        constraints = self._folder / "constraints.txt"
        constraints.write_text(dependencies.constraintsText(requirements), encoding="utf-8")
        options = list(PIP_OPTIONS)
        since, progress = RAW_PROGRESS
        if dependencies.isAtLeast(dependencies.installedVersion("pip") or "0", since):
            options += progress
        arguments = ["-m", program, "install", *options, *requirements, "--constraint", str(constraints)]
        return [pythonExecutable(), *arguments]

    def _startNext(self) -> None:
        command = next(self._commands, None)
        if command is None:
            self._finish(self._stillMissing())
            return
        self._stepText = self._tail = ""
        try:
            with self.logFile.open("a", encoding="utf-8") as log:
                log.write(f"> {' '.join(command)}\n")
            self._offset = self.logFile.stat().st_size
            self._pid = launching.startDetached(command, self.logFile)
        except OSError as error:
            reason = error.strerror or str(error)
            self._finish(
                explainFailure(str(error)) or _("The installation can't be started ({reason}).").format(reason=reason)
            )

    def _onStepEnded(self) -> None:
        code = launching.exitCode(self._pid)
        if code == 0:
            self._startNext()
        else:
            self._finish(_reason(code, self._stepText))

    def _finish(self, problem: str = "", isCanceled: bool = False) -> None:
        self._end = InstallationNews(
            text=self._text,
            seconds=time.monotonic() - self._began,
            problem=problem,
            isCanceled=isCanceled,
            restartNote=self._restartNote(),
        )

    def _stillMissing(self) -> str:
        names = {one.name for one in self._packages}
        absent = [one.wish for one in dependencies.missing(withOptional=True) if one.name in names]
        if not absent:
            return ""
        return _("{names} could not be installed. {remedy}").format(names=", ".join(absent), remedy=SEE_LOG)

    def _restartNote(self) -> str:
        importlib.invalidate_caches()
        now = {name: dependencies.installedVersion(name) for name in self._loaded}
        changed = [
            _("{name} {old} by {now}").format(name=name, old=old, now=now[name])
            for name, old in self._loaded.items()
            if now[name] not in (None, old)
        ]
        if not changed:
            return ""
        return _("Start Slicer again before you go on: what it has loaded was replaced ({names}).").format(
            names=", ".join(sorted(changed))
        )

    # --- what it says

    def _read(self) -> None:
        try:
            with self.logFile.open("rb") as log:
                log.seek(self._offset)
                content = log.read()
        except OSError:
            return
        self._offset += len(content)
        new = content.decode("utf-8", "replace")
        self._stepText += new
        *lines, self._tail = (self._tail + new).split("\n")
        for line in lines:
            with contextlib.suppress(ValueError):
                self._text, self._fraction = described(line, self._text)


def described(line: str, before: str) -> tuple[str, float | None]:
    """Understands a line that pip printed.

    Returns:
        what is being done now, and how much of it, 0 to 1; None where unknown. ``before`` was done until then.

    Raises:
        ValueError: it tells nothing about that.
    """
    line = line.strip()
    progress = re.fullmatch(r"Progress (\d+) of (\d+)", line)
    if progress:
        done, of = map(int, progress.groups())
        return before, done / of if of else None
    download = re.match(r"Downloading (\S+?)(?: \((.+)\))?$", line)
    if download and not download[1].endswith(".metadata"):
        size = f" ({download[2]})" if download[2] else ""
        return _("Downloading {name}{size}").format(name=_packageOf(download[1]), size=size), None
    collecting = re.match(r"Collecting ([\w.-]+)", line)
    if collecting:
        return _("Looking for {name}").format(name=collecting[1]), None
    installing = re.match(r"Installing collected packages: (.+)", line)
    if installing:
        return _("Unpacking {names}").format(names=installing[1]), None
    raise ValueError(line)


def _packageOf(file: str) -> str:
    """``torch 2.9.1`` of an address or a name such as ``torch-2.9.1-cp312-cp312-win_amd64.whl``."""
    name = unquote(file.split("#")[0].rpartition("/")[2])
    name, _, rest = name.removesuffix(".tar.gz").partition("-")
    return f"{name} {rest.split('-')[0]}".strip()


def _reason(code: int | None, text: str) -> str:
    """Why a step failed, in plain words where they are known, else in pip's own."""
    known = explainFailure(text)
    if known:
        return known
    errors = [line.removeprefix("ERROR: ") for line in text.splitlines() if line.startswith("ERROR: ")]
    reason = errors[-1].strip().rstrip(".") if errors else launching.exitReason(code, text)
    return _("The installation failed: {reason}. {remedy}").format(reason=reason, remedy=SEE_LOG)
