"""``slicer.app.coreIOManager()``: reading and writing nodes with MRML's own storage nodes."""

from __future__ import annotations

from pathlib import Path

import slicer
import vtk

# By the first node class that fits: the file type's name, and the extensions offered first.
_TYPES = {
    "vtkMRMLSegmentationNode": "SegmentationFile",
    "vtkMRMLVolumeNode": "VolumeFile",
    "vtkMRMLModelNode": "ModelFile",
    "vtkMRMLTableNode": "TableFile",
    "vtkMRMLTextNode": "TextFile",
    "vtkMRMLTransformNode": "TransformFile",
    "vtkMRMLColorTableNode": "ColorTableFile",
    "vtkMRMLMarkupsNode": "MarkupsFile",
}
_NEW_NODE = {
    "SegmentationFile": "vtkMRMLSegmentationNode",
    "ModelFile": "vtkMRMLModelNode",
    "TableFile": "vtkMRMLTableNode",
    "TextFile": "vtkMRMLTextNode",
    "TransformFile": "vtkMRMLTransformNode",
    "ColorTableFile": "vtkMRMLColorTableNode",
}
_EXTENSIONS = {
    ".seg.nrrd": "SegmentationFile",
    ".seg.nhdr": "SegmentationFile",
    ".nii.gz": "VolumeFile",
    ".nii": "VolumeFile",
    ".nrrd": "VolumeFile",
    ".nhdr": "VolumeFile",
    ".mha": "VolumeFile",
    ".mhd": "VolumeFile",
    ".dcm": "VolumeFile",
    ".vtk": "ModelFile",
    ".vtp": "ModelFile",
    ".stl": "ModelFile",
    ".obj": "ModelFile",
    ".csv": "TableFile",
    ".tsv": "TableFile",
    ".txt": "TextFile",
    ".h5": "TransformFile",
    ".tfm": "TransformFile",
    ".ctbl": "ColorTableFile",
    ".mrml": "SceneFile",
    ".mrb": "SceneFile",
}
_ARCHETYPE_OPTIONS = {
    "labelmap": 1,
    "center": 2,
    "singleFile": 4,
    "autoWindowLevel": 8,
    "discardOrientation": 16,
}


class qSlicerCoreIOManager:
    def fileType(self, fileName: str) -> str:
        name = Path(fileName).name.lower()
        for extension, kind in _EXTENSIONS.items():
            if name.endswith(extension):
                return kind
        raise NotImplementedError(f"The test stand knows no reader for {fileName}.")

    def fileWriterFileType(self, node) -> str:
        for cls, kind in _TYPES.items():
            if node.IsA(cls):
                return kind
        raise NotImplementedError(f"The test stand knows no writer for a {node.GetClassName()}.")

    def fileWriterExtensions(self, node) -> tuple[str, ...]:
        storage = node.CreateDefaultStorageNode()
        storage.UnRegister(None)
        types = storage.GetSupportedWriteFileTypes()
        return tuple(types.GetValue(index) for index in range(types.GetNumberOfValues()))

    def extractKnownExtension(self, fileName: str, node) -> str:
        extensions = (vtkFormat.split("(*")[-1].rstrip(")") for vtkFormat in self.fileWriterExtensions(node))
        known = [extension for extension in extensions if fileName.lower().endswith(extension)]
        return max(known, key=len, default="")

    # Reading

    def loadNodes(self, fileType: str, properties: dict, loadedNodes=None, userMessages=None) -> bool:
        if fileType == "SceneFile":
            return self._loadScene(properties)
        node = self._loadVolume(properties) if fileType == "VolumeFile" else self._loadOther(fileType, properties)
        if node is None:
            if userMessages is not None:
                userMessages.AddMessage(vtk.vtkCommand.ErrorEvent, f"{properties['fileName']} could not be read")
            return False
        if loadedNodes is not None:
            loadedNodes.AddItem(node)
        return True

    def _loadVolume(self, properties: dict):
        name = properties.get("name") or Path(properties["fileName"]).name.split(".")[0]
        options = sum(bit for key, bit in _ARCHETYPE_OPTIONS.items() if properties.get(key, key == "autoWindowLevel"))
        files = None
        if properties.get("fileNames"):
            files = vtk.vtkStringArray()
            for fileName in properties["fileNames"]:
                files.InsertNextValue(str(fileName))
        node = slicer.modules.volumes.logic().AddArchetypeVolume(properties["fileName"], name, options, files)
        if node is None:
            return None
        if properties.get("colorNodeID"):
            node.GetDisplayNode().SetAndObserveColorNodeID(properties["colorNodeID"])
        if properties.get("show", True):
            slicer.util.setSliceViewerLayers(
                **{"label" if properties.get("labelmap") else "background": node}, fit=True
            )
        return node

    def _loadOther(self, fileType: str, properties: dict):
        if fileType not in _NEW_NODE:
            raise NotImplementedError(f"The test stand can't read files of type {fileType}.")
        path = properties["fileName"]
        name = properties.get("name") or Path(path).name.split(".")[0]
        node = slicer.mrmlScene.AddNewNodeByClass(_NEW_NODE[fileType], slicer.mrmlScene.GenerateUniqueName(name))
        node.AddDefaultStorageNode(path)
        storage = node.GetStorageNode()
        storage.SetFileName(path)
        if not storage.ReadData(node):
            slicer.mrmlScene.RemoveNode(node)
            return None
        if hasattr(node, "CreateDefaultDisplayNodes"):
            node.CreateDefaultDisplayNodes()
        return node

    def _loadScene(self, properties: dict) -> bool:
        path = properties["fileName"]
        clear = bool(properties.get("clear", False))
        if path.lower().endswith(".mrb"):
            return bool(slicer.mrmlScene.ReadFromMRB(path, clear))
        slicer.mrmlScene.SetURL(path)
        return bool(slicer.mrmlScene.Connect() if clear else slicer.mrmlScene.Import())

    # Writing

    def saveNodes(self, fileType: str, properties: dict, userMessages=None) -> bool:
        path = str(properties["fileName"])
        if fileType == "SceneFile":
            return self._saveScene(path)
        node = slicer.mrmlScene.GetNodeByID(properties["nodeID"])
        storage = node.GetStorageNode()
        if storage is None:
            node.AddDefaultStorageNode(path)
            storage = node.GetStorageNode()
        storage.SetFileName(path)
        if "useCompression" in properties:
            storage.SetUseCompression(int(properties["useCompression"]))
        return bool(storage.WriteData(node))

    def _saveScene(self, path: str) -> bool:
        if path.lower().endswith(".mrb"):
            return bool(slicer.mrmlScene.WriteToMRB(path, None))
        if path.lower().endswith(".mrml"):
            slicer.mrmlScene.SetURL(path)
            return bool(slicer.mrmlScene.Commit())
        raise NotImplementedError("The test stand saves a scene as .mrb or .mrml only.")

    def exportNodes(self, nodeIDs, fileNames, properties, hardenTransform, userMessages=None) -> bool:
        """Write copies, so that the nodes keep their own storage node."""
        for nodeID, fileName in zip(nodeIDs, fileNames, strict=True):
            node = slicer.mrmlScene.GetNodeByID(nodeID)
            copy = slicer.mrmlScene.AddNode(slicer.mrmlScene.CreateNodeByClass(node.GetClassName()))
            copy.UnRegister(None)
            copy.Copy(node)
            copy.SetAndObserveStorageNodeID(None)
            try:
                if hardenTransform:
                    copy.HardenTransform()
                if not self.saveNodes("", {"nodeID": copy.GetID(), "fileName": fileName}, userMessages):
                    return False
            finally:
                storage = copy.GetStorageNode()
                slicer.mrmlScene.RemoveNode(copy)
                if storage is not None:
                    slicer.mrmlScene.RemoveNode(storage)
        return True
