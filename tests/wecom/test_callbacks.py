"""WeCom's calls: 200 once a letter has been taken in, and nothing for anybody else's."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs
from yarl import URL

from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import Entered, KfNews, Letter, Words
from bot.channels.wecom.calls.markup import LONGEST
from bot.channels.wecom.patience import Patience
from tests.wecom.calls import AES_KEY, CORP, HELLO, PEER, SEAL, TOKEN, event, query, stamped
from tests.wecom.line import Line, listening
from tests.wecom.test_crypto import SAMPLES

HASTY = Patience(callback_s=0.2, farewell_s=0.2)
STRANGER = Seal("QDG6eL", AES_KEY, CORP)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with listening() as line:
        yield line


class TestVerification:
    @pytest.mark.parametrize("plus", ["%2B", "+", "%20"])
    async def test_the_word_is_echoed_and_nothing_else(self, line: Line, plus: str) -> None:
        sample = SAMPLES["V1 verification"]
        stamp = sample.stamp
        escaped = sample.encrypted.replace("+", plus).replace("=", "%3D")
        url = URL(
            f"{line.url('/any/path')}?msg_signature={stamp.signature}"
            f"&timestamp={stamp.timestamp}&nonce={stamp.nonce}&echostr={escaped}",
            encoded=True,
        )
        answer = await line.ask("GET", url)
        assert (answer.status, answer.body) == (200, b"1616140317555161061")
        assert answer.content_type == "text/plain"
        assert line.desk.started == []

    @pytest.mark.parametrize("word", [b"", b"0", "你好".encode(), b"\xff\x00\n"])
    async def test_it_is_echoed_to_the_byte(self, line: Line, word: bytes) -> None:
        answer = await line.verify(word)
        assert (answer.status, answer.body) == (200, word)

    async def test_a_letter_is_not_read_out_to_who_caught_it_on_its_way(self, line: Line) -> None:
        answer = await line.verify(HELLO.encode())
        assert (answer.status, answer.body) == (403, b"")

    async def test_a_stranger_hears_nothing(self, line: Line) -> None:
        answer = await line.verify(b"1616140317555161061", STRANGER)
        assert (answer.status, answer.body) == (403, b"")
        assert (await line.ask("GET", line.url())).status == 403


class TestLetters:
    async def test_the_documents_own_message_arrives(self) -> None:
        sample = SAMPLES["V2 message"]
        async with listening(agent_id=218) as line:
            body = f"<xml><Encrypt>\n<![CDATA[{sample.encrypted}]]>\n</Encrypt></xml>"
            answer = await line.ask("POST", line.url("/", query(sample.stamp)), body.encode())
        assert (answer.status, answer.body) == (200, b"")
        assert line.desk.taken == [
            Letter(
                userid="mycreate",
                agent_id=218,
                created_at=datetime(2014, 9, 2, 12, 10, 13, tzinfo=UTC),
                fingerprint="4561255354251345929",
                what=Words("hello"),
            )
        ]

    @pytest.mark.parametrize("path", ["/", "/wecom/callback", "//", "/%E4%BC%81", "/a?b=c"])
    async def test_whatever_the_path(self, line: Line, path: str) -> None:
        assert await line.call(HELLO, path=path.partition("?")[0]) == 200
        assert [letter.what for letter in line.desk.taken] == [Words("你好")]

    async def test_what_another_library_has_sealed_arrives(self, line: Line) -> None:
        body = PEER.encrypt_message(HELLO, "n1", "1700000000")
        signature = body.partition("<MsgSignature><![CDATA[")[2].partition("]")[0]
        parts = {"msg_signature": signature, "timestamp": "1700000000", "nonce": "n1"}
        assert (await line.ask("POST", line.url("/", parts), body.encode())).status == 200
        assert [letter.what for letter in line.desk.taken] == [Words("你好")]

    async def test_an_envelope_may_be_json(self, line: Line) -> None:
        encrypted = SEAL.seal(HELLO.encode())
        body = json.dumps({"tousername": CORP, "encrypt": encrypted, "agentid": "1000002"})
        url = line.url("/", query(stamped(encrypted)))
        assert (await line.ask("POST", url, b"\n" + body.encode())).status == 200
        assert [letter.what for letter in line.desk.taken] == [Words("你好")]

    async def test_it_is_not_acknowledged_before_it_has_been_taken_in(self, line: Line) -> None:
        line.desk.gate = asyncio.Event()
        call = asyncio.create_task(line.call(HELLO))
        other = asyncio.create_task(line.verify(b"42"))
        assert (await other).status == 200  # a verification waits for nobody
        await line.desk.waits.wait()
        assert not call.done()
        line.desk.gate.set()
        assert await call == 200
        assert len(line.desk.taken) == 1

    async def test_one_that_cannot_be_taken_in_is_to_be_brought_again(self, line: Line) -> None:
        line.desk.failure = RuntimeError("the row of ZhangSan says 你好")
        with capture_logs() as logs:
            assert await line.call(HELLO) == 500
        assert line.desk.taken == []
        (entry,) = logs
        assert entry == {
            "event": "wecom.intake_failed",
            "log_level": "warning",
            "call": "1234567890123456",
            "error": "RuntimeError",
        }
        line.desk.failure = None
        assert await line.call(HELLO) == 200
        assert line.desk.started[0] == line.desk.taken[0]

    async def test_one_that_takes_too_long_is_answered_before_wecom_hangs_up(self) -> None:
        assert Patience().callback_s < 5
        async with listening(HASTY) as line:
            line.desk.gate = asyncio.Event()
            assert await line.call(HELLO) == 503
            assert line.desk.taken == []

    async def test_another_apps_letters_are_left_alone(self, line: Line) -> None:
        assert await line.call(event("enter_agent", AgentID="1000003")) == 200
        assert line.desk.started == []

    @pytest.mark.parametrize("agent", ["", "1000002"])
    async def test_a_letter_may_leave_the_app_out(self, line: Line, agent: str) -> None:
        assert await line.call(event("enter_agent", AgentID=agent)) == 200
        assert [letter.what for letter in line.desk.taken] == [Entered()]

    async def test_news_of_a_kf_account_have_no_app(self, line: Line) -> None:
        sample = SAMPLES["V3 kf event"]
        assert await line.call(sample.message) == 200
        assert [letter.what for letter in line.desk.taken] == [KfNews("wk1", "TOK1")]

    @pytest.mark.parametrize("name", ["view", "LOCATION", "change_contact", "telepathy"])
    async def test_an_event_that_means_nothing_to_us_is_acknowledged(
        self, line: Line, name: str
    ) -> None:
        assert await line.call(event(name)) == 200
        assert line.desk.started == []


class TestOthers:
    async def test_a_call_that_is_not_genuine_is_turned_away_without_a_word(
        self, line: Line
    ) -> None:
        other_key = Seal(TOKEN, "a" * 42 + "A", CORP)
        other_company = Seal(TOKEN, AES_KEY, "wx0000000000000000")
        with capture_logs() as logs:
            for seal in (STRANGER, other_key, other_company):
                encrypted = seal.seal(HELLO.encode())
                url = line.url("/", query(stamped(encrypted, seal)))
                body = b"<xml><Encrypt>%s</Encrypt></xml>" % encrypted.encode()
                answer = await line.ask("POST", url, body)
                assert (answer.status, answer.body) == (403, b"")
        assert line.desk.started == []
        assert [set(entry) for entry in logs] == [{"event", "log_level", "status", "reason"}] * 3
        assert [entry["reason"] for entry in logs][0::2] == ["signature", "receiveid"]

    @pytest.mark.parametrize("body", [b"", b"hello", b"{", b'{"encrypt":1}', b"<xml>", b"\xff"])
    async def test_what_is_no_envelope_is_turned_away(self, line: Line, body: bytes) -> None:
        assert (await line.ask("POST", line.url(), body)).status == 400
        assert line.desk.started == []

    async def test_a_genuine_seal_around_no_letter_is_turned_away(self, line: Line) -> None:
        assert await line.call(b"\xff") == 400
        assert await line.call("<xml/>") == 400
        assert line.desk.started == []

    async def test_what_is_too_large_is_not_read(self, line: Line) -> None:
        assert (await line.ask("POST", line.url(), bytes(LONGEST + 1))).status == 413
        assert line.desk.started == []

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "x"])
    async def test_nothing_is_unpacked(self, line: Line, encoding: str) -> None:
        headers = {"Content-Encoding": encoding}
        for body in (b"hello", zlib.compress(bytes(50 * LONGEST)), gzip.compress(bytes(9))):
            assert (await line.ask("POST", line.url(), body, headers)).status == 400
        assert line.desk.started == []

    @pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
    async def test_other_methods_are_not_answered(self, line: Line, method: str) -> None:
        assert (await line.ask(method, line.url())).status == 405
        assert line.desk.started == []

    async def test_a_body_that_never_comes_is_not_waited_for(self) -> None:
        async with listening(HASTY) as line:
            reader, writer = await asyncio.open_connection("127.0.0.1", line.server.port)
            writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n<xml>")
            assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
            writer.close()
            await writer.wait_closed()

    async def test_who_hangs_up_in_the_middle_costs_nothing(
        self, line: Line, caplog: pytest.LogCaptureFixture
    ) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", line.server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n<xml>")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert await line.call(HELLO) == 200
        await line.server.stop()
        assert caplog.records == []


class TestListening:
    async def test_a_port_that_is_taken_is_said(self, line: Line) -> None:
        second = CallbackServer(
            "127.0.0.1", line.server.port, SEAL, 1, line.desk.take, Patience(farewell_s=0.1)
        )
        with pytest.raises(OSError, match="address already in use"):
            await second.start()
        await second.stop()

    async def test_calls_under_way_are_answered_when_it_ends(self, line: Line) -> None:
        line.desk.gate = asyncio.Event()
        call = asyncio.create_task(line.call(HELLO))
        await line.desk.waits.wait()
        ending = asyncio.create_task(line.server.stop())
        await asyncio.sleep(0)
        line.desk.gate.set()
        await ending
        assert await call == 200

    async def test_the_port_is_the_one_asked_for_until_it_listens(self) -> None:
        server = CallbackServer("127.0.0.1", 8444, SEAL, 1, _nobody, Patience())
        assert server.port == 8444
        await server.stop()


async def _nobody(_letter: Letter) -> None:
    raise AssertionError("nobody called")
