"""The section Models."""
