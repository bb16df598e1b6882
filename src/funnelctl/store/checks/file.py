"""The file as SQLite sees it."""

from __future__ import annotations

from operator import itemgetter

from funnelctl.store.connection import APPLICATION_ID, connect_in_memory
from funnelctl.store.digest import digest
from funnelctl.store.schema import NEWEST, migrate, version

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    Part = tuple[str, str, str, str]  # type, name, table, SQL

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
    """Tables, indexes and migrations against those of a new book; what somebody added of their own is left alone, but
    for what takes part in every write: a trigger, and an index on a table of ours, which can refuse one."""
    of_file = version(conn)
    done = [row[0] for row in conn.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]
    if len(done) != of_file:
        yield f"the schema is called {of_file}, and {len(done)} steps were made to it"
    if of_file < NEWEST:
        return
    fresh = connect_in_memory()
    try:
        migrate(fresh, APPLICATION_ID)
        there, made = set(_parts(conn)), _parts(fresh)
        for part in made:
            if part not in there:
                yield f"the {part[0]} {part[1]} is not as it was made"
        yield from _foreign(there, made)
        if done != [row[0] for row in fresh.execute("SELECT name FROM _sqlite_migrations ORDER BY rowid")]:
            yield "the steps of the schema are not those that there are"
    finally:
        fresh.close()


def _foreign(there: Iterable[Part], made: list[Part]) -> Iterable[str]:
    tables, own = {part[2] for part in made}, {part[:2] for part in made}
    for kind, name, table, _ in sorted(there, key=itemgetter(1)):
        if (kind, name) in own:
            continue
        # Neither is called by its name, which another program has chosen: it may say anything.
        if kind == "trigger":
            yield f"a trigger of another program's stands on {_of(table, tables)}"
        elif kind == "index" and table in tables:
            yield f"an index of another program's stands on {table}"


def _of(table: str, tables: set[str]) -> str:
    return table if table in tables else "a table of its own"


def content(conn: sqlite3.Connection) -> Iterable[str]:
    """Read every row; what cannot be read raises."""
    digest(conn)
    return ()


def _parts(conn: sqlite3.Connection) -> list[Part]:
    return conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name").fetchall()
