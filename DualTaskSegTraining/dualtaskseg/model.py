"""The model folder: what a training leaves behind, and what people mail to each other.

A model is a folder with ``model.json`` (what it is) and ``weights.safetensors`` (its numbers). Neither can hold a
program: nothing is unpickled, ever. ``model.json`` holds no path of anybody's disk and no name of a case, for such
names can identify patients: of the cases only their counts are kept, and :func:`write_model` refuses anything else.
One ``.dtsmodel`` file is such a folder as a zip archive, and everything in it is checked before anything is written.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import math
import re
import shutil
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dualtaskseg.errors import InputError
from dualtaskseg.files import atomic_path, temporary_folder, write_json
from dualtaskseg.method.plan_check import LARGEST_VALUE, MOST_SEGMENTS
from dualtaskseg.regular import open_regular
from dualtaskseg.remedies import reason_of, remedy_for
from dualtaskseg.terminal import one_line
from dualtaskseg.training.run import patiently

if TYPE_CHECKING:
    import zipfile

FORMAT = 1
DESCRIPTION_NAME = "model.json"
WEIGHTS_NAME = "weights.safetensors"
SUFFIX = ".dtsmodel"

DESCRIPTION_LIMIT = 4 << 20  # bytes; real ones have some ten thousand
HEADER_LIMIT = 4 << 20  # bytes of the table at the beginning of the weights
WEIGHTS_LIMIT = 16 << 30  # bytes
RATIO_LIMIT = 50  # trained weights hardly shrink in a zip; what shrinks more is a bomb
CHUNK = 1 << 20
NAME_LIMIT = 100  # characters

ITEM_SIZES = {
    "BOOL": 1,
    "U8": 1,
    "I8": 1,
    "F8_E5M2": 1,
    "F8_E4M3": 1,
    "I16": 2,
    "U16": 2,
    "F16": 2,
    "BF16": 2,
    "I32": 4,
    "U32": 4,
    "F32": 4,
    "F64": 8,
    "I64": 8,
    "U64": 8,
}

# In trained_on, text may stand under these names only, so that no case name can slip in.
TRAINED_ON_TEXTS = {"method", "preset", "validation_reason", "device", "precision"}
SPLIT_KEYS = {"training", "validation", "unlabeled", "seed", "fold", "folds"}
WINDOWS_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)")
ABSOLUTE_PATH = re.compile(r"^(/[^/\s]|~/|[A-Za-z]:[\\/]|\\\\|file:)")


@dataclass(frozen=True)
class ModelDescription:
    """What stands in ``model.json``.

    Attributes:
        name: for people.
        segments: for each ``name``, ``value`` (in label maps, 1 or more), ``color`` (red, green and blue, 0 to 255
            each, or None) and ``terminology`` (as Slicer writes it; None or empty if there is none).
        plan: the whole plan, enough to build the networks and to prepare a scan.
        trained_on: ``labeled``, ``unlabeled``, ``validation`` (counts of cases), ``seed``, ``method``, ``preset``,
            ``iterations``, ``split`` (counts and seed of the drawing), ``validation_figures`` (segment -> measure ->
            number, or None) and, where there are no figures, ``validation_reason``. Never names of cases.
        created: UTC, as in ``2025-03-04T09:05:31Z``.
        versions: of the program (``dualtaskseg``) and of the libraries it was trained with.
        weights_sha256: of the weights file, 64 hexadecimal digits; empty until they are written.
    """

    name: str
    segments: tuple[dict[str, Any], ...]
    plan: dict[str, Any]
    trained_on: dict[str, Any]
    created: str = field(default_factory=lambda: datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    versions: dict[str, str] = field(default_factory=dict)
    weights_sha256: str = ""

    def to_document(self) -> dict[str, Any]:
        """Returns what stands in ``model.json``."""
        return {
            "format": FORMAT,
            "name": self.name,
            "created": self.created,
            "versions": dict(self.versions),
            "segments": [dict(segment) for segment in self.segments],
            "plan": self.plan,
            "trained_on": self.trained_on,
            "weights_sha256": self.weights_sha256,
        }

    @classmethod
    def from_document(cls, document: Any) -> ModelDescription:
        """Reads what stands in ``model.json``; unknown keys are passed over.

        Raises:
            InputError: it is of a newer program, or not a description of a model.
        """
        if not isinstance(document, dict):
            raise _damaged("it is not a description of a model")
        version = document.get("format")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise _damaged("it names no format")
        if version > FORMAT:
            raise InputError(
                f"The model was made by a newer version of this program (format {version}, known here: {FORMAT})",
                "Update DualTaskSeg",
            )
        description = cls(
            name=_text_of(document, "name"),
            segments=_segments_of(document),
            plan=_dict_of(document, "plan"),
            trained_on=_dict_of(document, "trained_on"),
            created=_text_of(document, "created"),
            versions=_versions_of(document),
            weights_sha256=_text_of(document, "weights_sha256"),
        )
        if not re.fullmatch(r"[0-9a-f]{64}", description.weights_sha256):
            raise _damaged("it lacks the checksum of the weights")
        return description


# --- writing and reading the folder


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
    return _write_folder(Path(folder).absolute(), description, write_weights)


def check_description(description: ModelDescription) -> None:
    """Checks a description that is to be written.

    Raises:
        ValueError: something is missing, or it holds a path, a name of a case, or what JSON doesn't know.
        TypeError: it holds an object that JSON doesn't know.
    """
    text = json.dumps(replace(description, weights_sha256="0" * 64).to_document(), allow_nan=False)
    try:
        ModelDescription.from_document(_parse_json(text.encode()))
    except InputError as error:
        raise ValueError(str(error)) from error
    _refuse_private(description)


def _write_folder(
    folder: Path,
    description: ModelDescription,
    write_weights: Callable[[Path], None],
    place: Callable[[Path, Path], None] | None = None,
) -> ModelDescription:
    """Writes a model beside its place, then moves it there: by ``place``, else over an older model."""
    _restore_abandoned(folder)
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with temporary_folder(folder) as temporary:
        weights = temporary / WEIGHTS_NAME
        write_weights(weights)
        with weights.open("rb") as file:
            _check_weights_header(file, weights.stat().st_size)
        description = replace(description, weights_sha256=_sha256(weights))
        write_json(temporary / DESCRIPTION_NAME, description.to_document())
        # safetensors makes its files private; a model on a shared disk has the user's usual mode
        weights.chmod(stat.S_IMODE((temporary / DESCRIPTION_NAME).stat().st_mode))
        (place or _swap)(temporary, folder)
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
            raise _damaged("its description is too long")
        description = ModelDescription.from_document(_parse_json(content))
    except (FileNotFoundError, NotADirectoryError):
        raise _no_model(folder) from None
    except OSError as error:
        raise InputError(
            f"{file} can't be read: {reason_of(error)}", remedy_for(error, "Make sure you may read it")
        ) from error
    except InputError as error:
        raise _about(f"The model in {folder}", error) from error
    weights = folder / WEIGHTS_NAME
    if not weights.is_file():
        raise InputError(f"The model in {folder} lacks its weights, {WEIGHTS_NAME}", _GET_AGAIN)
    if verify:
        _verify_weights(weights, description.weights_sha256)
    return description


def describe_model(folder: Path | str, description: ModelDescription) -> ModelDescription:
    """Gives a model another description, in one step; its weights stay as they are.

    Args:
        folder: the model folder.
        description: its ``weights_sha256`` and ``created`` become those of the model.

    Raises:
        InputError: there is no model, or it is damaged.
        TypeError, ValueError: the description is unfit.
        OSError: it can't be written.
    """
    check_description(description)
    old = read_model(folder, verify=False)
    description = replace(description, weights_sha256=old.weights_sha256, created=old.created)
    write_json(Path(folder) / DESCRIPTION_NAME, description.to_document())
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
    try:
        write_json(folder / DESCRIPTION_NAME, description.to_document())
    except OSError as error:
        raise InputError(
            f"The model in {folder} can't be written: {reason_of(error)}",
            remedy_for(error, "Make sure that you may write there"),
        ) from error
    return description


def find_model(path: Path | str) -> Path:
    """Finds the model folder in what a user named: a model folder, or a run folder with a finished model.

    Raises:
        InputError: there is none; the sentence says what to do instead.
    """
    path = Path(path)
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


# --- exchanging models


def export_model(folder: Path | str, file: Path | str, overwrite: bool = False) -> Path:
    """Packs a model into one ``.dtsmodel`` file, in one step.

    Args:
        folder: the model folder.
        file: where to; the suffix is added if absent; in an existing folder the file is named after the model.
        overwrite: replace an existing file.

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
        file: the exported model.
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
            if _sha256(path) != expected:  # the file was changed meanwhile
                raise _damaged("its weights are not those it was made with")

        try:
            target_folder.mkdir(parents=True, exist_ok=True)
            _require_space(target_folder, archive.getinfo(WEIGHTS_NAME).file_size)
            folder = _write_new_folder(target_folder, description, write_weights)
        except OSError as error:
            raise InputError(
                f"The model can't be written into {target_folder}: {reason_of(error)}",
                remedy_for(error, "Choose a folder in which you may write, on a disk with free space"),
            ) from error
    return folder


def folder_name(name: str) -> str:
    """Returns a name that every common file system takes for a folder, as near to ``name`` as possible."""
    name = unicodedata.normalize("NFC", name)
    kept = "".join("_" if each in '<>:"/\\|?*' or unicodedata.category(each)[0] == "C" else each for each in name)
    kept = re.sub(r"\s+", " ", kept).strip(" .")
    while len(kept.encode("utf-8")) > 150:  # file systems allow 255 bytes, and we add to the name
        kept = kept[:-1].rstrip(" .")
    if WINDOWS_DEVICES.match(kept):
        kept = "_" + kept
    return kept or "model"


def describe(description: ModelDescription) -> str:
    """Returns what people want to know of a model, as lines of text."""
    trained = description.trained_on
    versions = ", ".join(f"{name} {version}" for name, version in description.versions.items())
    lines = [
        f"Model:       {description.name}",
        f"Made:        {description.created}" + (f" with {versions}" if versions else ""),
        "Segments:    " + ", ".join(f"{segment['name']} ({segment['value']})" for segment in description.segments),
        f"Trained on:  {_count(trained, 'labeled')} labeled and {_count(trained, 'unlabeled')} unlabeled cases,"
        f" {_count(trained, 'validation')} held out for validation",
    ]
    how = [
        f"{key} {trained[key]}" for key in ("method", "preset", "iterations", "seed") if trained.get(key) is not None
    ]
    if how:
        lines.append("How:         " + ", ".join(how))
    lines += _validation_lines(trained)
    spacing = description.plan.get("spacing")
    if isinstance(spacing, (list, tuple)):
        lines.append("Spacing:     " + " x ".join(_number(each) for each in spacing) + " mm")
    lines.append(f"Weights:     SHA-256 {description.weights_sha256}")
    return "\n".join(one_line(line) for line in lines)  # a model comes from others


def _validation_lines(trained: dict[str, Any]) -> list[str]:
    figures = trained.get("validation_figures")
    if not isinstance(figures, dict) or not figures:
        return [f"Validation:  none ({trained.get('validation_reason') or 'no reason recorded'})"]
    lines = []
    for segment, measures in figures.items():
        parts = measures.items() if isinstance(measures, dict) else [("", measures)]
        text = ", ".join(f"{name} {_number(value)}".strip() for name, value in parts)
        lines.append(f"{'Validation:' if not lines else '':<12} {segment}: {text}")
    return lines


def _count(trained: dict[str, Any], key: str) -> str:
    value = trained.get(key)
    return "?" if value is None else str(value)


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "unknown" if value is None else str(value)


# --- the parts of a description

_GET_AGAIN = "Get the model again from where it came from"


def _damaged(why: str) -> InputError:
    return InputError(f"The model is damaged: {why}", _GET_AGAIN)


def _about(subject: str, error: InputError) -> InputError:
    """Names the file in an error that speaks of "the model"."""
    return InputError(error.what.replace("The model", subject, 1), error.remedy)


def _no_model(path: Path) -> InputError:
    return InputError(
        f"There is no model in {path}", "Give a model folder, or a run folder whose training has finished"
    )


def _text_of(document: dict[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > 1000:
        raise _damaged(f'"{key}" is missing or not a text')
    return value


def _dict_of(document: dict[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key)
    if not isinstance(value, dict):
        raise _damaged(f'"{key}" is missing or not a table')
    return value


def _versions_of(document: dict[str, Any]) -> dict[str, str]:
    versions = _dict_of(document, "versions")
    if not all(isinstance(version, str) for version in versions.values()):
        raise _damaged('"versions" are not all texts')
    return versions


def _segments_of(document: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    segments = document.get("segments")
    if not isinstance(segments, list) or not segments:
        raise _damaged("it has no segments")
    if len(segments) > MOST_SEGMENTS:
        raise _damaged(f"it has {len(segments)} segments, at most {MOST_SEGMENTS} are possible")
    values, names = set(), set()
    for segment in segments:
        if not isinstance(segment, dict):
            raise _damaged("a segment is not a table")
        name = _text_of(segment, "name")
        if name in names:
            raise _damaged(f"two segments have the name {name}")
        names.add(name)
        value = segment.get("value")
        is_fit = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_VALUE
        if not is_fit or value in values:
            raise _damaged(f"the value of segment {name} is missing, below 1, too large, or used twice")
        values.add(value)
        if segment.get("color") is not None and not _is_color(segment["color"]):
            raise _damaged(f"the color of segment {segment['name']} is not three whole numbers from 0 to 255")
    return tuple(segments)


def _is_color(value: Any) -> bool:
    return (
        isinstance(value, (list, tuple))
        and len(value) == 3
        and all(type(each) is int and 0 <= each <= 255 for each in value)
    )


def _parse_json(content: bytes) -> Any:
    """Reads JSON strictly: no key twice, no NaN, no text that UTF-8 can't hold."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise ValueError("a key stands there twice")
        return table

    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not a number")

    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant)
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise _damaged(f"its table can't be read ({error})") from error
    return document


def _refuse_private(description: ModelDescription) -> None:
    """Raises ValueError where a description holds a path of this disk, or text where a case name could stand."""
    for text in _texts_in(description.to_document()):
        if ABSOLUTE_PATH.match(text):
            raise ValueError(f"a model must not hold a path of this disk, but holds {text!r}")
    trained = description.trained_on
    segment_names = {segment["name"] for segment in description.segments}
    for key, value in trained.items():
        if key == "split":
            is_fine = value is None or (isinstance(value, dict) and set(value) <= SPLIT_KEYS and _is_plain(value))
        elif key == "validation_figures":
            is_fine = value is None or (isinstance(value, dict) and set(value) <= segment_names and _is_plain(value))
        else:
            is_fine = _is_number(value) or (key in TRAINED_ON_TEXTS and isinstance(value, str))
        if not is_fine:
            raise ValueError(f"trained_on holds counts and figures only, no names of cases; see its entry {key!r}")


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and math.isfinite(value))


def _is_plain(table: dict[str, Any]) -> bool:
    """Says whether a table holds numbers only, at most one table deep."""
    return all(
        _is_number(value) or (isinstance(value, dict) and all(_is_number(each) for each in value.values()))
        for value in table.values()
    )


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts_in(each)


# --- the weights


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return _sha256_of(file)


def _sha256_of(file: IO[bytes], begin: bytes = b"") -> str:
    digest = hashlib.sha256(begin)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _verify_weights(path: Path, expected: str) -> None:
    try:
        found = _sha256(path)
    except OSError as error:
        raise InputError(
            f"{path} can't be read: {reason_of(error)}", remedy_for(error, "Make sure you may read it")
        ) from error
    if found != expected:
        raise InputError(f"The weights in {path} are not those the model was made with", _GET_AGAIN)


def _check_weights_header(file: IO[bytes], size: int) -> bytes:
    """Checks the table at the beginning of a safetensors file against the file's size.

    The file is eight bytes (the table's length, little-endian), the table as JSON (tensor name -> dtype, shape,
    data_offsets), and the numbers without gaps. See https://huggingface.co/docs/safetensors, section Format.

    Args:
        file: open at its beginning; left behind the table.
        size: of the whole file, in bytes.

    Returns:
        The bytes read.

    Raises:
        InputError: the table doesn't fit the file.
    """
    begin = file.read(8)
    length = int.from_bytes(begin, "little")
    if len(begin) < 8 or not 2 <= length <= min(size - 8, HEADER_LIMIT):
        raise _damaged("its weights are not a safetensors file")
    table_bytes = file.read(length)
    if len(table_bytes) < length:
        raise _damaged("its weights end early")
    table = _parse_json(table_bytes)
    if not isinstance(table, dict):
        raise _damaged("its weights have no table")
    table.pop("__metadata__", None)
    position = 0
    for begins, ends in sorted(_tensor_span(name, entry) for name, entry in table.items()):
        if begins != position:
            raise _damaged("its weights overlap or have gaps")
        position = ends
    if position != size - 8 - length or not table:
        raise _damaged("its weights are longer or shorter than their table says")
    return begin + table_bytes


def _tensor_span(name: str, entry: Any) -> tuple[int, int]:
    """Returns where a tensor begins and ends, in bytes behind the table."""
    entry = entry if isinstance(entry, dict) else {}
    shape, offsets = entry.get("shape"), entry.get("data_offsets")
    item_size = ITEM_SIZES.get(str(entry.get("dtype")))
    is_sound = item_size is not None and _is_counts(shape) and len(shape) <= 16 and _is_counts(offsets)
    if not is_sound or len(offsets) != 2 or offsets[1] - offsets[0] != math.prod(shape) * item_size:
        raise _damaged(f"the entry {name[:100]} of its weights makes no sense")
    return offsets[0], offsets[1]


def _is_counts(value: Any) -> bool:
    return isinstance(value, list) and all(type(each) is int and 0 <= each <= WEIGHTS_LIMIT for each in value)


# --- the archive


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
        raise InputError(f"{file} is damaged or not an exported model ({error})", _GET_AGAIN) from error
    except InputError as error:
        raise _about(str(file), error) from error
    except OSError as error:
        raise InputError(
            f"{file} can't be read: {reason_of(error)}", remedy_for(error, "Make sure you may read it")
        ) from error


def _inspect(archive: zipfile.ZipFile) -> ModelDescription:
    _check_entries(archive)
    document = archive.getinfo(DESCRIPTION_NAME)
    with archive.open(document) as file:
        content = file.read(DESCRIPTION_LIMIT + 1)
        if file.read(1) or len(content) != document.file_size:
            raise _damaged("a file in it is longer or shorter than declared")
    description = ModelDescription.from_document(_parse_json(content))
    weights = archive.getinfo(WEIGHTS_NAME)
    with archive.open(weights) as file:
        begin = _check_weights_header(file, weights.file_size)
        if _sha256_of(file, begin) != description.weights_sha256:
            raise _damaged("its weights are not those it was made with")
    return description


def _check_entries(archive: zipfile.ZipFile) -> None:
    import zipfile

    entries = archive.infolist()
    if sorted(entry.orig_filename for entry in entries) != [DESCRIPTION_NAME, WEIGHTS_NAME]:
        raise _damaged(f"it must hold exactly {DESCRIPTION_NAME} and {WEIGHTS_NAME}")
    limits = {DESCRIPTION_NAME: DESCRIPTION_LIMIT, WEIGHTS_NAME: WEIGHTS_LIMIT}
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG) or entry.flag_bits & 1:
            raise _damaged("a file in it is a link, encrypted, or not a plain file")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged("a file in it is packed in an unknown way")
        too_dense = entry.file_size > CHUNK and entry.file_size > RATIO_LIMIT * entry.compress_size
        if entry.file_size > limits[entry.orig_filename] or too_dense:
            raise _damaged("a file in it would become far too large")


# --- folders


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
        patiently(lambda: temporary.rename(folder))
        return
    aside = _aside(folder)
    patiently(lambda: folder.rename(aside))
    try:
        patiently(lambda: temporary.rename(folder))
    except BaseException:
        aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


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
    number = 1
    while True:
        ending = "" if number == 1 else f" {number}"
        folder = parent / (base + ending)
        number += 1
        if folder.exists() or folder.is_symlink():
            continue
        try:
            called = replace(description, name=description.name + ending)
            _write_folder(folder.absolute(), called, write_weights, lambda temporary, place: temporary.rename(place))
            return folder
        except OSError as error:
            if not folder.exists() or error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.EACCES):
                raise  # else another process took the name meanwhile
