"""Objects that an import has left out, as JSON Lines, as a JSON list or as a Trello board, each with what is wrong with
it. What is no object, or cannot be read, stands behind one that tells why."""

from __future__ import annotations

from funnelctl.core.importing.json_text import JsonText, written
from funnelctl.core.importing.objects import keys_of_lines, lists_in, records_in, values_of_lines
from funnelctl.core.importing.sheet import REASONS
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, BinaryIO, TextIO

    from funnelctl.core.importing.sheet import Sheet

    Reason = Callable[[int], str]  # of the row on that line; nothing where it is not wrong


def write_lines(out: TextIO, stream: BinaryIO, sheet: Sheet, name: str, reason: Reason) -> None:
    """Write the objects of JSON Lines for which there is a ``reason``; ``stream`` is called ``name``."""
    import io

    text = io.TextIOWrapper(stream, sheet.encoding, newline="")
    keys = keys_of_lines(text, name, sheet.encoding)
    for line, value, raw in values_of_lines(text, name, sheet.encoding):
        if why := reason(line):
            out.writelines(f"{one}\n" for one in _told(why, value, raw, keys, sheet.encoding))
    text.detach()


def write_list(out: TextIO, stream: BinaryIO, sheet: Sheet, name: str, reason: Reason) -> None:
    """Write those of a JSON document as a list."""
    lists = lists_in(stream, name, sheet.encoding)
    text = JsonText(stream, name, sheet.encoding)
    keys, records = records_in(text, name, lists)
    told = (
        one
        for line, value in records
        if (why := reason(line))
        for one in _told(why, value, text.taken, keys, sheet.encoding)
    )
    _write_list(out, told)
    out.write("\n")
    text.text.detach()


def write_board(out: TextIO, stream: BinaryIO, sheet: Sheet, name: str, reason: Reason) -> None:
    """Write a board with the cards for which there is a ``reason``, with what happened to them."""
    key = sheet.header.index("key")
    cards = {cells[key]: why for line, cells in sheet.rows if (why := reason(line))}
    text = JsonText(stream, name, sheet.encoding)
    before = "{"
    for part in text.members():
        if part not in ("lists", "cards", "actions", "customFields") or text.peek() != "[":
            text.value()
            continue
        out.write(f'{before}"{part}":')
        _write_list(out, _of_board(part, text, cards, sheet.encoding))
        before = ",\n"
    out.write("}\n")
    text.text.detach()


def _of_board(part: str, text: JsonText, cards: dict[str, str], encoding: str) -> Iterator[str]:
    """What belongs to these ``cards``, for each of which it is said why it is wrong."""
    for _, thing in text.elements():
        if not isinstance(thing, dict):
            continue
        if part == "cards":
            if why := cards.get(str(thing.get("id") or "")):
                yield from _told(why, thing, text.taken, list(thing), encoding)
        elif part != "actions" or _card_of(thing) in cards:
            yield text.taken


def _card_of(action: dict[str, Any]) -> str:
    data = action.get("data")
    card = data.get("card") if isinstance(data, dict) else None
    return str(card.get("id") or "") if isinstance(card, dict) else ""


def _told(why: str, value: Any, raw: str, keys: Sequence[str], encoding: str) -> list[str]:
    """A value with what is wrong with it, under all ``keys`` that objects of its file have: for the command that takes
    it in may speak of them. ``raw`` is how it is written."""
    if isinstance(value, dict):
        # one that names a key twice, or holds what is no JSON, can only be repeated as it is written
        try:
            return [
                _encodable(written({REASONS: why, **{key: value.get(key) for key in keys if key != REASONS}}), encoding)
            ]
        except Invalid:
            pass
    return [_encodable(written({REASONS: why}), encoding), raw]


def _write_list(out: TextIO, elements: Iterable[str]) -> None:
    before = "[\n"
    for one in elements:
        out.write(before + one)
        before = ",\n"
    out.write("\n]" if before != "[\n" else "[]")


def _encodable(text: str, encoding: str) -> str:
    """JSON with escapes where the encoding lacks a character, or where there is half of one."""
    import json

    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join([char if char.isascii() else json.dumps(char)[1:-1] for char in text])
    return text
