"""Curves of a training as nodes and in the plot views."""

import math
import time

import numpy as np


def train(step, loss, **parts):
    return {"kind": "train", "iteration": step, "time": step / 10, "loss": loss, **parts}


def validation(step, **dice):
    return {"kind": "validation", "iteration": step, "dice": dice}


def test_rows_become_curves_and_missing_numbers_are_passed_over(host):
    from DualTaskSegLib.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(1, 2.0, probability_supervised=1.0), train(2, None), train(3, math.nan, consistency=0.5)])
    curves.append(
        [{"kind": "event", "iteration": 3, "text": "halved"}, {"kind": "train"}, train(4, 1.5), train(5, "x")]
    )
    curves.append(
        [validation(3, Organ=0.5, Vein=None), validation(4, Organ=0.75, Vein=0.25), validation(5, Organ=math.inf)]
    )
    assert curves.loss.columns() == {
        "All": ([1, 4], [2.0, 1.5]),
        "Outlines, probability network": ([1], [1.0]),
        "Disagreement of the networks": ([3], [0.5]),
    }
    assert curves.dice.columns() == {"Organ": ([3, 4], [0.5, 0.75]), "Vein": ([4], [0.25])}


def test_the_nodes_are_those_of_slicer_and_not_saved(host, tmp_path):
    import slicer.util
    from DualTaskSegLib.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(step, 1 / step, distance_supervised=0.5 / step) for step in range(1, 11)])
    chart = curves.loss.node()
    assert chart.GetTitle() == "Run 1: Loss" and chart.GetXAxisTitle() == "Step"
    series = [chart.GetNthPlotSeriesNode(index) for index in range(chart.GetNumberOfPlotSeriesNodes())]
    assert [one.GetName() for one in series] == ["All", "Outlines, distance network"]
    assert series[0].GetColor() != series[1].GetColor()
    table = series[0].GetTableNode()
    assert np.allclose(slicer.util.arrayFromTableColumn(table, series[0].GetXColumnName()), np.arange(1, 11))
    assert np.allclose(slicer.util.arrayFromTableColumn(table, series[0].GetYColumnName()), 1 / np.arange(1, 11))
    assert series[0].GetPlotType() == slicer.vtkMRMLPlotSeriesNode.PlotTypeScatter  # so that x is the step
    for className in ("vtkMRMLPlotChartNode", "vtkMRMLPlotSeriesNode", "vtkMRMLTableNode"):
        assert slicer.util.getNodesByClass(className)
        assert not any(node.GetSaveWithScene() for node in slicer.util.getNodesByClass(className))
    slicer.util.saveScene(str(tmp_path / "scene.mrml"))
    assert "Run 1" not in (tmp_path / "scene.mrml").read_text(encoding="utf-8")


def test_a_resumed_training_goes_back(host):
    from DualTaskSegLib.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(step, float(step)) for step in range(1, 101)])
    curves.append([train(step, 1000.0) for step in range(51, 54)])
    steps, values = curves.loss.columns()["All"]
    assert steps == list(range(1, 54)) and values[49:] == [50.0, 1000.0, 1000.0, 1000.0]


def test_the_user_may_delete_the_nodes_and_close_the_scene(host):
    import slicer
    from DualTaskSegLib.curves import Curves

    curves = Curves("Run 1")
    curves.append([train(1, 1.0)])
    slicer.mrmlScene.RemoveNode(curves.loss.node())
    assert curves.loss.node() is None
    curves.append([train(2, 0.5)])
    assert curves.loss.node() is not None and curves.loss.columns()["All"] == ([1, 2], [1.0, 0.5])
    slicer.mrmlScene.Clear()
    assert curves.loss.columns() == {}
    curves.append([train(3, 0.25), validation(3, Organ=0.5)])
    assert curves.loss.columns()["All"] == ([3], [0.25])
    curves.clear()
    assert curves.loss.columns()["All"] == ([], [])
    curves.remove()
    assert curves.loss.node() is None and curves.dice.node() is None
    assert not slicer.util.getNodesByClass("vtkMRMLTableNode")


def test_the_charts_are_seen_and_grow(host):
    import slicer
    from DualTaskSegLib import layouts
    from DualTaskSegLib.curves import COLORS, Curves

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


def test_adding_points_takes_little_time_however_many_there_are(host):
    from DualTaskSegLib.curves import Curves

    curves = Curves("Run 1")
    parts = dict.fromkeys(("probability_supervised", "distance_supervised", "consistency"), 0.5)
    curves.append([train(step, 1.0, **parts) for step in range(1, 50_001)])
    started = time.monotonic()
    curves.append([train(step, 1.0, **parts) for step in range(50_001, 50_051)])
    assert time.monotonic() - started < 0.1
    assert len(curves.loss.columns()["All"][0]) == 50_050
