"""What somebody typed into a chat: words, or a slash command with what stands behind it."""

from __future__ import annotations

import re

from bot.event import Command, Text

# Some clients write the name of the bot behind a command.
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def typed(text: str) -> Text | Command:
    """The command, its name in small letters; everything else is words as they are."""
    command = _COMMAND.fullmatch(text.strip())
    if command is None:
        return Text(text)
    name, argument = command.groups(default="")
    return Command(name.lower(), argument.strip())
