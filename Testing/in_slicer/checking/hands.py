"""What all steps share: where things are, clicks, and waiting."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import slicer

from checking.answers import Answers
from checking.report import Fault

MODULE = "DualTaskSeg"
TRAINING_S = 600.0  # on a slow computer that loads PyTorch for the first time
COMPUTING_S = 240.0
WAITING_S = 60.0


class Hands:
    """Uses the module as a person would, by its buttons.

    Attributes:
        answers: answers what is asked.
        folder: for all that is written.
        samples: folder of the sample scans.
        volume: the scan that is segmented.
        segmentation: its result.
        program: a child process that is waited for.
    """

    def __init__(self) -> None:
        self.answers = Answers()
        self.folder = Path()
        self.samples = Path()
        self.volume: Any = None
        self.segmentation: Any = None
        self.program: subprocess.Popen | None = None

    @property
    def widget(self) -> Any:
        return slicer.util.getModuleWidget(MODULE)

    @property
    def panel(self) -> Any:
        return self.widget.panel

    @property
    def parameters(self) -> Any:
        return self.panel.parameterNode

    def section(self, name: str) -> Any:
        """The section of a class, unfolded."""
        found = next(each for each in self.widget.sections if type(each).__name__ == name)
        found.collapsed = False
        slicer.app.processEvents()
        return found

    def click(self, button: Any) -> None:
        """Clicks what a person could click."""
        if not button.enabled:
            raise Fault(f"{button.objectName} is disabled: {button.toolTip}")
        button.click()

    def waitFor(self, condition: Callable[[], Any], what: str, seconds: float = WAITING_S) -> None:
        """Lets Slicer work until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                message = self.widget.ui.messageLabel.text
                raise Fault(f"waited {seconds:g} s for {what}" + (f"; the panel says: {message}" if message else ""))
            slicer.app.processEvents()
            time.sleep(0.01)

    def settle(self, seconds: float = 0.5) -> None:
        """Lets timers and background work go on for a while."""
        end = time.monotonic() + seconds
        self.waitFor(lambda: time.monotonic() > end and not self.panel.steps.isBusy, "the panel to be idle")

    def runPython(self, *arguments: str) -> None:
        """Runs Slicer's Python as a child, as the module does."""
        from DualTaskSegLib.engine import interpreter

        output = self.folder / "output.txt"
        with output.open("wb") as stream:
            self.program = subprocess.Popen(
                [interpreter.pythonExecutable(), *arguments],
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=interpreter.childEnvironment(),
            )
            self.waitFor(lambda: self.program.poll() is not None, "a program of Slicer's Python", TRAINING_S)
        code, self.program = self.program.returncode, None
        if code:
            lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise Fault(f"exit code {code}: {' '.join(lines[-3:])}")
