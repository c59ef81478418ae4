"""Side by side with peers: each benchmark prints a ratio from one run, and what it was made of."""
