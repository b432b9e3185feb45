"""A model as one .dtsmodel file, which is checked throughout before anything is written."""

from __future__ import annotations

import contextlib
import errno
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path, open_regular
from dualtaskseg.model.description import (
    DESCRIPTION_LIMIT,
    GET_AGAIN,
    NAME_LIMIT,
    SUFFIX,
    ModelDescription,
    damaged,
    parse_json,
)
from dualtaskseg.model.folder import DESCRIPTION_NAME, naming, read_model, write_folder
from dualtaskseg.model.weights_file import CHUNK, WEIGHTS_LIMIT, WEIGHTS_NAME, check_weights_header, sha256, sha256_of
from dualtaskseg.names import endings, folder_name
from dualtaskseg.remedies import reading_fault, system_faults

if TYPE_CHECKING:
    import zipfile


RATIO_LIMIT = 50  # trained weights hardly shrink in a zip; what shrinks more is a bomb


def export_model(folder: Path | str, file: Path | str, overwrite: bool = False) -> Path:
    """Packs a model into one ``.dtsmodel`` file, in one step.

    Args:
        file: where to; the suffix is added if absent; in an existing folder the file is named after the model.

    Returns:
        The file that was written.

    Raises:
        InputError: the model is damaged, or the file exists.
        OSError: the disk is full, or the place can't be written.
    """
    import zipfile

    folder, file = Path(folder), Path(file)
    description = read_model(folder)
    if file.is_dir():
        file = file / folder_name(description.name)
    if file.suffix.lower() != SUFFIX:
        file = file.with_name(file.name + SUFFIX)
    if file.exists() and not overwrite:
        raise InputError(f"{file} exists already", "Choose another name, or remove it first")
    with atomic_path(file) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, method in ((DESCRIPTION_NAME, zipfile.ZIP_DEFLATED), (WEIGHTS_NAME, zipfile.ZIP_STORED)):
            entry = zipfile.ZipInfo(name)  # with a fixed date: the same model gives the same file
            entry.compress_type = method
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            with (folder / name).open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, CHUNK)
    return file


def inspect_exported(file: Path | str) -> ModelDescription:
    """Checks a ``.dtsmodel`` file thoroughly, writing nothing.

    Checked are the archive, the names in it, the sizes, the format, the table of the weights, and their checksum.

    Raises:
        InputError: anything is wrong with it.
    """
    with _opened(Path(file)) as archive:
        return _inspect(archive)


def import_model(file: Path | str, target_folder: Path | str, name: str | None = None) -> Path:
    """Unpacks a ``.dtsmodel`` file into a new folder, after checking everything in it.

    Args:
        target_folder: the folder in which models are kept, made if absent.
        name: what to call the model instead of its own name.

    Returns:
        The new model folder. Its name is the model's, fit for every file system; where that is taken, `` 2``, `` 3``
        and so on is added to the folder's and the model's name.

    Raises:
        InputError: anything is wrong with the file, or the disk is too full. Nothing is left behind.
    """
    file, target_folder = Path(file), Path(target_folder)
    with _opened(file) as archive:
        description = _inspect(archive)
        description = replace(description, name=((name or "").strip() or description.name)[:NAME_LIMIT])
        expected = description.weights_sha256

        def write_weights(path: Path) -> None:
            with archive.open(WEIGHTS_NAME) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target, CHUNK)
            if sha256(path) != expected:  # the file was changed meanwhile
                raise damaged("its weights are not those it was made with")

        remedy = "Choose a folder in which you may write, on a disk with free space"
        with system_faults(f"The model can't be written into {target_folder}", remedy):
            target_folder.mkdir(parents=True, exist_ok=True)
            _require_space(target_folder, archive.getinfo(WEIGHTS_NAME).file_size)
            return _write_new_folder(target_folder, description, write_weights)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    import struct
    import zipfile
    import zlib

    try:
        with open_regular(file) as stream, zipfile.ZipFile(stream) as archive:
            yield archive
    except (FileNotFoundError, IsADirectoryError):
        raise InputError(f"There is no file {file}", f"Give a file that ends with {SUFFIX}") from None
    except (  # all that the zip module raises on archives with wrong bytes
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,
        ValueError,
        OverflowError,
    ) as error:
        raise InputError(f"{file} is damaged or not an exported model ({error})", GET_AGAIN) from error
    except InputError as error:
        raise naming(str(file), error) from error
    except OSError as error:
        raise reading_fault(error, file) from error


def _inspect(archive: zipfile.ZipFile) -> ModelDescription:
    _check_entries(archive)
    member = archive.getinfo(DESCRIPTION_NAME)
    with archive.open(member) as file:
        content = file.read(DESCRIPTION_LIMIT + 1)
        if file.read(1) or len(content) != member.file_size:
            raise damaged("a file in it is longer or shorter than declared")
    description = ModelDescription.from_dict(parse_json(content))
    weights = archive.getinfo(WEIGHTS_NAME)
    with archive.open(weights) as file:
        begin = check_weights_header(file, weights.file_size)
        if sha256_of(file, begin) != description.weights_sha256:
            raise damaged("its weights are not those it was made with")
    return description


def _check_entries(archive: zipfile.ZipFile) -> None:
    import zipfile

    entries = archive.infolist()
    if sorted(entry.orig_filename for entry in entries) != [DESCRIPTION_NAME, WEIGHTS_NAME]:
        raise damaged(f"it must hold exactly {DESCRIPTION_NAME} and {WEIGHTS_NAME}")
    limits = {DESCRIPTION_NAME: DESCRIPTION_LIMIT, WEIGHTS_NAME: WEIGHTS_LIMIT}
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.flag_bits & 1:
            raise damaged("a file in it is a link, encrypted, or not a plain file")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged("a file in it is packed in an unknown way")
        too_dense = entry.file_size > CHUNK and entry.file_size > RATIO_LIMIT * entry.compress_size
        if entry.file_size > limits[entry.orig_filename] or too_dense:
            raise damaged("a file in it would become far too large")


def _require_space(folder: Path, size: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < size + CHUNK:
        raise InputError(
            f"The disk of {folder} has {free / 1e6:.0f} MB free, and the model needs {size / 1e6:.0f} MB",
            "Make room or choose another folder",
        )


def _write_new_folder(parent: Path, description: ModelDescription, write_weights: Callable[[Path], None]) -> Path:
    """Writes a model into a folder of a name nobody has, which is there only once it is whole."""
    base = folder_name(description.name)
    for ending in endings(" "):
        folder = parent / (base + ending)
        if folder.exists() or folder.is_symlink():
            continue
        try:
            called = replace(description, name=description.name + ending)
            write_folder(folder.absolute(), called, write_weights, lambda temporary, target: temporary.rename(target))
            return folder
        except OSError as error:
            if not folder.exists() or error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES):
                raise  # else another process took the name meanwhile
