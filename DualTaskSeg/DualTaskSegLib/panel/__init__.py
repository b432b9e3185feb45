"""The panel: what its sections share; each section has a folder of its own."""
