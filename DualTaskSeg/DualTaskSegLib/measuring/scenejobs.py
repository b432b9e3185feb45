"""Measures a segmentation of the scene, and compares two of one scan: masks to the child process, numbers back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import slicer
from dualtaskseg.errors import InputError
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps
from DualTaskSegLib.dicom.exporting import maskSteps
from DualTaskSegLib.engine.scenejob import SceneJob
from DualTaskSegLib.image import labelcontent
from DualTaskSegLib.image.volumefiles import readSteps
from DualTaskSegLib.measuring.numbers import NumberTable, changesTable, sizesTable
from DualTaskSegLib.results import results
from DualTaskSegLib.results.segmenting import figuresOf
from DualTaskSegLib.scene import segmentations
from DualTaskSegLib.scene.casevolumes import CASE_ID, ROLE, geometryInScene, requireUsable

BEFORE, AFTER = "DualTaskSeg.Before", "DualTaskSeg.After"  # references of a map of changes to two segmentations
CHANGED = "DualTaskSeg.Changed"  # its numbers
COMPARED = "DualTaskSeg.Compared"  # what the two held when they were compared
MAP_NAME = "changes.nrrd"


@dataclass(eq=False)
class Comparison:
    """What a later segmentation changed."""

    node: slicer.vtkMRMLScalarVolumeNode  # 1 added, 2 removed, 3 another structure, else 0
    table: NumberTable  # one row a structure


class Measurer(SceneJob):
    """Measures volumes and diameters of one segmentation at a time; ``onDone`` gets a :class:`NumberTable`."""

    fingerprint: dict[str, tuple[str, list[float]]] | None = None  # of what was measured last

    def start(self, segmentationNode: slicer.vtkMRMLSegmentationNode) -> None:
        """Begins to measure.

        Raises:
            InputError: the segmentation's scan is not there, or can't be used.
        """
        volume = scanOf(segmentationNode)
        folder = self._makeFolder()

        def written(masks: dict[str, Path]) -> None:
            self.fingerprint = results.fingerprintOf(segmentationNode)
            dice, agreement = figuresOf(segmentationNode)
            structures = [info.name for info in segmentations.segmentsOf(segmentationNode)]
            case: dict[str, Any] = {"case": segmentationNode.GetName(), "structures": structures}
            case |= {"masks": {name: str(file) for name, file in masks.items()}}
            case |= {"predicted_dice": dice, "agreement": agreement}
            self._job = self._worker().measure([case], **self._listeners(self._onChild, self._onMeasured))

        self._doSteps(_filesSteps(segmentationNode, volume, folder), written, self._onMasks)

    def _onMeasured(self, result: dict[str, Any]) -> None:
        self._job = None
        self._finish(sizesTable(result["cases"][0]))


class Comparer(SceneJob):
    """Compares two segmentations of one scan at a time; ``onDone`` gets a :class:`Comparison`."""

    def start(self, before: slicer.vtkMRMLSegmentationNode, after: slicer.vtkMRMLSegmentationNode) -> None:
        """Begins to compare an earlier segmentation with a later one.

        Raises:
            InputError: the two are not of one scan, or it can't be used.
        """
        volume = scanOf(after)
        if scanOf(before) is not volume:
            raise InputError(
                _("{first} and {second} are not of the same scan").format(
                    first=before.GetName(), second=after.GetName()
                ),
                _("Choose two segmentations of one scan"),
            )
        folder = self._makeFolder()

        def steps() -> Steps[list[dict[str, Path]]]:
            written = []
            for index, node in enumerate((before, after)):
                (folder / str(index)).mkdir()
                written.append((yield from _filesSteps(node, volume, folder / str(index))))
            return written

        def written(masks: list[dict[str, Path]]) -> None:
            held = json.dumps(_heldBy(before, after))  # now: either may be edited while the child compares
            self._job = self._worker().compare(
                *masks,
                folder / MAP_NAME,
                **self._listeners(self._onChild, lambda found: compared(found["structures"], held)),
            )

        def compared(structures: list[dict[str, Any]], held: str) -> None:
            self._job = None
            load = _mapSteps(before, after, volume, folder / MAP_NAME, structures, held)
            self._doSteps(load, self._finish, lambda _share: self._onProgress(1.0, _("Loading the result")))

        self._doSteps(steps(), written, self._onMasks)


def scanIfThere(
    segmentationNode: slicer.vtkMRMLSegmentationNode | None,
) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The scan that a segmentation belongs to; None where it is not in the scene."""
    if segmentationNode is None:
        return None
    return results.sourceOf(segmentationNode) or segmentations.volumeOf(segmentationNode)


def scanOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> slicer.vtkMRMLScalarVolumeNode:
    """The scan that a segmentation belongs to.

    Raises:
        InputError: it is not in the scene, or can't be used.
    """
    volume = scanIfThere(segmentationNode)
    requireUsable(volume)
    return volume


def comparisonOf(segmentationNode: slicer.vtkMRMLSegmentationNode | None) -> Comparison | None:
    """The latest comparison of a segmentation with an earlier one, also of an earlier day; None if there is none."""
    found = None
    for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode"):
        if node.GetAttribute(ROLE) == results.CHANGES and node.GetNodeReference(AFTER) is segmentationNode:
            found = node
    if segmentationNode is None or found is None:
        return None
    try:
        structures = json.loads(found.GetAttribute(CHANGED) or "")
        return Comparison(found, changesTable(structures))
    except (ValueError, KeyError, TypeError):
        return None


def dropIfStaleSteps(comparison: Comparison) -> Steps[bool]:
    """Removes a comparison whose segmentations were edited or deleted since; returns whether it did."""
    nodes = [comparison.node.GetNodeReference(role) for role in (BEFORE, AFTER)]
    if all(node is not None for node in nodes):
        yield from labelcontent.lookSteps(nodes)
    if comparison.node.GetScene() is None:
        return True
    if all(node is not None and node.GetScene() is not None for node in nodes) and _isFresh(comparison.node, nodes):
        return False
    results.removeNode(comparison.node)
    return True


def _isFresh(node: slicer.vtkMRMLScalarVolumeNode, segmentationNodes: Sequence[slicer.vtkMRMLSegmentationNode]) -> bool:
    """Whether segmentations hold what they held when they were compared."""
    try:
        held = json.loads(node.GetAttribute(COMPARED) or "")
        return all(results.sameContent(*pair) for pair in zip(held, _heldBy(*segmentationNodes), strict=True))
    except (ValueError, TypeError, AttributeError):  # of an earlier version
        return False


def _filesSteps(
    segmentationNode: slicer.vtkMRMLSegmentationNode, volumeNode: slicer.vtkMRMLScalarVolumeNode, folder: Path
) -> Steps[dict[str, Path]]:
    yield from labelcontent.lookSteps([segmentationNode])
    masks = yield from maskSteps(segmentationNode, volumeNode, folder)
    if not masks:
        raise InputError(
            _("{name} holds nothing").format(name=segmentationNode.GetName()), _("Choose another segmentation")
        )
    return {name: file for name, (file, _segment) in masks.items()}


def _mapSteps(
    before: slicer.vtkMRMLSegmentationNode,
    after: slicer.vtkMRMLSegmentationNode,
    volumeNode: slicer.vtkMRMLScalarVolumeNode,
    file: Path,
    structures: list[dict[str, Any]],
    held: str,
) -> Steps[Comparison]:
    """Loads the map of changes; that of an earlier comparison of the later segmentation gets the new content."""
    image, own = yield from readSteps(file)
    requireUsable(volumeNode)
    if before.GetScene() is None or after.GetScene() is None:
        raise InputError(_("The segmentation was deleted from the scene"), _("Choose another one"))
    geometry, transform = geometryInScene(volumeNode, own)
    known = comparisonOf(after)
    node = known.node if known is not None else slicer.vtkMRMLScalarVolumeNode()
    results.setVoxels(node, image, geometry, transform)
    if known is None:
        name = _("{volume} changes").format(volume=volumeNode.GetName())
        results.addMap(node, slicer.mrmlScene.GenerateUniqueName(name))
    node.SetAttribute(ROLE, results.CHANGES)
    node.SetAttribute(CASE_ID, volumeNode.GetAttribute(CASE_ID))
    node.SetAttribute(CHANGED, json.dumps(structures))
    node.SetAttribute(COMPARED, held)
    node.SetNodeReferenceID(results.SOURCE_REFERENCE, volumeNode.GetID())
    node.SetNodeReferenceID(BEFORE, before.GetID())
    node.SetNodeReferenceID(AFTER, after.GetID())
    results.placeBeside(node, volumeNode)
    return Comparison(node, changesTable(structures))


def _heldBy(*segmentationNodes: slicer.vtkMRMLSegmentationNode) -> list[dict[str, Any]]:
    return [results.fingerprintOf(node) for node in segmentationNodes]
