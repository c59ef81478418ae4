"""The catalogue: what a centre sells, at which price, and who can do it."""

from __future__ import annotations

from dataclasses import replace

from services.desk import Desk
from services.imports.intake import How, Placed, Plan, Report, Steps, pairs, take_in
from services.imports.rows import ItemRow
from services.imports.sheet import Sheet
from storage import imports as store
from storage.records import Item


def import_catalogue(desk: Desk, sheet: Sheet, how: How, steps: Steps) -> Report:
    intake = take_in(desk, ItemRow, sheet, how, steps)
    intake.drop_repeats("code", lambda one: (one.centre_id, one.row.code))
    if intake.refused:
        return intake.report()
    items = store.catalogue_of(desk.connection, intake.centre_ids)
    found = pairs(
        intake.rows,
        items,
        lambda one: (one.centre_id, one.row.code),
        lambda item: (item.centre_id, item.code),
    )
    plan: Plan[Item] = Plan()
    for one in intake.rows:
        was = found.get(one.line)
        plan.put(_item(one, was.id if was else 0), was)
    listed = {item.id for item in found.values()}
    gone = [
        replace(item, active=False)
        for item in items
        if how.complete and item.active and item.id not in listed
    ]
    store.change(desk.connection, gone, lambda _count: None)
    plan.write(desk, steps)
    return intake.report(plan, len(gone))


def _item(one: Placed[ItemRow], item_id: int) -> Item:
    row = one.row
    return Item(
        id=item_id,
        centre_id=one.centre_id,
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        category=row.category,
        content_class=row.content_class,
        unit=row.unit,
        price_fen=row.price_cny,
        price_mode=row.price_mode,
        minutes=row.minutes,
        skills=row.skill,
        risk=row.risk,
        noisy=row.is_noisy,
        active=True,
    )
