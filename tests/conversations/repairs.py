"""What stories of rework and mishaps begin with: a tap replaced by 王建国 for ¥40 at 15:00."""

from __future__ import annotations

from tests.conversation import Actor, Town
from tests.conversations.jobs import agreed, finishes


async def booked(owner: Actor) -> None:
    """Order 1: today at three, offered to 王建国."""
    await owner.presses_data("book.start")
    await owner.presses("水暖")
    await owner.presses("换水龙头")
    await owner.types("今天下午3点")
    await owner.presses("确认预约")


async def at_work(town: Town, owner: Actor, technician: Actor) -> None:
    """Order 1 is agreed to, and the technician is at it."""
    await booked(owner)
    await agreed(town, technician, owner)


async def repaired(
    town: Town, owner: Actor, technician: Actor, result: str = "已修好／已做完"
) -> None:
    """Order 1 is finished."""
    await at_work(town, owner, technician)
    await finishes(technician, result)


async def not_mended(owner: Actor) -> None:
    """Order 2: the owner says so of order 1, and takes the time that is proposed."""
    await owner.presses_data("rework.start|1")
    await owner.presses("确认返修")


async def back_on_site(town: Town, technician: Actor) -> None:
    """Somebody has taken order 2, and has come at its time."""
    await technician.presses("接单")
    order = await town.order(2)
    assert order.appointed_at is not None
    await town.until(order.appointed_at)
    await technician.presses_data("order.arrive|2")
