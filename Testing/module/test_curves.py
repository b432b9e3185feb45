"""Curves of a training as nodes and in the plot views."""

import math
import time
from itertools import pairwise

import numpy as np
import pytest

OUTLINES, UNLABELED = "Loss on outlines", "Loss on unlabeled scans"


def train(step, loss, **parts):
    """A row as the training writes it; the whole loss, which is no curve, is larger."""
    whole = loss + 1 if isinstance(loss, float) else loss
    return {"kind": "train", "iteration": step, "time": step / 10, "loss": whole, "outlined_loss": loss, **parts}


def validation(step, **dice):
    return {"kind": "validation", "iteration": step, "dice": dice}


def test_rows_become_curves_and_missing_numbers_are_passed_over(host):
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(1, 2.0, probability_supervised=1.0), train(2, None), train(3, math.nan, unlabeled_loss=0.5)])
    curves.append(
        [{"kind": "event", "iteration": 3, "text": "halved"}, {"kind": "train"}, train(4, 1.5), train(5, "x")]
    )
    curves.append(
        [validation(3, Organ=0.5, Vein=None), validation(4, Organ=0.75, Vein=0.25), validation(5, Organ=math.inf)]
    )
    assert curves.loss.columns() == {
        OUTLINES: ([1, 4], [2.0, 1.5]),
        UNLABELED: ([3], [0.5]),
    }
    assert curves.dice.columns() == {"Organ": ([3, 4], [0.5, 0.75]), "Vein": ([4], [0.25])}


def test_no_curve_rises_only_since_terms_are_added(host):
    """When the networks begin to teach each other the whole loss rises, though nothing gets worse."""
    from DualTaskSegLib.views.curves import Curves

    rows = [{**train(step, 1 / step), "loss": 1 / step} for step in range(1, 6)]
    rows += [{**train(step, 1 / step, unlabeled_loss=3 / step), "loss": 4 / step} for step in range(6, 11)]
    curves = Curves("Run 1")
    curves.append(rows)
    columns = curves.loss.columns()
    assert list(columns) == [OUTLINES, UNLABELED]
    for steps, values in columns.values():
        assert steps and all(after < before for before, after in pairwise(values))
    assert columns[UNLABELED][0] == [6, 7, 8, 9, 10]


def test_trainings_of_earlier_versions_are_shown(host):
    """They wrote what the losses are made of, and the whole."""
    from DualTaskSegLib.views.curves import Curves

    supervised = {"probability_supervised": 1.0, "distance_supervised": 0.5, "distance_regression": 0.25}
    taught = {"probability_taught": 2.0, "distance_taught": 1.0, "consistency": 0.1}
    old = {"kind": "train", "time": 0.1, "loss": 9.0}
    curves = Curves("Run 1")
    curves.append([{**old, "iteration": 1, **supervised}, {**old, "iteration": 2, **supervised, **taught}])
    assert curves.loss.columns() == {OUTLINES: ([1, 2], [1.75, 1.75]), UNLABELED: ([2], [3.0])}
    published = Curves("Run 2")
    published.append(
        [{**old, "iteration": 1, "probability_supervised": 1.0, "distance_supervised": 0.5, "consistency": 0.25}]
    )
    assert published.loss.columns() == {OUTLINES: ([1], [1.5]), UNLABELED: ([1], [0.25])}


def test_the_nodes_are_those_of_slicer_and_not_saved(host, tmp_path):
    import slicer.util
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(step, 1 / step, unlabeled_loss=0.5 / step) for step in range(1, 11)])
    chart = curves.loss.node()
    assert chart.GetTitle() == "Run 1: Loss" and chart.GetXAxisTitle() == "Step"
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    assert [one.GetName() for one in series] == [OUTLINES, UNLABELED]
    assert series[0].GetColor() != series[1].GetColor() and series[0].GetLineStyle() != series[1].GetLineStyle()
    table = series[0].GetTableNode()
    assert np.allclose(slicer.util.arrayFromTableColumn(table, series[0].GetXColumnName()), np.arange(1, 11))
    assert np.allclose(slicer.util.arrayFromTableColumn(table, series[0].GetYColumnName()), 1 / np.arange(1, 11))
    assert series[0].GetPlotType() == slicer.vtkMRMLPlotSeriesNode.PlotTypeScatter  # so that x is the step
    curves.append([validation(10, **{f"Organ {number}": 0.5 for number in range(9)})])
    dices = [curves.dice.node().GetNthPlotSeriesNode(index) for index in range(9)]
    assert len({(one.GetColor(), one.GetLineStyle()) for one in dices}) == 9
    for className in ("vtkMRMLPlotChartNode", "vtkMRMLPlotSeriesNode", "vtkMRMLTableNode"):
        assert slicer.util.getNodesByClass(className)
        assert not any(node.GetSaveWithScene() for node in slicer.util.getNodesByClass(className))
    slicer.util.saveScene(str(tmp_path / "scene.mrml"))
    assert "Run 1" not in (tmp_path / "scene.mrml").read_text(encoding="utf-8")


def test_a_resumed_training_goes_back(host):
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(step, float(step)) for step in range(1, 101)])
    curves.append([train(step, 1000.0) for step in range(51, 54)])
    steps, values = curves.loss.columns()[OUTLINES]
    assert steps == list(range(1, 54)) and values[49:] == [50.0, 1000.0, 1000.0, 1000.0]


def test_the_user_may_delete_the_nodes_and_close_the_scene(host):
    import slicer
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(1, 1.0)])
    slicer.mrmlScene.RemoveNode(curves.loss.node())
    assert curves.loss.node() is None
    curves.append([train(2, 0.5)])
    assert curves.loss.node() is not None and curves.loss.columns()[OUTLINES] == ([1, 2], [1.0, 0.5])
    slicer.mrmlScene.Clear()
    assert curves.loss.columns() == {}
    curves.append([train(3, 0.25), validation(3, Organ=0.5)])
    assert curves.loss.columns()[OUTLINES] == ([3], [0.25])
    curves.clear()
    assert curves.loss.columns()[OUTLINES] == ([], [])
    curves.remove()
    assert curves.loss.node() is None and curves.dice.node() is None
    assert not slicer.util.getNodesByClass("vtkMRMLTableNode")


def test_the_charts_are_seen_and_grow(host):
    import slicer
    from DualTaskSegLib.views import layouts
    from DualTaskSegLib.views.curves import COLORS, Curves

    before = slicer.app.layoutManager().layout
    curves = Curves("Run 1")
    curves.append([train(step, 3.0 / step) for step in range(1, 50)] + [validation(10, Organ=0.2)])
    assert curves.show() == before
    manager = slicer.app.layoutManager()
    assert manager.plotViewCount == 2
    shown = {manager.plotWidget(n).mrmlPlotViewNode().GetPlotChartNodeID(): n for n in range(2)}
    assert set(shown) == {curves.loss.node().GetID(), curves.dice.node().GetID()}
    view = manager.plotWidget(shown[curves.loss.node().GetID()])
    color = 255 * np.array(COLORS[0])

    def drawn():
        return (np.abs(view.image().astype(float) - color).max(axis=2) < 25).sum()

    few = drawn()
    curves.append([train(step, 3.0 + np.sin(step)) for step in range(50, 300)])
    assert few > 20 and drawn() > 2 * few
    layouts.restore(before)
    assert manager.layout == before


def test_a_plot_without_a_curve_says_why(host):
    """Where no case is held out there is no Dice."""
    import slicer
    from DualTaskSegLib.views import layouts
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(1, 1.0)])
    before = curves.show()
    view = layouts.plotView(layouts.DICE_VIEW)
    assert view.GetPlotChartNodeID() == curves.dice.node().GetID()
    assert curves.dice.node().GetNumberOfPlotSeriesNodes() == 1
    assert curves.dice.node().GetNthPlotSeriesNode(0).GetName() == (
        "none yet; it is measured on cases marked Validation"
    )
    widgets = [slicer.app.layoutManager().plotWidget(n) for n in range(2)]
    picture = next(each for each in widgets if each.mrmlPlotViewNode() is view).image(500, 400)
    assert (picture < 128).any()  # a chart without any curve is not drawn at all
    curves.show()
    assert curves.dice.node().GetNumberOfPlotSeriesNodes() == 1
    curves.append([validation(2, Organ=0.5)])
    assert view.GetPlotChartNodeID() == curves.dice.node().GetID()
    assert curves.dice.node().GetTitle() == "Run 1: Validation Dice"
    assert curves.dice.node().GetNumberOfPlotSeriesNodes() == 1
    assert curves.dice.node().GetNthPlotSeriesNode(0).GetName() == "Organ"
    layouts.restore(before)


@pytest.mark.undisturbed
def test_adding_points_takes_little_time_however_many_there_are(host):
    from DualTaskSegLib.views.curves import Curves

    curves = Curves("Run 1")
    parts = {"unlabeled_loss": 0.5}
    curves.append([train(step, 1.0, **parts) for step in range(1, 50_001)])
    started = time.monotonic()
    curves.append([train(step, 1.0, **parts) for step in range(50_001, 50_051)])
    assert time.monotonic() - started < 0.1
    assert len(curves.loss.columns()[OUTLINES][0]) == 50_050
