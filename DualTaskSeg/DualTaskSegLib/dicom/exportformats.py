"""As what a segmentation can leave Slicer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from dualtaskseg.dicom.plain_files import NIFTI, NRRD, TABLE_ENDING
from dualtaskseg.io.paths import file_stem
from slicer.i18n import tr as _

SEG, RTSTRUCT, SEG_NRRD, NIFTI_MAP = "seg", "rtstruct", "nrrd", "nifti"
DICOM_SUFFIX = ".dcm"


@dataclass(frozen=True)
class ExportFormat:
    """A kind of file."""

    id: str  # kept in settings
    title: str  # in the list
    button: str  # what it is saved by
    question: str  # title of the dialog that asks for the file
    kind: str  # of files, in that dialog
    suffix: str
    isDicom: bool  # belongs to a DICOM series
    beside: Callable[[Path], Iterable[Path]] = lambda _file: ()  # the files that are always written with it


def tableBeside(file: Path) -> list[Path]:
    """The color table that names the values of a label map."""
    return [file.with_name(file_stem(file) + TABLE_ENDING)]


def formats() -> list[ExportFormat]:
    """All of them, the usual one first."""
    return [
        ExportFormat(
            SEG,
            _("DICOM segmentation (DICOM-SEG)"),
            _("Save DICOM-SEG..."),
            _("Save DICOM-SEG"),
            _("DICOM"),
            DICOM_SUFFIX,
            True,
        ),
        ExportFormat(
            RTSTRUCT,
            _("Contours for radiotherapy planning (RTSTRUCT)"),
            _("Save RTSTRUCT..."),
            _("Save RTSTRUCT"),
            _("DICOM"),
            DICOM_SUFFIX,
            True,
        ),
        ExportFormat(
            SEG_NRRD,
            _("Slicer segmentation with names and terms (.seg.nrrd)"),
            _("Save .seg.nrrd..."),
            _("Save the segmentation"),
            _("Segmentation"),
            NRRD,
            False,
        ),
        ExportFormat(
            NIFTI_MAP,
            _("Label map with a color table (NIfTI)"),
            _("Save NIfTI..."),
            _("Save the label map"),
            _("NIfTI"),
            NIFTI,
            False,
            tableBeside,
        ),
    ]
