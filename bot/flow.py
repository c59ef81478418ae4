"""Forms as data: an ordered list of questions about one pydantic model.

A form's progress is stored by field name with the conversation, so it survives a restart and an
upgrade that adds a question. Required questions are asked in order; optional ones are offered as
buttons on the last screen, so the shortest way through is short. Each button carries the form's
serial and the field it answers: one of an older form, or of a question already answered, gets
the present question instead of a second effect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.event import Photo
from bot.turn import Reply, Turn, reply
from services.desk import Desk
from services.messages import Action, Fact, Message, Rows, Saying, do, say
from storage import conversations

F = TypeVar("F", bound=BaseModel)

PAGE = 8
MAX_TEXT = 500
MAX_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be tapped: `value` (short, without `|`) is stored, `label` is shown."""

    value: str
    label: Saying


@dataclass(frozen=True)
class Ask(Generic[F]):
    """One question about one field.

    `options` gives the answers to tap; `understand` reads typed words (None: not understood;
    raise a DomainError to say why). `text=True` takes any words as they are, up to 500
    characters. `photos=True` collects up to six pictures; where one is
    required, the first answers the question. `optional` questions wait on the last
    screen. `facts` fill the question's words, found by `ask-<form>-<field>`.

    `fill` says what an answer means for the draft, where it is not just the field's new value: it
    may leave the field open (another look at the choices) or answer a later question with it.
    `ways` are actions that lead elsewhere, shown under the choices. `takes` says whether a value
    that stands on an older screen and is not among the choices now is still an answer.
    """

    field: str
    options: Callable[[Turn, Desk, F], Sequence[Choice]] | None = None
    understand: Callable[[Turn, Desk, F, str], object | None] | None = None
    text: bool = False
    photos: bool = False
    optional: bool = False
    columns: int = 1
    facts: Callable[[Turn, Desk, F], dict[str, Fact]] | None = None
    when: Callable[[F], bool] = lambda _draft: True
    fill: Callable[[F, object], Mapping[str, object]] | None = None
    ways: tuple[Action, ...] = ()
    takes: Callable[[Turn, Desk, F, str], bool] | None = None


@dataclass(frozen=True)
class Flow(Generic[F]):
    """A form: its questions, an optional summary to confirm, and what happens at the end.

    Every field of `form` has a default; `finish` is given the filled draft. `start` may be given
    a draft in which some answers are already known: those questions are not asked. `back` is what
    stands on the summary's way back where it should say to which question it leads.
    """

    name: str
    form: type[F]
    steps: tuple[Ask[F], ...]
    finish: Callable[[Turn, Desk, F], Reply]
    summary: Callable[[Turn, Desk, F], Message] | None = None
    back: Saying | None = None

    def ask(self, field: str) -> Ask[F] | None:
        """The question about a field."""
        return next((step for step in self.steps if step.field == field), None)


CONFIRM = "confirm"


def start(flow: Flow[F], turn: Turn, desk: Desk, draft: F | None = None) -> Reply:
    """Open a form in this chat (in place of one that is open) and ask its first question."""
    sheet = _Sheet(flow, turn, desk, draft or flow.form(), turn.conversation.serial + 1)
    return sheet.go_on(fresh=True)


def ask_again(flow: Flow[F], turn: Turn, desk: Desk, draft: F, field: str, why: Saying) -> Reply:
    """From a form's `finish`: put the form back to one question, saying why."""
    sheet = _Sheet(flow, turn, desk, draft, turn.conversation.serial)
    return sheet.without(field).go_on(fresh=False, why=why)


def put_away(turn: Turn, desk: Desk) -> None:
    """Close whatever form is open in this chat, where something else has answered its question."""
    conversations.close_form(desk.connection, turn.endpoint.id, desk.now)


class Forms:
    """All the forms there are, and the open one's way from event to event."""

    def __init__(self, flows: Sequence[Flow[Any]]) -> None:
        self._flows = {flow.name: flow for flow in flows}
        if len(self._flows) != len(flows):
            raise ValueError("two forms share a name")

    def press(self, turn: Turn, desk: Desk, data: str) -> Reply | None:
        """A button of a form; None where the data is no form's."""
        name, *args = data.split("|")
        if not name.startswith("form.") or not args:
            return None
        sheet = self._open(turn, desk)
        if sheet is None or args[0] != str(sheet.serial):
            return reply(toast="toast-form-over")
        return sheet.press(name, args[1:])

    def text(self, turn: Turn, desk: Desk, text: str) -> Reply | None:
        """Typed words while a form is open; None where there is none or it cannot use them."""
        sheet = self._open(turn, desk)
        return sheet.words(text) if sheet else None

    def photo(self, turn: Turn, desk: Desk, sha256: str, caption: str) -> Reply | None:
        """A picture while a form that takes pictures is open."""
        sheet = self._open(turn, desk)
        return sheet.picture(sha256, caption) if sheet else None

    def remind(self, turn: Turn, desk: Desk) -> Reply | None:
        """The open form's present question, where something was of no use to it."""
        sheet = self._open(turn, desk)
        key = "form-no-photo" if isinstance(turn.event.what, Photo) else "form-not-understood"
        return sheet.show(fresh=True, why=Saying(key)) if sheet else None

    def _open(self, turn: Turn, desk: Desk) -> _Sheet[Any] | None:
        state = turn.conversation
        flow = self._flows.get(state.form or "")
        if flow is None:
            return None
        try:
            draft = flow.form.model_validate_json(state.answers)
        except ValidationError:
            return None  # begun in another version, which asked otherwise: it is over
        return _Sheet(flow, turn, desk, draft, state.serial, state.step).where_it_stands()


class _Sheet(Generic[F]):
    """One open form: its draft, and the question it stands at."""

    def __init__(
        self, flow: Flow[F], turn: Turn, desk: Desk, draft: F, serial: int, step: str = ""
    ) -> None:
        self.flow = flow
        self.turn = turn
        self.desk = desk
        self.draft = draft
        self.serial = serial
        self.step = step

    # Where the form stands

    def _required(self) -> list[Ask[F]]:
        return [ask for ask in self.flow.steps if not ask.optional and ask.when(self.draft)]

    def _next_step(self) -> str:
        for ask in self._required():
            if ask.field not in self.draft.model_fields_set:
                return ask.field
        return CONFIRM

    def where_it_stands(self) -> _Sheet[F]:
        """The same form; where this version has no such question, at the next open one."""
        ask = self.flow.ask(self.step)
        known = self.flow.summary is not None if self.step == CONFIRM else ask is not None
        if not known:
            coming = self._next_step()
            self.step = self._last_screen() if coming == CONFIRM else coming
        return self

    def _last_screen(self) -> str:
        """Where optional questions are offered: the summary, or else the last question."""
        return CONFIRM if self.flow.summary else self._required()[-1].field

    def go_on(self, *, fresh: bool, why: Saying | None = None) -> Reply:
        """Move to the next open question, or to the end."""
        self.step = self._next_step()
        if self.step == CONFIRM and self.flow.summary is None:
            return self._finish()
        return self.show(fresh=fresh, why=why)

    def show(self, *, fresh: bool, why: Saying | None = None, page: int = 0) -> Reply:
        """Keep the form and show its present screen."""
        self._save()
        screen = self._screen(page)
        if why:
            screen = Message((why, *screen.parts), screen.rows)
        return reply(screen.as_card(self._card, fresh=fresh))

    def without(self, field: str) -> _Sheet[F]:
        """The form with this answer, and the required ones after it, taken back."""
        required = [ask.field for ask in self._required()]
        after = required[required.index(field) :] if field in required else [field]
        kept = self.draft.model_dump(exclude_unset=True, exclude=set(after))
        self.draft = self.flow.form.model_validate(kept)
        return self

    def _finish(self) -> Reply:
        conversations.close_form(self.desk.connection, self.turn.endpoint.id, self.desk.now)
        answer = self.flow.finish(self.turn, self.desk, self.draft)
        head, *rest = answer.messages or (None,)
        if head is not None and head.card is None:
            # The last screen becomes the outcome, so its buttons go.
            return Reply((head.as_card(self._card), *rest), answer.toast)
        return answer

    @property
    def _card(self) -> str:
        return f"form:{self.serial}"

    def _save(self) -> None:
        conversations.keep_form(
            self.desk.connection,
            self.turn.endpoint.id,
            form=self.flow.name,
            serial=self.serial,
            step=self.step,
            answers=self.draft.model_dump_json(exclude_unset=True),
            now=self.desk.now,
        )

    # What a person did

    def press(self, name: str, args: list[str]) -> Reply | None:
        """A button of this very form."""
        match name, args:
            case "form.cancel", []:
                conversations.close_form(self.desk.connection, self.turn.endpoint.id, self.desk.now)
                return reply(say("form-cancelled").as_card(self._card))
            case "form.done", [] if self.step == CONFIRM:
                return self._finish()
            case "form.back", [step] if step == self.step:
                return self._back()
            case "form.ask", [field] if self.step == self._last_screen():
                return self._offer(field)
            case "form.skip", [field] if field == self.step:
                return self._skip()
            case "form.more", [field, page] if field == self.step and page.isdecimal():
                return self.show(fresh=False, page=int(page[:4]))
            case "form.pick", [field, value] if field == self.step:
                return self._pick(field, value)
        return Reply(self.show(fresh=True).messages, Saying("toast-already-answered"))

    def words(self, text: str) -> Reply | None:
        """Typed words: an answer to the present question, or a note on the summary."""
        ask = self._text_target()
        picks_by_number = ask is not None and (ask.options is not None or ask.field != self.step)
        if ask is None or (picks_by_number and _is_number(text) and not ask.understand):
            return None
        value: object | None = None
        if ask.understand:
            value = ask.understand(self.turn, self.desk, self.draft, text)
        if value is None and ask.text:
            value = text.strip()
            if len(text) > MAX_TEXT:
                return self.show(fresh=True, why=Saying("form-too-long", {"most": MAX_TEXT}))
        if value is None:
            return None
        return self._answer(ask.field, value, fresh=True)

    def picture(self, sha256: str, caption: str) -> Reply | None:
        """A picture: collected wherever the form has a place for pictures."""
        ask = next((step for step in self.flow.steps if step.photos), None)
        if ask is None:
            return None
        had: tuple[str, ...] = getattr(self.draft, ask.field)
        if len(had) >= MAX_PHOTOS:
            return self.show(fresh=True, why=Saying("form-photos-full", {"most": MAX_PHOTOS}))
        self._set(ask.field, (*had, sha256))
        note = next((step for step in self.flow.steps if step.text and step.optional), None)
        if caption.strip() and note and not getattr(self.draft, note.field):
            self._set(note.field, caption.strip()[:MAX_TEXT])
        if self.step == ask.field:
            if not ask.optional:
                return self.go_on(fresh=True)
            self.step = self._last_screen()
        return self.show(fresh=True, why=Saying("form-photo-kept", {"count": len(had) + 1}))

    def _text_target(self) -> Ask[F] | None:
        if self.step == self._last_screen():
            present = self.flow.ask(self.step)
            if present is not None and (present.understand or present.text):
                return present
            return next((ask for ask in self.flow.steps if ask.optional and ask.text), None)
        return self.flow.ask(self.step)

    def _pick(self, field: str, value: str) -> Reply:
        ask = self.flow.ask(field)
        if ask is None or not self._is_answer(ask, value):
            return self.show(fresh=False, why=Saying("form-choice-gone"))
        return self._answer(field, value, fresh=False)

    def _is_answer(self, ask: Ask[F], value: str) -> bool:
        if ask.takes is not None and ask.takes(self.turn, self.desk, self.draft, value):
            return True
        offered = ask.options(self.turn, self.desk, self.draft) if ask.options else ()
        return value in [choice.value for choice in offered]

    def _answer(self, field: str, value: object, *, fresh: bool) -> Reply:
        ask = self.flow.ask(field)
        if ask is not None and not ask.optional:
            self.without(field)
        self._set(field, value)
        if ask is not None and ask.optional:
            self.step = self._last_screen()
            return self.show(fresh=fresh)
        return self.go_on(fresh=fresh)

    def _set(self, field: str, value: object) -> None:
        ask = self.flow.ask(field)
        meant = ask.fill(self.draft, value) if ask and ask.fill else {field: value}
        filled = self.draft.model_dump(exclude_unset=True) | dict(meant)
        self.draft = self.flow.form.model_validate(filled)

    def _offer(self, field: str) -> Reply:
        ask = self.flow.ask(field)
        if ask is None or not ask.optional or not ask.when(self.draft):
            return self.show(fresh=False)
        self.step = field
        return self.show(fresh=False)

    def _skip(self) -> Reply:
        """Only what is optional may be skipped, whatever button was made up."""
        ask = self.flow.ask(self.step)
        return self._back_to_last() if ask and ask.optional else self.show(fresh=False)

    def _back_to_last(self) -> Reply:
        self.step = self._last_screen()
        return self.show(fresh=False)

    def _back(self) -> Reply:
        ask = self.flow.ask(self.step)
        if ask is not None and ask.optional:
            return self._back_to_last()
        fields = [step.field for step in self._required()]
        if not fields:
            return self.show(fresh=False)
        place = len(fields) if self.step == CONFIRM else fields.index(self.step)
        return self.without(fields[max(0, place - 1)]).go_on(fresh=False)

    # What a person sees

    def _screen(self, page: int) -> Message:
        if self.step == CONFIRM and self.flow.summary:
            message = self.flow.summary(self.turn, self.desk, self.draft)
            label = Saying(f"do-{self.flow.name}-confirm")
            message = message.row(do("form.done", self.serial, label=label))
            return self._with_ways_on(message)
        ask = self.flow.ask(self.step)
        if ask is None:
            raise LookupError(f"form {self.flow.name} has no question {self.step}")
        facts = ask.facts(self.turn, self.desk, self.draft) if ask.facts else {}
        message = say(f"ask-{self.flow.name}-{ask.field}".replace("_", "-"), **facts)
        for row in self._option_rows(ask, page):
            message = message.row(*row)
        for action in ask.ways:
            message = message.row(action)
        return self._with_ways_on(message)

    def _option_rows(self, ask: Ask[F], page: int) -> Rows:
        if ask.options is None:
            return ()
        choices = list(ask.options(self.turn, self.desk, self.draft))
        per_page = PAGE * ask.columns
        page = page if page * per_page < len(choices) else 0  # there may be fewer choices by now
        shown = choices[page * per_page : (page + 1) * per_page]
        buttons = [
            do("form.pick", self.serial, ask.field, choice.value, label=choice.label)
            for choice in shown
        ]
        rows = [tuple(buttons[at : at + ask.columns]) for at in range(0, len(buttons), ask.columns)]
        if len(choices) > per_page:
            after = page + 1 if (page + 1) * per_page < len(choices) else 0
            rows.append((do("form.more", self.serial, ask.field, after),))
        return tuple(rows)

    def _with_ways_on(self, message: Message) -> Message:
        if self.step == self._last_screen():
            offers = [
                self._offer_button(ask)
                for ask in self.flow.steps
                if ask.optional and ask.when(self.draft)
            ]
            for at in range(0, len(offers), 2):
                message = message.row(*offers[at : at + 2])
        return message.row(*self._way_out())

    def _offer_button(self, ask: Ask[F]) -> Action:
        label = Saying(f"do-{self.flow.name}-{ask.field}".replace("_", "-"))
        return do("form.ask", self.serial, ask.field, label=label)

    def _way_out(self) -> list[Action]:
        cancel = do("form.cancel", self.serial)
        ask = self.flow.ask(self.step)
        if ask is not None and ask.optional:
            return [do("form.skip", self.serial, ask.field), cancel]
        required = [step.field for step in self._required()]
        if self.step in required[:1] or not required:
            return [cancel]
        label = self.flow.back if self.step == CONFIRM else None
        return [do("form.back", self.serial, self.step, label=label), cancel]


def _is_number(text: str) -> bool:
    """Whether typed words are a bare small number, which picks from the choices shown."""
    return text.isascii() and text.isdigit() and len(text) <= 2
