"""One folder per chat platform, each an implementation of the port in `base`."""
