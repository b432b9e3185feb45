"""Parts of the module DualTaskSeg, one file for each job."""
