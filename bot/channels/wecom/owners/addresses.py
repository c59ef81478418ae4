"""The address of a chat in 微信客服: the customer, and the account they write to."""

from __future__ import annotations


def address_of(customer: str, account: str) -> str:
    """A customer's chat with an account."""
    return f"{customer}@{account}"


def party(address: str) -> tuple[str, str]:
    """The customer and the account of a chat."""
    customer, _, account = address.rpartition("@")
    return customer, account
