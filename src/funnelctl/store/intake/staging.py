"""The waiting room of an import: temporary tables in which rows are compared with the book before any is let in.

``incoming`` holds a row of the file each and ``standing`` where their records stand; ``matched`` says which record a
row is already, ``fresh`` the id that a new one will have, ``passed`` which rows were taken out again and why. They lie
in SQLite's own temporary file, so that the memory stays flat, and vanish with the connection.
"""

from __future__ import annotations

from funnelctl.core.importing.standing import Standing
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import mixes_alphabets

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.standing import Standings


# The rows that become new records, with where they stand.
FRESH = "fresh CROSS JOIN incoming USING (line) CROSS JOIN standing ON standing.id = incoming.standing"
CLOSED = "CASE WHEN state <> 'open' THEN coalesce(incoming.closed_at, incoming.created_at) END"


# KiB of pages of the book, and of the waiting room, which is read ten times: with SQLite's usual two MiB of either a
# million rows take half as long again.
CACHE = 32 << 10
ROOM = 16 << 10


class Kind(NamedTuple):
    """What differs between taking in leads and opportunities. All are names of ours, safe to stand in SQL."""

    table: str  # of the records, whose id is also a column of source_row under ``owner``
    owner: str
    state: str  # the column that says whether a record is open; empty where none can be closed
    columns: tuple[str, ...]  # of incoming


def stage(conn: sqlite3.Connection, kind: Kind, rows: Iterable[Sequence[Sequence[Any]]], standings: Standings) -> None:
    """Put the rows, of which many come at once, column by column, into ``incoming``, and what they say of where their
    records stand into ``standing``. Rows without a key that equal one another are told apart by counting them."""
    use_cache(conn)
    conn.execute(f"PRAGMA temp.cache_size=-{ROOM}")
    for table in ("incoming", "standing", "matched", "fresh", "passed"):
        conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
    conn.execute(f"CREATE TEMP TABLE incoming (line INTEGER PRIMARY KEY, {', '.join(kind.columns[1:])})")
    conn.execute(f"CREATE TEMP TABLE standing (id INTEGER PRIMARY KEY, {', '.join(Standing._fields[1:])})")
    conn.execute("CREATE TEMP TABLE matched (line INTEGER PRIMARY KEY, id INTEGER NOT NULL)")
    conn.execute("CREATE TEMP TABLE fresh (id INTEGER PRIMARY KEY, line INTEGER NOT NULL)")
    conn.execute("CREATE TEMP TABLE passed (line INTEGER PRIMARY KEY, why TEXT NOT NULL)")
    for columns in rows:
        insert_together(conn, "incoming", dict(zip(kind.columns, columns, strict=True)))
    conn.executemany(f"INSERT INTO standing VALUES ({_marks(Standing._fields)})", standings.found)
    conn.execute(
        "UPDATE incoming SET fingerprint = fingerprint || ':' || nth FROM (SELECT line AS its, row_number() OVER"
        " (PARTITION BY fingerprint ORDER BY line) AS nth FROM incoming WHERE fingerprint IS NOT NULL)"
        " WHERE its = line AND nth > 1"
    )


def settle_doubles(
    conn: sqlite3.Connection, kind: Kind, column: str, columns: Columns, field: str, problems: Problems
) -> int:
    """See that no two rows claim to be the same record: of rows that are wholly equal the first stays and the number of
    the others is returned; rows that differ are a problem. ``column`` of ``incoming`` is what they are known by.
    """
    known = f"FROM incoming WHERE {column} IS NOT NULL AND fingerprint IS NULL"
    if not conn.execute(f"SELECT 1 {known} GROUP BY {column} HAVING count(*) > 1 LIMIT 1").fetchone():
        return 0
    # What has a key is the same in any spelling.
    compared = [other for other in kind.columns[1:] if f"{other}_key" not in kind.columns]
    same = " AND ".join(f"row.{other} IS original.{other}" for other in compared)
    doubled = conn.execute(
        f"SELECT row.line, original.line, {same} FROM (SELECT line, min(line) OVER (PARTITION BY {column}) AS first"
        f" {known}) AS told CROSS JOIN incoming AS row USING (line) CROSS JOIN incoming AS original"
        " ON original.line = told.first WHERE told.line > told.first ORDER BY row.line"
    ).fetchall()
    for line, first, is_equal in doubled:
        if not is_equal:
            problems.add(line, columns.named(field), f"line {first:,} has the same, and says something else")
    equal = [(line,) for line, _, is_equal in doubled if is_equal]
    pass_over(conn, equal, "a line above says the same")
    return len(equal)


def pass_over(conn: sqlite3.Connection, lines: list[tuple[int]], why: str) -> None:
    """Take rows out of ``incoming``; ``passed`` keeps which, and why."""
    conn.executemany("DELETE FROM incoming WHERE line = ?", lines)
    conn.executemany("INSERT INTO passed VALUES (?, ?)", [(line, why) for (line,) in lines])


def match_sources(conn: sqlite3.Connection, kind: Kind) -> None:
    """Match the rows that are known by their content alone with the records that they became before."""
    conn.execute(
        f"INSERT INTO matched SELECT line, {kind.owner} FROM incoming CROSS JOIN source_row USING (fingerprint)"
        f" WHERE {kind.owner} IS NOT NULL"
    )


def number_fresh(conn: sqlite3.Connection, kind: Kind) -> int:
    """Give the rows that match nothing the next ids of their table, in the order of the file; how many there are."""
    found = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (kind.table,)).fetchone()
    last = found[0] if found else 0
    # One row with the last id, and SQLite counts on from there: a third of what numbering them by a window costs.
    conn.execute("INSERT INTO fresh VALUES (?, 0)", (last,))
    rows = conn.execute(
        "INSERT INTO fresh (line) SELECT line FROM incoming WHERE line NOT IN (SELECT line FROM matched) ORDER BY line"
    ).rowcount
    conn.execute("DELETE FROM fresh WHERE id = ?", (last,))
    return max(rows, 0)


def remember_sources(conn: sqlite3.Connection, kind: Kind) -> None:
    """Keep which record each fresh row without a key has become."""
    conn.execute(
        f"INSERT INTO source_row (fingerprint, {kind.owner}) SELECT fingerprint, fresh.id FROM fresh"
        " CROSS JOIN incoming USING (line) WHERE fingerprint IS NOT NULL ORDER BY fresh.id"
    )


def alike(conn: sqlite3.Connection) -> list[str]:
    """How many new records say no more than another one of the file that has no key either, as a sentence."""
    rows, lines = counted(conn, "FROM fresh CROSS JOIN incoming USING (line) WHERE fingerprint GLOB '*:*'")
    if not rows:
        return []
    say = f"{rows:,} rows say what others above say" if rows > 1 else "1 row says what another one above says"
    return [f"{say}, and came in as well ({on_lines(lines)}): a column of keys tells repetitions"]


def dated(conn: sqlite3.Connection) -> dict[str, int]:
    """What was taken in the new records in place of dates that are missing, each with the number of rows."""
    return dict(
        conn.execute(
            "SELECT dated, count(*) FROM fresh CROSS JOIN incoming USING (line) WHERE dated IS NOT NULL"
            " GROUP BY dated ORDER BY min(line)"
        ).fetchall()
    )


def mixing(conn: sqlite3.Connection, kind: Kind) -> list[str]:
    """Which new leads have a name or an e-mail of more than one alphabet, as sentences."""
    columns = [column for column in kind.columns if column.removeprefix("client_") in ("name_key", "email_key")]
    beyond_ascii = " OR ".join(f"length(CAST({column} AS BLOB)) > length({column})" for column in columns)
    rows = conn.execute(
        f"SELECT line, {', '.join(columns)} FROM fresh CROSS JOIN incoming USING (line) WHERE {beyond_ascii}"
    )
    return told_mixing([line for line, *texts in rows if any(text and mixes_alphabets(text) for text in texts)])


def told_mixing(lines: list[int]) -> list[str]:
    """The same of the rows on these lines."""
    if not lines:
        return []
    return [
        f"{len(lines):,} row{'s have' if len(lines) > 1 else ' has'} a name or e-mail that mixes alphabets, as if"
        f" mistyped or forged ({on_lines(lines)})"
    ]


def counted(conn: sqlite3.Connection, rows: str, *values: Any) -> tuple[int, list[int]]:
    """How many ``rows`` there are, which is what follows the SELECT of SQL, and the lines of the first of them."""
    count = conn.execute(f"SELECT count(*) {rows}", values).fetchone()[0]
    found = conn.execute(f"SELECT line {rows} ORDER BY line LIMIT 6", values) if count else ()
    return count, [line for (line,) in found]


def first_few(things: Sequence[object]) -> str:
    """The first five of them, and whether there are more."""
    return ", ".join(map(str, things[:5])) + (" ..." if len(things) > 5 else "")


def on_lines(lines: Sequence[int]) -> str:
    """Where something is said, in words."""
    return f"line{'s' if len(lines) > 1 else ''} {first_few(lines)}"


def first(conn: sqlite3.Connection) -> list[int]:
    """The ids of the first ten new records."""
    return [row[0] for row in conn.execute("SELECT id FROM fresh ORDER BY id LIMIT 10").fetchall()]


def newest(conn: sqlite3.Connection, table: str) -> int:
    """The highest id that ``table`` has."""
    found: int = conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
    return found


def use_cache(conn: sqlite3.Connection) -> None:
    """Let SQLite hold more of the file in memory, as long as this connection lasts."""
    conn.execute(f"PRAGMA cache_size=-{CACHE}")


def insert_together(conn: sqlite3.Connection, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows, given column by column.

    One statement for many of them, without the columns in which none of them says anything, takes a third of the time;
    and handing over once what all rows or two columns have in common, such as a currency, or an e-mail and its key, is
    a saving too. Where it fails, what came of it before stays, until the caller gives all of it up: being able to take
    back this statement alone would cost a copy of every page that it touches.
    """
    from itertools import chain

    rows = len(next(iter(columns.values())))
    alike: dict[str, Any] = {}
    given: list[Sequence[Any]] = []
    places: dict[str, str] = {}
    for column, values in columns.items():
        if values[0] is values[-1] and values.count(values[0]) == rows:
            if values[0] is not None:
                alike[column] = values[0]
            continue
        is_given = isinstance(values[0], str) and values in given  # of numbers 1 and 1.0 would be the same
        given += [] if is_given else [values]
        places[column] = f"column{given.index(values) + 1 if is_given else len(given)}"
    row = f"({', '.join('?' * len(given)) or 'NULL'})"
    conn.execute(
        f"INSERT OR FAIL INTO {table} ({', '.join((*alike, *places))})"
        f" SELECT {', '.join((*'?' * len(alike), *places.values()))} FROM (VALUES {', '.join([row] * rows)})",
        [*alike.values(), *chain.from_iterable(zip(*given, strict=True))],
    )


def _marks(columns: tuple[str, ...]) -> str:
    return ", ".join("?" * len(columns))
