"""The model folder: what a training leaves behind, and what people mail to each other.

A model is a folder with ``model.json`` (what it is) and ``weights.safetensors`` (its numbers). Neither can hold a
program: nothing is unpickled, ever. ``model.json`` holds no path of anybody's disk and no name of a case, for such
names can identify patients: of the cases only their counts are kept, and :func:`write_model` refuses anything else.
One ``.dtsmodel`` file is such a folder as a zip archive, and everything in it is checked before anything is written.
"""

from __future__ import annotations

import re
import shutil
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from dualtaskseg.errors import InputError
from dualtaskseg.files import open_regular, retry_on_permission_error, temporary_folder, write_json
from dualtaskseg.model.description import (
    ABSOLUTE_PATH,
    DESCRIPTION_LIMIT,
    GET_AGAIN,
    NAME_LIMIT,
    SUFFIX,
    ModelDescription,
    check_description,
    damaged,
    parse_json,
)
from dualtaskseg.model.weights_file import WEIGHTS_NAME, check_weights_header, sha256, verify_weights
from dualtaskseg.remedies import reading_fault, system_faults

DESCRIPTION_NAME = "model.json"


def write_model(
    folder: Path | str, description: ModelDescription, write_weights: Callable[[Path], None]
) -> ModelDescription:
    """Writes a model folder in one step; an old model there is replaced, or kept if anything fails.

    Args:
        folder: where; an existing folder must be empty or a model.
        description: its ``weights_sha256`` is filled in. :func:`check_description` tells early if it is unfit.
        write_weights: is given a path and writes a safetensors file there.

    Returns:
        The description with the checksum.

    Raises:
        InputError: the folder holds something else, or the weights are not a safetensors file.
        TypeError, ValueError: the description is unfit.
        OSError: the disk is full, or the folder can't be written.
    """
    check_description(description)
    return write_folder(Path(folder).absolute(), description, write_weights)


def write_folder(
    folder: Path,
    description: ModelDescription,
    write_weights: Callable[[Path], None],
    move: Callable[[Path, Path], None] | None = None,
) -> ModelDescription:
    """Writes a model beside its place, then moves it there: by ``move``, else over an older model."""
    _restore_abandoned(folder)
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(folder) as temporary:
        weights = temporary / WEIGHTS_NAME
        write_weights(weights)
        with weights.open("rb") as file:
            check_weights_header(file, weights.stat().st_size)
        description = replace(description, weights_sha256=sha256(weights))
        write_json(temporary / DESCRIPTION_NAME, description.to_dict())
        # safetensors makes its files private; a model on a shared disk has the user's usual mode
        weights.chmod(stat.S_IMODE((temporary / DESCRIPTION_NAME).stat().st_mode))
        (move or _swap)(temporary, folder)
    return description


def read_model(folder: Path | str, verify: bool = True) -> ModelDescription:
    """Reads the description of a model folder.

    Args:
        folder: the model folder itself; see :func:`find_model` for what users name.
        verify: compare the weights with their checksum, which takes a second per GB or so.

    Raises:
        InputError: there is no model, it is damaged or of a newer program, or the weights are missing or others.
    """
    folder = Path(folder)
    file = folder / DESCRIPTION_NAME
    try:
        with open_regular(file) as stream:
            content = stream.read(DESCRIPTION_LIMIT + 1)
        if len(content) > DESCRIPTION_LIMIT:
            raise damaged("its description is too long")
        description = ModelDescription.from_dict(parse_json(content))
    except (FileNotFoundError, NotADirectoryError):
        raise _no_model(folder) from None
    except OSError as error:
        raise reading_fault(error, file) from error
    except InputError as error:
        raise naming(f"The model in {folder}", error) from error
    weights = folder / WEIGHTS_NAME
    if not weights.is_file():
        raise InputError(f"The model in {folder} lacks its weights, {WEIGHTS_NAME}", GET_AGAIN)
    if verify:
        verify_weights(weights, description.weights_sha256)
    return description


def describe_model(folder: Path | str, description: ModelDescription) -> ModelDescription:
    """Gives a model another description, in one step; its weights stay as they are.

    Args:
        description: its ``weights_sha256`` and ``created`` become those of the model.

    Raises:
        InputError: there is no model, or it is damaged.
        TypeError, ValueError: the description is unfit.
        OSError: it can't be written.
    """
    check_description(description)
    old = read_model(folder, verify=False)
    description = replace(description, weights_sha256=old.weights_sha256, created=old.created)
    write_json(Path(folder) / DESCRIPTION_NAME, description.to_dict())
    return description


def rename_model(folder: Path | str, name: str) -> ModelDescription:
    """Gives a model another name, in one step; its weights stay as they are.

    Raises:
        InputError: the name is empty or a path, there is no model, or it can't be written.
    """
    folder = Path(folder)
    name = "".join(each for each in re.sub(r"\s+", " ", name) if unicodedata.category(each) != "Cc")
    name = name.strip()[:NAME_LIMIT]
    if not name or ABSOLUTE_PATH.match(name):
        raise InputError("The model needs a name that is no path", "Type a name")
    description = replace(read_model(folder, verify=False), name=name)
    with system_faults(f"The model in {folder} can't be written", "Make sure that you may write there"):
        write_json(folder / DESCRIPTION_NAME, description.to_dict())
    return description


def set_terminology(folder: Path | str, terminology: Mapping[str, str]) -> None:
    """Gives segments of a model terminology entries, by their names, in one step; its weights stay as they are.

    Raises:
        InputError: there is no model, or it can't be written.
    """
    folder = Path(folder)
    description = read_model(folder, verify=False)
    segments = tuple(
        replace(segment, terminology=terminology.get(segment.name, segment.terminology))
        for segment in description.segments
    )
    with system_faults(f"The model in {folder} can't be written", "Make sure that you may write there"):
        write_json(folder / DESCRIPTION_NAME, replace(description, segments=segments).to_dict())


def find_model(path: Path | str) -> Path:
    """Finds the model folder in what a user named: a model folder, or a run folder with a finished model.

    Raises:
        InputError: there is none; the sentence says what to do instead.
    """
    path = Path(path)
    try:
        return _found_model(path)
    except OSError as error:
        raise reading_fault(error, error.filename or path) from error


def _found_model(path: Path) -> Path:
    if path.is_file() and path.suffix.lower() == SUFFIX:
        raise InputError(
            f"{path} is an exported model", f'Import it first: dualtaskseg model import "{path}" --out FOLDER'
        )
    for candidate in (path, path / "model"):
        for folder in (candidate, _aside(candidate)):  # aside: a crash in the middle of replacing it
            if (folder / DESCRIPTION_NAME).is_file():
                return folder
    if (path / "run.json").is_file():
        raise InputError(f"The run in {path} has no model yet", f'Let it finish: dualtaskseg resume "{path}"')
    raise _no_model(path)


def naming(subject: str, error: InputError) -> InputError:
    """Names the file in an error that speaks of "the model"."""
    return InputError(error.what.replace("The model", subject, 1), error.remedy)


def _no_model(path: Path) -> InputError:
    return InputError(
        f"There is no model in {path}", "Give a model folder, or a run folder whose training has finished"
    )


def _aside(folder: Path) -> Path:
    """Returns where the old model waits while the new one takes its place."""
    folder = folder.absolute()
    return folder.parent / f".old_{folder.name}"


def _restore_abandoned(folder: Path) -> None:
    aside = _aside(folder)
    if not aside.exists():
        return
    if folder.exists():  # the new model had arrived, only the tidying was cut short
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(folder)


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / DESCRIPTION_NAME).is_file()):
        raise InputError(f"{folder} exists and is not a model", "Choose another folder")


def _swap(temporary: Path, folder: Path) -> None:
    if not folder.exists():
        retry_on_permission_error(lambda: temporary.rename(folder))
        return
    aside = _aside(folder)
    retry_on_permission_error(lambda: folder.rename(aside))
    try:
        retry_on_permission_error(lambda: temporary.rename(folder))
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)
