"""Which DICOM files are slices of scans and which are other objects, by their names and first bytes."""

from __future__ import annotations

import struct
from pathlib import Path

from dualtaskseg.io.access import POINTER_SIZE, check_fetched, is_dangling
from dualtaskseg.io.dicom_file import DicomFile, is_dicom
from dualtaskseg.io.image_error import ImageError

# Kinds of DICOM objects that are no scans: segmentations, reports, presentation states, radiotherapy plans, documents.
NOT_SCANS = tuple(
    "1.2.840.10008.5.1.4.1.1." + kind for kind in ("66", "67", "88.", "11.", "9.", "104.", "481.3", "481.5", "481.8")
)
DICOM_DIRECTORY = "1.2.840.10008.1.3.10"
SUFFIXES = (".dcm", ".ima", ".dicom")
OBJECTS = {
    "1.2.840.10008.5.1.4.1.1.66.4": "a DICOM segmentation",
    "1.2.840.10008.5.1.4.1.1.66.5": "a DICOM segmentation of surfaces",
    "1.2.840.10008.5.1.4.1.1.66.7": "a DICOM segmentation",
    "1.2.840.10008.5.1.4.1.1.66.": "a DICOM registration or another object without slices",
    "1.2.840.10008.5.1.4.1.1.481.3": "a DICOM structure set of radiotherapy",
    "1.2.840.10008.5.1.4.1.1.88.": "a DICOM report",
    "1.2.840.10008.5.1.4.1.1.11.": "a DICOM presentation state",
    "1.2.840.10008.5.1.4.1.1.104.": "a document within DICOM",
}


def may_be_slice(path: Path) -> bool:
    """Whether a file begins as DICOM files do, or stands for one whose content was not fetched."""
    try:
        if path.is_file():
            if path.stat().st_size > POINTER_SIZE or not is_named_like_a_slice(path):
                return is_dicom(path)
            check_fetched(path)
            return is_dicom(path)
        if not is_dangling(path):
            return False
        leads_into_annex = is_named_like_a_slice(path) and "annex" in path.readlink().parts
        return path.suffix.lower() in SUFFIXES or leads_into_annex
    except ImageError:
        return True
    except (OSError, ValueError):  # not ours to read
        return False


def is_object(path: Path) -> bool:
    """Whether a DICOM file is no scan but an object that goes with one, such as a segmentation, by its first bytes."""
    try:
        with path.open("rb") as stream:
            start = stream.read(2048)
    except OSError:
        return False
    return start[128:132] == b"DICM" and kind_of(start).startswith(NOT_SCANS)


def is_named_like_a_slice(path: Path) -> bool:
    """DICOM files often have no suffix, or the number of the slice."""
    return path.suffix.lower() in SUFFIXES or not path.suffix or path.suffix[1:].isdecimal()


def no_scan(file: DicomFile) -> ImageError:
    """The error for a DICOM object that is no scan, such as a segmentation."""
    for start, name in OBJECTS.items():
        if file.kind.startswith(start):
            return ImageError(
                "no-scan",
                f"{file.path} is {name}, which can be read neither as a scan nor as a label",
                "Load it in 3D Slicer and save it as .seg.nrrd or .nii.gz, on the grid of its scan"
                if "segment" in name or "struct" in name
                else "Give the folder of the scan's own series",
            )
    return ImageError("no-scan", f"{file.path} is a DICOM object, but no scan", "Give the folder of the scan's series")


def kind_of(start: bytes) -> str:
    """MediaStorageSOPClassUID (0002,0002); the group it lies in is little endian with explicit types in every file."""
    at = start.find(b"\x02\x00\x02\x00UI", 132)
    if at < 0:
        return ""
    length = struct.unpack_from("<H", start, at + 6)[0]
    return start[at + 8 : at + 8 + length].decode("ascii", "replace").rstrip("\0 ")
