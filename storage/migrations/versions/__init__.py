"""One file a step. Each says in plain SQLAlchemy what it changes, and never changes itself."""
