"""The packages that the computing needs: which are missing, how they are installed, whether they work."""
