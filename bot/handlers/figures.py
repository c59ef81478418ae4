"""本月指标: a month's figures as lines, the orders behind each, and the trend as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.handlers.board import PAGE, turn_over
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import figures
from services.desk import Desk
from services.messages import Action, Fact, Message, Moment, Saying, Share, Word, do, say
from services.rules.figures import YEARS, Figure, Measure, Period, month_of

router = Router("figures")

CARD = "figures"
TOGETHER = 0
"""In place of a centre's key: all that the person may see, added up."""


@router.action("figures.show")
def show(turn: Turn, desk: Desk) -> Reply:
    """本月指标."""
    mine = figures.readable(desk, turn.person)
    centre_id = mine[0] if len(mine) == 1 else TOGETHER
    return reply(_face(turn, desk, centre_id, figures.this_month(desk, mine), fresh=True))


@router.action("figures.month")
def month(turn: Turn, desk: Desk, centre_id: int, year_month: int) -> Reply:
    """Another month, or another centre, in its place."""
    period = _month(year_month)
    if period is None:
        return flash("toast-button-unknown")
    return reply(_face(turn, desk, centre_id, period))


def _month(year_month: int) -> Period | None:
    """202611 as a month; None where there is no such one."""
    year, number = divmod(year_month, 100)
    if year not in YEARS or number not in range(1, 13):
        return None
    return month_of(date(year, number, 1))


def _code(period: Period) -> int:
    return period.first.year * 100 + period.first.month


def _face(
    turn: Turn, desk: Desk, centre_id: int, period: Period, *, fresh: bool = False
) -> Message:
    centres = figures.chosen(desk, turn.person, centre_id)
    found = figures.count(desk, centres, period)
    message = say("figures-head", **_about(desk, centres, period))
    if figures.is_running(desk, centres, period):
        now = Moment(desk.now, desk.centre(centres[0]).zone)
        message = message.line("figures-so-far", at=now)
    for measure, figure in found.items():
        message = _with_figure(message, measure, figure)
    message = message.line("figures-no-visits")
    for row in _buttons(turn, desk, centre_id, period, found):
        message = message.row(*row)
    return message.as_card(CARD, fresh=fresh)


def _about(desk: Desk, centres: Sequence[int], period: Period) -> dict[str, Fact]:
    return {
        "where": figures.where(desk, centres),
        "month": figures.month_moment(desk, centres, period),
    }


def _with_figure(message: Message, measure: Measure, figure: Figure) -> Message:
    message = Message((*message.parts, figure_line(measure, figure)))
    message = message.line_if(figure.waived, "figures-waived", count=figure.waived)
    few = measure is Measure.REWORK and 0 < figure.total < figures.FEW_JOBS
    return message.line_if(few, "figures-few", count=figure.hits)


def figure_line(measure: Measure, figure: Figure) -> Saying:
    """A figure as one line: its mark, name, share, both numbers, and the target if it has one."""
    met = {True: "met", False: "missed", None: "none"}[figure.meets()]
    facts: dict[str, Fact] = {
        "mark": Word(f"figures-mark-{met}"),
        "name": Word(f"figure-{measure}"),
        **_numbers(figure),
    }
    if figure.target is None:
        return Saying("figures-line", facts)
    key = "figures-line-most" if figure.target.at_most else "figures-line-least"
    return Saying(key, {**facts, "target": figure.target.percent})


def _numbers(figure: Figure) -> dict[str, Fact]:
    return {"rate": Share(figure.tenths()), "hits": figure.hits, "total": figure.total}


def _buttons(
    turn: Turn, desk: Desk, centre_id: int, period: Period, found: figures.Figures
) -> Sequence[Sequence[Action]]:
    """A button for each figure with orders behind it; other months, the trend, other centres."""
    opening = [
        do(
            "figures.open",
            measure,
            centre_id,
            _code(period),
            0,
            label=Saying(f"figures-label-{measure}"),
        )
        for measure, figure in found.items()
        if not figure.is_empty()
    ]
    beside = _months_beside(desk, figures.chosen(desk, turn.person, centre_id), centre_id, period)
    trend = do("figures.trend", centre_id, _code(period))
    return (*_in_pairs(opening), beside, (trend,), *_centres(turn, desk, centre_id, period))


def _in_pairs(actions: Sequence[Action]) -> list[Sequence[Action]]:
    return [actions[at : at + 2] for at in range(0, len(actions), 2)]


def _months_beside(
    desk: Desk, centres: Sequence[int], centre_id: int, period: Period
) -> list[Action]:
    earlier, later = month_of(period.first, -1), month_of(period.first, 1)
    beside = [("figures-earlier", earlier)]
    if later.first <= figures.this_month(desk, centres).first:
        beside.append(("figures-later", later))
    return [
        do(
            "figures.month",
            centre_id,
            _code(one),
            label=Saying(key, {"month": figures.month_moment(desk, centres, one)}),
        )
        for key, one in beside
    ]


def _centres(turn: Turn, desk: Desk, centre_id: int, period: Period) -> list[Sequence[Action]]:
    """The other centres of somebody who has several, and all of them together."""
    mine = figures.readable(desk, turn.person)
    if len(mine) == 1:
        return []
    return _in_pairs(
        [
            do(
                "figures.month",
                one,
                _code(period),
                label=Saying("figures-centre", {"where": figures.where(desk, centres)}),
            )
            for one, centres in ((TOGETHER, mine), *((one, [one]) for one in mine))
            if one != centre_id
        ]
    )


# The orders behind one


@router.action("figures.open")
def open_figure(
    turn: Turn, desk: Desk, name: str, centre_id: int, year_month: int, page: int
) -> Reply:
    """The orders of one figure, those that spoil it first; each opens its card."""
    centres = figures.chosen(desk, turn.person, centre_id)
    period = _month(year_month)
    if period is None or name not in list(Measure):
        return flash("toast-button-unknown")
    measure = Measure(name)
    behind = figures.behind(desk, centres, period, measure)
    first = page * PAGE if page * PAGE < len(behind) else 0
    message = say(
        "figures-open-head",
        name=Word(f"figure-{measure}"),
        **_numbers(figures.count(desk, centres, period, [measure])[measure]),
        **_about(desk, centres, period),
    )
    message = message.line_if(not behind, "figures-open-none")
    message = _with_orders(message, desk, behind[first : first + PAGE])
    more = turn_over(len(behind), first, PAGE, "figures.open", name, centre_id, year_month)
    back = do("figures.month", centre_id, year_month)
    return reply(message.row(*more).row(back).as_card(CARD))


def _with_orders(message: Message, desk: Desk, shown: Sequence[figures.Behind]) -> Message:
    """Numbered lines, and a button for each order."""
    opening = []
    for number, (order, line) in enumerate(figures.lines(desk, shown), start=1):
        message = message.line(line.key, **{**line.facts, "n": number})
        label = Saying("board-label", {"number": order.number})
        opening.append(do("desk.order", order.id, label=label))
    for row in _in_pairs(opening):
        message = message.row(*row)
    return message


# The trend


@router.action("figures.trend")
def trend(turn: Turn, desk: Desk, centre_id: int, year_month: int) -> Reply:
    """The months up to this one as a picture, at the foot of the chat."""
    centres = figures.chosen(desk, turn.person, centre_id)
    period = _month(year_month)
    if period is None:
        return flash("toast-button-unknown")
    where = figures.where(desk, centres)
    message = say("figures-trend", where=where, count=figures.MONTHS_SHOWN)
    message = message.line("figures-trend-key")
    return reply(message.drawing(figures.trend(desk, centres, period)))
