"""What the training package says of its progress, in the user's language. It has no Slicer, so it says that in English.

Only what is said again and again while the user waits; what it finds fault with stays as it is.
"""

from __future__ import annotations

import re

from DualTaskSegLib.common.i18n import tr as _

_PHRASES = (
    ("Checking the scans", _("Checking the scans")),
    ("Comparing", _("Comparing")),
    ("Comparing the networks", _("Comparing the networks")),
    ("Loading the networks", _("Loading the networks")),
    ("Looking at all scans", _("Looking at all scans")),
    ("Looking at the results", _("Looking at the results")),
    ("Looking at the validation scans", _("Looking at the validation scans")),
    ("Looking for devices", _("Looking for devices")),
    ("Making the MONAI Bundle", _("Making the MONAI Bundle")),
    ("Measuring", _("Measuring")),
    ("Measuring how fast this computer is", _("Measuring how fast this computer is")),
    ("Preparing the scans", _("Preparing the scans")),
    ("Reading the scan", _("Reading the scan")),
    ("Segmenting", _("Segmenting")),
    ("Training", _("Training")),
    ("Writing the DICOM segmentation", _("Writing the DICOM segmentation")),
    ("Writing the model", _("Writing the model")),
    ("Writing the results", _("Writing the results")),
    ("Writing the segmentation", _("Writing the segmentation")),
    ("Writing the structure set", _("Writing the structure set")),
    ("Scans found: {count}", _("Scans found: {count}")),
    ("Checking scan {done} of {of}", _("Checking scan {done} of {of}")),
    ("Looking at labeled scan {done} of {of}", _("Looking at labeled scan {done} of {of}")),
    ("Looking at unlabeled scan {done} of {of}", _("Looking at unlabeled scan {done} of {of}")),
    ("Looking at validation scan {done} of {of}", _("Looking at validation scan {done} of {of}")),
    ("Preparing scan {done} of {of}", _("Preparing scan {done} of {of}")),
    ("Timing step {done} of {of}", _("Timing step {done} of {of}")),
    ("Training, step {iteration} of {of}", _("Training, step {iteration} of {of}")),
)


def _pattern(phrase: str) -> re.Pattern[str]:
    """Matches a phrase with numbers in its places."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\d+)", re.escape(phrase)))


_PATTERNS = tuple((_pattern(phrase), translation) for phrase, translation in _PHRASES)


def inUsersWords(text: str) -> str:
    """Returns what the training package said, translated; other things as they are."""
    for pattern, translation in _PATTERNS:
        found = pattern.fullmatch(text)
        if found is not None:
            return translation.format(**found.groupdict())
    return text
