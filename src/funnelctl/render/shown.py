"""What people see of a table: which columns, under which heading, and each cell as harmless text.

The plain, the boxed and the Markdown table are made from this, so that they can only differ in their frame.
"""

from __future__ import annotations

from funnelctl.core.money import shown as money_shown
from funnelctl.core.period import day_of
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from funnelctl.core.table import Cell, Column, Kind, Table
    from funnelctl.render.answer import Screen

CARD = 9  # one row of at least as many columns is read downwards: a field a line
RIGHT = ("int", "days", "ratio", "money", "moneys")  # numbers line up on their last digit

_TEXT: dict[Kind, Callable[[Any], str]] = {
    "id": str,
    "text": str,
    "int": str,
    "days": lambda days: f"{days} d",
    "ratio": lambda ratio: f"{ratio * 100:.0f} %",
    "date": str,
    "instant": lambda instant: day_of(instant).isoformat(),
    "money": money_shown,
    "list": ", ".join,
    "flag": lambda flag: "yes" if flag else "",
}


class Shown(NamedTuple):
    """A column as people see it; a missing cell is empty."""

    heading: str
    kind: Kind
    cells: list[str]
    wrap: bool = False


def shown(table: Table, screen: Screen, newline: str = "⏎", between: str = "; ", bars: int = 0) -> list[Shown]:
    """The columns that people see of ``table``.

    ``newline`` stands for a line break within a text, ``between`` between the amounts of several currencies.
    Bars are drawn ``bars`` characters long, or left out where that is 0.
    """
    columns = []
    for index, column in enumerate(table.columns):
        if not column.screen or (column.kind == "bar" and not bars):
            continue
        values = [row[index] for row in table.rows]
        if column.kind == "bar":
            cells = _bars(values, bars, screen)
        else:
            cells = _cells(column.kind, values, screen, newline, between)
        columns.append(Shown(_heading(column, screen), column.kind, cells, column.wrap))
    return columns


def card(table: Table, screen: Screen, newline: str = "⏎") -> tuple[Shown, Shown] | None:
    """A record of many columns, turned: fields and values, missing ones left out; else ``None``. A list
    stays one when it has a single row."""
    if len(table.rows) != 1 or table.listing:
        return None
    columns = shown(table, screen, newline)
    if len(columns) < CARD:
        return None
    there = [column for column in columns if column.cells[0]]
    names = Shown("", "text", [column.heading for column in there])
    return names, Shown("", "text", [column.cells[0] for column in there])


def harmless(text: str, screen: Screen, newline: str = "⏎") -> str:
    """``text`` without anything that could control a terminal, in characters that ``screen`` has."""
    if screen.unicode:
        return clean(text, newline)
    # escaped here and not by the stream, so that a column is as wide as it will be
    return clean(text, newline if newline.isascii() else " ").encode("ascii", "backslashreplace").decode()


def _heading(column: Column, screen: Screen) -> str:
    return harmless(column.label or column.name.replace("_", " "), screen)


def _cells(kind: Kind, values: list[Cell], screen: Screen, newline: str, between: str) -> list[str]:
    if kind == "moneys":
        moneys: list[Any] = values
        return [between.join(map(money_shown, value)) if value else "" for value in moneys]
    text = _TEXT[kind]
    cells = ["" if value is None else text(value) for value in values]
    whole = "".join(cells)
    if whole.isprintable() and (screen.unicode or whole.isascii()):  # one look for most columns
        return cells
    return [harmless(cell, screen, newline) for cell in cells]


def _bars(values: Sequence[Any], width: int, screen: Screen) -> list[str]:
    """The longest bar is ``width`` characters long; one that is more than nothing can always be seen."""
    most = max((value for value in values if value), default=0)
    parts = 8 if screen.unicode else 1
    cells = []
    for value in values:
        if not value or value < 0:
            cells.append("")
            continue
        full, rest = divmod(max(1, round(value / most * width * parts)), parts)
        cells.append("█" * full + " ▏▎▍▌▋▊▉"[rest].strip() if screen.unicode else "#" * full)
    return cells
