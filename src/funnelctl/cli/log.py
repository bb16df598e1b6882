"""Second thoughts: undo, redo, and what was done when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from funnelctl.cli import options
from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.options import Limit
from funnelctl.cli.session import Session
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.errors import Conflict, Invalid
from funnelctl.store import turning
from funnelctl.store.log import changes_of
from funnelctl.store.reports import operations
from funnelctl.store.resolve import record_of

if TYPE_CHECKING:
    from funnelctl.store.journal import Operation

app = group("Second thoughts.")

Steps = Annotated[str, typer.Argument(metavar="[N]", help="How many commands.")]
COLUMNS = (
    Column("operation", "int", label="no."),
    Column("command", "text"),
    Column("at", "instant", label="done"),
)


@writes(app, "undo", dated=False)
def undo(session: Session, steps: Steps = "1") -> Answer:
    """Take back the last command, or the last N.

    An import is one command. Undo is a step in the history itself and can be redone.
    """
    return _turned(session, "undo", steps)


@writes(app, "redo", dated=False)
def redo(session: Session, steps: Steps = "1") -> Answer:
    """Do again what undo took back.

    That goes as long as nothing new was done since.
    """
    return _turned(session, "redo", steps)


@reads(app, "history")
def history(
    session: Session,
    ref: Annotated[
        str | None,
        typer.Argument(metavar="[REF]", help="Of this record alone.", autocompletion=options.references),
    ] = None,
    limit: Limit = None,
) -> Answer:
    """Show what was done, newest first."""
    most = options.limit_of(limit, session)
    with session.reading() as book:
        table = operations.of_record(book, record_of(book, ref), most) if ref else operations.listed(book, most)
        return Answer("history", table)


def _turned(session: Session, kind: str, steps: str) -> Answer:
    if not (steps.isascii() and steps.isdigit() and len(steps) < 7 and int(steps)):
        raise Invalid(
            f"{kind} takes a number of commands, not {steps[:60]!r}",
            hint=f"funnelctl {kind} 2; history lists them",
        )
    turn = turning.undo if kind == "undo" else turning.redo
    with session.writing(kind) as work:
        done: list[Operation] = []
        for _ in range(int(steps)):
            operation = turn(work.book.conn, instant(session.now), work.author.by)
            if operation is None:
                break
            done.append(operation)
            if session.dry_run:
                made = changes_of(work.book.conn, operation)
                session.changes += made if kind == "redo" else [change.inverted() for change in reversed(made)]
    if not done:
        raise Conflict(f"there is nothing to {kind}", hint="funnelctl history shows what was done")
    rows = tuple((operation.id, operation.command, operation.at) for operation in done)
    verb = "undone" if kind == "undo" else "done again"
    said = ", ".join(f"{operation.command} (no. {operation.id})" for operation in done)
    if len(done) < int(steps):
        session.note(f"there were only {len(done)} to {kind}")
    table = Table(COLUMNS, rows, total=len(rows))
    return Answer(kind, table, screen=(table,), line=f"{verb}: {said}")
