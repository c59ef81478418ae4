"""Saying no: a refusal is a named class with a key and facts, answered politely in the chat."""

from __future__ import annotations

from typing import ClassVar

from services.messages import Fact, Message, Rows, Saying


class DomainError(Exception):
    """The company's rules say no. `key` finds the words, `facts` fill them, `rows` lead on."""

    key: ClassVar[str]

    def __init__(self, *, rows: Rows = (), **facts: Fact) -> None:
        super().__init__(self.key)
        self.facts = facts
        self.rows = rows

    @property
    def message(self) -> Message:
        """What the person is told."""
        return Message((Saying(self.key, self.facts),), rows=self.rows)


class NotYours(DomainError):
    """The person has no tie to this matter, or not the role for it. Tells nothing about it."""

    key = "no-not-yours"


class NotFound(DomainError):
    """There is no such thing (any more)."""

    key = "no-not-found"


class NotBound(DomainError):
    """Only a verified resident may do this (§3.3): offers the ways to bind."""

    key = "no-not-bound"
