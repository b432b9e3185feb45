"""The scans of a project as volumes in the scene: finding, loading, judging and writing them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import slicer
import vtk
from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_kinds import may_be_slice
from dualtaskseg.io.nrrd import WRITTEN_TYPES
from dualtaskseg.io.paths import VOLUME_SUFFIXES
from dualtaskseg.names import free_name
from slicer.i18n import tr as _

from DualTaskSegLib.common.steps import Steps, finish, inThread
from DualTaskSegLib.image.dicomseries import sortedSeries
from DualTaskSegLib.image.geometry import (
    AS_IT_IS,
    SLICES_REVERSED,
    Geometry,
    Turn,
    geometryOf,
    isLinearlyTransformed,
    matrixOf,
)
from DualTaskSegLib.image.volumefiles import gridSteps, readSteps, voxelsOf, writeSteps
from DualTaskSegLib.project.case import ProjectCase
from DualTaskSegLib.project.project import Project

CASE_ID = "DualTaskSeg.CaseId"
CASE_GEOMETRY = "DualTaskSeg.CaseGrid"  # of the file that training reads; labels must lie on it
CASE_IN_WORLD = "DualTaskSeg.CaseInWorld"  # that file has the volume's transform applied
BENT_GEOMETRY = "DualTaskSeg.BentGrid"  # of the last copy that a transform which is not linear was applied to
ROLE = "DualTaskSeg.Role"
INSTANCE_UIDS = "DICOM.instanceUIDs"
MOST_TO_LOOK_AT = 12_000_000  # voxels, which take Slicer about 0.1 s
SAMPLE = 500_000
DISPLAYED_PERCENTILES = (0.1, 99.9)  # as Slicer's own


# --- finding


def scansInScene() -> list[slicer.vtkMRMLScalarVolumeNode]:
    """The volumes in the scene that may be scans: gray values, neither label maps nor anything that we made."""
    nodes = slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode")
    return [node for node in nodes if isScan(node)]


def isScan(node: slicer.vtkMRMLNode | None) -> bool:
    """Whether a node is a volume of gray values that we didn't make."""
    return (
        node is not None
        and node.IsA("vtkMRMLScalarVolumeNode")
        and not node.IsA("vtkMRMLLabelMapVolumeNode")
        and not node.IsA("vtkMRMLTensorVolumeNode")
        and not node.GetHideFromEditors()
        and not node.GetAttribute(ROLE)
    )


def offeredVolumes(project: Project) -> list[slicer.vtkMRMLScalarVolumeNode]:
    """The scans in the scene that are not in the project yet."""
    return [node for node in scansInScene() if caseOf(node, project) is None]


def caseOf(volumeNode: slicer.vtkMRMLScalarVolumeNode | None, project: Project) -> ProjectCase | None:
    """The case that a volume shows; None if it is none of the project's."""
    if volumeNode is None or project is None:
        return None
    case = project.caseById(volumeNode.GetAttribute(CASE_ID) or "")
    if case is not None:
        return case
    path = storedAt(volumeNode)
    case = project.caseByImage(path) if path is not None else None
    return case if case is not None and volumeFile(volumeNode) is not None else None


def nodeOf(projectCase: ProjectCase) -> slicer.vtkMRMLScalarVolumeNode | None:
    """The volume in the scene that shows a case; None if it isn't loaded."""
    scans = scansInScene()
    for node in scans:
        if node.GetAttribute(CASE_ID) == projectCase.id:
            return node
    wanted = _key(projectCase.image)
    for node in scans:
        path = None if node.GetAttribute(CASE_ID) else storedAt(node)
        if path is not None and _key(path) == wanted and volumeFile(node) is not None:
            return node
    return None


def markAsCase(volumeNode: slicer.vtkMRMLScalarVolumeNode, projectCase: ProjectCase) -> None:
    """Notes in a volume which case it shows, and the grid that the case's labels must lie on.

    Call it when the volume was taken into the project, after its file was written if it needed one: the file of a
    volume under a transform has the transform applied.
    """
    volumeNode.SetAttribute(CASE_ID, projectCase.id)
    if volumeNode.GetImageData() is None:
        return
    if isLinearlyTransformed(volumeNode):
        geometry = geometryOf(volumeNode, world=True)
    else:
        geometry = Geometry.fromText(volumeNode.GetAttribute(BENT_GEOMETRY)) or geometryOf(volumeNode)
    volumeNode.SetAttribute(CASE_GEOMETRY, geometry.toText())
    volumeNode.SetAttribute(CASE_IN_WORLD, "1" if volumeNode.GetParentTransformNode() is not None else None)


# --- judging


def addCaseSteps(project: Project, volumeNode: slicer.vtkMRMLScalarVolumeNode) -> Steps[ProjectCase]:
    """Makes a volume a case. One that is in no file as it is, is written to the project first. Nothing else is saved.

    Raises:
        InputError: the volume can't be a case, see :func:`problemsOf`, or can't be written.
    """
    requireUsable(volumeNode)
    file, name = volumeFile(volumeNode), None
    if file is None:
        name = project.neutralName()
        folder = project.imagesFolder
        # The file of a case that was removed from the list stays.
        free = free_name(name, lambda one: (folder / f"{one}.nrrd").exists())
        file = yield from writeVolumeSteps(volumeNode, folder / f"{free}.nrrd")
    case = project.addCase(file, name)
    if volumeNode.GetScene() is not None:
        # A volume's name may be a patient's, which must not get into the project.
        case.problems = [each.replace(volumeNode.GetName(), case.name) for each in remarksOf(volumeNode)]
        markAsCase(volumeNode, case)
    return case


def requireUsable(volumeNode: slicer.vtkMRMLScalarVolumeNode | None) -> None:
    """Refuses a volume that can't be a case, with an ``InputError`` that tells the first of :func:`problemsOf`."""
    problems = problemsOf(volumeNode)
    if problems:
        raise InputError(problems[0], "")


def problemsOf(volumeNode: slicer.vtkMRMLScalarVolumeNode | None) -> list[str]:
    """What keeps a volume from being a case, as sentences; empty if nothing does."""
    if volumeNode is None or volumeNode.GetScene() is None:
        return [_("The volume was deleted from the scene.")]
    name = volumeNode.GetName()
    if volumeNode.IsA("vtkMRMLLabelMapVolumeNode"):
        return [_("{name} is a label map, not a scan.").format(name=name)]
    image = volumeNode.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0 or image.GetPointData().GetScalars() is None:
        return [_("{name} holds no voxels. Load it again.").format(name=name)]
    problems = []
    if image.GetNumberOfScalarComponents() != 1:
        problems.append(
            _("{name} has {count} values for each voxel (color or several channels); one gray value is needed.").format(
                name=name, count=image.GetNumberOfScalarComponents()
            )
        )
    if min(image.GetDimensions()) < 2:
        problems.append(_("{name} is a flat image; a scan with several slices is needed.").format(name=name))
    geometry = geometryOf(volumeNode)
    if not np.isfinite(geometry.ijkToRAS).all() or not abs(np.linalg.det(geometry.ijkToRAS[:3, :3])) > 1e-12:
        problems.append(
            _("{name} has no usable geometry. Set its spacing and directions in the module Volumes.").format(name=name)
        )
        return problems
    if isLinearlyTransformed(volumeNode):
        geometry = geometryOf(volumeNode, world=True)
    if geometry.isSheared:
        problems.append(
            _(
                "The axes of {name} are not at right angles to each other. Resample it with the module Resample "
                "Scalar/Vector/DWI Volume."
            ).format(name=name)
        )
    return problems


def remarksOf(volumeNode: slicer.vtkMRMLScalarVolumeNode | None) -> list[str]:
    """What the user should know about a volume that can be a case, as sentences."""
    remarks: list[str] = []
    if volumeNode is None or volumeNode.GetImageData() is None:
        return remarks
    name = volumeNode.GetName()
    matrix = geometryOf(volumeNode).ijkToRAS
    if any(np.array_equal(matrix, plain) for plain in (np.eye(4), np.diag([-1.0, -1.0, 1.0, 1.0]))):
        remarks.append(
            _("{name} seems to have no geometry of its own: voxels of 1x1x1 mm at the origin.").format(name=name)
        )
    if volumeNode.GetParentTransformNode() is not None:
        remarks.append(
            _("{name} is under a transform; a copy with the transform applied is used for training.").format(name=name)
        )
    return remarks


# --- loading


def loadCaseSteps(projectCase: ProjectCase) -> Steps[slicer.vtkMRMLScalarVolumeNode]:
    """Loads the volume of a case, unless it is in the scene already; no view is changed.

    Raises:
        InputError: the file is missing, damaged or no scan.
    """
    node = nodeOf(projectCase)
    if node is not None:
        if not node.GetAttribute(CASE_ID):
            markAsCase(node, projectCase)
        return node
    path = Path(projectCase.image)
    files, uids = yield from inThread(lambda: _seriesIn(path))
    image, geometry = yield from readSteps(files[0] if files else path, files)
    node = slicer.vtkMRMLScalarVolumeNode()
    node.SetName(slicer.mrmlScene.GenerateUniqueName(projectCase.name))
    node.SetIJKToRASMatrix(matrixOf(geometry.ijkToRAS))
    node.SetAndObserveImageData(image)
    slicer.mrmlScene.AddNode(node)
    yield 0.9
    _display(node)
    yield 0.95
    node.AddDefaultStorageNode()
    storage = node.GetStorageNode()
    if uids:
        node.SetAttribute(INSTANCE_UIDS, " ".join(uids))
    markAsCase(node, projectCase)
    _markAsStored(storage)
    storage.SetFileName(str(files[0] if files else path))
    for file in files:
        storage.AddFileName(str(file))
    storage.SetSingleFile(not files)
    problems = problemsOf(node)
    if problems:
        slicer.mrmlScene.RemoveNode(node)
        raise InputError(_("{file} can't be used: {problem}").format(file=path, problem=problems[0]), "")
    return node


def gridOfFileSteps(projectCase: ProjectCase) -> Steps[Geometry | None]:
    """As :func:`caseGeometry`, of a case that need not be in the scene; None if its scan can't be read."""
    node = nodeOf(projectCase)
    if node is not None:
        return caseGeometry(node)
    if not projectCase.image:
        return None
    path = Path(projectCase.image)
    try:
        files, _uids = yield from inThread(lambda: _seriesIn(path))
        return (yield from gridSteps(files[0] if files else path, files))
    except InputError:
        return None


def _seriesIn(path: Path) -> tuple[list[Path], list[str]]:
    """The files of a DICOM folder and their UIDs, see :func:`sortedSeries`; none of what is a file itself.

    In this order the axes are right-handed, so no slice is reversed when they are read.
    """
    return sortedSeries(path) if path.is_dir() else ([], [])


# --- writing


def storedAt(volumeNode: slicer.vtkMRMLScalarVolumeNode | None) -> Path | None:
    """Where a volume came from, a file or DICOM folder, as it remembers it; the disk, which may be gone, isn't asked.

    None if it has no file, was changed since, or was loaded to another place than its file tells.
    """
    if volumeNode is None or volumeNode.GetParentTransformNode() is not None or volumeNode.GetImageData() is None:
        return None
    storage = volumeNode.GetStorageNode()
    if storage is None or not storage.GetFileName() or volumeNode.GetModifiedSinceRead() or _isPutElsewhere(storage):
        return None
    path = Path(os.path.normpath(Path(storage.GetFullNameFromFileName()).absolute()))
    return path.parent if len(_filesOf(storage)) > 1 else path


def _isPutElsewhere(storage: slicer.vtkMRMLStorageNode) -> bool:
    """Whether Slicer was told, in Add Data, to ignore the orientation that a file has, or to center it."""
    isArchetype = storage.IsA("vtkMRMLVolumeArchetypeStorageNode")
    return isArchetype and bool(storage.GetCenterImage() or not storage.GetUseOrientationFromFile())


def _filesOf(storageNode: slicer.vtkMRMLStorageNode) -> set[str]:
    """The names that a volume was read from; a single file may have none beside its own."""
    names = [storageNode.GetNthFileName(index) for index in range(storageNode.GetNumberOfFileNames())]
    return {os.path.normcase(name) for name in names if name}


def volumeFile(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> Path | None:
    """The file, or DICOM folder, that a volume came from; None if it has none, was changed since, or it is gone."""
    path = storedAt(volumeNode)
    if path is None:
        return None
    names = _filesOf(volumeNode.GetStorageNode())
    if len(names) > 1:
        listed = {Path(name).name for name in names}
        there = {os.path.normcase(each.name) for each in path.iterdir()} if path.is_dir() else set()
        # The training package reads whole folders, so nothing else may lie there.
        return path if listed == there else None
    # Slicer's DICOM database keeps files without a suffix. What such a file leaves open (a dental scan its distance of
    # slices, a film that it is one) Slicer has filled in, so the file itself is what has to be looked at.
    is_known = path.name.lower().endswith(VOLUME_SUFFIXES) or may_be_slice(path)
    return path if is_known and path.is_file() else None


def writeVolumeSteps(volumeNode: slicer.vtkMRMLScalarVolumeNode, path: Path | str) -> Steps[Path]:
    """Writes a volume as it lies in the world, in one step as others see it; a transform is applied to a copy.

    Raises:
        InputError: the volume can't be a case, see :func:`problemsOf`, or the file can't be written.
    """
    requireUsable(volumeNode)
    image, geometry = volumeNode.GetImageData(), geometryOf(volumeNode)
    if volumeNode.GetParentTransformNode() is not None:
        image, geometry = _inWorld(volumeNode)
        volumeNode.SetAttribute(BENT_GEOMETRY, None if isLinearlyTransformed(volumeNode) else geometry.toText())
    voxels = voxelsOf(image)
    if voxels.dtype.name not in WRITTEN_TYPES:
        raise InputError(
            _("The voxels of {name} are of a type that can't be written ({type})").format(
                name=volumeNode.GetName(), type=voxels.dtype.name
            ),
            _("Cast the volume to another type, for example short or float"),
        )
    if not geometry.isRightHanded:  # written as Slicer would load it, so that labels have its order
        voxels, geometry = SLICES_REVERSED.ofVoxels(voxels), geometry.rightHanded()
    return (yield from writeSteps(path, voxels, geometry.ijkToRAS))


def caseGeometry(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> Geometry:
    """The grid that the labels of a volume must lie on: that of the file which training reads, as Slicer loads it.

    A volume that is in no file can have left-handed axes; labels are counted as those of any other, see
    :func:`DualTaskSegLib.image.volumefiles.readSteps`.
    """
    return gridOfCase(volumeNode).rightHanded()


def gridOfCase(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> Geometry:
    """The grid of a volume when it became a case, with the transform of that time where its file has it applied."""
    geometry = Geometry.fromText(volumeNode.GetAttribute(CASE_GEOMETRY))
    return geometry if geometry is not None else geometryOf(volumeNode, world=isLinearlyTransformed(volumeNode))


def geometryInScene(volumeNode: slicer.vtkMRMLScalarVolumeNode, geometry: Geometry) -> tuple[Geometry, str | None]:
    """Where a result that was computed from a volume's file belongs in the scene.

    Args:
        geometry: that of the result's file.

    Returns:
        the grid for the result's node, exactly the volume's but for the order in which the result counts its voxels,
        where it follows the volume, and the ID of the transform to put it under, if any.

    Raises:
        InputError: the result doesn't lie on the volume's grid.
    """
    own, transform = geometryOf(volumeNode), volumeNode.GetTransformNodeID()
    isOwnFile = transform is None or not volumeNode.GetAttribute(CASE_IN_WORLD)
    turn = _loadedAs(geometry, own) if isOwnFile and not _isMirrored(volumeNode, own) else None
    if transform is not None and isLinearlyTransformed(volumeNode):
        turn = turn or _loadedAs(geometry, geometryOf(volumeNode, world=True))
    elif transform is not None:
        bent = Geometry.fromText(volumeNode.GetAttribute(BENT_GEOMETRY))
        if bent is not None and _loadedAs(geometry, bent) is not None:
            return bent.rightHanded(), None
    if turn is not None:
        return turn.ofGeometry(own), transform
    raise InputError(
        _("The result does not lie on the grid of {name}: it has {result}, the volume has {volume}").format(
            name=volumeNode.GetName(), result=geometry.describe(), volume=own.describe()
        ),
        _("The volume was changed or moved in the meantime; do it again"),
    )


def _loadedAs(geometry: Geometry, grid: Geometry) -> Turn | None:
    """What makes a grid that of its file as :func:`readSteps` gives it; None if the file has voxels at other places."""
    if not geometry.sameAs(grid.rightHanded()):
        return None
    return AS_IT_IS if grid.isRightHanded else SLICES_REVERSED


def _isMirrored(volumeNode: slicer.vtkMRMLScalarVolumeNode, own: Geometry) -> bool:
    """Whether a volume was mirrored in its place since it became a case, so that only what it shows lies elsewhere."""
    before = Geometry.fromText(volumeNode.GetAttribute(CASE_GEOMETRY))
    return before is not None and before.isRightHanded and not own.isRightHanded and before.sameAs(own.rightHanded())


def _display(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Gives a volume display properties; the window of a large one comes from some of its voxels.

    Slicer looks at all of them, which takes seconds for a whole body.
    """
    image = volumeNode.GetImageData()
    if image.GetNumberOfPoints() <= MOST_TO_LOOK_AT:
        volumeNode.CreateDefaultDisplayNodes()
        return
    voxels = voxelsOf(image).ravel()
    low, high = np.percentile(voxels[:: len(voxels) // SAMPLE + 1], DISPLAYED_PERCENTILES)
    display = slicer.vtkMRMLScalarVolumeDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(float(low), float(high))
    slicer.mrmlScene.AddNode(display)
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    volumeNode.SetAndObserveDisplayNodeID(display.GetID())


def _markAsStored(storage: slicer.vtkMRMLStorageNode) -> None:
    """Makes the scene take a volume's voxels for unchanged since reading; only reading a file does that."""
    with tempfile.TemporaryDirectory() as folder:
        file = finish(writeSteps(Path(folder) / "voxels.nrrd", np.zeros((2, 2, 2), np.uint8), np.eye(4)))
        storage.SetFileName(str(file))
        storage.ReadData(slicer.vtkMRMLScalarVolumeNode())


def _inWorld(volumeNode: slicer.vtkMRMLScalarVolumeNode) -> tuple[vtk.vtkImageData, Geometry]:
    """Voxels and grid of a volume with its transforms applied; those that are not linear resample it."""
    if isLinearlyTransformed(volumeNode):
        return volumeNode.GetImageData(), geometryOf(volumeNode, world=True)
    copy = slicer.vtkMRMLScalarVolumeNode()
    copy.SetHideFromEditors(1)
    copy.SetSaveWithScene(0)
    copy.SetName("DualTaskSegHardened")
    copy.CopyOrientation(volumeNode)
    image = volumeNode.GetImageData().NewInstance()
    image.DeepCopy(volumeNode.GetImageData())
    copy.SetAndObserveImageData(image)
    slicer.mrmlScene.AddNode(copy)
    try:
        copy.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
        copy.HardenTransform()
        return copy.GetImageData(), geometryOf(copy)
    finally:
        slicer.mrmlScene.RemoveNode(copy)


def _key(path: Path | str) -> str:
    return os.path.normcase(os.path.normpath(Path(path).absolute()))  # no ~: the paths come from nodes and projects
