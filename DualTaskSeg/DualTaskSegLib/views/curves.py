"""The curves of a training as MRML tables, series and charts, which grow while it goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import slicer
import vtk
from slicer.i18n import tr as _

from DualTaskSegLib.scene.casevolumes import ROLE
from DualTaskSegLib.views import layouts

CURVES = "curves"
STEP = "Step"
# What the curves of the loss are called, where a row of metrics.jsonl holds it, and what it is the sum of, by the
# default method and by the published one: trainings of earlier versions wrote only that. The whole loss is not shown:
# it rises when the networks begin to teach each other, since terms are added, though nothing gets worse.
LOSSES = (
    (
        _("Loss on outlines"),
        "outlined_loss",
        (("probability_supervised", "distance_supervised", "distance_regression"),),
    ),
    (
        _("Loss on unlabeled scans"),
        "unlabeled_loss",
        (("probability_taught", "distance_taught"), ("consistency",)),
    ),
)
COLORS = (
    (0.90, 0.62, 0.00),
    (0.34, 0.71, 0.91),
    (0.00, 0.62, 0.45),
    (0.00, 0.45, 0.70),
    (0.84, 0.37, 0.00),
    (0.80, 0.47, 0.65),
)


class Curves:
    """Loss and Dice of one training. The nodes are not saved with the user's scene."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.loss = _Chart(_("Loss"), title)
        self.dice = _Chart(_("Validation Dice"), title, (0.0, 1.0))
        self._isShown = False

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Adds rows of ``metrics.jsonl``; call it at most once a second.

        A row without a finite number for a curve is passed over for it. Of rows that go back to an earlier step, as
        after a resumed training, the later count.
        """
        losses: list[tuple[float, dict[str, float]]] = []
        dices: list[tuple[float, dict[str, float]]] = []
        for row in rows:
            step = _number(row.get("iteration"))
            if math.isnan(step):
                continue
            if row.get("kind") == "train":
                losses.append((step, {title: _lossOf(row, key, sums) for title, key, sums in LOSSES}))
            elif row.get("kind") == "validation" and isinstance(row.get("dice"), Mapping):
                dices.append((step, {str(name): _number(value) for name, value in row["dice"].items()}))
        before = self.loss.node(), self.dice.node()
        self.loss.append(losses)
        self.dice.append(dices)
        if self._isShown and (self.loss.node(), self.dice.node()) != before:
            self._attach()  # they were asked for before there was a point to draw

    def clear(self) -> None:
        """Removes all points."""
        self.loss.clear()
        self.dice.clear()

    def show(self) -> int | None:
        """Shows both charts in our layout; returns the layout before, for :func:`.layouts.restore`."""
        before = layouts.switchTo(layouts.TRAINING)
        self._isShown = True
        self.dice.prepare(_("none yet; it is measured on cases marked Validation"))
        self._attach()
        return before

    def _attach(self) -> None:
        for tag, chart in ((layouts.LOSS_VIEW, self.loss), (layouts.DICE_VIEW, self.dice)):
            view = layouts.plotView(tag)
            if view is not None and chart.node() is not None:
                view.SetPlotChartNodeID(chart.node().GetID())

    def remove(self) -> None:
        """Removes all nodes from the scene."""
        self.loss.remove()
        self.dice.remove()


class _Chart:
    """A chart with one table and a curve for each of its columns; the nodes are made anew if the user deletes them.

    Args:
        name: of the axis.
        valueRange: fixed range of the axis; None to fit it.
    """

    def __init__(self, name: str, title: str, valueRange: tuple[float, float] | None = None) -> None:
        self.name = name
        self.title = title
        self.valueRange = valueRange
        self._tables: dict[str, slicer.vtkMRMLTableNode] = {}
        self._series: dict[str, slicer.vtkMRMLPlotSeriesNode] = {}
        self._placeholder: list[slicer.vtkMRMLNode] = []  # series and table, while there is no curve
        self._chart: slicer.vtkMRMLPlotChartNode | None = None

    def node(self) -> slicer.vtkMRMLPlotChartNode | None:
        """The chart node; None before the first point unless it was prepared, or if it was deleted."""
        return self._chart if _isThere(self._chart) else None

    def columns(self) -> dict[str, tuple[list[float], list[float]]]:
        """Steps and values of each curve."""
        return {name: _pointsOf(table) for name, table in self._tables.items() if _isThere(table)}

    def append(self, points: Iterable[tuple[float, Mapping[str, float]]]) -> None:
        byCurve: dict[str, list[tuple[float, float]]] = {}
        for step, values in points:
            for name, value in values.items():
                if math.isfinite(value):
                    byCurve.setdefault(name, []).append((step, value))
        for name, new in byCurve.items():
            self._ensure(name)
            _extend(self._tables[name], new)

    def clear(self) -> None:
        for table in self._tables.values():
            if _isThere(table):
                table.GetTable().SetNumberOfRows(0)
                table.Modified()

    def remove(self) -> None:
        _removeNodes([self._chart, *self._series.values(), *self._tables.values()])
        _removeNodes(self._placeholder)
        self._chart = None
        self._series.clear()
        self._tables.clear()

    def prepare(self, reason: str) -> None:
        """Makes the chart before there is a point to draw, and says in its legend why it is empty.

        A chart without any curve is not drawn, its title neither. So the reason is the name of a curve that isn't seen.
        """
        if not _isThere(self._chart):
            self._makeChart()
        if not self.columns() and not self._placeholder:
            table = _newTable(f"{self.title} {self.name} {reason}", reason)
            series = _newSeries(reason, reason)
            series.SetLineStyle(slicer.vtkMRMLPlotSeriesNode.LineStyleNone)
            _extend(table, [(0.0, 0.0), (1.0, 0.0)])
            series.SetAndObserveTableNodeID(table.GetID())
            self._placeholder = [series, table]
            self._chart.AddAndObservePlotSeriesNodeID(series.GetID())

    def _makeChart(self) -> None:
        self._chart = _add("vtkMRMLPlotChartNode", f"{self.title} {self.name}")
        self._chart.SetTitle(f"{self.title}: {self.name}")
        self._chart.SetXAxisTitle(_("Step"))
        self._chart.SetYAxisTitle(self.name)
        if self.valueRange is not None:
            self._chart.SetYAxisRangeAuto(False)
            self._chart.SetYAxisRange(*self.valueRange)
        for series in self._series.values():
            if _isThere(series):
                self._chart.AddAndObservePlotSeriesNodeID(series.GetID())

    def _ensure(self, name: str) -> None:
        if not _isThere(self._chart):
            self._makeChart()
        _removeNodes(self._placeholder)
        if not _isThere(self._tables.get(name)):
            self._tables[name] = _newTable(f"{self.title} {self.name} {name}", name)
        series = self._series.get(name)
        if not _isThere(series):
            series = _newSeries(name, name)
            series.SetLineWidth(2)
            series.SetColor(*COLORS[len(self._series) % len(COLORS)])
            series.SetLineStyle(_lineStyles()[len(self._series) % len(_lineStyles())])
            self._series[name] = series
            self._chart.AddAndObservePlotSeriesNodeID(series.GetID())
        series.SetAndObserveTableNodeID(self._tables[name].GetID())


def _lineStyles() -> tuple[int, ...]:
    """Kinds of lines: they tell the curves apart for those who don't see their colors, and in print."""
    kind = slicer.vtkMRMLPlotSeriesNode
    return (
        kind.LineStyleSolid,
        kind.LineStyleDash,
        kind.LineStyleDot,
        kind.LineStyleDashDot,
        kind.LineStyleDashDotDot,
    )


def _add(className: str, name: str, isUnique: bool = True) -> slicer.vtkMRMLNode:
    node = slicer.mrmlScene.CreateNodeByClass(className)
    node.UnRegister(None)
    node.SetName(slicer.mrmlScene.GenerateUniqueName(name) if isUnique else name)
    node.SetSaveWithScene(False)
    # Before it is added: else the module Data lists it, and its line there is saved with the scene all the same.
    node.SetHideFromEditors(True)
    node.SetAttribute(ROLE, CURVES)
    return slicer.mrmlScene.AddNode(node)


def _newSeries(name: str, column: str) -> slicer.vtkMRMLPlotSeriesNode:
    series = _add("vtkMRMLPlotSeriesNode", name, isUnique=False)  # the name stands in the legend
    series.SetPlotType(slicer.vtkMRMLPlotSeriesNode.PlotTypeScatter)
    series.SetMarkerStyle(slicer.vtkMRMLPlotSeriesNode.MarkerStyleNone)
    series.SetXColumnName(STEP)
    series.SetYColumnName(column)
    return series


def _removeNodes(nodes: list[slicer.vtkMRMLNode]) -> None:
    """Removes nodes from the scene, as far as they are there, and empties the list."""
    for node in nodes:
        if _isThere(node):
            slicer.mrmlScene.RemoveNode(node)
    nodes.clear()


def _newTable(title: str, column: str) -> slicer.vtkMRMLTableNode:
    node = _add("vtkMRMLTableNode", title)
    for name in (STEP, column):
        values = vtk.vtkDoubleArray()
        values.SetName(name)
        node.AddColumn(values)
    return node


def _extend(tableNode: slicer.vtkMRMLTableNode, points: list[tuple[float, float]]) -> None:
    """Appends points in place; only a step back makes older rows go."""
    table = tableNode.GetTable()
    steps, values = table.GetColumn(0), table.GetColumn(1)
    isModifying = tableNode.StartModify()
    for step, value in points:
        while steps.GetNumberOfValues() and steps.GetValue(steps.GetNumberOfValues() - 1) >= step:
            steps.SetNumberOfValues(steps.GetNumberOfValues() - 1)
            values.SetNumberOfValues(steps.GetNumberOfValues())
        steps.InsertNextValue(step)
        values.InsertNextValue(value)
    for array in (steps, values):
        array.Modified()
    table.Modified()
    tableNode.Modified()
    tableNode.EndModify(isModifying)


def _pointsOf(tableNode: slicer.vtkMRMLTableNode) -> tuple[list[float], list[float]]:
    table = tableNode.GetTable()
    rows = range(table.GetNumberOfRows())
    steps, values = table.GetColumn(0), table.GetColumn(1)
    return [steps.GetValue(row) for row in rows], [values.GetValue(row) for row in rows]


def _isThere(node: slicer.vtkMRMLNode | None) -> bool:
    return node is not None and node.GetScene() is not None


def _lossOf(row: Mapping[str, Any], key: str, sums: tuple[tuple[str, ...], ...]) -> float:
    """A loss of a row of ``metrics.jsonl``, NaN where it is not told."""
    if key in row:
        return _number(row[key])
    for parts in sums:
        values = [_number(row[part]) for part in parts if part in row]
        if values:
            return sum(values)
    return math.nan


def _number(value: object) -> float:
    """A finite number, or NaN."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return math.nan
    return float(value)
