"""Asks where to save, so that no file is replaced about which the user was not asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from DualTaskSegLib.common.i18n import counted
from DualTaskSegLib.panel.context import Panel


@dataclass(frozen=True)
class Target:
    """Where to save."""

    file: Path  # with the suffix
    mayReplace: bool  # whether something was there, and the user agreed that it is replaced


def askTarget(
    panel: Panel,
    title: str,
    suggested: Path | str,
    kind: str,
    suffix: str,
    filesBeside: Callable[[Path], Iterable[Path]] | None = None,
) -> Target | None:
    """Asks for a file to write.

    The dialog asks before it takes a file that is there, but only about the name as it was typed: on Linux and macOS
    without the suffix, and never about files that are written beside it. About those it is asked here.

    Args:
        suggested: file, or its name.
        kind: of the files, for people.
        suffix: such as ``.dcm`` or ``.nii.gz``; added if absent.
        filesBeside: tells which other files are written with it, or may be.

    Returns:
        None if the user doesn't want to.
    """
    typed = qt.QFileDialog.getSaveFileName(slicer.util.mainWindow(), title, str(suggested), f"{kind} (*{suffix})")
    if not typed:
        return None
    file = Path(typed)
    if not file.name.lower().endswith(suffix):
        file = file.with_name(file.name + suffix)
    there = [each for each in (file, *(filesBeside(file) if filesBeside is not None else ())) if each.exists()]
    unasked = [each for each in there if each != Path(typed)]
    if unasked and not panel.confirm(
        counted(
            len(unasked),
            _("{name} exists already in this folder. Replace it?"),
            _("{count} files exist already in this folder: {name}. Replace them?"),
            name=", ".join(each.name for each in unasked),
        )
    ):
        return None
    return Target(file, bool(there))
