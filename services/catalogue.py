"""What can be booked, what it costs, how long it takes; what may not be sold, and why not."""

from __future__ import annotations

from typing import assert_never

from services.desk import Desk
from services.errors import DomainError
from services.messages import Named
from services.rules.pricing import PriceMode
from services.rules.pricing import estimate as price
from storage import catalogue as store
from storage.records import Item, Trade

SOLD = frozenset({"covered", "approved"})
"""Risks under which an item may be booked (§3 note); everything else needs a decision first."""

CATEGORIES = (
    "cleaning",
    "appliance",
    "care",
    "pest",
    "green",
    "plumbing",
    "electric",
    "door",
    "install",
    "gas",
    "agency",
)
OTHER = "other"
"""Where items of a category of the centre's own are listed."""

_REPAIR = frozenset({"plumbing", "electric", "door", "install"})
_COUNTED = frozenset({"piece", "unit", "set", "point", "room", "seat"})
_MEASURED = frozenset({"m²", "m2", "metre"})
MOST = 999


class UnderReview(DomainError):
    """The item waits for the business department's risk assessment (§3 note): nobody books it."""

    key = "no-under-review"


class Referred(DomainError):
    """We do not do this work; says whom to ask."""

    key = "no-referred"


class NotOffered(DomainError):
    """The item is not in the centre's catalogue (any more)."""

    key = "no-not-offered"


def listed(desk: Desk, centre_id: int) -> list[Item]:
    """All the centre shows, those that may not be booked last."""
    return sorted(store.active(desk.connection, centre_id), key=lambda item: not is_bookable(item))


def bookable(desk: Desk, centre_id: int) -> list[Item]:
    """What anybody may book in the centre."""
    return [item for item in store.active(desk.connection, centre_id) if is_bookable(item)]


def is_bookable(item: Item) -> bool:
    """Whether the item may be sold (§3 note)."""
    return item.active and item.risk in SOLD


def item_of(desk: Desk, centre_id: int, item_id: int) -> Item:
    """The centre's item.

    Raises:
        NotOffered: the centre has no such item.
    """
    item = store.get(desk.connection, item_id)
    if item is None or item.centre_id != centre_id or not item.active:
        raise NotOffered
    return item


def find_item(desk: Desk, centre_id: int, code: str) -> Item:
    """The centre's bookable item with this code.

    Raises:
        NotOffered, UnderReview, Referred: it cannot be booked.
    """
    item = store.by_code(desk.connection, centre_id, code.strip().upper())
    if item is None or not item.active:
        raise NotOffered
    return require_bookable(item)


def require_bookable(item: Item) -> Item:
    """The item again, if it may be sold: the gate every booking passes, whoever makes it.

    Raises:
        NotOffered, UnderReview, Referred: it may not.
    """
    if not item.active:
        raise NotOffered
    if item.risk == "refer":
        raise Referred(item=title(item))
    if not is_bookable(item):
        raise UnderReview(item=title(item))
    return item


def title(item: Item) -> Named:
    """The item's name in both languages."""
    return Named(item.name_zh, item.name_en)


def category(item: Item) -> str:
    """Under which of our headings the item is listed."""
    return item.category if item.category in CATEGORIES else OTHER


def trade(item: Item) -> Trade:
    """Which book the job belongs to (§4, §5.1.1 B)."""
    if item.content_class == "other":
        return Trade.OTHER
    return Trade.REPAIR if item.category in _REPAIR else Trade.HOUSEKEEPING


def is_measured(item: Item) -> bool:
    """Whether the quantity is only known on site (an area, a length) unless somebody names it."""
    return item.unit in _MEASURED


def usual_quantity(item: Item) -> int | None:
    """The quantity where nobody named one; None where it is measured on site.

    Hourly items count hours: the usual length of the job, in whole hours.
    """
    if is_measured(item):
        return None
    return -(-item.minutes // 60) if item.price_mode == PriceMode.HOURLY else 1


def estimate(item: Item, quantity: int | None = None) -> int | None:
    """The price in fen told before the work; None where it is settled on site (§5.2.3).

    `quantity` is hours for hourly items, else units; None is the usual quantity.
    """
    count = quantity or usual_quantity(item)
    if count is None:
        return None
    mode = PriceMode(item.price_mode)
    match mode:
        case PriceMode.HOURLY:
            return price(mode, item.price_fen, 1, count * 60)
        case PriceMode.FIXED | PriceMode.QUOTE:
            return price(mode, item.price_fen, count, item.minutes)
    assert_never(mode)


def duration(item: Item, quantity: int | None = None) -> int:
    """Minutes the job takes: things counted one by one take their time each."""
    count = quantity or usual_quantity(item) or 1
    if item.price_mode == PriceMode.HOURLY:
        return max(item.minutes, 60) if quantity is None else count * 60
    return item.minutes * count if item.unit in _COUNTED else item.minutes
