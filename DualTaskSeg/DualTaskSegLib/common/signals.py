"""Signals between the parts of the panel, in plain Python: parts that use them can be tested without Qt."""

from __future__ import annotations

from collections.abc import Callable


class Signal:
    """A list of functions that are called when something happened."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., object]] = []

    def connect(self, function: Callable[..., object]) -> None:
        """Adds a function; one that is there already is not called twice."""
        if function not in self._functions:
            self._functions.append(function)

    def disconnect(self, function: Callable[..., object]) -> None:
        """Removes a function; without effect if it isn't there."""
        if function in self._functions:
            self._functions.remove(function)

    def emit(self, *arguments: object) -> None:
        """Calls all functions in the order in which they were connected."""
        for function in tuple(self._functions):
            function(*arguments)
