"""What the company promises its customers; knows no channel."""
