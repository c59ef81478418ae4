"""XML from outside, read without its powers: no document types, no entities, nothing fetched."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, fromstring

LONGEST = 200_000
"""Bytes that are read at all; a call holds a few lines, its pictures are named and not carried."""


class Unreadable(Exception):
    """What came is not in the form that was agreed. The words never repeat it."""


def read_xml(content: bytes) -> Element:
    """The outermost element. Raises Unreadable."""
    if len(content) > LONGEST:
        raise Unreadable("too long")
    try:
        # As text, so that no encoding declared in it is believed.
        return fromstring(content.decode(), forbid_dtd=True)
    except (ParseError, ValueError) as error:
        raise Unreadable(type(error).__name__) from None


def text(element: Element, tag: str) -> str:
    """What stands in the first child of that name, CDATA or not; nothing where there is none."""
    return (element.findtext(tag) or "").strip()
