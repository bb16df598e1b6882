"""Leads of which none is known yet go straight into their table, as those of the first file of a book do.

The waiting room takes as long as the table itself. So it is entered only where a row turns out to be anything but new:
then nothing of the attempt is kept, and the file is read once more. What comes of a file is the same either way.
"""

from __future__ import annotations

import sqlite3
from collections import Counter

from funnelctl.core.importing.lead_rows import COLUMNS
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import mixes_alphabets
from funnelctl.store.intake import leads, staging
from funnelctl.store.intake.indexes import Growing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from funnelctl.core.importing.standing import Standing
    from funnelctl.core.importing.task import Task

_STAND = ("funnel", "stage", "state")
_OF_ROWS = ("line", "fingerprint", "standing", "name_said", "dated")  # and of no lead
_SAID = [column for column in COLUMNS if column not in _OF_ROWS]


class NotAllNew(Exception):
    """A row is, or may be, somebody who is known, or the same as another one: all have to be compared first."""


class Come(NamedTuple):
    """How many leads came, and what people should know of their rows."""

    leads: int
    notes: list[str]


def goes_straight(conn: sqlite3.Connection, task: Task) -> bool:
    """Whether a file may be tried so: its leads are known by what only one can have, and whoever the book knows is in
    the table of leads."""
    if task.kind != "leads" or task.match not in leads.FOUND_BY:
        return False
    sql = "SELECT NOT EXISTS (SELECT 1 FROM lead_alias) AND NOT EXISTS (SELECT 1 FROM forgotten)"
    return bool(conn.execute(sql).fetchone()[0])


def put_straight(conn: sqlite3.Connection, rows: Iterable[Sequence[Sequence[Any]]], task: Task) -> Come:
    """Put what ``lead_rows`` yields into the table of leads, which then lack their moves.

    Raises:
        NotAllNew: the transaction is to be rolled back.
    """
    count, dated, mixing = 0, Counter[str](), list[int]()
    growing = Growing(conn, "lead", "referred_by")
    staging.use_cache(conn)
    for some in rows:
        columns = dict(zip(COLUMNS, some, strict=True))
        if any(columns["fingerprint"]):
            raise NotAllNew
        dated.update(filter(None, columns["dated"]))
        mixing += _mixing(columns)
        try:
            _insert(conn, columns, task.standings.found)
        except sqlite3.IntegrityError:
            raise NotAllNew from None
        count += len(columns["line"])
        growing.by(count)
    growing.grown()
    return Come(count, [*staging.told_dated(dated.items()), *staging.told_mixing(mixing)])


def _insert(conn: sqlite3.Connection, columns: dict[str, Sequence[Any]], found: list[Standing]) -> None:
    said = {name: columns[name] for name in _SAID} | {"entered_at": columns["created_at"]}
    stands = {
        number: (found[number].funnel, found[number].stage, found[number].state) for number in set(columns["standing"])
    }
    if any(state != "open" for *_, state in stands.values()):
        said["closed_at"] = [
            None if stands[number][2] == "open" else closed or created
            for number, closed, created in zip(
                columns["standing"], columns["closed_at"], columns["created_at"], strict=True
            )
        ]
    places = set(stands.values())
    if len(places) == 1:
        staging.insert_together(conn, "lead", said, dict(zip(_STAND, places.pop(), strict=True)))
    else:
        where = zip(*map(stands.__getitem__, columns["standing"]), strict=True)
        staging.insert_together(conn, "lead", said | dict(zip(_STAND, where, strict=True)))


def _mixing(columns: dict[str, Sequence[Any]]) -> list[int]:
    """The lines of which name or e-mail mixes alphabets."""
    texts = list(zip(columns["name_key"], [key or "" for key in columns["email_key"]], strict=True))
    if "".join(map("".join, texts)).isascii():
        return []
    return [line for line, its in zip(columns["line"], texts, strict=True) if any(map(mixes_alphabets, its))]
