"""One card a job: wherever it stands in the chat, its buttons stand there alone."""

from __future__ import annotations

from tests.conversation import Actor, Town, on_ordinary_telephones
from tests.conversations.test_my_orders import books


@on_ordinary_telephones
async def test_a_card_that_moves_to_the_foot_of_the_chat_leaves_no_buttons_behind(
    town: Town, owner: Actor, wang: Actor
) -> None:
    await books(owner)
    await wang.presses("接单")
    await town.until("09:00")
    await town.until("14:58")
    for label in ("出发", "已到达", "已说明内容和价格", "¥40"):
        await wang.presses(label)
    await owner.presses("同意报价")
    faces = [shown for shown in wang.screen if shown.text.startswith("工单")]
    with_buttons = [shown for shown in faces if shown.buttons]
    assert [shown.text.splitlines()[0] for shown in with_buttons] == ["工单 YH261124-001　换水龙头"]
    assert wang.sees("完工")
    assert not owner.sees("同意报价")
