"""Erasing a person everywhere in the book, and keeping the figures.

No row comes or goes: what tells who it was is overwritten in the rows and, with the same words, in the log of changes.
So the log still leads to the rows, older operations can still be undone and redone, and none of them can bring back
what is nowhere any more. VACUUM then leaves no byte of it in the free parts of the file.
"""

from __future__ import annotations

import sqlite3

from funnelctl.core.forget import ERASED
from funnelctl.errors import Locked, Trouble
from funnelctl.store.connection import connect, waited
from funnelctl.store.forgotten import log_forgetting, remember_forgotten
from funnelctl.store.traces import collect, undone_merges

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from funnelctl.store.leftovers import Person

MAX_ID = 2**63 - 1
_THEIRS = "(SELECT row_id FROM theirs WHERE table_name = '{table}')"


def forget(conn: sqlite3.Connection, person: Person, at: str, by: str) -> dict[str, int]:
    """Erase ``person`` inside the transaction that the caller has begun, as one operation that cannot be undone.

    Returns how many rows of each table were changed. Nothing is logged where nothing was left to erase.
    """
    collect(conn, person.ids[0])
    spans = undone_merges(conn, list(person.ids), 0, MAX_ID)
    while spans:
        first, last, end = spans.pop()
        others = _part(conn, first, last, end)
        spans += undone_merges(conn, others, first, end)  # with them they may have become part of a third lead
    changed: dict[str, int] = {}
    for table, cases in ERASED.items():
        for kind, values in cases:
            changed[table] = changed.get(table, 0) + _erase_rows(conn, table, kind, values)
            changed["change"] = (
                changed.get("change", 0)
                + _erase_rows(conn, table, kind, values, copies="_came")
                + _erase_log(conn, table, kind, values)
            )
    if any(changed.values()):
        remember_forgotten(conn, person.lasting, at)
        log_forgetting(conn, "lead forget", at, by)
    return {table: number for table, number in changed.items() if number}


def compact(path: str, ref: str, tell: Callable[[], None]) -> None:
    """Rewrite the file, so that nothing that was erased of ``ref`` stays in its free parts or in a write-ahead log.

    Raises:
        Locked, Trouble: it could not be done now; what was erased is erased all the same.
    """
    conn = connect(path)
    try:
        waited(conn, "VACUUM", tell)
        if conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # does nothing where there is no such log
            raise Locked("another program reads from the write-ahead log")
    except (Locked, sqlite3.OperationalError) as error:
        kind = Locked if isinstance(error, Locked) else Trouble
        raise kind(
            "the person is erased, but the file could not be rewritten and may hold traces in its free parts; when no"
            f" other program uses it, run: funnelctl lead forget {ref} --yes"
        ) from error
    finally:
        conn.close()


def _part(conn: sqlite3.Connection, first: int, last: int, end: int) -> list[int]:
    """Take the person out of the history of the leads with whom they were merged by mistake; who these are.

    From the merge (changes ``first`` to ``last``) until it was taken back (change ``end``) the other lead had their
    address, note and tags. All was undone, so history agrees as well when it kept its own throughout.
    """
    import json

    columns = set(ERASED["lead"][0][1])
    conn.execute(
        "INSERT INTO theirs SELECT table_name, row_id FROM entry WHERE id BETWEEN ? AND ?"
        " AND table_name = 'lead_alias' AND before IS NULL ON CONFLICT DO NOTHING",
        (first, last),
    )
    others = conn.execute(
        "SELECT row_id, before FROM entry WHERE id BETWEEN ? AND ? AND table_name = 'lead' AND before IS NOT NULL"
        f" AND after IS NOT NULL AND row_id NOT IN {_THEIRS.format(table='lead')}",
        (first, last),
    ).fetchall()
    for row_id, before in others:
        own = {column: value for column, value in json.loads(before).items() if column in columns}
        if own:
            sides = ", ".join(f"{side} = {_replaced(side, own, '?')}" for side in ("before", "after"))
            conn.execute(
                f"UPDATE entry SET {sides} WHERE id BETWEEN ? AND ? AND table_name = 'lead' AND row_id = ?",
                (*own.values(), *own.values(), first, end, row_id),
            )
    return [row_id for row_id, _ in others]


def _erase_rows(
    conn: sqlite3.Connection, table: str, kind: str, values: dict[str, str | None], copies: str = ""
) -> int:
    # replace() fills in the number where every row has to differ; of NULL it makes NULL
    news = ", ".join(f"{column} = replace(?, '{{id}}', id)" for column in values)
    differs = " OR ".join(f"{column} IS NOT replace(?, '{{id}}', id)" for column in values)
    only = f" AND kind = '{kind}'" if kind else ""
    return conn.execute(
        f"UPDATE {table}{copies} SET {news} WHERE id IN {_THEIRS.format(table=table)}{only} AND ({differs})",
        (*values.values(), *values.values()),
    ).rowcount


def _erase_log(conn: sqlite3.Connection, table: str, kind: str, values: dict[str, str | None]) -> int:
    news = {}
    for side in ("before", "after"):
        news[side] = _replaced(side, values, "replace(?, '{id}', row_id)")
        if kind:
            news[side] = f"CASE WHEN json_extract({side}, '$.kind') = '{kind}' THEN {news[side]} ELSE {side} END"
    bound: tuple[Any, ...] = tuple(values.values())
    return conn.execute(
        f"UPDATE entry SET before = {news['before']}, after = {news['after']} WHERE table_name = '{table}'"
        f" AND row_id IN {_THEIRS.format(table=table)}"
        f" AND (before IS NOT {news['before']} OR after IS NOT {news['after']})",
        bound * 4,
    ).rowcount


def _replaced(side: str, values: dict[str, Any], value: str) -> str:
    """SQL for one side of a change with other values where it has these columns: an edit has only what differs."""
    return f"json_replace({side}, " + ", ".join(f"'$.{column}', {value}" for column in values) + ")"
