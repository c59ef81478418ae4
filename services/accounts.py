"""One human, several chat accounts: which person an account turns out to be, and their language."""

from __future__ import annotations

from services.desk import Desk
from services.errors import DomainError
from storage import people
from storage import residents as store
from storage.records import Person


class AccountTaken(DomainError):
    """The line is another account's, and this account is somebody of the staff by itself."""

    key = "no-account-taken"


def become(desk: Desk, stray: Person, known_id: int) -> Person:
    """The human behind `stray` has proved to be a person we know: they get the chat and all of it.

    Call it only on proof (a code made out to that person, a telephone number the platform vouches
    for), never on typed words. The language goes along, so that the answer is in the language of
    the question.

    Raises:
        AccountTaken: `stray` is on the roster; a roster line never moves by itself.
    """
    if stray.id == known_id:
        return stray
    if people.staff_of(desk.connection, stray.id):
        raise AccountTaken
    store.hand_over(desk.connection, stray.id, known_id)
    people.speak(desk.connection, known_id, stray.locale)
    return people.person(desk.connection, known_id)


def speak(desk: Desk, person: Person, locale: str) -> Person:
    """The person's language from now on."""
    people.speak(desk.connection, person.id, locale)
    return people.person(desk.connection, person.id)
