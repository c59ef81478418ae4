"""What a job will cost, and amounts and quantities as people type them; money is whole fen."""

import re
import unicodedata
from enum import StrEnum

from services.rules.numerals import with_digits

_MONEY = re.compile(
    r"(?:¥|rmb|cny)?\s*([0-9]{1,7}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{1,2}))?"
    r"\s*(?:元|块钱?|yuan|rmb|cny)?"
)
_QUANTITY = re.compile(r"([0-9]{1,4})\s*[^\W\d]{0,8}2?")
_HALF_HOUR = 30


class PriceMode(StrEnum):
    """How an item of the catalogue is priced (§3.12)."""

    FIXED = "fixed"
    HOURLY = "hourly"
    QUOTE = "quote"


def estimate(
    mode: PriceMode, unit_price_fen: int | None, quantity: int, minutes: int
) -> int | None:
    """The amount in fen told before the work (§5.2.3), or None where only a quote can say.

    Fixed is unit price × quantity. Hourly is the price of the time for each of ``quantity``
    workers: one hour at least, then started half-hours, an odd half fen rounded up. An item
    without a unit price is quoted, whatever its mode.
    """
    if mode is PriceMode.QUOTE or unit_price_fen is None:
        return None
    if mode is PriceMode.FIXED:
        return unit_price_fen * quantity
    half_hours = max(2, -(-minutes // _HALF_HOUR))
    return (unit_price_fen * quantity * half_hours + 1) // 2


def parse_money(text: str) -> int:
    """Read ``40``, ``40.5元``, ``¥1,200`` as fen. Raises ValueError for anything else."""
    found = _MONEY.fullmatch(_plain(text))
    if found is None:
        raise ValueError(f"not an amount of money: {text!r}")
    yuan, fen = found[1].replace(",", ""), (found[2] or "").ljust(2, "0")
    return int(yuan) * 100 + int(fen)


def parse_quantity(text: str) -> int:
    """Read ``3``, ``3台``, ``两个`` as a whole number of 1-9999. Raises ValueError otherwise."""
    found = _QUANTITY.fullmatch(with_digits(_plain(text)))
    if found is None or int(found[1]) == 0:
        raise ValueError(f"not a whole number of one or more: {text!r}")
    return int(found[1])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
