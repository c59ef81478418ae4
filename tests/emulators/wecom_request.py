"""Reads and checks what a call of WeCom's API brings, as strictly as its documents are written.

A refusal marked as a *fault* is one that no state of the platform would have spared the caller:
a field nobody knows, a wrong type, a value that is too long.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeAlias, TypeVar

from aiohttp import BodyPartReader, web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails, PydanticCustomError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Answer: TypeAlias = "dict[str, Json]"

_WRONG = {"agentid": 40056, "msgtype": 40008}
_MISSING = {"agentid": 41011, "media_id": 41006, "open_kfid": 60251, "msgtype": 40008}


class Refused(Exception):
    """The call is answered with an errcode."""

    def __init__(self, errcode: int, why: str, *, fault: bool = False) -> None:
        super().__init__(f"{errcode} {why}")
        self.errcode = errcode
        self.why = why
        self.fault = fault


def faulty(errcode: int, why: str) -> Refused:
    """The refusal of a call that is wrong in itself."""
    return Refused(errcode, why, fault=True)


@dataclass(frozen=True)
class Upload:
    """The file of a multipart form."""

    field: str
    filename: str
    content: bytes


@dataclass(frozen=True)
class Asked:
    """One call: its query, its JSON body as sent, and the file that came with it."""

    path: str
    query: Mapping[str, str]
    body: bytes = b""
    upload: Upload | None = None

    @property
    def json(self) -> Json:
        """The body, None if there is none or it is no JSON in UTF-8 without a BOM."""
        try:
            content: Json = json.loads(self.body.decode("utf-8"))
        except ValueError:
            return None
        return content


async def read_call(path: str, request: web.Request) -> Asked:
    """The whole call; a form may carry one file."""
    query = dict(request.query)
    if request.content_type != "multipart/form-data":
        return Asked(path, query, await request.read())
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename is not None:
            content = bytes(await part.read(decode=False))
            return Asked(path, query, upload=Upload(part.name or "", part.filename, content))
    return Asked(path, query)


class Strict(BaseModel):
    """The shape of a JSON object: no other fields, no other types.

    Texts longer than a phone shows are cut, and what was cut is put into the validation's context.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Shape = TypeVar("Shape", bound=Strict)


def read(shape: type[Shape], asked: Asked, cuts: list[str]) -> Shape:
    """The body in this shape; what a phone will not show in full is added to `cuts`."""
    body = asked.json
    if not isinstance(body, dict):
        raise faulty(40063, "some parameters are empty. Warning: wrong json format.")
    return shaped(shape, body, cuts)


def shaped(shape: type[Shape], content: Json, cuts: list[str]) -> Shape:
    """A JSON object in this shape; see `read`."""
    try:
        return shape.model_validate(content, context=cuts)
    except ValidationError as wrong:
        raise _refusal(wrong.errors()[0]) from None


def _refusal(wrong: ErrorDetails) -> Refused:
    where = ".".join(str(step) for step in wrong["loc"])
    name = str(wrong["loc"][-1]) if wrong["loc"] else ""
    why = f"{wrong['msg']} at {where}"
    if wrong["type"] == "wecom":
        return faulty(wrong["ctx"]["errcode"], why)
    if wrong["type"] == "missing":
        return faulty(_MISSING.get(name, 40063), why)
    return faulty(_WRONG.get(name, 40058), why)


def wrong(errcode: int, why: str) -> PydanticCustomError:
    """What a check inside a shape raises to refuse the call with this code."""
    return PydanticCustomError("wecom", "{why}", {"errcode": errcode, "why": why})


def octets(most: int, *, least: int = 0, errcode: int = 40058) -> AfterValidator:
    """A text of so many bytes in UTF-8."""

    def check(text: str) -> str:
        if not least <= len(text.encode()) <= most:
            raise wrong(errcode, f"{least} to {most} bytes, not {len(text.encode())}")
        return text

    return AfterValidator(check)


def displayed(most: int) -> AfterValidator:
    """A text of which so many characters (字) are shown; the rest is cut."""

    def cut(text: str, info: ValidationInfo) -> str:
        if len(text) <= most:
            return text
        _note(info, text)
        return text[: most - 1] + "…"

    return AfterValidator(cut)


def displayed_octets(most: int) -> AfterValidator:
    """A text of which so many bytes are shown; the rest is cut."""

    def cut(text: str, info: ValidationInfo) -> str:
        if len(text.encode()) <= most:
            return text
        _note(info, text)
        return text.encode()[:most].decode(errors="ignore")

    return AfterValidator(cut)


def _note(info: ValidationInfo, text: str) -> None:
    if isinstance(info.context, list):
        info.context.append(f"{info.field_name}: {text}")


def _web_address(url: str) -> str:
    if url and not url.startswith(("https://", "http://")):
        raise wrong(40058, "url is not http or https")
    return url


def _nonempty(text: str) -> str:
    if not text:
        raise wrong(40058, "empty")
    return text


def up_to(most: int, *, least: int = 0) -> object:
    """A whole number, and no `true` for 1."""
    return Field(ge=least, le=most)


Flag = Annotated[int, up_to(1)]

Named = Annotated[str, AfterValidator(_nonempty)]
"""A text that must not be empty."""

WebAddress = Annotated[str, octets(2048), AfterValidator(_web_address)]
Key = Annotated[str, octets(1024, least=1)]
MediaId = Annotated[str, octets(512, least=1, errcode=41006)]
