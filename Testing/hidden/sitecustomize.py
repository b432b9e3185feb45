"""Read by Python at the start of each child of the tests, see ``Testing/conftest.py``."""

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

PRESETS = "dualtaskseg.contract.presets"


class Narrowing:
    """Finds the module of the presets, and makes them narrow once it is loaded."""

    @classmethod
    def find_spec(cls, name: str, path: object, target: object = None) -> "ModuleSpec | None":
        if name != PRESETS:
            return None
        sys.meta_path.remove(cls)
        spec = PathFinder.find_spec(name, path)
        load = spec.loader.exec_module

        def exec_module(module: object) -> None:
            load(module)
            import narrow  # noqa: F401

        spec.loader.exec_module = exec_module
        return spec


if os.environ.get("NARROW_NETWORKS"):
    sys.meta_path.insert(0, Narrowing)
