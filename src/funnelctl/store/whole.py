"""A whole book from its export, into an empty one: the same rows under the same ids, as one operation."""

from __future__ import annotations

import sqlite3

from funnelctl.core.change import Change
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import TABLES
from funnelctl.core.whole import Header, Row, refused
from funnelctl.errors import BadData, Conflict
from funnelctl.store import journal
from funnelctl.store.checks import DOMAIN
from funnelctl.store.funnels import remembered
from funnelctl.store.reports.export_all import KEPT, OF_THIS_MACHINE, types
from funnelctl.store.schema import NEWEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelctl.store.book import Book

COPIES = ("stage", "funnel")  # of funnel files: a book that is otherwise empty may have some
FORGOTTEN = "forgotten"
# Of what db check looks at, that which the rows alone can get wrong. The log is this import's own, and by which country
# a phone number was read is told by the log of the old book alone.
CHECKED = ("standing", "beginnings", "order", "stages", "money", "dates", "tags", "addresses")
POINTS_TO_ITSELF = {"lead": "referred_by"}


class TakenOver(NamedTuple):
    """How many rows of each table a book has now; ``operation`` is ``None`` for an empty file."""

    rows: dict[str, int]
    operation: int | None


def take_over(book: Book, header: Header, rows: Iterable[Row], name: str, said: tuple[str, str, str]) -> TakenOver:
    """Put all ``rows`` into the empty ``book``. ``name`` is how messages call the file; ``said`` is the command, the
    instant and the author that the log keeps.

    Raises:
        Conflict: the book is not empty.
        BadData: a row is not what a book may hold; then nothing may be kept of what was done.
    """
    conn = book.conn
    if header.version > NEWEST or not set(header.rows) <= set(KEPT):
        raise BadData(f"{name} was written by a newer funnelctl; nothing was saved", "upgrade funnelctl to read it")
    _refuse_used(conn)
    for table in COPIES:
        conn.execute(f"DELETE FROM {table}")
    counted, later = _inserted(conn, rows)
    if counted != {table: number for table, number in header.rows.items() if number}:
        raise refused(name, 1, "the header counts other rows than there are")
    _refuse_unsound(book, name)
    operation = None
    logged = [table for table in KEPT if table in TABLES.values() and counted.get(table)]
    if logged:
        operation = journal.begin(conn, *said)
        for table in logged:
            journal.log_inserted(conn, table, 0)
        try:
            journal.apply(conn, later)
        except sqlite3.IntegrityError:
            raise BadData(f"{name} has a row that points to one which is not there; nothing was saved") from None
        journal.finish(conn, operation)
    _count_on(conn, {table: number for table, number in header.counters.items() if table in KEPT})
    return TakenOver(counted, operation)


def _refuse_used(conn: sqlite3.Connection) -> None:
    for table in KEPT:
        # The list of forgotten people is no operation: it stays when an import is undone.
        if table not in (*COPIES, FORGOTTEN) and conn.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]:
            raise Conflict(
                "a whole book can only be taken in where nothing is yet; nothing was saved",
                hint="make an empty one: funnelctl init NEW.db, then funnelctl --db NEW.db import FILE",
            )


def _inserted(conn: sqlite3.Connection, rows: Iterable[Row]) -> tuple[dict[str, int], list[Change]]:
    """The numbers of rows by table, and what is to be filled in when all are there."""
    columns = {table: types(conn, table) for table in KEPT}
    counted: dict[str, int] = {}
    later: list[Change] = []
    for line, table, given, file in rows:
        if table not in KEPT:
            raise refused(file, line, "no table of a book is called like its type")
        values = {**given, **OF_THIS_MACHINE.get(table, {})}
        wrong = next((column for column, value in values.items() if not _fits(columns[table].get(column), value)), None)
        if wrong is not None:
            raise refused(file, line, f"{table} has no {wrong[:60]!r}, or not with such a value")
        if "id" in columns[table] and (values.get("id") or 0) < 1:
            raise refused(file, line, "the row has no id")
        own = POINTS_TO_ITSELF.get(table, "")
        if (values.get(own) or 0) > values.get("id", 0):
            # It points to one that comes later: as a change of its own, which an undo takes back first.
            later.append(Change(table, values["id"], {own: None}, {own: values[own]}))
            values[own] = None
        try:
            conn.execute(_insert(table, tuple(values)), tuple(values.values()))
        except sqlite3.IntegrityError as error:
            raise refused(file, line, f"a book cannot hold the row: {error}") from None
        except UnicodeEncodeError:
            raise refused(file, line, "a text holds half a character") from None
        counted[table] = counted.get(table, 0) + 1
    return counted, later


def _insert(table: str, columns: tuple[str, ...]) -> str:
    # the same person may be on the list of forgotten people already
    clash = " ON CONFLICT DO NOTHING" if table == FORGOTTEN else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}){clash}"


def _fits(kind: str | None, value: object) -> bool:
    if value is None:
        return kind is not None
    if isinstance(value, str):
        return kind == "TEXT"
    if not isinstance(value, (int, float)) or isinstance(value, bool) or kind not in ("INTEGER", "REAL"):
        return False
    if isinstance(value, int):
        return abs(value) < 2**62
    return kind == "REAL" and float(f"{value:.15g}") == value  # as many digits as the log keeps


def _refuse_unsound(book: Book, name: str) -> None:
    """See that the rows fit together."""
    conn = book.conn
    if conn.execute(f"SELECT count(DISTINCT salt) FROM {FORGOTTEN}").fetchone()[0] > 1:
        raise Conflict(
            "this book has a list of forgotten people of its own; nothing was saved", hint="take an empty one"
        )
    for check in CHECKED:
        means, find = DOMAIN[check]
        for finding in find(conn):
            raise BadData(
                f"{name} does not keep that {means}: {finding}; nothing was saved", "funnelctl db check tells"
            )
    for (key,) in conn.execute("SELECT key FROM funnel").fetchall():
        try:
            remembered(book, key)
        except ValueError:
            raise BadData(f"{name} holds a funnel that cannot be read; nothing was saved") from None


def _count_on(conn: sqlite3.Connection, counters: dict[str, int]) -> None:
    """See that no id is given again that the other book has given."""
    for table, number in counters.items():
        if not conn.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, table)).rowcount:
            conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, number))
