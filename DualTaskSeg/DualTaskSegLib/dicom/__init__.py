"""DICOM-SEG export of a segmentation, and what stands against it."""
