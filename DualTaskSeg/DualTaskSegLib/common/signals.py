"""Signals between the parts of the panel, in plain Python: parts that use them can be tested without Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Signal:
    """A list of functions that are called when something happened."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []

    def connect(self, function: Callable[..., Any]) -> None:
        """Adds a function; one that is there already is not called twice."""
        if function not in self._functions:
            self._functions.append(function)

    def disconnect(self, function: Callable[..., Any]) -> None:
        """Removes a function; without effect if it isn't there."""
        if function in self._functions:
            self._functions.remove(function)

    def emit(self, *arguments: Any) -> None:
        """Calls all functions in the order in which they were connected."""
        for function in tuple(self._functions):
            function(*arguments)
