"""Files of scans and labels: formats, headers, DICOM series."""
