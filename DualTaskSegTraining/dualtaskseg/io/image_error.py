"""The error for a scan or label that can't be used, and the sentences that several readers share."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from dualtaskseg.errors import InputError

COPY_AGAIN = "Copy or download the file again"
SPACING_REMEDY = "Correct the voxel size, for example in 3D Slicer's module Volumes, and save the scan again"
SAVE_AGAIN = "Open it in 3D Slicer; if that works, save it as .nii.gz or .nrrd"


class ImageError(InputError):
    """A scan or label file is missing, damaged or of a kind that can't be used.

    Args:
        code: the fault in one word for programs, such as ``"truncated"``.
    """

    def __init__(self, code: str, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.code = code


def missing(path: Path) -> ImageError:
    """The error for a file or folder that isn't there; it names one that is only spelled otherwise."""
    other = _other_spelling(path)
    if other is not None:
        return ImageError(
            "missing",
            f"{path} does not exist, only {other}, which differs in capital letters, spaces or accents",
            "Rename one as the other is called",
        )
    return ImageError("missing", f"{path} does not exist", "Put it back, correct its name, or leave the case out")


def _other_spelling(path: Path) -> str | None:
    """The name of what lies beside a path that is only spelled otherwise, if there is such a thing."""
    try:
        names = _names_in(path.parent, path.parent.stat().st_mtime_ns)
    except (OSError, ValueError):
        return None
    other = names.get(_folded(path.name))
    return other if other != path.name else None


@lru_cache(maxsize=4)  # a list may name thousands of files that are all gone from one folder
def _names_in(folder: Path, _modified_ns: int) -> dict[str, str]:
    return {_folded(entry.name): entry.name for entry in folder.iterdir()}


def _folded(name: str) -> str:
    """A name without what the eye, or another system, does not tell apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def unreadable(path: Path, error: OSError) -> ImageError:
    """The error for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return missing(path)
    reason = error.strerror or str(error)
    return ImageError("unreadable", f"{path} can't be read ({reason})", "Check the file and its permissions")


def size_unknown(path: Path) -> ImageError:
    """The error for a file that leaves open how large its voxels are: nothing can be taken for granted there."""
    return ImageError(
        "spacing-unknown",
        f"{path} does not tell the size of its voxels in mm",
        "Open it in 3D Slicer, set its voxel size in the module Volumes, and save it as .nrrd",
    )


def cut_short(path: Path, what: str = "not even its header is whole") -> ImageError:
    """The error for a file that ends too early."""
    return ImageError("truncated", f"{path} is cut short: {what}", COPY_AGAIN)


def beyond_numbers(path: Path, scale: tuple[float, float]) -> ImageError:
    """The error for slope and intercept of intensities that make them larger than numbers can be."""
    slope, intercept = scale
    return damaged(path, f"no intensities can be scaled by what its header says, {slope:g} and {intercept:g}")


def damaged(path: Path, what: str = "") -> ImageError:
    """The error for a file whose bytes are not what they were written as."""
    return ImageError("damaged", f"{path} is damaged" + (f": {what}" if what else ""), COPY_AGAIN)
