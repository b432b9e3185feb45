"""A training that several processes, its ranks, take steps of together, each on a device of its own."""
