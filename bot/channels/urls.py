"""What a setting that is an address must look like, on every channel."""

from __future__ import annotations

from urllib.parse import urlsplit

ANY_HTTP = ("https", "http")


def demand_address(address: str, schemes: tuple[str, ...] = ANY_HTTP) -> None:
    """Raises ValueError: it is no address of one of these schemes."""
    parts = urlsplit(address)
    if parts.scheme not in schemes or not parts.netloc:
        raise ValueError(f"an address is needed that starts with {' or '.join(schemes)}://")
