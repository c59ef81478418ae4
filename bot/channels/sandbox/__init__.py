"""The sandbox: a page on this machine that plays the chat platform, several phones and a clock."""
