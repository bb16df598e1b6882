"""The user's own SQL, which can read and nothing else, whatever it says.

Three locks on one door: a connection that is opened for reading, ``query_only``, and an authorizer that lets nothing
through but reading: no ATTACH, which could create a file, and no setting of the connection.
"""

from __future__ import annotations

import sqlite3

from funnelctl.core.table import Column, Table
from funnelctl.errors import Invalid
from funnelctl.store.readonly import open_readonly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from funnelctl.core.table import Cell

_READING = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
_ABOUT = ("table_list", "table_info", "table_xinfo", "index_list", "index_info", "index_xinfo", "foreign_key_list")
_OF_FILE = (
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
)  # fmt: skip
STEPS = 100_000  # of SQLite's machine between two looks at whether Ctrl-C was pressed


def asked(path: str, sql: str, limit: int | None, tell: Callable[[], None]) -> Table:
    """What a SELECT on the book at ``path`` answers: its first ``limit`` rows, and how many there are.

    Raises:
        Invalid: SQLite did not understand it, or it would do more than read.
    """
    conn = open_readonly(path, tell)
    try:
        conn.set_authorizer(_only_reads)
        conn.set_progress_handler(lambda: 0, STEPS)
        try:
            found = conn.execute(sql)
            rows = found.fetchall() if limit is None else found.fetchmany(limit)
            total = len(rows) + sum(1 for _ in found)
        except sqlite3.Error as error:
            raise _as_ours(error) from error
        if found.description is None:
            raise Invalid("there is nothing to answer in that", hint="funnelctl db sql 'SELECT ...'")
        return _table([column[0] for column in found.description], rows, total)
    finally:
        conn.close()


def _only_reads(action: int, what: str | None, value: str | None, *_: object) -> int:
    if action in _READING or (action == sqlite3.SQLITE_PRAGMA and (what or "").lower() in _ABOUT):
        return sqlite3.SQLITE_OK
    # So SQLite declares its own table-valued functions, such as json_each; a statement that says it is refused anyway.
    if action == sqlite3.SQLITE_UPDATE and what == "sqlite_master":
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _as_ours(error: sqlite3.Error) -> BaseException:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_INTERRUPT:
        return KeyboardInterrupt()
    if code in _OF_FILE or "decode" in str(error):
        return error
    if code == sqlite3.SQLITE_AUTH or "not authorized" in str(error):
        return Invalid(f"SQL: {error}", hint="db sql only reads: SELECT, WITH, VALUES, EXPLAIN")
    return Invalid(f"SQL: {error}", hint="the tables: funnelctl db sql 'SELECT sql FROM sqlite_schema'")


def _table(names: list[str], rows: list[tuple[Any, ...]], total: int) -> Table:
    columns, seen = [], set[str]()
    for index, name in enumerate(names):
        whole = all(row[index] is None or isinstance(row[index], int) for row in rows)
        unlike = _unlike(seen, name)
        columns.append(Column(unlike, "int" if whole and rows else "text", label=unlike))
    cells = tuple(tuple(map(_cell, row)) for row in rows)
    return Table(tuple(columns), cells, total=total, empty="no rows")


def _unlike(seen: set[str], name: str) -> str:
    """The name of a column, told apart from equal ones before it: an object of JSON has every key once."""
    number, unlike = 1, name
    while unlike in seen:
        number += 1
        unlike = f"{name}_{number}"
    seen.add(unlike)
    return unlike


def _cell(value: Any) -> Cell:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)  # JSON knows no infinity
    cell: Cell = value
    return cell
