"""A table in plain text, for pipes, long lists and narrow screens: whole cells, aligned, nothing drawn."""

from __future__ import annotations

from funnelctl.render.shown import RIGHT, card, harmless, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.table import Table
    from funnelctl.render.answer import Screen

GAP = "  "
FIRST_COMBINING = "\u0300"  # every character before it takes one cell


def plain(table: Table, screen: Screen) -> str:
    """The title, a line of headings and a line a row; no line ends in a space."""
    lines = [harmless(table.title, screen)] if table.title else []
    if not table.rows and table.empty and not table.total:
        lines.append(harmless(table.empty, screen))
    elif fields := card(table, screen):
        lines += _lines([field.cells for field in fields], [False, False])
    else:
        columns = shown(table, screen)
        right = [column.kind in RIGHT for column in columns]
        lines += _lines([[column.heading, *column.cells] for column in columns], right)
    return "".join(line + "\n" for line in lines)


def width(text: str) -> int:
    """How many cells of a screen ``text`` takes: East Asian wide characters take two, combining ones none."""
    if max(text, default="") < FIRST_COMBINING:
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(character) in ("Mn", "Me", "Cf") else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def _lines(columns: list[list[str]], right: list[bool]) -> list[str]:
    aligned = [_aligned(cells, flush) for cells, flush in zip(columns, right, strict=True)]
    return [GAP.join(line).rstrip() for line in zip(*aligned, strict=True)]


def _aligned(cells: list[str], right: bool) -> list[str]:
    if max("".join(cells), default="") < FIRST_COMBINING:
        most = max(map(len, cells), default=0)
        return [cell.rjust(most) for cell in cells] if right else [cell.ljust(most) for cell in cells]
    widths = list(map(width, cells))
    most = max(widths, default=0)
    spaces = [" " * (most - taken) for taken in widths]
    pairs = zip(spaces, cells, strict=True) if right else zip(cells, spaces, strict=True)
    return ["".join(pair) for pair in pairs]
