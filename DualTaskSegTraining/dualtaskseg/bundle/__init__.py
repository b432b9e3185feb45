"""A model as a MONAI Bundle, which runs without this package."""
