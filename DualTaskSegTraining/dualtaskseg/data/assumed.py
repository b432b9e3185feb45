"""What files leave open and is assumed, collected over all files of a command: alike things are said once. And what is
to be told about a scan by itself, wherever it is segmented or ranked: it must not depend on who asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dualtaskseg.data.grid import very_large_voxels, very_long_voxels
from dualtaskseg.data.hounsfield import cut_off, why_not_hounsfield
from dualtaskseg.data.intensities import IntensityRange, percentiles
from dualtaskseg.io.image_notes import assumptions, is_unit_assumed, modality_of
from dualtaskseg.names import listed

if TYPE_CHECKING:
    import SimpleITK

SHOWN = 3  # names in one sentence
UNIT_ASSUMED = "the scan does not say its unit of length; millimeters are assumed"  # of one scan; of many, see below


@dataclass
class Assumed:
    """Collects what was assumed.

    Attributes:
        told: names of scans, and a sentence without a full stop about each.
        unitless: names of the files that name no unit of length.
    """

    told: list[tuple[str, str]] = field(default_factory=list)
    unitless: set[str] = field(default_factory=set)

    def add(self, name: str, texts: Iterable[str]) -> list[str]:
        """Adds what was assumed about one file, :data:`UNIT_ASSUMED` where it names no unit; returns all but that."""
        texts = list(texts)
        if UNIT_ASSUMED in texts:
            self.unitless.add(name)
        others = [text for text in texts if text != UNIT_ASSUMED]
        self.told += [(name, text) for text in others]
        return others

    def update(self, other: Assumed) -> None:
        """Adds what was assumed about other files."""
        self.told += other.told
        self.unitless |= other.unitless

    def notes(self) -> list[str]:
        """One sentence, without a full stop, for each thing that was assumed, whatever the numbers in it."""
        return [f"{names}: {text}" for names, _, text in alike(self.told)] + unit_notes(len(self.unitless))


def left_open(image: SimpleITK.Image) -> list[str]:
    """What the file of a scan or label that was read leaves open, for :meth:`Assumed.add`."""
    return [*assumptions(image), *([UNIT_ASSUMED] if is_unit_assumed(image) else [])]


def alike(sentences: Iterable[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Brings together sentences that differ only in their numbers.

    Returns:
        for each kind of sentence the names, the first ones if there are many; how many they are; the first sentence.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, text in sentences:
        groups.setdefault(re.sub(r"\d[\d.]*", "#", text), []).append((name, text))
    result = []
    for group in groups.values():
        names = dict.fromkeys(name for name, _ in group)
        result.append((listed(names, SHOWN), len(names), group[0][1]))
    return result


def unit_notes(count: int) -> list[str]:
    """The sentence about files that name no unit of length; none where there is no such file.

    Many programs write such files, and all that read them take mm. So it is told once, with how many they are.
    """
    if not count:
        return []
    files = "1 file does not say its" if count == 1 else f"{count} files do not say their"
    return [f"{files} unit of length; millimeters are assumed"]


def scan_doubts(image: SimpleITK.Image, intensities: IntensityRange, normalization: str) -> list[str]:
    """Sentences about a scan, without a full stop, each naming it "the scan".

    Args:
        image: as :func:`~dualtaskseg.io.images.read_image` returns it, with what had to be assumed about it.
        intensities: of its voxels.
        normalization: the model's kind, see :class:`~dualtaskseg.planning.plan.Normalization`; ``"ct"`` wants HU.
    """
    import SimpleITK as sitk

    doubts = [text if text == UNIT_ASSUMED else f"the scan {text}" for text in left_open(image)]
    size = very_large_voxels(image.GetSpacing()) or very_long_voxels(image.GetSpacing())
    if size:
        doubts.append(f"the scan has {size}")
    if intensities.is_constant:
        return doubts
    if normalization == "ct" and modality_of(image) not in ("", "CT"):
        doubts.append(f"the scan is {modality_of(image)} by its header, but this model was trained on CT")
    elif normalization == "ct":
        high = percentiles(sitk.GetArrayViewFromImage(image), (99.5,))
        why = why_not_hounsfield(intensities.lowest, intensities.highest, *high)
        cut = cut_off(intensities.highest)
        if cut:
            doubts.append(f"the scan {cut}")
        if why:
            doubts.append(f"the scan does not seem to be in Hounsfield units, which this model needs: {why}")
    if intensities.not_finite:
        doubts.append(
            f"{intensities.not_finite} voxels of the scan are no numbers; they were taken for its lowest intensity, "
            f"{intensities.lowest:g}"
        )
    return doubts
