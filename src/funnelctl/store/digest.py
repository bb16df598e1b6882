"""One number for all that a book holds: two files with the same digest say the same.

It covers every row of every table, the counters from which ids come included. The copies of funnel files are left out:
they are derived, and are refreshed without being a change of the book. Where rows lie within the file makes no
difference, so a backup has the digest of its original.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

COPIES = ("funnel", "stage")
PAGE = 1000  # rows that are held at once


def digest(conn: sqlite3.Connection) -> str:
    """The sha256 of the content, in hexadecimal; in a transaction, of one state of the book.

    Raises:
        sqlite3.DatabaseError: it cannot be read.
    """
    from hashlib import sha256
    from json import JSONEncoder

    # In ASCII, so that neither the version of Python nor that of Unicode makes a difference.
    encode = JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=bytes.hex).encode
    content = sha256()
    for table, order in _tables(conn):
        content.update(f"{encode(table)}\n".encode())
        rows = conn.execute(f'SELECT * FROM "{table}" {order}')
        while page := rows.fetchmany(PAGE):
            content.update("".join([f"{encode(row)}\n" for row in page]).encode())
    return content.hexdigest()


def digest_of(path: str, tell: Callable[[], None]) -> str:
    """The digest of the book at ``path``. ``tell`` is called once if another program is waited for.

    Raises:
        Locked, Trouble: it cannot be read.
    """
    from funnelctl.store.connection import Transaction
    from funnelctl.store.readonly import open_readonly

    conn = open_readonly(path, tell)
    try:
        with Transaction(conn, "DEFERRED", tell):
            return digest(conn)
    finally:
        conn.close()


def _tables(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """The tables by name, each with the order of its rows; views and indexes hold nothing of their own."""
    found = []
    for schema, name, kind, _, without_rowid, _ in conn.execute("PRAGMA table_list").fetchall():
        if schema == "main" and kind == "table" and name not in COPIES:
            if name == "sqlite_sequence":
                found.append((name, "ORDER BY name"))
            elif not name.startswith("sqlite_"):
                found.append((name.replace('"', '""'), "" if without_rowid else "ORDER BY rowid"))
    return sorted(found)
