"""How long, and with how many messages, 微信客服 lets us answer a customer."""

from __future__ import annotations

from datetime import timedelta

OPEN_FOR = timedelta(hours=48)
"""So long after a customer's message."""

MESSAGES = 5
"""So many until the customer writes again."""
