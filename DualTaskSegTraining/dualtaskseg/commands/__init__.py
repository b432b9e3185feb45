"""What each subcommand of the command line does, one module each."""
