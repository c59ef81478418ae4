"""Whether WeCom is set up as it must be: asks the live API, and calls us as WeCom would.

Nothing is changed and nobody is written to. What is found is told by keys, as everywhere.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

from aiohttp import ClientError, ClientSession

from bot.channels.wecom.api import codes
from bot.channels.wecom.api.answers import KfAccount
from bot.channels.wecom.api.client import WeComClient
from bot.channels.wecom.api.codes import Meaning
from bot.channels.wecom.api.errors import Refused, WeComError
from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import Letter
from bot.channels.wecom.patience import Patience
from bot.channels.wecom.settings import WeComSettings
from bot.channels.wecom.telling import Grade, Seen, told

_OK = 200


async def check_up(settings: WeComSettings, patience: Patience | None = None) -> list[Seen]:
    """Everything that was looked at, good and bad."""
    patience = patience or Patience()
    client = WeComClient(settings, patience)
    try:
        return [*await _api(client, settings), await _callback(settings, patience)]
    finally:
        await client.close()


async def _api(client: WeComClient, settings: WeComSettings) -> list[Seen]:
    """What the API says, up to what keeps it from saying more."""
    found: list[Seen] = []
    try:
        await client.sign_in()
        found.append(Seen(Grade.GOOD, "wecom-secret"))
        found.append(await _agent(client, settings.agent_id))
        found += await _customer_service(client, settings.kf_accounts)
    except WeComError as error:
        found.append(told(error))
    return found


async def _agent(client: WeComClient, agent_id: int) -> Seen:
    try:
        await client.menu()
    except Refused as refusal:
        if refusal.code in codes.WRONG_AGENT:
            return told(refusal)
        if refusal.meaning is not Meaning.OUR_FAULT:
            raise
        # There is no menu yet, which we are told of our own app only.
    return Seen(Grade.GOOD, "wecom-agent", {"agent": str(agent_id)})


async def _customer_service(client: WeComClient, accounts: tuple[str, ...]) -> list[Seen]:
    if not accounts:
        return [Seen(Grade.NOTE, "wecom-kf-none")]
    listed = {one.open_kfid: one for one in await client.kf_accounts()}
    found: list[Seen] = []
    for account in accounts:
        found += await _account(client, account, listed.get(account))
    return found


async def _account(client: WeComClient, account: str, listed: KfAccount | None) -> list[Seen]:
    facts: dict[str, str | int] = {"account": account}
    if listed is None:
        return [Seen(Grade.BAD, "wecom-kf-unknown", facts)]
    facts["name"] = listed.name
    if not listed.ours:
        return [Seen(Grade.BAD, "wecom-kf-not-ours", facts)]
    found = [Seen(Grade.GOOD, "wecom-kf", facts)]
    receiving = sum(one.receives for one in await client.kf_servicers(account))
    if receiving:
        found.append(Seen(Grade.NOTE, "wecom-kf-servicers", {**facts, "count": receiving}))
    return found


async def _callback(settings: WeComSettings, patience: Patience) -> Seen:
    if settings.callback_url is None:
        where = f"{settings.callback_host}:{settings.callback_port}"
        return Seen(Grade.NOTE, "wecom-callback-unset", {"listening": where})
    seal = Seal(
        settings.token.get_secret_value(), settings.aes_key.get_secret_value(), settings.corp_id
    )
    async with _somebody_listening(settings, seal, patience):
        return await _echo(settings.callback_url, seal, patience)


@asynccontextmanager
async def _somebody_listening(
    settings: WeComSettings, seal: Seal, patience: Patience
) -> AsyncIterator[None]:
    """The house, if it runs; else a server for this moment, which takes nothing in."""
    server = CallbackServer(
        settings.callback_host,
        settings.callback_port,
        seal,
        settings.agent_id,
        _take_nothing,
        patience,
    )
    with suppress(OSError):  # where the port is taken, who has it is who answers WeCom
        await server.start()
    try:
        yield
    finally:
        await server.stop()


async def _take_nothing(_letter: Letter) -> None:
    """What WeCom sends meanwhile must come again: the house is not there to take it."""
    raise NotRunning


class NotRunning(Exception):
    """Somebody's message came while only the check was listening."""


async def _echo(url: str, seal: Seal, patience: Patience) -> Seen:
    """Call the address as WeCom does when it is saved: the word must come back as it was."""
    word = secrets.token_hex(8).encode()
    begun = time.monotonic()
    try:
        async with asyncio.timeout(patience.request_s):
            status, answer = await _get(url, _query(seal, word))
    except (ClientError, OSError) as error:
        return Seen(
            Grade.BAD, "wecom-callback-silent", {"url": url, "reason": type(error).__name__}
        )
    seconds = time.monotonic() - begun
    if (status, answer) != (_OK, word):
        return Seen(Grade.BAD, "wecom-callback-bad", {"url": url, "status": str(status)})
    facts: dict[str, str | int] = {"url": url, "millis": round(seconds * 1000)}
    if seconds > patience.echo_s:
        return Seen(Grade.BAD, "wecom-callback-slow", facts)
    return Seen(Grade.GOOD, "wecom-callback", facts)


async def _get(url: str, query: Mapping[str, str]) -> tuple[int, bytes]:
    async with (
        ClientSession() as http,
        http.get(url, params=query, allow_redirects=False) as response,
    ):
        return response.status, await response.read()


def _query(seal: Seal, word: bytes) -> dict[str, str]:
    sealed = seal.seal(word)
    stamp = seal.stamp(sealed, str(int(time.time())), secrets.token_hex(5))
    return {
        "msg_signature": stamp.signature,
        "timestamp": stamp.timestamp,
        "nonce": stamp.nonce,
        "echostr": sealed,
    }
