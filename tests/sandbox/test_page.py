"""The page in a real browser: what people type, press, see, and find again."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from bot.channels.base import Spoken
from tests.sandbox.browser import SandboxPage, set_size
from tests.sandbox.centre import CentreBesides, open_centre_besides
from tests.sandbox.stand_in import CS, OWNER, PHONES, TECHNICIAN

pytestmark = pytest.mark.browser

TAP = "水龙头维修 · ¥60 起"


def has_focus(page: SandboxPage) -> str | None:
    """What the focused element is labelled, or says."""
    element = page.browser.switch_to.active_element
    return element.get_attribute("aria-label") or element.text


def test_a_first_visit_shows_every_phone_the_clock_and_the_tour(page: SandboxPage) -> None:
    assert page.addresses == [phone.address for phone in PHONES]
    assert (page.clock[:5], page.date) == ("14:05", "11月23日 周一")
    assert page.by_id("guide").is_displayed()
    assert len(page.by_id("guide-steps").find_elements(By.CSS_SELECTOR, "li")) == 10
    owner = page.phone(OWNER).element.text
    assert "林女士" in owner
    assert "3 栋 1201" in owner
    assert "业主" in owner


def test_a_booking_goes_from_phone_to_phone_and_cards_change_in_place(page: SandboxPage) -> None:
    owner, technician = page.phone(OWNER), page.phone(TECHNICIAN)
    owner.presses("开始")
    owner.waits_for("云麓里服务中心")
    owner.presses("预约服务")
    owner.presses(TAP)
    owner.waits_for("已预约")
    owner.waits_for_toast("预约好了")
    assert owner.shows()[-1].startswith("已预约")  # in place of the question, not after it
    assert owner.element.find_elements(By.CSS_SELECTOR, ".message.changed .edited")

    technician.presses("接单")
    technician.waits_for("已接单")
    assert technician.labels() == ["出发", "呼叫控制中心", "转单"]
    owner.waits_for("王师傅已接单")


def test_a_menu_and_a_shared_number(page: SandboxPage) -> None:
    owner = page.phone(OWNER)
    owner.presses("开始")
    owner.presses("分享手机号")
    owner.waits_for("号码已核对 1201 True")
    page.waits_until(
        lambda: owner.menu() == ["预约服务", "紧急报修", "我的订单", "联系客服"],
        "the new menu",
        owner.menu,
    )


def test_markup_stays_words_and_lines_stay_lines(page: SandboxPage) -> None:
    owner = page.phone(OWNER)
    attack = '<img src=x onerror="document.title=1"><b>粗</b>\n  第二行'
    owner.types(attack)
    owner.waits_for(f"收到：{attack}")
    text = owner.element.find_element(By.CSS_SELECTOR, ".own .text")
    assert text.find_elements(By.CSS_SELECTOR, "*") == []
    assert text.value_of_css_property("white-space-collapse") == "preserve"
    assert "Doorstep" in page.browser.title


def test_script_in_a_label_stays_a_label(page: SandboxPage, besides: CentreBesides) -> None:
    label = "<script>alert(1)</script>"
    besides.does(besides.centre.desk.say(OWNER, Spoken("看", menu=((label,),))))
    page.phone(OWNER).waits_for("看")
    assert page.phone(OWNER).menu() == [label]


def test_a_photo_reaches_the_other_phone_and_opens_large(
    page: SandboxPage, tmp_path: Path, picture: bytes
) -> None:
    path = tmp_path / "wall.jpg"
    path.write_bytes(picture)
    page.phone(OWNER).sends_photo(path, "水槽下面")
    technician = page.phone(TECHNICIAN)
    technician.waits_for("水槽下面")
    thumbnail = technician.element.find_element(By.CSS_SELECTOR, ".photo")
    image = thumbnail.find_element(By.CSS_SELECTOR, "img")
    page.waits_until(lambda: image.get_property("naturalWidth") == 64, "the picture to load")
    thumbnail.click()
    assert page.by_id("viewer").is_displayed()
    page.keys(Keys.ESCAPE)
    page.waits_until(lambda: not page.by_id("viewer").is_displayed(), "the viewer to close")


def test_the_clock_moves_by_its_buttons_and_says_no_to_the_past(
    page: SandboxPage, besides: CentreBesides
) -> None:
    centre = besides.centre
    due = centre.clock.now() + timedelta(minutes=30)

    def remind() -> None:
        besides.loop.create_task(centre.desk.say(CS, Spoken("到时间了")))

    centre.clock.promises.append((due, remind))
    page.advances("+10 分钟")
    assert page.clock.startswith("14:15")
    page.advances("+1 小时")
    assert page.clock.startswith("15:15")
    page.phone(CS).waits_for("到时间了")
    page.advances_to("2026-11-24T09:00")
    assert (page.clock[:5], page.date) == ("09:00", "11月24日 周二")
    page.phone(CS).types("早")
    page.phone(CS).waits_for("收到：早")
    days = page.phone(CS).element.find_elements(By.CSS_SELECTOR, ".day")
    assert [day.text for day in days] == ["11月23日星期一", "11月24日星期二"]
    page.advances("月末")
    assert (page.clock[:5], page.date) == ("09:05", "12月1日 周二")


def test_while_the_clock_moves_its_buttons_wait(page: SandboxPage, besides: CentreBesides) -> None:
    held = asyncio.Event()
    besides.centre.clock.held_by = held
    hands = page.browser.find_elements(By.CSS_SELECTOR, ".hands button")
    hands[0].click()
    page.waits_until(page.by_id("clock-way").is_displayed, "the progress to show")
    assert {button.get_attribute("aria-disabled") for button in hands} == {"true"}
    hands[1].click()
    besides.loop.call_soon_threadsafe(held.set)
    page.clock_arrives()
    assert page.clock.startswith("14:06")


def test_by_keyboard_alone(page: SandboxPage) -> None:
    owner, technician = page.phone(OWNER), page.phone(TECHNICIAN)
    page.keys(Keys.ALT, "3", Keys.NULL)
    assert has_focus(page) == "王师傅要说的话"
    page.keys("第一行", Keys.SHIFT, Keys.ENTER, Keys.NULL, "第二行", Keys.ENTER)
    technician.waits_for("收到：第一行\n第二行")

    page.keys(Keys.ALT, "1", Keys.NULL)
    page.keys("预约服务", Keys.ENTER)
    owner.waits_for("想预约")
    page.keys(Keys.SHIFT, Keys.TAB, Keys.TAB, Keys.NULL)  # over the camera to the last button
    assert has_focus(page) == "返回"
    for _ in range(3):
        page.keys(Keys.SHIFT, Keys.TAB, Keys.NULL)
    assert has_focus(page) == TAP
    page.keys(Keys.ENTER)
    owner.waits_for("已预约")
    # The pressed button is gone; the focus is on what took its place, not lost.
    page.waits_until(lambda: has_focus(page) == "改约", "the focus to move on")

    tab = page.browser.find_element(By.CSS_SELECTOR, f'.tab[data-for="{OWNER}"]')
    tab.send_keys(Keys.ARROW_RIGHT)
    assert has_focus(page) == "赵先生"


def test_what_is_not_in_view_is_counted_until_it_is_seen(
    page: SandboxPage, besides: CentreBesides
) -> None:
    owner, desk = page.phone(OWNER), besides.centre.desk
    for number in range(30):
        besides.does(desk.say(OWNER, Spoken(f"第 {number} 条")))
    owner.waits_for("第 29 条")
    assert owner.unread() == 30
    chat = owner.element.find_element(By.CSS_SELECTOR, ".chat")
    pill = owner.element.find_element(By.CSS_SELECTOR, ".pill")
    assert not pill.is_displayed()

    page.browser.execute_script("arguments[0].scrollTop = 0", chat)
    besides.does(desk.say(OWNER, Spoken("最新的一条")))
    page.waits_until(pill.is_displayed, "the pill")
    assert chat.get_property("scrollTop") == 0
    pill.click()
    page.waits_until(lambda: owner.unread() == 0, "everything to be seen")
    assert not pill.is_displayed()


def test_after_a_restart_the_page_finds_its_way_back(browser: Chrome, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open_centre_besides(tmp_path, port=port) as besides:
        page = SandboxPage(browser, besides.centre.url)
        owner = page.phone(OWNER)
        owner.types("之前")
        owner.waits_for("收到：之前")
    page.waits_until(lambda: page.link == "lost", "the loss to be seen")
    owner.types("途中")  # nobody is there; the page keeps trying
    with open_centre_besides(tmp_path, port=port):
        page.waits_until(lambda: page.link == "open", "the page to be back")
        owner.waits_for("收到：途中")
        assert owner.shows() == ["之前", "收到：之前", "途中", "收到：途中"]
        page.complaints()  # the refused connections, which were meant
        browser.get("about:blank")


def test_a_narrow_page_shows_one_phone_and_counts_on_the_others(
    page: SandboxPage, besides: CentreBesides
) -> None:
    set_size(page.browser, 360, 740)
    page.closes_guide()
    owner, technician = page.phone(OWNER), page.phone(TECHNICIAN)
    assert owner.element.is_displayed()
    assert not technician.element.is_displayed()
    for _language in ("zh", "en"):
        assert page.browser.execute_script("return document.documentElement.scrollWidth") == 360
        page.by_id("language").click()
    besides.does(besides.centre.desk.say(TECHNICIAN, Spoken("来活了")))
    page.waits_until(lambda: technician.unread() == 1, "the badge")
    technician.types("来了")
    assert not owner.element.is_displayed()
    technician.waits_for("收到：来了")
    assert technician.unread() == 0


def test_the_frame_speaks_both_languages(page: SandboxPage) -> None:
    page.by_id("language").click()
    assert "Ms Lin" in page.phone(OWNER).element.text
    assert page.by_id("clock-to").text == "to…"
    assert page.browser.execute_script("return document.documentElement.lang") == "en"
    unsaid = page.browser.find_elements(By.XPATH, "//*[@data-say and normalize-space(.)='']")
    assert [element.get_attribute("data-say") for element in unsaid] == []


def test_a_step_of_the_tour_leads_to_its_phone_with_the_words_ready(page: SandboxPage) -> None:
    steps = page.by_id("guide-steps").find_elements(By.CSS_SELECTOR, ".go")
    steps[5].click()
    assert page.phone(OWNER).field.get_property("value") == "厨房水管爆了"
    page.keys(Keys.ENTER)
    page.phone(OWNER).waits_for("收到：厨房水管爆了")
    page.closes_guide()
    page.browser.refresh()
    page.waits_until(lambda: page.link == "open", "the page to be connected")
    assert not page.by_id("guide").is_displayed()
