"""Volumes read from files and written to files, beside the scene: nothing here touches a node that is in a scene."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import vtk
import vtkITK
from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path
from dualtaskseg.io.nrrd import header_to_write
from slicer.i18n import tr as _
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

from DualTaskSegLib.common.steps import Steps, inThread
from DualTaskSegLib.image.geometry import Geometry, arrayOf

CHUNK = 2 << 20  # bytes compressed in one step, 0.03 to 0.08 s
MOST_READERS = 4  # files read at the same time


def readSteps(path: Path | str, files: Sequence[Path] = ()) -> Steps[tuple[vtk.vtkImageData, Geometry]]:
    """Reads a volume in a thread, with the reader that Slicer itself uses, and as Slicer loads it since 5.8.

    That is with right-handed axes: where those of the file are left-handed, as those of many NIfTI files, the slices
    come in reversed order (``vtkMRMLVolumeArchetypeStorageNode``, ForceRightHandedIJKCoordinateSystem).

    Args:
        files: of a DICOM series, in the order of their positions; ``path`` is the first of them then.

    Returns:
        the voxels, with origin 0 and spacing 1 as nodes want it, and their grid.

    Raises:
        InputError: the file is missing, or can't be read, or holds several values for each voxel.
    """
    reading = _Reading(Path(path), files)
    yield from inThread(reading.read)
    return reading.result()


def gridSteps(path: Path | str, files: Sequence[Path] = ()) -> Steps[Geometry]:
    """Finds the grid of the volume that :func:`readSteps` would read, in a thread, from the header of the file.

    Raises:
        InputError: the file is missing, or can't be read.
    """
    reading = _Reading(Path(path), files)
    yield from inThread(reading.readHeader)
    return reading.grid()


def readAllSteps(paths: Sequence[Path]) -> Steps[list[tuple[vtk.vtkImageData, Geometry]]]:
    """As :func:`readSteps`, for several files at the same time."""
    readings = [_Reading(path) for path in paths]

    def read() -> None:
        with ThreadPoolExecutor(MOST_READERS) as pool:
            list(pool.map(_Reading.read, readings))

    yield from inThread(read)
    return [reading.result() for reading in readings]


class _Reading:
    """A file that is being read: prepared and taken over in the main thread, read in any."""

    def __init__(self, path: Path, files: Sequence[Path] = ()) -> None:
        if not path.is_file():
            raise InputError(_("{file} does not exist").format(file=path), _("Check that it was not moved or deleted"))
        self.path = path
        self._problems: list[str] = []
        self._reader = vtkITK.vtkITKArchetypeImageSeriesScalarReader()
        self._reader.SetArchetype(str(path))
        if files:
            self._reader.ResetFileNames()
            for file in files:
                self._reader.AddFileName(str(file))
        self._reader.SetSingleFile(not files)
        self._reader.SetUseOrientationFromFile(1)
        self._reader.SetOutputScalarTypeToNative()
        self._reader.SetDesiredCoordinateOrientationToNative()
        self._reader.SetUseNativeOriginOn()
        self._reader.AddObserver("ErrorEvent", lambda *_arguments: self._problems.append("error"))
        self._reversed: vtk.vtkImageData | None = None  # the voxels with their slices in the other order, where needed

    def read(self) -> None:
        """Reads the file; what goes wrong is told by :meth:`result`."""
        self._reader.Update()
        if self._problem() is None and not self._geometry().isRightHanded:
            self._reversed = imageOf(voxelsOf(self._reader.GetOutput())[::-1])

    def readHeader(self) -> None:
        """Reads what :meth:`grid` needs."""
        self._reader.UpdateInformation()

    def grid(self) -> Geometry:
        if self._problems or self._reader.GetErrorCode():
            raise self._unreadable()
        return self._geometry().rightHanded()

    def result(self) -> tuple[vtk.vtkImageData, Geometry]:
        problem = self._problem()
        if problem is not None:
            raise problem
        voxels = vtk.vtkImageData()
        voxels.ShallowCopy(self._reversed or self._reader.GetOutput())
        voxels.SetOrigin(0, 0, 0)
        voxels.SetSpacing(1, 1, 1)
        return voxels, self._geometry().rightHanded()

    def _problem(self) -> InputError | None:
        """What keeps the file from being used, once it was read."""
        image = self._reader.GetOutput()
        if self._problems or self._reader.GetErrorCode() or image.GetPointData().GetScalars() is None:
            return self._unreadable()
        if image.GetNumberOfScalarComponents() != 1:
            return InputError(
                _("{file} has several values for each voxel (color or several channels)").format(file=self.path),
                _("Give a scan with one gray value for each voxel"),
            )
        return None

    def _unreadable(self) -> InputError:
        return InputError(
            _("{file} can't be read: it is damaged, or of a format that is not supported").format(file=self.path),
            _("Open it with Add Data; if that works, save it as .nrrd"),
        )

    def _geometry(self) -> Geometry:
        """The grid as it is in the file."""
        rasToIjk = vtk.vtkMatrix4x4()
        rasToIjk.DeepCopy(self._reader.GetRasToIjkMatrix())
        rasToIjk.Invert()
        extent = self._reader.GetOutputInformation(0).Get(vtk.vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT())
        i, j, k = (last - first + 1 for first, last in zip(extent[::2], extent[1::2], strict=True))
        return Geometry((i, j, k), arrayOf(rasToIjk))


def writeSteps(path: Path | str, voxels: np.ndarray, ijkToRAS: np.ndarray) -> Steps[Path]:
    """Writes a compressed NRRD file in one step as others see it: the old file stays until the new one is whole.

    Nothing but voxels and grid is written, so no patient's name travels along.

    Args:
        path: ends in ``.nrrd``; its folder is made if need be.
        voxels: array (K, J, I), its type is kept.
        ijkToRAS: 4x4 matrix in mm.

    Raises:
        InputError: the disk is full, or the folder can't be written.
    """
    path = Path(path)
    voxels = np.ascontiguousarray(voxels)
    content = memoryview(voxels).cast("B") if voxels.size else memoryview(b"")
    try:
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            file.write(_header(voxels, ijkToRAS))
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)  # 31: with the header and checksum of gzip
            for start in range(0, len(content), CHUNK):
                file.write(packer.compress(content[start : start + CHUNK]))
                yield min(1.0, (start + CHUNK) / len(content))
            file.write(packer.flush())
    except OSError as error:
        raise InputError(
            _("{file} can't be written ({reason})").format(file=path, reason=error.strerror or error),
            _("Make sure that the disk has free space and that you may write there"),
        ) from error
    return path


def voxelsOf(image: vtk.vtkImageData) -> np.ndarray:
    """The voxels (K, J, I) of an image, not copied."""
    i, j, k = image.GetDimensions()
    return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(k, j, i)


def imageOf(voxels: np.ndarray) -> vtk.vtkImageData:
    """An image that holds a copy of voxels (K, J, I), with origin 0 and spacing 1."""
    image = vtk.vtkImageData()
    image.SetDimensions(*reversed(voxels.shape))
    image.GetPointData().SetScalars(numpy_to_vtk(np.ascontiguousarray(voxels).ravel(), deep=True))
    return image


def _header(voxels: np.ndarray, ijkToRAS: np.ndarray) -> bytes:
    lps = np.diag([-1.0, -1.0, 1.0, 1.0]) @ np.asarray(ijkToRAS, float)
    lines = header_to_write(voxels.dtype.name, voxels.shape[::-1], lps[:3, :3].T, lps[:3, 3], sys.byteorder)
    return ("\n".join(lines) + "\n\n").encode("ascii")
