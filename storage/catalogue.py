"""The centres' catalogues: what is sold, at which price, and whether it may be sold at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from sqlalchemy import Connection, bindparam, select, update

from storage.records import Item
from storage.tables import items
from storage.upsert import insert_new

_FIELDS = [field.name for field in fields(Item) if field.name != "id"]
_BY_ID = select(*items.c).where(items.c.id == bindparam("id"))
_BY_CODE = select(*items.c).where(
    items.c.centre_id == bindparam("centre_id"), items.c.code == bindparam("code")
)
_ACTIVE = (
    select(*items.c)
    .where(items.c.centre_id == bindparam("centre_id"), items.c.active)
    .order_by(items.c.code)
)


def get(connection: Connection, item_id: int) -> Item | None:
    """The item with this key."""
    row = connection.execute(_BY_ID, {"id": item_id}).one_or_none()
    return Item(*row) if row else None


def by_code(connection: Connection, centre_id: int, code: str) -> Item | None:
    """The centre's item with this code (PL01)."""
    row = connection.execute(_BY_CODE, {"centre_id": centre_id, "code": code}).one_or_none()
    return Item(*row) if row else None


def active(connection: Connection, centre_id: int) -> list[Item]:
    """What the centre lists, by code; also what may not be booked."""
    return [Item(*row) for row in connection.execute(_ACTIVE, {"centre_id": centre_id})]


def put(connection: Connection, item: Item) -> None:
    """Add the item (its `id` is ignored), or change the one with its centre and code."""
    values: Mapping[str, object] = {name: getattr(item, name) for name in _FIELDS}
    if not insert_new(connection, items, values):
        same = (items.c.centre_id == item.centre_id, items.c.code == item.code)
        connection.execute(update(items).where(*same).values(values))
