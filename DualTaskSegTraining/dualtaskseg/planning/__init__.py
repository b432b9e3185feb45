"""What a training will do, decided before it begins."""
