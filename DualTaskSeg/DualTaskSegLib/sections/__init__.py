"""The sections of the panel, from top to bottom: Cases, Train, Models, Apply, Review, Export."""
