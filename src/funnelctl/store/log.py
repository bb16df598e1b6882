"""Reading the log of changes, from which history, undo and redo follow.

It stands in the file in two forms: as entries, in JSON, and as copies of the rows that an import has let come together.
Whoever reads begins a query with ``LOG`` and has both as one relation ``change``. No view does that: the JSON functions
of older SQLites may not be used by what a file says, whose schema is not trusted.
"""

from __future__ import annotations

from funnelctl.core.change import Change
from funnelctl.core.records import TABLES
from funnelctl.store.schema import version

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from funnelctl.store.journal import Operation


ROWS_COME = 3  # the first schema that keeps copies of rows


def _came(table: str, columns: tuple[str, ...]) -> str:
    fields = ", ".join(f"'{column}', {column}" for column in columns)
    return f"SELECT change, '{table}', id, NULL, json_object({fields}) FROM {table}_came"


def _with(columns: str, arms: list[str]) -> str:
    return f"WITH change ({columns}) AS ({' UNION ALL '.join(arms)}) "


LOG = _with(
    "id, table_name, row_id, before, after",
    ["SELECT * FROM entry", *(_came(table, record._fields) for record, table in TABLES.items())],
)
# The same without either side: SQLite would make the JSON also where nobody looks at it.
OUTLINE = _with(
    "id, table_name, row_id",
    [
        "SELECT id, table_name, row_id FROM entry",
        *(f"SELECT change, '{table}', id FROM {table}_came" for table in TABLES.values()),
    ],
)


def log_of(conn: sqlite3.Connection) -> str:
    """``LOG`` for a file that may be older: there ``change`` was a table of its own.

    Raises:
        Trouble: a newer funnelctl wrote the file.
    """
    return LOG if version(conn) >= ROWS_COME else ""


def changes_of(conn: sqlite3.Connection, operation: Operation) -> list[Change]:
    """The changes of an operation in the order in which they were made."""
    return changes_between(conn, operation.first_change, operation.last_change)


def changes_between(conn: sqlite3.Connection, first: int, last: int) -> list[Change]:
    """The changes of these numbers, both included, in the order in which they were made."""
    import json

    changes = []
    nothing: dict[str, dict[str, Any]] = {}
    for table, row_id, *sides in conn.execute(
        f"{LOG} SELECT table_name, row_id, before, after FROM change WHERE id BETWEEN ? AND ? ORDER BY id",
        (first, last),
    ):
        before, after = [side and json.loads(side) for side in sides]
        if before is None or after is None:  # a whole row, of which imports did once not write what is NULL
            if table not in nothing:
                nothing[table] = _nothing(conn, table)
            before, after = [side and {**nothing[table], **side} for side in (before, after)]
        changes.append(Change(table, row_id, before, after))
    return changes


def _nothing(conn: sqlite3.Connection, table: str) -> dict[str, Any]:
    """The columns of ``table`` that are NULL where nothing is said of them."""
    columns = conn.execute(f"PRAGMA table_info({table})")
    return {
        name: None for _, name, _, not_null, default, is_id in columns if not (not_null or is_id) and default is None
    }
