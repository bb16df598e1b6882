"""What iCalendar and vCard let a text hold: no control character but a tab and the end of a line."""

from __future__ import annotations

from unicodedata import category

_ENDS = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n"}


def allowed(text: str) -> str:
    """``text`` without what neither format may hold; every way to end a line is a line feed."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join([_ENDS.get(char, char) for char in text if char in "\n\t\x85" or category(char) != "Cc"])
