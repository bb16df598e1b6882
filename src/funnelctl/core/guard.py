"""Texts that a spreadsheet would run as a formula, made harmless so that they come back.

A ``'`` goes in front of such a text, and in front of one that starts with a ``'`` itself: taking one away where it
guards gives every text back.
"""

from __future__ import annotations

FORMULA = "=+-@\t\r\n＝＋－＠"  # a text that starts with one of these is run by a spreadsheet


def guarded(text: str) -> str:
    """``text`` as it may stand in a cell."""
    if text[:1] == "'" or (text[:1] and text[0] in FORMULA and not _is_number(text)):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """The text that ``guarded`` has made harmless; any other text as it is."""
    return text[1:] if text[:1] == "'" and (text[1:2] == "'" or text[1:2] in FORMULA) else text


def _is_number(text: str) -> bool:
    """Whether ``text`` is a sign and a plain decimal: a phone number stays as it is."""
    digits = text[1:].replace(".", "", 1)
    return text[0] in "+-" and digits.isascii() and digits.isdigit()
