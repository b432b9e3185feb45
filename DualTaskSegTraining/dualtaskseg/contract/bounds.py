"""Bounds that stand beside the fields of a document, for what comes from a file.

A model is something people mail to each other, so nothing in it is believed: a plan within its bounds can be built and
asked, and asks for no absurd amount of memory. Light: no torch, no SimpleITK.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from typing import Any, TypeVar

from dualtaskseg.errors import InputError

REMEDY = "Use an intact copy of the run or model"
Fits = Callable[[Any], bool]
Settings = TypeVar("Settings")


def bounded(fits: Fits, default: Any = MISSING) -> Any:
    """A field of a dataclass with what its values, which may be of any type, have to fulfil."""
    return field(default=default, metadata={"fits": fits})


def number(least: float, most: float) -> Fits:
    """Whether a value is a number within these bounds."""
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def whole(least: int, most: int) -> Fits:
    """Whether a value is a whole number within these bounds."""
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def list_of(fits: Fits) -> Fits:
    """Whether a value is a list, each entry of which fits."""
    return lambda value: isinstance(value, list) and all(map(fits, value))


def tuple_of(fits: Fits, count: int | None = None) -> Fits:
    """Whether a value is a tuple, of so many, each of which fits."""
    return lambda value: isinstance(value, tuple) and (count is None or len(value) == count) and all(map(fits, value))


def rising(fits: Fits, count: int | None = None) -> Fits:
    """As :func:`tuple_of`, none smaller than the one before."""
    return lambda value: tuple_of(fits, count)(value) and tuple(sorted(value)) == value


def flag(value: Any) -> bool:
    """Whether a value is True or False."""
    return isinstance(value, bool)


def text(value: Any) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def texts_by_text(value: Any) -> bool:
    """Whether a value is a table of texts."""
    return isinstance(value, dict) and all(text(each) for pair in value.items() for each in pair)


def one_of(*values: Any) -> Fits:
    """Whether a value is one of these."""
    return lambda value: type(value) is type(values[0]) and value in values


def is_sound(value: Any) -> bool:
    """Whether a nested document says of itself that it makes sense."""
    return value.fault() is None


def unfit(instance: Any) -> str | None:
    """The name of the first field that is beyond its bounds; None where all fit."""
    fitting = ((each.name, each.metadata.get("fits")) for each in fields(instance))
    return next((name for name, fits in fitting if fits is not None and not fits(getattr(instance, name))), None)


def read_settings(kind: type[Settings], data: Any, name: str) -> Settings:
    """Settings of a document; what it lacks, as those of an earlier version, has its default.

    Args:
        kind: a dataclass whose fields are :func:`bounded`.
        name: of the settings in the plan, for errors.

    Raises:
        InputError: it is none, has a setting that is unknown, or a value that is beyond its bounds.
    """
    if not isinstance(data, Mapping):
        raise InputError(f'The training plan is damaged: its "{name}" makes no sense', REMEDY)
    unknown = sorted(data.keys() - {each.name for each in fields(kind)})
    if unknown:
        raise InputError(
            f'The training plan is damaged: its "{name}" has the setting "{unknown[0]}", which is unknown here',
            f"{REMEDY}, or update DualTaskSeg",
        )
    settings = kind(**data)
    setting = unfit(settings)
    if setting is not None:
        raise InputError(f'The training plan is damaged: the "{setting}" of its "{name}" makes no sense', REMEDY)
    return settings
