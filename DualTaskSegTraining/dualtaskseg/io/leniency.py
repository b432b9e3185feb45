"""Reading DICOM with pydicom as real files are: full of faults, and of names that belong on no terminal."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator


@contextlib.contextmanager
def relaxed_validation() -> Iterator[None]:
    """Takes the faulty values that real files are full of as they are, and prints no warning: they hold names."""
    import pydicom

    settings = pydicom.config.settings
    reading, writing = settings.reading_validation_mode, settings.writing_validation_mode
    settings.reading_validation_mode = settings.writing_validation_mode = pydicom.config.IGNORE
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        settings.reading_validation_mode, settings.writing_validation_mode = reading, writing
