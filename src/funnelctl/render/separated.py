"""CSV and TSV: the machine columns under their names.

Money takes two columns, its amount in plain decimals and its currency. To a pipe both formats are lossless;
on a terminal the cells are harmless instead.
"""

from __future__ import annotations

from funnelctl.core.guard import guarded
from funnelctl.core.money import plain
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from funnelctl.core.money import Money
    from funnelctl.core.table import Cell, Kind, Table
    from funnelctl.render.answer import Screen

FREE_TEXT = ("text", "list")  # what somebody wrote: ids, numbers, dates and money are no formula


class _Written(NamedTuple):
    name: str
    kind: Kind
    cells: list[str]


def csv(table: Table, screen: Screen) -> str:
    """Safe to open in a spreadsheet: a text that it could run as a formula gets a ``'`` in front.

    So does a text that starts with a ``'`` itself: taking one away where there is one gives every text back.
    """

    def field(kind: Kind, text: str) -> str:
        text = clean(text) if screen.terminal else text
        return guarded(text) if kind in FREE_TEXT else text

    columns = [[guarded(each.name), *(field(each.kind, text) for text in each.cells)] for each in _columns(table)]
    return "".join(map(record, zip(*columns, strict=True)))


def record(cells: Iterable[str]) -> str:
    """A line of CSV."""
    # a line with nothing on it would be no row at all
    return (",".join(map(_quoted, cells)) or '""') + "\n"


def tsv(table: Table, screen: Screen) -> str:
    """A tab is always a border and a line always a row: in a cell they, CR and the backslash are escaped."""

    def field(text: str) -> str:
        for mark, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            text = text.replace(mark, escaped)
        return clean(text) if screen.terminal else text

    columns = [[each.name, *map(field, each.cells)] for each in _columns(table)]
    return "".join("\t".join(row) + "\n" for row in zip(*columns, strict=True))


def _quoted(text: str) -> str:
    # by hand, because before Python 3.13 the csv module leaves a lone CR unquoted where lines end in LF
    if '"' in text or "," in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _columns(table: Table) -> list[_Written]:
    columns = []
    for index, column in enumerate(table.columns):
        if not column.machine or column.kind == "bar":
            continue
        values: list[Any] = [row[index] for row in table.rows]
        if column.kind == "money":
            currency = "currency" if column.name == "value" else f"{column.name}_currency"
            columns.append(_Written(column.name, "money", _texts(values, plain)))
            columns.append(_Written(currency, "id", _texts(values, lambda money: money.currency)))
        else:
            columns.append(_Written(column.name, column.kind, _texts(values, _TEXT[column.kind])))
    return columns


def _texts(values: list[Cell], text: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else text(value) for value in values]


def _moneys(moneys: tuple[Money, ...]) -> str:
    return "; ".join(f"{plain(money)} {money.currency}" for money in moneys)


_TEXT: dict[Kind, Callable[[Any], str]] = {
    "id": str,
    "text": str,
    "int": str,
    "days": str,
    "ratio": lambda ratio: str(round(float(ratio), 6)),
    "date": str,
    "instant": str,
    "moneys": _moneys,
    "list": ", ".join,
    "flag": lambda flag: "true" if flag else "false",
}
