"""Who lives where (§3.3): by phone, by code, by review; and who is refused, and how."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select

from bot.event import Command, Press
from services import residents
from services.desk import Desk
from services.invites import make_invite
from services.residents import Home
from storage.records import Person, Relation
from storage.tables import persons, rooms, staff
from storage.tables import residents as roll
from tests.conversation import Actor, Town, known_as, on_ordinary_telephones

NEWCOMER = "13800100006"


# By a shared phone number


async def test_3_3_owner_is_bound_by_their_own_shared_contact(town: Town, newcomer: Actor) -> None:
    await newcomer.commands("start")
    await newcomer.presses("绑定房屋")
    assert any(shown.spoken.ask_contact == "分享我的手机号" for shown in newcomer.screen)
    await newcomer.shares_contact(f"+86{NEWCOMER}")
    assert "6-601" in await newcomer.hears()
    assert "预约服务" in newcomer.menu()
    assert [home.room.room_no for home in await _homes(town, "newcomer")] == ["6-601"]


async def test_3_3_a_contact_of_somebody_else_is_refused(town: Town, stranger: Actor) -> None:
    await stranger.shares_contact(NEWCOMER, own=False)
    assert "不是您本人" in await stranger.hears()
    assert await _homes(town, "stranger") == []


async def test_3_3_one_number_binds_all_rooms_of_its_owner(town: Town, newcomer: Actor) -> None:
    await town.change(partial(_on_roll, room="5-802", name="罗平", phone=NEWCOMER))
    await newcomer.shares_contact(NEWCOMER)
    rooms_bound = {home.room.room_no for home in await _homes(town, "newcomer")}
    assert rooms_bound == {"6-601", "5-802"}


async def test_3_3_a_number_of_several_names_asks_for_room_and_name(
    town: Town, newcomer: Actor
) -> None:
    await town.change(partial(_on_roll, room="5-802", name="罗安", phone=NEWCOMER))
    await newcomer.shares_contact(NEWCOMER)
    assert "还不能确定房屋" in await newcomer.hears()
    assert await _homes(town, "newcomer") == []
    # Room, name and proven number together match the roll.
    await newcomer.presses("云湖花园")
    await newcomer.presses("业主")
    await newcomer.types("6栋601")
    await newcomer.types("罗 平")
    await newcomer.presses("提交核对")
    assert [home.room.room_no for home in await _homes(town, "newcomer")] == ["6-601"]


async def test_3_3_a_proven_number_that_is_on_no_roll_goes_to_review(
    stranger: Actor, cs: Actor
) -> None:
    await stranger.shares_contact("13800999999")
    await _answers(stranger, room="6-601", name="罗平", phone=None)
    assert "客服核对" in await stranger.hears()
    heard = await cs.hears()
    assert "平台已验证" in heard
    assert "电话不一致" in heard


async def test_3_3_family_and_tenants_are_not_bound_by_a_number_alone(
    town: Town, stranger: Actor
) -> None:
    await town.change(
        partial(_on_roll, room="3-1201", name="张小伟", phone="13800300001", relation="family")
    )
    await stranger.shares_contact("13800300001")
    assert await _homes(town, "stranger") == []


async def test_an_unreadable_number_is_said_to_be_one(stranger: Actor) -> None:
    await stranger.shares_contact("不是号码")
    assert "无法识别" in await stranger.hears()


async def test_a_second_account_of_an_owner_joins_the_first(town: Town, owner: Actor) -> None:
    second = town.actor("owner-second-phone")
    await second.shares_contact("13800100001")
    assert "3-1201" in await second.hears()
    assert await _person_id(town, "owner-second-phone") == await _person_id(town, "owner")
    await owner.commands("start")
    assert "预约服务" in owner.menu()


async def test_typed_words_never_join_accounts(town: Town, stranger: Actor, cs: Actor) -> None:
    await _claims(stranger, room="3-1201", name="张伟", phone="13800100001")
    assert "另一个账号" in await cs.hears()
    await cs.presses("同意")
    assert "一次性验证码" in await cs.hears()
    assert await _homes(town, "stranger") == []
    assert await _person_id(town, "stranger") != await _person_id(town, "owner")


# By a one-time code


async def test_3_3_tenant_is_bound_by_a_code(town: Town, newcomer: Actor) -> None:
    code = await _code(town, "6-601")
    await newcomer.commands("start")
    await newcomer.presses("绑定房屋")
    await newcomer.presses("我有验证码")
    await newcomer.types(f" {code[:4].lower()} {code[4:].lower()} ")
    assert "6-601" in await newcomer.hears()
    assert "预约服务" in newcomer.menu()


async def test_3_3_a_link_with_a_code_binds_at_the_first_word(town: Town, newcomer: Actor) -> None:
    await newcomer.commands("start", await _code(town, "6-601"))
    assert "6-601" in await newcomer.hears()
    assert "预约服务" in newcomer.menu()


async def test_3_3_a_code_works_once(town: Town, newcomer: Actor, stranger: Actor) -> None:
    code = await _code(town, "6-601")
    await newcomer.commands("start", code)
    await stranger.commands("start", code)
    assert "还可以试 4 次" in await stranger.hears()
    assert await _homes(town, "stranger") == []


async def test_3_3_a_code_that_is_over_binds_nobody(town: Town, newcomer: Actor) -> None:
    code = await _code(town, "6-601", valid_for=timedelta(hours=1))
    await town.passes(hours=1)
    await newcomer.commands("start", code)
    assert "已经过期" in await newcomer.hears()
    assert await _homes(town, "newcomer") == []


async def test_3_3_five_tries_an_hour_and_the_sixth_is_not_read(
    town: Town, newcomer: Actor
) -> None:
    code = await _code(town, "6-601")
    await newcomer.commands("start")
    await newcomer.presses("绑定房屋")
    await newcomer.presses("我有验证码")
    for left in (4, 3, 2, 1):
        await newcomer.types("WRONG222")
        assert f"还可以试 {left} 次" in await newcomer.hears()
    await newcomer.types("WRONG222")
    assert "1 小时" in await newcomer.hears()

    await newcomer.commands("start", code)  # right, but the sixth
    assert "最多试 5 次" in await newcomer.hears()
    assert await _homes(town, "newcomer") == []

    await town.passes(minutes=40)
    await newcomer.types("我有验证码")
    assert "20 分钟" in await newcomer.hears()

    await town.passes(minutes=21)
    await newcomer.commands("start", code)
    assert "6-601" in await newcomer.hears()


async def test_3_3_tries_are_counted_for_each_person_alone(
    town: Town, newcomer: Actor, stranger: Actor
) -> None:
    for _ in range(5):
        await stranger.commands("start", "WRONG222")
    await newcomer.commands("start", await _code(town, "6-601"))
    assert "6-601" in await newcomer.hears()


async def test_a_code_joins_a_second_account_to_the_person_it_was_made_for(
    town: Town, owner: Actor
) -> None:
    second = town.actor("owner-second-phone")
    await second.commands("start")
    await second.presses("语言")
    await second.presses("English")
    await second.commands("start", await _code(town, "3-1201"))
    assert "3-1201" in await second.hears()
    assert await _person_id(town, "owner-second-phone") == await _person_id(town, "owner")


async def test_what_an_account_had_asked_for_goes_along_when_it_joins_a_person(
    town: Town, cs: Actor
) -> None:
    second = town.actor("owner-second-phone")
    await town.passes(minutes=5)  # the account used last is the one that is answered
    await _claims(second, room="6-601", name="罗某", phone="13800999991")
    await second.commands("start", await _code(town, "3-1201"))
    await second.hears()
    await cs.presses("驳回")
    assert "没有通过核对" in await second.hears()


async def test_a_staff_code_makes_an_account_staff(town: Town, stranger: Actor) -> None:
    code = await town.change(partial(_staff_code, name="陈静"))
    await stranger.commands("start", code)
    assert "客服" in await stranger.hears()
    assert "待派单" in stranger.menu()
    assert await _person_id(town, "stranger") == await _person_id(town, "cs")


async def test_a_code_for_who_has_left_makes_nobody_staff(town: Town, stranger: Actor) -> None:
    code = await town.change(partial(_staff_code, name="陈静"))
    await town.change(
        lambda connection: connection.execute(
            staff.update().where(staff.c.name == "陈静").values(active=False)
        )
    )
    await stranger.commands("start", code)
    assert "验证码不对" in await stranger.hears()
    assert "待派单" not in stranger.menu()


async def test_staff_cannot_take_over_an_owners_account_with_a_code(town: Town, cs: Actor) -> None:
    code = await _code(town, "3-1201")
    await cs.commands("start", code)
    assert "不能合并" in await cs.hears()
    assert await _person_id(town, "cs") != await _person_id(town, "owner")
    second = town.actor("owner-second-phone")  # the code is still good for its owner
    await second.commands("start", code)
    assert "3-1201" in await second.hears()


@on_ordinary_telephones
async def test_staff_who_live_here_are_residents_too(town: Town, wang: Actor) -> None:
    await wang.commands("start", await _code(town, "6-601"))
    assert {"我的任务", "预约服务"} <= set(wang.menu())
    assert await _name(town, "wang") == "王建国"  # as the roster calls him


# By the owner's invitation


async def test_3_3_an_owner_invites_family_by_a_code(
    town: Town, owner: Actor, stranger: Actor
) -> None:
    code = await _invites(owner, "家人", name="张小雨", phone="13800300004")
    await stranger.commands("start", code)
    assert "3-1201" in await stranger.hears()
    [home] = await _homes(town, "stranger")
    assert (home.relation, home.name) == (Relation.FAMILY, "张小雨")
    await stranger.types("更多")
    assert not stranger.sees("邀请家人或租户")


async def test_3_3_an_invited_tenant_has_a_last_day(
    town: Town, owner: Actor, stranger: Actor
) -> None:
    code = await _invites(owner, "租户", "2026-12-31", name="马明", phone="13800300005")
    await stranger.commands("start", code)
    assert "2026-12-31" in await stranger.hears()
    await owner.types("更多")
    await owner.presses("邀请家人或租户")
    await _invited(owner, "租户", "2026-12-31", name="马明", phone="13800300005")
    assert "已经绑定" in await owner.hears()
    town.clock.at += timedelta(days=40)
    assert await _homes(town, "stranger") == []


@pytest.mark.parametrize("key", ["tenant", "stranger", "moved_out", "cs"])
async def test_3_3_only_an_owner_invites(town: Town, key: str) -> None:
    actor = town.actor(key)
    await actor.types("邀请家人或租户")
    assert "只有业主" in await actor.hears()


# By review


async def test_3_3_all_three_typed_right_still_go_to_review(
    town: Town, stranger: Actor, cs: Actor, cs2: Actor
) -> None:
    await _claims(stranger, room="6栋601", name="罗平", phone="138 0010 0006")
    assert await _homes(town, "stranger") == []
    card = await cs.hears()
    assert "6-601" in card
    assert "138****0006" in card
    assert NEWCOMER not in card
    assert "未验证" in card
    assert "姓名一致，电话一致" in card
    assert "名册登记身份：业主" in card

    await stranger.hears()
    await cs.presses("同意")
    assert "已同意绑定" in await cs.hears()
    assert "核对通过" in await stranger.hears()
    assert "预约服务" in stranger.menu()
    assert [home.room.room_no for home in await _homes(town, "stranger")] == ["6-601"]

    await cs2.hears()
    await cs2.presses("驳回")
    heard = await cs2.hears()
    assert "陈静" in heard
    assert "同意" in heard
    assert [home.room.room_no for home in await _homes(town, "stranger")] == ["6-601"]


async def test_3_3_a_claim_is_rejected_and_the_applicant_told(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await _claims(stranger, room="6-601", name="罗某", phone="13800999998")
    assert "姓名不一致，电话不一致" in await cs.hears()
    await stranger.hears()
    await cs.presses("驳回")
    heard = await stranger.hears()
    assert "没有通过核对" in heard
    assert "02000000001" in heard
    assert await _homes(town, "stranger") == []
    await _claims(stranger, room="6-601", name="罗平", phone=NEWCOMER)  # they may try again
    assert "已提交" in await stranger.hears()


async def test_a_claim_nobody_on_the_roll_matches_makes_a_line_as_claimed(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await _claims(stranger, room="6-601", name="罗小平", phone="13800999997", relation="家人")
    await cs.presses("同意")
    [home] = await _homes(town, "stranger")
    assert (home.room.room_no, home.relation, home.name) == ("6-601", Relation.FAMILY, "罗小平")


async def test_a_claimed_tenancy_has_its_last_day(town: Town, stranger: Actor, cs: Actor) -> None:
    await _claims(
        stranger,
        room="6-601",
        name="何新",
        phone="13800999996",
        relation="租户",
        until="2027-06-30",
    )
    assert "2027-06-30" in await cs.hears()
    await cs.presses("同意")
    [home] = await _homes(town, "stranger")
    assert (home.relation, home.until) == (Relation.TENANT, date(2027, 6, 30))


async def test_a_tenancy_that_is_over_by_the_time_of_the_decision_is_not_granted(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await _claims(
        stranger,
        room="6-601",
        name="何新",
        phone="13800999996",
        relation="租户",
        until="2026-11-25",
    )
    await town.passes(hours=72)
    await cs.hears()
    await cs.presses("同意")
    assert "租期已经过了" in await cs.hears()
    assert await _homes(town, "stranger") == []


async def test_a_room_that_is_not_on_the_roll_cannot_be_granted(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await _claims(stranger, room="99-9999", name="罗平", phone=NEWCOMER)
    assert "没有这个房号" in await cs.hears()
    await cs.presses("同意")
    assert "无法绑定" in await cs.hears()
    await cs.presses("驳回")
    assert "没有通过核对" in await stranger.hears()
    assert await _homes(town, "stranger") == []


async def test_name_and_number_of_two_different_people_are_pointed_out(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await town.change(partial(_on_roll, room="6-601", name="罗安", phone="13800300002"))
    await _claims(stranger, room="6-601", name="罗平", phone="13800300002")
    assert "不是同一个人" in await cs.hears()


async def test_one_claim_at_a_time(stranger: Actor) -> None:
    await _claims(stranger, room="6-601", name="罗平", phone=NEWCOMER)
    await stranger.hears()
    await stranger.presses("填写信息")
    heard = await stranger.hears()
    assert "还在核对" in heard
    assert "02000000001" in heard
    await stranger.shares_contact("13800999995")
    assert "还在核对" in await stranger.hears()


async def test_a_claim_in_the_night_reaches_the_desk_in_the_morning(
    town: Town, stranger: Actor, cs: Actor
) -> None:
    await town.until("23:30")
    await cs.hears()
    await _claims(stranger, room="6-601", name="罗平", phone=NEWCOMER)
    assert await cs.hears() == ""
    await town.until("08:29")
    assert await cs.hears() == ""
    await town.until("08:30")
    assert "6-601" in await cs.hears()


async def test_the_desk_of_the_claimed_centre_is_asked_and_no_other(
    stranger: Actor, cs: Actor, far_cs: Actor, control: Actor
) -> None:
    await _claims(stranger, room="1-101", name="沈月", phone="13800100005", centre="溪山雅居")
    assert "1-101" in await far_cs.hears()
    assert await cs.hears() == ""
    assert await control.hears() == ""


async def test_two_of_the_desk_decide_at_once_and_one_decision_holds(
    town: Town, cs: Actor, cs2: Actor
) -> None:
    applicant = town.actor("applicant")
    await _claims(applicant, room="6-601", name="罗平", phone=NEWCOMER)
    await applicant.hears()
    await asyncio.gather(
        town.take("cs", Press("bind.approve|1")), town.take("cs2", Press("bind.reject|1"))
    )
    heard = await applicant.hears()
    assert ("核对通过" in heard) != ("没有通过核对" in heard)
    assert len(await _homes(town, "applicant")) == ("核对通过" in heard)


async def test_two_send_one_code_at_once_and_one_is_let_in(town: Town) -> None:
    code = await _code(town, "6-601")
    await asyncio.gather(
        *(town.take(key, Command("start", code)) for key in ("first", "second", "third"))
    )
    bound = [await _homes(town, key) for key in ("first", "second", "third")]
    assert sorted(map(len, bound)) == [0, 0, 1]


# Forged, foreign and broken


@pytest.mark.parametrize(
    "key", ["owner", "stranger", "wang", "control", "far_cs", "business", "moved_out"]
)
@pytest.mark.parametrize("action", ["bind.approve|1", "bind.reject|1"])
async def test_only_the_centres_desk_decides(town: Town, key: str, action: str) -> None:
    applicant = town.actor("applicant")
    await _claims(applicant, room="6-601", name="罗平", phone=NEWCOMER)
    forger = town.actor(key)
    await forger.hears()
    await forger.presses_data(action)
    assert "不归您办理" in await forger.hears()
    assert await _homes(town, "applicant") == []
    cs = town.actor("cs")
    await cs.presses("同意")  # still open
    assert len(await _homes(town, "applicant")) == 1


@pytest.mark.parametrize("key", ["supervisor", "head"])
async def test_superiors_may_decide_too(town: Town, key: str) -> None:
    applicant = town.actor("applicant")
    await _claims(applicant, room="6-601", name="罗平", phone=NEWCOMER)
    await town.actor(key).presses_data("bind.approve|1")
    assert len(await _homes(town, "applicant")) == 1


async def test_nobody_decides_on_a_claim_of_their_own(town: Town, cs: Actor) -> None:
    await _claims(cs, room="6-601", name="罗平", phone=NEWCOMER)
    await cs.presses_data("bind.approve|1")
    assert "不归您办理" in await cs.hears()
    assert await _homes(town, "cs") == []


@pytest.mark.parametrize(
    "data",
    ["bind.approve|999", "bind.approve|0", "bind.approve|x", "bind.approve", "bind.approve|1|2"],
)
async def test_decisions_on_nothing_are_answered_politely(cs: Actor, data: str) -> None:
    await cs.presses_data(data)
    assert "编号" not in await cs.hears()  # no incident


async def test_5000_characters_are_no_room(stranger: Actor) -> None:
    await stranger.types("绑定房屋")
    await stranger.presses("填写信息")
    await stranger.presses("云湖花园")
    await stranger.presses("业主")
    await stranger.hears()
    await stranger.types("楼" * 5000)
    assert "太长" in await stranger.hears()
    await stranger.types("3-" + "1" * 400)
    assert "请输入房号" in await stranger.hears()
    await stranger.types("6-601")
    assert "姓名" in await stranger.hears()


@pytest.mark.parametrize(
    ("answers", "asked_again"),
    [
        (("6-601", "13800100006"), "姓名"),
        (("6-601", "罗" * 41), "姓名"),
        (("6-601", "罗平", "没有"), "手机号"),
        (("6-601", "罗平", "110"), "手机号"),
    ],
)
async def test_answers_that_cannot_be_are_asked_again(
    stranger: Actor, answers: tuple[str, ...], asked_again: str
) -> None:
    await stranger.types("绑定房屋")
    await stranger.presses("填写信息")
    await stranger.presses("云湖花园")
    await stranger.presses("业主")
    for answer in answers:
        await stranger.hears()
        await stranger.types(answer)
    heard = await stranger.hears()
    assert "没有看懂" in heard
    assert asked_again in heard


async def test_going_back_never_lends_a_proof_to_typed_words(stranger: Actor, cs: Actor) -> None:
    await stranger.types("绑定房屋")
    await _answers(stranger, room="6-601", name="罗平", phone=None, send=False)
    await stranger.shares_contact("13800999999")  # in the middle of the form: it is kept as proof
    assert "13800999999" in stranger.newest().text
    for _ in range(4):
        await stranger.presses("返回")
    await stranger.presses("云湖花园")
    await stranger.presses("业主")
    await stranger.types("6-601")
    await stranger.types("罗平")
    assert "13800999999" in stranger.newest().text
    await stranger.presses("提交核对")
    assert "电话不一致" in await cs.hears()


async def test_a_stranger_who_claims_learns_nothing_of_the_roll(stranger: Actor) -> None:
    await _claims(stranger, room="99-9999", name="无此人", phone="13800999994")
    unknown = await stranger.hears()
    other = stranger.town.actor("other")
    await _claims(other, room="6-601", name="罗平", phone="13800999993")
    assert (await other.hears()).replace("6-601", "").splitlines()[-2:] == unknown.replace(
        "99-9999", ""
    ).splitlines()[-2:]


# Ended bindings


async def test_3_3_a_tenants_binding_ends_on_its_date(town: Town, tenant: Actor) -> None:
    assert len(await _homes(town, "tenant")) == 1
    town.clock.at += timedelta(days=68)  # 31 January 2027: the last day still counts
    assert len(await _homes(town, "tenant")) == 1
    town.clock.at += timedelta(hours=14)  # midnight in Shanghai
    assert await _homes(town, "tenant") == []
    await tenant.commands("start")
    assert tenant.menu() == ["紧急报修", "绑定房屋", "语言"]


async def test_3_3_with_the_tenancy_the_sight_of_the_rooms_orders_ends(
    town: Town, owner: Actor, stranger: Actor
) -> None:
    code = await _invites(owner, "租户", "2026-12-31", name="马明", phone="13800300005")
    await stranger.commands("start", code)
    await owner.presses_data("urgent.report|power_outage|0")
    await stranger.hears()
    await stranger.presses_data("orders.show|1")
    assert "YH261124-001" in await stranger.hears()

    town.clock.at += timedelta(days=40)
    await stranger.presses_data("orders.show|1")
    assert "不归您办理" in await stranger.hears()
    await stranger.commands("start")
    await stranger.types("我的订单")
    assert "YH261124-001" not in await stranger.hears()


async def test_3_3_who_has_moved_out_is_a_stranger(town: Town, moved_out: Actor) -> None:
    assert await _homes(town, "moved_out") == []
    await moved_out.commands("start")
    assert "2-302" not in await moved_out.hears()
    assert "预约服务" not in moved_out.menu()


async def test_3_3_a_line_ended_on_the_roll_binds_nobody(town: Town, owner: Actor) -> None:
    await town.change(partial(_ends, name="张伟", at=town.clock.now()))
    await owner.commands("start")
    assert "预约服务" not in owner.menu()
    await owner.shares_contact("13800100001")
    assert await _homes(town, "owner") == []
    await owner.commands("start", await _code(town, "3-1201"))
    assert "验证码不对" in await owner.hears()


async def test_3_3_unbinding_asks_first_and_sets_the_menu_anew(town: Town, owner: Actor) -> None:
    await owner.types("更多")
    await owner.presses("解除绑定")
    assert "3-1201" in await owner.hears()
    await owner.presses("保留")
    assert "没有改动" in await owner.hears()
    assert len(await _homes(town, "owner")) == 1

    await owner.types("解除绑定")
    await owner.presses("确认解除")
    assert "已解除" in await owner.hears()
    assert owner.menu() == ["紧急报修", "绑定房屋", "语言"]
    assert await _homes(town, "owner") == []

    await owner.shares_contact("13800100001")  # the roll still has the line
    assert len(await _homes(town, "owner")) == 1


async def test_nobody_unbinds_the_home_of_another(town: Town, neighbour: Actor) -> None:
    [home] = await _homes(town, "owner")
    for action in ("unbind.ask", "unbind.confirm"):
        await neighbour.presses_data(f"{action}|{home.line_id}")
        assert "没有找到" in await neighbour.hears()
    assert len(await _homes(town, "owner")) == 1


async def test_with_several_homes_one_is_chosen_and_the_newest_is_the_default(
    town: Town, newcomer: Actor
) -> None:
    await newcomer.shares_contact(NEWCOMER)
    await town.passes(minutes=1)
    await town.change(partial(_on_roll, room="5-802", name="罗平", phone="13800300003"))
    await newcomer.commands("start", await _code(town, "5-802", name="罗平"))
    assert [home.room.room_no for home in await _homes(town, "newcomer")] == ["5-802", "6-601"]
    await newcomer.types("解除绑定")
    await newcomer.presses("6-601")
    await newcomer.presses("确认解除")
    assert [home.room.room_no for home in await _homes(town, "newcomer")] == ["5-802"]


async def test_unbinding_without_a_home_says_so(stranger: Actor) -> None:
    await stranger.types("解除绑定")
    assert "没有绑定" in await stranger.hears()


# An unverified person


async def test_3_3_unverified_may_report_an_emergency_and_nothing_else(
    stranger: Actor, moved_out: Actor
) -> None:
    for unverified in (stranger, moved_out):
        await unverified.types("预约服务")
        assert "请先绑定房屋" in await unverified.hears()
        assert unverified.buttons() == ["绑定房屋", "紧急报修"]
        await unverified.presses("紧急报修")
        assert "请先绑定房屋" not in await unverified.hears()


async def test_both_languages_have_the_same_words_for_a_home(newcomer: Actor) -> None:
    await newcomer.commands("language")
    await newcomer.presses("English")
    await newcomer.shares_contact(NEWCOMER)
    heard = await newcomer.hears()
    assert "your home is bound" in heard
    assert not re.search(r"\{|\$", heard)


# Hands


async def _invites(owner: Actor, relation: str, *until: str, name: str, phone: str) -> str:
    """The code the owner is given for somebody."""
    await owner.types("更多")
    await owner.presses("邀请家人或租户")
    await _invited(owner, relation, *until, name=name, phone=phone)
    found = re.search("验证码：([A-Z0-9]+)", await owner.hears())
    assert found is not None
    return found[1]


async def _invited(owner: Actor, relation: str, *until: str, name: str, phone: str) -> None:
    await owner.presses(relation)
    for day in until:
        await owner.types(day)
    await owner.types(name)
    await owner.types(phone)
    await owner.presses("生成验证码")


async def _claims(
    actor: Actor,
    *,
    room: str,
    name: str,
    phone: str,
    relation: str = "业主",
    until: str | None = None,
    centre: str = "云湖花园",
) -> None:
    await actor.types("绑定房屋")
    await _answers(
        actor,
        room=room,
        name=name,
        phone=phone,
        relation=relation,
        until=until,
        centre=centre,
        begin=True,
    )


async def _answers(
    actor: Actor,
    *,
    room: str,
    name: str,
    phone: str | None,
    relation: str = "业主",
    until: str | None = None,
    centre: str = "云湖花园",
    begin: bool = False,
    send: bool = True,
) -> None:
    """Fill in the claim; without a phone where a proven one is known already."""
    if begin or not send:
        await actor.presses("填写信息")
    await actor.presses(centre)
    await actor.presses(relation)
    if until is not None:
        await actor.types(until)
    await actor.types(room)
    await actor.types(name)
    if phone is not None:
        await actor.types(phone)
    if send:
        await actor.presses("提交核对")


async def _homes(town: Town, key: str) -> list[Home]:
    def unit(connection: Connection) -> list[Home]:
        found = known_as(connection, key)
        return residents.homes(Desk(connection, town.clock.now()), found[1]) if found else []

    return await town.look(unit)


async def _person_id(town: Town, key: str) -> int:
    found = await town.look(partial(known_as, key=key))
    assert found is not None
    return found[1].id


async def _name(town: Town, key: str) -> str | None:
    found = await town.look(partial(known_as, key=key))
    assert found is not None
    person: Person = found[1]
    return person.name


async def _code(
    town: Town, room: str, *, name: str | None = None, valid_for: timedelta = timedelta(days=7)
) -> str:
    def unit(connection: Connection) -> str:
        wanted = select(roll.c.id).join(rooms).where(rooms.c.room_no == room)
        if name is not None:
            wanted = wanted.where(roll.c.name == name)
        line = connection.execute(wanted.order_by(roll.c.id).limit(1)).scalar_one()
        desk = Desk(connection, town.clock.now())
        return make_invite(desk, resident_id=line, valid_for=valid_for)

    return await town.change(unit)


def _staff_code(connection: Connection, *, name: str) -> str:
    line, person_id = connection.execute(
        select(staff.c.id, staff.c.person_id).where(staff.c.name == name)
    ).one()
    created = connection.execute(
        select(persons.c.created_at).where(persons.c.id == person_id)
    ).scalar_one()
    return make_invite(Desk(connection, created), staff_id=line)


def _on_roll(
    connection: Connection, *, room: str, name: str, phone: str, relation: str = "owner"
) -> None:
    room_id = connection.execute(select(rooms.c.id).where(rooms.c.room_no == room)).scalar_one()
    connection.execute(
        roll.insert().values(room_id=room_id, name=name, phone=phone, relation=Relation(relation))
    )


def _ends(connection: Connection, *, name: str, at: object) -> None:
    connection.execute(roll.update().where(roll.c.name == name).values(ended_at=at))
