"""Taking in an event log: the rows of one opportunity are its history, in the order of their times.

``passing`` holds the rows. Each opportunity becomes one row of ``incoming``, so that new ones are made as those of any
file are; known ones get the moves that they lack, where they belong.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from funnelctl.core.change import added, edited, removed
from funnelctl.core.importing.catching_up import fields_for
from funnelctl.core.importing.move_rows import Told, opportunity_row
from funnelctl.core.importing.passages import MOST, closed_twice, joined, lacking, walked
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Move, Opportunity
from funnelctl.store import journal
from funnelctl.store.intake.opportunities import KIND

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from typing import Any

    from funnelctl.core.author import Author
    from funnelctl.core.change import Change
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.standing import Standings
    from funnelctl.core.importing.task import Tally, Task
    from funnelctl.store.book import Book
    from funnelctl.store.intake.logged import Logged

PAGE = 500  # known opportunities that are held at once
_ORDER = "known, key, at, line"
_SETTLED = {False: "it stays as it is here", True: "it is as the file says"}  # by whether the file overwrites


class Caught(NamedTuple):
    """What became of known opportunities, and of the rows that tell of them."""

    updated: int  # opportunities
    more: int  # moves that they got
    known: int  # rows that say what their moves say
    left: int  # rows that were left out


def gathered(
    conn: sqlite3.Connection, rows: Iterable[Told], standings: Standings, columns: Columns, problems: Problems
) -> Iterator[tuple[Any, ...]]:
    """Put the rows into ``passing`` and yield a row of ``incoming`` for each opportunity. A row of one that is not
    there, or in another funnel than the row before, goes to ``problems``."""
    conn.execute("DROP TABLE IF EXISTS temp.passing")
    conn.execute(f"CREATE TEMP TABLE passing ({', '.join(Told._fields)}, known INTEGER)")
    marks = ", ".join("?" * len(Told._fields))
    conn.executemany(f"INSERT INTO passing VALUES ({marks}, NULL)", rows)
    conn.execute(
        "UPDATE passing SET known = coalesce((SELECT id FROM opportunity WHERE id = about),"
        " (SELECT id FROM opportunity WHERE opportunity.key = passing.key))"
    )
    unknown = conn.execute(
        "SELECT line, about FROM passing WHERE about IS NOT NULL AND known IS NOT about ORDER BY line"
    )
    for line, number in unknown.fetchall():
        problems.add(line, columns.named("opportunity"), f"there is no O{number}")
    found = conn.execute(f"SELECT * FROM passing ORDER BY {_ORDER}")
    for _, its in groupby(found, key=itemgetter(Told._fields.index("key"), -1)):
        told = [Told._make(row[:-1]) for row in its]
        if len(told) > MOST:
            problems.add(told[0].line, columns.named("key"), f"{len(told):,} rows are of one record; {MOST:,} can be")
        elif other := next((one for one in told if one.funnel != told[0].funnel), None):
            problems.add(other.line, columns.named("funnel"), f"line {told[0].line:,} has the record in another funnel")
        else:
            yield opportunity_row(told, standings)


def match(conn: sqlite3.Connection) -> None:
    """Match the rows of ``incoming`` with the opportunities that they tell of."""
    conn.execute("INSERT INTO matched SELECT min(line), known FROM passing WHERE known IS NOT NULL GROUP BY known")
    conn.execute("CREATE INDEX temp.passing_by_known ON passing (known, at, line) WHERE known IS NOT NULL")


def came_with(conn: sqlite3.Connection) -> int:
    """How many moves the new opportunities have."""
    found: int = conn.execute(
        "SELECT coalesce(sum(json_array_length(history, '$.steps')), 0) FROM fresh CROSS JOIN incoming USING (line)"
    ).fetchone()[0]
    return found


def catch_up(book: Book, author: Author, task: Task, tally: Tally, logged: Logged) -> Caught:
    """Give the matched opportunities the moves that they lack, and the fields that a row fills."""
    if task.on_duplicate == "skip":
        return Caught(0, 0, 0, book.one("SELECT count(*) FROM passing WHERE known IS NOT NULL")[0])
    overwrite = task.on_duplicate == "overwrite"
    updated = more = had = 0
    for row, told in _known(book):
        known = Opportunity._make(book.one("SELECT * FROM opportunity WHERE id = ?", row["record_id"]))
        moves = book.moves_of(known)
        changes: list[Change] = []
        now = known
        if {row["funnel"], *(move.funnel for move in moves)} != {known.funnel}:
            tally.note("of a record that is, or was, in another funnel: its moves are left as they are")
        else:
            passages, kept = [one.passage for one in told], moves
            had += len(told) - sum(lacking(moves, passages))
            if closed_twice(moves, passages):
                tally.note(f"of a record whose closing the file dates otherwise: {_SETTLED[overwrite]}")
                if overwrite:
                    kept = [move for move in moves if move.at <= passages[-1].at]
                else:
                    passages = passages[:-1]
            if together := joined(kept, passages, known):
                way = walked(book.funnel(known.funnel), together, known.created_at)
                now = known._replace(**way.end._asdict())
                written = [
                    Move(0, None, known.id, step.kind, known.funnel, *step[1:6], step.by or author.by, step.note)
                    for step in way.steps
                ]
                changes = _rewritten(author, moves, written)
                more += max(0, len(written) - len(moves))
        changes = [*edited(known, now._replace(**fields_for(now, row, overwrite=overwrite))), *changes]
        if changes:
            logged.begin()
            journal.apply(book.conn, changes)
            updated += 1
    return Caught(updated, more, had, 0)


def _known(book: Book) -> Iterator[tuple[dict[str, Any], list[Told]]]:
    """The matched rows, each with all that is told of its opportunity. In pages: what is done with one row writes."""
    names = ("record_id", *KIND.columns, "funnel")
    last = 0
    while page := book.all(
        "SELECT matched.id, incoming.*, standing.funnel FROM matched CROSS JOIN incoming USING (line)"
        " CROSS JOIN standing ON standing.id = incoming.standing WHERE matched.line > ? ORDER BY matched.line LIMIT ?",
        last,
        PAGE,
    ):
        for row in page:
            found = dict(zip(names, row, strict=True))
            last = found["line"]
            told = book.all(f"SELECT {', '.join(Told._fields)} FROM passing WHERE known = ? ORDER BY at, line", row[0])
            yield found, [Told._make(one) for one in told]


def _rewritten(author: Author, moves: list[Move], written: list[Move]) -> list[Change]:
    """From the first move on that is another one, moves are recorded anew: their numbers go with their times."""
    same = 0
    while same < min(len(moves), len(written)) and moves[same][1:] == written[same][1:]:
        same += 1
    return [
        *(removed(move) for move in moves[same:]),
        *(added(move._replace(id=author.next_id("move"))) for move in written[same:]),
    ]
