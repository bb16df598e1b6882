"""One command's view of the world: which file, which clock, which screen; and how it reads, writes and answers.

A command opens the book by ``reading`` or ``writing``, returns an ``Answer``, and never prints. What day it is is known
here alone and handed down.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime

from funnelctl.cli.output import tell
from funnelctl.core.author import Author
from funnelctl.core.period import day_of, instant, parse_instant
from funnelctl.core.text import mixes_alphabets
from funnelctl.errors import Failed, FunnelctlError, NotFound, Usage
from funnelctl.store import journal
from funnelctl.store.book import Book
from funnelctl.workspace import places
from funnelctl.workspace.shelf import Shelf

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from funnelctl.core.change import Change

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")
LANGUAGES = ("en", "es", "id")


class Session:
    """What the options common to all commands say, beside the clock and the place of the book."""

    def __init__(
        self,
        *,
        db: str | None = None,
        fmt: str | None = None,
        quiet: bool = False,
        lang: str | None = None,
        dry_run: bool = False,
        at: str | None = None,
        yes: bool = False,
    ) -> None:
        self.asked_db = db
        self.named_db = db or places.named_book()
        self.asked_fmt = fmt  # by an option; an export has a default of its own
        named = "--format" if fmt else "FUNNELCTL_FORMAT"
        self.fmt = _one_of(fmt or os.environ.get("FUNNELCTL_FORMAT") or "table", FORMATS, named)
        self.quiet = quiet
        lang, named = (lang, "--lang") if lang else (os.environ.get("FUNNELCTL_LANG"), "FUNNELCTL_LANG")
        self.lang = _one_of(lang, LANGUAGES, named) if lang else places.language()
        self.dry_run = dry_run
        self.yes = yes
        self.now = _clock()
        self.today: date = day_of(instant(self.now))
        self.at = parse_instant(at, self.now) if at else instant(self.now)
        self.backdated = at is not None
        self.changes: list[Change] = []  # what a dry run would have changed
        self.notes: list[str] = []  # what people are told beside the answer
        self._told_waiting = False
        self.saved = False  # whether something was: what goes wrong afterwards may not deny it
        self.shelf = Shelf()

    @property
    def path(self) -> str:
        """The book: ``--db``, else ``FUNNELCTL_DB``, else the default place."""
        return self.named_db or places.default_book()

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """The book in one snapshot.

        Raises:
            NotFound: there is no file.
            Locked, Trouble: it cannot be had, or is not ours.
        """
        from funnelctl.store.connection import Transaction

        conn = self._open(create=False)
        try:
            with Transaction(conn, "DEFERRED", self.waiting):
                book = Book(conn, self.shelf, writable=False)
                yield book
                self.notes += book.notes
        finally:
            conn.close()

    @contextmanager
    def looking(self) -> Iterator[Book]:
        """As ``reading``; where there is no book yet and none was named, an empty one that is kept nowhere."""
        if self.named_db or os.path.exists(self.path):
            with self.reading() as book:
                yield book
            return
        conn = self._nowhere()
        try:
            yield Book(conn, self.shelf, writable=False)
        finally:
            conn.close()

    @contextmanager
    def writing(self, command: str, *, creates: bool = False, trusting: bool = False) -> Iterator[Writing]:
        """The book in the one transaction of a write: all of it, or nothing.

        ``creates``: this may be the first write of all, which creates the default file. ``trusting``: it refers to
        nothing but what it makes itself, so that SQLite need not look each reference up; that can be said before the
        transaction only.

        Raises:
            NotFound: a file that was named is not there.
            Locked, Trouble: it cannot be had, or is not ours.
        """
        from funnelctl.store.connection import Transaction

        conn = self._open(create=creates)
        if trusting:
            conn.execute("PRAGMA foreign_keys=OFF")
        transaction = Transaction(conn, "IMMEDIATE", self.waiting)
        transaction.discard = self.dry_run
        try:
            with transaction:
                yield Writing(self, Book(conn, self.shelf, writable=True), command)
        finally:
            self.saved = transaction.committed
            conn.close()

    def create(self, path: str) -> None:
        """Make a new, empty book at ``path``. It appears there whole or not at all, also when the power fails.

        Raises:
            FileExistsError: there is something already.
        """
        from funnelctl.cli.older import migrate
        from funnelctl.store.connection import connect, create_file

        places.make_directory_of(path)
        unfinished = f"{path}.{os.urandom(4).hex()}.new"  # a name of its own: one that was killed has left its own
        create_file(unfinished)
        try:
            conn = connect(unfinished, fresh=True)
            migrate(self, conn)
            conn.close()
            os.link(unfinished, path)
        finally:
            with suppress(OSError):  # in nobody's way where it stays
                os.unlink(unfinished)

    def confirmed(self, question: str) -> bool:
        """Ask a person at a terminal; scripts, ``--yes`` and dry runs go on: whatever is done can be undone."""
        if self.yes or self.dry_run or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return True
        import typer

        from funnelctl.core.text import clean

        return typer.confirm(clean(question), err=True)

    def confirm_for_good(self, question: str) -> None:
        """Ask before what can never be undone; a script, which nobody can ask, has to say ``--yes``.

        Raises:
            Usage: it does not.
            Failed: the answer was no.
        """
        if not (self.yes or self.dry_run or (sys.stdin.isatty() and sys.stderr.isatty())):
            raise Usage("this cannot be undone and there is nobody to ask; nothing was done", hint="add --yes to do it")
        if not self.confirmed(question):
            raise Failed("nothing was done")

    def has_saved(self) -> None:
        """What goes wrong from now on may not deny that something was saved."""
        self.saved = True

    def note(self, text: str) -> None:
        """Tell people something beside the answer, on stderr once the answer is certain."""
        self.notes.append(text)

    @contextmanager
    def telling(self, notes: list[str]) -> Iterator[None]:
        """Tell people what is found out of a file, whatever becomes of it: beside the answer, or before the error.
        Programs that want the error alone are not told."""
        try:
            yield
        except FunnelctlError:
            if self.fmt != "json":
                for note in notes:
                    tell(note)
            raise
        self.notes += notes

    def _open(self, *, create: bool) -> sqlite3.Connection:
        from funnelctl.store.connection import connect
        from funnelctl.store.schema import NEWEST, version

        if not os.path.exists(self.path) and not self.named_db:
            if not create:
                raise NotFound(
                    f"there is no pipeline yet at {self.path}",
                    hint="a first write creates it: funnelctl lead add NAME; to look around: funnelctl demo",
                )
            if self.dry_run:
                return self._nowhere()
            self._create_default()
        conn = connect(self.path)
        try:
            old = version(conn, self.waiting)
            if old < NEWEST:
                from funnelctl.cli.older import brought_up

                return brought_up(self, conn, old)
        except BaseException:
            conn.close()
            raise
        return conn

    def _nowhere(self) -> sqlite3.Connection:
        """A book in memory, for the dry run of a first write."""
        from funnelctl.cli.older import migrate
        from funnelctl.store.connection import connect_in_memory

        conn = connect_in_memory()
        migrate(self, conn)
        return conn

    def _create_default(self) -> None:
        try:
            self.create(self.path)
        except FileExistsError:
            return  # another process was quicker
        tell(f"created {self.path}")  # at once: it stays, whatever becomes of the write

    def waiting(self) -> None:
        """Tell people at once that another program holds the file; once, however often it is waited for."""
        if self._told_waiting:
            return
        self._told_waiting = True
        tell("waiting for another program to finish with the database (Ctrl-C gives up)")


class Writing:
    """One write command inside its transaction."""

    def __init__(self, session: Session, book: Book, command: str) -> None:
        self.book = book
        self.author = Author(session.at, places.user_name(), session.backdated, session.today, book.next_id)
        self._session = session
        self._command = command

    def do(self, changes: list[Change]) -> int | None:
        """Carry out and log the changes as one operation; its number, or ``None`` where there is nothing to change."""
        if not changes:
            return None
        operation = journal.begin(self.book.conn, self._command, instant(self._session.now), self.author.by)
        journal.apply(self.book.conn, changes)
        journal.finish(self.book.conn, operation)
        if self._session.dry_run:
            self._session.changes += changes
        self._tell_of_alphabets(changes)
        return operation

    def _tell_of_alphabets(self, changes: list[Change]) -> None:
        for change in changes:
            for column in ("name", "email") if change.table == "lead" else ():
                if mixes_alphabets((change.after or {}).get(column) or ""):
                    self._session.note(
                        f"the {column} of L{change.row_id} mixes alphabets: a letter in it looks like a Latin one and"
                        " is another"
                    )


def _clock() -> datetime:
    """Now, in UTC; ``FUNNELCTL_NOW`` (an instant) stands in for the clock, for scripts and tests that must repeat."""
    stated = os.environ.get("FUNNELCTL_NOW")
    if not stated:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        raise Usage(f"FUNNELCTL_NOW is no instant: {stated[:60]!r}", hint="write 2026-11-23T10:00:00Z") from None
    return (moment if moment.tzinfo else moment.astimezone()).astimezone(UTC)


def _one_of(value: str, allowed: tuple[str, ...], option: str) -> str:
    if value not in allowed:
        raise Usage(f"{option} takes no {value[:60]!r}", hint=f"it takes one of {', '.join(allowed)}")
    return value
