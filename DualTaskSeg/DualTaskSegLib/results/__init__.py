"""Results of models in the scene, from segmenting a scan to accepting what was corrected."""
