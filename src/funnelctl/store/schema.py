"""Bringing a file to the newest schema, step by step.

``user_version`` decides in one read whether a file is current. Steps run through sqlite-utils' migrations, all pending
ones inside one immediate transaction, so that two processes that open an old file at once both succeed.
"""

from __future__ import annotations

from funnelctl.errors import Trouble
from funnelctl.store.connection import waited

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlite_utils import Database, Migrations

NEWEST = 4


def migrations() -> Migrations:
    """All steps in order; ``NEWEST`` is their number."""
    from sqlite_utils import Migrations

    from funnelctl.store.steps import ACTIVITIES, FIRST_TABLES, LEADS_BY_DAY, ROWS_AS_THEY_CAME

    steps = Migrations("funnelctl")

    @steps()
    def first_tables(db: Database) -> None:
        _execute(db, FIRST_TABLES)

    @steps()
    def activities(db: Database) -> None:
        _execute(db, ACTIVITIES)

    @steps()
    def rows_as_they_came(db: Database) -> None:
        _execute(db, ROWS_AS_THEY_CAME)

    @steps()
    def leads_by_day(db: Database) -> None:
        _execute(db, LEADS_BY_DAY)

    return steps


def _execute(db: Database, script: str) -> None:
    # executescript would commit the transaction that all steps share
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)


def version(conn: sqlite3.Connection, tell: Callable[[], None] = lambda: None) -> int:
    """The schema of this file; 0 for an empty one. ``tell`` is called once if another program is waited for.

    Raises:
        Locked: the other program did not finish in time.
        Trouble: a newer funnelctl wrote the file.
    """
    found: int = waited(conn, "PRAGMA user_version", tell).fetchone()[0]
    if found > NEWEST:
        raise Trouble(
            "the file was written by a newer funnelctl; it was not touched",
            hint="upgrade funnelctl to read it",
        )
    return found


def migrate(conn: sqlite3.Connection, application_id: int) -> None:
    """Bring the file to the newest schema, inside the transaction that the caller has begun."""
    import sqlite_utils

    database = sqlite_utils.Database(conn, execute_plugins=False)
    migrations().apply(database)
    conn.execute(f"PRAGMA application_id={application_id}")
    conn.execute(f"PRAGMA user_version={NEWEST}")
