"""Invitations: one-time codes by which somebody on the roll or the roster is known in chat."""

from __future__ import annotations

import secrets
from datetime import timedelta

from services.desk import Desk
from storage import invites

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another: no 0 and O, no 1, I and L."""

LENGTH = 8
"""Forty bits: at five tries an hour, nobody guesses a code before it is over."""

VALID_FOR = timedelta(days=7)


def make_invite(
    desk: Desk,
    *,
    resident_id: int | None = None,
    staff_id: int | None = None,
    valid_for: timedelta = VALID_FOR,
) -> str:
    """A new code for exactly one line of the roll or of the roster. It is shown now or never.

    Raises:
        ValueError: not exactly one line is named.
    """
    if (resident_id is None) == (staff_id is None):
        raise ValueError("a code is for one line of the roll or one of the roster")
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    invites.add(
        desk.connection,
        code,
        resident_id=resident_id,
        staff_id=staff_id,
        created_at=desk.now,
        expires_at=desk.now + valid_for,
    )
    return code
