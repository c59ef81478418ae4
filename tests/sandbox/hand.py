"""Uses the sandbox over HTTP as its page does: posts what a finger did, reads what is shown."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from aiohttp import ClientResponse, ClientSession, FormData
from pydantic import BaseModel

from bot.channels.sandbox.history import Bubble, Menu
from bot.channels.sandbox.talk import Turn


class PhoneShown(BaseModel):
    """One phone as the server describes it to the page."""

    address: str
    bubbles: list[Bubble]
    menu: Menu
    turns: list[Turn]

    @property
    def texts(self) -> list[str]:
        return [bubble.content.text for bubble in self.bubbles]


class StateShown(BaseModel):
    """What the page loads first."""

    journal: str
    seq: int
    phones: list[PhoneShown]


class Answer(BaseModel):
    """What came of a post: its status, the toast, or the refusal's code."""

    status: int
    toast: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One event of the stream."""

    name: str
    data: str
    seq: int | None

    @property
    def text(self) -> str:
        text: str = json.loads(self.data)["content"]["text"]
        return text


def new_id() -> str:
    return str(uuid4())


class Hand:
    """Every call is one action of its own, unless it is given the `id` of an earlier one."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def state(self, look: str = "plain") -> StateShown:
        async with self.session.get(f"{self.url}api/state", params={"look": look}) as response:
            return StateShown.model_validate_json(await response.read())

    async def phone(self, address: str) -> PhoneShown:
        phones = (await self.state()).phones
        return next(phone for phone in phones if phone.address == address)

    async def turns(self, address: str) -> list[Turn]:
        """What WeCom would show on that phone."""
        phones = (await self.state("wecom")).phones
        return next(phone.turns for phone in phones if phone.address == address)

    async def types(self, address: str, text: str, id: str | None = None) -> Answer:  # noqa: A002
        return await self.post(f"api/phones/{address}/text", {"id": id or new_id(), "text": text})

    async def presses(self, address: str, label: str, id: str | None = None) -> Answer:  # noqa: A002
        for bubble in reversed((await self.phone(address)).bubbles):
            for button in (button for row in bubble.content.rows for button in row):
                if button.label == label:
                    return await self.presses_old(address, bubble.ref, button.data, id)
        raise AssertionError(f"no button {label!r} on {address}")

    async def presses_old(
        self,
        address: str,
        ref: str | None,
        data: str,
        id: str | None = None,  # noqa: A002
        *,
        flashes: bool = True,
    ) -> Answer:
        body = {"id": id or new_id(), "ref": ref, "data": data, "flashes": flashes}
        return await self.post(f"api/phones/{address}/press", body)

    async def shares_number(self, address: str) -> Answer:
        return await self.post(f"api/phones/{address}/contact", {"id": new_id()})

    async def sends_photo(self, address: str, photo: bytes, caption: str = "") -> Answer:
        form = FormData({"id": new_id(), "caption": caption})
        form.add_field("photo", io.BytesIO(photo), filename="photo", content_type="image/jpeg")
        url = f"{self.url}api/phones/{address}/photo"
        async with self.session.post(url, data=form, headers=self.origin) as response:
            return await _answer(response)

    async def moves_clock(self, *, minutes: int | None = None, to: str | None = None) -> Answer:
        return await self.post("api/clock", {"minutes": minutes, "to": to})

    async def ends_the_month(self) -> Answer:
        return await self.post("api/clock", {"month_end": True})

    async def post(self, path: str, body: Mapping[str, str | int | bool | None]) -> Answer:
        async with self.session.post(self.url + path, json=body, headers=self.origin) as response:
            return await _answer(response)

    @property
    def origin(self) -> dict[str, str]:
        return {"Origin": self.url.rstrip("/")}

    async def listens(
        self, journal: str, after: int, last: int | None = None, look: str = "plain"
    ) -> AsyncGenerator[News, None]:
        """The stream's news; `last` is what a reconnecting browser says it has seen."""
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        query = {"journal": journal, "after": str(after), "look": look}
        async with self.session.get(f"{self.url}api/feed", params=query, headers=headers) as stream:
            fields: dict[str, str] = {}
            async for raw in stream.content:
                line = raw.decode().rstrip("\n")
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    continue
                if "event" in fields:
                    seq = int(fields["id"]) if "id" in fields else None
                    yield News(fields["event"], fields["data"], seq)
                fields = {}


async def _answer(response: ClientResponse) -> Answer:
    said = json.loads(await response.read() or b"{}")
    return Answer(status=response.status, toast=said.get("toast"), error=said.get("error"))
