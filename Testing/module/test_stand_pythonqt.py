"""The test stand's ``qt`` against what PythonQt answers in Slicer."""

from __future__ import annotations

import functools
import os
import pathlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

IDIOMS = Path(__file__).with_name("pythonqt_idioms.txt")


@dataclass(frozen=True)
class Idiom:
    code: str
    answer: str | None  # of PythonQt; None for a line which is only run
    here: str | None  # of the test stand


def readIdioms() -> list[Idiom]:
    idioms = []
    for line in IDIOMS.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        code, _arrow, answers = line.partition("  ->  ")
        answer, _mark, here = answers.partition("  !  ")
        idioms.append(Idiom(code, answer or None, here or answer or None))
    return idioms


def described(value: object) -> str:
    if value is None or isinstance(value, (bool, str, bytes, float)):
        return repr(value)
    if isinstance(value, int):
        return repr(int(value))  # enumerators too
    if isinstance(value, list):
        return "[" + ", ".join(map(described, value)) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(map(described, value)) + (",)" if len(value) == 1 else ")")
    return f"<{type(value).__name__}>"


def assign(target: object, name: str, value: object) -> object:
    setattr(target, name, value)
    return getattr(target, name)


def answerOf(code: str, names: dict) -> str:
    try:
        return described(eval(code, names))
    except Exception as error:
        return type(error).__name__


@pytest.mark.filterwarnings("ignore:Failed to disconnect")  # one idiom disconnects what is not connected
def test_idioms(host):
    import qt
    from slicerhost import pythonqt

    names = {"qt": qt, "assign": assign, "wait": host.processEvents}
    names |= {"functools": functools, "os": os, "pathlib": pathlib, "tempfile": tempfile}
    wrong = []
    for idiom in readIdioms():
        if idiom.answer is None:
            exec(idiom.code, names)
        elif (answer := answerOf(idiom.code, names)) != idiom.here:
            wrong.append(f"{idiom.code}: {answer}, expected {idiom.here}")
    assert wrong == []
    assert len(pythonqt.slotErrors) == 1  # the slot which divides by zero: printed, not raised
    assert "ZeroDivisionError" in pythonqt.slotErrors[0]
    host.forgetErrors()


def test_known_differences_are_all_that_differ():
    idioms = [idiom for idiom in readIdioms() if idiom.answer is not None]
    assert len(idioms) == 192
    assert len([idiom for idiom in idioms if idiom.here != idiom.answer]) == 14


def test_where_the_stand_differs_it_is_stricter():
    """It raises where PythonQt goes on. Else only connect() tells more than True, and what follows from a raise."""
    stricter = ("AttributeError", "TypeError", "RuntimeError")
    others = {idiom.code for idiom in readIdioms() if idiom.here not in (idiom.answer, *stricter)}
    assert {code.partition(".connect(")[0] for code in others} == {"button.clicked", "panel.bn.text"}


def test_lists_are_tuples(host, tmp_path):
    import qt

    (tmp_path / "a").touch()
    (tmp_path / "b").touch()
    assert qt.QDir(str(tmp_path)).entryList(qt.QDir.Files) == ("a", "b")
    assert qt.QStandardPaths.standardLocations(qt.QStandardPaths.TempLocation)[0]
    widget = qt.QWidget()
    label = qt.QLabel("x", widget)
    assert widget.children() == (label,) and widget.findChildren("QLabel") == (label,)
    assert isinstance(widget.actions(), tuple) and isinstance(qt.QTableWidget().selectedItems(), tuple)
    qt.QSettings().setValue("DualTaskSeg/Test", ["a", "b"])
    assert qt.QSettings().value("DualTaskSeg/Test") == ("a", "b")
    item = qt.QTableWidgetItem()
    item.setData(qt.Qt.UserRole, [1, [2]])
    assert item.data(qt.Qt.UserRole) == (1, (2,))
    watcher = qt.QFileSystemWatcher()
    assert watcher.addPaths([str(tmp_path), "/no/such"]) == ("/no/such",)


def test_empty_things_are_false(host):
    import qt
    from slicerhost import qtvalues

    empty = [qt.QVBoxLayout(), qt.QFormLayout(), qt.QGridLayout(), qt.QMenu(), qt.QUrl(), qt.QColor(), qt.QPixmap()]
    empty += [qt.QPoint(), qt.QSize(), qt.QIcon(), qt.QByteArray(), qt.QModelIndex(), qt.QDate()]
    assert [type(each).__name__ for each in empty if each] == []
    widget, layout = qt.QWidget(), qt.QVBoxLayout()
    widget.setLayout(layout)
    layout.addWidget(qt.QLabel("x"))
    full = [layout, qt.QUrl("a"), qt.QColor("red"), qt.QPoint(0, 1), qt.QByteArray(b"x"), qt.QWidget(), qt.QTimer()]
    assert [type(each).__name__ for each in full if not each] == []
    for question, names in qtvalues.FALSE_IF.items():
        assert [name for name in names.split() if not hasattr(getattr(qt, name), question)] == []


def test_methods_that_need_an_object_are_not_found_without(host, tmp_path):
    import qt

    path = tmp_path / "a"
    path.touch()
    for call in (qt.QFile.exists, qt.QFile.remove, qt.QFileInfo.exists):
        with pytest.raises(ValueError, match="needs an object"):
            call(str(path))
    assert qt.QFile(str(path)).exists() and qt.QFileInfo(str(path)).exists()
    assert qt.QFile(str(path)).remove() and not path.exists()
    assert not qt.QTemporaryFile().exists()  # of a subclass


def test_what_came_with_qt_6_is_not_there(host):
    import qt

    for name in ("QKeyCombination", "QPermission", "QDirListing", "QPageRanges"):
        assert not hasattr(qt, name)
    box = qt.QCheckBox("x")
    for owner, name in ((box, "checkStateChanged"), (qt.QMouseEvent, "globalPosition"), (qt.QPoint(), "toTuple")):
        with pytest.raises(AttributeError, match=f"{name}"):
            getattr(owner, name)
    with pytest.raises(AttributeError, match="no signal"):
        box.connect("checkStateChanged(Qt::CheckState)", print)
    assert callable(qt.QMouseEvent.globalPos) and qt.QAction and qt.QShortcut


def test_nothing_of_qt_is_invented(host):
    import qt

    with pytest.raises(AttributeError):
        qt.QNoSuchWidget  # noqa: B018
    with pytest.raises(AttributeError, match="no signal"):
        qt.QPushButton("Go").connect("pressedTwice()", lambda: None)


def test_slot_of_a_method_keeps_its_object(host):
    import qt

    class Counter:
        count = 0

        def onClicked(self) -> None:
            type(self).count += 1

    button = qt.QPushButton("Go")
    button.connect("clicked()", Counter().onClicked)
    button.click()
    assert Counter.count == 1


def test_exceptions_of_signals_timers_and_observers_are_seen(host):
    import qt
    import slicer
    from slicerhost import pythonqt

    def fail(*args):
        raise KeyError("seen")

    button = qt.QPushButton("Go")
    button.clicked.connect(fail)
    button.click()
    qt.QTimer.singleShot(0, fail)
    host.processEvents(20)
    observer = slicer.mrmlScene.AddObserver(slicer.mrmlScene.NodeAddedEvent, fail)
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode")
    assert len(pythonqt.slotErrors) == 3
    slicer.mrmlScene.RemoveObserver(observer)
    host.forgetErrors()


def test_signals_of_a_deleted_widget_are_forgotten(host):
    import qt
    from slicerhost import pythonqt

    before = len(pythonqt._connections)
    button = qt.QPushButton("Go")
    button.connect("clicked()", lambda: None)
    assert len(pythonqt._connections) == before + 1
    button.deleteLater()
    host.processEvents(10)
    assert len(pythonqt._connections) == before
