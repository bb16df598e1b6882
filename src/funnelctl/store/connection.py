"""Opening the book, and the one way to read or write it.

A command is one transaction: ``writing`` is BEGIN IMMEDIATE ... COMMIT around everything a write reads, decides and
changes; ``reading`` is one snapshot around everything an answer reads. There is no other BEGIN in the program.
"""

from __future__ import annotations

import os
import sqlite3
import time

from funnelctl.core.text import fold
from funnelctl.errors import Locked, NotFound, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

APPLICATION_ID = 0x46554E4C  # "FUNL": tells our file from every other SQLite file
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
# Bytes. With SQLite's usual 4,096 a large import takes a twentieth longer; an empty book has half the size.
PAGE = 8192

_NAME_ANOTHER = "name another: --db PATH, or FUNNELCTL_DB; to create one: funnelctl init PATH"

WAIT_SECONDS = 30.0
TELL_AFTER_SECONDS = 1.0


def teach_fold(conn: sqlite3.Connection) -> None:
    """Let SQL compare texts as people do: ``fold`` is that of ``core.text``."""
    conn.create_function("fold", 1, lambda text: text and fold(text), deterministic=True)


def create_file(path: str) -> None:
    """Make an empty file that only its owner can read; never over an existing one or through a link.

    Raises:
        FileExistsError: there is something at ``path``.
        OSError: the directory is missing or not writable.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600))


def connect(path: str, *, fresh: bool = False) -> sqlite3.Connection:
    """A connection to the book at ``path``; ``fresh`` for the empty file that ``create_file`` has just made.

    Raises:
        NotFound: there is no file.
        Trouble: it is not a funnelctl file, or SQLite is too old.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Trouble(
            f"SQLite {sqlite3.sqlite_version} is too old",
            hint="funnelctl needs SQLite 3.37 or newer below Python",
        )
    if not fresh:
        _identify(path)
    conn = _guarded(sqlite3.connect(_uri(path, "rw"), uri=True, timeout=0.1, isolation_level=None))
    if fresh:
        conn.execute(f"PRAGMA page_size={PAGE}")
    return conn


def connect_in_memory() -> sqlite3.Connection:
    """A connection to an empty book that is nowhere and goes with the connection."""
    return _guarded(sqlite3.connect(":memory:", isolation_level=None))


def _guarded(conn: sqlite3.Connection) -> sqlite3.Connection:
    conn.execute("PRAGMA foreign_keys=ON")
    conn.execute("PRAGMA trusted_schema=OFF")
    conn.execute("PRAGMA secure_delete=ON")
    return conn


def _uri(path: str, mode: str) -> str:
    # The three characters that mean something in a file: URI of SQLite; urllib would cost every command its import.
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    if quoted.startswith("//"):  # which abspath keeps, and in which a URI sees a host
        quoted = quoted[1:]
    return f"file:{quoted}?mode={mode}"


def _identify(path: str) -> None:
    """Refuse a file that is not ours before anything could touch it: by a read-only connection of its own."""
    if not os.path.exists(path):
        raise NotFound(f"there is no file {path}", hint=f"to create it: funnelctl init {path}")
    if os.path.isdir(path):
        raise Trouble(f"{path} is a directory, not a funnelctl file", hint=_NAME_ANOTHER)
    if not os.path.isfile(path):  # opening a pipe would wait for ever
        raise Trouble(f"{path} is not a funnelctl file; it was not touched", hint=_NAME_ANOTHER)
    if _application_id(path) != APPLICATION_ID:
        raise Trouble(f"{path} is not a funnelctl file; it was not touched", hint=_NAME_ANOTHER)


def _application_id(path: str) -> int:
    # "immutable" waits for nobody, minds no journal of a crashed writer, and leaves no -wal and -shm behind. Where
    # there is a log already, the identity may be in there alone.
    mode = "ro" if os.path.exists(f"{path}-wal") else "ro&immutable=1"
    try:
        return _looked_up(path, mode)
    except sqlite3.DatabaseError:
        pass  # it is none, or somebody writes to it this very moment: look again, under a lock
    try:
        return _looked_up(path, "ro")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise Trouble(f"{path} cannot be read as a database; it was not touched", hint=_NAME_ANOTHER) from error
    # A crash left a journal that a read-only connection may not roll back, so that nobody holds a lock on the file that
    # closing it would drop. Nowhere else may a book be opened but by SQLite.
    with open(path, "rb") as file:
        return int.from_bytes(file.read(72)[68:72], "big")


def _looked_up(path: str, mode: str) -> int:
    look = sqlite3.connect(_uri(path, mode), uri=True, timeout=0.1)
    try:
        found: int = waited(look, "PRAGMA application_id", lambda: None).fetchone()[0]
        return found
    finally:
        look.close()


def waited(conn: sqlite3.Connection, sql: str, tell: Callable[[], None]) -> sqlite3.Cursor:
    """Run ``sql`` and wait for another program's lock in short steps, so that Ctrl-C works at once.

    ``tell`` is called once after a second of waiting. ``FUNNELCTL_WAIT`` (seconds, 30 unless set) bounds the wait.

    Raises:
        Locked: the other program did not finish in time.
    """
    start, told = time.monotonic(), False
    while True:
        try:
            return conn.execute(sql)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            passed = time.monotonic() - start
            if not passed <= _patience():  # so that a NaN is no patience at all
                raise Locked(
                    "another program holds the database; nothing was saved",
                    hint="try again when it has finished",
                ) from error
            if passed > TELL_AFTER_SECONDS and not told:
                told = True
                tell()


def _patience() -> float:
    try:
        return float(os.environ["FUNNELCTL_WAIT"])
    except (KeyError, ValueError):
        return WAIT_SECONDS


class Transaction:
    """``with Transaction(conn, "IMMEDIATE", tell):`` all that is inside, or nothing.

    ``discard`` turns the commit at the end into a rollback (``--dry-run``: the real thing, taken back). ``committed``
    says whether all of it is in the file, also when a Ctrl-C came with the commit.
    """

    def __init__(self, conn: sqlite3.Connection, mode: str, tell: Callable[[], None]) -> None:
        self._conn, self._mode, self._tell = conn, mode, tell
        self.discard = False
        self.committed = False

    def __enter__(self) -> Transaction:
        waited(self._conn, f"BEGIN {self._mode}", self._tell)
        if self._mode == "DEFERRED":  # the first read takes the lock: wait here, not in the middle of an answer
            try:
                waited(self._conn, "SELECT 1 FROM sqlite_schema LIMIT 1", self._tell).fetchall()
            except BaseException:
                self._conn.execute("ROLLBACK")
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None and not self.discard:
                waited(self._conn, "COMMIT", self._tell)  # BUSY leaves the transaction open: trying again is safe
                self.committed = True
        except KeyboardInterrupt:  # Python tells of it only when the COMMIT has come to its end
            self.committed = not self._conn.in_transaction
            raise
        finally:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
