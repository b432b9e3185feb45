"""What the training package and the Slicer module exchange: light, without torch."""
