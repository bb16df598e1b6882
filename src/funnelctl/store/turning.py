"""Undo and redo: an operation of the log carried out backwards, or once more.

Neither needs to know what a command was. An import may have made a million rows: those that it let come together go
and come back together, by their copies in the log; other changes are read by the page, and rows that came or go one
after the other are written together too.
"""

from __future__ import annotations

import sqlite3
from itertools import groupby

from funnelctl.core.record import NamedTuple
from funnelctl.core.records import TABLES
from funnelctl.errors import Conflict
from funnelctl.store import journal
from funnelctl.store.journal import Operation
from funnelctl.store.log import LOG, changes_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.change import Change

PAGE = 500  # changes that are held at once
_COLUMNS = {table: record._fields for record, table in TABLES.items()}


def undo(conn: sqlite3.Connection, at: str, by: str) -> Operation | None:
    """Take back the newest operation that stands; ``None`` where there is none.

    Raises:
        Conflict: a row was changed since by another program, so that taking back would overwrite something newer.
    """
    row = conn.execute("SELECT * FROM operation WHERE kind = 'do' AND undone = 0 ORDER BY id DESC LIMIT 1").fetchone()
    return _turn(conn, "undo", Operation._make(row), at, by) if row else None


def redo(conn: sqlite3.Connection, at: str, by: str) -> Operation | None:
    """Do again what the newest undo took back; ``None`` where there is none, or where something new was done since."""
    row = conn.execute(
        "SELECT done.* FROM operation AS back JOIN operation AS done ON done.id = back.target"
        " WHERE back.kind = 'undo' AND done.undone = 1"
        " AND back.id > (SELECT max(id) FROM operation WHERE kind = 'do') ORDER BY back.id DESC LIMIT 1"
    ).fetchone()
    return _turn(conn, "redo", Operation._make(row), at, by) if row else None


def _turn(conn: sqlite3.Connection, kind: str, done: Operation, at: str, by: str) -> Operation:
    operation = journal.begin_of_kind(conn, kind, done.command, at, by, done.id)
    back = kind == "undo"
    try:
        for part in _parts(conn, done, back=back):
            if part.table and not back:
                _come_together(conn, part)
            elif not (part.table and _go_together(conn, part)):
                _carry_out(conn, part, back=back)
    except Conflict as conflict:
        raise _refused(done, conflict.message, conflict.hint) from None
    except sqlite3.IntegrityError:
        why = "rows that another program wrote since stand in its way; nothing was saved"
        raise _refused(done, why, "funnelctl db check names what is not in the history") from None
    sides, order = ("after, before", "DESC") if back else ("before, after", "ASC")
    conn.execute(
        f"{LOG} INSERT INTO entry (table_name, row_id, before, after) SELECT table_name, row_id, {sides} FROM change"
        f" WHERE id BETWEEN ? AND ? ORDER BY id {order}",
        (done.first_change, done.last_change),
    )
    journal.finish(conn, operation)
    conn.execute("UPDATE operation SET undone = ? WHERE id = ?", (int(back), done.id))
    return done


class _Part(NamedTuple):
    """Changes of these numbers, both included. ``table``: all are rows that came into it together; else empty."""

    first: int
    last: int
    table: str


def _parts(conn: sqlite3.Connection, done: Operation, *, back: bool) -> list[_Part]:
    """The changes of the operation in the order in which they are to be made; for an undo, from the last to the
    first."""
    came: list[_Part] = []
    for table in TABLES.values():
        first, last, rows = conn.execute(
            f"SELECT min(change), max(change), count(*) FROM {table}_came WHERE change BETWEEN ? AND ?",
            (done.first_change, done.last_change),
        ).fetchone()
        if rows and rows == last - first + 1:
            came.append(_Part(first, last, table))
    parts, following = [], done.first_change
    for part in sorted(came):
        parts += [_Part(following, part.first - 1, ""), part]
        following = part.last + 1
    parts = [part for part in (*parts, _Part(following, done.last_change, "")) if part.first <= part.last]
    return parts[::-1] if back else parts


def _go_together(conn: sqlite3.Connection, part: _Part) -> bool:
    """Delete the rows that came together, where all are there and each is as its copy is; whether that was so."""
    table, numbers = part.table, (part.first, part.last)
    equal = " AND ".join(f"its.{column} IS copy.{column}" for column in _COLUMNS[table])
    as_they_came = conn.execute(
        f"SELECT count(*) FROM {table}_came AS copy CROSS JOIN {table} AS its USING (id)"
        f" WHERE copy.change BETWEEN ? AND ? AND {equal}",
        numbers,
    ).fetchone()[0]
    if as_they_came < part.last - part.first + 1:
        return False
    conn.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table}_came WHERE change BETWEEN ? AND ?)", numbers)
    return True


def _come_together(conn: sqlite3.Connection, part: _Part) -> None:
    """Insert the rows that came together once more."""
    columns = ", ".join(_COLUMNS[part.table])
    conn.execute(
        f"INSERT INTO {part.table} ({columns}) SELECT {columns} FROM {part.table}_came WHERE change BETWEEN ? AND ?"
        " ORDER BY change",
        (part.first, part.last),
    )


def _carry_out(conn: sqlite3.Connection, part: _Part, *, back: bool) -> None:
    """Make changes one after the other, or their opposites."""
    for page in _pages(conn, part, back=back):
        for (_, comes, goes), run in groupby(page, lambda one: (one.table, one.before is None, one.after is None)):
            _carry_out_together(conn, list(run), comes=comes, goes=goes)


def _pages(conn: sqlite3.Connection, part: _Part, *, back: bool) -> Iterator[list[Change]]:
    """The changes of a part, or their opposites, in the order in which they are to be made."""
    starts = range(part.first, part.last + 1, PAGE)
    for start in reversed(starts) if back else starts:
        page = changes_between(conn, start, min(start + PAGE - 1, part.last))
        yield [change.inverted() for change in reversed(page)] if back else page


def _carry_out_together(conn: sqlite3.Connection, changes: list[Change], *, comes: bool, goes: bool) -> None:
    """Changes of one kind to rows of one table, in one statement where that is the same."""
    if goes and _are_as_logged(conn, changes):
        marks = ", ".join("?" * len(changes))
        conn.execute(f"DELETE FROM {changes[0].table} WHERE id IN ({marks})", [change.row_id for change in changes])
    elif comes and len({tuple(change.after or ()) for change in changes}) == 1:
        columns = tuple(changes[0].after or ())
        conn.executemany(
            f"INSERT INTO {changes[0].table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})",
            [tuple((change.after or {}).values()) for change in changes],
        )
    else:
        for change in changes:
            journal.carry_out(conn, change)


def _are_as_logged(conn: sqlite3.Connection, changes: list[Change]) -> bool:
    """Whether the rows that are to go are all there, each as its change says."""
    marks = ", ".join("?" * len(changes))
    found = conn.execute(
        f"SELECT * FROM {changes[0].table} WHERE id IN ({marks})", [change.row_id for change in changes]
    )
    names = [column[0] for column in found.description]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in found}
    return len(rows) == len(changes) and all(
        rows[change.row_id].items() >= (change.before or {}).items() for change in changes
    )


def _refused(done: Operation, why: str, hint: str = "") -> Conflict:
    return Conflict(f"{done.command} (operation {done.id}) was left as it is: {why}", hint)
