"""Prediction, uncertainty, ranking of unlabeled cases."""
