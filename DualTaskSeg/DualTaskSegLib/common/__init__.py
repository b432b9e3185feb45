"""What needs neither Qt nor Slicer and belongs to no other room."""
