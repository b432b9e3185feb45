"""Builds the small files that strangers bring: odd headers, units, poses and objects, after public reports."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import SimpleITK as sitk
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

SHAPE = (10, 20, 24)  # slices, rows, columns
RAW = np.random.default_rng(0).integers(0, 1500, SHAPE).astype(np.int16)  # (z, y, x)
PIXEL, STEP, ORIGIN = (1.25, 0.75), 3.0, np.array([-11.0, 7.0, -40.0])  # rows, columns; slices; mm
CT, MR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"
ENHANCED_CT, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.4.1"
AFFINE = np.array([[1.5, 0, 0, -17.0], [0, 1.25, 0, 9.0], [0, 0, 2.0, 33.0], [0, 0, 0, 1]])  # index to mm, RAS
TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def array_of(image: sitk.Image) -> np.ndarray:
    """The voxels as float64 (z, y, x)."""
    return sitk.GetArrayFromImage(image).astype(np.float64)


def affine_of(image: sitk.Image) -> np.ndarray:
    """4x4 from index x, y, z to mm in NIfTI's axes (right, anterior, superior)."""
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    return TO_LPS @ affine


def turned(degrees: float) -> np.ndarray:
    """A rotation about z, 4x4."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])


# --- NIfTI


def nifti(path: Path, qform: np.ndarray | None, sform: np.ndarray | None, codes: tuple[int, int] = (1, 1)) -> Path:
    """Writes a NIfTI file with these poses; its voxels are :data:`RAW` (transposed to x, y, z)."""
    image = nibabel.Nifti1Image(RAW.T, sform if sform is not None else qform)
    image.set_qform(qform, codes[0]) if qform is not None else image.set_qform(None, 0)
    image.set_sform(sform, codes[1]) if sform is not None else image.set_sform(None, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.save(image, path)
    return path


def patched(path: Path, offset: int, layout: str, *values: float) -> Path:
    """Overwrites bytes of an unpacked file."""
    content = bytearray(path.read_bytes())
    struct.pack_into(layout, content, offset, *values)
    path.write_bytes(bytes(content))
    return path


# --- NRRD and MetaImage


def nrrd(path: Path, *more: str, directions: str = "(1.5,0,0) (0,1.25,0) (0,0,2)", origin: str = "(-17,9,33)") -> Path:
    """Writes an attached raw NRRD of :data:`RAW` with further lines in its header."""
    lines = [
        *("NRRD0005", "type: short", "dimension: 3", "space: left-posterior-superior", "sizes: 24 20 10"),
        *(f"space directions: {directions}", "kinds: domain domain domain", "endian: little", "encoding: raw"),
        *(f"space origin: {origin}", *more, "", ""),
    ]
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape") + RAW.astype("<i2").tobytes())
    return path


def meta(path: Path, **fields: str) -> Path:
    """Writes a MetaImage of :data:`RAW`; ``fields`` replace or add lines of its header."""
    told = {
        "ObjectType": "Image",
        "NDims": "3",
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": "False",
        "TransformMatrix": "1 0 0 0 1 0 0 0 1",
        "Offset": "-17 9 33",
        "ElementSpacing": "1.5 1.25 2",
        "DimSize": "24 20 10",
        "ElementType": "MET_SHORT",
        **fields,
        "ElementDataFile": "LOCAL",
    }
    head = "".join(f"{key} = {value}\n" for key, value in told.items())
    path.write_bytes(head.encode() + RAW.astype("<i2").tobytes())
    return path


# --- DICOM


def dataset(kind: str, modality: str, instance: str, **values: Any) -> Dataset:
    """A DICOM image object without pixels; ``values`` are attributes by keyword, None leaves one out."""
    whole = Dataset()
    whole.file_meta = FileMetaDataset()
    whole.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    whole.SOPClassUID = whole.file_meta.MediaStorageSOPClassUID = kind
    whole.SOPInstanceUID = whole.file_meta.MediaStorageSOPInstanceUID = instance
    told = {
        "Modality": modality,
        "StudyInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2.3.1",
        "FrameOfReferenceUID": "1.2.3.9",
        "PatientName": "Doe^Jane",
        "PatientID": "P1",
        "Rows": SHAPE[1],
        "Columns": SHAPE[2],
        "PixelSpacing": list(PIXEL),
        "SliceThickness": 5.0,
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "ImagePositionPatient": ORIGIN.tolist(),
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        **values,
    }
    for keyword, value in told.items():
        if value is not None:
            setattr(whole, keyword, value)
    return whole


def series(
    folder: Path,
    raw: np.ndarray = RAW,
    edit: Callable[[Dataset, int], None] | None = None,
    slope: float | None = 1,
    intercept: float | None = -1024,
    **values: Any,
) -> Path:
    """Writes a folder with a CT slice in each file; ``edit`` gets each dataset and its place, last of all."""
    folder.mkdir(parents=True, exist_ok=True)
    for place, plane in enumerate(raw):
        position = [float(value) for value in ORIGIN + np.array([0, 0, STEP * place])]
        scale = {"RescaleSlope": slope, "RescaleIntercept": intercept}
        one = dataset(CT, "CT", f"1.2.3.1.{place + 1}", **{"ImagePositionPatient": position, **scale, **values})
        one.PixelData = plane.astype("u1" if one.BitsAllocated == 8 else "<u2").tobytes()
        if edit is not None:
            edit(one, place)
        one.save_as(folder / f"{place:03d}.dcm", enforce_file_format=True)
    return folder


def item(**values: Any) -> list[Dataset]:
    """A sequence of one item."""
    one = Dataset()
    for keyword, value in values.items():
        setattr(one, keyword, value)
    return [one]


def film(path: Path, kind: str, modality: str, **values: Any) -> Path:
    """Writes a file of many frames without functional groups: a dental CT, a film, a dose grid."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = dataset(kind, modality, "1.2.3.1.1", **{"NumberOfFrames": SHAPE[0], **values})
    whole.PixelData = RAW.astype("<i2").tobytes()
    whole.save_as(path, enforce_file_format=True)
    return path


def enhanced(
    path: Path,
    scales: Sequence[tuple[float, float] | None] | None = None,
    shared: tuple[float, float] | None = None,
    kind: str = ENHANCED_MR,
    positions: Sequence[float] | None = None,
    edit: Callable[[Dataset], None] | None = None,
    **values: Any,
) -> Path:
    """Writes an enhanced file of :data:`RAW`.

    Args:
        path: of the file.
        scales: slope and intercept of each frame in its own groups, or in those of all frames (``shared``).
        shared: see ``scales``.
        kind: SOP class.
        positions: of the frames along z in mm.
        edit: gets the whole, last of all.
        values: attributes of the whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    gone = dict.fromkeys(("PixelSpacing", "SliceThickness", "ImageOrientationPatient", "ImagePositionPatient"))
    whole = dataset(kind, "MR", "1.2.3.1.1", **{**gone, "PixelRepresentation": 0, "NumberOfFrames": SHAPE[0], **values})
    groups = Dataset()
    groups.PixelMeasuresSequence = item(PixelSpacing=list(PIXEL), SliceThickness=STEP, SpacingBetweenSlices=STEP)
    groups.PlaneOrientationSequence = item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    if shared is not None:
        groups.PixelValueTransformationSequence = _scaling(shared)
    whole.SharedFunctionalGroupsSequence = [groups]
    frames = []
    for place in range(SHAPE[0]):
        frame = Dataset()
        z = STEP * place if positions is None else positions[place]
        frame.PlanePositionSequence = item(ImagePositionPatient=(ORIGIN + np.array([0, 0, z])).tolist())
        if scales is not None and scales[place] is not None:
            frame.PixelValueTransformationSequence = _scaling(scales[place])
        frames.append(frame)
    whole.PerFrameFunctionalGroupsSequence = frames
    whole.PixelData = RAW.astype("<u2").tobytes()
    if edit is not None:
        edit(whole)
    whole.save_as(path, enforce_file_format=True)
    return path


def _scaling(scale: tuple[float, float]) -> list[Dataset]:
    return item(RescaleSlope=float(scale[0]), RescaleIntercept=float(scale[1]), RescaleType="US")


# --- datasets


def labeled_folder(folder: Path, count: int = 3, labeled: int = 2) -> Path:
    """Writes a dataset of small NIfTI scans in ``images`` and ``labels``, each scan with a box inside."""
    generator = np.random.default_rng(0)
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        label = np.zeros((24, 24, 24), np.uint8)
        label[6:16, 6:16, 6:16] = 1
        scan = generator.normal(100, 9, label.shape).astype(np.float32) + 60 * label
        nibabel.save(nibabel.Nifti1Image(scan, np.eye(4)), folder / f"images/s{number}.nii.gz")
        if number < labeled:
            nibabel.save(nibabel.Nifti1Image(label, np.eye(4)), folder / f"labels/s{number}.nii.gz")
    return folder
