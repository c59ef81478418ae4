"""One-time codes: kept as their SHA-256 only, used at most once, and not after their time."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, update

from storage.records import Invite
from storage.tables import invites


def add(
    connection: Connection,
    code: str,
    *,
    resident_id: int | None = None,
    staff_id: int | None = None,
    created_at: datetime,
    expires_at: datetime,
) -> None:
    """A new code for a line of the roll or of the roster."""
    connection.execute(
        invites.insert().values(
            code_hash=_hashed(code),
            resident_id=resident_id,
            staff_id=staff_id,
            created_at=created_at,
            expires_at=expires_at,
        )
    )


def use(connection: Connection, code: str, now: datetime) -> Invite | None:
    """Use up the code, as somebody typed it; None if it is unknown, used already or over.

    One statement finds and marks it, so of two who send it at once only one is let in.
    """
    row = connection.execute(
        update(invites)
        .where(
            invites.c.code_hash == _hashed(code),
            invites.c.used_at.is_(None),
            invites.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(*invites.c)
    ).one_or_none()
    return Invite(*row) if row else None


def _hashed(code: str) -> str:
    """Letter case, spaces and dashes do not matter to people, so not to us."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
