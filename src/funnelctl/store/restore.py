"""Putting a backup in the place of the book: other programs see the old state or the new one, never a mix.

SQLite's own backup call writes the pages in one transaction on the live file, under its locks and with its journal, so
a crash in the middle leaves the old state. What was there before is backed up first, and from the moment when that is
known to be the newest state nobody else gets at the file until it is replaced.
"""

from __future__ import annotations

import os
import sqlite3

from funnelctl.errors import Conflict, Locked, Trouble, Unconfirmed
from funnelctl.store.backup import back_up, back_up_before, default_path
from funnelctl.store.connection import Transaction, connect, create_file
from funnelctl.store.damage import is_damage
from funnelctl.store.digest import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def restore(
    source: sqlite3.Connection, backup: str, book: str, at: str, tell: Callable[[], None], done: Callable[[], None]
) -> str | None:
    """Make ``book`` what ``backup`` is, which is open as ``source`` in the transaction in which it was checked; where
    the former state was backed up to, ``None`` where there was none.

    ``done`` is called once it is replaced: whatever fails or interrupts afterwards, what was before is only in that
    backup.

    Raises:
        Conflict: both are the same file, or a journal lies about whose book is gone.
        Locked: another program held the book, or wrote to it just now.
        Trouble: what is there now is no funnelctl file, or is not readable at all; or it is not the backup afterwards.
        Unconfirmed: the disk failed at the end, so that it is as it was, or as the backup is.
    """
    if not os.path.exists(book):
        _refuse_orphans(book)
        back_up(source, backup, book, tell)
        return None
    if os.path.samefile(backup, book):
        raise Conflict("a file cannot be restored from itself")
    try:
        live = connect(book)
    except Trouble as error:
        raise Trouble(error.message, hint=f"move it away, then restore again: mv {book} {book}.damaged") from error
    try:
        kept, seen = _kept(live, book, at, tell)
        _keep_others_out(live, tell)
        if _version(live) != seen:
            raise Locked("another program wrote to the file meanwhile; nothing was restored", hint="try again")
        _copy(source, live, kept, done)
        if digest(live) != digest(source):
            raise Trouble("what was restored is not what the backup is", hint="look at it: funnelctl db check")
    finally:
        live.close()
    return kept


def _kept(live: sqlite3.Connection, book: str, at: str, tell: Callable[[], None]) -> tuple[str, object]:
    """Back up the present state; where it was backed up to, and the version of the state that was."""
    try:
        with Transaction(live, "IMMEDIATE", tell):
            return back_up_before(live, book, "restore", at, tell).path, _version(live)
    except (sqlite3.DatabaseError, UnicodeDecodeError, Trouble) as error:
        if not is_damage(error):
            raise
    # It is damaged, which is why somebody restores: its pages are kept as they are.
    path = default_path(book, at, "-damaged")
    create_file(path)
    pages, seen = sqlite3.connect(path), _version(live)
    try:
        live.backup(pages)
    finally:
        pages.close()
    return path, seen


def _keep_others_out(live: sqlite3.Connection, tell: Callable[[], None]) -> None:
    """Until the connection is closed. The copy has a transaction of its own and cannot be made inside another, so that
    the lock has to outlast one."""
    live.execute("PRAGMA locking_mode=EXCLUSIVE")
    with Transaction(live, "EXCLUSIVE", tell):
        pass


def _copy(source: sqlite3.Connection, live: sqlite3.Connection, kept: str, done: Callable[[], None]) -> None:
    """All pages, in one transaction. A disk that fails while it ends leaves open which of the two states is there."""
    try:
        source.backup(live)
        done()
    except KeyboardInterrupt:  # which Python sees when the copy has ended
        if digest(live) == digest(source):
            done()
        raise
    except sqlite3.OperationalError as error:
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_IOERR:
            raise
        raise Unconfirmed(
            "the disk failed while the file was restored: it is as it was, or as the backup is, and nothing between",
            hint=f"see that the disk is sound, then restore again; as it was before: {kept}",
        ) from error


def _version(conn: sqlite3.Connection) -> object:
    """A number that changes when another connection has written."""
    return conn.execute("PRAGMA data_version").fetchone()[0]


def _refuse_orphans(book: str) -> None:
    """A journal without its file would be rolled back into the next file of that name, and destroy it."""
    for ending in ("-journal", "-wal"):
        if os.path.lexists(book + ending):
            raise Conflict(
                f"{book} is gone, but {book}{ending} is still there and would spoil what is restored",
                hint=f"move it away, then restore again: mv {book}{ending} {book}.damaged{ending}",
            )
