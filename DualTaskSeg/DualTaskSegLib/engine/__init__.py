"""What computes outside the main thread: child processes, trainings, and work in steps and threads."""
