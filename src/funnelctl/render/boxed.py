"""A table drawn for a terminal by rich, in columns that fit its width.

Text reaches rich as ``Text`` only, never as markup: a name with ``[/]`` in it is a name.
"""

from __future__ import annotations

from itertools import pairwise

from funnelctl.render.shown import RIGHT, card, harmless, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from funnelctl.core.table import Table
    from funnelctl.render.answer import Screen
    from funnelctl.render.shown import Shown

JOINER = "\u200d"  # makes one emoji of two
GAP = 2  # between columns: a space of padding and the box's own
LEAST = 6  # what a cut text needs to be told from another
CUT = ("text", "list")  # the only kinds that may be cut: half an amount or a date would be a wrong one


def boxed(table: Table, screen: Screen) -> str | None:
    """The title and the table, or ``None`` where the screen is too narrow for what may not be cut."""
    drawn: list[RenderableType] = []
    if table.title:
        drawn.append(_text(harmless(table.title, screen), style="bold"))
    if not table.rows and table.empty and not table.total:
        drawn.append(_text(harmless(table.empty, screen)))
        return _rendered(drawn, screen)
    fields = card(table, screen, newline="\n")
    body = _fields(fields, screen) if fields else _grid(table, screen)
    return None if body is None else _rendered([*drawn, body], screen)


def _grid(table: Table, screen: Screen) -> RenderableType | None:
    from rich import box
    from rich.table import Table as Grid

    bars = min(30, max(10, 10 + (screen.width - 80) // 4))
    columns = shown(table, screen, between="\n", bars=bars)
    widths = _widths(columns, screen.width)
    if widths is None:
        return None
    ascii_box = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
    grid = Grid(
        box=box.SIMPLE_HEAD if screen.unicode else ascii_box,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="dim",
        border_style="dim",
    )
    for column, width in zip(columns, widths, strict=True):
        grid.add_column(
            _text(column.heading, no_wrap=False),
            width=width,
            no_wrap=not column.wrap,
            overflow="fold" if column.wrap else "ellipsis",
            justify="right" if column.kind in RIGHT else "left",
            style="cyan" if column.kind == "bar" else "",
            vertical="top",
        )
    for row in zip(*(column.cells for column in columns), strict=True):
        grid.add_row(*map(_text, row))
    return grid


def _fields(fields: tuple[Shown, Shown], screen: Screen) -> RenderableType | None:
    """A record as a list of its fields; long texts wrap beside their name."""
    from rich.cells import cell_len
    from rich.table import Table as Grid

    names, values = (each.cells for each in fields)
    left = max(map(cell_len, names), default=0)
    right = screen.width - left - GAP
    if right < LEAST:
        return None
    grid = Grid.grid(padding=(0, GAP, 0, 0))
    grid.add_column(width=left, no_wrap=True, style="dim")
    grid.add_column(max_width=right, overflow="fold")
    for name, value in zip(names, values, strict=True):
        grid.add_row(_text(name), _text(value))
    return grid


def _widths(columns: list[Shown], width: int) -> list[int] | None:
    """Each column's width; ``None`` where a fixed one would be cut or a text be left with next to nothing."""
    from rich.cells import cell_len

    room = width - GAP * (len(columns) - 1)
    bodies = [max(map(cell_len, "\n".join(["", *each.cells]).split("\n"))) for each in columns]
    whole = [max(body, cell_len(each.heading)) for body, each in zip(bodies, columns, strict=True)]
    if sum(whole) <= room:
        return whole
    # narrow: a heading goes over several lines, and the texts share what the fixed columns leave
    words = [max(map(cell_len, each.heading.split()), default=0) for each in columns]
    widths = [max(body, word) for body, word in zip(bodies, words, strict=True)]
    texts = [index for index, each in enumerate(columns) if each.kind in CUT]
    room -= sum(widths) - sum(widths[index] for index in texts)
    for rank, index in enumerate(sorted(texts, key=widths.__getitem__)):
        share = room // (len(texts) - rank)
        if share < min(widths[index], LEAST):
            return None
        widths[index] = min(widths[index], share)
        room -= widths[index]
    return widths if room >= 0 else None


def _text(text: str, style: str = "", no_wrap: bool | None = None) -> Text:
    """``text`` for rich, which fails (15.0) on a line that starts with two joiners: there they join nothing."""
    from rich.text import Text

    if JOINER in text:
        pairs = pairwise(" " + text)
        text = "".join("\ufffd" if each == JOINER and before.isspace() else each for before, each in pairs)
    return Text(text, style=style, no_wrap=no_wrap)


def _rendered(drawn: list[RenderableType], screen: Screen) -> str:
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    console = Console(
        file=out,
        width=screen.width,
        color_system="standard" if screen.colour else None,
        no_color=not screen.colour,
        force_terminal=False,  # it is not asked: the screen says all, and no variable of the environment
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for each in drawn:
        console.print(each)
    text = "".join(line.rstrip() + "\n" for line in out.getvalue().split("\n")[:-1])
    return text if screen.unicode else text.replace("…", "~")  # rich knows no other mark of a cut
