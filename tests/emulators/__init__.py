"""Chat platforms played over real HTTP on this machine, each with people who type and press."""
