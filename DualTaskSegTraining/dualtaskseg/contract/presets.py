"""What a user chooses with one word: how large and long a training is, and which method it follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """What a user chooses with one word.

    Attributes:
        filters: channels of the finest level; they double with every level.
        largest_filters: where the doubling ends.
        stem: whether the networks work at half the resolution; faster, with a small loss of detail at the end.
        patch_voxels: the most voxels a patch may have.
        seconds: the time budget unless one is given.
        learning_rate: at its highest.
        as_published: whether it is steered as the published code is.
    """

    filters: int
    largest_filters: int
    stem: bool
    patch_voxels: int
    seconds: int
    learning_rate: float
    as_published: bool = False


PRESETS = {
    "quick": Preset(filters=24, largest_filters=96, stem=True, patch_voxels=2**17, seconds=900, learning_rate=2e-3),
    "standard": Preset(
        filters=32, largest_filters=192, stem=True, patch_voxels=2**19, seconds=3600, learning_rate=2e-3
    ),
    "best": Preset(
        filters=32, largest_filters=320, stem=False, patch_voxels=2**20, seconds=8 * 3600, learning_rate=1e-3
    ),
    "paper": Preset(16, 256, stem=False, patch_voxels=2**20, seconds=0, learning_rate=1e-2, as_published=True),
}
