"""Which calls Slicer 5.10 and 5.12 accept: their signatures, from ``signatures_5.10.txt`` and ``signatures_5.12.txt``.

The stand's own functions are compared with them by a test. ``slicer.util``, which is the wheel's and so of another
version, is guarded: a function is there if the version that the stand stands for has it, and a call is refused that one
of the versions which have the function refuses.
"""

from __future__ import annotations

import ast
import functools
import inspect
import types
from collections.abc import Callable
from pathlib import Path

from . import versions

_KINDS = inspect.Parameter


@functools.cache
def table(version: str) -> dict[str, tuple[inspect.Signature, ...]]:
    """All signatures of a version by their full name; several where a method of C++ is overloaded."""
    found: dict[str, list[inspect.Signature]] = {}
    for line in lines(f"signatures_{version}.txt"):
        name, bracket, parameters = line.partition("(")
        if bracket:
            signature = parse(parameters.removesuffix(")"))
            found.setdefault(name, []).append(_withoutKeywords(signature) if name.startswith("ctk.") else signature)
    return {name: tuple(signatures) for name, signatures in found.items()}


def _withoutKeywords(signature: inspect.Signature) -> inspect.Signature:
    """As PythonQt calls methods of C++."""
    found = [each.replace(kind=_KINDS.POSITIONAL_ONLY) for each in signature.parameters.values()]
    return signature.replace(parameters=found)


@functools.cache
def names(version: str, owner: str) -> frozenset[str]:
    """Names of the functions and classes directly in a module, or of the methods of a class."""
    entries = (line.partition("(")[0] for line in lines(f"signatures_{version}.txt"))
    direct = (entry.removeprefix(owner + ".") for entry in entries if entry.startswith(owner + "."))
    return frozenset(entry for entry in direct if "." not in entry)


def lines(file: str) -> list[str]:
    """The lines of a list in this folder, without its comments."""
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def parse(parameters: str) -> inspect.Signature:
    """``"a, b=1, *, c=None"`` as a signature; defaults stay texts."""
    arguments = ast.parse(f"def f({parameters}): pass").body[0].args
    found = []
    positional = [(each, _KINDS.POSITIONAL_ONLY) for each in arguments.posonlyargs]
    positional += [(each, _KINDS.POSITIONAL_OR_KEYWORD) for each in arguments.args]
    without = len(positional) - len(arguments.defaults)
    for index, (each, kind) in enumerate(positional):
        default = ast.unparse(arguments.defaults[index - without]) if index >= without else _KINDS.empty
        found.append(inspect.Parameter(each.arg, kind, default=default))
    if arguments.vararg:
        found.append(inspect.Parameter(arguments.vararg.arg, _KINDS.VAR_POSITIONAL))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        default = ast.unparse(default) if default is not None else _KINDS.empty
        found.append(inspect.Parameter(each.arg, _KINDS.KEYWORD_ONLY, default=default))
    if arguments.kwarg:
        found.append(inspect.Parameter(arguments.kwarg.arg, _KINDS.VAR_KEYWORD))
    return inspect.Signature(found)


def refusal(name: str, positional: int, keywords: list[str]) -> str:
    """Why a version refuses a call with so many positional arguments and these keywords; empty where all accept it."""
    values = [None] * positional, dict.fromkeys(keywords)
    reasons = {}
    for version in versions.ALL:
        signatures = table(version).get(name, ())
        for signature in signatures:
            try:
                signature.bind(*values[0], **values[1])
                break
            except TypeError as error:
                reasons[version] = f"Slicer {version}: {name}{signature}: {error}"
        else:
            if signatures:
                return reasons[version]
    return ""


def guarded(name: str, function: Callable) -> Callable:
    """The function, with calls that a version refuses raising TypeError."""

    @functools.wraps(function)
    def call(*args, **keywords):
        reason = refusal(name, len(args), list(keywords))
        if reason:
            raise TypeError(reason)
        return function(*args, **keywords)

    call.guards = function
    return call


class GuardedModule(types.ModuleType):
    """A module whose public functions are those of the version, guarded; what it uses of itself is not."""

    def __getattribute__(self, attribute: str):
        value = super().__getattribute__(attribute)
        if attribute.startswith("_"):
            return value
        owner = super().__getattribute__("__name__")
        if attribute in names(versions.current, owner):
            return guarded(f"{owner}.{attribute}", value) if isinstance(value, types.FunctionType) else value
        isOthers = any(attribute in names(version, owner) for version in versions.ALL)
        if isOthers or getattr(value, "__module__", None) == owner:
            raise AttributeError(f"module {owner!r} of Slicer {versions.current} has no attribute {attribute!r}")
        return value  # what the module imported

    def __setattr__(self, attribute: str, value) -> None:
        super().__setattr__(attribute, getattr(value, "guards", value))
