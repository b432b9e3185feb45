"""What a model says of a volume, as nodes: segmentation, signed distance volumes, uncertainty volume."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import slicer
import vtk
from dualtaskseg.contract.terminology import parse_terminology
from dualtaskseg.model.description import ModelDescription
from dualtaskseg.model.folder import read_model
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.image.geometry import Geometry, matrixOf
from DualTaskSegLib.image.surfaces import makeSurfacesSteps
from DualTaskSegLib.image.volumefiles import readAllSteps
from DualTaskSegLib.project.case import EDITED, OUTLINED, PREDICTED
from DualTaskSegLib.scene import segmenttags
from DualTaskSegLib.scene.casevolumes import CASE_ID, ROLE, geometryInScene, requireUsable
from DualTaskSegLib.scene.labelmaps import labelVoxels
from DualTaskSegLib.scene.segmentations import Content, fillSegmentation, newSegmentation

SEGMENTATION, SIGNED_DISTANCE, UNCERTAINTY = "segmentation", "signed distance", "uncertainty"
CHANGES = "changes"  # a map of what a later result changed; no node of a prediction
SOURCE_REFERENCE = "DualTaskSeg.Source"  # the volume that a result was computed from
UNITS, SIGN, MODEL, MODEL_HASH = "DualTaskSeg.Units", "DualTaskSeg.Sign", "DualTaskSeg.Model", "DualTaskSeg.ModelHash"
SOURCE = "DualTaskSeg.Source"
SEGMENT = "DualTaskSeg.Segment"
RESULT_ID = "DualTaskSeg.ResultId"
FINGERPRINT = "DualTaskSeg.Fingerprint"
COMPLETED = "DualTaskSeg.Completed"  # the segmentation holds outlines of a person, and the model filled the rest
TERM_CHOSEN = "DualTaskSeg.TermChosen"  # tag of a segment whose term somebody chose, be it only "Tissue"
ALGORITHM_TYPE, ALGORITHM_NAME = "DICOM.SegmentAlgorithmType", "DICOM.SegmentAlgorithmName"
AUTOMATIC, SEMIAUTOMATIC = "AUTOMATIC", "SEMIAUTOMATIC"
POSITION_TOLERANCE = 0.01  # mm


@dataclass(eq=False)
class Result:
    """The nodes that one prediction of a volume became. The user may delete any of them: it is None or absent then."""

    id: str  # the same in the attribute DualTaskSeg.ResultId of all its nodes
    segmentationNode: slicer.vtkMRMLSegmentationNode | None = None  # with the model's segments
    sdmNodes: dict[str, slicer.vtkMRMLScalarVolumeNode] = field(default_factory=dict)  # mm, negative inside, by segment
    uncertaintyNode: slicer.vtkMRMLScalarVolumeNode | None = None  # 1 where the two networks contradict each other
    remarks: list[str] = field(default_factory=list)  # what the user should know

    @property
    def nodes(self) -> list[slicer.vtkMRMLNode]:
        """All its nodes."""
        return [node for node in (self.segmentationNode, *self.sdmNodes.values(), self.uncertaintyNode) if node]

    @property
    def modelName(self) -> str:
        """Name of the model it comes from."""
        return next((node.GetAttribute(MODEL) or "" for node in self.nodes), "")


# --- adding


def addResultSteps(
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    labelFile: Path | str,
    sdmFiles: Mapping[str, Path | str] | None,
    uncertaintyFile: Path | str | None,
    model: ModelDescription | Path | str,
    replaced: Result | None = None,
) -> Steps[Result]:
    """Adds the files of a prediction to the scene as new nodes beside the volume; nothing else changes.

    All files are read before the first node is made, so a damaged one leaves nothing behind.

    Args:
        labelFile: label map with the model's label values.
        sdmFiles: signed distances in mm, negative inside, by segment name.
        uncertaintyFile: from 0 to 1, or None.
        model: its folder, or its description.
        replaced: an earlier result whose nodes are given new content, instead of new nodes; ask first, all the more if
            it was edited. Display properties, names and places stay; what the new prediction lacks is removed.

    Raises:
        InputError: the volume was deleted or changed meanwhile, or a file is missing, damaged, or on another grid.
    """
    if not isinstance(model, ModelDescription):
        model = read_model(model, verify=False)
    files: list[tuple[str, str, Path]] = [(SEGMENTATION, "", Path(labelFile))]
    files += [(SIGNED_DISTANCE, name, Path(file)) for name, file in (sdmFiles or {}).items()]
    files += [(UNCERTAINTY, "", Path(uncertaintyFile))] if uncertaintyFile else []
    contents = yield from readAllSteps([file for _role, _name, file in files])
    requireUsable(volumeNode)
    geometries = [geometryInScene(volumeNode, geometry) for _image, geometry in contents]
    labels = yield from inThread(lambda: labelVoxels(contents[0][0], files[0][2]), 0.6)
    content = yield from inThread(lambda: Content(labels, geometries[0][0]), 0.7)
    counts = yield from inThread(lambda: labelcontent.countsOf(content.image), 0.7)
    requireUsable(volumeNode)  # it may be gone meanwhile

    result = Result(uuid.uuid4().hex[:12]) if replaced is None else resultOf(replaced.id) or Result(replaced.id)
    adding = _ResultWriter(volumeNode, model, result)
    yield 0.8
    for (role, name, _file), (image, _own), (geometry, transform) in zip(files, contents, geometries, strict=True):
        if role == SEGMENTATION:
            yield from adding.segmentationSteps(content, transform)
        elif role == SIGNED_DISTANCE:
            adding.signedDistance(name, image, geometry, transform)
        else:
            adding.uncertainty(image, geometry, transform)
        yield 0.9
    adding.removeLeftOvers({name for role, name, _file in files if role == SIGNED_DISTANCE}, bool(uncertaintyFile))
    empty = [s.name for s in model.segments if not counts.get(s.value)]
    result.remarks = [_("{name} was not found in this scan.").format(name=name) for name in empty]
    return result


# --- finding


def resultsOf(volumeNode: slicer.vtkMRMLScalarVolumeNode | None) -> list[Result]:
    """The results of a volume in the scene, also of an earlier session; oldest first."""
    if volumeNode is None:
        return []
    found: dict[str, Result] = {}
    for node in _resultNodes():
        if node.GetNodeReference(SOURCE_REFERENCE) is volumeNode:
            _sortIn(found.setdefault(node.GetAttribute(RESULT_ID), Result(node.GetAttribute(RESULT_ID))), node)
    return list(found.values())


def resultOf(node: slicer.vtkMRMLNode | str | None) -> Result | None:
    """The result that a node, or a result's ID, belongs to; None if it is none of ours."""
    resultId = node if isinstance(node, str) or node is None else node.GetAttribute(RESULT_ID)
    if not resultId:
        return None
    result = Result(resultId)
    for each in _resultNodes():
        if each.GetAttribute(RESULT_ID) == resultId:
            _sortIn(result, each)
    return result if result.nodes else None


def sourceOf(node: slicer.vtkMRMLNode | None) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The volume that a node of a result was computed from; None if it was deleted."""
    return node.GetNodeReference(SOURCE_REFERENCE) if node is not None else None


# --- edited or not


def isEdited(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> bool:
    """Whether a predicted segmentation was changed since: its voxels, place or number of segments.

    Names, colors and display don't count. False for segmentations that no model made. Voxels are looked at for that:
    let :func:`labelcontent.lookSteps` do it first where it could take long.
    """
    if segmentationNode is None or not segmentationNode.GetAttribute(FINGERPRINT):
        return False
    try:
        before = json.loads(segmentationNode.GetAttribute(FINGERPRINT))
    except ValueError:
        return True
    return not sameContent(before, fingerprintOf(segmentationNode))


def originOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> str:
    """Where a segmentation comes from: ``"outlined"`` by a person, ``"predicted"``, or ``"edited"`` after that."""
    if segmentationNode is None or not segmentationNode.GetAttribute(FINGERPRINT):
        return OUTLINED
    return EDITED if isEdited(segmentationNode) else PREDICTED


def updateAlgorithmType(segmentationNode: slicer.vtkMRMLSegmentationNode) -> str:
    """Declares a predicted segmentation as DICOM wants it: SEMIAUTOMATIC if a person had a hand in it, else AUTOMATIC.

    Segments that the user added are left as they are. Call it before export; returns what was declared, empty for
    segmentations that no model made.
    """
    if originOf(segmentationNode) == OUTLINED:
        return ""
    isByHand = isCompleted(segmentationNode) or isEdited(segmentationNode)
    kind = SEMIAUTOMATIC if isByHand else AUTOMATIC
    for _id, segment in labelcontent.segmentsIn(segmentationNode):
        if segmenttags.textOf(segment, ALGORITHM_NAME) and segmenttags.textOf(segment, ALGORITHM_TYPE) != kind:
            segment.SetTag(ALGORITHM_TYPE, kind)
    return kind


def chooseTerm(segmentationNode: slicer.vtkMRMLSegmentationNode, name: str, entry: str) -> None:
    """Gives the segments of a name a term that somebody chose, as Slicer writes it."""
    for _id, segment in labelcontent.segmentsIn(segmentationNode):
        if segment.GetName() == name:
            segmenttags.setTerminology(segment, entry)
            segment.SetTag(TERM_CHOSEN, "1")


def hasChosenTerm(segmentationNode: slicer.vtkMRMLSegmentationNode, segmentId: str) -> bool:
    """Whether somebody chose the term of a segment, or told it the model that made it, be it no more than "Tissue"."""
    segment = segmentationNode.GetSegmentation().GetSegment(segmentId)
    return segment is not None and bool(segmenttags.textOf(segment, TERM_CHOSEN))


def markAsCompleted(segmentationNode: slicer.vtkMRMLSegmentationNode) -> None:
    """Notes that a predicted segmentation holds outlines of a person, which the model completed."""
    segmentationNode.SetAttribute(COMPLETED, "1")
    updateAlgorithmType(segmentationNode)


def isCompleted(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> bool:
    """Whether a predicted segmentation holds outlines of a person, which the model completed."""
    return segmentationNode is not None and segmentationNode.GetAttribute(COMPLETED) is not None


# --- parts


class _ResultWriter:
    """Makes, or fills again, the nodes of one result."""

    def __init__(self, volumeNode: slicer.vtkMRMLScalarVolumeNode, model: ModelDescription, result: Result) -> None:
        self.volumeNode = volumeNode
        self.model = model
        self.result = result

    def segmentationSteps(self, content: Content, transform: str | None) -> Steps[None]:
        node = self.result.segmentationNode
        if node is None:
            name = _("{volume} segmentation").format(volume=self.volumeNode.GetName())
            node = newSegmentation(slicer.mrmlScene.GenerateUniqueName(name))
            self.result.segmentationNode = node
        hadSurface = node.GetSegmentation().ContainsRepresentation(
            slicer.vtkSegmentationConverter.GetClosedSurfaceRepresentationName()
        )
        node.SetAndObserveTransformNodeID(transform)
        node.SetReferenceImageGeometryParameterFromVolumeNode(self.volumeNode)
        for segmentId in fillSegmentation(node, content, self.model.segments):
            segment = node.GetSegmentation().GetSegment(segmentId)
            segment.SetTag(ALGORITHM_TYPE, AUTOMATIC)
            segment.SetTag(ALGORITHM_NAME, f"DualTaskSeg {self.model.name}")
        for segment in self.model.segments:
            if parse_terminology(segment.terminology) is not None:
                node.GetSegmentation().GetSegment(f"Segment_{segment.value}").SetTag(TERM_CHOSEN, "1")
        self._mark(node, SEGMENTATION)
        node.SetAttribute(COMPLETED, None)
        yield from labelcontent.lookSteps([node])
        node.SetAttribute(FINGERPRINT, json.dumps(fingerprintOf(node)))
        if hadSurface:
            yield from makeSurfacesSteps(node)

    def signedDistance(self, name: str, image: vtk.vtkImageData, geometry: Geometry, transform: str | None) -> None:
        title = _("{volume} signed distance {segment}").format(volume=self.volumeNode.GetName(), segment=name)
        node = self._volume(self.result.sdmNodes.get(name), title, image, geometry, transform)
        self.result.sdmNodes[name] = node
        node.SetAttribute(UNITS, "mm")
        node.SetAttribute(SIGN, "negative inside")
        node.SetAttribute(SEGMENT, name)
        self._mark(node, SIGNED_DISTANCE)

    def uncertainty(self, image: vtk.vtkImageData, geometry: Geometry, transform: str | None) -> None:
        title = _("{volume} uncertainty").format(volume=self.volumeNode.GetName())
        node = self._volume(self.result.uncertaintyNode, title, image, geometry, transform)
        self.result.uncertaintyNode = node
        node.SetAttribute(UNITS, "1")
        self._mark(node, UNCERTAINTY)

    def removeLeftOvers(self, names: set[str], hasUncertainty: bool) -> None:
        """Removes what an earlier prediction had and this one has not."""
        for name in [name for name in self.result.sdmNodes if name not in names]:
            removeNode(self.result.sdmNodes.pop(name))
        if not hasUncertainty and self.result.uncertaintyNode is not None:
            removeNode(self.result.uncertaintyNode)
            self.result.uncertaintyNode = None

    def _volume(
        self,
        node: slicer.vtkMRMLScalarVolumeNode | None,
        title: str,
        image: vtk.vtkImageData,
        geometry: Geometry,
        transform: str | None,
    ) -> slicer.vtkMRMLScalarVolumeNode:
        isNew = node is None
        if isNew:
            node = slicer.vtkMRMLScalarVolumeNode()
            node.SetName(slicer.mrmlScene.GenerateUniqueName(title))
        setVoxels(node, image, geometry, transform)
        if isNew:
            addMap(node, node.GetName())
        return node

    def _mark(self, node: slicer.vtkMRMLNode, role: str) -> None:
        node.SetAttribute(ROLE, role)
        node.SetAttribute(RESULT_ID, self.result.id)
        node.SetAttribute(MODEL, self.model.name)
        node.SetAttribute(MODEL_HASH, self.model.weights_sha256 or None)
        node.SetAttribute(SOURCE, self.volumeNode.GetName())
        node.SetAttribute(CASE_ID, self.volumeNode.GetAttribute(CASE_ID))
        node.SetNodeReferenceID(SOURCE_REFERENCE, self.volumeNode.GetID())
        placeBeside(node, self.volumeNode)


def setVoxels(
    node: slicer.vtkMRMLScalarVolumeNode, image: vtk.vtkImageData, geometry: Geometry, transform: str | None
) -> None:
    """Gives a volume other voxels, their grid and the transform above it at once."""
    isModifying = node.StartModify()
    node.SetIJKToRASMatrix(matrixOf(geometry.ijkToRAS))
    node.SetAndObserveImageData(image)
    node.SetAndObserveTransformNodeID(transform)
    node.EndModify(isModifying)


def addMap(node: slicer.vtkMRMLScalarVolumeNode, name: str) -> None:
    """Adds a new volume that lies over a scan to the scene; the overlays set its window and its colors.

    Slicer would work them out from all its voxels, which takes longer than all the rest.
    """
    display = slicer.vtkMRMLScalarVolumeDisplayNode()
    display.AutoWindowLevelOff()
    slicer.mrmlScene.AddNode(display)
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    node.SetName(name)
    slicer.mrmlScene.AddNode(node)
    node.SetAndObserveDisplayNodeID(display.GetID())


def placeBeside(node: slicer.vtkMRMLNode, volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Puts a node under the same study, or folder, as a volume in the subject hierarchy."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    if hierarchy is None:
        return
    volumeItem = hierarchy.GetItemByDataNode(volumeNode)
    if not volumeItem:
        volumeItem = hierarchy.CreateItem(hierarchy.GetSceneItemID(), volumeNode)
    parent = hierarchy.GetItemParent(volumeItem)
    item = hierarchy.GetItemByDataNode(node)
    if item:
        hierarchy.SetItemParent(item, parent)
    else:
        hierarchy.CreateItem(parent, node)


def removeNode(node: slicer.vtkMRMLNode) -> None:
    """Removes a node of ours, and first its item in the subject hierarchy, which would outlive it without a window."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(slicer.mrmlScene)
    item = hierarchy.GetItemByDataNode(node) if hierarchy is not None else 0
    if item:
        hierarchy.RemoveItem(item, False, False)
    if node.GetScene() is not None:
        slicer.mrmlScene.RemoveNode(node)


def _resultNodes() -> list[slicer.vtkMRMLNode]:
    nodes = [
        *slicer.util.getNodesByClass("vtkMRMLSegmentationNode"),
        *slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode"),
    ]
    return [node for node in nodes if node.GetAttribute(RESULT_ID)]


def _sortIn(result: Result, node: slicer.vtkMRMLNode) -> None:
    role = node.GetAttribute(ROLE)
    if role == SEGMENTATION:
        result.segmentationNode = node
    elif role == SIGNED_DISTANCE:
        result.sdmNodes[node.GetAttribute(SEGMENT) or ""] = node
    elif role == UNCERTAINTY:
        result.uncertaintyNode = node


def fingerprintOf(segmentationNode: slicer.vtkMRMLSegmentationNode) -> dict[str, tuple[str, list[float]]]:
    """Of each segment, by ID: a digest of its voxels within their own box, and where the box's first voxel lies in mm.

    So it stays the same when a file or the Segment Editor stores the same voxels in another extent or layer.
    """
    found: dict[str, tuple[str, list[float]]] = {}
    for segmentId, segment in labelcontent.segmentsIn(segmentationNode):
        image = labelcontent.binaryOf(segment)
        known = labelcontent.printsOf(image).get(segment.GetLabelValue()) if image is not None else None
        if known is None:
            found[segmentId] = ("", [0.0, 0.0, 0.0])
            continue
        corner = labelcontent.toWorld(image) @ [*known.first, 1.0]
        found[segmentId] = (known.digest, [round(float(value), 4) for value in corner[:3]])
    return found


def sameContent(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two fingerprints stand for the same voxels at the same places."""
    if before.keys() != now.keys():
        return False
    for segmentId, (digest, corner) in now.items():
        digestBefore, cornerBefore = before[segmentId]
        if digest != digestBefore:
            return False
        if digest and np.abs(np.subtract(corner, cornerBefore)).max() > POSITION_TOLERANCE:
            return False
    return True
