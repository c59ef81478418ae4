"""What WeCom calls us with: the server, the seal on each call, and what the letters in them say."""
