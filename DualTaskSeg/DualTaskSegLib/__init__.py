"""The parts of the module DualTaskSeg, one file, one job. Importing any of them makes ``dualtaskseg`` importable."""

from DualTaskSegLib.engine.interpreter import ensureImportable

ensureImportable()
