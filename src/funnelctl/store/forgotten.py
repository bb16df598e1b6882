"""Who was forgotten and must not be taken in again unawares: a list of salted hashes, from which nobody can be read."""

from __future__ import annotations

from funnelctl.core.forget import hashed, marks
from funnelctl.errors import Conflict, FunnelctlError, Locked, NotFound
from funnelctl.store.damage import READING
from funnelctl.store.journal import last_change
from funnelctl.store.readonly import open_readonly

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from typing import Any

    from funnelctl.store.book import Book

_WORDS = {"email": "e-mail", "phone": "phone number", "key": "key", "name": "name"}


class Forgotten:
    """The marks of all forgotten people: ``forgotten.since("email", key)``, for one person or the rows of a file."""

    def __init__(self, salt: str, hashes: dict[str, str]) -> None:
        self._salt, self._hashes = salt, hashes

    def since(self, kind: str, key: str | None) -> str | None:
        """The instant at which the person of that ``key`` was forgotten; ``None`` for all others.

        ``kind`` and ``key`` are as ``core.forget.lasting_marks`` makes them.
        """
        return self._hashes.get(hashed(self._salt, kind, key)) if key else None


def forgotten_hashes(book: Book) -> Forgotten | None:
    """The list of a book; ``None`` where nobody was forgotten, so that nothing has to be looked up."""
    return listed(book.conn)


def listed(conn: sqlite3.Connection) -> Forgotten | None:
    """The same of an open file."""
    rows = conn.execute("SELECT hash, at, salt FROM forgotten").fetchall()
    return Forgotten(rows[0][2], {mark: at for mark, at, _ in rows}) if rows else None


def listed_in(path: str, tell: Callable[[], None]) -> Forgotten | None:
    """The same of the book at ``path``, as far as it can be read at all."""
    try:
        conn = open_readonly(path, tell)
    except Locked:
        raise
    except FunnelctlError:
        return None
    try:
        return listed(conn)
    except READING:
        return None
    finally:
        conn.close()


def refuse_forgotten(book: Book, fields: Mapping[str, Any]) -> None:
    """See that the person of these columns of a lead was not forgotten.

    Raises:
        Conflict: they were.
    """
    forgotten = forgotten_hashes(book)
    for kind, key in marks(fields) if forgotten else ():
        since = forgotten and forgotten.since(kind, key)
        if since:
            from shlex import quote

            from funnelctl.core.period import day_of

            given = fields[kind] if kind != "name" else fields["name"]
            more = f" --company {quote(fields['company'])}" if kind == "name" and fields.get("company") else ""
            raise Conflict(
                f"the {_WORDS[kind]} is that of a person who was forgotten on {day_of(since)}; nothing was saved",
                hint=f"if they have come back of their own will: funnelctl privacy allow {quote(given)}{more}",
            )


def refuse_forgotten_key(book: Book, key: str) -> None:
    """The same for an opportunity's external key.

    Raises:
        Conflict: it was that of an opportunity of somebody who was forgotten.
    """
    forgotten = forgotten_hashes(book)
    since = forgotten and forgotten.since("opportunity", key)
    if since:
        from shlex import quote

        from funnelctl.core.period import day_of

        raise Conflict(
            f"the key is that of a sale to a person who was forgotten on {day_of(since)}; nothing was saved",
            hint=f"if they have come back of their own will: funnelctl privacy allow {quote(key)}",
        )


def remember_forgotten(conn: sqlite3.Connection, known_by: list[tuple[str, str]], at: str) -> None:
    """Put a person, who is recognised by these marks, on the list."""
    row = conn.execute("SELECT salt FROM forgotten LIMIT 1").fetchone()
    salt = row[0] if row else _new_salt()
    person = None
    for kind, key in known_by:
        made = conn.execute(
            "INSERT INTO forgotten (person, kind, hash, salt, at) VALUES (coalesce(?, 0), ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (person, kind if kind in _WORDS else "key", hashed(salt, kind, key), salt, at),
        )
        if made.rowcount == 1 and person is None:
            person = made.lastrowid
            conn.execute("UPDATE forgotten SET person = id WHERE id = ?", (person,))


def allow(conn: sqlite3.Connection, wanted: list[tuple[str, str]], at: str, by: str) -> int:
    """Take the people of these marks off the list, as one operation; how many marks they had.

    Raises:
        NotFound: nobody who was forgotten is known by any of them.
    """
    row = conn.execute("SELECT salt FROM forgotten LIMIT 1").fetchone()
    hashes = [hashed(row[0], kind, key) for kind, key in wanted] if row else []
    gone = conn.execute(
        "DELETE FROM forgotten WHERE person IN (SELECT person FROM forgotten WHERE hash IN"
        f" ({', '.join('?' * len(hashes))}))",
        hashes,
    ).rowcount
    if not gone:
        raise NotFound("nobody who was forgotten is known by that", hint="give what was refused, as it was written")
    log_forgetting(conn, "privacy allow", at, by)
    return gone


def log_forgetting(conn: sqlite3.Connection, command: str, at: str, by: str) -> None:
    """Log that somebody was forgotten, or allowed again: that it was, and not who. It has no changes to be undone."""
    last = last_change(conn)
    conn.execute(
        "INSERT INTO operation (kind, command, at, by, first_change, last_change) VALUES ('forget', ?, ?, ?, ?, ?)",
        (command, at, by, last + 1, last),
    )


def stepped_over(conn: sqlite3.Connection, since: int) -> list[tuple[int, str]]:
    """The operations after ``since`` that nothing can undo, newest first: number and command."""
    return conn.execute(
        "SELECT id, command FROM operation WHERE kind = 'forget' AND id > ? ORDER BY id DESC", (since,)
    ).fetchall()


def came_back(conn: sqlite3.Connection, forgotten: Forgotten | None) -> list[str]:
    """The ids of leads in ``conn`` whom ``forgotten`` lists: an old backup brings them back."""
    if forgotten is None:
        return []
    rows = conn.execute("SELECT * FROM lead ORDER BY id")
    names = [column[0] for column in rows.description]  # of a schema that may be older
    return [
        f"L{row[names.index('id')]}"
        for row in rows
        if any(forgotten.since(kind, key) for kind, key in marks(dict(zip(names, row, strict=True))))
    ]


def _new_salt() -> str:
    from secrets import token_hex

    return token_hex(16)
