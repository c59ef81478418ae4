"""Which language we speak with somebody: one folder of words is one choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from babel import Locale

from bot.handlers.menu import menu_for
from bot.router import Router
from bot.turn import Reply, Turn, flash, reply
from services import accounts
from services.desk import Desk
from services.messages import Fact, Saying, do, say

router = Router("language")

_FOLDER = Path(__file__).parent.parent / "locales"
LANGUAGES = tuple(sorted(path.name for path in _FOLDER.iterdir() if path.is_dir()))


@router.command("language")
def by_command(turn: Turn, desk: Desk, _argument: str) -> Reply:
    """`/language`."""
    return choose(turn, desk)


@router.action("language.choose")
def choose(_turn: Turn, _desk: Desk) -> Reply:
    """Offer the languages, each by its own name, for somebody who cannot read this one."""
    buttons = [
        do("language.set", one, label=Saying("language-label", {"name": own_name(one)}))
        for one in LANGUAGES
    ]
    return reply(say("language-choose", *buttons))


@router.action("language.set")
def choose_one(turn: Turn, desk: Desk, language: str) -> Reply:
    """From now on we speak this language; the standing menu is set anew in it."""
    if language not in LANGUAGES:
        return flash("toast-button-unknown")
    speaker = replace(turn, person=accounts.speak(desk, turn.person, language))
    name: dict[str, Fact] = {"name": own_name(language)}
    return reply(say("language-set", **name).with_menu(menu_for(speaker, desk)))


def own_name(language: str) -> str:
    """What a language calls itself: 中文, English."""
    return str(Locale.parse(language, sep="-").get_language_name() or language)
