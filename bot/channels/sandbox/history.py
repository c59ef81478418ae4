"""What every phone has on its screen, kept in a journal so that a restart shows the same."""

from __future__ import annotations

import os
from asyncio import Event as Wake
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal
from uuid import uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

BUBBLES_KEPT = 300
"""Messages a phone keeps; older ones scroll away for good and can no longer be edited."""

ENTRIES_KEPT = 2000
"""Entries a page may have missed and still be caught up; behind that it loads everything anew."""


class JournalDamagedError(ValueError):
    """A line other than a torn last one cannot be read: the file is not this journal."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"line {line} of {path} is no entry of the sandbox's journal: move the file away "
            f"to begin with empty phones"
        )


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(_Frozen):
    """A button under a message; `number` may be typed in its place."""

    label: str
    data: str
    number: int | None = None


class Content(_Frozen):
    """What a message shows. `photos` are SHA-256 names; `broken` is a picture we could not take.

    `choose` and `closed` are our words for what a card of WeCom's has besides the message's.
    """

    text: str = ""
    photos: tuple[str, ...] = ()
    rows: tuple[tuple[Label, ...], ...] = ()
    choose: str = ""
    closed: str = ""
    contact: bool = False
    broken: bool = False


class Menu(_Frozen):
    """The standing menu: rows of words to say, and the label that shares the phone's number."""

    rows: tuple[tuple[str, ...], ...] = ()
    ask_contact: str | None = None


class Opened(_Frozen):
    """The journal's first line; its name tells a page that the phones were begun afresh."""

    kind: Literal["opened"] = "opened"
    journal: str


class Said(_Frozen):
    """A new message: the person's own, or one delivered to the phone. `key` marks its repeats."""

    kind: Literal["said"] = "said"
    seq: int
    phone: str
    ref: str
    key: str
    own: bool
    at: AwareDatetime
    content: Content
    menu: Menu | None = None
    silent: bool = False


class Edited(_Frozen):
    """An earlier message shown anew in its place."""

    kind: Literal["edited"] = "edited"
    seq: int
    phone: str
    ref: str
    key: str
    at: AwareDatetime
    content: Content
    menu: Menu | None = None


class Pressed(_Frozen):
    """A choice taken from a message, where the platform shows that as the person's own words."""

    kind: Literal["pressed"] = "pressed"
    seq: int
    phone: str
    ref: str
    key: str
    at: AwareDatetime
    choice: Label


Entry = Said | Edited | Pressed

_line: TypeAdapter[Opened | Entry] = TypeAdapter(
    Annotated[Opened | Entry, Field(discriminator="kind")]
)


class Bubble(_Frozen):
    """A message as it stands now on a phone."""

    ref: str
    own: bool
    at: AwareDatetime
    content: Content
    silent: bool = False
    edited: bool = False


class Screen:
    """One phone's messages, oldest first, and its standing menu; and all that led to them."""

    def __init__(self) -> None:
        self.bubbles: dict[str, Bubble] = {}
        self.menu = Menu()
        self.entries: deque[Entry] = deque(maxlen=BUBBLES_KEPT)

    def show(self, entry: Entry) -> None:
        """Put a new message at the foot, or an edited one in its place."""
        self.entries.append(entry)
        if isinstance(entry, Pressed):
            return
        if isinstance(entry, Said):
            self.bubbles[entry.ref] = Bubble(
                ref=entry.ref,
                own=entry.own,
                at=entry.at,
                content=entry.content,
                silent=entry.silent,
            )
            if len(self.bubbles) > BUBBLES_KEPT:
                del self.bubbles[next(iter(self.bubbles))]
        elif entry.ref in self.bubbles:
            changed = {"content": entry.content, "edited": True}
            self.bubbles[entry.ref] = self.bubbles[entry.ref].model_copy(update=changed)
        if entry.menu is not None:
            self.menu = entry.menu

    def choice(self, ref: str, data: str) -> Label | None:
        """The newest button with that data which the message has had, if it ever had one."""
        for entry in reversed(self.entries):
            if entry.ref == ref and not isinstance(entry, Pressed):
                for button in (button for row in entry.content.rows for button in row):
                    if button.data == data:
                        return button
        return None


class History:
    """Every phone's screen, and the numbered entries that led to it.

    An entry is handed to the operating system before it is shown, so a killed process loses
    nothing that anyone has seen; a line torn by the kill was never shown and is cut off. (A power
    cut may take the last lines: this is a demonstration's screen, the promises are in the
    database.)
    """

    def __init__(self, path: Path) -> None:
        self.last = 0
        self._screens: dict[str, Screen] = {}
        self._refs: dict[str, str] = {}
        self._recent: deque[Entry] = deque(maxlen=ENTRIES_KEPT)
        self._watchers: set[Wake] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.journal = self._replay(path)
        self._file: BinaryIO = path.open("ab", buffering=0)
        if not self.journal:
            self.journal = uuid4().hex
            self._write(Opened(journal=self.journal))

    def screen(self, phone: str) -> Screen:
        """What that phone shows; empty before its first message."""
        return self._screens.setdefault(phone, Screen())

    def ref_of(self, key: str) -> str | None:
        """The message an earlier delivery or action with this key led to, if there was one."""
        return self._refs.get(key)

    def say(
        self,
        phone: str,
        content: Content,
        *,
        key: str,
        own: bool,
        at: AwareDatetime,
        menu: Menu | None = None,
        silent: bool = False,
    ) -> str:
        """Add a message and return its ref. Raises `OSError` if the journal cannot be written."""
        seq = self.last + 1
        ref = str(seq)
        self._record(
            Said(
                seq=seq,
                phone=phone,
                ref=ref,
                key=key,
                own=own,
                at=at,
                content=content,
                menu=menu,
                silent=silent,
            )
        )
        return ref

    def edit(
        self,
        phone: str,
        ref: str,
        content: Content,
        *,
        key: str,
        at: AwareDatetime,
        menu: Menu | None,
    ) -> None:
        """Show a message anew in its place; `ref` must be on that phone."""
        seq = self.last + 1
        self._record(
            Edited(seq=seq, phone=phone, ref=ref, key=key, at=at, content=content, menu=menu)
        )

    def press(self, phone: str, ref: str, choice: Label, *, key: str, at: AwareDatetime) -> None:
        """Note that a choice was taken from a message on that phone."""
        seq = self.last + 1
        self._record(Pressed(seq=seq, phone=phone, ref=ref, key=key, at=at, choice=choice))

    def since(self, seq: int) -> list[Entry] | None:
        """The entries after that number, or None if they are no longer (or not yet) known."""
        if seq > self.last:
            return None
        if seq == self.last:
            return []
        if not self._recent or self._recent[0].seq > seq + 1:
            return None
        return [entry for entry in self._recent if entry.seq > seq]

    @contextmanager
    def watch(self) -> Iterator[Wake]:
        """A wake-up that is set at every new entry, while the block lasts."""
        wake = Wake()
        self._watchers.add(wake)
        try:
            yield wake
        finally:
            self._watchers.discard(wake)

    def wake(self) -> None:
        """Wake every watcher."""
        for wake in self._watchers:
            wake.set()

    def close(self) -> None:
        """Bring the journal to the disk and close it."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def _record(self, entry: Entry) -> None:
        self._write(entry)
        self._fold(entry)
        self.wake()

    def _fold(self, entry: Entry) -> None:
        self.last = entry.seq
        self.screen(entry.phone).show(entry)
        self._refs[entry.key] = entry.ref
        self._recent.append(entry)

    def _write(self, line: Opened | Entry) -> None:
        # One write per line, unbuffered: a few hundred bytes to the page cache, no wait for a disk.
        data = line.model_dump_json().encode() + b"\n"
        start = self._file.tell()
        written = self._file.write(data)
        if written != len(data):  # the disk is full: leave no torn line in the middle
            self._file.truncate(start)
            raise OSError("the sandbox's journal could not be written in full")

    def _replay(self, path: Path) -> str:
        if not path.exists():
            return ""
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.truncate(path, whole)
        journal = ""
        for number, line in enumerate(data[:whole].split(b"\n")[:-1], start=1):
            try:
                entry = _line.validate_json(line)
            except ValidationError:
                # The cause would quote the line, and a line holds what people wrote.
                raise JournalDamagedError(path, number) from None
            if isinstance(entry, Opened):
                journal = entry.journal
            else:
                self._fold(entry)
        return journal
