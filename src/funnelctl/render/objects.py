"""JSON and JSON Lines: the answer for programs, lossless and yet harmless where a terminal shows it."""

from __future__ import annotations

from funnelctl.core.money import Money
from funnelctl.core.table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from funnelctl.core.table import Answer, Kind
    from funnelctl.render.answer import Screen


def document(answer: Answer, screen: Screen) -> str:
    """One object with the schema's name, the rows and whatever else the answer holds."""
    whole: dict[str, Any] = {
        "schema": f"funnelctl/{answer.command.replace(' ', '-')}/1",
        "as_of": answer.as_of or None,
        "rows": list(_rows(answer.rows)),
    }
    if answer.rows.total is not None:
        whole["total"] = answer.rows.total
    whole |= {name: _plain(value) for name, value in answer.more.items()}
    return dumped(whole, screen.unicode, indent=2) + "\n"


def lines(table: Table, screen: Screen) -> str:
    """The rows alone, an object a line."""
    return "".join(dumped(row, screen.unicode) + "\n" for row in _rows(table))


def dumped(value: object, unicode: bool, indent: int | None = None) -> str:
    """``value`` as JSON. What a reader can't see, or a terminal could obey, is written as ``\\uXXXX``."""
    import json

    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=not unicode, allow_nan=False, indent=indent, separators=separators)
    # outside of its strings, JSON holds nothing that is escaped here
    return text if text.replace("\n", "").isprintable() else text.translate(_ESCAPES)


class _Escapes(dict[int, str | int]):
    """A table for ``str.translate`` that fills itself with the characters that it meets."""

    def __missing__(self, code: int) -> str | int:
        from unicodedata import category

        # controls, formats (bidi, zero-width), lone surrogates, line and paragraph separators
        hidden = category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        self[code] = _escaped(code) if hidden and code != 10 else code
        return self[code]


_ESCAPES = _Escapes()


def _escaped(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    columns = [
        (index, column.name, _CELL.get(column.kind))
        for index, column in enumerate(table.columns)
        if column.machine and column.kind != "bar"
    ]
    for row in table.rows:
        yield {
            name: row[index] if cell is None or row[index] is None else cell(row[index])
            for index, name, cell in columns
        }


def _plain(value: object) -> object:
    """``value`` in the types of JSON, at any depth (money and tables are tuples too, so they come first)."""
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    if isinstance(value, Table):
        return list(_rows(value))
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


# a cell of any other kind has a type of JSON as it is
_CELL: dict[Kind, Callable[[Any], object]] = {
    "ratio": lambda ratio: round(float(ratio), 6),
    "money": _plain,
    "moneys": _plain,
    "list": list,
    "flag": bool,  # SQLite has no truth values, only 0 and 1
}
