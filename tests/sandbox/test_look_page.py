"""WeCom's look in a real browser: switched on and off, pressed, typed at, on a narrow screen."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from bot.channels.base import Button, Labels, Spoken
from bot.event import Press
from tests.sandbox.browser import PhoneOnPage, SandboxPage, set_size
from tests.sandbox.centre import CentreBesides
from tests.sandbox.stand_in import CARD, OWNER, TAKEN, TECHNICIAN

pytestmark = pytest.mark.browser

TAP = "水龙头维修 · ¥60 起"


def window(phone: PhoneOnPage) -> str:
    """The line about what 微信客服 would still carry."""
    return phone.element.find_element(By.CSS_SELECTOR, ".window").text


def hears(page: SandboxPage, besides: CentreBesides, pressed: Press) -> None:
    """Wait until that press is the latest thing that was done."""
    events = besides.centre.desk.events
    page.waits_until(
        lambda: bool(events) and events[-1].what == pressed, f"{pressed}", lambda: events[-1:]
    )


def newest(phone: PhoneOnPage) -> str | None:
    """The ref of the newest message."""
    return phone.element.find_elements(By.CSS_SELECTOR, ".message")[-1].get_attribute("data-ref")


def test_a_booking_in_wecoms_look_and_the_same_in_the_plain_one(
    page: SandboxPage, besides: CentreBesides
) -> None:
    owner, technician = page.phone(OWNER), page.phone(TECHNICIAN)
    page.takes_look("企业微信")
    assert "look=wecom" in page.browser.current_url
    assert "还没写过消息" in window(owner)
    owner.presses("开始")
    owner.presses("预约服务")  # a line of the menu, which says its words
    owner.presses(TAP)
    owner.waits_for("已预约")
    assert owner.shows()[-3:-1] == ["想预约哪项服务？", TAP]
    assert TAP in owner.labels()  # the old menu stays
    assert "还能发 4 条，到 11月25日 14:05" in window(owner)
    owner.presses("返回")  # on that old menu
    page.waits_until(lambda: owner.shows()[-1] == "返回", "the tap to be said", owner.shows)

    technician.presses("接单")
    technician.waits_for("已接单")
    card = technician.element.find_element(By.CSS_SELECTOR, ".message.changed .card")
    assert card.find_element(By.CSS_SELECTOR, ".card-title").text == "任务 DD-0117 · 已接单"
    assert technician.labels() == ["出发", "呼叫控制中心", "转单"]
    technician.presses("出发")
    hears(page, besides, Press("go", newest(technician), flashes=False))
    besides.does(besides.centre.desk.say("tech-li", CARD))
    page.phone("tech-li").presses("接单")
    page.phone("tech-li").waits_for(TAKEN)  # a message: WeCom flashes nothing
    assert not page.phone("tech-li").element.find_element(By.CSS_SELECTOR, ".toast").is_displayed()

    page.browser.refresh()
    owner.waits_for("已预约")
    page.takes_look("普通")
    assert "look=plain" in page.browser.current_url
    owner.waits_for("已预约")
    assert TAP not in owner.labels()  # one message, changed in place
    assert owner.menu() == ["分享手机号", "预约服务", "紧急报修", "我的订单", "联系客服"]


def test_the_apps_menu_and_a_list_by_keyboard_on_a_narrow_page(
    page: SandboxPage, besides: CentreBesides
) -> None:
    set_size(page.browser, 390, 844)
    page.closes_guide()
    page.takes_look("企业微信")
    assert page.browser.execute_script("return document.documentElement.scrollWidth") == 390
    page.keys(Keys.ALT, "3", Keys.NULL)
    technician = page.phone(TECHNICIAN)
    page.keys(Keys.TAB, Keys.TAB, Keys.ENTER, Keys.TAB, Keys.NULL)
    assert page.browser.switch_to.active_element.text == "我的任务"
    page.keys(Keys.ESCAPE)
    assert page.browser.switch_to.active_element.get_attribute("aria-expanded") == "false"
    page.keys(Keys.ENTER, Keys.TAB, Keys.ENTER, Keys.NULL)
    hears(page, besides, Press("jobs.mine", flashes=False))

    many = tuple((Button(f"第{number}项", f"item.{number}"),) for number in range(1, 10))
    question = Spoken("哪一项？", many, labels=Labels(choose="确定"))
    ref = besides.does(besides.centre.desk.say(TECHNICIAN, question))
    technician.waits_for("哪一项？")
    options = technician.element.find_element(By.CSS_SELECTOR, ".options")
    assert options.get_attribute("aria-label") == "请选择"
    confirm = technician.element.find_element(By.CSS_SELECTOR, ".confirm")
    confirm.send_keys(Keys.ENTER)  # nothing is chosen yet: the list is what is needed
    assert page.browser.switch_to.active_element == options
    Select(options).select_by_visible_text("第7项")
    confirm.send_keys(Keys.ENTER)
    hears(page, besides, Press("item.7", ref, flashes=False))

    page.by_id("language").click()
    assert page.by_id("look").text.split() == ["Plain", "WeCom"]
    assert "WeCom · Plumbing" in technician.element.text
    unsaid = page.browser.find_elements(By.XPATH, "//*[@data-say and normalize-space(.)='']")
    assert [element.get_attribute("data-say") for element in unsaid] == []
