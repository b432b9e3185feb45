"""Scans on the grid of a plan, ready to be learned from."""
