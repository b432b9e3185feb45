"""The run folder: what a training was asked for, where it stands, who works on it."""
