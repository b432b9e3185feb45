"""Synthetic DICOM series, and the validators that segmentations are held against."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileMetaDataset

KINDS = {"CT": "1.2.840.10008.5.1.4.1.1.2", "MR": "1.2.840.10008.5.1.4.1.1.4", "PT": "1.2.840.10008.5.1.4.1.1.128"}
OBLIQUE = (0.936, 0.352, 0.0, -0.2816, 0.7488, -0.6)  # rows and columns of slices, as DICOM writes them
DCMQI = Path(sys.executable).parent

needs_dciodvfy = pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed")
needs_dcmqi = pytest.mark.skipif(
    not (DCMQI / "segimage2itkimage").exists(), reason="dcmqi's segimage2itkimage is not installed"
)


def write_series(
    folder: Path,
    shape: tuple[int, int, int] = (12, 20, 16),
    modality: str = "CT",
    orientation: tuple[float, ...] = (1, 0, 0, 0, 1, 0),
    spacing: tuple[float, float, float] = (2.5, 0.75, 0.5),
    uid: str = "1.2.3.1",
    first: int = 0,
    edit: Callable[[Dataset, int], None] | None = None,
    sparse: bool = False,
    syntax: str = pydicom.uid.ExplicitVRLittleEndian,
    **values: object,
) -> Path:
    """Writes a series whose files are named in another order than that of its slices.

    Args:
        folder: made where absent; other series may lie there.
        shape: slices, rows, columns.
        modality: CT, MR or PT.
        orientation: ImageOrientationPatient.
        spacing: between slices, rows, columns in mm.
        uid: SeriesInstanceUID; the study is 1.2.3.
        first: place of the first slice, to write a series in parts.
        edit: gets each dataset and the place of its slice, last of all.
        sparse: leave out all that a reader can do without.
        syntax: transfer syntax; RLE compresses.
        values: further attributes by their keywords.
    """
    folder.mkdir(parents=True, exist_ok=True)
    row, column = np.asarray(orientation[:3], float), np.asarray(orientation[3:], float)
    normal = np.cross(row, column)
    places = list(range(first, first + shape[0]))
    names = random.Random(uid).sample(range(900), len(places))
    generator = np.random.default_rng(0)
    for place, name in zip(places, names, strict=True):
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = KINDS[modality]
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"{uid}.{place + 1}"
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.FrameOfReferenceUID = "1.2.3", uid, "1.2.3.9"
        dataset.Modality = modality
        dataset.ImagePositionPatient = [
            round(float(value), 6) for value in np.array([-10.0, 5.0, 2.0]) + place * spacing[0] * normal
        ]
        dataset.ImageOrientationPatient = list(orientation)
        dataset.PixelSpacing = [spacing[1], spacing[2]]
        dataset.Rows, dataset.Columns = shape[1:]
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
        dataset.BitsAllocated = dataset.BitsStored = 16
        dataset.HighBit, dataset.PixelRepresentation = 15, 0
        if not sparse:
            dataset.PatientName, dataset.PatientID, dataset.PatientSex = "Doe^Jane", "P1", "F"
            dataset.PatientBirthDate, dataset.StudyDate, dataset.StudyTime = "19700203", "20240101", "120000"
            dataset.StudyID, dataset.AccessionNumber, dataset.ReferringPhysicianName = "7", "A1", "Ref^Erring"
            dataset.StudyDescription, dataset.SeriesDescription, dataset.Manufacturer = "Abdomen", "thin", "A maker"
            dataset.SeriesNumber, dataset.InstanceNumber = 4, name
            dataset.SliceThickness, dataset.BodyPartExamined = spacing[0], "ABDOMEN"
            dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
            block = dataset.private_block(0x0011, "A SCANNER", create=True)
            block.add_new(0x01, "LO", "secret of the scanner")
        if modality == "CT":
            dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
        for keyword, value in values.items():
            setattr(dataset, keyword, value)
        dataset.PixelData = generator.integers(0, 2000, shape[1:]).astype("<u2").tobytes()
        if edit is not None:
            edit(dataset, place)
        if syntax == pydicom.uid.RLELossless:
            dataset.compress(syntax, generate_instance_uid=False)
        elif syntax != pydicom.uid.ExplicitVRLittleEndian:
            dataset.file_meta.TransferSyntaxUID = syntax
        dataset.save_as(folder / f"IM{name:03d}", enforce_file_format=True)
    return folder


def compressed_by_gdcm(compressor: str) -> Callable[[Dataset, int], None]:
    """Returns an ``edit`` that compresses as ``JPEG`` or ``JPEG2000``, which pydicom alone can't."""

    def edit(dataset: Dataset, _: int) -> None:
        with tempfile.TemporaryDirectory() as folder:
            writer = sitk.ImageFileWriter()
            writer.UseCompressionOn()
            writer.SetCompressor(compressor)
            writer.SetFileName(f"{folder}/compressed.dcm")
            shape = (1, dataset.Rows, dataset.Columns)
            writer.Execute(sitk.GetImageFromArray(np.frombuffer(dataset.PixelData, "<u2").reshape(shape)))
            compressed = pydicom.dcmread(f"{folder}/compressed.dcm")
        dataset["PixelData"] = compressed["PixelData"]
        dataset.file_meta.TransferSyntaxUID = compressed.file_meta.TransferSyntaxUID

    return edit


def write_enhanced(folder: Path, order: list[int]) -> Path:
    """Writes an enhanced MR of 12 frames in this order, that of their positions along the normal being 11, 10, 9, ...

    The same slices are also written as a file each, into ``folder / "slices"``.
    """
    kind = ["ORIGINAL", "PRIMARY", "M", "N"]
    series = write_series(folder / "slices", modality="MR", orientation=OBLIQUE, ImageType=kind)
    whole = highdicom.legacy.LegacyConvertedEnhancedMRImage(
        slices_in_order(series, pixels=True), "1.2.3.4", 5, "1.2.3.4.1", 1
    )
    frames, voxels = list(whole.PerFrameFunctionalGroupsSequence), whole.pixel_array
    whole.PerFrameFunctionalGroupsSequence = [frames[index] for index in order]
    whole.PixelData = voxels[order].tobytes()
    whole.NumberOfFrames = len(order)
    (folder / "enhanced").mkdir()
    whole.save_as(folder / "enhanced" / "frames.dcm")
    return folder / "enhanced"


def slices_in_order(folder: Path, pixels: bool = False) -> list[Dataset]:
    """The slices of a folder's only series by position, found without the code under test."""
    headers = [pydicom.dcmread(file, stop_before_pixels=not pixels) for file in folder.iterdir()]
    orientation = np.asarray(headers[0].ImageOrientationPatient, float)
    normal = np.cross(orientation[:3], orientation[3:])
    return sorted(headers, key=lambda header: float(np.dot(normal, header.ImagePositionPatient)))


def series_image(folder: Path) -> sitk.Image:
    """The series as an image, read without the code under test."""
    order = {str(header.SOPInstanceUID): place for place, header in enumerate(slices_in_order(folder))}
    files = sorted(
        folder.iterdir(), key=lambda file: order[str(pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID)]
    )
    return sitk.ReadImage([str(file) for file in files])


def save_like(array: np.ndarray, image: sitk.Image, path: Path) -> Path:
    """Writes an array on an image's grid."""
    label = sitk.GetImageFromArray(array)
    label.CopyInformation(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(label, str(path), True)
    return path


def dciodvfy(file: Path) -> list[str]:
    """What the validator finds wrong: its lines that begin with "Error"."""
    result = subprocess.run(["dciodvfy", "-new", str(file)], capture_output=True, check=False)
    lines = (result.stdout + result.stderr).decode("utf-8", "replace").splitlines()
    assert lines, "dciodvfy said nothing at all, so it did not run"
    return [line for line in lines if line.startswith(("Error", "Abort"))]


def segments_by_dcmqi(file: Path, like: sitk.Image, folder: Path) -> list[np.ndarray]:
    """What dcmqi reads: a mask for each segment on an image's grid; nothing may lie outside of it."""
    folder.mkdir()
    command = [DCMQI / "segimage2itkimage", "--inputDICOM", file, "--outputDirectory", folder, "-t", "nrrd"]
    subprocess.run([str(part) for part in command], capture_output=True, check=True)
    masks = []
    for path in sorted(folder.glob("*.nrrd"), key=lambda path: int(path.stem)):
        image = sitk.ReadImage(str(path))
        assert np.allclose(image.GetSpacing(), like.GetSpacing(), rtol=1e-4)
        assert np.allclose(image.GetDirection(), like.GetDirection(), atol=1e-4)
        placed = sitk.GetArrayFromImage(sitk.Resample(image, like, sitk.Transform(), sitk.sitkNearestNeighbor)) != 0
        assert placed.sum() == np.count_nonzero(sitk.GetArrayViewFromImage(image))
        masks.append(placed)
    return masks
