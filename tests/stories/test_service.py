"""The whole main job as people live it: booked, dispatched, served, rated, and heard."""

from __future__ import annotations

from tests.conversation import Actor, Town


async def test_an_owner_books_a_technician_serves_the_owner_rates_customer_service_hears(
    town: Town, owner: Actor, wang: Actor, li: Actor, cs: Actor, supervisor: Actor
) -> None:
    await owner.commands("start")
    print(await owner.hears(), owner.menu())
    await owner.presses("预约服务")
    print(await owner.hears(), owner.buttons())
    await owner.presses("水暖")
    print(await owner.hears(), owner.buttons())
    await owner.presses("换水龙头")
    print(await owner.hears(), owner.buttons())
    await owner.types("明天下午3点")
    print(await owner.hears(), owner.buttons())
    await owner.presses("确认预约")
    print(await owner.hears(), owner.buttons())
    for one in (wang, li, cs, supervisor):
        print(one.key, await one.hears(), one.buttons())
    await wang.presses("接单")
    print(await wang.hears(), wang.buttons())
    print(await owner.hears(), owner.buttons())
    await town.until("14:57")
    await town.until("14:57")
    for one in (owner, wang, li, cs, supervisor):
        print(one.key, await one.hears(), one.buttons())
    await wang.presses("出发")
    await wang.presses("已到达")
    await wang.presses("已说明内容和价格")
    print(await wang.hears(), wang.buttons())
    await wang.presses("¥40")
    print(await wang.hears(), wang.buttons())
    print(await owner.hears(), owner.buttons())
    await owner.presses("同意报价")
    print(await owner.hears(), owner.buttons())
    print(await wang.hears(), wang.buttons())
    await wang.presses("完工")
    print(await wang.hears(), wang.buttons())
    await wang.presses("已修好")
    print(await wang.hears(), wang.buttons())
    print(await owner.hears(), owner.buttons())
    await owner.presses("不满意")
    print(await owner.hears(), owner.buttons())
    for one in (cs, supervisor):
        print(one.key, await one.hears(), one.buttons())
    print(await town.verdicts(), await town.history())
