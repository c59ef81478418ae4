"""Telephones with WeCom on them: what its channels would send, shown as WeCom would show it.

The words, cards and menus are made by the channels' own renderers; what a renderer left out, or
could not be pressed there, is not on these telephones either.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.channels.base import Button, CannotEdit, Delivered, Outcome, Sending, Spoken
from bot.channels.wecom.owners import menus
from bot.channels.wecom.owners.channel import WeComOwners
from bot.channels.wecom.staff import cards
from bot.staff_menu import staff_menu
from bot.wording import Wording
from tests.conversation import TYPED, Shown, Telephones
from tests.town import TUESDAY_10

APP_MENU = tuple(
    tuple(entry.label for entry in group.entries) for group in staff_menu(Wording(), TUESDAY_10)
)


class StaffTelephones(Telephones):
    """The company's app: cards with at most six buttons, changed in place."""

    async def send(self, sending: Sending) -> Outcome:
        """Show texts and a card, or change the card."""
        if self.outcomes:
            return self.outcomes.pop(0)
        screen = self.screens.setdefault(sending.address, [])
        self.menus[sending.address] = APP_MENU
        if sending.replaces is not None:
            return self._change(screen, sending)
        made = cards.shown(sending.spoken)
        return self._show(screen, _with(sending.spoken, made.texts, made.card))

    def _change(self, screen: list[Shown], sending: Sending) -> Outcome:
        face = cards.face_in_place(sending.spoken)
        for shown in screen:
            if face is not None and shown.ref == sending.replaces and shown.buttons:
                shown.spoken = _with(sending.spoken, (), face)
                shown.edits += 1
                return Delivered(shown.ref)
        return CannotEdit()

    def _show(self, screen: list[Shown], spoken: Spoken) -> Outcome:
        ref = f"r{next(self._refs)}"
        screen.append(Shown(ref, spoken))
        return Delivered(ref)


class OwnerTelephones(StaffTelephones):
    """微信客服 in WeChat: lines to tap under the words, nothing ever changed in place."""

    limits = replace(Telephones.limits, choices=WeComOwners.limits.choices)

    async def send(self, sending: Sending) -> Outcome:
        """Show words and what can be tapped."""
        if self.outcomes:
            return self.outcomes.pop(0)
        if sending.replaces is not None:
            return CannotEdit()
        spoken, screen = sending.spoken, self.screens.setdefault(sending.address, [])
        if spoken.menu is not None:
            self.menus[sending.address] = spoken.menu
        texts, buttons = _read(menus.words(spoken))
        rows = tuple((button,) for button in buttons)
        return self._show(screen, replace(spoken, text="\n".join(texts), rows=rows))


def _with(spoken: Spoken, texts: tuple[str, ...], card: dict[str, Any] | None) -> Spoken:
    """The message as somebody in the app reads it."""
    if card is None:
        return replace(spoken, text="\n".join(texts), rows=_to_be_typed(spoken, texts))
    lines = [card["main_title"]["title"], card.get("sub_title_text", "")]
    lines += [
        f"{one['keyname']}：{one['value']}" for one in card.get("horizontal_content_list", ())
    ]
    # What the texts have said in full, the card only begins.
    said = texts or tuple(line for line in lines if line)
    rows = tuple((button,) for button in _pressable(spoken, card, "\n".join(said)))
    return replace(spoken, text="\n".join(said), rows=rows)


def _to_be_typed(spoken: Spoken, texts: tuple[str, ...]) -> tuple[tuple[Button, ...], ...]:
    """Choices that stand in the words with their numbers, and nowhere else."""
    buttons = [button for row in spoken.rows for button in row]
    lines = "\n".join(texts).splitlines()
    return tuple(
        (replace(one, data=f"{TYPED}{one.number}"),)
        for one in buttons
        if f"{one.number}. {one.label}" in lines
    )


def _pressable(spoken: Spoken, card: dict[str, Any], said: str) -> list[Button]:
    """What stands on the card; a shortened label is known by its number in the words."""
    options = card.get("button_selection", {}).get("option_list", ())
    buttons = [Button(one["text"], one["key"]) for one in card["button_list"]]
    live = [one for one in buttons if one.data not in (cards.CHOOSE, cards.CLOSED)]
    whole = {one.data: one for row in spoken.rows for one in row}
    found = [*live, *(Button(one["text"], one["id"]) for one in options)]
    return [
        whole[one.data]
        if f"{whole[one.data].number}. {whole[one.data].label}" in said.splitlines()
        else one
        for one in found
    ]


def _read(contents: list[dict[str, Any]]) -> tuple[list[str], list[Button]]:
    texts: list[str] = []
    buttons: list[Button] = []
    for content in contents:
        if content["msgtype"] == "text":
            texts.append(content["text"]["content"])
            continue
        menu = content["msgmenu"]
        texts.append(menu.get("head_content", ""))
        for item in menu["list"]:
            if item["type"] == "text":
                texts.append(item["text"]["content"])
                continue
            label, data = item["click"]["content"], menus.decode(item["click"]["id"])
            number, _, words = label.partition(". ")
            if data is not None:
                buttons.append(Button(words if number.isdigit() else label, data))
    return texts, buttons
