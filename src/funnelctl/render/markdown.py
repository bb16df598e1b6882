"""A table in GitHub's Markdown, as people see it.

What somebody wrote stays text: it becomes no link, no HTML and no border of the table.
"""

from __future__ import annotations

import re

from funnelctl.render.shown import RIGHT, card, harmless, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelctl.core.table import Table
    from funnelctl.render.answer import Screen

# the last three: entities, and the addresses that GitHub makes links of by itself
MARKUP = re.compile(r"[\\`*_\[\]<>|~#$]|&(?=[#A-Za-z])|:(?=//)|(?<=www)\.", re.IGNORECASE)


def markdown(table: Table, screen: Screen) -> str:
    """The title as a heading, then the table with its numbers to the right; bars are left out."""
    title = f"### {_escaped(harmless(table.title, screen, ' '))}\n\n" if table.title else ""
    if not table.rows and table.empty:
        return f"{title}{_escaped(harmless(table.empty, screen, ' '))}\n"
    fields = card(table, screen, newline=" ")
    columns = fields or shown(table, screen, newline=" ")
    lines = [
        _line(_escaped(column.heading) for column in columns),
        _line("---:" if column.kind in RIGHT else "---" for column in columns),
        *(map(_line, zip(*([_escaped(cell) for cell in column.cells] for column in columns), strict=True))),
    ]
    return title + "".join(f"{line}\n" for line in lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text)
