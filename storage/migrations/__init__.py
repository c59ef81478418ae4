"""The history of the schema, oldest first; `storage.migrate` applies it."""
