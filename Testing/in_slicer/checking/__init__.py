"""The parts of the check that is run in a Slicer."""
