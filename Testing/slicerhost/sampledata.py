"""The module SampleData as far as others register their samples with it. Nothing is downloaded."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import slicer

from . import versions


class SampleDataSource:
    """A sample: the lists belong together item by item, and have the same length."""

    def __init__(
        self,
        sampleName=None,
        sampleDescription=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        checksums=None,
        loadFiles=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFileProperties=None,
        loadFileType=None,
    ):
        if isinstance(uris, str):
            uris, fileNames, nodeNames = [uris], [fileNames], [nodeNames]
        if not isinstance(uris, list | tuple) or not len(uris) == len(fileNames) == len(nodeNames):
            raise ValueError(f"{sampleName}: uris, fileNames and nodeNames are lists of the same length.")
        if thumbnailFileName and not Path(thumbnailFileName).is_file():
            raise ValueError(f"{sampleName}: there is no thumbnail {thumbnailFileName}.")
        if loadFileType is not None and loadFileTypes is not None:
            raise ValueError(f"{sampleName}: loadFileType and loadFileTypes are the same.")
        self.sampleName = sampleName
        self.sampleDescription = sampleName if sampleDescription is None else sampleDescription
        self.uris, self.fileNames, self.nodeNames = uris, fileNames, nodeNames
        self.checksums, self.loadFiles = checksums, loadFiles
        self.customDownloader, self.thumbnailFileName = customDownloader, thumbnailFileName
        self.loadFileTypes = loadFileType if loadFileTypes is None else loadFileTypes
        self.loadFileProperties = dict(loadFileProperties or {})

    __hash__ = None

    def __eq__(self, other):
        """The same sample by its texts: a function is known by where it lies, so a new lambda is another sample."""
        return str(vars(self)) == str(vars(other))


class SampleDataLogic510:
    """``SampleData.SampleDataLogic`` of Slicer 5.10."""

    @staticmethod
    def registerCustomSampleDataSource(
        category="Custom",
        sampleName=None,
        uris=None,
        fileNames=None,
        nodeNames=None,
        customDownloader=None,
        thumbnailFileName=None,
        loadFileTypes=None,
        loadFiles=None,
        loadFileProperties={},  # noqa: B006  as in Slicer
        checksums=None,
        loadFileType=None,
    ):
        source = SampleDataSource(
            sampleName=sampleName,
            uris=uris,
            fileNames=fileNames,
            nodeNames=nodeNames,
            checksums=checksums,
            loadFiles=loadFiles,
            customDownloader=customDownloader,
            thumbnailFileName=thumbnailFileName,
            loadFileTypes=loadFileTypes,
            loadFileProperties=loadFileProperties,
            loadFileType=loadFileType,
        )
        registered = slicer.modules.sampleDataSources.setdefault(category, [])
        if source not in registered:
            registered.append(source)

    @staticmethod
    def sampleDataSourcesByCategory(category=None):
        sources = slicer.modules.sampleDataSources
        return sources if category is None else sources.get(category, [])


class SampleDataLogic512(SampleDataLogic510):
    """``SampleData.SampleDataLogic`` of Slicer 5.12: categories have titles of their own."""

    @staticmethod
    def registerCustomSampleDataCategory(category, title):
        slicer.modules.sampleDataSourceCategories.setdefault(category, {})["title"] = title

    @staticmethod
    def categoryTitle(category):
        return slicer.modules.sampleDataSourceCategories.get(category, {}).get("title", category)


_LOGICS = {"5.10": SampleDataLogic510, "5.12": SampleDataLogic512}


def click(sampleName: str):
    """What a click on the sample's button in the module SampleData does; returns what its function returns."""
    for sources in slicer.modules.sampleDataSources.values():
        for source in sources:
            if source.sampleName == sampleName:
                if source.customDownloader is None:
                    raise NotImplementedError("The test stand downloads nothing.")
                return source.customDownloader(source)
    raise KeyError(f"There is no sample {sampleName!r}.")


def forget() -> None:
    """Forget what was registered."""
    slicer.modules.sampleDataSources.clear()
    slicer.modules.sampleDataSourceCategories.clear()


def install() -> None:
    slicer.modules.sampleDataSources = {}
    slicer.modules.sampleDataSourceCategories = {}
    module = types.ModuleType("SampleData")
    module.SampleDataSource = SampleDataSource
    sys.modules["SampleData"] = module
    versions.follow(lambda version: setattr(module, "SampleDataLogic", _LOGICS[version]))
