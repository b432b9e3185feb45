"""Answers what the module asks a person, so that nothing waits for a click."""

from __future__ import annotations

import types
from collections import deque
from typing import Any

import qt
import slicer

from checking.report import Fault

FILE_DIALOGS = ("getExistingDirectory", "getOpenFileName", "getSaveFileName")
TEXT_DIALOGS = ("getText", "getItem", "getInt", "getDouble")
YES_NO = ("confirmOkCancelDisplay", "confirmYesNoDisplay", "confirmRetryCloseDisplay")
MESSAGES = ("errorDisplay", "warningDisplay", "infoDisplay", "delayDisplay")


class Answers:
    """Stands in for Slicer's questions and Qt's dialogs for the time of a ``with`` block.

    Questions are answered with yes; dialogs that want a file or a text take the next of those given beforehand.

    Attributes:
        asked: the texts of the questions so far.
        shown: the texts of the messages so far.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.shown: list[str] = []
        self._files: deque[str] = deque()
        self._texts: deque[str] = deque()
        self._replaced: list[tuple[Any, str, Any]] = []

    def giveFile(self, path: object) -> None:
        """Queues the answer to the next dialog for a file or folder."""
        self._files.append(str(path))

    def giveText(self, text: str) -> None:
        """Queues the answer to the next dialog for a text."""
        self._texts.append(text)

    def __enter__(self) -> Answers:
        # The names in the module qt are replaced, not methods of Qt's classes, which can't be changed.
        self._replace(qt, "QFileDialog", self._dialog(FILE_DIALOGS, self._files))
        self._replace(qt, "QInputDialog", self._dialog(TEXT_DIALOGS, self._texts))
        self._replace(slicer.util, "messageBox", self._messageBox)
        for name in YES_NO:
            self._replace(slicer.util, name, self._confirm)
        for name in MESSAGES:
            self._replace(slicer.util, name, self._show)
        return self

    def __exit__(self, *_: object) -> None:
        while self._replaced:
            owner, name, value = self._replaced.pop()
            setattr(owner, name, value)

    def _replace(self, owner: Any, name: str, value: Any) -> None:
        if hasattr(owner, name):
            self._replaced.append((owner, name, getattr(owner, name)))
            setattr(owner, name, value)

    def _dialog(self, names: tuple[str, ...], answers: deque[str]) -> Any:
        def ask(*arguments: Any) -> str:
            text = " ".join(str(each) for each in arguments if isinstance(each, str))
            self.asked.append(text)
            if not answers:
                raise Fault(f"it asked unexpectedly: {text}")
            return answers.popleft()

        return types.SimpleNamespace(**dict.fromkeys(names, ask))

    def _messageBox(self, text: str, *_: Any, standardButtons: Any = None, **__: Any) -> Any:
        self.asked.append(text)
        yes = qt.QMessageBox.Yes
        isYesNo = standardButtons is not None and int(standardButtons) & int(yes)
        return yes if isYesNo else qt.QMessageBox.Ok

    def _confirm(self, text: str, *_: Any, **__: Any) -> bool:
        self.asked.append(text)
        return True

    def _show(self, text: str, *_: Any, **__: Any) -> None:
        self.shown.append(text)
