"""云湖花园: an invented centre with rooms, staff and a catalogue, and people for the sandbox."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from bot.channels.sandbox.scene import Phone
from bot.demo.past import live_through, read_wishes
from bot.sheets import read_sheet
from services import residents
from services.desk import Desk
from services.imports import ImportKind, Sheet, import_sheet
from storage import centres, people
from storage import residents as roll
from storage.records import Centre, Relation

FOLDER = Path(__file__).parent
CHANNEL = "sandbox"
CENTRE = "YH"
DEMO_ZONE = "Asia/Shanghai"
LOCALE = "zh-CN"
GUEST = "guest-1"
"""On the roll and not bound: writes as a stranger, so that binding can be tried."""


def _phones() -> tuple[Phone, ...]:
    with (FOLDER / "phones.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Phone(**row) for row in csv.DictReader(file))


DEMO_PHONES = _phones()
"""The phones on the sandbox page, in the order in which they stand there."""


def load_demo(desk: Desk) -> None:
    """Bring the demo centre into the books and give its people their chats; again changes nothing.

    A centre that is new in the books has a past: what was done in its homes this month.

    Raises:
        ValueError: a demo sheet is not good, which the tests would have shown.
    """
    is_new = centres.by_code(desk.connection, CENTRE) is None
    for kind, sheet in _sheets().items():
        report = import_sheet(desk, kind, sheet)
        if not report.written:
            raise ValueError(f"demo {kind}: {report.problems[:3]}")
    for phone in DEMO_PHONES:
        known = people.who(desk.connection, CHANNEL, phone.address) is not None
        if not known and phone.address != GUEST:
            person_id = _person(desk, phone)
            people.add_endpoint(desk.connection, person_id, CHANNEL, phone.address, desk.now)
    if is_new:
        live_through(desk, _centre(desk), read_wishes(FOLDER / "history.csv"), CHANNEL)


@cache
def _sheets() -> dict[ImportKind, Sheet]:
    """The sheets in the order in which one needs the other."""
    kinds = (ImportKind.CENTRES, ImportKind.CATALOGUE, ImportKind.STAFF, ImportKind.RESIDENTS)
    return {kind: read_sheet(FOLDER / f"{kind}.csv") for kind in kinds}


def _centre(desk: Desk) -> Centre:
    centre = centres.by_code(desk.connection, CENTRE)
    if centre is None:
        raise ValueError(f"no centre {CENTRE}")
    return centre


def _person(desk: Desk, phone: Phone) -> int:
    """Whose phone this is: somebody on the roster, else an owner, bound to the rooms they own."""
    for line in people.staff_in(desk.connection, _centre(desk).id):
        if line.phone == phone.number:
            return line.person_id
    person = people.add_person(desk.connection, None, None, LOCALE, desk.now)
    for resident, _room in roll.lines_with_phone(desk.connection, phone.number):
        if resident.relation is Relation.OWNER:
            person = residents.take_line(desk, person, resident)
    return person.id
