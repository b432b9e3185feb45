"""The panel without a mouse, without colors, without eyes, and in large letters."""

from __future__ import annotations

import itertools

import pytest
from paneltools import MODULE, cohort, cohortPanel, modelPanel, panel, projectPanel, section, trainedRun  # noqa: F401

SECTIONS = ("CasesSection", "TrainSection", "ModelsSection", "ApplySection", "ReviewSection", "ExportSection")
SCALES = (1.25, 2.0)


def _descendants(widget):
    from PySide6 import QtWidgets

    return [child for child in widget.findChildren(QtWidgets.QWidget) if child.isVisibleTo(widget.window())]


def _reachable(widget) -> list:
    """The widgets that a person can use: enabled, seen, and asking for the keyboard."""
    from PySide6.QtCore import Qt

    return [
        each
        for each in _descendants(widget)
        if each.isEnabled() and int(each.focusPolicy) & int(Qt.TabFocus) and each.focusProxy() is None
    ]


def _walk(first, isWithin) -> list:
    """Where the Tab key leads, from a widget on as long as it is within."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    first.setFocus()
    found = []
    current = QApplication.focusWidget()
    while current is not None and isWithin(current) and current not in found:
        found.append(current)
        QTest.keyClick(current, Qt.Key_Tab)
        current = QApplication.focusWidget()
    return found


def _isBefore(first, second) -> bool:
    """Whether eyes come to the first one before: it is higher, or in the same row further left."""
    from PySide6.QtCore import QRect

    window = first.window()
    a, b = (QRect(each.mapTo(window, each.rect.topLeft()), each.size) for each in (first, second))
    areBeside = a.top() <= b.center().y() <= a.bottom() or b.top() <= a.center().y() <= b.bottom()
    return a.left() < b.left() if areBeside else a.top() < b.top()


@pytest.fixture
def everything(host, modelPanel):  # noqa: F811
    """The panel with a project, a model, a case selected and all questions open; the sections are opened one by one."""
    from PySide6.QtWidgets import QApplication

    _askEverything(modelPanel)
    QApplication.setActiveWindow(host.mainWindow)
    yield modelPanel
    QApplication.setActiveWindow(None)


def _askEverything(widget) -> None:
    """Opens the questions of Cases, with segments that the project doesn't know."""
    from DualTaskSegLib.results.annotations import Annotation
    from DualTaskSegLib.scene.segmentations import Mismatches, SegmentInfo

    project = widget.panel.project
    cases = section(widget, "CasesSection")
    cases.ui.caseTable.selectRow(0)
    unknown = [SegmentInfo(f"S{index}", f"Tumour {index}", (200, 0, 0), "", False, 1.0) for index in range(2)]
    cases.outlines.mapping.ask(Annotation(project.cases[0], None, True), Mismatches(tuple(unknown)), project.segments)
    cases.ui.slicesBox.visible = cases.ui.useLabel.visible = cases.ui.useButton.visible = True
    cases.ui.structuresButton.setChecked(True)
    assert cases.ui.structuresBox.isVisibleTo(cases.widget)
    cases.ui.termBox.visible = True
    review = section(widget, "ReviewSection")
    for table in (review.ui.numbersTable, review.ui.changesTable):
        table.setRowCount(1)
        table.visible = True
    section(widget, "ModelsSection").ui.detailsButton.setChecked(True)
    section(widget, "ApplySection").ui.batchCollapsible.collapsed = False


def _open(host, widget, name: str):
    for each in widget.sections:
        each.collapsed = type(each).__name__ != name
    for _round in range(10):  # layouts ask those above them to be laid out anew, one round after the other
        host.processEvents(5)
    return section(widget, name)


def test_the_tab_key_reaches_every_control_in_the_order_of_the_eye(host, everything):
    """From each heading on; tables, which keep the key in Qt's default, and combo boxes made later included."""
    seen = 0
    for name in SECTIONS:
        opened = _open(host, everything, name)
        wanted = _reachable(opened.widget)
        assert wanted, name
        walked = _walk(opened.button, lambda each, top=opened.button: each is top or top.isAncestorOf(each))
        assert walked[0] is opened.button
        missed = [each.objectName or each.metaObject().className() for each in wanted if each not in walked]
        assert not missed, f"{name}: {missed}"
        for first, second in itertools.pairwise(walked[1:]):
            assert _isBefore(first, second), f"{name}: {first.objectName} comes before {second.objectName}"
        seen += len(walked)
    assert seen > 40
    head = everything.ui.newProjectButton
    assert _walk(head, lambda each: each is not section(everything, "CasesSection").button) == [
        head,
        everything.ui.openProjectButton,
    ]


def test_the_alt_key_opens_each_section(host, everything):
    """Its letters differ, and the keyboard goes on from the heading."""
    from PySide6 import QtGui
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    keys = [QtGui.QKeySequence.mnemonic(each.button.text).toString() for each in everything.sections]
    assert all(keys) and len(set(keys)) == len(keys)
    assert not {"Alt+F", "Alt+E", "Alt+V", "Alt+H"} & set(keys)  # Slicer's menus
    train = section(everything, "TrainSection")
    _open(host, everything, "CasesSection")
    QTest.keyClick(host.mainWindow, Qt.Key_T, Qt.AltModifier)
    host.waitFor(lambda: not train.collapsed, 5)
    assert QApplication.focusWidget() is train.button


def test_screen_readers_hear_a_name_for_every_control(host, everything):
    from PySide6.QtGui import QAccessible

    for name in SECTIONS:
        opened = _open(host, everything, name)
        unnamed = [
            f"{each.objectName or each.metaObject().className()} in {each.parentWidget().objectName}"
            for each in _reachable(opened.widget)
            if not any(map(str.isalnum, QAccessible.queryAccessibleInterface(each).text(QAccessible.Name)))
        ]
        assert not unnamed, f"{name}: {unnamed}"
    review = section(everything, "ReviewSection")
    assert [review.ui.fillSlider.spinBox().accessibleName, review.ui.resultSelector.accessibleName] == [
        "Fill",
        "Result",
    ]
    assert everything.ui.messageCloseButton.accessibleName == "Hide this message"


def test_what_a_mouse_over_a_row_tells_is_shown_for_the_selected_row(host, everything):
    cases = _open(host, everything, "CasesSection")
    case = everything.panel.project.cases[1]
    case.problems = ("The first problem of a scan.", "The second one.")
    cases.refresh()
    assert not cases.ui.problemsLabel.isVisibleTo(cases.widget)
    cases.table.select(case.id)
    assert cases.ui.problemsLabel.text == "The first problem of a scan.\nThe second one."
    assert cases.ui.problemsLabel.isVisibleTo(cases.widget)


@pytest.fixture(params=SCALES)
def largeFont(host, request):
    """The application's letters, larger."""
    import slicer

    usual = slicer.app.font()
    font = slicer.app.font()
    font.setPointSizeF(usual.pointSizeF() * request.param)
    slicer.app.setFont(font)
    host.processEvents(50)
    yield request.param
    slicer.app.setFont(usual)
    host.processEvents(50)


def _cut(widget) -> list[str]:
    """What is seen in a widget and has less room than its text needs."""
    from PySide6 import QtWidgets
    from PySide6.QtCore import Qt

    found = []
    for each in _descendants(widget):
        if isinstance(each, QtWidgets.QLabel) and each.text:
            width = each.minimumSizeHint().width() if each.wordWrap else each.sizeHint().width()
            height = each.heightForWidth(each.width) if each.wordWrap else each.sizeHint().height()
        elif isinstance(each, (QtWidgets.QPushButton, QtWidgets.QCheckBox, QtWidgets.QToolButton)):
            width, height = each.sizeHint().width(), each.sizeHint().height()
        elif each.inherits("ctkCollapsibleButton"):
            width, height = each.fontMetrics().horizontalAdvance(each.text), each.fontMetrics().height()
        elif isinstance(each, QtWidgets.QGroupBox):
            width, height = each.fontMetrics().horizontalAdvance(each.title), each.fontMetrics().height()
        elif isinstance(each, QtWidgets.QHeaderView):
            sections = range(each.count()) if each.orientation() == Qt.Horizontal else ()
            if any(each.sectionSize(index) < _neededBy(each, index) for index in sections):
                found.append(f"the headings of {each.parentWidget().objectName}")
            continue
        elif isinstance(each, QtWidgets.QTableWidget):
            width, height = 0, 0
            if each.rowCount and each.rowHeight(0) < each.fontMetrics().height():
                found.append(f"the rows of {each.objectName}")
        else:
            continue
        if width > each.width or height > each.height:
            text = each.title if isinstance(each, QtWidgets.QGroupBox) else getattr(each, "text", "")
            found.append(f"{each.objectName}: {text!r} needs {width} x {height}, has {each.width} x {each.height}")
    return found


def _neededBy(header, index: int) -> int:
    """The width of a heading; only that of the sorted column has an arrow, for which Qt counts with all of them."""
    if not header.isSortIndicatorShown() or index == header.sortIndicatorSection():
        return header.sectionSizeHint(index)
    return header.fontMetrics().horizontalAdvance(header.model().headerData(index, header.orientation())) + 6


def test_large_letters_are_not_cut(host, largeFont, modelPanel):  # noqa: F811
    """As narrow as the panel can be made: in Slicer, too, it is at least as wide as its widgets say."""
    from PySide6.QtCore import Qt

    _askEverything(modelPanel)
    assert modelPanel.ui.newProjectButton.fontMetrics().height() > 14 * 1.2
    for name in SECTIONS:
        _open(host, modelPanel, name)
        if name == "CasesSection":
            section(modelPanel, name).ui.caseTable.sortByColumn(3, Qt.AscendingOrder)  # its heading gets an arrow
        host.mainWindow.resize(200, 4000)
        host.processEvents(50)
        assert not _cut(modelPanel.ui.projectLabel.window()), name
