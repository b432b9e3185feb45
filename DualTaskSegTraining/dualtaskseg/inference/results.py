"""The files of a prediction: how they are told from files of the user's, and when a new prediction may replace them.

A note in every result's header names the program and a fingerprint of the voxels. Programs that people correct a mask
with may keep the note, so it alone proves nothing: a file is a result of ours only as long as its voxels are those that
were written, and lie where the scan lies. Whatever else is there is the user's work, and stays.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.errors import InputError
from dualtaskseg.io.images import header_metadata, read_geometry, read_image
from dualtaskseg.io.nifti import is_nifti
from dualtaskseg.io.volume import Volume, volume_of
from dualtaskseg.io.writing import write_volume
from dualtaskseg.names import listed
from dualtaskseg.version import VERSION

if TYPE_CHECKING:
    import SimpleITK

PROGRAM = "DualTaskSeg"
NOTE_KEYS = ("ITK_FileNotes", "descrip")  # as NRRD has it, and NIfTI, where it holds 79 letters
NOTE = re.compile(rf"{PROGRAM} \S+ (?P<fingerprint>[0-9a-f]{{32}})")
SHOWN = 3  # files named in one sentence
ELSEWHERE = "Give another folder with --out"
REMEDY = f"{ELSEWHERE}, or move what you want to keep away; --overwrite replaces all of it"

UNREADABLE = "can't be read, so it is not known whether this program wrote it"
FOREIGN = "was not written by this program"
CHANGED = "was changed since this program wrote it"
UNKNOWN = "was written by an earlier version, which left nothing to tell whether it was changed since"
MOVED = "does not lie on the grid of the scan: one of them was moved or changed since, or it is of another scan"


def write_result(volume: Volume, path: Path, compress: bool = True, scan: Path | None = None) -> None:
    """As :func:`~dualtaskseg.io.writing.write_volume`, with a note that it is a result of this program."""
    write_volume(volume, path, {NOTE_KEYS[0]: f"{PROGRAM} {VERSION} {_fingerprint(volume)}"}, compress, scan)


def fingerprint_of(image: SimpleITK.Image) -> str:
    """32 hexadecimal digits that tell an image's size, type and voxels from all others."""
    return _fingerprint(volume_of(image))


def _fingerprint(volume: Volume) -> str:
    digest = hashlib.blake2b(f"{volume.kind.name} {volume.geometry.size}".encode(), digest_size=16)
    for slab in volume.slabs():  # some slices at a time, as a scan may fill the memory
        digest.update(slab)
    return digest.hexdigest()


class Guard:
    """Decides which files a prediction may replace, before the work begins and again before it writes.

    Args:
        inputs: the scans; nothing ever replaces them.
        overwrite: whether the user asked for all other files to be replaced.
        elsewhere: how to choose another place.
        remedy: what to do where files of the user's are in the way.
    """

    def __init__(
        self, inputs: Sequence[Path], overwrite: bool = False, elsewhere: str = ELSEWHERE, remedy: str = REMEDY
    ) -> None:
        self._inputs = inputs
        self._known_inputs: set[tuple[int, int]] | None = None
        self._overwrite = overwrite
        self._elsewhere = elsewhere
        self._remedy = remedy
        self._looked_at: dict[Path, tuple[int, ...]] = {}

    def check(self, outputs: Iterable[tuple[Path, Iterable[Path]]], series_uid: str = "") -> None:
        """Results of an earlier prediction may be replaced as long as nobody changed them; whatever else is there not.

        Args:
            outputs: scans, on whose grids earlier results lie, and the files that their results go to.

        Raises:
            InputError: it names the files that stand in the way.
        """
        kept = [(file, why) for scan, files in outputs for file in files if (why := self._why(file, scan, series_uid))]
        if not kept:
            return
        first = f"{kept[0][0]} exists and {kept[0][1]}, so it is not replaced"
        also = f"; nor are {listed((file for file, _ in kept[1:]), SHOWN)}" if len(kept) > 1 else ""
        raise InputError(first + also, self._remedy)

    def _why(self, file: Path, scan: Path, series_uid: str) -> str:
        """Why a file must not be replaced, empty where it may be."""
        if not file.exists() and not file.is_symlink():
            return ""
        if file.exists() and self._is_input(file):
            what = f"The result would overwrite the scan {file}, which is no result of this program"
            raise InputError(what, self._elsewhere)
        state = _state_of(file)
        if self._overwrite or self._looked_at.get(file) == state:
            return ""
        why = why_not_ours(file, scan, series_uid)
        if not why:
            self._looked_at[file] = state
        return why

    def _is_input(self, file: Path) -> bool:
        """Whether a file is one of the scans; they are looked at once, for they may be many thousands."""
        if self._known_inputs is None:
            self._known_inputs = {_identity_of(path) for path in self._inputs if path.exists()}
        return _identity_of(file) in self._known_inputs


def why_not_ours(file: Path, scan: Path | None = None, series_uid: str = "") -> str:
    """Why a file is not, or no longer, a result of ours; empty where it is.

    Args:
        scan: the scan that it should be a result of; None where that doesn't matter.
    """
    if not file.is_file():
        return FOREIGN
    try:
        note = _note_of(file)
        match = NOTE.match(note)
        if match is None:
            return UNKNOWN if note.startswith(f"{PROGRAM} ") else FOREIGN
        if fingerprint_of(read_image(file)) != match["fingerprint"]:
            return CHANGED
    except (RuntimeError, OSError, EOFError, zlib.error, InputError):
        return UNREADABLE
    return MOVED if scan is not None and not _lies_on(file, scan, series_uid) else ""


def noted_fingerprint(file: Path) -> str:
    """The fingerprint that a result's own header notes, which need not be true any more; empty where it notes none.

    Raises:
        OSError, RuntimeError, EOFError, zlib.error, InputError: the file can't be read.
    """
    match = NOTE.match(_note_of(file))
    return match["fingerprint"] if match else ""


def _note_of(file: Path) -> str:
    """What the header of an image notes: of a NIfTI file its description; empty where there is nothing."""
    if is_nifti(file):  # read here, as the reading library refuses poses that we straighten and so write, too
        with gzip.open(file) if file.name.lower().endswith(".gz") else file.open("rb") as stream:
            header = stream.read(540)
        begin = 240 if header[:4] in (b"\x1c\x02\x00\x00", b"\x00\x00\x02\x1c") else 148  # NIfTI-2, NIfTI-1
        return header[begin : begin + 80].split(b"\0")[0].decode("utf-8", "replace")
    metadata = header_metadata(file)
    return next((metadata[key] for key in NOTE_KEYS if key in metadata), "")


def _lies_on(file: Path, scan: Path, series_uid: str) -> bool:
    """Whether a result lies on its scan's grid. It counts so where the scan can't be read: nothing is written then."""
    try:
        grid = read_geometry(scan, series_uid)
    except InputError:
        return True
    try:
        return read_geometry(file).same_grid(grid)
    except InputError:
        return False


def _identity_of(file: Path) -> tuple[int, int]:
    """What two names of the same file have in common."""
    status = file.stat()
    return status.st_dev, status.st_ino


def _state_of(file: Path) -> tuple[int, ...]:
    """What changes whenever a file is written."""
    status = file.lstat()
    return status.st_ino, status.st_size, status.st_mtime_ns
