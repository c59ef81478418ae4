"""The tests mirror the source; what they share is imported from `tests.<place>`."""
