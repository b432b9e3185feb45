"""Voxels: geometry, files, masks and surfaces; beside the scene."""
