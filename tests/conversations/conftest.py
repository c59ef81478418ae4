"""Every conversation is held twice: on ordinary telephones over SQLite, on WeCom's over PostgreSQL.

What people see and what is stored have nothing to do with each other, so that two of the four
pairs say as much as all. What looks at how most platforms show something is held on these, over
both databases (`on_ordinary_telephones`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from storage.tables import endpoints
from tests.conftest import fresh_town
from tests.conversation import Telephones, Town
from tests.town import STAFF
from tests.wecom_look import OwnerTelephones, StaffTelephones

WECOM = "wecom-postgresql"
OWNERS = "kf"
_COLLEAGUES = {line[0] for line in STAFF}


@pytest.fixture(params=("sqlite", WECOM))
def town_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh town on each database."""
    database = "postgresql" if request.param == WECOM else request.param
    with fresh_town(request, database, tmp_path) as url:
        yield url


@pytest.fixture
def on_wecom(request: pytest.FixtureRequest, town_url: str) -> bool:
    """Whether this conversation is held over WeCom."""
    params: dict[str, object] = getattr(request.node, "callspec").params  # noqa: B009
    return params.get("town_url") == WECOM


@pytest.fixture
def telephones(on_wecom: bool) -> Telephones:
    """What staff have in their hand."""
    return StaffTelephones() if on_wecom else Telephones()


@pytest.fixture
async def town(town: Town, on_wecom: bool) -> Town:
    """The town; on WeCom owners and strangers write to the 微信客服 account."""
    if on_wecom:
        town.others = (*town.others, OwnerTelephones(OWNERS))
        town.channel_of = _channel_of
        town.restarts()
        await town.change(_owners_move)
    return town


def _channel_of(key: str) -> str:
    return Telephones.name if key in _COLLEAGUES else OWNERS


def _owners_move(connection: Connection) -> None:
    connection.execute(
        update(endpoints)
        .where(endpoints.c.channel == Telephones.name, endpoints.c.address.not_in(_COLLEAGUES))
        .values(channel=OWNERS)
    )
