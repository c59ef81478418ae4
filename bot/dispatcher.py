"""One event is one transaction: dedup, conversation, the change, its deadlines and its messages.

A platform is acknowledged after `take` returns, so a crash anywhere means "redelivered and done
once". A refusal rolls the change back and is then said in a unit of its own; anything else that
goes wrong in our code becomes an incident number for the person and a traceback for us. Only a
database that cannot be reached is raised: then the platform is not acknowledged and comes again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy import Connection

from bot import news, paging
from bot.channels.base import Receipt
from bot.event import Command, Contact, Event, News, Photo, Place, Press, Text, Unusable
from bot.flow import Forms
from bot.plain import in_plain_words
from bot.router import Handler, Router
from bot.turn import Reply, Turn, flash, reply
from bot.wording import Wording
from services import staffing, talks
from services.desk import Acting, Desk, OpenDesk
from services.errors import DomainError
from services.messages import Action, Message, Rows, Saying, load_message, say
from storage import conversations, inbox, outbox, people
from storage.database import Database, is_trouble
from storage.people import Writer

log = structlog.get_logger()

LONGEST_TEXT = 2000
LONGEST_LABEL = 64


@dataclass(frozen=True, slots=True)
class _Done:
    """What a unit came to: the flash for the tap, and how many messages wait because of it."""

    toast: str | None = None
    queued: int = 0
    repeated: bool = False


class Dispatcher:
    """Takes events in, one unit of work each.

    `choices` are the buttons that a message of a channel may have, where it can have only some.
    """

    def __init__(
        self,
        database: Database,
        router: Router,
        forms: Forms,
        wording: Wording,
        *,
        open_desk: OpenDesk,
        wake: Callable[[], None],
        choices: Mapping[str, int | None] | None = None,
    ) -> None:
        self._choices = choices or {}
        self._open_desk = open_desk
        self._database = database
        self._router = router
        self._forms = forms
        self._wording = wording
        self._wake = wake

    async def take(self, event: Event) -> Receipt:
        """Handle an event and commit what follows from it; returns after the commit."""
        if isinstance(event.what, News):
            await self._note(event)
            self._wake()
            return Receipt()
        done = await self._attempt(in_plain_words(event))
        if done.queued:
            self._wake()
        return Receipt(done.toast)

    async def _note(self, event: Event) -> None:
        """Take what a platform tells us; what we cannot take must not keep it from telling more."""
        try:
            await self._database.write(partial(news.take, event))
        except Exception as error:
            if is_trouble(error):
                raise
            log.exception("news-not-taken", channel=event.channel, dedup=event.dedup)
            await self._database.write(partial(news.keep_notes, event))

    async def _attempt(self, event: Event) -> _Done:
        try:
            return await self._database.write(partial(self._unit, event, self._route))
        except DomainError as refusal:
            answer = reply(refusal.message)
        except Exception as error:
            if is_trouble(error):
                raise
            number = secrets.token_hex(3).upper()
            log.exception("incident", number=number, channel=event.channel, dedup=event.dedup)
            answer = reply(say("incident", number=number))
        return await self._database.write(partial(self._unit, event, lambda _turn, _desk: answer))

    def _unit(
        self, event: Event, respond: Callable[[Turn, Desk], Reply], connection: Connection
    ) -> _Done:
        news.keep_notes(event, connection)
        if not inbox.first_time(connection, event.channel, event.dedup, event.received_at):
            return _Done(repeated=True)
        desk = self._open_desk(connection, event.received_at)
        turn = self._turn(event, desk)
        answer = respond(turn, desk)
        messages = answer.messages
        if answer.toast and not messages and not _can_flash(event):
            messages = (Message((answer.toast,)),)
        # Who gives us leave to speak, be it for one message only, hears the answer by it.
        for message in messages:
            desk.tell(turn.person.id, message, endpoint_id=turn.endpoint.id, essential=True)
        toast = answer.toast and self._wording.text(answer.toast, turn.person.locale, desk.now)
        return _Done(toast or None, desk.post())

    def _turn(self, event: Event, desk: Desk) -> Turn:
        who = self._who(event, desk)
        news.open_window(event, who.endpoint, desk.connection)
        if who.has_others:
            desk.acting = Acting(who.person.id, who.endpoint.id)
        return Turn(
            event=event,
            person=who.person,
            endpoint=who.endpoint,
            conversation=who.conversation,
            staff=people.staff_of(desk.connection, who.person.id),
        )

    def _who(self, event: Event, desk: Desk) -> Writer:
        known = people.who_writes(desk.connection, event.channel, event.address)
        if known is not None:
            people.seen(desk.connection, known.endpoint, desk.now)
            return known
        locale = self._wording.locale_for(event.language)
        endpoint, person = people.meet(
            desk.connection, event.channel, event.address, locale, desk.now
        )
        person = staffing.recognise(desk, endpoint, person)
        return Writer(endpoint, person, conversations.take(desk.connection, endpoint.id))

    # What was done → who answers

    def _route(self, turn: Turn, desk: Desk) -> Reply:
        match turn.event.what:
            case Press(data):
                return self._pressed(turn, desk, data)
            case Command(name, argument):
                handler = self._router.commands.get(name)
                answer = handler(turn, desk, argument) if handler else None
                return answer or self._at_a_loss(turn, desk)
            case Text(text):
                return self._typed(turn, desk, text.strip())
            case Photo(sha256, caption) as photo:
                kept = self._forms.photo(turn, desk, sha256, caption)
                return kept or self._first(self._router.photos, turn, desk, photo)
            case Contact() as contact:
                return self._first(self._router.contacts, turn, desk, contact)
            case Place() as place:
                return self._placed(turn, desk, place)
            case Unusable(trouble):
                return reply(say(f"trouble-{trouble}"))
        return self._at_a_loss(turn, desk)

    def _pressed(self, turn: Turn, desk: Desk, data: str) -> Reply:
        further = paging.next_page(data, self._newest(turn, desk))
        if further is not None:
            return reply(further)
        answer = self._forms.press(turn, desk, data) or self._router.press(turn, desk, data)
        return answer or flash("toast-button-unknown")

    def _placed(self, turn: Turn, desk: Desk, place: Place) -> Reply:
        """A point on the map is said in words: to whom one talks, or into the open form."""
        at = f"{place.latitude:.5f}, {place.longitude:.5f}"
        said = Saying("place-said-unnamed", {"at": at})
        if place.label:
            said = Saying("place-said", {"label": place.label, "at": at})
        words = self._wording.text(said, turn.person.locale, desk.now)
        if turn.conversation.form is None and not self._talks(turn, desk):
            return reply(say("place-not-asked"))
        return self._forms.text(turn, desk, words) or self._first(
            self._router.texts, turn, desk, words
        )

    def _talks(self, turn: Turn, desk: Desk) -> bool:
        return talks.is_talking(desk, turn.person, turn.conversation.talk_id)

    def _typed(self, turn: Turn, desk: Desk, text: str) -> Reply:
        """A label, then an answer to the open form, then a number, then free words."""
        if not text:
            return self._at_a_loss(turn, desk)
        if len(text) > LONGEST_TEXT:
            return reply(say("text-too-long", most=LONGEST_TEXT))
        labelled = self._labelled(turn, desk, text)
        if labelled is not None:
            return self._pressed(turn, desk, labelled.data)
        answer = self._forms.text(turn, desk, text)
        if answer is not None:
            return answer
        numbered = self._numbered(turn, desk, text)
        if numbered is not None:
            return self._pressed(turn, desk, numbered.data)
        return self._first(self._router.texts, turn, desk, text)

    def _labelled(self, turn: Turn, desk: Desk, text: str) -> Action | None:
        if len(text) > LONGEST_LABEL:
            return None
        found = self._wording.matches(text, self._router.menu_actions(), desk.now)
        if found is not None:
            return found
        offered = (paging.reachable(rows, most) for rows, most in self._offered(turn, desk))
        shown = (action for actions in offered for action in actions)
        return self._wording.matches(text, shown, desk.now)

    def _numbered(self, turn: Turn, desk: Desk, text: str) -> Action | None:
        """A number picks from the newest message that offers anything, except amid a talk.

        There it is an answer to a person ("how many?"), and must not end the talk.
        """
        if not (text.isascii() and text.isdigit() and len(text) <= 2):
            return None
        if self._talks(turn, desk):
            return None
        offered = (paging.shown(rows, most) for rows, most in self._offered(turn, desk))
        choices = next(offered, [])
        place = int(text) - 1
        return choices[place] if 0 <= place < len(choices) else None

    def _offered(self, turn: Turn, desk: Desk) -> Iterator[tuple[Rows, int | None]]:
        """What the newest messages offer, newest first, and how much of it is on one page."""
        most = self._choices.get(turn.endpoint.channel)
        for message in self._newest(turn, desk):
            if message.rows:
                yield message.rows, most

    def _newest(self, turn: Turn, desk: Desk) -> Iterator[Message]:
        for stored in outbox.newest(desk.connection, turn.endpoint.id):
            yield load_message(stored)

    def _first(self, handlers: list[Handler], turn: Turn, desk: Desk, what: object) -> Reply:
        for handler in handlers:
            answer = handler(turn, desk, what)
            if answer is not None:
                return answer
        return self._at_a_loss(turn, desk)

    def _at_a_loss(self, turn: Turn, desk: Desk) -> Reply:
        return self._forms.remind(turn, desk) or reply(say("not-understood"))


def _can_flash(event: Event) -> bool:
    """Whether a short word can flash: something was tapped, not typed, where it can be seen."""
    return isinstance(event.what, Press) and event.what.flashes
