"""The only SQL: tables, records, and queries by subject."""
