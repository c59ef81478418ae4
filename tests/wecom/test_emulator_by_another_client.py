"""The emulator speaks WeCom's API: wechatpy, which is not our library, agrees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from io import BytesIO
from typing import Any

import pytest
from wechatpy.exceptions import WeChatClientException

from tests.emulators.wecom import WeComEmulator
from tests.wecom.peers import JPEG, Ear, Peer, in_thread


def card(task_id: str, **more: object) -> dict[str, Any]:
    """A job's card with two buttons."""
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "source": {"desc": "到家"},
            "main_title": {"title": "换水龙头", "desc": "三号楼"},
            "sub_title_text": "请在十分钟内接单",
            "horizontal_content_list": [{"keyname": "房号", "value": "3-1201"}],
            "task_id": task_id,
            "button_list": [
                {"text": "接单", "style": 1, "key": "accept:1"},
                {"text": "拒单", "style": 2, "key": "refuse:1"},
            ],
            **more,
        },
    }


def refused(errcode: int) -> AbstractContextManager[object]:
    """The call is refused with this code."""
    return pytest.raises(WeChatClientException, match=f"Error code: {errcode},")


@pytest.fixture
async def wecom() -> AsyncIterator[WeComEmulator]:
    async with WeComEmulator() as emulator:
        yield emulator


@pytest.fixture
async def ear(wecom: WeComEmulator) -> AsyncIterator[Ear]:
    async with Ear(wecom) as listening:
        yield listening


@pytest.fixture
async def peer(wecom: WeComEmulator) -> AsyncIterator[Peer]:
    client = Peer(wecom)
    yield client
    client.close()


async def test_texts_arrive_and_who_cannot_be_reached_is_named(
    wecom: WeComEmulator, peer: Peer
) -> None:
    wang, li = wecom.member("WangJianguo"), wecom.member("lizhiqiang")
    li.licensed = False
    sent = await in_thread(
        peer.message.send_text, wecom.agent_id, ["WangJianguo", "Nobody", "lizhiqiang"], "您好"
    )
    assert (await wang.sees("您好")).kind == "text"
    assert (sent["invaliduser"], sent["unlicenseduser"]) == ("nobody", "lizhiqiang")
    wang.leaves()
    with refused(81013):
        await in_thread(peer.message.send_text, wecom.agent_id, ["WangJianguo"], "您好")
    assert li.screen == []
    assert wecom.faults == []


async def test_a_card_is_pressed_and_changes(wecom: WeComEmulator, ear: Ear, peer: Peer) -> None:
    wang = wecom.member("wangjianguo")
    sent = await in_thread(peer.message.send, wecom.agent_id, "wangjianguo", msg=card("T1"))
    shown = await wang.sees("3-1201")
    assert shown.text.splitlines() == [
        "到家",
        "换水龙头",
        "三号楼",
        "房号：3-1201",
        "请在十分钟内接单",
    ]
    assert shown.buttons == ("接单", "拒单")

    await wang.presses("接单")
    assert ear.last["Event"] == "template_card_event"
    assert (ear.last["EventKey"], ear.last["TaskId"]) == ("accept:1", "T1")
    update = {
        "userids": ["wangjianguo", "nobody"],
        "agentid": wecom.agent_id,
        "response_code": ear.last["ResponseCode"],
        "button": {"replace_name": "已接单"},
    }
    changed = await in_thread(peer.post, "message/update_template_card", data=update)
    assert changed["invaliduser"] == ["nobody"]
    greyed = await wang.sees("已接单")
    assert (greyed.buttons, greyed.edits) == ((), 1)
    with refused(60140):
        await in_thread(peer.post, "message/update_template_card", data=update)

    anew = card("T2")["template_card"] | {"sub_title_text": "已出发"}
    update = update | {"response_code": sent["response_code"], "template_card": anew}
    del update["button"]
    await in_thread(peer.post, "message/update_template_card", data=update)
    assert (await wang.sees("已出发")).buttons == ("接单", "拒单")
    assert wecom.faults == []


async def test_media_go_up_and_are_shown(wecom: WeComEmulator, peer: Peer) -> None:
    wang = wecom.member("wangjianguo")
    photo = BytesIO(JPEG)
    photo.name = "kitchen.jpg"
    uploaded = await in_thread(peer.media.upload, "image", photo)
    await in_thread(peer.message.send_image, wecom.agent_id, "wangjianguo", uploaded["media_id"])
    assert wang.screen[-1].photo == JPEG
    got = await in_thread(peer.get, "media/get", params={"media_id": uploaded["media_id"]})
    assert got.content == JPEG
    assert got.headers["Content-Disposition"] == 'attachment; filename="kitchen.jpg"'
    with refused(40005):
        await in_thread(peer.media.upload, "sculpture", BytesIO(JPEG))
    with refused(40007):
        await in_thread(peer.get, "media/get", params={"media_id": "nothing"})


async def test_a_customer_is_welcomed_answered_and_handed_over(
    wecom: WeComEmulator, ear: Ear, peer: Peer
) -> None:
    zhang = wecom.customer("wmOwner1", name="张伟")
    link = await in_thread(peer.kf.add_contact_way, wecom.kf, "inv1")
    await zhang.opens(f"{link['url']}&scene_param=INVITE%2D42")
    assert ear.parsed[-1].event == "kf_msg_or_event"
    pull = {"open_kfid": wecom.kf, "token": ear.last["Token"], "cursor": ""}
    pulled = await in_thread(peer.post, "kf/sync_msg", data=pull)
    (entered,) = pulled["msg_list"]
    assert (entered["event"]["scene"], entered["event"]["scene_param"]) == ("inv1", "INVITE%2D42")
    hello = {"text": {"content": "欢迎"}}
    code = entered["event"]["welcome_code"]
    await in_thread(peer.kf.send_msg_on_event, code, "text", hello, "w-1")
    assert zhang.screen[-1].text == "欢迎"
    with refused(42022):
        await in_thread(peer.kf.send_msg_on_event, code, "text", hello)
    with refused(95018):
        await in_thread(peer.kf_message.send_text, "wmOwner1", wecom.kf, "早了")

    await zhang.types("厨房漏水")
    pulled = await in_thread(
        peer.post, "kf/sync_msg", data=pull | {"cursor": pulled["next_cursor"]}
    )
    assert [each["text"]["content"] for each in pulled["msg_list"]] == ["厨房漏水"]
    await in_thread(peer.kf_message.send_text, "wmOwner1", wecom.kf, "收到", "o-1")
    items = [
        {"type": "text", "text": {"content": "请选择"}},
        {"type": "click", "click": {"id": "rate_1", "content": "1. 满意"}},
        {"type": "click", "click": {"id": "rate_0", "content": "2. 不满意"}},
    ]
    await in_thread(peer.kf_message.send_msgmenu, "wmOwner1", wecom.kf, "满意吗？", items, "谢谢")
    assert zhang.screen[-1].text == "满意吗？\n请选择\n1. 满意\n2. 不满意\n谢谢"
    await zhang.presses("不满意")
    pulled = await in_thread(
        peer.post, "kf/sync_msg", data=pull | {"cursor": pulled["next_cursor"]}
    )
    (tapped,) = pulled["msg_list"]
    assert tapped["text"] == {"content": "2. 不满意", "menu_id": "rate_0"}

    wecom.member("chenjing")
    await in_thread(peer.kf.add_servicer, wecom.kf, "chenjing")
    assert (await in_thread(peer.kf.get_service_state, wecom.kf, "wmOwner1"))["service_state"] == 0
    await in_thread(peer.kf.trans_service_state, wecom.kf, "wmOwner1", 3, "chenjing")
    state = await in_thread(peer.kf.get_service_state, wecom.kf, "wmOwner1")
    assert (state["service_state"], state["servicer_userid"]) == (3, "chenjing")
    with refused(95018):
        await in_thread(peer.kf_message.send_text, "wmOwner1", wecom.kf, "晚了")
    known = await in_thread(peer.kf.batchget_customer, ["wmOwner1", "wmNobody"])
    assert known["customer_list"][0]["nickname"] == "张伟"
    assert known["invalid_external_userid"] == ["wmNobody"]
    assert wecom.faults == []


async def test_the_menu_is_created_and_tapped(wecom: WeComEmulator, ear: Ear, peer: Peer) -> None:
    wang = wecom.member("wangjianguo")
    more = [{"type": "view", "name": "看板", "url": "https://doorstep.example/b"}]
    buttons = [
        {"type": "click", "name": "我的任务", "key": "MY"},
        {"name": "更多", "sub_button": more},
    ]
    await in_thread(peer.menu.create, wecom.agent_id, {"button": buttons})
    assert wecom.menu == {"button": buttons}
    assert wang.menu == ["我的任务", "更多", "看板"]
    await wang.clicks_menu("我的任务")
    assert (ear.last["Event"], ear.last["EventKey"]) == ("click", "MY")
    assert (await in_thread(peer.menu.get, wecom.agent_id))["button"] == buttons
    await in_thread(peer.menu.delete, wecom.agent_id)
    assert wecom.menu is None


async def test_what_a_member_does_is_decrypted_by_another_library(
    wecom: WeComEmulator, ear: Ear
) -> None:
    wang = wecom.member("wangjianguo")
    await wang.types("厨房 ]]> 漏水 <&>")
    assert (ear.parsed[-1].content, ear.parsed[-1].source) == ("厨房 ]]> 漏水 <&>", "wangjianguo")
    await wang.sends_photo(JPEG)
    assert ear.parsed[-1].image.startswith(f"{wecom.url}/picture/")
    await wang.sends_location(23.134, 113.358, "三号楼")
    assert (ear.last["Location_X"], ear.last["Label"]) == ("23.134", "三号楼")
    await wang.enters()
    assert (ear.last["Event"], ear.last["AgentID"]) == ("enter_agent", str(wecom.agent_id))


async def test_the_address_is_verified_by_its_very_bytes(wecom: WeComEmulator, ear: Ear) -> None:
    assert await wecom.verify_callback()
    ear.echoes = False
    assert not await wecom.verify_callback()
    wecom.callback_url = None
    assert not await wecom.verify_callback()
