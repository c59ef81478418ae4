"""Message key + facts + locale → words. Every word we say stands in `locales`, none in Python."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime
from fluent.runtime import FluentBundle, FluentResource

from bot import paging
from bot.channels.base import Button, Labels, Spoken
from bot.charts import Drawing, Panel
from services.messages import (
    Action,
    Chart,
    Curve,
    Fact,
    Message,
    Minutes,
    Moment,
    Money,
    Named,
    Rows,
    Saying,
    Share,
    Word,
    Words,
)
from services.rules.figures import Figure, Target

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "zh-CN"


class NoWordsError(LookupError):
    """A key has no words in a language, or its words ask for a fact that was not given."""


class Wording:
    """The catalogues of all languages there are: one folder each in `locales`."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self.locales = tuple(sorted(path.name for path in folder.iterdir() if path.is_dir()))
        self._bundles = {locale: _bundle(folder / locale, locale) for locale in self.locales}

    def locale_for(self, hint: str | None) -> str:
        """The locale for a platform's hint (BCP 47): Chinese without one, else English."""
        language = (hint or DEFAULT).split("-")[0].lower()
        return (
            next((one for one in self.locales if one.split("-")[0] == language), "en")
            if (language != "zh")
            else DEFAULT
        )

    def has(self, key: str, locale: str) -> bool:
        """Whether the language has words for the key."""
        return self._bundles[locale].has_message(key)

    def text(self, saying: Saying, locale: str, now: datetime) -> str:
        """One paragraph in a language, spoken at `now` (for 今天 and 明天).

        Raises:
            NoWordsError: the key is unknown, or a fact it needs is missing.
        """
        facts = {
            name.replace("_", "-"): self._fact(fact, locale, now)
            for name, fact in saying.facts.items()
        }
        return self.format(saying.key, facts, locale)

    def format(self, key: str, facts: Mapping[str, str | int], locale: str) -> str:
        """A key with facts that are words and numbers already.

        Raises:
            NoWordsError: the key is unknown, or a fact it needs is missing.
        """
        bundle = self._bundles.get(locale) or self._bundles[DEFAULT]
        pattern = bundle.get_message(key).value if bundle.has_message(key) else None
        if pattern is None:
            raise NoWordsError(f"{key} has no words in {locale}")
        words, errors = bundle.format_pattern(pattern, dict(facts))
        if errors:
            raise NoWordsError(f"{key} in {locale}: {errors}")
        return str(words)

    def label(self, action: Action, locale: str, now: datetime) -> str:
        """What stands on the action's button."""
        return self.text(action.saying, locale, now)

    def speak(
        self,
        message: Message,
        locale: str,
        now: datetime,
        photo: Callable[[str], Path],
        choices: int | None = None,
    ) -> Spoken:
        """A whole message in a language, ready for a channel with so many buttons a message."""
        words = [self.text(part, locale, now) for part in message.parts]
        menu = message.menu
        return Spoken(
            text="\n".join(line for line in words if line),
            rows=self._buttons(message.rows, locale, now, choices),
            menu=None
            if menu is None
            else tuple(tuple(self.label(one, locale, now) for one in row) for row in menu),
            ask_contact=self.text(Saying("do-share-contact"), locale, now)
            if message.ask_contact
            else None,
            photos=tuple(photo(name) for name in message.photos),
            silent=message.silent,
            labels=self._labels(locale),
        )

    def _labels(self, locale: str) -> Labels:
        return Labels(
            choose=self.format("do-choose", {}, locale),
            closed=self.format("card-closed", {}, locale),
        )

    def drawing(self, chart: Chart, locale: str, now: datetime) -> Drawing:
        """A chart in a language, ready to be drawn."""
        pattern = self.text(Saying("chart-month-pattern"), locale, now)
        return Drawing(
            title=self.text(chart.title, locale, now),
            months=tuple(_on_clock(month, pattern, locale) for month in chart.months),
            panels=tuple(self._panel(curve, locale, now) for curve in chart.curves),
        )

    def _panel(self, curve: Curve, locale: str, now: datetime) -> Panel:
        target = None if curve.target is None else Target(curve.target, curve.at_most)
        figures = [Figure(hits, total, target=target) for hits, total in curve.points]
        newest, aim = figures[-1], "chart-aim-most" if curve.at_most else "chart-aim-least"
        facts: dict[str, Fact] = {"hits": newest.hits, "total": newest.total}
        facts["rate"] = Share(newest.tenths())
        return Panel(
            title=self.text(curve.label, locale, now),
            now=self.text(Saying("chart-now", facts), locale, now),
            aim=self.text(Saying(aim, {"target": target.percent}), locale, now) if target else "",
            points=tuple(figure.tenths() for figure in figures),
            target=curve.target,
            at_most=curve.at_most,
            is_met=newest.meets(),
        )

    def _buttons(
        self, rows: Rows, locale: str, now: datetime, choices: int | None
    ) -> tuple[tuple[Button, ...], ...]:
        shown, more = paging.first_page(rows, choices)
        numbers = itertools.count(1)
        buttons = tuple(
            tuple(
                Button(self.label(action, locale, now), action.data, next(numbers))
                for action in row
            )
            for row in shown
        )
        return buttons if more is None else (*buttons, (self._unnumbered(more, locale, now),))

    def _unnumbered(self, action: Action, locale: str, now: datetime) -> Button:
        """A way to further choices is none of them: numbers count what can be chosen."""
        return Button(self.label(action, locale, now), action.data)

    def matches(self, typed: str, actions: Iterable[Action], now: datetime) -> Action | None:
        """The action whose label, in any language, is what somebody typed."""
        wanted = _plain(typed)
        for action in actions:
            for locale in self.locales:
                with suppress(NoWordsError):  # a message of an earlier version, since reworded
                    if _plain(self.label(action, locale, now)) == wanted:
                        return action
        return None

    def _fact(self, fact: Fact, locale: str, now: datetime) -> str | int:
        match fact:
            case str() | int():
                return fact
            case Word(key):
                return self.text(Saying(key), locale, now)
            case Words(keys):
                joint = self.text(Saying("list-joint"), locale, now).strip("|")
                return joint.join(self.text(Saying(key), locale, now) for key in keys)
            case Named(zh, en):
                return zh if locale == DEFAULT else en
            case Money(fen):
                return self._money(fen, locale, now)
            case Minutes(count):
                return self._minutes(count, locale, now)
            case Share(tenths):
                return percent(tenths)
            case Moment():
                return self._moment(fact, locale, now)

    def _money(self, fen: int | None, locale: str, now: datetime) -> str:
        if fen is None:
            return self.text(Saying("price-on-site"), locale, now)
        yuan, rest = divmod(fen, 100)
        return f"¥{yuan:,}.{rest:02d}" if rest else f"¥{yuan:,}"

    def _minutes(self, count: int, locale: str, now: datetime) -> str:
        hours, rest = divmod(count, 60)
        if hours and not rest:
            return self.text(Saying("hours", {"count": hours}), locale, now)
        return self.text(Saying("minutes", {"count": count}), locale, now)

    def _moment(self, moment: Moment, locale: str, now: datetime) -> str:
        zone = ZoneInfo(moment.zone)
        at, today = moment.at.astimezone(zone), now.astimezone(zone).date()
        if moment.style == "exact":
            return format_datetime(at, "yyyy-MM-dd HH:mm:ss", locale=_babel(locale))
        time = format_datetime(at, "HH:mm", locale=_babel(locale))
        if moment.style == "time":
            return time
        if moment.style == "month":
            return _on_clock(moment, self.text(Saying("month-pattern"), locale, now), locale)
        near = {
            today: "day-today",
            today + timedelta(days=1): "day-tomorrow",
            today + timedelta(days=2): "day-after-tomorrow",
        }.get(at.date())
        short = near is not None and moment.style == "short"
        pattern = self.text(Saying("day-pattern-short" if short else "day-pattern"), locale, now)
        day = format_datetime(at, pattern, locale=_babel(locale))
        if near:
            day = self.text(Saying(near, {"day": day}), locale, now)
        return day if moment.style == "day" else f"{day} {time}"


def _on_clock(moment: Moment, pattern: str, locale: str) -> str:
    """A moment on the clock of its zone, as the pattern says."""
    at = moment.at.astimezone(ZoneInfo(moment.zone))
    return str(format_datetime(at, pattern, locale=_babel(locale)))


def percent(tenths: int | None) -> str:
    """A share in tenths of a percent: 98.4%, 100%, and — of nothing."""
    if tenths is None:
        return "—"
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}%" if rest else f"{whole}%"


@cache
def _bundle(folder: Path, locale: str) -> FluentBundle:
    """A language's catalogue; reading one takes a second, and it does not change while we run."""
    bundle = FluentBundle([locale], use_isolating=False)
    for path in sorted(folder.glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


@cache
def _babel(locale: str) -> Locale:
    """Looked up once: Babel takes a millisecond to find a locale by its name, each time."""
    return Locale.parse(locale, sep="-")


def _plain(label: str) -> str:
    return "".join(label.split()).casefold()
