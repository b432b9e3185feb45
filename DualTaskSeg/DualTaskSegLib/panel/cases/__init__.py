"""The section Cases."""
