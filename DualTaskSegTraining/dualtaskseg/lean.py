"""Loading no more than what is used."""

from __future__ import annotations

import sys

# MONAI loads each of these that it finds, which took as long as PyTorch itself. Nothing here uses them.
ONLY_FOR_MONAI = ("scipy", "skimage", "nibabel", "matplotlib", "ignite", "pandas", "tensorboardX")


def without_extras() -> None:
    """Lets MONAI find no package that it alone would load; those that are loaded already stay."""
    for name in ONLY_FOR_MONAI:
        sys.modules.setdefault(name, None)
