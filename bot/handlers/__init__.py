"""One file per conversation; each handler asks, decides and says, and knows no channel."""
