"""Work on many scans, spread over the devices of a computer or a cluster by Ray, which is an optional package."""
