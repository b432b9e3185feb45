"""The tests that a real Slicer runs, run on the stand: they must at least be right there."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from pathlib import Path

import pytest
from paneltools import MODULE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _withoutTorch(monkeypatch):
    """As in Slicer's process, where nobody has loaded it; here tests of the training may have."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "DualTaskSeg" / "Testing" / "Python").glob("*.py")), ids=lambda f: f.stem
)
def test_in_slicer(host, panelWidget, file):
    panelWidget(MODULE)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    result = unittest.TestResult()
    unittest.TestLoader().loadTestsFromModule(module).run(result)
    problems = [text for _test, text in (*result.errors, *result.failures)]
    assert not problems, "\n".join(problems)
    assert result.testsRun >= 5


def test_the_short_test_of_the_module(host, panelWidget):
    import DualTaskSeg

    panelWidget(MODULE)
    DualTaskSeg.DualTaskSegTest().runTest()


def test_a_reload_leaves_nothing_of_the_old_modules_at_work(host, panelWidget):
    """What they hold on to is let go of by them, not by those that are made anew."""
    import slicer

    panel = panelWidget(MODULE)
    from DualTaskSegLib.scene import parameters
    from DualTaskSegLib.views import layouts

    assert panel.sections and parameters._known and layouts._keeper._node is not None
    panel.onReload()
    again = slicer.util.getModuleWidget("DualTaskSeg")
    assert again is not panel and again.sections
    assert not parameters._known and layouts._keeper._node is None
