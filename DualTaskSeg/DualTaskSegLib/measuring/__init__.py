"""Numbers that people report of segmentations, and what a later one changed."""
