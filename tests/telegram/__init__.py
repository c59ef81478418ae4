"""The Telegram channel over HTTP, and the emulator proven by a client that is not ours."""
