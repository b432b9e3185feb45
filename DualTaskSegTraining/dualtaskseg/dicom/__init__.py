"""DICOM objects that are written, and labels that come as DICOM."""
