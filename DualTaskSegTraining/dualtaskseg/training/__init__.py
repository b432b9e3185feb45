"""The run folder and the trainer."""
