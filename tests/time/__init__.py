"""Time itself: clock changes, leap days, clocks that are set, machines that sleep and restart."""
