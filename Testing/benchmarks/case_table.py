"""What the panel's table of cases costs: to add a dataset's cases, to open their project, to fill it, to change a row.

The panel is the real one, on the test stand with Qt. Seconds are the processor's, of all threads of the panel.

    .venv/bin/python Testing/benchmarks/case_table.py FOLDER_OF_DATASET NEW_FOLDER
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5  # of changing a row


def main(dataset: str, folder: str) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["XDG_CONFIG_HOME"] = folder + "_settings"  # the panel remembers its project
    sys.path[:0] = [str(ROOT / "Testing"), str(ROOT / "DualTaskSeg")]
    from slicerhost import app

    host = app.start()
    import slicer.util

    host.loadModule(ROOT / "DualTaskSeg" / "DualTaskSeg.py")
    slicer.util.selectModule("DualTaskSeg")
    host.mainWindow.show()
    widget = slicer.util.getModuleWidget("DualTaskSeg")
    cases = next(each for each in widget.sections if type(each).__name__ == "CasesSection")
    cases.checks.timer.setInterval(10**9)  # the child looks into the files later
    panel = widget.panel
    panel.createProject(folder)

    def add() -> None:
        from DualTaskSegLib.project.adding import datasetIn

        cases.adder._addDataset(datasetIn(dataset))
        host.waitFor(lambda: not panel.steps.isBusy, 3600)

    seconds = {"add": seconds_of(add, host)}
    project = panel.project
    cases.table.show([])
    seconds["fill"] = seconds_of(lambda: cases.table.show(project.cases), host)
    seconds["open"] = seconds_of(lambda: panel.openProject(folder), host)
    project = panel.project

    def change_one_row() -> None:
        for index in range(ROUNDS):
            case = project.cases[len(project.cases) * index // ROUNDS]
            case.predictedDice = 0.5 + 0.01 * index
            panel.casesChanged.emit()

    seconds["one row"] = seconds_of(change_one_row, host) / ROUNDS
    table = cases.ui.caseTable
    assert table.rowCount == len(project.cases)
    print(json.dumps({name: round(value, 4) for name, value in seconds.items()}))
    host.unloadModules()


def seconds_of(action: Callable[[], None], host: object) -> float:
    """Processor seconds of an action and of what the event loop does for it."""
    host.processEvents(30)
    started = time.process_time()
    action()
    host.processEvents(30)
    return time.process_time() - started


if __name__ == "__main__":
    main(*sys.argv[1:])
