"""The phones show the same after a restart, however the process ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.channels.base import Delivered, Sending, Spoken
from bot.channels.sandbox.history import BUBBLES_KEPT, Content, History, JournalDamagedError
from tests.sandbox.centre import Centre, open_centre
from tests.sandbox.hand import Hand, new_id
from tests.sandbox.stand_in import OWNER, TECHNICIAN

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def say(history: History, text: str, phone: str = OWNER) -> str:
    return history.say(phone, Content(text=text), key=new_id(), own=False, at=NOON)


async def test_a_restart_shows_the_same_bubbles_menus_and_edits(tmp_path: Path) -> None:
    async with ClientSession() as session:
        async with open_centre(tmp_path) as centre:
            hand = Hand(session, centre.url)
            await hand.types(OWNER, "/start")
            await hand.types(OWNER, "预约服务")
            await hand.presses(OWNER, "水龙头维修 · ¥60 起")
            before = await hand.state()
        async with open_centre(tmp_path) as centre:
            assert await Hand(session, centre.url).state() == before


async def test_a_delivery_repeated_after_a_restart_is_dropped(tmp_path: Path) -> None:
    sending = Sending(OWNER, Spoken("您好"), "key-1")
    async with open_centre(tmp_path) as centre:
        first = await centre.channel.send(sending)
    async with open_centre(tmp_path) as centre:
        assert await centre.channel.send(sending) == first == Delivered("1")


async def test_a_delivery_made_before_the_server_is_up_is_shown(
    centre: Centre, tmp_path: Path
) -> None:
    assert await centre.channel.send(Sending(OWNER, Spoken("早"), "key-1")) == Delivered("1")


@pytest.mark.parametrize("torn", [b'{"kind":"said","seq":3,"pho', b"\xe4\xbd", b"\x00\x00"])
def test_a_line_torn_by_a_kill_is_cut_off_and_the_next_one_is_whole(
    tmp_path: Path, torn: bytes
) -> None:
    path = tmp_path / "journal.jsonl"
    killed = History(path)
    say(killed, "一")
    say(killed, "二")
    with path.open("ab") as file:  # the process died inside a write, and closed nothing
        file.write(torn)

    after = History(path)
    assert say(after, "三") == "3"
    after.close()
    replayed = History(path)
    assert [b.content.text for b in replayed.screen(OWNER).bubbles.values()] == ["一", "二", "三"]
    assert replayed.journal == killed.journal
    replayed.close()
    killed.close()


def test_a_line_damaged_in_the_middle_is_named_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    history = History(path)
    say(history, "13800001201 的秘密")
    history.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"13800001201\n" + lines[1])
    with pytest.raises(JournalDamagedError, match="line 2 of") as refusal:
        History(path)
    assert "13800001201" not in str(refusal.value)


def test_every_line_is_on_its_way_to_the_disk_before_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    history = History(path)
    with history.watch() as wake:
        say(history, "一行\n两行")
        assert wake.is_set()
    lines = path.read_text().splitlines()
    assert json.loads(lines[-1])["content"]["text"] == "一行\n两行"
    history.close()


def test_a_long_talk_keeps_its_newest_messages(tmp_path: Path) -> None:
    history = History(tmp_path / "journal.jsonl")
    say(history, "别家的", TECHNICIAN)
    for number in range(BUBBLES_KEPT + 5):
        say(history, str(number))
    kept = [bubble.content.text for bubble in history.screen(OWNER).bubbles.values()]
    assert (len(kept), kept[0], kept[-1]) == (BUBBLES_KEPT, "5", str(BUBBLES_KEPT + 4))
    assert len(history.screen(TECHNICIAN).bubbles) == 1
    history.close()
