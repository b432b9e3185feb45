"""The module SampleData as far as others register their samples with it. Nothing is downloaded."""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from pathlib import Path

import slicer


@dataclass
class SampleDataSource:
    """A sample: in Slicer the lists belong together item by item, and have the same length."""

    sampleName: str
    uris: list
    fileNames: list
    nodeNames: list
    customDownloader: object = None
    thumbnailFileName: str | None = None
    loadFileType: object = "VolumeFile"
    loadFiles: object = None
    checksums: object = None
    loadFileProperties: dict = field(default_factory=dict)

    def __post_init__(self):
        if isinstance(self.uris, str):
            self.uris, self.fileNames, self.nodeNames = [self.uris], [self.fileNames], [self.nodeNames]
        if not isinstance(self.uris, (list, tuple)) or not len(self.uris) == len(self.fileNames) == len(self.nodeNames):
            raise ValueError(f"{self.sampleName}: uris, fileNames and nodeNames are lists of the same length.")
        if self.thumbnailFileName and not Path(self.thumbnailFileName).is_file():
            raise ValueError(f"{self.sampleName}: there is no thumbnail {self.thumbnailFileName}.")


class SampleDataLogic:
    @staticmethod
    def registerCustomSampleDataSource(
        category="Custom",
        sampleName=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileType="VolumeFile",
        loadFiles=None,
        loadFileProperties=None,
        checksums=None,
    ) -> None:
        source = SampleDataSource(
            sampleName,
            uris,
            fileNames,
            nodeNames,
            customDownloader,
            thumbnailFileName,
            loadFileType,
            loadFiles,
            checksums,
            dict(loadFileProperties or {}),
        )
        registered = slicer.modules.sampleDataSources.setdefault(category, [])
        if source not in registered:
            registered.append(source)

    @staticmethod
    def sampleDataSourcesByCategory(category=None):
        sources = slicer.modules.sampleDataSources
        return sources if category is None else sources.get(category, [])


def click(sampleName: str):
    """What a click on the sample's button in the module SampleData does; returns what its function returns."""
    for sources in slicer.modules.sampleDataSources.values():
        for source in sources:
            if source.sampleName == sampleName:
                if source.customDownloader is None:
                    raise NotImplementedError("The test stand downloads nothing.")
                return source.customDownloader(source)
    raise KeyError(f"There is no sample {sampleName!r}.")


def install() -> None:
    module = types.ModuleType("SampleData")
    module.SampleDataSource, module.SampleDataLogic = SampleDataSource, SampleDataLogic
    sys.modules["SampleData"] = module
