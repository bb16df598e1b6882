"""Undo and redo: an operation of the log carried out backwards, or once more.

Neither needs to know what a command was. An import may have made a million rows: its changes are read by the page, and
rows that came or go together are written together.
"""

from __future__ import annotations

import sqlite3
from itertools import groupby

from funnelctl.errors import Conflict
from funnelctl.store import journal
from funnelctl.store.journal import Operation
from funnelctl.store.log import LOG, changes_between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.change import Change

PAGE = 500  # changes that are held at once


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
        for page in _pages(conn, done, back=back):
            for (_, comes, goes), run in groupby(page, lambda one: (one.table, one.before is None, one.after is None)):
                _carry_out_together(conn, list(run), comes=comes, goes=goes)
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


def _pages(conn: sqlite3.Connection, done: Operation, *, back: bool) -> Iterator[list[Change]]:
    """The changes to make, in their order: those of the operation, or their opposites from the last to the first."""
    starts = range(done.first_change, done.last_change + 1, PAGE)
    for start in reversed(starts) if back else starts:
        page = changes_between(conn, start, min(start + PAGE - 1, done.last_change))
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
