"""The section Export: what a DICOM segmentation needs is told with its remedy, and what is written is read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from DualTaskSegLib.common.steps import finish
from modeltools import Heartbeat, LargeLabelMaps, tick, warmWorker  # noqa: F401  a fixture
from paneltools import *  # noqa: F403
from paneltools import click, unfold, waitForIdle
from scans import addSegmentation, addTransform, addVolume, moved
from test_modellibrary import makeModel

pytestmark = pytest.mark.usefixtures("host")

LIVER = (
    "Segmentation category and type - 3D Slicer General Anatomy list~SCT^123037004^Anatomical Structure"
    "~SCT^10200004^Liver~^^~Anatomic codes - DICOM master list~^^~^^"
)


@pytest.fixture(scope="module")
def series(tmp_path_factory) -> Path:
    """A folder with one synthetic MR series."""
    from dualtaskseg.synthetic.cohort import make_scan, write_dicom_series

    scan = make_scan(3, size=(16, 24, 20))[0]
    import SimpleITK as sitk

    folder = tmp_path_factory.mktemp("série ß") / "series"
    write_dicom_series(sitk.Cast(scan, sitk.sitkInt16), folder, 3, "DTS-3")
    return folder


@pytest.fixture
def volume(host, series):
    """The series as a volume, loaded as a case of a project is."""
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps

    return finish(loadCaseSteps(ProjectCase("one", "scan_001", str(series))))


@pytest.fixture
def export(host, projectPanel, warmWorker):  # noqa: F811
    projectPanel.panel.close()
    projectPanel.panel._worker = warmWorker
    yield unfold(projectPanel, "ExportSection")
    host.waitFor(lambda: not warmWorker.isBusy, seconds=60)
    projectPanel.panel._worker = None


def masksFor(volume) -> dict[str, np.ndarray]:
    """Two boxes that overlap."""
    import slicer.util

    shape = slicer.util.arrayFromVolume(volume).shape
    one, two = np.zeros(shape, bool), np.zeros(shape, bool)
    one[2:9, 4:14, 4:14] = True
    two[6:12, 9:18, 9:18] = True
    return {"Organ": one, "Vein": two}


def choose(host, widget, node) -> None:
    widget.panel.parameterNode.segmentation = node
    host.processEvents()


def texts(export) -> list[str]:
    return [export.ui.checksList.item(row).text() for row in range(export.ui.checksList.count)]


def save(host, export, out: Path) -> None:
    from slicerhost import questions

    questions.expect(str(out), "DICOM-SEG")
    click(export.ui.exportButton)
    host.waitFor(lambda: not export.exporter.isBusy, seconds=60)
    host.processEvents()


def readBack(out: Path, series: Path):
    """The masks of a DICOM segmentation by name on the series' slices, in the order of their positions."""
    import highdicom as hd
    import pydicom

    headers = [pydicom.dcmread(file, stop_before_pixels=True) for file in series.iterdir()]
    row, column = np.array(headers[0].ImageOrientationPatient, float).reshape(2, 3)
    headers.sort(key=lambda header: np.dot(np.cross(row, column), np.array(header.ImagePositionPatient, float)))
    seg = hd.seg.segread(out)
    pixels = seg.get_pixels_by_source_instance(
        [header.SOPInstanceUID for header in headers], assert_missing_frames_are_empty=True
    )
    return seg, {item.SegmentLabel: pixels[..., index] > 0 for index, item in enumerate(seg.SegmentSequence)}


# --- what it needs


def test_nothing_is_chosen(host, export):
    assert not export.ui.exportButton.enabled
    assert "Choose a result" in export.ui.exportButton.toolTip
    assert not export.ui.databaseCheck.enabled


def test_volume_that_is_not_from_dicom(host, projectPanel, export):
    volume = addVolume(np.zeros((16, 24, 20), np.int16), np.eye(4), "NRRD scan")
    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    assert "NRRD scan was not loaded from DICOM" in texts(export)[0]
    assert "Export to DICOM" in texts(export)[0]
    assert not export.ui.exportButton.enabled
    assert "not loaded from DICOM" in export.ui.exportButton.toolTip


def test_files_of_the_series_that_are_gone(host, projectPanel, export, series, tmp_path):
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps

    copy = shutil.copytree(series, tmp_path / "copy")
    volume = finish(loadCaseSteps(ProjectCase("two", "scan_002", str(copy))))
    sorted(copy.iterdir())[3].unlink()
    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    assert "1 of 16 files of its series is not where it was" in texts(export)[0]
    assert "module DICOM" in texts(export)[0]
    assert not export.ui.exportButton.enabled


def test_terms_empty_segments_and_doubled_names_are_told(host, projectPanel, export, volume):
    from DualTaskSegLib.scene import segmenttags

    masks = masksFor(volume)
    node = addSegmentation({**masks, "Nothing": None}, volume)
    segmenttags.setTerminology(node.GetSegmentation().GetNthSegment(0), LIVER)
    choose(host, projectPanel, node)
    told = "\n".join(texts(export))
    assert "coded as 'Tissue' only: Vein" in told
    assert "Empty, so left out: Nothing" in told
    assert "Organ (Liver)" in told
    assert "declared MANUAL" in told
    assert export.ui.exportButton.enabled

    ui = export.ui  # a click says what it is; the model that made it keeps that
    from dualtaskseg.model.folder import read_model
    from DualTaskSegLib.results import results

    model = makeModel(projectPanel.panel.project.modelsFolder / "Trained without terms", "Short")
    node.SetAttribute(results.MODEL, "Short")
    node.SetAttribute(results.MODEL_HASH, read_model(model).weights_sha256)
    projectPanel.panel.readModels()
    node.GetSegmentation().GetNthSegment(1).SetName("Vène")  # as the model knows it
    export.refresh()
    click(ui.termButton)
    assert ui.termBox.isVisibleTo(export.widget) and "Vène" in ui.termBox.title
    ui.termEdit.text = "hepatic vein"
    click(ui.termUseButton)
    waitForIdle(host, projectPanel)
    assert not ui.termBox.isVisibleTo(export.widget) and not ui.termButton.isVisibleTo(export.widget)
    assert "coded as 'Tissue' only" not in "\n".join(texts(export)) and "Vène (" in "\n".join(texts(export))
    entry = segmenttags.terminologyOf(node.GetSegmentation().GetNthSegment(1))
    kept = {segment.name: segment.terminology for segment in read_model(model).segments}
    assert "epatic vein" in entry and kept == {"Liver": "", "Vène": entry}
    node.GetSegmentation().GetNthSegment(1).SetName("organ")
    export.refresh()
    assert "Two segments are called" in texts(export)[0]
    assert not export.ui.exportButton.enabled


def test_all_segments_are_empty(host, projectPanel, export, volume):
    choose(host, projectPanel, addSegmentation({"Organ": None}, volume))
    assert "all segments are empty" in texts(export)[0]
    assert not export.ui.exportButton.enabled


def test_volume_under_a_transform(host, projectPanel, export, volume):
    volume.SetAndObserveTransformNodeID(addTransform(moved()).GetID())
    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    assert "under a transform" in texts(export)[0]
    assert not export.ui.exportButton.enabled


def test_other_study_is_fixed_by_a_click(host, projectPanel, export, volume):
    import slicer
    from DualTaskSegLib.results import results

    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    study = hierarchy.CreateStudyItem(hierarchy.GetSceneItemID(), "Study")
    node = addSegmentation(masksFor(volume), volume)
    results.placeBeside(node, volume)
    hierarchy.SetItemParent(hierarchy.GetItemByDataNode(volume), study)
    choose(host, projectPanel, node)
    assert any("another study" in text for text in texts(export))
    click(export.ui.fixButton)
    assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == study
    assert not any("another study" in text for text in texts(export))
    assert not export.ui.fixButton.isVisibleTo(export.widget)


# --- writing


@pytest.mark.undisturbed
def test_written_file_holds_the_segments_and_overlaps(host, projectPanel, export, volume, series, tmp_path):
    masks = masksFor(volume)
    node = addSegmentation(masks, volume)
    choose(host, projectPanel, node)
    export.ui.descriptionEdit.setText("Zweite Sitzung")
    out = tmp_path / "aus gäbe" / "seg.dcm"
    out.parent.mkdir()
    with Heartbeat() as heart:
        save(host, export, out)
    heart.check()
    assert projectPanel.ui.messageLabel.text == "" or "Tissue" in projectPanel.ui.messageLabel.text
    assert "Written and read back" in export.ui.exportStatus.text
    seg, written = readBack(out, series)
    assert set(written) == set(masks)
    for name, mask in masks.items():
        assert np.array_equal(written[name], mask), name
    assert seg.SeriesDescription == "Zweite Sitzung"
    assert seg.PatientID == "DTS-3"
    assert {item.SegmentAlgorithmType for item in seg.SegmentSequence} == {"MANUAL"}
    assert projectPanel.panel.settings.text("ExportFolder") == str(out.parent)


def test_large_segmentation_is_counted_while_the_panel_goes_on(
    host, projectPanel, export, volume, series, tmp_path, monkeypatch
):
    large = LargeLabelMaps(monkeypatch)
    masks = masksFor(volume)
    node = addSegmentation(masks, volume)
    projectPanel.panel.parameterNode.segmentation = node
    export.refresh()
    assert texts(export) == ["The segments are being looked at."]
    assert not export.ui.exportButton.enabled and "being looked at" in export.ui.exportButton.toolTip
    host.waitFor(lambda: export.ui.exportButton.enabled, seconds=20)
    assert any("segment" in text and "being looked at" not in text for text in texts(export))
    save(host, export, tmp_path / "seg.dcm")
    _seg, written = readBack(tmp_path / "seg.dcm", series)
    assert set(written) == set(masks)
    assert not large.countedByMain


def test_result_of_a_model_is_automatic_then_semiautomatic(host, projectPanel, export, volume, series, tmp_path):
    import slicer.util
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results
    from DualTaskSegLib.scene import segmenttags
    from scans import save as saveImage

    mask = masksFor(volume)["Organ"]
    matrix = slicer.util.arrayFromVTKMatrix(_ijkToRas(volume))
    file = saveImage(tmp_path / "label.nrrd", mask.astype(np.uint8), matrix)
    model = ModelDescription(
        "Liver model", (Segment("Organ", 1, (200, 10, 10), LIVER),), {}, {}, weights_sha256="ab" * 32
    )
    result = finish(results.addResultSteps(volume, file, {}, None, model))
    choose(host, projectPanel, result.segmentationNode)
    assert any("declared AUTOMATIC: made by Liver model" in text for text in texts(export))
    assert export.ui.descriptionEdit.placeholderText == "DualTaskSeg Liver model"
    save(host, export, tmp_path / "first.dcm")
    seg, written = readBack(tmp_path / "first.dcm", series)
    assert np.array_equal(written["Organ"], mask)
    assert seg.SegmentSequence[0].SegmentAlgorithmType == "AUTOMATIC"
    assert "Liver model" in seg.SegmentSequence[0].SegmentAlgorithmName
    assert seg.SegmentSequence[0].SegmentedPropertyTypeCodeSequence[0].CodeMeaning == "Liver"

    edited = mask.copy()
    edited[3, 5, 5] = False
    segmentId = result.segmentationNode.GetSegmentation().GetNthSegmentID(0)
    slicer.util.updateSegmentBinaryLabelmapFromArray(
        edited.astype(np.uint8), result.segmentationNode, segmentId, volume
    )
    save(host, export, tmp_path / "second.dcm")
    seg, written = readBack(tmp_path / "second.dcm", series)
    assert np.array_equal(written["Organ"], edited)
    assert seg.SegmentSequence[0].SegmentAlgorithmType == "SEMIAUTOMATIC"
    # What Slicer's own export dialog reads from the node:
    segment = result.segmentationNode.GetSegmentation().GetSegment(segmentId)
    assert segmenttags.textOf(segment, "DICOM.SegmentAlgorithmType") == "SEMIAUTOMATIC"
    assert "Liver model" in segmenttags.textOf(segment, "DICOM.SegmentAlgorithmName")


def test_maps_are_written_beside_it(host, projectPanel, export, volume, series, tmp_path):
    """Signed distance and uncertainty as parametric maps: the values of the scene's volumes, slice by slice."""
    import pydicom
    import slicer.util
    from dualtaskseg.contract.segment import Segment
    from dualtaskseg.model.description import ModelDescription
    from DualTaskSegLib.results import results
    from scans import save as saveImage
    from slicerhost import questions

    matrix = slicer.util.arrayFromVTKMatrix(_ijkToRas(volume))
    mask = masksFor(volume)["Organ"]
    rng = np.random.default_rng(0)
    distance = rng.normal(0, 5, mask.shape).astype(np.float32)
    doubt = rng.uniform(0, 1, mask.shape).astype(np.float32)
    files = {
        name: saveImage(tmp_path / f"{name}.nrrd", voxels, matrix)
        for name, voxels in (("label", mask.astype(np.uint8)), ("sdm", distance), ("uncertainty", doubt))
    }
    model = ModelDescription(
        "Liver model", (Segment("Organ", 1, (200, 10, 10), LIVER),), {}, {}, weights_sha256="ab" * 32
    )
    result = finish(
        results.addResultSteps(volume, files["label"], {"Organ": files["sdm"]}, files["uncertainty"], model)
    )
    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    assert not export.ui.mapsCheck.enabled
    assert "no signed distance" in export.ui.mapsCheck.toolTip
    choose(host, projectPanel, result.segmentationNode)
    export.ui.creatorEdit.setText("Doe^Jane")
    tick(export.ui.mapsCheck)
    (tmp_path / "seg_uncertainty.dcm").write_text("mine")  # of a name about which no dialog asks
    questions.expect(str(tmp_path / "seg.dcm"), "DICOM-SEG")
    questions.expect(False, "seg_uncertainty.dcm exists already")
    click(export.ui.exportButton)
    assert not export.exporter.isBusy and not (tmp_path / "seg.dcm").exists()
    questions.expect(str(tmp_path / "seg.dcm"), "DICOM-SEG")
    questions.expect(True, "seg_uncertainty.dcm exists already")
    click(export.ui.exportButton)
    host.waitFor(lambda: not export.exporter.isBusy, seconds=60)
    host.processEvents()
    assert "2 parametric maps" in export.ui.exportStatus.text
    assert str(pydicom.dcmread(tmp_path / "seg.dcm").ContentCreatorName) == "Doe^Jane"
    for name, expected in (("seg_sdm_Organ.dcm", distance), ("seg_uncertainty.dcm", doubt)):
        written = pydicom.dcmread(tmp_path / name)
        voxels = np.frombuffer(written.FloatPixelData, np.float32).reshape(expected.shape)
        assert np.array_equal(voxels, expected) or np.array_equal(voxels, expected[::-1])


def test_other_kinds_of_files_hold_the_same_masks(host, projectPanel, export, volume, series, tmp_path):
    """.seg.nrrd as Slicer reads it, with overlaps, names, colors and terms; NIfTI with its table; RTSTRUCT."""
    import pydicom
    import SimpleITK as sitk
    import slicer.util
    from DualTaskSegLib.scene import segmentations, segmenttags
    from slicerhost import questions

    masks = masksFor(volume)
    node = addSegmentation(masks, volume)
    segmenttags.setTerminology(node.GetSegmentation().GetNthSegment(0), LIVER)
    node.GetSegmentation().GetNthSegment(0).SetName("Organ | äöü")
    choose(host, projectPanel, node)

    def saveAs(kind: str, file: Path, told: str) -> None:
        combo = export.ui.formatCombo
        combo.setCurrentIndex(combo.findData(kind))
        questions.expect(str(file), "Save")
        click(export.ui.exportButton)
        host.waitFor(lambda: not export.exporter.isBusy, seconds=60)
        assert file.is_file() and told in export.ui.exportStatus.text, projectPanel.ui.messageLabel.text

    saveAs("nrrd", tmp_path / "ergebnis.seg.nrrd", "Written: ")
    assert not export.ui.descriptionEdit.enabled and not export.ui.databaseCheck.enabled
    read = slicer.util.loadSegmentation(str(tmp_path / "ergebnis.seg.nrrd"))
    one, two = segmentations.segmentsOf(read)
    assert (one.name, two.name) == ("Organ | äöü", "Vein")
    assert one.terminology == LIVER and one.color == segmentations.segmentsOf(node)[0].color
    for info, mask in zip((one, two), masks.values(), strict=True):
        assert np.array_equal(slicer.util.arrayFromSegmentBinaryLabelmap(read, info.id, volume) > 0, mask)

    saveAs("nifti", tmp_path / "ergebnis.nii.gz", "ergebnis_ColorTable.ctbl beside it")
    assert "counted to the first" in projectPanel.ui.messageLabel.text
    image = sitk.ReadImage(str(tmp_path / "ergebnis.nii.gz"))
    first, second = masks.values()
    assert np.array_equal(sitk.GetArrayFromImage(image), first + 2 * (second & ~first))
    from dualtaskseg.data.label_names import named_values

    named = named_values(tmp_path / "ergebnis.nii.gz")
    assert [(each.name, each.value) for each in named] == [("Organ | äöü", 1), ("Vein", 2)]
    (tmp_path / "zweites_ColorTable.ctbl").write_text("mine")
    questions.expect(str(tmp_path / "zweites.nii.gz"), "Save")
    questions.expect(False, "zweites_ColorTable.ctbl")
    click(export.ui.exportButton)
    assert (tmp_path / "zweites_ColorTable.ctbl").read_text() == "mine" and not export.exporter.isBusy

    saveAs("rtstruct", tmp_path / "plan.dcm", "Written and read back")
    written = pydicom.dcmread(tmp_path / "plan.dcm")
    assert written.Modality == "RTSTRUCT" and written.PatientID == "DTS-3"
    assert [item.ROIName for item in written.StructureSetROISequence] == ["Organ | äöü", "Vein"]


def test_a_scan_that_is_not_from_dicom_leaves_as_a_plain_file_but_not_over_itself(host, projectPanel, export, tmp_path):
    import slicer.util
    from scans import save as saveImage

    scan = saveImage(tmp_path / "scan.nii.gz", np.zeros((16, 24, 20), np.int16), np.eye(4))
    volume = slicer.util.loadVolume(str(scan))
    node = addSegmentation(masksFor(volume), volume)
    choose(host, projectPanel, node)
    assert not export.ui.exportButton.enabled
    combo = export.ui.formatCombo
    combo.setCurrentIndex(combo.findData("nifti"))
    assert export.ui.exportButton.enabled
    before = (tmp_path / "scan.nii.gz").read_bytes()
    from slicerhost import questions

    questions.expect(str(tmp_path / "scan.nii.gz"), "Save")
    click(export.ui.exportButton)
    assert "would be lost" in projectPanel.ui.messageLabel.text
    projectPanel.panel.inform("")
    (tmp_path / "linked").symlink_to(tmp_path)  # the same file by another way
    questions.expect(str(tmp_path / "linked" / "scan.nii.gz"), "Save")
    click(export.ui.exportButton)
    assert "would be lost" in projectPanel.ui.messageLabel.text
    assert (tmp_path / "scan.nii.gz").read_bytes() == before


def test_a_copy_goes_into_the_dicom_database_when_asked(host, projectPanel, export, volume, series, tmp_path):
    import pydicom
    from slicerhost import dicomdatabase

    segmentation = addSegmentation(masksFor(volume), volume)
    choose(host, projectPanel, segmentation)
    assert not export.ui.databaseCheck.enabled
    assert "DICOM database is not open" in export.ui.databaseCheck.toolTip
    with dicomdatabase.opened(tmp_path / "database") as database:
        indexer = dicomdatabase.ctkDICOMIndexer()
        for file in series.iterdir():
            indexer.addFile(database, str(file))
        indexer.waitForImportFinished()
        choose(host, projectPanel, None)
        choose(host, projectPanel, segmentation)
        save(host, export, tmp_path / "one.dcm")
        one = pydicom.dcmread(tmp_path / "one.dcm", stop_before_pixels=True)
        assert database.fileForInstance(one.SOPInstanceUID) == "", "nobody asked"
        tick(export.ui.databaseCheck)
        save(host, export, tmp_path / "two.dcm")
        assert "A copy is in the DICOM database" in export.ui.exportStatus.text
        two = pydicom.dcmread(tmp_path / "two.dcm", stop_before_pixels=True)
        copy = Path(database.fileForInstance(two.SOPInstanceUID))
        assert copy.is_relative_to(tmp_path / "database")
        assert copy.read_bytes() == (tmp_path / "two.dcm").read_bytes()
        (tmp_path / "two.dcm").unlink()
        assert database.filesForSeries(two.SeriesInstanceUID) == [str(copy)], "the database keeps its own"
        export.ui.databaseCheck.setChecked(False)
    choose(host, projectPanel, None)


def test_a_series_is_found_in_the_dicom_database(host, projectPanel, export, series, tmp_path):
    """As in Slicer, where a volume from the DICOM browser knows its instances and the database their files."""
    import pydicom
    from DualTaskSegLib.dicom.exportchecks import seriesFiles
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps
    from slicerhost import dicomdatabase

    volume = finish(loadCaseSteps(ProjectCase("one", "scan_001", str(series))))
    with dicomdatabase.opened(tmp_path / "database") as database:
        indexer = dicomdatabase.ctkDICOMIndexer()
        for file in series.iterdir():
            indexer.addFile(database, str(file), True)
        indexer.waitForImportFinished()
        files, count = seriesFiles(volume)
        uid = pydicom.dcmread(files[0], stop_before_pixels=True).SeriesInstanceUID
        assert count == len(files) and sorted(map(str, files)) == sorted(database.filesForSeries(uid))
        choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
        save(host, export, tmp_path / "seg.dcm")
        assert (tmp_path / "seg.dcm").is_file()
    choose(host, projectPanel, None)


def test_file_is_replaced_only_after_the_dialog_asked(host, projectPanel, export, volume, series, tmp_path):
    from slicerhost import questions

    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    mine = tmp_path / "seg.dcm"
    mine.write_text("mine")
    questions.expect(str(tmp_path / "seg"), "DICOM-SEG")  # the dialog has not asked about seg.dcm
    questions.expect(False, "seg.dcm exists already")
    click(export.ui.exportButton)
    assert not export.exporter.isBusy
    assert mine.read_text() == "mine"
    save(host, export, mine)
    readBack(mine, series)


def test_cancel_leaves_no_file(host, projectPanel, export, volume, tmp_path):
    from slicerhost import questions

    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    questions.expect(str(tmp_path / "seg.dcm"), "DICOM-SEG")
    click(export.ui.exportButton)
    assert not export.ui.exportButton.enabled
    click(export.ui.exportCancelButton)
    host.waitFor(lambda: not projectPanel.panel.worker.isBusy, seconds=60)
    assert "No file was written" in export.ui.exportStatus.text
    assert export.ui.exportButton.enabled
    assert not list(tmp_path.glob("*.dcm"))


def test_folder_that_can_not_be_written(host, projectPanel, export, volume, tmp_path):
    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    (tmp_path / "file").write_text("no folder")
    save(host, export, tmp_path / "file" / "seg.dcm")
    assert "seg.dcm" in projectPanel.ui.messageLabel.text or "file" in projectPanel.ui.messageLabel.text
    assert export.ui.exportStatus.text == ""


def test_scene_closed_while_exporting(host, projectPanel, export, volume, tmp_path):
    import slicer
    from slicerhost import questions

    choose(host, projectPanel, addSegmentation(masksFor(volume), volume))
    questions.expect(str(tmp_path / "seg.dcm"), "DICOM-SEG")
    click(export.ui.exportButton)
    slicer.mrmlScene.Clear()
    host.waitFor(lambda: not projectPanel.panel.worker.isBusy, seconds=60)
    assert not export.exporter.isBusy
    assert not list(tmp_path.glob("*.dcm"))


@pytest.mark.undisturbed
def test_real_oblique_series(host, projectPanel, export, real_data, tmp_path):
    """22 slices of 512 x 512, oblique: the same voxels in the file as in the scene."""
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps

    folder = real_data / "dicom" / "brain_t1post_oblique"
    volume = finish(loadCaseSteps(ProjectCase("real", "scan_009", str(folder))))
    masks = {"Ball": np.zeros((22, 512, 512), bool)}
    k, j, i = np.ogrid[:22, :512, :512]
    masks["Ball"][((k - 9) / 4) ** 2 + ((j - 200) / 60) ** 2 + ((i - 300) / 40) ** 2 < 1] = True
    choose(host, projectPanel, addSegmentation(masks, volume))
    with Heartbeat() as heart:
        save(host, export, tmp_path / "seg.dcm")
    _seg, written = readBack(tmp_path / "seg.dcm", folder)
    assert np.array_equal(written["Ball"], masks["Ball"])
    heart.check()


@pytest.mark.parametrize("name", ["hippocampus_crop_1", "hippocampus_crop_2"])
def test_real_series_that_lacks_attributes(host, projectPanel, export, real_data, tmp_path, name):
    """Written by a cropping tool: many optional attributes are missing."""
    from DualTaskSegLib.project.case import ProjectCase
    from DualTaskSegLib.scene.casevolumes import loadCaseSteps

    folder = real_data / "dicom" / name
    volume = finish(loadCaseSteps(ProjectCase("crop", "scan_010", str(folder))))
    masks = masksFor(volume)
    choose(host, projectPanel, addSegmentation(masks, volume))
    save(host, export, tmp_path / "seg.dcm")
    assert "Written and read back" in export.ui.exportStatus.text, projectPanel.ui.messageLabel.text
    _seg, written = readBack(tmp_path / "seg.dcm", folder)
    assert all(np.array_equal(written[each], mask) for each, mask in masks.items())


def _ijkToRas(volume):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    volume.GetIJKToRASMatrix(matrix)
    return matrix
