"""Answers to what the program asks a person, given by a test beforehand.

``expect(answer)`` queues one answer, ``asked`` lists the questions so far, ``shown`` the messages. A question without
an answer raises :class:`UnexpectedQuestion`: nothing waits for a click which nobody makes.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass


class UnexpectedQuestion(AssertionError):  # noqa: N818  it is the question that is unexpected
    """The program asked something and the test had not said what to answer."""


@dataclass(frozen=True)
class Question:
    kind: str  # for instance "confirmOkCancelDisplay", "QFileDialog.getOpenFileName", "QDialog.exec"
    text: str


@dataclass(frozen=True)
class Message:
    level: str  # "info", "warning" or "error"
    text: str


asked: list[Question] = []
shown: list[Message] = []
unexpected: list[Question] = []
opened: list[str] = []  # what was given to the desktop to open: folders, web pages
_answers: deque[tuple[str, object]] = deque()


def expect(answer: object, containing: str = "") -> None:
    """Queue the answer to the next question, whose text must contain ``containing``.

    A function is called with the question (for a modal dialog with the dialog) and its result is the answer.
    """
    _answers.append((containing, answer))


def pending() -> int:
    """Number of answers that nobody asked for yet."""
    return len(_answers)


def forget() -> None:
    _answers.clear()
    for record in (asked, shown, unexpected, opened):
        record.clear()


def ask(kind: str, text: str, subject: object = None) -> object:
    """The answer to a question; raises UnexpectedQuestion when there is none for it."""
    question = Question(kind, text)
    asked.append(question)
    if not _answers or _answers[0][0] not in text:
        unexpected.append(question)
        waiting = f"the next answer is for a text with {_answers[0][0]!r}" if _answers else "no answer was queued"
        raise UnexpectedQuestion(f"{kind} asked {text!r}, but {waiting}. Use slicerhost.questions.expect.")
    answer = _answers.popleft()[1]
    return answer(question if subject is None else subject) if isinstance(answer, Callable) else answer


def install(qt) -> None:
    """Let Qt's own questions be answered here. PythonQt returns the file name alone, without the filter."""
    for name in ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"):
        setattr(qt.QFileDialog, name, staticmethod(_static(f"QFileDialog.{name}")))
    for name in ("getText", "getInt", "getDouble", "getItem", "getMultiLineText"):
        setattr(qt.QInputDialog, name, staticmethod(_static(f"QInputDialog.{name}")))
    for name in ("question", "information", "warning", "critical", "about"):
        setattr(qt.QMessageBox, name, staticmethod(_static(f"QMessageBox.{name}")))
    for cls in (qt.QDialog, qt.QMessageBox, qt.QFileDialog, qt.QInputDialog, qt.QProgressDialog, qt.QColorDialog):
        cls.exec = cls.exec_ = _exec
    qt.QMenu.exec = qt.QMenu.exec_ = lambda menu, *args: ask("QMenu.exec", menu.title, menu)
    qt.QDesktopServices.openUrl = staticmethod(_open)
    qt.QColorDialog.getColor = staticmethod(_static("QColorDialog.getColor"))


def installMessages(qt) -> None:
    """Slicer answers its own questions with "yes" while it is tested; here the test says what is answered.

    As in Slicer, the text of every ``slicer.util.infoDisplay``, ``confirmOkCancelDisplay`` and so on goes to the
    application log, which :mod:`logging` keeps; that of ``messageBox`` does not.
    """
    import slicer.util

    yes = (qt.QMessageBox.Ok, qt.QMessageBox.Yes, qt.QMessageBox.Retry)

    def clicked(kind: str, text: str, buttons) -> object:
        """The button that the test answers with; True is the first one that agrees."""
        answer = ask(kind, text)
        if not isinstance(answer, bool):
            return answer
        if not answer:
            return next((b for b in (qt.QMessageBox.Cancel, qt.QMessageBox.No) if buttons & b), qt.QMessageBox.NoButton)
        return next((button for button in yes if buttons & button), qt.QMessageBox.Ok)

    def display(logLevel, text, testingReturnValue, mainWindowNeeded=False, parent=None, windowTitle=None, **keywords):
        logging.log(logLevel, text)
        if testingReturnValue is None:
            shown.append(Message(logging.getLevelName(logLevel).lower(), text))
            return None
        return clicked("slicer.util", text, keywords["standardButtons"])

    def messageBox(text, parent=None, **keywords):
        return clicked("slicer.util.messageBox", text, keywords.get("standardButtons", qt.QMessageBox.Ok))

    slicer.util._messageDisplay = display
    slicer.util.messageBox = messageBox


def _static(kind: str):
    def question(*args):
        answer = ask(kind, " | ".join(str(argument) for argument in args if isinstance(argument, str)))
        return tuple(answer) if isinstance(answer, list) else answer

    return question


def _open(url) -> bool:
    opened.append(url.toLocalFile() if url.isLocalFile() else url.toString())
    return True


def _exec(dialog, *args):
    """A modal dialog: the answer is the result, or a function which uses the dialog and returns it."""
    text = getattr(dialog, "text", "")
    title = dialog.windowTitle
    return ask(f"{dialog.className()}.exec", " | ".join(part for part in (title, text) if part), dialog)
