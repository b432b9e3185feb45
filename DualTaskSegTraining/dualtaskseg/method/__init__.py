"""The method: plan, networks, losses, augmentation and the mutual-learning step."""
