"""The file as SQLite sees it."""

from __future__ import annotations

from funnelctl.store.connection import APPLICATION_ID, connect_in_memory
from funnelctl.store.digest import digest
from funnelctl.store.schema import NEWEST, migrate, version

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

MOST = 100  # problems that SQLite is to look for


def integrity(conn: sqlite3.Connection) -> Iterable[str]:
    """SQLite's own look at every page, row, index and constraint."""
    for (said,) in conn.execute(f"PRAGMA integrity_check({MOST})"):
        if said != "ok":
            yield " ".join(said.split())


def references(conn: sqlite3.Connection) -> Iterable[str]:
    """Rows that point to rows which are not there."""
    for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"{table} {row_id} points to a {parent} that is not there"


def schema(conn: sqlite3.Connection) -> Iterable[str]:
    """Tables, indexes and migrations against those of a new book; what somebody added of their own is left alone."""
    of_file = version(conn)
    done = [row[0] for row in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    if len(done) != of_file:
        yield f"the schema is called {of_file}, and {len(done)} steps were made to it"
    if of_file < NEWEST:
        return
    fresh = connect_in_memory()
    try:
        migrate(fresh, APPLICATION_ID)
        there = set(_parts(conn))
        for part in _parts(fresh):
            if part not in there:
                yield f"the {part[0]} {part[1]} is not as it was made"
        if done != [row[0] for row in fresh.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]:
            yield "the steps of the schema are not those that there are"
    finally:
        fresh.close()


def content(conn: sqlite3.Connection) -> Iterable[str]:
    """Read every row; what cannot be read raises."""
    digest(conn)
    return ()


def _parts(conn: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    return conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()
