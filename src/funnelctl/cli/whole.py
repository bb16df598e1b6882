"""A whole book that comes back: what ``import`` does with a file of ``export all``."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.whole import read_header, read_rows, sealed
from funnelctl.render.objects import dumped
from funnelctl.store.reports.export_all import all_rows, header
from funnelctl.store.whole import TakenOver, take_over

if TYPE_CHECKING:
    from typing import BinaryIO

    from funnelctl.cli.session import Session

COLUMNS = (Column("type", "text"), Column("rows", "int"))
NAMED = {"lead": "leads", "opportunity": "opportunities", "move": "moves"}


def taken_over(session: Session, stream: BinaryIO, name: str) -> Answer:
    """Take the book in ``stream`` into an empty one, as one operation; into one that holds the very same, nothing.

    ``name`` is how messages call the file.
    """
    top, seal = read_header(stream, name)
    with session.writing("import", creates=True) as work:
        conn = work.book.conn
        own = header(conn)
        if own == top and deque(sealed(own, all_rows(conn), partial(dumped, unicode=True)), maxlen=1)[0] == seal:
            taken = TakenOver({}, None)
        else:
            said = ("import", instant(session.now), work.author.by)
            taken = take_over(work.book, top, read_rows(stream, name), name, said)
    new, read = (sum(rows.get(table, 0) for table in ("lead", "opportunity")) for rows in (taken.rows, top.rows))
    more: dict[str, object] = {
        "operation": taken.operation, "created": new, "also_created": {}, "updated": 0, "unchanged": read - new,
        "skipped": 0, "rejected": 0, "rows_read": sum(top.rows.values()), "problems": [],
    }  # fmt: skip
    told = []
    for table, many in NAMED.items():
        number = taken.rows.get(table, 0)
        told.append(f"{number:,} {table if number == 1 else many}")
    line = f"took in a whole book: {', '.join(told)}; undo takes it back"
    if taken.operation is None:
        line = "nothing to change: the book holds all of it already"
    return Answer("import", Table(COLUMNS, tuple(taken.rows.items()), total=len(taken.rows)), line=line, more=more)
