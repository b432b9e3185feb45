"""The scene side of DualTaskSeg without a window: scans, outlines and parameters are kept exactly."""

import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import slicer
import vtk

BOX = (slice(3, 8), slice(4, 10), slice(2, 9))


def obliqueMatrix():
    """A grid that is turned, anisotropic and not at the origin."""
    transform = vtk.vtkTransform()
    transform.Translate(-31.5, 12.25, 107.0)
    transform.RotateZ(20)
    transform.RotateX(10)
    transform.Scale(-0.8, -0.9, 2.5)
    return transform.GetMatrix()


def addVolume(name="Scan"):
    voxels = np.random.default_rng(0).normal(100, 20, (12, 16, 14)).astype(np.int16)
    volume = slicer.util.addVolumeFromArray(voxels, name=name)
    volume.SetIJKToRASMatrix(obliqueMatrix())
    return volume


def addOutline(volume, name="Liver"):
    """A segmentation with a box in one segment."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentId = node.GetSegmentation().AddEmptySegment("Segment_1", name, (0.9, 0.6, 0.0))
    mask = np.zeros(slicer.util.arrayFromVolume(volume).shape, np.uint8)
    mask[BOX] = 1
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, node, segmentId, volume)
    return node, mask


class DualTaskSegSceneTest(unittest.TestCase):
    def setUp(self):
        slicer.mrmlScene.Clear()
        self.folder = tempfile.TemporaryDirectory(prefix="DualTaskSeg ß ")
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def test_volume_is_written_exactly(self):
        from DualTaskSegLib.common.steps import finish
        from DualTaskSegLib.scene import casevolumes

        volume = addVolume()
        file = finish(casevolumes.writeVolumeSteps(volume, self.path / "images" / "scan_001.nrrd"))
        again = slicer.util.loadVolume(str(file))
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(again), slicer.util.arrayFromVolume(volume))
        self.assertGeometry(again, volume)

    def test_outline_becomes_a_label_on_the_grid_of_its_scan(self):
        from dualtaskseg.contract.segment import Segment
        from DualTaskSegLib.common.steps import finish
        from DualTaskSegLib.scene import labelmaps

        volume = addVolume()
        node, mask = addOutline(volume)
        written = finish(
            labelmaps.writeLabelSteps(node, volume, [Segment("Liver", 3, (230, 159, 0))], None, self.path / "a.nrrd")
        )
        label = slicer.util.loadLabelVolume(str(written.path))
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(label), 3 * mask)
        self.assertGeometry(label, volume)
        self.assertEqual(written.voxels, {"Liver": int(mask.sum())})

    def test_left_handed_file_lies_where_slicer_puts_it(self):
        """Slicer reverses the slices of such a file, as many NIfTI files are; what the module reads lies beside it."""
        from DualTaskSegLib.common.steps import finish
        from DualTaskSegLib.image.geometry import arrayOf
        from DualTaskSegLib.image.volumefiles import readSteps, voxelsOf, writeSteps

        voxels = np.random.default_rng(0).normal(100, 20, (12, 16, 14)).astype(np.int16)
        leftHanded = arrayOf(obliqueMatrix()) @ np.diag([1.0, -1.0, 1.0, 1.0])
        file = finish(writeSteps(self.path / "scan.nrrd", voxels, leftHanded))
        volume = slicer.util.loadVolume(str(file))
        image, geometry = finish(readSteps(file))
        np.testing.assert_array_equal(voxelsOf(image), slicer.util.arrayFromVolume(volume))
        matrix = vtk.vtkMatrix4x4()
        volume.GetIJKToRASMatrix(matrix)
        np.testing.assert_allclose(geometry.ijkToRAS, slicer.util.arrayFromVTKMatrix(matrix), atol=1e-6)
        self.assertGreater(matrix.Determinant(), 0)

    def test_outline_under_a_transform(self):
        """A segmentation that is moved against its scan is written where it is seen."""
        from dualtaskseg.contract.segment import Segment
        from DualTaskSegLib.common.steps import finish
        from DualTaskSegLib.scene import labelmaps

        volume = addVolume()
        node, mask = addOutline(volume)
        transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        matrix = vtk.vtkMatrix4x4()
        volume.GetIJKToRASMatrix(matrix)
        for axis in range(3):  # by one voxel along the first axis of the grid
            matrix.SetElement(axis, 3, matrix.GetElement(axis, 0))
            for other in range(3):
                matrix.SetElement(axis, other, float(axis == other))
        transform.SetMatrixTransformToParent(matrix)
        node.SetAndObserveTransformNodeID(transform.GetID())
        written = finish(
            labelmaps.writeLabelSteps(node, volume, [Segment("Liver", 1, (230, 159, 0))], None, self.path / "a.nrrd")
        )
        label = slicer.util.loadLabelVolume(str(written.path))
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(label), np.roll(mask, 1, axis=2))
        self.assertTrue(written.remarks)

    def test_parameters_are_saved_with_the_scene(self):
        import DualTaskSeg

        volume = addVolume()
        node = DualTaskSeg.DualTaskSegLogic().getParameterNode()
        node.inputVolume = volume
        node.distanceBand = 7.5
        node.showContours = True
        scene = self.path / "scene.mrb"
        slicer.util.saveScene(str(scene))
        slicer.mrmlScene.Clear()
        slicer.util.loadScene(str(scene))
        again = DualTaskSeg.DualTaskSegLogic().getParameterNode()
        self.assertEqual(again.inputVolume.GetName(), "Scan")
        self.assertAlmostEqual(again.distanceBand, 7.5)
        self.assertTrue(again.showContours)

    def test_project_is_a_dataset(self):
        from dualtaskseg.data.layouts import load_dataset
        from DualTaskSegLib.project.project import Project

        project = Project.create(self.path / "project")
        project.addCase(self.path / "a.nii.gz")
        project.save()
        self.assertEqual([case.name for case in load_dataset(self.path / "project").unlabeled], ["a"])

    def test_nothing_heavy_is_imported(self):

        self.assertNotIn("torch", sys.modules)

    def assertGeometry(self, node, expected):
        matrices = []
        for each in (node, expected):
            matrix = vtk.vtkMatrix4x4()
            each.GetIJKToRASMatrix(matrix)
            matrices.append(slicer.util.arrayFromVTKMatrix(matrix))
        np.testing.assert_allclose(matrices[0], matrices[1], atol=1e-6)


if __name__ == "__main__":
    unittest.main()
