"""A book in a file, opened as the program opens it, with a clock that stands where a test puts it."""

from __future__ import annotations

import os
import sqlite3
import weakref
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from funnelctl.core import leads, opportunities
from funnelctl.core.author import Author
from funnelctl.core.change import added
from funnelctl.core.records import Activity
from funnelctl.store import journal, turning
from funnelctl.store.book import Book
from funnelctl.store.connection import APPLICATION_ID, Transaction, connect, create_file
from funnelctl.store.schema import migrate
from funnelctl.workspace import places
from funnelctl.workspace.shelf import read_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from funnelctl.core.change import Change
    from funnelctl.core.funnel import Funnel
    from funnelctl.core.records import Lead, Opportunity
    from funnelctl.store.funnels import Shelf

# What a person has entered; the log, the counters and the copies of funnel files are the program's own.
DOMAIN = ("setting", "lead", "lead_alias", "opportunity", "move", "activity", "source_row")


def shipped(key: str) -> Funnel:
    """One of the funnels that come with the program."""
    return read_path(os.path.join(places.shipped("funnels"), f"{key}.yaml"))


class Drawer:
    """Funnels that lie in memory and never change."""

    def __init__(self, *funnels: Funnel) -> None:
        self.funnels = {funnel.key: funnel for funnel in funnels}

    def stamp(self, key: str) -> str | None:
        return "as it was shipped" if key in self.funnels else None

    def read(self, key: str) -> Funnel:
        return self.funnels[key]


class Work(NamedTuple):
    book: Book
    author: Author


def nobody() -> None:
    """Who is told that a lock is waited for."""


def new_book(path: Path) -> Path:
    """An empty book at ``path``."""
    create_file(str(path))
    conn = connect(str(path), fresh=True)
    with Transaction(conn, "IMMEDIATE", nobody):
        migrate(conn, APPLICATION_ID)
    conn.close()
    return path


def _close(conn: sqlite3.Connection) -> None:
    """A desk may be collected while a thread of pytest-xdist's runs, in which SQLite lets nobody close it."""
    with suppress(sqlite3.ProgrammingError):
        conn.close()


class Desk:
    """One connection to one book; each ``writing`` is a command at the instant ``at``."""

    def __init__(self, path: Path, *funnels: Funnel) -> None:
        self.path = path if path.exists() else new_book(path)
        self.conn = connect(str(self.path))
        weakref.finalize(self, _close, self.conn)
        drawer = Drawer(*(funnels or (shipped("consulting"),)))
        self.shelf: Callable[[], Shelf] = lambda: drawer  # the funnel files as one command sees them
        self.at = "2026-03-02T12:00:00Z"

    @contextmanager
    def writing(self) -> Iterator[Work]:
        with Transaction(self.conn, "IMMEDIATE", nobody):
            book = Book(self.conn, self.shelf(), writable=True)
            day = date.fromisoformat(self.at[:10])
            yield Work(book, Author(self.at, "tester", backdated=False, today=day, next_id=book.next_id))

    @contextmanager
    def reading(self) -> Iterator[Book]:
        with Transaction(self.conn, "DEFERRED", nobody):
            yield Book(self.conn, self.shelf(), writable=False)

    def do(self, work: Work, command: str, changes: Iterable[Change]) -> int:
        """Carry out and log the changes as one operation; its number."""
        operation = journal.begin(self.conn, command, self.at, "tester")
        journal.apply(self.conn, changes)
        journal.finish(self.conn, operation)
        return operation

    def add_lead(self, name: str = "Ada Lovelace", **raw: Any) -> Lead:
        """Register a lead; ``raw`` as ``leads.fields_of`` reads it."""
        with self.writing() as work:
            fields = leads.fields_of({"name": name, **raw}, None)
            lead, changes = leads.add(work.author, fields, work.book.funnel())
            self.do(work, "lead add", changes)
        return lead

    def add_sale(self, lead: Lead, title: str = "Engine audit", stage: str | None = None, **raw: Any) -> Opportunity:
        """Register an opportunity of a lead, which becomes a client by it."""
        with self.writing() as work:
            funnel = work.book.funnel(lead.funnel)
            where = funnel.stage(stage) if stage else funnel.first_opportunity_stage
            assert where is not None
            fields = opportunities.fields_of({"title": title, **raw}, funnel.currency, work.author.today)
            known = work.book.lead(lead.id)
            assert known is not None
            closing = [] if known.state == "converted" else leads.convert(work.author, known)
            sale, changes = opportunities.add(work.author, fields, lead.id, where)
            self.do(work, "opp add", closing + changes)
        return sale

    def add_activity(self, lead: Lead, kind: str, text: str | None = None, **more: Any) -> Activity:
        """Note down that something happened with a lead; ``more`` are further columns."""
        with self.writing() as work:
            activity = Activity(
                work.author.next_id("activity"), lead.id, more.get("opportunity_id"), kind, more.get("at", self.at),
                text, more.get("key"), "tester",
            )  # fmt: skip
            self.do(work, "log", [added(activity)])
        return activity

    def merge(self, keep: Lead, other: Lead) -> None:
        """Join two leads as they stand now."""
        with self.writing() as work:
            book = work.book
            kept, gone = book.lead(keep.id), book.lead(other.id)
            assert kept is not None
            assert gone is not None
            changes = leads.merge(work.author, kept, gone, book.belongings_of(gone.id), book.referred_by(gone.id))
            self.do(work, "lead merge", changes)

    def undo(self) -> journal.Operation | None:
        with self.writing():
            return turning.undo(self.conn, self.at, "tester")

    def redo(self) -> journal.Operation | None:
        with self.writing():
            return turning.redo(self.conn, self.at, "tester")

    def lead(self, lead: Lead) -> Lead:
        """A lead as it stands in the book now."""
        with self.reading() as book:
            found = book.lead(lead.id)
        assert found is not None
        return found

    def sale(self, sale: Opportunity) -> Opportunity:
        """An opportunity as it stands in the book now."""
        with self.reading() as book:
            found = book.opportunity(sale.id)
        assert found is not None
        return found

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that a person has entered."""
        return {table: self.conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in DOMAIN}
