"""本月指标: a month's figures as lines, the orders behind each, and the trend as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.handlers.board import PAGE, turn_over
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import figures
from services.desk import Desk
from services.figures import Behind, Figures
from services.messages import Action, Fact, Message, Moment, Saying, Share, Word, do, say
from services.rules.figures import YEARS, Figure, Measure, Period, month_of
from storage.records import Order

router = Router("figures")

CARD = "figures"
TOGETHER = 0
"""In place of a centre's key: all that the person may see, added up."""


@dataclass(frozen=True, slots=True)
class View:
    """Whose figures are looked at, and of which month. `mine` are all that the person may see."""

    centre_id: int
    centres: list[int]
    mine: list[int]
    month: Period

    @property
    def code(self) -> int:
        """The month as a button carries it: 202611."""
        return _code(self.month)


def _view(turn: Turn, desk: Desk, centre_id: int, month: Period) -> View:
    mine = figures.readable(desk, turn.person)
    return View(centre_id, figures.chosen(mine, centre_id), mine, month)


def _code(month: Period) -> int:
    return month.first.year * 100 + month.first.month


def _month(code: int) -> Period | None:
    """202611 as a month; None where there is no such one."""
    year, number = divmod(code, 100)
    if year not in YEARS or number not in range(1, 13):
        return None
    return month_of(date(year, number, 1))


# A month's figures


@router.action("figures.show")
def show(turn: Turn, desk: Desk) -> Reply:
    """本月指标."""
    mine = figures.readable(desk, turn.person)
    centre_id = mine[0] if len(mine) == 1 else TOGETHER
    view = _view(turn, desk, centre_id, figures.this_month(desk, mine))
    return reply(_face(desk, view).as_card(CARD, fresh=True))


@router.action("figures.month")
def show_month(turn: Turn, desk: Desk, centre_id: int, year_month: int) -> Reply:
    """Another month, or another centre, in its place."""
    month = _month(year_month)
    if month is None:
        return flash("toast-button-unknown")
    return reply(_face(desk, _view(turn, desk, centre_id, month)).as_card(CARD))


def _face(desk: Desk, view: View) -> Message:
    found = figures.count(desk, view.centres, view.month)
    message = say("figures-head", **_about(desk, view))
    if figures.is_running(desk, view.centres, view.month):
        now = Moment(desk.now, desk.centre(view.centres[0]).zone)
        message = message.line("figures-so-far", at=now)
    for measure, figure in found.items():
        message = _with_figure(message, measure, figure)
    message = message.line("figures-rated-apart")
    for row in _buttons(desk, view, found):
        message = message.row(*row)
    return message


def _about(desk: Desk, view: View) -> dict[str, Fact]:
    return {
        "where": figures.where(desk, view.centres),
        "month": figures.month_moment(desk, view.centres, view.month),
    }


def _with_figure(message: Message, measure: Measure, figure: Figure) -> Message:
    """A figure as a line: its mark, name, share, both numbers, and the target if it has one."""
    met = {True: "met", False: "missed", None: "none"}[figure.meets()]
    facts: dict[str, Fact] = {
        "mark": Word(f"figures-mark-{met}"),
        "name": Word(f"figure-{measure}"),
        **_numbers(figure),
    }
    if figure.target is None:
        message = message.line("figures-line", **facts)
    else:
        key = "figures-line-most" if figure.target.at_most else "figures-line-least"
        message = message.line(key, **facts, target=figure.target.percent)
    message = message.line_if(figure.waived, "figures-waived", count=figure.waived)
    few = measure is Measure.REWORK and 0 < figure.total < figures.FEW_JOBS
    return message.line_if(few, "figures-few", count=figure.hits)


def _numbers(figure: Figure) -> dict[str, Fact]:
    return {"rate": Share(figure.tenths()), "hits": figure.hits, "total": figure.total}


def _buttons(desk: Desk, view: View, found: Figures) -> Sequence[Sequence[Action]]:
    """A button for each figure with orders behind it; other months, the trend, other centres."""
    opening = [_open(view, measure) for measure, figure in found.items() if not figure.is_empty()]
    trend = do("figures.trend", view.centre_id, view.code)
    return (
        *_in_pairs(opening),
        _months_beside(desk, view),
        (trend,),
        *_in_pairs(_other_centres(desk, view)),
    )


def _open(view: View, measure: Measure) -> Action:
    label = Saying(f"figures-label-{measure}")
    return do("figures.open", measure, view.centre_id, view.code, 0, label=label)


def _in_pairs(actions: Sequence[Action]) -> list[Sequence[Action]]:
    return [actions[at : at + 2] for at in range(0, len(actions), 2)]


def _months_beside(desk: Desk, view: View) -> list[Action]:
    earlier, later = month_of(view.month.first, -1), month_of(view.month.first, 1)
    beside = [("figures-earlier", earlier)]
    if later.first <= figures.this_month(desk, view.centres).first:
        beside.append(("figures-later", later))
    return [
        do(
            "figures.month",
            view.centre_id,
            _code(month),
            label=Saying(key, {"month": figures.month_moment(desk, view.centres, month)}),
        )
        for key, month in beside
    ]


def _other_centres(desk: Desk, view: View) -> list[Action]:
    """The other centres of somebody who has several, and all of them together."""
    if len(view.mine) == 1:
        return []
    places = {TOGETHER: view.mine, **{one: [one] for one in view.mine}}
    return [
        do(
            "figures.month",
            key,
            view.code,
            label=Saying("figures-centre", {"where": figures.where(desk, centres)}),
        )
        for key, centres in places.items()
        if key != view.centre_id
    ]


# The orders behind one


@router.action("figures.open")
def open_figure(
    turn: Turn, desk: Desk, name: str, centre_id: int, year_month: int, page: int
) -> Reply:
    """The orders of one figure, those that spoil it first; each opens its card."""
    month = _month(year_month)
    if month is None or name not in list(Measure):
        return flash("toast-button-unknown")
    view, measure = _view(turn, desk, centre_id, month), Measure(name)
    behind = figures.behind(desk, view.centres, month, measure)
    first = page * PAGE if page * PAGE < len(behind) else 0
    message = say(
        "figures-open-head",
        name=Word(f"figure-{measure}"),
        **_numbers(figures.count(desk, view.centres, month, [measure])[measure]),
        **_about(desk, view),
    )
    message = message.line_if(not behind, "figures-open-none")
    message = _with_orders(message, desk, behind[first : first + PAGE])
    more = turn_over(len(behind), first, PAGE, "figures.open", name, centre_id, year_month)
    back = do("figures.month", centre_id, year_month)
    return reply(message.row(*more).row(back).as_card(CARD))


def _with_orders(message: Message, desk: Desk, shown: Sequence[Behind]) -> Message:
    """Numbered lines, and a button for each order; under an agreement there may be none."""
    opening = []
    for number, (order, line) in enumerate(figures.lines(desk, shown), start=1):
        message = message.line(line.key, **{**line.facts, "n": number})
        if isinstance(order, Order):
            label = Saying("board-label", {"number": order.number})
            opening.append(do("desk.order", order.id, label=label))
    for row in _in_pairs(opening):
        message = message.row(*row)
    return message


# The trend


@router.action("figures.trend")
def trend(turn: Turn, desk: Desk, centre_id: int, year_month: int) -> Reply:
    """The months up to this one as a picture, at the foot of the chat."""
    month = _month(year_month)
    if month is None:
        return flash("toast-button-unknown")
    view = _view(turn, desk, centre_id, month)
    where = figures.where(desk, view.centres)
    message = say("figures-trend", where=where, count=figures.MONTHS_SHOWN)
    chart = figures.trend(desk, view.centres, month)
    return reply(message.line("figures-trend-key").drawing(chart))
