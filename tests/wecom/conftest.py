"""A company with a 微信客服 account and customers of it; in the end nothing we asked was wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulators.wecom import WeComEmulator
from tests.emulators.wecom_people import Customer
from tests.town import FakeClock
from tests.wecom.office import Notes
from tests.wecom.owners import OWNER, Desk


@pytest.fixture
async def company(clock: FakeClock) -> AsyncIterator[WeComEmulator]:
    """WeCom, played; what we ask of it is right in itself."""
    async with WeComEmulator(now=clock.now) as emulator:
        emulator.courier.pause_s, emulator.courier.deadline_s = 0.01, 20.0
        yield emulator
        assert emulator.faults == []


@pytest.fixture
def desk(clock: FakeClock) -> Desk:
    """An intake that is watched, and the notes that outlast a channel."""
    return Desk(Notes(clock.now))


@pytest.fixture
def zhang(company: WeComEmulator) -> Customer:
    """张伟, who writes from WeChat."""
    return company.customer(OWNER, name="张伟")


@pytest.fixture
def liu(company: WeComEmulator) -> Customer:
    """刘芳, who writes from WeChat."""
    return company.customer("wmOwner02", name="刘芳")
