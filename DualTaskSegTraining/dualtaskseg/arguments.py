"""Names of files and folders on the command line, looked at before anything else is done with them."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

PATH_METAVARS = {"DATASET", "DIR", "FILE", "IMAGE", "LABELMAP", "RUN", "RUN_OR_MODEL"}
LONGEST_NAME = 255  # bytes; of one file or folder, on all usual file systems
LONGEST_PATH = 4095  # bytes


def path_argument(text: str) -> str:
    """Returns a path as it was given.

    Raises:
        argparse.ArgumentTypeError: no file can be called so.
    """
    fault = fault_of_path(text)
    if fault:
        raise argparse.ArgumentTypeError(fault)
    return text


def fault_of_path(text: str) -> str:
    """Says why no file can be called so, for people; empty where one can."""
    if not text:
        return "the name of the file or folder is empty"
    shown = text if len(text) <= 60 else f"{text[:60]}..."
    if "\0" in text:
        return f"the name {shown!r} holds a zero character, which no name of a file can"
    if max((len(os.fsencode(part)) for part in Path(text).parts), default=0) > LONGEST_NAME:
        return f"the name {shown} is too long: a file's or folder's has at most {LONGEST_NAME} letters"
    if len(os.fsencode(Path(text).absolute())) > LONGEST_PATH:
        return f"the path {shown} is too long: it may have at most {LONGEST_PATH} letters"
    return ""


def guard_paths(parser: argparse.ArgumentParser) -> None:
    """Lets all arguments of a parser and its commands that are files or folders pass :func:`path_argument`."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                guard_paths(command)
        elif action.metavar in PATH_METAVARS and action.type is None:
            action.type = path_argument
