"""Dual-task mutual learning: a segmentation network of your own from a few outlined scans.

Importing the package is cheap: torch is imported only by the modules that compute
(:mod:`dualtaskseg.method`, :mod:`dualtaskseg.training.trainer`, :mod:`dualtaskseg.inference.predictor`).
"""

from dualtaskseg.version import VERSION as __version__  # noqa: N811

__all__ = ["__version__"]
