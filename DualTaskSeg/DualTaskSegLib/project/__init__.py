"""The project on disk: its cases, segments, predictions and models. No Qt, no Slicer."""
