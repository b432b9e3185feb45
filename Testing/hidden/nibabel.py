"""Not for the tests' children, see ``Testing/conftest.py``."""

raise ModuleNotFoundError(f"{__name__} is not there, as in Slicer", name=__name__)
