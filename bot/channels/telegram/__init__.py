"""Telegram: the channel over the Bot API; nothing outside this folder imports its library."""
