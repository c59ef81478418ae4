"""Reads and checks the parameters of a Bot API call as strictly as Telegram does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from aiohttp import BodyPartReader, web

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
DATA_BYTES = 64


class Refused(Exception):
    """The call is answered with an error."""

    def __init__(self, status: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.retry_after = retry_after


def bad_request(description: str) -> Refused:
    """The usual refusal: 400."""
    return Refused(400, f"Bad Request: {description}")


def length(text: str) -> int:
    """Characters as Telegram counts them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    filename: str
    content: bytes


@dataclass
class Parameters:
    """The parameters of one call, from the query, a form, a multipart form or JSON."""

    values: dict[str, Json] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, default)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, bool | int | float):
            return json.dumps(value)
        raise bad_request(f"parameter {name} should be a string")

    def integer(self, name: str, default: int) -> int:
        value = self.values.get(name, default)
        try:
            if isinstance(value, bool):
                raise TypeError
            return int(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            raise bad_request(f"parameter {name} should be an integer") from None

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"true", "yes", "1"}:
            return True
        if str(value).lower() in {"false", "no", "0", ""}:
            return False
        raise bad_request(f"parameter {name} should be a boolean")

    def structure(self, name: str) -> Json:
        """A list or an object; in a form it is JSON in a string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            structure: Json = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None
        return structure

    def strings(self, name: str) -> list[str] | None:
        value = self.structure(name)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise bad_request(f"can't parse {name}: expected an Array of String")
        return [str(item) for item in value]

    def file(self, reference: Json, name: str) -> Upload | str:
        """An upload, directly or by attach://, or the identifier of a file known already."""
        if name in self.uploads and reference is None:
            return self.uploads[name]
        if not isinstance(reference, str) or not reference:
            raise bad_request(f"there is no {name} in the request")
        if not reference.startswith("attach://"):
            return reference
        key = reference.removeprefix("attach://")
        if key not in self.uploads:
            raise bad_request(f"file {key} is not in the request")
        return self.uploads[key]


async def read_parameters(request: web.Request) -> Parameters:
    """All parameters of the call, whichever of the four ways they came in."""
    parameters = Parameters(values=dict(request.query))
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise bad_request("can't parse the request as a JSON object")
        parameters.values.update(body)
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            await _read_part(part, parameters)
    elif request.can_read_body:
        parameters.values.update(
            {name: str(value) for name, value in (await request.post()).items()}
        )
    return parameters


async def _read_part(part: object, parameters: Parameters) -> None:
    if not isinstance(part, BodyPartReader) or part.name is None:
        raise bad_request("a part of the form has no name")
    if part.filename is None:
        parameters.values[part.name] = await part.text()
    else:
        content = bytes(await part.read(decode=False))
        parameters.uploads[part.name] = Upload(part.filename, content)


def checked_text(parameters: Parameters) -> str:
    """The text of a message: 1 to 4096 characters, no markup (none is read here)."""
    _no_markup(parameters)
    text = parameters.text("text")
    if not text:
        raise bad_request("message text is empty")
    if length(text) > TEXT_LENGTH:
        raise bad_request("message is too long")
    return text


def checked_caption(value: str) -> str:
    """A caption: up to 1024 characters."""
    if length(value) > CAPTION_LENGTH:
        raise bad_request("message caption is too long")
    return value


def _no_markup(parameters: Parameters) -> None:
    if parameters.text("parse_mode"):
        raise bad_request("unsupported parse_mode (plain text only is played here)")


@dataclass(frozen=True)
class Markup:
    """What stands with a message: buttons under it, a menu, or the menu's removal."""

    inline: list[Json] | None = None
    menu: list[Json] | None = None
    removes_menu: bool = False


def checked_markup(parameters: Parameters) -> Markup:
    """The reply markup, refused for the faults Telegram refuses it for."""
    value = parameters.structure("reply_markup")
    if value is None or value == "":
        return Markup()
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return Markup(inline=[_inline_row(row) for row in _rows(value["inline_keyboard"])])
    if "keyboard" in value:
        return Markup(menu=[_menu_row(row) for row in _rows(value["keyboard"])])
    if value.get("remove_keyboard") is True:
        return Markup(removes_menu=True)
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(value: Json) -> list[list[Json]]:
    if not isinstance(value, list):
        raise bad_request("field of the keyboard must be of type Array")
    rows = []
    for row in value:
        if not isinstance(row, list):
            raise bad_request("can't parse keyboard button: expected an Array of Array")
        rows.append(row)
    return rows


def _inline_row(row: list[Json]) -> list[Json]:
    for button in row:
        if not isinstance(button, dict):
            raise bad_request("can't parse inline keyboard button: expected an Object")
        _label(button)
        data = button.get("callback_data")
        if data is None and "url" not in button:
            raise bad_request("can't parse inline keyboard button: Text buttons are unallowed")
        if data is not None and not _data_fits(data):
            raise bad_request("BUTTON_DATA_INVALID")
    return row


def _data_fits(data: Json) -> bool:
    return isinstance(data, str) and 1 <= len(data.encode()) <= DATA_BYTES


def _menu_row(row: list[Json]) -> list[Json]:
    buttons: list[Json] = []
    for button in row:
        shown: Json = {"text": button} if isinstance(button, str) else button
        if not isinstance(shown, dict):
            raise bad_request("can't parse keyboard button: expected an Object")
        _label(shown)
        buttons.append(shown)
    return buttons


def _label(button: Mapping[str, Json]) -> None:
    label = button.get("text")
    if not isinstance(label, str):
        raise bad_request("field text of the button must be of type String")
    if not label.strip():
        raise bad_request("keyboard button text must be non-empty")
