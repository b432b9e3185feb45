"""The section Apply."""
