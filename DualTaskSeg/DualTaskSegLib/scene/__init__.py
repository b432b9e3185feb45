"""Nodes of the scene that belong to cases: scans, labels, parameters."""
