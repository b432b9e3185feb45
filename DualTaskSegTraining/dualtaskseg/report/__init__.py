"""The report on a training, one HTML page."""
