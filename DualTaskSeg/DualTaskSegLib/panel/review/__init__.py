"""The section Review."""
