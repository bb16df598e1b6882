"""A verified copy of a book: there whole or not at all, readable by its owner alone, never over anything else.

VACUUM INTO reads a consistent state while others go on reading. The copy is written under another name, compared with
the original, brought to the disk, and only then given its own name.
"""

from __future__ import annotations

import os
import sqlite3

from funnelctl.core.record import NamedTuple
from funnelctl.errors import Conflict, Trouble, Unconfirmed
from funnelctl.store.connection import connect, create_file, waited
from funnelctl.store.digest import digest
from funnelctl.store.readonly import open_readonly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

KEPT = 10  # automatic ones; those that somebody asked for are never deleted


class Backup(NamedTuple):
    """A backup that was made. ``digest`` is that of its content, and of the book's when it was made."""

    path: str
    size: int  # bytes
    digest: str


def back_up(conn: sqlite3.Connection, book: str, target: str, tell: Callable[[], None]) -> Backup:
    """Copy ``book`` to ``target``. ``conn`` is in a transaction on the book that has changed nothing yet and keeps
    others from changing it meanwhile.

    Raises:
        Conflict: there is something at ``target``, a link included.
        Trouble: the copy differs from the original; it is not kept. Or there is no directory for it.
        Unconfirmed: it is there, but the disk did not say that it stays.
        sqlite3.DatabaseError: the book cannot be read, or the disk is full.
        OSError: the directory is not writable.
    """
    if os.path.lexists(target):
        raise _taken(target)
    if not os.path.isdir(parent := os.path.dirname(os.path.abspath(target))):
        raise Trouble(f"there is no directory {parent}; nothing was backed up", hint=f"to make it: mkdir {parent}")
    unfinished = f"{target}.{os.urandom(4).hex()}.new"  # a name of its own: one that was killed has left its own
    create_file(unfinished)
    try:
        other = connect(book)
        try:
            waited(other, f"VACUUM INTO {_quoted(unfinished)}", tell)
        finally:
            other.close()
        content = _verified(conn, unfinished)
        _to_disk(unfinished)
        size = os.stat(unfinished).st_size
        _appear(unfinished, target)
    finally:
        if os.path.lexists(unfinished):
            os.unlink(unfinished)
    return Backup(target, size, content)


def back_up_before(conn: sqlite3.Connection, book: str, deed: str, at: str, tell: Callable[[], None]) -> Backup:
    """The automatic backup before ``deed`` (one word), as ``back_up``; of all automatic ones the newest ten stay."""
    made = back_up(conn, book, default_path(book, at, f"-before-{deed}"), tell)
    _prune(book, made.path)
    return made


def directory_of(book: str) -> str:
    """Where a book's backups lie unless somebody says otherwise: ``funnel-backups`` beside ``funnel.db``."""
    return f"{os.path.abspath(book).removesuffix('.db')}-backups"


def default_path(book: str, at: str, ending: str = "") -> str:
    """A free name in the book's own directory, which is made where it is missing, closed to others."""
    directory = directory_of(book)
    os.makedirs(directory, mode=0o700, exist_ok=True)
    stem = f"{os.path.basename(book).removesuffix('.db')}-{at.replace('-', '').replace(':', '')}"
    number = 1
    while True:
        path = os.path.join(directory, f"{stem}{ending}{f'-{number}' if number > 1 else ''}.db")
        if not os.path.lexists(path):
            return path
        number += 1


def _verified(conn: sqlite3.Connection, copy: str) -> str:
    """The digest of ``copy``, which is that of the original.

    Raises:
        Trouble: it is not, or the copy is damaged.
    """
    look = open_readonly(copy)
    try:
        for pragma in ("application_id", "user_version"):
            if _asked(look, pragma) != _asked(conn, pragma):
                raise Trouble(f"the copy has another {pragma} than the file; it was not kept")
        content = digest(look)
        if _asked(look, "integrity_check") != "ok" or content != digest(conn):
            raise Trouble("the copy differs from the file; it was not kept", hint="funnelctl db check")
        return content
    finally:
        look.close()


def _asked(conn: sqlite3.Connection, pragma: str) -> object:
    return conn.execute(f"PRAGMA {pragma}").fetchone()[0]


def _to_disk(path: str) -> None:
    # Nobody has the file open through SQLite here: closing it drops no lock.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _appear(unfinished: str, target: str) -> None:
    """Give the finished file its name, in a way that fails where the name is taken."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise _taken(target) from None
    except OSError:  # a memory stick may know no links
        if os.path.lexists(target):
            raise _taken(target) from None
        os.rename(unfinished, target)
    if os.name == "posix":
        try:
            _to_disk(os.path.dirname(os.path.abspath(target)))
        except OSError as error:
            raise Unconfirmed(
                f"{target} was written, but the disk did not confirm that it stays: {error.strerror}",
                hint="see that the disk is sound and back up again, under another name",
            ) from error
        except KeyboardInterrupt:
            os.unlink(target)  # it is told that nothing was saved
            raise


def _taken(target: str) -> Conflict:
    return Conflict(
        f"there is something at {target} already; it was left as it is", hint="a backup needs a name of its own"
    )


def _prune(book: str, newest: str) -> None:
    import re

    stem = re.escape(os.path.basename(book).removesuffix(".db"))
    shape = re.compile(rf"{stem}-(\d{{8}}T\d{{6}}Z)-before-[a-z]+(?:-(\d+))?\.db")
    directory = directory_of(book)
    found = []
    for name in os.listdir(directory):
        automatic = shape.fullmatch(name)
        if automatic and os.path.join(directory, name) != newest:
            found.append((automatic[1], int(automatic[2] or 1), name))
    for _, _, name in sorted(found)[: max(0, len(found) - KEPT + 1)]:
        os.unlink(os.path.join(directory, name))


def _quoted(path: str) -> str:
    return "'" + os.path.abspath(path).replace("'", "''") + "'"
