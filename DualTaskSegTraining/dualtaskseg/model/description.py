"""What a model is: name, segments, plan, what it was trained on. Nothing in it can identify a patient."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from dualtaskseg.contract.segment import Segment, segments_of
from dualtaskseg.errors import InputError
from dualtaskseg.terminal import one_line

FORMAT = 1
SUFFIX = ".dtsmodel"
GET_AGAIN = "Get the model again from where it came from"
DESCRIPTION_LIMIT = 4 << 20  # bytes; real ones have some ten thousand
NAME_LIMIT = 100  # characters
# In trained_on, text may stand under these names only, so that no case name can slip in.
TRAINED_ON_TEXTS = {"method", "preset", "validation_reason", "device", "precision"}
SPLIT_KEYS = {"training", "validation", "unlabeled", "seed", "fold", "folds"}
ABSOLUTE_PATH = re.compile(r"^(/[^/\s]|~/|[A-Za-z]:[\\/]|\\\\|file:)")


def parse_json(content: bytes) -> Any:
    """Reads JSON strictly: no key twice, no NaN, no text that UTF-8 can't hold."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise ValueError("a key stands there twice")
        return table

    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not a number")

    try:
        data = json.loads(content.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise damaged(f"its table can't be read ({error})") from error
    return data


def damaged(why: str) -> InputError:
    return InputError(f"The model is damaged: {why}", GET_AGAIN)


@dataclass(frozen=True)
class ModelDescription:
    """What stands in ``model.json``.

    Attributes:
        segments: with their values in label maps.
        plan: the whole plan, enough to build the networks and to prepare a scan.
        trained_on: ``labeled``, ``unlabeled``, ``validation``, and ``partly`` for those of the labeled ones that were
            outlined in part (counts of cases), ``seed``, ``method``, ``preset``,
            ``iterations``, ``split`` (counts and seed of the drawing), ``validation_figures`` (segment -> measure ->
            number, or None) and, where there are no figures, ``validation_reason``. Never names of cases.
        created: UTC, as in ``2025-03-04T09:05:31Z``.
        versions: of the program (``dualtaskseg``) and of the libraries it was trained with.
        weights_sha256: of the weights file, 64 hexadecimal digits; empty until they are written.
    """

    name: str
    segments: tuple[Segment, ...]
    plan: dict[str, Any]
    trained_on: dict[str, Any]
    created: str = field(default_factory=lambda: datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    versions: dict[str, str] = field(default_factory=dict)
    weights_sha256: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Returns what stands in ``model.json``."""
        return {
            "format": FORMAT,
            "name": self.name,
            "created": self.created,
            "versions": dict(self.versions),
            "segments": [segment.to_dict() for segment in self.segments],
            "plan": self.plan,
            "trained_on": self.trained_on,
            "weights_sha256": self.weights_sha256,
        }

    @classmethod
    def from_dict(cls, data: Any) -> ModelDescription:
        """Reads what stands in ``model.json``; unknown keys are passed over.

        Raises:
            InputError: it is of a newer program, or not a description of a model.
        """
        if not isinstance(data, dict):
            raise damaged("it is not a description of a model")
        version = data.get("format")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise damaged("it names no format")
        if version > FORMAT:
            raise InputError(
                f"The model was made by a newer version of this program (format {version}, known here: {FORMAT})",
                "Update DualTaskSeg",
            )
        description = cls(
            name=_text_of(data, "name"),
            segments=_segments_of(data),
            plan=_dict_of(data, "plan"),
            trained_on=_dict_of(data, "trained_on"),
            created=_text_of(data, "created"),
            versions=_versions_of(data),
            weights_sha256=_text_of(data, "weights_sha256"),
        )
        if not re.fullmatch(r"[0-9a-f]{64}", description.weights_sha256):
            raise damaged("it lacks the checksum of the weights")
        return description


def check_description(description: ModelDescription) -> None:
    """Checks a description that is to be written.

    Raises:
        ValueError: something is missing, or it holds a path, a name of a case, or what JSON doesn't know.
        TypeError: it holds an object that JSON doesn't know.
    """
    text = json.dumps(replace(description, weights_sha256="0" * 64).to_dict(), allow_nan=False)
    try:
        ModelDescription.from_dict(parse_json(text.encode()))
    except InputError as error:
        raise ValueError(str(error)) from error
    _refuse_private(description)


def describe(description: ModelDescription) -> str:
    """Returns what people want to know of a model, as lines of text."""
    trained = description.trained_on
    versions = ", ".join(f"{name} {version}" for name, version in description.versions.items())
    partly = f" ({_count(trained, 'partly')} in part)" if trained.get("partly") else ""
    lines = [
        f"Model:       {description.name}",
        f"Made:        {description.created}" + (f" with {versions}" if versions else ""),
        "Segments:    " + ", ".join(f"{segment.name} ({segment.value})" for segment in description.segments),
        f"Trained on:  {_count(trained, 'labeled')} labeled{partly} and {_count(trained, 'unlabeled')} unlabeled cases,"
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
    if description.plan.get("overview"):
        lines.append("Prediction:  coarse networks find where to look in the whole scan, the others look closely there")
    elif description.plan.get("look_first") is True:
        lines.append("Prediction:  looks at a scan roughly first, and closely where something was seen")
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


def _text_of(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > 1000:
        raise damaged(f'"{key}" is missing or not a text')
    return value


def _dict_of(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict):
        raise damaged(f'"{key}" is missing or not a table')
    return value


def _versions_of(data: dict[str, Any]) -> dict[str, str]:
    versions = _dict_of(data, "versions")
    if not all(isinstance(version, str) for version in versions.values()):
        raise damaged('"versions" are not all texts')
    return versions


def _segments_of(data: dict[str, Any]) -> tuple[Segment, ...]:
    try:
        return segments_of(data.get("segments"))
    except ValueError as error:
        raise damaged(str(error)) from error


def _refuse_private(description: ModelDescription) -> None:
    """Raises ValueError where a description holds a path of this disk, or text where a case name could stand."""
    for text in _texts_in(description.to_dict()):
        if ABSOLUTE_PATH.match(text):
            raise ValueError(f"a model must not hold a path of this disk, but holds {text!r}")
    trained = description.trained_on
    segment_names = {segment.name for segment in description.segments}
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
