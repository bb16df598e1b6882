"""Does the log of changes lead to the rows that there are?

Every row of the domain came from the log, so following all changes of a row from its beginning has to give the row as
it is. This notices what any check of single values would miss: an amount that another program, or a bad disk, changed.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from funnelctl.core.records import TABLES
from funnelctl.store.journal import COUNTER
from funnelctl.store.log import LOG, OUTLINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

_LETTERS = {"lead": "L", "opportunity": "O"}


def operations(conn: sqlite3.Connection) -> Iterator[str]:
    """The changes of each operation begin where those of the one before end, and all changes are some operation's."""
    for (number,) in conn.execute(
        "SELECT id FROM (SELECT id, first_change, last_change, lag(last_change, 1, 0) OVER (ORDER BY id) AS former"
        " FROM operation) WHERE first_change <> former + 1 OR last_change < first_change - 1 ORDER BY id"
    ):
        yield f"operation {number} does not begin where the one before it ends"
    for (number,) in conn.execute(
        "SELECT id FROM operation WHERE (kind = 'forget') <> (command IN ('lead forget', 'privacy allow'))"
        " AND kind IN ('do', 'forget') OR kind = 'forget' AND last_change >= first_change ORDER BY id"
    ):
        yield f"operation {number} is not of the kind that its command is"
    last, newest, changes, numbers = conn.execute(
        f"{OUTLINE} SELECT (SELECT coalesce(max(last_change), 0) FROM operation), coalesce(max(id), 0), count(*),"
        " count(DISTINCT id) FILTER (WHERE id > 0) FROM change"
    ).fetchone()
    if last != newest:
        yield f"the operations end with change {last}, the log with change {newest}"
    if numbers != newest:
        yield f"{newest - numbers} entries of the log are missing"
    if numbers != changes:
        yield f"{changes - numbers} entries of the log have no number of their own"


def undone(conn: sqlite3.Connection) -> Iterator[str]:
    """Whether an operation counts as undone is what the undoing and redoing of it, in turns, has left."""
    for (number,) in conn.execute(
        "SELECT done.id FROM operation AS done LEFT JOIN (SELECT target, max(id) AS last FROM operation"
        " WHERE target IS NOT NULL GROUP BY target) AS turned ON turned.target = done.id"
        " LEFT JOIN operation AS newest ON newest.id = turned.last"
        " WHERE done.undone <> (newest.kind IS 'undo') ORDER BY done.id"
    ):
        yield f"operation {number} is marked wrongly as undone or not"
    for (number,) in conn.execute(
        "SELECT turn.id FROM (SELECT id, kind, target,"
        " lag(kind, 1, 'redo') OVER (PARTITION BY target ORDER BY id) AS former FROM operation"
        " WHERE target IS NOT NULL) AS turn LEFT JOIN operation AS done ON done.id = turn.target"
        " WHERE turn.kind = former OR done.kind IS NOT 'do' OR turn.target >= turn.id ORDER BY turn.id"
    ):
        yield f"operation {number} takes back or repeats what could not be"


def changes(conn: sqlite3.Connection) -> Iterator[str]:
    """Entries are objects of JSON and speak of a table that there is."""
    object_or_null = "({0} IS NULL OR CASE WHEN json_valid({0}) THEN json_type({0}) = 'object' ELSE 0 END)"
    tables = ", ".join(f"'{table}'" for table in TABLES.values())
    for (number,) in conn.execute(
        f"SELECT id FROM entry WHERE table_name NOT IN ({tables}) OR NOT {object_or_null.format('before')}"
        f" OR NOT {object_or_null.format('after')} ORDER BY id"
    ):
        yield f"change {number} cannot be read"


def leads_to_rows(conn: sqlite3.Connection) -> Iterator[str]:
    """Follow the changes of every row, one row at a time."""
    for table in TABLES.values():
        columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        known = set(columns)
        rows = iter(conn.execute(f"SELECT * FROM {table} ORDER BY id"))
        entries = conn.execute(
            f"{LOG} SELECT row_id, id, before, after FROM change WHERE table_name = ? ORDER BY row_id, id", (table,)
        )
        row = next(rows, None)
        for row_id, its in groupby(entries, key=itemgetter(0)):
            while row is not None and row[0] < row_id:
                yield f"{_named(table, row[0])} is not in the log"
                row = next(rows, None)
            there = None
            if row is not None and row[0] == row_id:
                there, row = dict(zip(columns, row, strict=True)), next(rows, None)
            yield from _followed(_named(table, row_id), known, its, there)
        while row is not None:
            yield f"{_named(table, row[0])} is not in the log"
            row = next(rows, None)


def counters(conn: sqlite3.Connection) -> Iterator[str]:
    """The counters from which ids come lie at or above every id that was ever given."""
    given = dict(conn.execute(f"{OUTLINE} SELECT table_name, max(row_id) FROM change GROUP BY table_name"))
    counted = dict(conn.execute("SELECT name, seq FROM sqlite_sequence"))
    highest = {
        table: conn.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        for table in (*TABLES.values(), "operation", "forgotten")
    }
    highest[COUNTER] = conn.execute(f"{OUTLINE} SELECT coalesce(max(id), 0) FROM change").fetchone()[0]
    for table, number in highest.items():
        counter = counted.get(table, 0)
        if table in ("operation", COUNTER):  # of which none is ever removed
            right = counter == number
        else:
            right = isinstance(counter, int) and counter >= max(number, given.get(table, 0))
        if not right:
            yield f"the counter of {table} is wrong"


def _followed(
    what: str, columns: set[str], entries: Iterable[tuple[Any, ...]], there: dict[str, Any] | None
) -> Iterator[str]:
    from json import loads

    state: dict[str, Any] | None = None
    for _, number, before, after in entries:
        try:
            was, will = (None if side is None else {**loads(side)} for side in (before, after))
        except (ValueError, TypeError, RecursionError):
            yield f"{what}: change {number} cannot be read"
            return
        if not (columns.issuperset(was or ()) and columns.issuperset(will or ())):
            yield f"{what}: change {number} speaks of a field that there is not"
            return
        if (was is None) != (state is None) or (was and _differing(was, state or {})):
            yield f"{what}: change {number} does not follow from those before it"
            return
        state = None if will is None else {**(state or {}), **will}
    if (state is None) != (there is None):
        yield f"{what}: by the log it is {'not there' if state is None else 'there'}"
    elif state is not None and there is not None:
        differing = _differing(there, state)
        if differing:
            yield f"{what}: the log says otherwise of {', '.join(differing)}"


def _differing(some: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """The columns of ``some`` that ``state`` has otherwise."""
    found = [column for column, value in some.items() if state.get(column) != value]
    return [column for column in found if not _as_written(some[column], state.get(column))]


def _as_written(one: object, other: object) -> bool:
    """Whether two numbers are the same in JSON, into which SQLite writes fifteen digits."""
    return isinstance(one, float) and isinstance(other, float) and f"{one:.15g}" == f"{other:.15g}"


def _named(table: str, row_id: int) -> str:
    return f"{_LETTERS[table]}{row_id}" if table in _LETTERS else f"{table} {row_id}"
