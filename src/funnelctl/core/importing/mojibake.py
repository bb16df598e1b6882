"""Text that was read in a wrong encoding before it came here: ``MÃ¼ller``, or ``M�ller`` of which a letter is lost."""

from __future__ import annotations

from funnelctl.core.text import quoted

_HIGH = "\u0080-\u00bf" + bytes(set(range(0x80, 0xA0)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D}).decode("cp1252")
_SPOILT = f"[\u00c2-\u00c5][{_HIGH}]|\u00e2[{_HIGH}]{{2}}"  # the bytes of é, and of ’, as letters of their own
_LOST = "\ufffd"
_FIRST = f"\u00c2\u00c3\u00c4\u00c5\u00e2{_LOST}"  # with one of these begins whatever there is to tell of


def told_of(text: str) -> str:
    """What people should know of a text in which a letter stands for a byte, or for one that was lost; nothing of any
    other."""
    if not any(letter in text for letter in _FIRST):  # nearly all, and quick
        return ""
    import re

    if found := re.search(_SPOILT, text):
        spoilt = _word_around(text, found.start())
        try:
            meant = "".join(map(_byte, spoilt)).encode("latin-1").decode()
        except UnicodeError:
            return ""
        what = f"{quoted(spoilt)}, which may be {quoted(meant)} in a wrong encoding"
        return f"{what}: export the file again; if --encoding was given, leave it out"
    if _LOST in text:
        return f"{quoted(_word_around(text, text.index(_LOST)))}, of which a letter was lost: export the file again"
    return ""


def _byte(char: str) -> str:
    """The byte for which a letter stands, as the letter of that number."""
    return char if char <= "\u00ff" else char.encode("cp1252").decode("latin-1")


def _word_around(text: str, place: int) -> str:
    start, end = place, place + 1
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]
