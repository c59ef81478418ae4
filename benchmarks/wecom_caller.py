"""WeCom for the benchmark, in a process of its own: calls an address and answers `sync_msg`.

`python -m benchmarks.wecom_caller COUNT`: prints the port of its API, reads the address to call,
then calls it once for each owner's press of 确认预约, sixteen at once, and prints the seconds it
took. Every call is sealed beforehand: what is timed is the other side.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count

from aiohttp import ClientSession, web

from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.owners.menus import encode

AT_ONCE = 16
CORP, TOKEN, KEY = "wwbench", "benchtoken", "a" * 43
KF = "wkbench"


def seal() -> Seal:
    """The seal both sides have."""
    return Seal(TOKEN, KEY, CORP)


class Platform:
    """The account's news: a press of each owner's is there once its call has been made."""

    def __init__(self) -> None:
        self.log: list[dict[str, object]] = []

    def app(self) -> web.Application:
        """Its API, as far as it is asked for."""
        app = web.Application()
        app.router.add_get("/cgi-bin/gettoken", self._token)
        app.router.add_post("/cgi-bin/kf/sync_msg", self._sync)
        app.router.add_route("*", "/cgi-bin/{path:.*}", self._anything)
        return app

    async def _token(self, _request: web.Request) -> web.Response:
        return _answer({"access_token": "t", "expires_in": 7200})

    async def _sync(self, request: web.Request) -> web.Response:
        asked = json.loads(await request.read())
        begin = int(asked.get("cursor") or 0)
        page = self.log[begin : begin + 1000]
        return _answer({"next_cursor": str(begin + len(page)), "has_more": 0, "msg_list": page})

    async def _anything(self, _request: web.Request) -> web.Response:
        return _answer({})

    def press(self, number: int) -> None:
        """Owner `number` presses 确认预约."""
        self.log.append(
            {
                "msgid": f"m{number}",
                "open_kfid": KF,
                "external_userid": f"wm{number}",
                "send_time": int(time.time()),
                "origin": 3,
                "msgtype": "text",
                "text": {"content": "1. 确认预约", "menu_id": encode("form.done|1")},
            }
        )


def _answer(content: dict[str, object]) -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok", **content})


def sealed_call(number: int) -> tuple[str, bytes]:
    """The query and the body of one call; no two are the same."""
    letter = (
        f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName><CreateTime>{int(time.time())}"
        "</CreateTime><MsgType><![CDATA[event]]></MsgType>"
        "<Event><![CDATA[kf_msg_or_event]]></Event>"
        f"<Token><![CDATA[TOK{number}]]></Token><OpenKfId><![CDATA[{KF}]]></OpenKfId></xml>"
    )
    encrypted = seal().seal(letter.encode())
    stamp = seal().stamp(encrypted, str(int(time.time())), f"n{number}")
    query = f"msg_signature={stamp.signature}&timestamp={stamp.timestamp}&nonce={stamp.nonce}"
    body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    return query, body.encode()


async def _call_all(platform: Platform, url: str, calls: list[tuple[str, bytes]]) -> float:
    numbers = count(1)
    waiting = iter(calls)

    async def work(http: ClientSession) -> None:
        for query, body in waiting:
            platform.press(next(numbers))
            async with http.post(f"{url}?{query}", data=body) as response:
                await response.read()
                if response.status != 200:
                    raise RuntimeError(f"a call was answered {response.status}")

    async with ClientSession() as http:
        began = time.perf_counter()
        await asyncio.gather(*(work(http) for _ in range(AT_ONCE)))
        return time.perf_counter() - began


async def main(how_many: int) -> None:
    """Serve, call, and say how long it took."""
    platform = Platform()
    runner = web.AppRunner(platform.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    calls = [sealed_call(number) for number in range(1, how_many + 1)]
    print(runner.addresses[0][1], flush=True)
    url = (await asyncio.to_thread(sys.stdin.readline)).strip()
    print(await _call_all(platform, url, calls), flush=True)
    await asyncio.to_thread(sys.stdin.readline)  # our API stays until the other side is done
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
