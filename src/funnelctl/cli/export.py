"""Exports: what others can read, and what can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from funnelctl.cli.commands import group, reads
from funnelctl.cli.output import screen
from funnelctl.cli.session import Session
from funnelctl.core.endings import ENDINGS, ending_of, misnamed
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.text import clean
from funnelctl.errors import Usage
from funnelctl.render.answer import Screen, written
from funnelctl.store.reports import leads as lead_rows
from funnelctl.store.reports import opportunities as opportunity_rows
from funnelctl.workspace.outgoing import written_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

app = group("Take everything along, for other programs or another funnelctl.")

File = Annotated[str, typer.Argument(metavar="[FILE]", help="Where (else, or with -, to standard output).")]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")]
TO_A_FILE = Screen(terminal=False, width=80, colour=False, unicode=True)
_ROWS = ("csv", "jsonl", "json", "tsv", "md")  # formats of rows, the one that opens in a spreadsheet first
COLUMNS = (Column("path", "text"), Column("written", "int"))


@reads(app, "leads")
def leads(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write all leads, closed ones too.

    As JSON Lines, or as --format or the ending of FILE says.
    """
    with session.reading() as book:
        table = lead_rows.listed(book, lead_rows.Filter(states=()), instant(session.now), session.lang)
    return _rows(session, "leads", table, file, force)


@reads(app, "opportunities")
def opportunities(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write all opportunities, closed ones too.

    As JSON Lines, or as --format or the ending of FILE says.
    """
    with session.reading() as book:
        wanted = opportunity_rows.Filter(outcomes=())
        table = opportunity_rows.listed(book, wanted, instant(session.now), session.lang)
    return _rows(session, "opportunities", table, file, force)


@reads(app, "moves")
def moves(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write every passage of every record.

    As JSON Lines, or as --format or the ending of FILE says.
    """
    from funnelctl.store.reports.export_moves import moves as all_moves

    with session.reading() as book:
        table = all_moves(book)
    return _rows(session, "moves", table, file, force)


@reads(app, "activities")
def activities(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write every call, meeting and note.

    As JSON Lines, or as --format or the ending of FILE says.
    """
    from funnelctl.store.reports.activities import activities as all_activities

    with session.reading() as book:
        table = all_activities(book)
    return _rows(session, "activities", table, file, force)


@reads(app, "all")
def all_(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write the whole book, as import takes it back.

    As JSON Lines; with --format csv, or where FILE ends in /, as a directory of CSV. funnelctl import takes either
    into an empty file, with all ids and history. What has changed when (undo, history) is in a backup alone: db backup.
    """
    from funnelctl.core.whole import sealed
    from funnelctl.render.objects import dumped
    from funnelctl.store.reports.export_all import all_rows, header

    if session.asked_fmt == "csv" or (session.asked_fmt is None and file.endswith(("/", ".csv"))):
        return _directory(session, file, force)
    if session.asked_fmt is None:
        _refuse_ending(file, "the whole book is JSON Lines, or a directory of CSV", "all", "jsonl")
    if session.asked_fmt not in (None, "jsonl"):
        raise Usage(
            "the whole book is JSON Lines, or a directory of CSV",
            hint="leave --format out, or export leads, opportunities, moves",
        )
    unicode = file != "-" or screen().unicode
    with session.reading() as book:
        top = header(book.conn)
        lines = sealed(top, all_rows(book.conn), lambda value: dumped(value, unicode))
        return _text(session, "all", lines, sum(top.rows.values()), "row", file, force)


@reads(app, "calendar")
def calendar(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write the days of live opportunities as iCalendar.

    When they are expected to close, and when sleeping ones wake. Exported anew, the same entries are known again and
    brought up to date.
    """
    from funnelctl.render.calendar import calendar as calendar_of
    from funnelctl.store.reports.export_outward import days

    _refuse_format(session, "a calendar is iCalendar")
    _refuse_ending(file, "a calendar is iCalendar", "calendar", "ics")
    with session.reading() as book:
        found = days(book, session.today, session.lang)
    return _text(session, "calendar", [calendar_of(found, session.now)], len(found), "entry", file, force)


@reads(app, "vcard")
def vcard(session: Session, file: File = "-", force: Force = False) -> Answer:
    """Write the leads with an e-mail or a phone as vCard 4.0."""
    from funnelctl.render.vcard import vcards
    from funnelctl.store.reports.export_outward import cards

    _refuse_format(session, "an address book is vCard")
    _refuse_ending(file, "an address book is vCard", "vcard", "vcard")
    with session.reading() as book:
        found = cards(book)
    return _text(session, "vcard", [vcards(found)], len(found), "card", file, force)


def _directory(session: Session, path: str, force: bool) -> Answer:
    """The whole book as CSV."""
    from funnelctl.cli.whole import written_to_directory

    if path == "-" or path.endswith(".csv"):
        raise Usage("a whole book as CSV is a directory", hint="name one: funnelctl export all DIR/")
    number = written_to_directory(session, path, force=force)
    return _told("all", number, "row", path)


def _refuse_format(session: Session, why: str) -> None:
    if session.asked_fmt is not None:
        raise Usage(why, hint="leave --format and --json out")


def _refuse_ending(file: str, why: str, what: str, *forms: str) -> None:
    """Raise ``Usage`` where the name of a file says that it holds something else than it would."""
    if better := misnamed(file, *forms):
        from shlex import quote

        raise Usage(f"{why}, which is no {ending_of(file)}", hint=f"funnelctl export {what} {quote(better)}")


def _rows(session: Session, what: str, table: Table, file: str, force: bool) -> Answer:
    """The rows in the format that was asked for, else that of the file's ending, else JSON Lines."""
    if file == "-":
        session.fmt = session.asked_fmt or (session.fmt if session.fmt != "table" else "jsonl")
        return Answer(f"export {what}", table)
    by_ending = next((form for form, endings in ENDINGS.items() if ending_of(file) in endings), "jsonl")
    if session.asked_fmt is None:
        _refuse_ending(file, "rows are JSON Lines, JSON, CSV, TSV or Markdown", what, *_ROWS)
    fmt = session.asked_fmt or by_ending
    text = written(Answer(f"export {what}", table, as_of=instant(session.now)), fmt, TO_A_FILE)
    return _saved(session, what, [text], len(table.rows), "row", file, force)


def _text(session: Session, what: str, parts: Iterable[str], number: int, noun: str, file: str, force: bool) -> Answer:
    """A text in a format of its own."""
    if file != "-":
        return _saved(session, what, parts, number, noun, file, force)
    text = "".join(parts)
    if screen().terminal:
        text = clean(text, "\n")
    session.fmt = "jsonl"  # of no rows: nothing, where the text is empty
    return Answer(f"export {what}", Table((), ()), document=text)


def _saved(session: Session, what: str, parts: Iterable[str], number: int, noun: str, file: str, force: bool) -> Answer:
    with written_whole(file, force=force, never=session.path) as stream:
        for part in parts:
            stream.write(part.encode())
    return _told(what, number, noun, file)


def _told(what: str, number: int, noun: str, file: str) -> Answer:
    plural = {"entry": "entries"}.get(noun, f"{noun}s")
    line = f"wrote {number:,} {noun if number == 1 else plural} to {file}"
    return Answer(f"export {what}", Table(COLUMNS, ((file, number),)), line=line)
