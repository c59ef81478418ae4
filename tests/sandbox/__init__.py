"""The sandbox: its port over real HTTP, and its page in a real browser."""
