"""Whatever is sent to the server, it answers 200 or a clean 4xx, and takes in what is genuine."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.wecom.calls.crypto import Seal, Stamp
from bot.channels.wecom.calls.letters import Letter, Unknown, read_letter
from bot.channels.wecom.calls.markup import LONGEST, Unreadable
from tests.wecom.calls import AES_KEY, AGENT, CORP, HELLO, SEAL, TOKEN, envelope, query, stamped
from tests.wecom.line import Answer, Line, listening
from tests.wecom.test_letters import HOSTILE

fuzzed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

SILENCE_S = 0.2
"""How long nothing is heard before it is taken for no answer, which is one of the right ones."""

STRANGERS = (
    Seal("QDG6eL", AES_KEY, CORP),
    Seal(TOKEN, "a" * 42 + "A", CORP),
    Seal(TOKEN, AES_KEY, CORP + "0"),
    Seal(TOKEN, AES_KEY, ""),
)

ENCRYPTED = SEAL.seal(HELLO.encode())
TARGET = b"/?" + "&".join(f"{k}={v}" for k, v in query(stamped(ENCRYPTED)).items()).encode()

words = st.text(max_size=30)
some_bytes = st.binary(max_size=60)
hostile = st.sampled_from(sorted(HOSTILE.values()))
in_one_line = st.binary(max_size=30).map(lambda line: line.translate(None, b"\r\n"))

KINDS = ("text", "image", "location", "voice", "event", "")
EVENTS = ("template_card_event", "click", "view", "enter_agent", "subscribe", "kf_msg_or_event")
TAGS = (
    *("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "AgentID", "AgentId", "MsgId"),
    *("Content", "MediaId", "Location_X", "Location_Y", "Label", "OpenKfId", "Token", "TaskId"),
    *("SelectedItems", "SelectedItem", "QuestionKey", "OptionIds", "OpitonIds", "OptionId"),
)
VALUES = (
    *("ZhangSan", "1700000000", "9" * 30, "-1", "nan", "23.1", "１２", "1000002", "1000003"),
    *("&amp;", "<![CDATA[<&]]>", "<!--x-->", "<?x?>"),
)


def _element(tag: str, parts: list[str]) -> str:
    return f"<{tag}>{''.join(parts)}</{tag}>"


elements = st.recursive(
    st.sampled_from(VALUES),
    lambda parts: st.builds(_element, st.sampled_from(TAGS), st.lists(parts, max_size=3)),
    max_leaves=12,
)
letters = st.builds(
    lambda kind, event, *others: _element(
        "xml", [_element("MsgType", [kind]), _element("Event", [event]), *others]
    ),
    st.sampled_from(KINDS),
    st.sampled_from(EVENTS),
    st.sampled_from(["", "<FromUserName>ZhangSan</FromUserName>"]),
    st.lists(elements, max_size=8).map("".join),
)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    async with listening() as line:
        yield line


def turned_away(answer: Answer, line: Line) -> None:
    """Nobody was told anything, and nothing was taken in."""
    assert 400 <= answer.status < 500
    assert answer.body == b"" or answer.status in (404, 405, 413)
    assert line.desk.started == []


async def raw(line: Line, sent: bytes, silence_s: float = SILENCE_S) -> int | None:
    """The status after these very bytes; None where they are not yet a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line.server.port)
    writer.write(sent)
    try:
        async with asyncio.timeout(silence_s):
            first = await reader.readline()
    except TimeoutError:
        return None
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
    return int(first.split()[1])


def request(method: bytes, target: bytes, header: bytes, body: bytes) -> bytes:
    """A request whose length is right, whatever else is not."""
    head = b"%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n\r\n"
    return head % (method, target, len(body), header) + body


async def test_the_request_that_is_spoilt_below_is_right(line: Line) -> None:
    sent = request(b"POST", TARGET, b"X: y", envelope(ENCRYPTED))
    assert await raw(line, sent, silence_s=60) == 200
    assert line.desk.taken == [read_letter(HELLO.encode())]


@fuzzed
@given(sent=st.binary(min_size=1, max_size=200))
async def test_any_bytes_at_all(line: Line, sent: bytes) -> None:
    status = await raw(line, sent + b"\r\n\r\n")
    assert status is None or 400 <= status < 500
    assert line.desk.started == []


@fuzzed
@given(
    method=st.one_of(st.sampled_from([b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS"]), in_one_line),
    target=st.one_of(st.just(TARGET), in_one_line.map(lambda line: b"/?" + line)),
    header=st.one_of(st.just(b"Expect: 100-continue"), in_one_line, st.just(b"Expect: x")),
    body=st.one_of(st.just(b""), some_bytes, hostile),
)
async def test_any_method_address_header_and_body(
    line: Line, method: bytes, target: bytes, header: bytes, body: bytes
) -> None:
    status = await raw(line, request(method, target, header, body))
    assert status is None or status == 100 or 400 <= status < 500
    assert line.desk.started == []


@fuzzed
@given(
    parts=st.dictionaries(
        st.sampled_from(["msg_signature", "timestamp", "nonce", "echostr"]), words, max_size=4
    ),
    method=st.sampled_from(["GET", "POST"]),
    body=st.one_of(
        some_bytes, hostile, words.map(envelope), some_bytes.map(lambda body: b"{" + body)
    ),
)
async def test_any_query_and_any_envelope(
    line: Line, parts: dict[str, str], method: str, body: bytes
) -> None:
    turned_away(await line.ask(method, line.url("/", parts), body), line)


@fuzzed
@given(encrypted=st.one_of(words, st.text("AQ+/=", max_size=90)), as_json=st.booleans())
async def test_a_right_signature_over_what_is_not_sealed(
    line: Line, encrypted: str, as_json: bool
) -> None:
    url = line.url("/", query(stamped(encrypted)))
    body = f'{{"encrypt":"{encrypted}"}}'.encode() if as_json else envelope(encrypted)
    turned_away(await line.ask("POST", url, body), line)
    url = line.url("/", {**query(stamped(encrypted)), "echostr": encrypted})
    turned_away(await line.ask("GET", url), line)


@fuzzed
@given(
    changed=st.sampled_from(["signature", "timestamp", "nonce", "encrypted"]),
    cut=st.integers(0, 30),
    put=st.text("0af+/", max_size=3),
)
async def test_a_genuine_call_that_was_tampered_with(
    line: Line, changed: str, cut: int, put: str
) -> None:
    good = stamped(ENCRYPTED)
    parts = {"signature": good.signature, "timestamp": good.timestamp, "nonce": good.nonce}
    parts["encrypted"] = ENCRYPTED
    before = parts[changed]
    parts[changed] = before[:cut] + put + before[cut + 1 :]
    if parts[changed] == before:
        parts[changed] += "0"
    url = line.url("/", query(Stamp(parts["signature"], parts["timestamp"], parts["nonce"])))
    turned_away(await line.ask("POST", url, envelope(parts["encrypted"])), line)


@fuzzed
@given(stranger=st.sampled_from(STRANGERS), content=st.one_of(st.just(HELLO), letters))
async def test_a_letter_under_anothers_seal(line: Line, stranger: Seal, content: str) -> None:
    encrypted = stranger.seal(content.encode())
    url = line.url("/", query(stamped(encrypted, stranger)))
    turned_away(await line.ask("POST", url, envelope(encrypted)), line)


@fuzzed
@given(content=st.one_of(some_bytes, hostile, words.map(str.encode)))
async def test_a_genuine_seal_around_no_letter(line: Line, content: bytes) -> None:
    assert await line.call(content) in (400, 413)
    assert line.desk.started == []


@settings(parent=fuzzed, max_examples=150)
@given(content=letters)
async def test_a_genuine_seal_around_anything_like_a_letter(line: Line, content: str) -> None:
    status = await line.call(content)
    expected = _expected(content)
    assert status == (400 if expected is None else 200)
    ours = expected is not None and not isinstance(expected.what, Unknown)
    ours = ours and expected.agent_id in (None, AGENT)
    assert line.desk.taken == ([expected] if ours else [])
    line.desk.taken.clear()


def _expected(content: str) -> Letter | None:
    try:
        return read_letter(content.encode())
    except Unreadable:
        return None


@pytest.mark.parametrize("size", [LONGEST, LONGEST + 1, 4 * LONGEST])
async def test_any_size(line: Line, size: int) -> None:
    url = line.url("/", query(stamped(ENCRYPTED)))
    fits = size == LONGEST
    for padding, status in ((b" ", 200), (b"<", 400)):
        body = envelope(ENCRYPTED).rjust(size, padding)
        assert (await line.ask("POST", url, body)).status == (status if fits else 413)
    assert len(line.desk.taken) == fits
