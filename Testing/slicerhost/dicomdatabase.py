"""Slicer's DICOM database as far as the module uses it: files found by instance, files added by ctkDICOMIndexer.

In Slicer it is an SQLite file and a folder of copies, and opened by the user's first visit to the module DICOM. Here it
is a folder of copies and a table in memory; what is asked of it beyond this raises AttributeError.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DicomDatabase:
    """``slicer.dicomDatabase``, open.

    Args:
        folder: where copies are kept.
    """

    isOpen = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, str] = {}
        self._series: dict[str, str] = {}

    def fileForInstance(self, sopInstanceUID: str, /) -> str:
        """The path of an instance's file, empty if it is unknown."""
        return self._files.get(sopInstanceUID, "")

    def filesForSeries(self, seriesInstanceUID: str, /) -> list[str]:
        """The paths of all files of a series."""
        return [file for uid, file in self._files.items() if self._series[uid] == seriesInstanceUID]

    def _insert(self, file: Path, copy: bool) -> None:
        import pydicom

        header = pydicom.dcmread(file, stop_before_pixels=True)
        uid = str(header.SOPInstanceUID)
        if copy:
            target = self._folder / header.StudyInstanceUID / header.SeriesInstanceUID / uid
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            file = target
        self._files[uid] = str(file)
        self._series[uid] = str(header.SeriesInstanceUID)


class ctkDICOMIndexer:
    """Adds files to a database. CTK does it in a thread, so nothing is there before ``waitForImportFinished``."""

    def __init__(self) -> None:
        self._waiting: list[tuple[DicomDatabase, Path, bool]] = []

    def addFile(self, database: DicomDatabase, filePath: str, copyFile: bool = False, /) -> None:
        """Adds one file, or a copy of it."""
        self._waiting.append((database, Path(filePath), copyFile))

    def waitForImportFinished(self) -> None:
        """Returns when all files are in."""
        for database, file, copy in self._waiting:
            database._insert(file, copy)
        self._waiting.clear()


@contextmanager
def opened(folder: Path) -> Iterator[DicomDatabase]:
    """An open database for the time of a test; otherwise the stand has none, as Slicer before its first use."""
    import slicer

    ctk = sys.modules["ctk"]
    slicer.dicomDatabase = DicomDatabase(folder)
    ctk.ctkDICOMIndexer = ctkDICOMIndexer
    try:
        yield slicer.dicomDatabase
    finally:
        del slicer.dicomDatabase, ctk.ctkDICOMIndexer
