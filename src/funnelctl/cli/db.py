"""The file itself: where it is, whether it is sound, its backups, and questions in SQL."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.options import Limit, limit_of
from funnelctl.cli.session import Session
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.errors import TROUBLE, Failed, Trouble

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

app = group("The file: backups, soundness, questions in SQL.")

CHECKS = (Column("check", "text"), Column("status", "text"), Column("found", "int"), Column("detail", "text"))
PROBLEMS = (Column("check", "text"), Column("problem", "text"))
CONTENT = (Column("what", "text", label=""), Column("digest", "text", label=""))
BACKUP = (Column("path", "text"), Column("size", "int", label="bytes"), Column("digest", "text", screen=False))
RESTORED = (
    Column("path", "text"),
    Column("backup", "text"),
    Column("former", "text"),
    Column("leads", "int"),
    Column("opportunities", "int"),
)
Target = Annotated[
    str | None, typer.Argument(metavar="[PATH]", help="A new file, or a directory (else the book's own backups).")
]


@reads(app, "path")
def path(session: Session) -> Answer:
    """Print where the file is."""
    columns = (Column("path", "text"), Column("exists", "flag"))
    where = os.path.abspath(session.path)
    return Answer("db path", Table(columns, ((where, os.path.exists(where)),)), line=where)


@reads(app, "check")
def check(session: Session) -> Answer:
    """Check that what was saved is all there and right.

    Where it is not, the exit code is 74. Nothing is repaired: backups are for that. Two books with the same digest say
    the same.
    """
    from funnelctl.store.checks import check_book
    from funnelctl.store.digest import digest_of

    results = check_book(session.path, session.waiting, _progress())
    rows = tuple((one.check, one.status, one.found, "; ".join(one.findings) or one.means) for one in results)
    found = []
    for one in results:
        if one.status == "failed":
            found += [(one.check, problem) for problem in one.findings]
            found += [(one.check, f"and {one.found - len(one.findings)} more")] * (one.found > len(one.findings))
    shown = tuple((one.check, one.status, one.found or None, one.means) for one in results)
    screen = (Table(CHECKS, shown), *([Table(PROBLEMS, tuple(found), title="what is wrong")] if found else []))
    if found:
        session.note("what is wrong was left as it is; a backup that is sound: funnelctl db restore BACKUP")
        session.note(f"backups are in {_backups(session)}")
    content = None if found else digest_of(session.path, session.waiting)
    if content:
        screen = (*screen, Table(CONTENT, (("digest of the content", content),)))
    return Answer(
        "db check",
        Table(CHECKS, rows, total=len(rows)),
        screen,
        exit_code=TROUBLE if found else 0,
        more={"digest": content},
    )


@writes(app, "backup", dated=False)
def backup(session: Session, target: Target = None) -> Answer:
    """Write a verified copy of the file.

    It can be read by you alone, and nothing that exists is ever overwritten.
    """
    from funnelctl.store.backup import back_up, default_path

    at = instant(session.now)
    with session.writing("db backup") as work:
        book = session.path
        if session.dry_run:
            where = target or os.path.join(_backups(session), "")
            return Answer("db backup", Table(BACKUP, ((where, None, None),)), line=f"would be backed up to {where}")
        if target and os.path.isdir(target):
            target = os.path.join(target, os.path.basename(default_path(book, at)))
        made = back_up(work.book.conn, book, target or default_path(book, at), session.waiting)
    line = f"backed up to {made.path} ({_size(made.size)}), verified"
    return Answer("db backup", Table(BACKUP, (tuple(made),)), line=line)


@writes(app, "restore", dated=False)
def restore(
    session: Session,
    backup: Annotated[str, typer.Argument(metavar="BACKUP", help="The file to go back to.")],
) -> Answer:
    """Go back to a backup.

    The backup is checked first, and what is there now is backed up.
    """
    from funnelctl.store import forgotten
    from funnelctl.store.connection import Transaction
    from funnelctl.store.readonly import open_readonly
    from funnelctl.store.restore import restore as put_back
    from funnelctl.workspace.places import make_directory_of

    book = session.path
    source = open_readonly(backup, session.waiting)
    try:
        with Transaction(source, "DEFERRED", session.waiting):  # what is restored is what was checked
            _refuse_unsound(source, backup)
            leads, sales = source.execute(
                "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM opportunity)"
            ).fetchone()
            what = f"{backup} (leads: {leads}, opportunities: {sales})"
            if not session.confirmed(f"Replace {book} by {what}?"):
                raise Failed("nothing was restored")
            former, line = None, f"{book} would become {what}"
            if not session.dry_run:
                listed = forgotten.listed_in(book, session.waiting)
                make_directory_of(book)
                former = put_back(source, backup, book, instant(session.now), session.waiting, session.has_saved)
                line = f"restored {book} from {what}"
                session.note(f"as it was before: {former}" if former else f"created {book}")
                for ref in forgotten.came_back(source, listed):
                    session.note(f"{ref} was forgotten since that backup and is back: funnelctl lead forget {ref}")
    finally:
        source.close()
    return Answer("db restore", Table(RESTORED, ((book, backup, former, leads, sales),)), line=line)


@reads(app, "stats")
def stats(session: Session) -> Answer:
    """Show how large the file is, and how many rows it has."""
    from funnelctl.store.reports import file

    with session.reading() as book:
        facts = {"path": os.path.abspath(session.path), **file.facts(book)}
        rows = file.rows(book)
    told = tuple((name, _size(value) if name == "size" else str(value)) for name, value in facts.items())
    return Answer("db stats", rows, (Table((Column("fact", "text"), Column("value", "text")), told), rows), more=facts)


@reads(app, "sql")
def sql(
    session: Session,
    query: Annotated[str, typer.Argument(metavar="SELECT", help="What is asked; nothing but reading is possible.")],
    limit: Limit = None,
) -> Answer:
    """Answer a question in SQL; it can only read."""
    from funnelctl.store.query import asked

    with session.reading():
        pass  # finishes what a crash or an upgrade has left to do, which a connection that only reads cannot
    return Answer("db sql", asked(session.path, query, limit_of(limit, session), session.waiting))


def _refuse_unsound(source: sqlite3.Connection, backup: str) -> None:
    from funnelctl.store.checks import examine

    wrong = [one.check for one in examine(source) if one.status == "failed"]
    if wrong:
        raise Trouble(
            f"the backup is not sound ({', '.join(wrong)}); nothing was restored",
            hint=f"what is wrong: funnelctl db check --db {backup}",
        )


def _backups(session: Session) -> str:
    from funnelctl.store.backup import directory_of

    return directory_of(session.path)


def _progress() -> Callable[[str], None]:
    """On a terminal, tell what is being checked once it takes more than a second."""
    start = time.monotonic()

    def begins(name: str) -> None:
        if sys.stderr.isatty() and time.monotonic() - start > 1:
            sys.stderr.write(f"\r\x1b[Kchecking: {name} ...")
            sys.stderr.flush()

    return begins


def _size(number: int) -> str:
    """A number of bytes as people say it."""
    return f"{number / 2**20:,.1f} MiB" if number >= 2**20 else f"{max(1, round(number / 2**10))} KiB"
