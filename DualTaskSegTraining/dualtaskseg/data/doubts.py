"""What is to be told about a scan by itself, wherever it is segmented or ranked: what was assumed, what looks wrong.

What a person is told must not depend on who asked for the prediction, so all of it is said here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dualtaskseg.data.assumed import UNIT_ASSUMED, left_open
from dualtaskseg.data.grid import very_large_voxels, very_long_voxels
from dualtaskseg.data.hounsfield import cut_off, why_not_hounsfield
from dualtaskseg.data.intensities import IntensityRange, percentiles
from dualtaskseg.io.image_notes import modality_of

if TYPE_CHECKING:
    import SimpleITK


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
