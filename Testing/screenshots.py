"""Draws the pictures of the documentation: the panel in each state, and the views with results.

    python Testing/screenshots.py [--out Resources/Screenshots] [--minutes 3]

The panel is the real one, on the test stand; the views are drawn by Slicer's own displayable managers. A real training
of some minutes runs in between. The scans are hippocampus MRI of the Medical Segmentation Decathlon where the data
folder has them, else the synthetic cohort.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Testing"))

LABELED, UNLABELED = 8, 12
PANEL_WIDTH, PANEL_HEIGHT = 440, 1600
VIEW = 400  # pixels
GAP = 4
NEW_SCAN = "new scan.nii.gz"
GENERAL = "Segmentation category and type - 3D Slicer General Anatomy list"
SEGMENTS = [
    {"name": "Anterior", "value": 1, "color": [230, 159, 0]},
    {"name": "Posterior", "value": 2, "color": [86, 180, 233]},
]


def main() -> None:
    """Draws all pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "Resources" / "Screenshots")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the training in between may take")
    parser.add_argument("--run", type=Path, help="a finished run for the pictures of curves and results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="DualTaskSeg_") as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")  # other trainings on this machine don't count
        Photographer(Path(folder), arguments.out, arguments.minutes, arguments.run).take_all()


def data_folder() -> Path:
    """Where the real scans are, if they are."""
    return Path(os.environ.get("DUALTASKSEG_DATA", ROOT.parent / "shared" / "data"))


def make_scans(folder: Path) -> tuple[Path, Path]:
    """Makes a dataset of few labeled and more unlabeled scans.

    Returns:
        the dataset, and a folder with one more scan that is not in it.
    """
    source = data_folder() / "hippocampus"
    if not (source / "dataset.json").is_file():
        from dualtaskseg.synthetic.cohort import write_cohort

        cohort = write_cohort(folder / "Scans", labeled=LABELED, unlabeled=UNLABELED, held_out=1)
        return cohort.dataset, cohort.held_out_images
    cases = json.loads((source / "dataset.json").read_text())["training"][: LABELED + UNLABELED + 1]
    for name in ("Hippocampus/images", "Hippocampus/labels", "New"):
        (folder / name).mkdir(parents=True)
    for index, case in enumerate(cases):
        name = f"scan_{index + 1:02}.nii.gz"
        image = source / case["image"]
        if index == LABELED + UNLABELED:
            shutil.copy(image, folder / "New" / NEW_SCAN)
            continue
        shutil.copy(image, folder / "Hippocampus" / "images" / name)
        if index < LABELED:
            shutil.copy(source / case["label"], folder / "Hippocampus" / "labels" / name)
    segments = [
        {**segment, "terminology": f"{GENERAL}~SCT^123037004^Anatomical Structure~SCT^5366008^Hippocampus~^^~~^^~^^"}
        for segment in SEGMENTS
    ]
    (folder / "Hippocampus" / "segments.json").write_text(json.dumps(segments))
    return folder / "Hippocampus", folder / "New"


def make_series(folder: Path) -> Path:
    """A DICOM series, to export for."""
    real = data_folder() / "dicom" / "hippocampus_crop_1"
    if real.is_dir():
        return Path(shutil.copytree(real, folder / "Series"))
    import SimpleITK as sitk
    from dualtaskseg.synthetic.cohort import make_scan, write_dicom_series

    write_dicom_series(sitk.Cast(make_scan(99)[0], sitk.sitkInt16), folder / "Series", 99, "DTS-99")
    return folder / "Series"


class Photographer:
    """Goes through the module as a user does and takes a picture at every step.

    Args:
        folder: for scans and project.
        out: where the pictures go.
        minutes: of the training.
        run: whose model is used for results; None for that of the training.
    """

    def __init__(self, folder: Path, out: Path, minutes: float, run: Path | None = None) -> None:
        from slicerhost import app

        self.folder = folder
        self.out = out
        self.minutes = minutes
        self.run = run
        self.host = app.start()
        import slicer

        self.host.loadModule(ROOT / "DualTaskSeg" / "DualTaskSeg.py")
        slicer.util.selectModule("DualTaskSeg")
        self.host.mainWindow.show()  # or nothing is laid out
        self.widget = slicer.util.getModuleWidget("DualTaskSeg")
        self.sections = {type(section).__name__: section for section in self.widget.sections}
        out.mkdir(parents=True, exist_ok=True)

    def take_all(self) -> None:
        """All pictures, in the order of the tutorial."""
        dataset, new = make_scans(self.folder)
        self.begin(dataset)
        self.outline()
        self.outline_some_slices()
        self.train()
        self.suggest()
        self.apply(next(new.iterdir()))
        self.review()
        self.export(make_series(self.folder))
        self.host.unloadModules()
        self.settle(4)  # the child process ends
        errors = self.host.errors()
        if errors:
            raise SystemExit("\n".join(errors))

    # --- steps

    def begin(self, dataset: Path) -> None:
        from slicerhost import questions

        self.only()
        self.shoot_panel("start")
        questions.expect(str(self.folder / "Hippocampus project"))
        self.click(self.widget.ui.newProjectButton)
        cases = self.only("CasesSection")
        questions.expect(str(dataset))
        self.click(cases.ui.addFolderButton)
        self.host.waitFor(lambda: cases.ui.caseTable.rowCount == LABELED + UNLABELED, seconds=60)
        self.settle(3)
        self.shoot_panel("cases")

    def outline(self) -> None:
        import slicer

        cases = self.only("CasesSection")
        case = self.widget.panel.project.cases[0]
        cases.outlines.open(case.id)
        self.host.waitFor(lambda: slicer.util.selectedModule() == "SegmentEditor", seconds=30)
        node = slicer.modules.SegmentEditorWidget.editor.segmentationNode()
        self.center_on(node)
        self.shoot_views("outline", with_3d=False)
        slicer.util.selectModule("DualTaskSeg")

    def outline_some_slices(self) -> None:
        """The question what the empty slices between outlined ones are; it is left open."""
        import slicer.util

        cases = self.only("CasesSection")
        case = self.widget.panel.project.cases[LABELED]
        cases.outlines.open(case.id)
        self.host.waitFor(lambda: slicer.util.selectedModule() == "SegmentEditor", seconds=30)
        node = slicer.modules.SegmentEditorWidget.editor.segmentationNode()
        volume = node.GetNodeReference(node.GetReferenceImageGeometryReferenceRole())
        mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, np.uint8)
        k, j, i = (size // 2 for size in mask.shape)
        mask[k - 8 : k + 9 : 4, j - 6 : j + 6, i - 4 : i + 4] = 1
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, node.GetSegmentation().GetNthSegmentID(0), volume)
        slicer.util.selectModule("DualTaskSeg")
        self.host.waitFor(lambda: cases.outlines.slices.isAsking, seconds=60)
        self.settle(1)
        self.shoot_panel("slices")
        self.click(cases.ui.slicesLaterButton)
        slicer.mrmlScene.RemoveNode(node)
        self.settle()

    def train(self) -> None:
        from slicerhost import questions

        train = self.only("TrainSection")
        self.host.waitFor(lambda: train.devices.areKnown, seconds=120)
        train.ui.deviceCombo.setCurrentIndex(train.ui.deviceCombo.findData("cpu"))
        if self.run is None:
            train.ui.minutesSpin.setValue(self.minutes)
        questions.expect(True)
        self.click(train.ui.trainButton)
        self.settle(1)
        self.click(train.ui.curvesButton)

        def steps(share: float) -> bool:
            status = train.monitor.news[train.shown].status
            return status is not None and status.of > 0 and status.iteration >= share * status.of

        self.host.waitFor(lambda: steps(0.6 if self.run is None else 0.02), seconds=60 * self.minutes + 300)
        self.settle(2)
        self.shoot_panel("train")
        if self.run is None:
            self.shoot_plots("curves")
        else:
            self.click(train.ui.stopButton)
        self.host.waitFor(lambda: not train.monitor.atWork, seconds=60 * self.minutes + 300)
        self.settle(2)
        if self.run is not None:
            self.use_run()
            self.shoot_plots("curves")
        self.click(train.ui.curvesButton)
        self.only("ModelsSection")
        self.shoot_panel("models")

    def use_run(self) -> None:
        """Takes another training into the project, as if it had been done here before, and chooses its model."""
        from dualtaskseg.model.folder import rename_model

        panel = self.widget.panel
        folder = panel.project.runsFolder / "Hippocampus, 8 outlined scans"
        shutil.copytree(self.run, folder, ignore=shutil.ignore_patterns("prepared", "checkpoint*"))
        rename_model(folder / "model", folder.name)
        panel.runChanged.emit()
        panel.readModels()
        self.settle()
        panel.setCurrentModel(folder / "model")
        train = self.sections["TrainSection"]
        names = [train.ui.runsTable.item(row, 0).text() for row in range(train.ui.runsTable.rowCount)]
        train.ui.runsTable.selectRow(names.index(folder.name))
        self.settle()

    def suggest(self) -> None:
        cases = self.only("CasesSection")
        self.click(cases.ui.suggestButton)
        self.host.waitFor(lambda: any(case.suggested for case in self.widget.panel.project.cases), seconds=300)
        self.settle(2)
        self.shoot_panel("suggest")

    def apply(self, scan: Path) -> None:
        import slicer.util

        volume = slicer.util.loadVolume(str(scan))
        slicer.util.setSliceViewerLayers(background=volume, fit=True)
        apply = self.only("ApplySection")
        self.widget.panel.setCurrentVolume(volume)
        self.settle()
        self.click(apply.ui.segmentButton)
        self.shoot_panel("apply_working", wait=0)  # it may be over soon
        self.host.waitFor(lambda: not apply.segmenter.isBusy, seconds=300)
        self.settle()
        self.center_on(self.widget.panel.parameterNode.segmentation)
        self.shoot_panel("apply")
        apply.ui.batchCollapsible.collapsed = False
        self.settle()
        self.click(apply.ui.batchButton)
        self.host.waitFor(lambda: not apply.batch.isRunning, seconds=600)
        self.settle()
        self.shoot_panel("batch")
        apply.ui.batchCollapsible.collapsed = True

    def review(self) -> None:
        parameters = self.widget.panel.parameterNode
        review = self.only("ReviewSection")
        parameters.show3D = True
        self.settle()
        self.center_on(parameters.segmentation)
        self.shoot_together("overview")

        parameters.segmentationFill = 0.0
        parameters.segmentationOutline = False
        parameters.showDistance = True
        parameters.distanceBand = 6.0
        parameters.distanceOpacity = 0.6
        parameters.showContours = True
        parameters.contourDistances = "0, 3"
        self.settle()
        self.center_on(parameters.segmentation, 0)
        self.shoot_panel("review")
        self.shoot_views("views_distance")

        parameters.showDistance = parameters.showContours = False
        parameters.segmentationOutline = True
        parameters.showUncertainty = True
        parameters.uncertaintyOpacity = 0.7
        self.settle()
        self.click(review.ui.nextPlaceButton)
        self.host.waitFor(lambda: review.regions.found is not None, seconds=30)
        self.settle()
        self.shoot_views("views_uncertainty")
        self.click(review.ui.hideButton)
        self.settle()

    def export(self, series: Path) -> None:
        from DualTaskSegLib.common.steps import finish
        from DualTaskSegLib.scene.casevolumes import loadCaseSteps

        panel = self.widget.panel
        case = panel.project.addCase(series)
        panel.saveProject()
        panel.casesChanged.emit()
        apply = self.only("ApplySection")
        panel.setCurrentVolume(finish(loadCaseSteps(case)))
        self.settle()
        self.click(apply.ui.segmentButton)
        self.host.waitFor(lambda: not apply.segmenter.isBusy, seconds=300)
        self.settle()
        export = self.only("ExportSection")
        self.settle()
        self.shoot_panel("export")
        from slicerhost import questions

        questions.expect(str(self.folder / "hippocampus.dcm"))
        self.click(export.ui.exportButton)
        self.host.waitFor(lambda: not export.exporter.isBusy, seconds=120)
        self.settle()
        if not (self.folder / "hippocampus.dcm").is_file():
            raise SystemExit(f"nothing was exported: {self.widget.ui.messageLabel.text}")

    # --- hands

    def only(self, name: str = "") -> Any:
        """Opens one section and closes the others."""
        for each, section in self.sections.items():
            section.collapsed = each != name
        self.widget.panel.inform("")
        self.settle()
        return self.sections.get(name)

    def click(self, button: Any) -> None:
        if not button.enabled:
            raise SystemExit(f"{button.objectName} is disabled: {button.toolTip}")
        button.click()

    def settle(self, seconds: float = 0.5) -> None:
        """Lets timers and background work go on for a while."""
        import time

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.host.processEvents()
            time.sleep(0.02)

    def center_on(self, segmentation: Any, segment: int | None = None) -> None:
        """Centers all views on a segmentation, or on one of its segments."""
        import slicer

        bounds = np.zeros(6)
        segmentation.GetRASBounds(bounds)
        center = (bounds[::2] + bounds[1::2]) / 2
        if segment is not None:
            center = segmentation.GetSegmentCenterRAS(segmentation.GetSegmentation().GetNthSegmentID(segment))
        for node in slicer.util.getNodesByClass("vtkMRMLSliceNode"):
            node.JumpSliceByCentering(*center)
        slicer.app.layoutManager().resetThreeDViews()

    # --- pictures

    def shoot_panel(self, name: str, wait: float = 0.3) -> None:
        save(self.panel_picture(wait), self.out / f"{name}.png", is_flat=True)

    def panel_picture(self, wait: float = 0.3) -> np.ndarray:
        """The panel, cut off below what it holds."""
        import slicer

        self.host.mainWindow.resize(PANEL_WIDTH, PANEL_HEIGHT)
        self.settle(wait)
        self.host.processEvents()
        picture = pixels(slicer.modules.dualtaskseg.widgetRepresentation().grab().toImage())
        last = self.widget.ui.privacyLabel
        return picture[: last.mapTo(slicer.modules.dualtaskseg.widgetRepresentation(), last.rect.bottomLeft()).y() + 8]

    def shoot_views(self, name: str, with_3d: bool = True) -> None:
        save(self.views_picture(with_3d), self.out / f"{name}.png")

    def views_picture(self, with_3d: bool = True, size: int = VIEW) -> np.ndarray:
        """The slice views, and the 3D view, as in Slicer's layouts; each is so many pixels wide and high."""
        import slicer

        manager = slicer.app.layoutManager()
        slices = {view: manager.sliceWidget(view).image(size, size) for view in ("Red", "Green", "Yellow")}
        if not with_3d:
            return grid([list(slices.values())])
        corner = manager.threeDWidget(0).threeDView().image(size, size)
        return grid([[slices["Red"], corner], [slices["Green"], slices["Yellow"]]])

    def shoot_plots(self, name: str) -> None:
        import slicer

        manager = slicer.app.layoutManager()
        views = [manager.plotWidget(index).plotView() for index in range(manager.plotViewCount)]
        plots = [view.image(VIEW + 120, VIEW) for view in views if view.mrmlPlotViewNode().GetPlotChartNode()]
        save(grid([plots]), self.out / f"{name}.png", is_flat=True)

    def shoot_together(self, name: str) -> None:
        """Panel and views side by side, as in Slicer's window."""
        left = self.panel_picture()
        right = self.views_picture(size=(left.shape[0] - GAP) // 2)
        height = max(left.shape[0], right.shape[0])
        save(np.hstack([filled(left, height, 239), filled(right, height, 0)]), self.out / f"{name}.png")


def pixels(image: Any) -> np.ndarray:
    """A QImage as an array (height, width, 3)."""
    image = image.convertToFormat(image.Format.Format_RGB888)
    width, height = image.width(), image.height()
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return lines[:, : 3 * width].reshape(height, width, 3).copy()  # the image's memory goes with it


def grid(rows: list[list[np.ndarray]]) -> np.ndarray:
    """Pictures beside and below each other, with gray gaps."""

    def joined(pictures: list[np.ndarray], axis: int) -> np.ndarray:
        shape = list(pictures[0].shape)
        shape[axis] = GAP
        gap = np.full(shape, 90, np.uint8)
        parts = [part for picture in pictures for part in (picture, gap)][:-1]
        return np.concatenate(parts, axis=axis)

    return joined([joined(row, 1) for row in rows], 0)


def filled(picture: np.ndarray, height: int, value: int) -> np.ndarray:
    """A picture made higher with empty room below."""
    room = np.full((height - picture.shape[0], *picture.shape[1:]), value, np.uint8)
    return np.vstack([picture, room])


def save(picture: np.ndarray, path: Path, is_flat: bool = False) -> None:
    """Writes a PNG; 256 colors are enough for flat pictures, which become small that way."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(picture))
    if is_flat:
        image = image.quantize(256, dither=Image.Dither.NONE)
    image.save(path, optimize=True)
    print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")


if __name__ == "__main__":
    main()
