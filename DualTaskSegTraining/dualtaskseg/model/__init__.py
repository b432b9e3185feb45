"""The model folder: what a training leaves behind, and what people mail to each other."""
