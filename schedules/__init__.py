"""When things happen, never what: the timetable and the sweep."""
