"""The customers a colleague speaks with in WeCom's own client: to them we keep silent."""

from __future__ import annotations

from datetime import datetime

from bot.channels.base import Memory
from bot.channels.wecom.api.answers import SessionState
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Refused
from bot.channels.wecom.owners.addresses import party
from bot.event import Note

_PREFIX = "human:"
_WITH_PEOPLE = (SessionState.WAITING, SessionState.HUMAN)


class Humans:
    """Known by notes alone, which are kept with the events that tell of it: so over restarts, and
    by all processes on one database."""

    def __init__(self, memory: Memory, client: WeComClient) -> None:
        self._memory = memory
        self._client = client

    async def have(self, address: str) -> bool:
        """Whether, for all we know, a colleague speaks with this customer."""
        return await self._memory.recall(_PREFIX + address) is not None

    async def addresses(self) -> list[str]:
        """Everybody of whom it is known, in order."""
        return [note.key.removeprefix(_PREFIX) for note in await self._memory.recall_all(_PREFIX)]

    async def ask(self, address: str) -> bool:
        """Ask WeCom whether a colleague has them, or is waited for. May raise WeComError."""
        customer, account = party(address)
        try:
            session = await self._client.kf_state(account, customer)
        except Refused as refusal:
            if refusal.meaning is Meaning.NOBODY_THERE:
                return False
            raise
        return session.state in _WITH_PEOPLE

    async def found(self, address: str) -> None:
        """WeCom said so when we wanted to speak; no event has told of it."""
        await self._memory.keep(taken(address))


def taken(address: str) -> Note:
    """That a colleague speaks with this customer."""
    return Note(_PREFIX + address, "")


def given_back(address: str, now: datetime) -> Note:
    """That they do no longer: a note that is over as soon as it is kept."""
    return Note(_PREFIX + address, "", until=now)
