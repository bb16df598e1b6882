"""A new book gets its tables, and one of an older schema is brought to the newest by the first command that meets it,
by a dry run in a copy."""

from __future__ import annotations

from funnelctl.core.period import instant
from funnelctl.errors import Trouble
from funnelctl.store import schema
from funnelctl.store.connection import APPLICATION_ID, Transaction, connect_in_memory
from funnelctl.store.damage import unwritable
from funnelctl.store.schema import NEWEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from funnelctl.cli.session import Session


def migrate(session: Session, conn: sqlite3.Connection) -> None:
    """Bring a book to the newest schema; one that has content is backed up first, but for a copy of a dry run."""
    with Transaction(conn, "IMMEDIATE", session.waiting):
        old = schema.version(conn)
        if old < NEWEST:  # another process may have been quicker
            if not session.dry_run and conn.execute("SELECT EXISTS (SELECT 1 FROM sqlite_schema)").fetchone()[0]:
                from funnelctl.store.backup import back_up_before

                made = back_up_before(conn, session.path, "migration", instant(session.now), session.waiting)
                session.note(f"brought the file from schema {old} to {NEWEST}; as it was: {made.path}")
            schema.migrate(conn, APPLICATION_ID)


def brought_up(session: Session, conn: sqlite3.Connection, old: int) -> sqlite3.Connection:
    """The book of schema ``old`` in the newest one.

    Raises:
        Trouble: the file, or the directory of its backups, cannot be written to.
    """
    if session.dry_run:
        return _in_memory(session, conn, old)
    try:
        migrate(session, conn)
    except Exception as error:
        why = unwritable(error)
        if why is None:
            raise
        raise Trouble(
            f"{session.path} is of schema {old} and could not be brought to {NEWEST} ({why}); it was left as it was",
            hint="an older file is written to once, and backed up beside it: put it where both can be done",
        ) from error
    return conn


def _in_memory(session: Session, conn: sqlite3.Connection, old: int) -> sqlite3.Connection:
    copy = connect_in_memory()
    with Transaction(conn, "DEFERRED", session.waiting):
        conn.backup(copy)
    conn.close()
    migrate(session, copy)
    session.note(f"the file is of schema {old}; without --dry-run it would be backed up and brought to {NEWEST}")
    return copy
