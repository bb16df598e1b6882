"""All rows that are a person's, those included that only the log of changes remembers.

They go into the temporary table ``theirs`` (table_name, row_id), which ``lead forget`` erases from and ``privacy
export`` reads from, so that the one shows what the other takes away.
"""

from __future__ import annotations

from funnelctl.store.log import LOG

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

# Rows that were taken back or removed are in the log alone. Each was written down whole when it went, as an entry.
_GONE = (
    "INSERT INTO theirs SELECT DISTINCT table_name, row_id FROM entry WHERE after IS NULL AND table_name = '{table}'"
    " AND json_extract(before, '$.{owner}_id') IN (SELECT row_id FROM theirs WHERE table_name = '{owner}')"
    " AND row_id NOT IN (SELECT id FROM {table}) ON CONFLICT DO NOTHING"
)
_THERE = (
    "INSERT INTO theirs SELECT '{table}', id FROM {table} WHERE {owner}_id IN"
    " (SELECT row_id FROM theirs WHERE table_name = '{owner}') ON CONFLICT DO NOTHING"
)
_OWNED = (
    ("lead_alias", "lead"), ("opportunity", "lead"), ("move", "lead"), ("activity", "lead"), ("source_row", "lead"),
    ("move", "opportunity"), ("activity", "opportunity"), ("source_row", "opportunity"), ("source_row", "activity"),
)  # fmt: skip


def collect(conn: sqlite3.Connection, lead_id: int) -> None:
    """Fill ``theirs`` with the rows of the lead, of the leads that have become part of it, and of what is theirs."""
    conn.execute("DROP TABLE IF EXISTS temp.theirs")
    conn.execute("CREATE TEMP TABLE theirs (table_name TEXT, row_id INTEGER, PRIMARY KEY (table_name, row_id))")
    conn.execute(
        "INSERT INTO theirs SELECT 'lead', ?1 UNION SELECT 'lead', CAST(key AS INTEGER) FROM lead_alias"
        " WHERE lead_id = ?1 AND kind = 'id'",
        (lead_id,),
    )
    for table, owner in _OWNED:
        conn.execute(_THERE.format(table=table, owner=owner))
        conn.execute(_GONE.format(table=table, owner=owner))


def stood(conn: sqlite3.Connection, table: str) -> dict[int, list[dict[str, Any]]]:
    """How the rows of ``table`` that are in ``theirs`` have ever stood, by number: whole rows, the latest last."""
    import json

    found: dict[int, list[dict[str, Any]]] = {}
    there = conn.execute(
        f"SELECT * FROM {table} WHERE id IN (SELECT row_id FROM theirs WHERE table_name = ?)", (table,)
    )
    names = [column[0] for column in there.description]
    log = conn.execute(
        f"{LOG} SELECT row_id, before, after FROM change WHERE table_name = ?1"
        " AND row_id IN (SELECT row_id FROM theirs WHERE table_name = ?1) ORDER BY id",
        (table,),
    )
    for number, before, after in log:
        rows = found.setdefault(number, [])
        if before and after:  # of an edit only what differs is there
            rows.append({**(rows[-1] if rows else {}), **json.loads(after)})
        else:
            # imports did once leave out what is NULL
            rows.append({**dict.fromkeys(names), **json.loads(after or before)})
    for row in there:
        found.setdefault(row[0], []).append(dict(zip(names, row, strict=True)))
    return found


def undone_merges(conn: sqlite3.Connection, leads: list[int], first: int, end: int) -> list[tuple[int, int, int]]:
    """Merges among the changes from ``first`` to ``end`` by which one of ``leads`` was part of another one for a while.

    Each is told by its first and last change, and the last one of undoing it.
    """
    return conn.execute(
        "SELECT done.first_change, done.last_change, max(turned.last_change) FROM entry"
        " JOIN operation AS done ON entry.id BETWEEN done.first_change AND done.last_change"
        " JOIN operation AS turned ON turned.target = done.id"
        f" WHERE entry.id BETWEEN ? AND ? AND table_name = 'lead' AND row_id IN ({', '.join(map(str, leads))})"
        " AND after IS NULL AND done.kind = 'do' AND done.undone = 1 GROUP BY done.id ORDER BY done.id",
        (first, end),
    ).fetchall()
