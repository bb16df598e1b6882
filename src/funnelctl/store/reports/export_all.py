"""All that a book holds: every row of every table but the log, and the highest ids ever given."""

from __future__ import annotations

from funnelctl.core.records import TABLES
from funnelctl.core.whole import Header
from funnelctl.store.schema import version

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from typing import Any

# Each after those to which its rows point, with the order of its rows. A test holds that no table is missing.
KEPT = {
    "setting": "id",
    "funnel": "key",
    "stage": "funnel, position, key",
    "lead": "id",
    "lead_alias": "id",
    "opportunity": "id",
    "move": "id",
    "activity": "id",
    "source_row": "id",
    "forgotten": "id",
}
LOG = (
    "operation",
    "entry",
    *(f"{table}_came" for table in TABLES.values()),
)  # how the book came to be: that is for a backup
# From which file a copy was made, on this machine: a book that is taken in looks for its files anew.
OF_THIS_MACHINE = {"funnel": {"stamp": ""}}
PAGE = 1000  # rows that are held at once


def header(conn: sqlite3.Connection) -> Header:
    """What stands at the beginning."""
    counters = dict(conn.execute("SELECT name, seq FROM sqlite_sequence WHERE seq > 0").fetchall())
    rows = {table: conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT}
    return Header(version(conn), {table: counters[table] for table in KEPT if table in counters}, rows)


def all_rows(conn: sqlite3.Connection) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row with its table, in an order in which they can be put into an empty book."""
    for table, columns, rows in all_tables(conn):
        for row in rows:
            yield table, dict(zip(columns, row, strict=True))


def all_tables(conn: sqlite3.Connection) -> Iterator[tuple[str, dict[str, str], Iterator[tuple[Any, ...]]]]:
    """Every table with its columns, their types and its rows, in the same order."""
    for table, order in KEPT.items():
        left_out = OF_THIS_MACHINE.get(table, {})
        columns = {name: kind for name, kind in types(conn, table).items() if name not in left_out}
        yield table, columns, _paged(conn.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}"))


def _paged(rows: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
    while page := rows.fetchmany(PAGE):
        yield from page


def types(conn: sqlite3.Connection, table: str) -> dict[str, str]:
    """The columns of a table with their types: ``TEXT``, ``INTEGER`` or ``REAL``."""
    return {row[1]: row[2] for row in conn.execute(f"PRAGMA table_info({table})").fetchall()}
