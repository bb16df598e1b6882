"""One import from beginning to end, inside the transaction that the caller has begun: all of it is one operation, or,
on any problem, none."""

from __future__ import annotations

from funnelctl.core.importing.activity_rows import activity_rows
from funnelctl.core.importing.declared import MATCHES
from funnelctl.core.importing.lead_rows import lead_rows
from funnelctl.core.importing.move_rows import move_rows
from funnelctl.core.importing.opportunity_rows import opportunity_rows
from funnelctl.core.importing.rows import UNDATED, by_columns
from funnelctl.core.importing.task import Tally, told_of_rows
from funnelctl.core.record import NamedTuple
from funnelctl.store.intake import activities, leads, moves, opportunities, staging
from funnelctl.store.intake.clients import called_alike, namesakes, said_otherwise
from funnelctl.store.intake.forgotten import leave_out_forgotten
from funnelctl.store.intake.indexes import made_anew
from funnelctl.store.intake.logged import Logged
from funnelctl.store.intake.straight import put_straight, trusted
from funnelctl.store.intake.strangers import other_clients, refuse_strangers
from funnelctl.store.intake.updates import otherwise, tell_known, update

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from typing import Any

    from funnelctl.core.author import Author
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.core.importing.task import Task
    from funnelctl.store.book import Book
    from funnelctl.store.intake.staging import Kind


READ: dict[str, tuple[Kind, Callable[..., Iterator[Any]]]] = {
    "leads": (leads.KIND, lead_rows),
    "opportunities": (opportunities.KIND, opportunity_rows),
    "activities": (activities.KIND, activity_rows),
    "moves": (opportunities.KIND, move_rows),
}


_OTHERWISE = (
    "{:,} row{} say{} otherwise than what is known, which stays: --on-duplicate overwrite takes what the file says"
)


class Taken(NamedTuple):
    """What an import did. ``operation`` is ``None`` where nothing was there to be changed."""

    created: int
    new_leads: int  # clients that came with opportunities
    updated: int
    unchanged: int
    skipped: int
    rows_read: int
    operation: int | None
    notes: list[str]
    first: list[int]  # ids of the first new records, to show
    new_opportunities: int = 0  # that came with moves
    undated: int = 0  # new records that are closed, and nothing said when


def take_in(
    book: Book, author: Author, sheet: Sheet, task: Task, problems: Problems, *, name: str, command: str,
    logged_at: str, straight: bool = False,
) -> Taken:  # fmt: skip
    """Take in the rows of ``sheet``. ``name`` is how messages call the file; ``command`` and ``logged_at`` are what the
    log keeps. ``straight`` tries the short way of ``straight``.

    Raises ``BadData`` with all problems, or ``NotAllNew`` where the short way is none; then nothing may be kept of what
    was done.
    """
    conn, tally = book.conn, Tally()
    kind, read = READ[task.kind]
    rows = read(sheet, task, problems, tally)
    logged = Logged(conn, command, logged_at, author.by)
    if straight:
        return _straight(conn, author, rows, task, problems, tally, logged, name)
    if task.kind == "moves":
        rows = by_columns(moves.gathered(conn, rows, task.standings, task.columns, problems))
    staging.stage(conn, kind, rows, task.standings)
    skipped = _match(conn, kind, task, problems)
    staging.match_sources(conn, kind)
    left_out, told = leave_out_forgotten(book, kind)
    if task.kind == "activities":
        activities.find_records(conn, task.columns, problems)
    fresh = staging.number_fresh(conn, kind)
    matched = book.one("SELECT count(*) FROM matched")[0]
    if matched and task.kind in ("leads", "opportunities") and task.on_duplicate in ("skip", "fill"):
        refuse_strangers(conn, kind, task.columns, problems, matched)
    if task.on_duplicate == "error":
        tell_known(book, kind, task.columns, problems)
    problems.refuse(name)

    new_leads, top = 0, staging.newest(conn, kind.table)
    if fresh:
        logged.begin()
        new_leads = _insert(book, author, task, fresh, problems)
    problems.refuse(name)
    has_clients = task.kind in ("opportunities", "moves")
    if fresh and has_clients:
        told = [*told, *namesakes(conn), *called_alike(conn, top)]
    if has_clients:
        told = [*told, *said_otherwise(conn, new=fresh > 0, known=matched > 0 and task.kind == "opportunities")]
    if task.kind == "moves":
        came = moves.came_with(conn)
        caught = moves.catch_up(book, author, task, tally, logged)
        return Taken(
            came + caught.more, new_leads, caught.updated, caught.known, caught.left + left_out, tally.rows,
            logged.finish(), [*tally.notes, *told], staging.first(conn), fresh,
        )  # fmt: skip
    updated = _update(book, author, task, problems, tally, logged) if matched else 0
    problems.refuse(name)
    stays = matched and kind.state and task.on_duplicate != "overwrite"
    if differing := sum(1 for _ in otherwise(book, kind, task)) if stays else 0:
        told = [*told, _OTHERWISE.format(differing, *(("s", "") if differing > 1 else ("", "s")))]
    if matched and task.kind == "opportunities":
        told = [*told, *other_clients(conn, kind)]
    told = [*told, *staging.alike(conn)]
    left = matched if task.on_duplicate == "skip" else 0
    dated = staging.dated(conn) if kind.state else {}
    mixing = staging.mixing(conn, kind) if kind.state else []
    return Taken(
        fresh, new_leads, updated, matched - updated - left, skipped + left + left_out, tally.rows, logged.finish(),
        [*told_of_rows(dated.items()), *mixing, *tally.notes, *told], staging.first(conn),
        undated=dated.get(UNDATED, 0),
    )  # fmt: skip


def _straight(
    conn: sqlite3.Connection, author: Author, rows: Iterator[Any], task: Task, problems: Problems, tally: Tally,
    logged: Logged, name: str,
) -> Taken:  # fmt: skip
    """The short way, without the waiting room."""
    tops = leads.newest(conn)
    with trusted(conn):
        come = put_straight(conn, rows, task)
        problems.refuse(name)
        if come.leads:
            logged.begin()
            with made_anew(conn, {"move": "opportunity_id"}, come.leads):
                leads.complete(conn, author.by, tops, are_open=come.are_open)
    return Taken(
        come.leads, 0, 0, 0, 0, tally.rows, logged.finish(),
        [*told_of_rows(come.dated.items()), *come.notes, *tally.notes], leads.first(conn, tops),
        undated=come.dated.get(UNDATED, 0),
    )  # fmt: skip


def _match(conn: sqlite3.Connection, kind: Kind, task: Task, problems: Problems) -> int:
    """Find the records that the rows are already; how many rows only say what one before them says."""
    if task.kind == "moves":
        moves.match(conn)
        return 0
    if task.match is None:
        return 0
    skipped = staging.settle_doubles(conn, kind, MATCHES[task.match], task.columns, task.match, problems)
    if task.kind == "leads":
        leads.match(conn, task.match, task.columns, problems)
    elif task.kind == "activities":
        activities.match(conn)
    else:
        opportunities.match(conn)
    return skipped


def _insert(book: Book, author: Author, task: Task, fresh: int, problems: Problems) -> int:
    """Make records of the fresh rows; how many leads came with them."""
    grown = {"leads": {"lead": "referred_by", "move": "opportunity_id"}, "activities": {"activity": ""}}
    with made_anew(book.conn, grown.get(task.kind, {"opportunity": "", "move": ""}), fresh):
        if task.kind == "leads":
            leads.insert(book.conn, author.by, task.columns, problems)
        elif task.kind == "activities":
            activities.insert(book.conn, author.by)
        else:
            return opportunities.insert(book, author, task.columns, problems)
    return 0


def _update(book: Book, author: Author, task: Task, problems: Problems, tally: Tally, logged: Logged) -> int:
    """Bring known records up to what the rows say, as far as that was asked for; how many have changed."""
    if task.on_duplicate not in ("fill", "overwrite"):
        return 0
    overwrite = task.on_duplicate == "overwrite"
    if task.kind == "activities":
        return activities.update(book, logged, overwrite=overwrite)
    return update(book, author, READ[task.kind][0], task, problems, tally, logged)
