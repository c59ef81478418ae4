"""The check-up: what is set up wrongly is told by name, and where in the console to mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from bot.channels.wecom.calls.callbacks import CallbackServer
from bot.channels.wecom.calls.crypto import Seal
from bot.channels.wecom.calls.letters import Letter
from bot.channels.wecom.checkup import check_up
from bot.channels.wecom.settings import WeComSettings
from bot.channels.wecom.telling import Grade, Seen
from bot.wording import Wording
from tests.emulators.wecom import WeComEmulator
from tests.telegram.conftest import free_port
from tests.wecom.counter import HASTY, OddAnswers, odd_answers, settings

WORDING = Wording()


@pytest.fixture
async def wecom() -> AsyncIterator[WeComEmulator]:
    async with WeComEmulator() as emulator:
        yield emulator


@pytest.fixture
async def odd() -> AsyncIterator[OddAnswers]:
    async with odd_answers() as server:
        yield server


async def _look(settings: WeComSettings, grade: Grade) -> dict[str, Seen]:
    """What is found of this grade; everything found has words in every language."""
    found = await check_up(settings, HASTY)
    for one in found:
        for locale in WORDING.locales:
            assert WORDING.format(one.key, one.facts, locale)
    return {one.key: one for one in found if one.grade is grade}


def _set_up(wecom: WeComEmulator, **changed: object) -> WeComSettings:
    """Settings with a callback address that leads to us."""
    port = free_port()
    address = {"callback_port": port, "callback_url": f"http://127.0.0.1:{port}/wecom"}
    return settings(wecom, **{**address, **changed})


async def test_all_is_well(wecom: WeComEmulator) -> None:
    mine = _set_up(wecom)
    good = await _look(mine, Grade.GOOD)
    assert list(good) == ["wecom-secret", "wecom-agent", "wecom-kf", "wecom-callback"]
    assert good["wecom-kf"].facts == {"account": wecom.kf, "name": "到家客服"}
    assert not await _look(mine, Grade.BAD)
    assert not wecom.faults


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"corp_id": "wwanothercompany"}, "wecom-corp-bad", "40013"),
        ({"secret": "another-apps-secret"}, "wecom-secret-bad", "40001"),
        ({"agent_id": 1000099}, "wecom-agent-bad", "301002"),
    ],
)
async def test_a_wrong_setting_is_named(
    wecom: WeComEmulator, changed: dict[str, object], key: str, code: str
) -> None:
    bad = await _look(_set_up(wecom, **changed), Grade.BAD)
    assert {one.key: one.facts for one in bad.values()} == {key: {"code": code}}


async def test_a_wrong_agent_hides_nothing_else(wecom: WeComEmulator) -> None:
    bad = await _look(_set_up(wecom, agent_id=1000099, kf_accounts=["wkNobodys"]), Grade.BAD)
    assert set(bad) == {"wecom-agent-bad", "wecom-kf-unknown"}


async def test_an_address_that_is_not_trusted_is_told(wecom: WeComEmulator) -> None:
    wecom.trust(False)
    bad = await _look(_set_up(wecom), Grade.BAD)
    assert {one.key: one.facts for one in bad.values()} == {"wecom-ip-bad": {"ip": "127.0.0.1"}}


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ({"errcode": 60020, "errmsg": "not allow to access from your ip"}, "wecom-ip-bad-unnamed"),
        ({"errcode": 50003, "errmsg": "app disabled"}, "wecom-app-off"),
        ({"errcode": -1, "errmsg": "system busy"}, "wecom-busy"),
        ({"errcode": 95011, "errmsg": ""}, "wecom-refused"),
        ([], "wecom-silent"),
    ],
)
async def test_what_keeps_all_else_from_being_asked(
    wecom: WeComEmulator, odd: OddAnswers, answer: object, key: str
) -> None:
    odd.says("menu/get", answer)
    assert set(await _look(_set_up(wecom, api_base=odd.url), Grade.BAD)) == {key}
    assert odd.asked == ["gettoken", "menu/get"]


async def test_an_app_without_a_menu_is_good(wecom: WeComEmulator, odd: OddAnswers) -> None:
    odd.says("menu/get", {"errcode": 46003, "errmsg": "menu not exist"})
    mine = _set_up(wecom, api_base=odd.url, kf_accounts=[])
    assert "wecom-agent" in await _look(mine, Grade.GOOD)


async def test_an_api_that_is_not_there(wecom: WeComEmulator) -> None:
    bad = await _look(_set_up(wecom, api_base="http://127.0.0.1:9"), Grade.BAD)
    assert set(bad) == {"wecom-silent"}


# 微信客服


async def test_owners_may_be_left_out(wecom: WeComEmulator) -> None:
    assert "wecom-kf-none" in await _look(_set_up(wecom, kf_accounts=[]), Grade.NOTE)


async def test_an_app_that_may_not_use_customer_service(wecom: WeComEmulator) -> None:
    app = wecom.another_app(may_kf=False)
    mine = _set_up(wecom, secret=app.secret, agent_id=app.agent_id)
    assert set(await _look(mine, Grade.BAD)) == {"wecom-kf-not-permitted"}


async def test_an_account_that_is_not_given_to_the_app(
    wecom: WeComEmulator, odd: OddAnswers
) -> None:
    listed = {"open_kfid": "wkA", "name": "到家", "manage_privilege": False}
    odd.says("menu/get", {"errcode": 0})
    odd.says("kf/account/list", {"errcode": 0, "account_list": [listed]})
    bad = await _look(_set_up(wecom, api_base=odd.url, kf_accounts=["wkA", "wkB"]), Grade.BAD)
    assert set(bad) == {"wecom-kf-not-ours", "wecom-kf-unknown"}
    assert bad["wecom-kf-unknown"].facts == {"account": "wkB"}


@pytest.mark.parametrize(
    ("servicers", "count"),
    [
        ([], None),
        ([{"userid": "a", "status": 1, "stop_type": 0}], None),
        ([{"userid": "a", "status": 0}, {"userid": "b", "status": 1}, {"department_id": 3}], 2),
    ],
)
async def test_colleagues_to_whom_wecom_would_hand_owners_are_counted(
    wecom: WeComEmulator, odd: OddAnswers, servicers: Sequence[object], count: int | None
) -> None:
    listed = {"open_kfid": "wkA", "name": "到家", "manage_privilege": True}
    odd.says("menu/get", {"errcode": 0})
    odd.says("kf/account/list", {"errcode": 0, "account_list": [listed]})
    odd.says("kf/servicer/list", {"errcode": 0, "servicer_list": servicers})
    notes = await _look(_set_up(wecom, api_base=odd.url, kf_accounts=["wkA"]), Grade.NOTE)
    assert [one.facts["count"] for one in notes.values()] == ([] if count is None else [count])


async def test_a_servicer_who_is_receiving_is_noted(wecom: WeComEmulator) -> None:
    wecom.member("ChenJing", name="陈静")
    wecom.servicer("ChenJing", receiving=False)
    assert not await _look(_set_up(wecom), Grade.NOTE)
    wecom.servicer("ChenJing")
    assert "wecom-kf-servicers" in await _look(_set_up(wecom), Grade.NOTE)


# The callback address


async def _leave(_letter: Letter) -> None:
    raise AssertionError("nothing is sent here")


def _house(mine: WeComSettings, token: str) -> CallbackServer:
    seal = Seal(token, mine.aes_key.get_secret_value(), mine.corp_id)
    host, port = mine.callback_host, mine.callback_port
    return CallbackServer(host, port, seal, mine.agent_id, _leave, HASTY)


async def test_without_an_address_it_is_told_where_to_set_one(wecom: WeComEmulator) -> None:
    notes = await _look(settings(wecom, callback_port=8555), Grade.NOTE)
    assert notes["wecom-callback-unset"].facts == {"listening": "127.0.0.1:8555"}


async def test_the_house_that_runs_is_asked_itself(wecom: WeComEmulator) -> None:
    mine = _set_up(wecom)
    house = _house(mine, wecom.token)
    await house.start()
    assert "wecom-callback" in await _look(mine, Grade.GOOD)
    await house.stop()


async def test_a_house_with_another_token_is_found_out(wecom: WeComEmulator) -> None:
    mine = _set_up(wecom)
    house = _house(mine, "AnotherToken")
    await house.start()
    bad = await _look(mine, Grade.BAD)
    assert bad["wecom-callback-bad"].facts == {"url": mine.callback_url, "status": "403"}
    await house.stop()


@pytest.mark.parametrize("content", [b"", b"hello", b'"quoted"'])
async def test_another_program_at_the_address(
    wecom: WeComEmulator, odd: OddAnswers, content: bytes
) -> None:
    odd.says("/wecom", content)
    mine = _set_up(wecom, callback_url=f"{odd.url}/wecom")
    assert set(await _look(mine, Grade.BAD)) == {"wecom-callback-bad"}


async def test_nobody_at_the_address(wecom: WeComEmulator) -> None:
    mine = _set_up(wecom, callback_url="http://127.0.0.1:9/wecom")
    assert set(await _look(mine, Grade.BAD)) == {"wecom-callback-silent"}


async def test_an_address_that_answers_too_slowly(wecom: WeComEmulator) -> None:
    found = await check_up(_set_up(wecom), replace(HASTY, echo_s=0.0))
    assert found[-1].key == "wecom-callback-slow"
