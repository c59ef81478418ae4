"""The company's rules as pure functions on plain values: no clock, no database, no channel."""
