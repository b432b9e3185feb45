"""Tries what was installed in a process of its own: a library that can't be loaded must not end Slicer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import qt

from DualTaskSegLib.engine.childprocess import endByForce, newProcess, release
from DualTaskSegLib.installing import dependencies

OnDone = Callable[[dependencies.Verification], None]


class InstallationCheck:
    """A child process that loads PyTorch and computes a little on each device.

    Args:
        command: starts it; :func:`DualTaskSegLib.installing.dependencies.verifyCommand` if None.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = list(command) if command is not None else None
        self._process: qt.QProcess | None = None

    def start(self, onDone: OnDone) -> None:
        """Starts it; it takes seconds, and at the first time after an installation up to a minute."""
        self.cancel()
        process = self._process = newProcess()
        process.connect(
            "finished(int,QProcess::ExitStatus)",
            lambda code, status: self._report(process, code if status == qt.QProcess.NormalExit else -1, onDone),
        )
        process.connect(
            "errorOccurred(QProcess::ProcessError)",
            lambda error: self._report(process, None, onDone) if error == qt.QProcess.FailedToStart else None,
        )
        program, *arguments = self._command or dependencies.verifyCommand()
        process.start(program, arguments)

    def cancel(self) -> None:
        """Ends it without a word, with all that it started."""
        process, self._process = self._process, None
        if process is not None:
            endByForce(process)
            release(process)

    def _report(self, process: qt.QProcess, exitCode: int | None, onDone: OnDone) -> None:
        if process is not self._process:
            return  # it was canceled
        self._process = None
        texts = [
            bytes(content.data()).decode("utf-8", "replace")
            for content in (process.readAllStandardOutput(), process.readAllStandardError())
        ]
        release(process)
        onDone(dependencies.verified(exitCode, *texts))
