"""A book of an older schema is brought to the newest by the first command that meets it; by a dry run, in a copy."""

from __future__ import annotations

from funnelctl.errors import Trouble
from funnelctl.store.connection import Transaction, connect_in_memory
from funnelctl.store.damage import unwritable
from funnelctl.store.schema import NEWEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from funnelctl.cli.session import Session


def brought_up(session: Session, conn: sqlite3.Connection, old: int) -> sqlite3.Connection:
    """The book of schema ``old`` in the newest one.

    Raises:
        Trouble: the file, or the directory of its backups, cannot be written to.
    """
    if session.dry_run:
        return _in_memory(session, conn, old)
    try:
        session.migrate(conn)
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
    session.migrate(copy)
    session.note(f"the file is of schema {old}; without --dry-run it would be backed up and brought to {NEWEST}")
    return copy
