"""Carrying out changes and logging them; ``log`` reads what was logged, ``turning`` takes it back.

This is the only place that writes rows of the domain. JSON is made and read by SQLite itself, so that a single write
does not load Python's ``json`` and an import can log a hundred thousand rows in one statement.
"""

from __future__ import annotations

import sqlite3

from funnelctl.core.change import Change
from funnelctl.core.record import NamedTuple
from funnelctl.errors import Conflict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


COUNTER = "entry"  # in sqlite_sequence: the number of the newest change


class Operation(NamedTuple):
    """One command that wrote, as the log keeps it. ``target`` is the operation that an undo or redo speaks of."""

    id: int
    kind: str  # do | undo | redo
    command: str
    at: str
    by: str
    target: int | None
    undone: int
    first_change: int
    last_change: int


def begin(conn: sqlite3.Connection, command: str, at: str, by: str) -> int:
    """Open an operation of which changes will be logged until ``finish``."""
    return begin_of_kind(conn, "do", command, at, by, None)


def finish(conn: sqlite3.Connection, operation: int) -> None:
    """Close the operation: the changes logged since ``begin`` are its own."""
    conn.execute("UPDATE operation SET last_change = ? WHERE id = ?", (last_change(conn), operation))


def apply(conn: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Carry out ``changes`` in their order and log each.

    Raises:
        Conflict: a row is no longer as the change says that it was.
    """
    for change in changes:
        carry_out(conn, change)
        _log(conn, change)


def log_inserted(conn: sqlite3.Connection, table: str, after_id: int) -> None:
    """Log the rows of ``table`` above ``after_id``, which an import has inserted by itself, set-wise."""
    columns = ", ".join(row[1] for row in conn.execute(f"PRAGMA table_info({table})"))
    last = last_change(conn)
    # A row with the last number, where there is none, and SQLite counts on from there.
    conn.execute(f"INSERT INTO {table}_came (change) VALUES (?) ON CONFLICT DO NOTHING", (last,))
    logged = conn.execute(
        f"INSERT INTO {table}_came ({columns}) SELECT {columns} FROM {table} WHERE id > ? ORDER BY id", (after_id,)
    ).rowcount
    conn.execute(f"DELETE FROM {table}_came WHERE change = ? AND id IS NULL", (last,))
    conn.execute(f"UPDATE sqlite_sequence SET seq = seq + ? WHERE name = '{COUNTER}'", (logged,))


def begin_of_kind(conn: sqlite3.Connection, kind: str, command: str, at: str, by: str, target: int | None) -> int:
    """As ``begin``, for an undo or redo too; ``target`` is the operation of which these speak."""
    last = last_change(conn)
    made = conn.execute(
        "INSERT INTO operation (kind, command, at, by, target, first_change, last_change) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind, command, at, by, target, last + 1, last),
    )
    assert made.lastrowid is not None
    return made.lastrowid


def last_change(conn: sqlite3.Connection) -> int:
    """The number of the newest change; none is ever used again."""
    last: int = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (COUNTER,)).fetchone()[0]
    return last


def carry_out(conn: sqlite3.Connection, change: Change) -> None:
    """Do what a change says, without logging it.

    Raises:
        Conflict: the row is no longer as the change says that it was.
    """
    table, before, after = change.table, change.before, change.after
    if before is None:
        assert after is not None
        marks = ", ".join("?" * len(after))
        conn.execute(f"INSERT INTO {table} ({', '.join(after)}) VALUES ({marks})", tuple(after.values()))
        return
    unchanged = " AND ".join(f"{column} IS ?" for column in before)
    if after is None:
        sql, values = f"DELETE FROM {table} WHERE id = ? AND {unchanged}", (change.row_id, *before.values())
    else:
        news = ", ".join(f"{column} = ?" for column in after)
        sql = f"UPDATE {table} SET {news} WHERE id = ? AND {unchanged}"
        values = (*after.values(), change.row_id, *before.values())
    if conn.execute(sql, values).rowcount != 1:
        raise _changed_since(conn, change)


def _changed_since(conn: sqlite3.Connection, change: Change) -> Conflict:
    """By whom nobody knows: all that funnelctl does is in the log, in which this change comes next."""
    before = change.before or {}
    row = conn.execute(f"SELECT {', '.join(before)} FROM {change.table} WHERE id = ?", (change.row_id,)).fetchone()
    differing = [column for column, there in zip(before, row or (), strict=bool(row)) if there != before[column]]
    what = f": another program has changed its {', '.join(differing)}" if row else ": another program has removed it"
    return Conflict(
        f"{shown(change)} is no longer as it was{what}; nothing was saved",
        hint="funnelctl db check names all that differs from the history",
    )


def _log(conn: sqlite3.Connection, change: Change) -> None:
    values: list[Any] = [change.table, change.row_id]
    sides = []
    for side in (change.before, change.after):
        if side is None:
            sides.append("NULL")
        else:
            sides.append(f"json_object({', '.join('?' * (2 * len(side)))})")
            values += [part for pair in side.items() for part in pair]
    conn.execute(
        f"INSERT INTO entry (table_name, row_id, before, after) VALUES (?, ?, {', '.join(sides)})",
        values,
    )


_LETTERS = {"lead": "L", "opportunity": "O"}


def shown(change: Change) -> str:
    """The row of a change as people name it: ``L12``, ``O7``, ``move 33``."""
    letter = _LETTERS.get(change.table)
    return f"{letter}{change.row_id}" if letter else f"{change.table.replace('_', ' ')} {change.row_id}"
