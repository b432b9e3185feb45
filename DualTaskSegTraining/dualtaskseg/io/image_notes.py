"""What stays noted in a scan that was read: its modality, and what its file leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import SimpleITK


MODALITY_KEY = "0008|0060"
ASSUMED_KEY = "DualTaskSeg_assumed"
UNIT_KEY = "DualTaskSeg_unit"  # there where the file names no unit of length


def note_open(image: SimpleITK.Image, assumed: Sequence[str], names_its_unit: bool) -> None:
    """Notes in an image what its file leaves open: what :func:`assumptions` and :func:`is_unit_assumed` say of it."""
    if assumed:
        image.SetMetaData(ASSUMED_KEY, "\n".join(assumed))
    if not names_its_unit:
        image.SetMetaData(UNIT_KEY, "assumed")


def assumptions(image: SimpleITK.Image) -> list[str]:
    """What had to be assumed about a scan that was read, since its file leaves it open.

    Returns:
        Sentences without their subject and full stop, such as ``holds two poses ...``, to follow after the scan's name.
    """
    return image.GetMetaData(ASSUMED_KEY).split("\n") if image.HasMetaDataKey(ASSUMED_KEY) else []


def modality_of(image: SimpleITK.Image) -> str:
    """DICOM's name of the kind of scanner, such as ``CT``, of a scan that was read; empty for other formats."""
    return image.GetMetaData(MODALITY_KEY).strip() if image.HasMetaDataKey(MODALITY_KEY) else ""


def is_unit_assumed(image: SimpleITK.Image) -> bool:
    """Whether the file that a scan was read from names no unit of length, so that mm are assumed."""
    return image.HasMetaDataKey(UNIT_KEY)
