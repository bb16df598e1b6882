"""Settings of a book."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.session import Session
from funnelctl.core.settings import SETTINGS, checked, put
from funnelctl.core.table import Answer, Column, Table
from funnelctl.store.book import DEFAULT_FUNNEL, Book

app = group("The settings of a pipeline.")

COLUMNS = (
    Column("setting", "text"),
    Column("value", "text"),
    Column("origin", "text"),
    Column("meaning", "text"),
)


@reads(app, "list")
def list_(session: Session) -> Answer:
    """List the settings, and where each value comes from."""
    with session.reading() as book:
        return Answer("config list", _table(book))


@writes(app, "set", dated=False)
def set_(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="SETTING", help=f"One of {', '.join(SETTINGS)}.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its value; an empty text takes it away.")],
) -> Answer:
    """Give a setting a value."""
    with session.writing("config set", creates=True) as work:
        if name == "funnel" and value:
            work.book.funnel(value)  # one that there is
        kept = checked(name, value) if value or name not in SETTINGS else None
        work.do(put(work.author, work.book.setting(name), name, kept))
        return Answer("config set", _table(work.book), line=f"{name}: {kept or 'no value'}")


def _table(book: Book) -> Table:
    defaults = {"funnel": DEFAULT_FUNNEL}
    rows: list[tuple[Any, ...]] = []
    for name, meaning in SETTINGS.items():
        found = book.setting(name)
        default = defaults.get(name)
        origin = "this file" if found else "default" if default else None
        rows.append((name, found.value if found else default, origin, meaning))
    return Table(COLUMNS, tuple(rows), total=len(rows))
