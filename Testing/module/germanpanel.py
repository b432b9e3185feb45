"""Opens the panel in German, prints as JSON what it shows; run by a test in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Testing"), str(ROOT / "DualTaskSeg")]

import translations  # noqa: E402
from slicerhost import app  # noqa: E402

TEXTS = ("text", "title", "toolTip", "accessibleName", "placeholderText")


def textsOf(widget) -> list[str]:
    """All that a widget and those below it show or say."""
    from PySide6.QtWidgets import QHeaderView, QWidget

    found = []
    for each in widget.findChildren(QWidget):
        values = [getattr(each, name, "") for name in TEXTS]
        if isinstance(each, QHeaderView):
            values += [each.model().headerData(index, each.orientation()) for index in range(each.count())]
        found += [value for value in values if isinstance(value, str) and value]
    return found


def _problemsOf(host, panel) -> dict[str, str]:
    """What the child process finds wrong with a case, and what this process says of a model that can't be imported."""
    from DualTaskSegLib.common.steps import inThread
    from DualTaskSegLib.project.modellibrary import importModel

    folder = Path(tempfile.mkdtemp(prefix="DualTaskSeg_"))
    broken = folder / "scan.nii.gz"
    broken.touch()
    (folder / "other.dtsmodel").write_text("nothing")
    panel.panel.createProject(folder / "project")
    project = panel.panel.project
    panel.sections[0].checks.add([project.addCase(broken).id])
    panel.panel.keepCases()
    host.waitFor(lambda: project.cases[0].problems, 60)
    panel.panel.doSteps(inThread(lambda: importModel(folder / "other.dtsmodel", project.modelsFolder)), "", print)
    host.waitFor(lambda: not panel.panel.isWorking)
    message = panel.header.ui.messageLabel.text
    panel.panel.useProject(None)
    shutil.rmtree(folder)
    return {"file": str(broken), "problem": project.cases[0].problems[0], "message": message}


def main() -> None:
    host = app.start()
    host.speak("de_DE")
    import slicer
    from test_accessibility import SECTIONS, _cut, _open

    host.mainWindow.show()
    module = host.loadModule(ROOT / "DualTaskSeg" / "DualTaskSeg.py")
    slicer.util.selectModule("DualTaskSeg")
    panel = slicer.util.getModuleWidget("DualTaskSeg")
    for section in panel.sections:  # questions that are asked now and then
        for widget in vars(section.ui).values():
            if widget.inherits("QGroupBox"):
                widget.visible = True
    cut, widths, texts = [], [], textsOf(panel.parent)
    for name in SECTIONS:
        _open(host, panel, name)
        host.mainWindow.resize(100, 4000)
        host.processEvents(50)
        cut += _cut(host.mainWindow)
        widths.append(host.mainWindow.width)
        texts += textsOf(panel.parent)
    seen = _problemsOf(host, panel)
    known = translations.read(translations.FOLDER / "DualTaskSeg_de-DE.ts")
    english = {text for _context, text in known} - set(known.values())
    from DualTaskSegLib.views.curves import LOSSES

    seen |= {
        "title": module.title,
        "help": module.helpText,
        "headings": [section.button.text for section in panel.sections],
        "losses": [title for title, _key, _sums in LOSSES],
        "english": sorted(english & set(texts)),
        "cut": cut,
        "width": max(widths),
        "errors": host.errors(),
    }
    host.unloadModules()
    print(json.dumps(seen))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
