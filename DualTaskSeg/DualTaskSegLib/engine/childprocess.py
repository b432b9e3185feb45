"""Child processes that Qt watches: how each is prepared, and how it is let go of."""

from __future__ import annotations

import qt

from DualTaskSegLib.engine import interpreter
from DualTaskSegLib.engine.launching import endTree

# Without its last reference in Python a QProcess is deleted at once: while it runs, that ends its child by force, and
# inside one of its own signals Qt goes on to work on what is no more.
_kept: list[qt.QProcess] = []


def newProcess() -> qt.QProcess:
    """Returns a QProcess with the environment of children, see :func:`.interpreter.childEnvironment`."""
    environment = qt.QProcessEnvironment()
    for name, value in interpreter.childEnvironment().items():
        environment.insert(name, value)
    process = qt.QProcess()
    process.setProcessEnvironment(environment)
    return process


def isRunning(process: qt.QProcess) -> bool:
    """Says whether it has been started and has not ended."""
    return process.state() != qt.QProcess.NotRunning


def endByForce(process: qt.QProcess) -> None:
    """Ends a process with all that it started: PythonSlicer is but a launcher."""
    if isRunning(process):
        endTree(process.processId(), None)


def isKept(process: qt.QProcess) -> bool:
    """Whether a process that was released has not ended, or a moment ago."""
    return process in _kept


def release(process: qt.QProcess) -> None:
    """Lets Qt delete a process that nobody needs any more, as soon as it has ended and none of its signals goes on."""
    _kept.append(process)

    def delete() -> None:
        if isKept(process) and not isRunning(process):
            _kept.remove(process)
            process.deleteLater()

    def deleteLater(*_: object) -> None:
        qt.QTimer.singleShot(0, delete)

    process.connect("finished(int,QProcess::ExitStatus)", deleteLater)
    process.connect("errorOccurred(QProcess::ProcessError)", deleteLater)  # it never started
    deleteLater()
