"""A small bot for the tests of dispatcher and forms: two forms, and handlers that err."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from pydantic import BaseModel
from sqlalchemy import Connection

from bot.dispatcher import Dispatcher
from bot.event import Contact, Photo
from bot.flow import Ask, Choice, Flow, Forms, ask_again, start
from bot.house import House
from bot.photos import PhotoStore
from bot.relay import Relay
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from bot.wording import LOCALES, Wording
from schedules.sweep import Sweep
from schedules.timetable import Crank
from services.desk import Desk
from services.errors import DomainError
from services.messages import Fact, Message, Saying, say
from storage import deadlines, inbox
from storage.database import Database
from tests.conversation import Telephones, Town
from tests.town import TUESDAY_10, FakeClock

ITEMS = tuple(f"i{n:02}" for n in range(1, 21))
FULL_DAY = "13"


class Refused(DomainError):
    """The trial's own refusal."""

    key = "trial-refused"


class Trial(BaseModel):
    """A form with everything a form can have."""

    item: str = ""
    day: int = 0
    note: str = ""
    photos: tuple[str, ...] = ()


class Short(BaseModel):
    """A form without a summary: its last question ends it."""

    size: str = ""
    photos: tuple[str, ...] = ()
    amount: int | None = None


@dataclass
class Done:
    """What the forms came to."""

    trials: list[Trial] = field(default_factory=list)
    shorts: list[Short] = field(default_factory=list)


def wording(folder: Path) -> Wording:
    """The real words, and those of the trial."""
    shutil.copytree(LOCALES, folder)
    shutil.copytree(Path(__file__).parent / "words", folder, dirs_exist_ok=True)
    return Wording(folder)


def _items(_turn: Turn, _desk: Desk, _draft: Trial) -> Sequence[Choice]:
    return [Choice(one, Saying("trial-choice", {"name": one})) for one in ITEMS]


def _days(_turn: Turn, _desk: Desk, _draft: Trial) -> Sequence[Choice]:
    return [Choice(str(day), Saying("trial-day", {"day": day})) for day in (12, 13, 14)]


def _day_typed(_turn: Turn, _desk: Desk, _draft: Trial, text: str) -> int | None:
    if text == "从不":
        raise Refused(why="从不")
    return int(text[:-1]) if text.endswith("号") and text[:-1].isdecimal() else None


def _summary(_turn: Turn, _desk: Desk, draft: Trial) -> Message:
    return say(
        "trial-summary",
        item=draft.item,
        day=draft.day,
        note=draft.note or "—",
        photos=len(draft.photos),
    )


def _sizes(_turn: Turn, _desk: Desk, _draft: Short) -> Sequence[Choice]:
    return [Choice(one, Saying("trial-choice", {"name": one})) for one in ("s", "m")]


def _amount(_turn: Turn, _desk: Desk, _draft: Short, text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _photos_so_far(_turn: Turn, _desk: Desk, draft: Short) -> dict[str, Fact]:
    return {"photos": len(draft.photos)}


def make_flows(done: Done) -> tuple[Flow[Trial], Flow[Short]]:
    """The two forms; each commits a row and a deadline, as a real one would."""

    def finish(turn: Turn, desk: Desk, draft: Trial) -> Reply:
        if str(draft.day) == FULL_DAY:
            return ask_again(trial, turn, desk, draft, "day", Saying("trial-full"))
        done.trials.append(draft)
        deadlines.add(desk.connection, "trial.due", turn.endpoint.id, TUESDAY_10)
        return reply(say("trial-done", item=draft.item))

    def finish_short(turn: Turn, _desk: Desk, draft: Short) -> Reply:
        done.shorts.append(draft)
        return reply(say("trial-done", item=draft.size))

    trial = Flow(
        name="trial",
        form=Trial,
        steps=(
            Ask("item", options=_items),
            Ask("day", options=_days, understand=_day_typed),
            Ask("note", text=True, optional=True),
            Ask("photos", photos=True, optional=True),
        ),
        finish=finish,
        summary=_summary,
    )
    short = Flow(
        name="short",
        form=Short,
        steps=(
            Ask("size", options=_sizes, facts=_photos_so_far),
            Ask("photos", photos=True, optional=True),
            Ask("amount", understand=_amount, optional=True),
        ),
        finish=finish_short,
    )
    return trial, short


def make_router(flows: tuple[Flow[Trial], Flow[Short]]) -> Router:
    """Handlers that begin the forms, refuse, fail, count and listen."""
    router = Router("trial")
    trial, short = flows

    @router.action("trial.start")
    def start_trial(turn: Turn, desk: Desk) -> Reply:
        return start(trial, turn, desk)

    @router.action("short.start")
    def start_short(turn: Turn, desk: Desk) -> Reply:
        return start(short, turn, desk)

    @router.action("trial.refuse")
    def refuse(_turn: Turn, desk: Desk) -> Reply:
        leave_a_trace(desk)
        raise Refused(why="满了")

    @router.action("trial.boom")
    def boom(turn: Turn, desk: Desk) -> Reply:
        leave_a_trace(desk)
        raise ValueError(f"张伟 13800100001 said {turn.event.what}")

    @router.action("trial.count")
    def count(turn: Turn, desk: Desk) -> Reply:
        desk.tell(turn.person.id, say("trial-counted"), once="counted")
        return flash("trial-counted")

    @router.action("trial.deal")
    def deal(turn: Turn, desk: Desk) -> Reply:
        desk.tell(turn.person.id, say("trial-counted"), matter="order:7")
        return reply(say("trial-counted").as_card("form:1"))

    @router.command("trial")
    def command(_turn: Turn, _desk: Desk, argument: str) -> Reply:
        return reply(say("trial-heard", words=f"/{argument}"))

    _listen(router)
    return router


def _listen(router: Router) -> None:
    """What is neither pressed nor a command."""

    @router.text
    def heard(_turn: Turn, _desk: Desk, text: str) -> Reply | None:
        return reply(say("trial-heard", words=text)) if text.startswith("听") else None

    @router.photo
    def seen(_turn: Turn, _desk: Desk, _photo: Photo) -> Reply | None:
        return reply(say("trial-seen"))

    @router.contact
    def reached(_turn: Turn, _desk: Desk, _contact: Contact) -> Reply | None:
        return reply(say("trial-reached"))


def leave_a_trace(desk: Desk) -> None:
    """A change that must be gone when the handler fails."""
    inbox.first_time(desk.connection, "trace", "trace", desk.now)
    desk.tell(1, say("trial-counted"))


def trace_is_left(connection: Connection) -> bool:
    """Whether a handler's change outlived its failure (asks by leaving one, to be rolled back)."""
    return not inbox.first_time(connection, "trace", "trace", TUESDAY_10)


def build_town(
    database: Database, clock: FakeClock, words: Wording, photos: PhotoStore, done: Done
) -> Town:
    """The trial as a town: actors type and press as in the real one."""
    telephones = Telephones()
    flows = make_flows(done)

    def house() -> House:
        relay = Relay(
            database,
            {telephones.name: telephones},
            words,
            clock,
            name="test",
            photo=photos.path,
        )
        open_desk = partial(Desk)
        return House(
            database=database,
            dispatcher=Dispatcher(
                database,
                make_router(flows),
                Forms(list(flows)),
                words,
                open_desk=open_desk,
                wake=relay.wake,
                choices={telephones.name: telephones.limits.choices},
            ),
            relay=relay,
            sweep=Sweep(database, clock, name="test", open_desk=open_desk, wake=relay.wake),
            crank=Crank(database, clock, open_desk=open_desk, wake=relay.wake),
        )

    town = Town(clock, telephones, photos, restart=house)
    town.restarts()
    return town
