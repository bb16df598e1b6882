"""Leads of which none is known yet go straight into their table, as those of the first file of a book do.

The waiting room takes as long as the table itself. So it is entered only where a row turns out to be anything but new:
then nothing of the attempt is kept, and the file is read once more. What comes of a file is the same either way.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import contextmanager

from funnelctl.core.importing.lead_rows import COLUMNS
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import mixes_alphabets
from funnelctl.store.intake import leads, staging
from funnelctl.store.intake.indexes import Growing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from funnelctl.core.importing.standing import Standing
    from funnelctl.core.importing.task import Task

_STAND = ("funnel", "stage", "state")
_OF_ROWS = ("line", "fingerprint", "standing", "name_said", "dated")  # and of no lead
_SAID = [column for column in COLUMNS if column not in _OF_ROWS]
MAY_GO_STRAIGHT = ("leads",)


class NotAllNew(Exception):
    """A row is, or may be, somebody who is known, or the same as another one: all have to be compared first."""


class Come(NamedTuple):
    """How many leads came, whether all of them are open, what was taken in place of dates that are missing, each with
    the number of rows, and what else people should know of their rows."""

    leads: int
    are_open: bool
    dated: dict[str, int]
    notes: list[str]


@contextmanager
def trusted(conn: sqlite3.Connection) -> Iterator[None]:
    """Let SQLite take rows of which every value was made a moment ago without looking at each again. The checks of a
    table are there for whoever else writes to it; here they take a twentieth of the time."""
    conn.execute("PRAGMA ignore_check_constraints=ON")
    try:
        yield
    finally:
        conn.execute("PRAGMA ignore_check_constraints=OFF")


def put_straight(conn: sqlite3.Connection, rows: Iterable[Sequence[Sequence[Any]]], task: Task) -> Come:
    """Put what ``lead_rows`` yields into the table of leads, which then lack their moves.

    Raises:
        NotAllNew: the transaction is to be rolled back. So it is where leads are not known by what only one can have,
            or where the table of leads is not all that the book knows of people.
    """
    if task.kind not in MAY_GO_STRAIGHT or task.match not in leads.FOUND_BY or _knows_elsewhere(conn):
        raise NotAllNew
    count, dated, mixing, are_open = 0, Counter[str](), list[int](), True
    growing = Growing(conn, "lead", "referred_by")
    staging.use_cache(conn)
    for some in rows:
        columns = dict(zip(COLUMNS, some, strict=True))
        if any(columns["fingerprint"]):
            raise NotAllNew
        dated.update(filter(None, columns["dated"]))
        mixing += _mixing(columns)
        try:
            are_open = _insert(conn, columns, task.standings.found) and are_open
        except sqlite3.IntegrityError:
            raise NotAllNew from None
        count += len(columns["line"])
        growing.by(count)
    growing.grown()
    return Come(count, are_open, dated, staging.told_mixing(mixing))


def _knows_elsewhere(conn: sqlite3.Connection) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM lead_alias) OR EXISTS (SELECT 1 FROM forgotten)"
    return bool(conn.execute(sql).fetchone()[0])


def _insert(conn: sqlite3.Connection, columns: dict[str, Sequence[Any]], found: list[Standing]) -> bool:
    """Insert the leads of some rows; whether all of them are open."""
    said = {name: columns[name] for name in _SAID} | {"entered_at": columns["created_at"]}
    stands = {
        number: (found[number].funnel, found[number].stage, found[number].state) for number in set(columns["standing"])
    }
    are_open = all(state == "open" for *_, state in stands.values())
    if not are_open:
        said["closed_at"] = [
            None if stands[number][2] == "open" else closed or created
            for number, closed, created in zip(
                columns["standing"], columns["closed_at"], columns["created_at"], strict=True
            )
        ]
    places = set(stands.values())
    where: Iterable[Sequence[str]]
    if len(places) == 1:  # as in nearly all files: the same, in a tenth of the time
        where = [[value] * len(columns["standing"]) for value in places.pop()]
    else:
        where = zip(*map(stands.__getitem__, columns["standing"]), strict=True)
    staging.insert_together(conn, "lead", said | dict(zip(_STAND, where, strict=True)))
    return are_open


def _mixing(columns: dict[str, Sequence[Any]]) -> list[int]:
    """The lines of which name or e-mail mixes alphabets."""
    names, emails = columns["name_key"], columns["email_key"]
    if not mixes_alphabets(" ".join((*names, *filter(None, emails)))):
        return []
    texts = zip(columns["line"], names, emails, strict=True)
    return [line for line, name, email in texts if mixes_alphabets(name) or mixes_alphabets(email or "")]
