"""Tries what was installed in a process of its own: a library that can't be loaded must not end Slicer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qt

from DualTaskSegLib import dependencies, engine


class InstallationCheck:
    """A child process that loads PyTorch and computes a little on each device."""

    def __init__(self) -> None:
        self._process: Any = None
        self._onDone: Callable[[dependencies.Verification], None] | None = None

    def start(self, onDone: Callable[[dependencies.Verification], None]) -> None:
        """Starts it; it takes seconds, and at the first time after an installation up to a minute."""
        self.cancel()
        self._onDone = onDone
        environment = qt.QProcessEnvironment()
        for name, value in engine.childEnvironment().items():
            environment.insert(name, value)
        self._process = qt.QProcess()
        self._process.setProcessEnvironment(environment)
        self._process.connect("finished(int,QProcess::ExitStatus)", self._onFinished)
        self._process.connect("errorOccurred(QProcess::ProcessError)", self._onError)
        program, *arguments = dependencies.verifyCommand()
        self._process.start(program, arguments)

    def cancel(self) -> None:
        """Ends it without a word."""
        process, self._process = self._process, None
        if process is not None and process.state() != qt.QProcess.NotRunning:
            process.kill()
            process.waitForFinished(1000)

    def _onError(self, error: int) -> None:
        if self._process is not None and error == qt.QProcess.FailedToStart:
            self._report(None)

    def _onFinished(self, exitCode: int, exitStatus: int) -> None:
        if self._process is not None:
            self._report(exitCode if exitStatus == qt.QProcess.NormalExit else -1)

    def _report(self, exitCode: int | None) -> None:
        process, self._process = self._process, None
        texts = [
            bytes(content.data()).decode("utf-8", "replace")
            for content in (process.readAllStandardOutput(), process.readAllStandardError())
        ]
        self._onDone(dependencies.verified(exitCode, *texts))
