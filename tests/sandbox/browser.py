"""Drives the sandbox page in headless Chromium, in the words of somebody holding the phones.

    with open_browser(folder) as browser:
        page = SandboxPage(browser, url)
        page.phone("owner-lin").types("预约服务")
        page.phone("tech-wang").presses("接单")
        page.phone("owner-lin").waits_for("已接单")
        page.advances("+1 分钟")

Every wait has a bound and says what it waited for, and what the phone showed instead.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from selenium.common.exceptions import (
    ElementClickInterceptedException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
MISSING = "chromium and chromedriver are not installed" if not (CHROMIUM and CHROMEDRIVER) else ""
"""Why there is no browser to drive; empty if there is one. A reason for `skipif`."""

PATIENCE_S = 10.0

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
)

T = TypeVar("T")


@contextmanager
def open_browser(folder: Path, *, width: int = 1600, height: int = 1000) -> Iterator[Chrome]:
    """A Chromium of its own, with its profile in `folder`; closed at the end of the block."""
    options = ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (*_FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, Service(CHROMEDRIVER))
    try:
        set_size(browser, width, height)
        yield browser
    finally:
        browser.quit()


def set_size(browser: Chrome, width: int, height: int) -> None:
    """Make the page exactly so large, in CSS pixels; a window cannot be as narrow as a phone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


class SandboxPage:
    """The page as a whole: its phones, its clock, its connection."""

    def __init__(self, browser: Chrome, url: str, *, language: str = "zh") -> None:
        self.browser = browser
        self.url = url
        browser.get(f"{url}?lang={language}")
        self.waits_until(lambda: self.link == "open", "the page to be connected")

    @property
    def addresses(self) -> list[str]:
        """The phones on the page, from left to right."""
        phones = self.browser.find_elements(By.CSS_SELECTOR, ".phone")
        return [phone.get_attribute("data-address") or "" for phone in phones]

    @property
    def link(self) -> str | None:
        """The connection's state: connecting, open or lost."""
        return self.by_id("link").get_attribute("data-state")

    @property
    def clock(self) -> str:
        """The centre's clock as shown, "14:05:00"."""
        return self.by_id("clock-time").text

    @property
    def date(self) -> str:
        """The centre's date as shown, "11月23日 周一"."""
        return self.by_id("clock-date").text

    def phone(self, address: str) -> PhoneOnPage:
        """The phone with that address."""
        return PhoneOnPage(self, address)

    def advances(self, label: str) -> None:
        """Press one of the clock's buttons ("+10 分钟") and wait until it has arrived."""
        hands = self.browser.find_elements(By.CSS_SELECTOR, ".hands button")
        next(button for button in hands if button.text == label).click()
        self.clock_arrives()

    def advances_to(self, wall: str) -> None:
        """Put the clock to the centre's wall time ("2026-11-24T09:00") by the dialog."""
        self.by_id("clock-to").click()
        field = self.by_id("to-input")
        self.browser.execute_script("arguments[0].value = arguments[1]", field, wall)
        self.by_id("to-go").click()
        self.clock_arrives()

    def clock_arrives(self) -> None:
        """Wait until no advance is under way."""
        clock = self.by_id("clock")
        self.waits_until(lambda: clock.get_attribute("data-busy") == "false", "the clock to arrive")

    def takes_look(self, label: str) -> None:
        """Switch how the phones look ("企业微信") and wait until they do."""
        looks = self.browser.find_elements(By.CSS_SELECTOR, "#look button")
        next(button for button in looks if button.text == label).click()
        wecom = label in ("企业微信", "WeCom")
        self.waits_until(
            lambda: bool(self.browser.find_elements(By.CSS_SELECTOR, ".phone.wecom")) == wecom,
            f"the phones to look like {label}",
        )

    def closes_guide(self) -> None:
        """Put the tour away, if it is open."""
        if self.by_id("guide").is_displayed():
            self.by_id("guide-close").click()

    def keys(self, *keys: str) -> None:
        """Type into whatever has the focus."""
        self.browser.switch_to.active_element.send_keys(*keys)

    def complaints(self) -> list[str]:
        """What the browser has complained of since the last call: errors, refused scripts."""
        log: list[dict[str, str]] = self.browser.get_log("browser")  # type: ignore[no-untyped-call]
        return [f"{line['level']}: {line['message']}" for line in log]

    def by_id(self, id: str) -> WebElement:  # noqa: A002
        """An element of the frame."""
        return self.browser.find_element(By.ID, id)

    def waits_until(
        self,
        happened: Callable[[], T],
        what: str,
        instead: Callable[[], object] | None = None,
    ) -> T:
        """Wait for something to come true; fails with what was awaited and seen instead."""
        waiting = WebDriverWait(
            self.browser,
            PATIENCE_S,
            poll_frequency=0.05,
            # A message edited in place is drawn anew under our eyes: look again.
            ignored_exceptions=[StaleElementReferenceException, ElementClickInterceptedException],
        )
        try:
            return waiting.until(lambda _: happened())
        except TimeoutException:
            seen = f"; seen instead: {instead()}" if instead else ""
            raise AssertionError(f"waited {PATIENCE_S:g} s for {what}{seen}") from None


class PhoneOnPage:
    """One phone: what its holder does with it and sees on it."""

    def __init__(self, page: SandboxPage, address: str) -> None:
        self.page = page
        self.address = address

    @property
    def element(self) -> WebElement:
        """The phone itself, looked up anew: the page may have been rebuilt."""
        return self.page.browser.find_element(
            By.CSS_SELECTOR, f'.phone[data-address="{self.address}"]'
        )

    @property
    def field(self) -> WebElement:
        """The input field."""
        return self.element.find_element(By.CSS_SELECTOR, "textarea")

    def types(self, text: str) -> None:
        """Type words and send them; a line break in them is typed as Shift+Enter."""
        self._comes_up()
        lines = text.split("\n")
        self.field.send_keys(lines[0])
        for line in lines[1:]:
            self.field.send_keys(Keys.SHIFT, Keys.ENTER, Keys.NULL, line)
        self.field.send_keys(Keys.ENTER)

    def presses(self, label: str) -> None:
        """Press the newest button or menu key that is labelled so, waiting for it to appear."""
        self._comes_up()
        self.page.waits_until(
            lambda: self._press(label), f"a button {label!r} on {self.address}", self.shows
        )

    def sends_photo(self, path: Path, caption: str = "") -> None:
        """Attach a picture, with the words in the input field as its caption."""
        self._comes_up()
        if caption:
            self.field.send_keys(caption)
        self.element.find_element(By.CSS_SELECTOR, "input[type=file]").send_keys(str(path))

    def waits_for(self, text: str) -> None:
        """Wait until a message on the phone contains the text."""
        self.page.waits_until(
            lambda: any(text in shown for shown in self.shows()),
            f"{text!r} on {self.address}",
            self.shows,
        )

    def waits_for_toast(self, text: str) -> None:
        """Wait until the phone's latest toast contains the text, even if it is gone by now."""
        toast = self.element.find_element(By.CSS_SELECTOR, ".toast")
        self.page.waits_until(
            lambda: text in _words(toast),
            f"a toast {text!r} on {self.address}",
            lambda: _words(toast),
        )

    def shows(self) -> list[str]:
        """The texts of all messages, oldest first."""
        return self._all_words(".message .text")

    def labels(self) -> list[str]:
        """The labels of all buttons under messages, oldest first."""
        return self._all_words(".press")

    def menu(self) -> list[str]:
        """The labels of the standing menu."""
        return self._all_words(".key")

    def unread(self) -> int:
        """How many messages the page counts as not yet seen."""
        badge = self.page.browser.find_element(
            By.CSS_SELECTOR, f'.tab[data-for="{self.address}"] .badge'
        )
        return int(_words(badge) or 0)

    def _all_words(self, selector: str) -> list[str]:
        # In one call: between two, a message may be drawn anew.
        script = "return [...arguments[0].querySelectorAll(arguments[1])].map(e => e.textContent)"
        words: list[str] = self.page.browser.execute_script(script, self.element, selector)
        return words

    def _press(self, label: str) -> bool:
        buttons = self.element.find_elements(By.CSS_SELECTOR, ".start, .key, .press")
        same = [one for one in buttons if _words(one) == label]
        if not same:
            return False
        self.page.browser.execute_script(
            "arguments[0].scrollIntoView({block: 'nearest', inline: 'nearest'})", same[-1]
        )
        same[-1].click()
        return True

    def _comes_up(self) -> None:
        """On a narrow page, turn to this phone first."""
        if not self.element.is_displayed():
            self.page.browser.find_element(
                By.CSS_SELECTOR, f'.tab[data-for="{self.address}"]'
            ).click()


def _words(element: WebElement) -> str:
    """An element's words exactly as written, whether or not it is in view."""
    return str(element.get_property("textContent"))
