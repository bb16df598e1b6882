"""Do records stand where their moves say that they do?

Reports of the past are made from moves, those of the present from the records themselves: both have to tell the same.
"""

from __future__ import annotations

from funnelctl.store.reports.standing import ENTERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

# By table: the letter of its ids, the column of its state, the moves by which a record is closed.
_KINDS = {
    "lead": ("L", "state", "kind IN ('enter', 'convert', 'drop')"),
    "opportunity": ("O", "outcome", "kind IN ('win', 'lose')"),
}
_LAST = """
WITH last AS (
  SELECT {table}_id AS record, max(id) AS last, max(CASE WHEN {enters} THEN id END) AS entered,
    max(CASE WHEN state <> 'open' AND ({closes}) THEN id END) AS closed, max(kind = 'merge') AS merged
  FROM move WHERE {table}_id IS NOT NULL GROUP BY {table}_id
)
"""
# Two leads that were joined have the moves of both, and stand where one of them stood.
_ONE_OF_BOTH = "(merged AND EXISTS (SELECT 1 FROM move WHERE {table}_id = {table}.id AND at = {table}.{column}))"


def agrees(conn: sqlite3.Connection) -> Iterator[str]:
    """Funnel, stage, state and their instants against the last move."""
    for table, (letter, state, closes) in _KINDS.items():
        last = _LAST.format(table=table, enters=ENTERS[table], closes=closes)
        for (number,) in conn.execute(
            f"{last} SELECT {table}.id FROM {table} LEFT JOIN last ON record = {table}.id"
            f" LEFT JOIN move ON move.id = last"
            f" WHERE move.funnel IS NOT {table}.funnel OR move.to_stage IS NOT {table}.stage"
            f" OR move.state IS NOT {table}.{state} ORDER BY {table}.id"
        ):
            yield f"{letter}{number} does not stand where its last move took it"
        for column, move, when in (
            ("entered_at", "entered", "1"),
            ("closed_at", "closed", f"{table}.{state} <> 'open'"),
        ):
            for (number,) in conn.execute(
                f"{last} SELECT {table}.id FROM {table} JOIN last ON record = {table}.id"
                f" LEFT JOIN move ON move.id = {move} WHERE {when} AND move.at IS NOT {table}.{column}"
                f" AND NOT {_ONE_OF_BOTH.format(table=table, column=column)} ORDER BY {table}.id"
            ):
                yield f"{letter}{number} has another {column} than its moves"


def begins(conn: sqlite3.Connection) -> Iterator[str]:
    """Every record has entered before anything else."""
    for table, (letter, *_) in _KINDS.items():
        for (number,) in conn.execute(
            f"SELECT {table}.id FROM {table} LEFT JOIN (SELECT {table}_id AS record, min(id) AS first FROM move"
            f" WHERE {table}_id IS NOT NULL GROUP BY {table}_id) ON record = {table}.id"
            f" LEFT JOIN move ON move.id = first WHERE move.kind IS NOT 'enter' ORDER BY {table}.id"
        ):
            yield f"{letter}{number} never entered"


def in_order(conn: sqlite3.Connection) -> Iterable[str]:
    """No move is dated before the one that was recorded before it; from a merge on, where leads were joined."""
    found = conn.execute(
        "SELECT id FROM (SELECT id, lead_id, at,"
        " lag(at) OVER (PARTITION BY lead_id, opportunity_id ORDER BY id) AS earlier FROM move) AS one"
        " WHERE at < earlier AND NOT EXISTS (SELECT 1 FROM move AS later"
        " WHERE later.lead_id = one.lead_id AND later.kind = 'merge' AND later.id > one.id) ORDER BY id"
    )
    return (f"move {number} is dated before the move before it" for (number,) in found)


def in_funnel(conn: sqlite3.Connection) -> Iterator[str]:
    """Live records, against the book's copies of the funnels."""
    for table, (letter, state, *_) in _KINDS.items():
        for (number,) in conn.execute(
            f"SELECT {table}.id FROM {table} LEFT JOIN stage ON stage.funnel = {table}.funnel"
            f" AND stage.key = {table}.stage AND stage.position >= 0"
            f" WHERE {state} = 'open' AND stage.key IS NULL ORDER BY {table}.id"
        ):
            yield f"{letter}{number} stands in a stage that its funnel does not have"
