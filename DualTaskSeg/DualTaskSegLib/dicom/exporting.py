"""Writes a segmentation of the scene, as DICOM or plain files: masks to files, then the child process does the rest."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

import slicer
from dualtaskseg.contract.issue import ERROR
from dualtaskseg.contract.segment import Segment
from dualtaskseg.errors import InputError
from dualtaskseg.model.folder import read_model
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.dicom.exportchecks import checksOf, filesCheck, filesThere, seriesFiles, sourceVolume, storedFiles
from DualTaskSegLib.dicom.exportformats import DICOM_SUFFIX, RTSTRUCT, SEG, ExportFormat, formats
from DualTaskSegLib.engine.scenejob import SceneJob
from DualTaskSegLib.engine.worker import ExportFiles
from DualTaskSegLib.project.modellibrary import ModelEntry
from DualTaskSegLib.results import results
from DualTaskSegLib.scene import casevolumes, labelmaps, segmentations


class Exporter(SceneJob):
    """Exports one segmentation at a time.

    ``onDone`` gets the report as a dictionary, see :class:`dualtaskseg.dicom.export_report.ExportReport` and
    :class:`dualtaskseg.dicom.plain_files.PlainReport`.
    """

    def start(
        self,
        segmentationNode: slicer.vtkMRMLSegmentationNode,
        out: Path,
        description: str = "",
        creator: str = "",
        mayReplace: bool = False,
        withMaps: bool = False,
        model: Path | None = None,
        format: ExportFormat | None = None,
        protected: Iterable[Path | str] = (),
    ) -> None:
        """Begins to export.

        Args:
            out: the file; its suffix is that of the format.
            description: of the series; one made of the model's name if empty.
            creator: who made it, such as ``Doe^Jane``; nobody is named if empty.
            mayReplace: whether the user agreed that the file is replaced.
            withMaps: whether signed distances and uncertainty are written as parametric maps beside it.
            model: folder of the model that made it; None where it is not there, or no model did.
            format: DICOM segmentation if None; description, creator and model are for DICOM only, maps for that one.
            protected: files that are never replaced, beside those of the scan.

        Raises:
            InputError: it can't be exported, see :func:`DualTaskSegLib.dicom.exportchecks.checksOf`.
        """
        # Whether the files of its series are there is seen below, in a thread: a disk may not answer for a minute.
        format = format or formats()[0]
        checks = checksOf(segmentationNode, isDicom=format.isDicom)
        problem = next((check for check in checks if check.severity == ERROR), None)
        if problem is not None:
            raise InputError(problem.what, problem.remedy)
        kind = results.updateAlgorithmType(segmentationNode)
        options = {"edited": kind == results.SEMIAUTOMATIC, "overwrite": mayReplace}
        options |= {"series_description": description, "content_creator": creator}
        modelName = segmentationNode.GetAttribute(results.MODEL)
        if model is None and modelName and kind:
            options["algorithm"] = f"DualTaskSeg {modelName}"
        volume = sourceVolume(segmentationNode)
        _requireOther(out, [*storedFiles(volume), *protected])
        tags = {results.ALGORITHM_TYPE: kind, results.ALGORITHM_NAME: f"DualTaskSeg {modelName}"} if kind else {}
        folder = self._makeFolder()

        def written(made: ExportFiles) -> None:
            worker, listeners = self._worker(), self._listeners(self._onChild, self._finish)
            if format.id == SEG:
                self._job = worker.exportSeg(made, out, model, options, **listeners)
            elif format.id == RTSTRUCT:
                self._job = worker.exportStructureSet(made, out, model, options, **listeners)
            else:
                self._job = worker.exportPlain(made, out, mayReplace, tags, **listeners)

        self._doSteps(
            fileSteps(segmentationNode, volume, folder, withMaps and format.id == SEG, format.isDicom),
            written,
            self._onMasks,
        )


def fileSteps(
    segmentationNode: slicer.vtkMRMLSegmentationNode,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    folder: Path,
    withMaps: bool,
    withSeries: bool = True,
) -> Steps[ExportFiles]:
    """Writes all that the child process needs into a folder.

    Raises:
        InputError: files of the series are missing.
    """
    series: list[Path] = []
    if withSeries:
        files, count = seriesFiles(volumeNode)
        series = yield from inThread(lambda: filesThere(files))
        check = filesCheck(len(series), count)
        if check.severity == ERROR:
            raise InputError(check.what, check.remedy)
    masks = yield from maskSteps(segmentationNode, volumeNode, folder)
    made = ExportFiles(masks, series)
    result = results.resultOf(segmentationNode) if withMaps else None
    if result is None:
        return made
    for index, (name, node) in enumerate(result.sdmNodes.items()):
        if name in masks:
            made.sdm[name] = yield from casevolumes.writeVolumeSteps(node, folder / f"sdm_{index + 1}.nrrd")
    if result.uncertaintyNode is not None:
        made.uncertainty = yield from casevolumes.writeVolumeSteps(result.uncertaintyNode, folder / "uncertainty.nrrd")
    return made


def maskSteps(
    segmentationNode: slicer.vtkMRMLSegmentationNode, volumeNode: slicer.vtkMRMLScalarVolumeNode, folder: Path
) -> Steps[dict[str, tuple[Path, Segment]]]:
    """Writes each segment that holds something as a label file of its own, so that overlaps are kept.

    Returns:
        by the segment's name: the file, and the segment.
    """
    filled = [info for info in segmentations.segmentsOf(segmentationNode) if not info.empty]
    masks: dict[str, tuple[Path, Segment]] = {}
    for index, info in enumerate(filled):
        only = {other.name: None for other in filled if other is not info}
        segment = Segment(info.name, 1, info.color, info.terminology)
        path = folder / f"segment_{index + 1}.nrrd"
        yield from labelmaps.writeLabelSteps(segmentationNode, volumeNode, [segment], only, path)
        masks[info.name] = (path, Segment(info.name, index + 1, info.color, info.terminology))
        yield (index + 1) / len(filled)
    return masks


def mapsBeside(out: Path) -> list[Path]:
    """The files beside a DICOM segmentation that parametric maps written with it would replace, or might."""
    distances = sorted(out.parent.glob(f"{glob.escape(out.stem)}_sdm_*{DICOM_SUFFIX}"))
    return [*distances, out.with_name(f"{out.stem}_uncertainty{DICOM_SUFFIX}")]


def _requireOther(out: Path, inputs: Iterable[Path | str]) -> None:
    """Refuses to replace a scan or a label, whatever the user allowed."""
    if any(_isSameFile(out, Path(file)) for file in inputs):
        raise InputError(
            _("{file} is a scan or a label of the project, which would be lost").format(file=out),
            _("Choose another name"),
        )


def _isSameFile(first: Path, second: Path) -> bool:
    """Whether two paths name one file, also by a link, or where upper and lower case are the same on the disk."""
    try:
        return first.samefile(second)
    except OSError:  # one of them isn't there
        return os.path.normcase(first.absolute()) == os.path.normcase(second.absolute())


def modelOf(segmentationNode: slicer.vtkMRMLSegmentationNode, models: Iterable[ModelEntry]) -> Path | None:
    """The folder of the model that made a segmentation, if it is among these with the same weights."""
    name = segmentationNode.GetAttribute(results.MODEL)
    sha256 = segmentationNode.GetAttribute(results.MODEL_HASH)
    for entry in models:
        if entry.problem or (entry.name != name and not sha256):
            continue
        if read_model(entry.folder, verify=False).weights_sha256 == sha256:
            return entry.folder
    return None


def hasDatabase() -> bool:
    """Whether Slicer's DICOM database is there and open."""
    database = getattr(slicer, "dicomDatabase", None)
    return database is not None and bool(database.isOpen)


def addToDatabase(file: Path) -> None:
    """Adds a DICOM file to Slicer's DICOM database; a copy of it is kept there."""
    import ctk

    indexer = ctk.ctkDICOMIndexer()
    indexer.addFile(slicer.dicomDatabase, str(file), True)
    indexer.waitForImportFinished()
