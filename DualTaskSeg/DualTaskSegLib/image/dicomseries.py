"""A folder with one DICOM series: its files in the order of their positions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from dualtaskseg.errors import InputError
from dualtaskseg.io.dicom_frames import depth_of
from dualtaskseg.io.dicom_slices import LARGEST_GAP
from slicer.i18n import tr as _


def sortedSeries(folder: Path) -> tuple[list[Path], list[str]]:
    """Finds the one series of scans in a folder; may be called in a thread.

    Returns:
        its files in the order of their positions, and their SOPInstanceUIDs in that order.

    Raises:
        InputError: there is none, or more than one.
    """
    import pydicom

    tags = ["SeriesInstanceUID", "SOPInstanceUID", "ImagePositionPatient", "ImageOrientationPatient", "Rows"]
    groups: dict[str, list[tuple[float, Path, str]]] = {}
    withoutPosition: list[tuple[Path, str]] = []
    try:
        files = sorted(each for each in folder.iterdir() if each.is_file())
    except OSError as error:
        raise InputError(
            _("The folder {folder} can't be read ({reason})").format(folder=folder, reason=error.strerror or error),
            _("Check that the disk is connected"),
        ) from error
    for file in files:
        try:
            header = pydicom.dcmread(file, stop_before_pixels=True, specific_tags=tags)
        except (pydicom.errors.InvalidDicomError, OSError, EOFError, ValueError):
            continue
        if "Rows" not in header:
            continue
        uid = str(header.get("SOPInstanceUID", ""))
        if not header.get("ImagePositionPatient") or not header.get("ImageOrientationPatient"):
            withoutPosition.append((file, uid))
            continue
        position = [float(part) for part in header.ImagePositionPatient]
        depth = depth_of(position, [float(part) for part in header.ImageOrientationPatient])
        groups.setdefault(str(header.get("SeriesInstanceUID", "")), []).append((depth, file, uid))
    if len(groups) > 1:
        raise InputError(
            _("The folder {folder} holds {count} DICOM series").format(folder=folder, count=len(groups)),
            _("Move each series to a folder of its own"),
        )
    if groups:
        ordered = sorted(next(iter(groups.values())), key=lambda one: (one[0], one[1].name))
        _checkGaps(folder, np.diff([depth for depth, _file, _uid in ordered]))
        return [file for _depth, file, _uid in ordered], [uid for _depth, _file, uid in ordered]
    if len(withoutPosition) == 1:  # one file with all slices keeps their positions elsewhere
        return [withoutPosition[0][0]], [withoutPosition[0][1]]
    raise InputError(
        _("The folder {folder} holds no DICOM scan").format(folder=folder), _("Check that it was not moved")
    )


def _checkGaps(folder: Path, distances: np.ndarray) -> None:
    """The reader would close a gap and squeeze what lies beyond."""
    usual = float(np.median(distances)) if distances.size else 0.0
    if distances.size and (distances.min() < 0.5 * usual or distances.max() > LARGEST_GAP * usual):
        raise InputError(
            _("The slices of the DICOM series in {folder} are not evenly spaced: {least:.4g} to {most:.4g} mm").format(
                folder=folder, least=float(distances.min()), most=float(distances.max())
            ),
            _("Copy the whole series again; leave the case out if slices are missing there, too"),
        )
