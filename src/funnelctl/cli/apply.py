"""Files of commands: all of them are done, in one transaction and as one step of undo, or none."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from funnelctl.cli.batch import Batch, Done
from funnelctl.cli.commands import group, writes
from funnelctl.cli.session import Session
from funnelctl.core.batch import Verb, read_commands
from funnelctl.core.importing.problems import Problems
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Lead
from funnelctl.core.table import Answer, Column, Table
from funnelctl.errors import Invalid
from funnelctl.store.resolve import record_of
from funnelctl.workspace.incoming import name_of, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from funnelctl.core.batch import Kind

app = group("Files of commands.")

# The commands that a line can name: their module, the group before their names, the names of command and function.
BATCHED = (
    ("lead", "lead ", ("add", "edit", "drop", "merge")),
    ("opp", "opp ", ("add", "edit", "status")),
    ("verbs", "", ("advance", "win", "lose", "postpone", "reopen")),
)
SHOWN = 50  # lines that people see
COLUMNS = (
    Column("id", "id"),
    Column("line", "int"),
    Column("do", "text"),
    Column("status", "text"),
    Column("message", "text"),
)


class Doable(NamedTuple):
    """A command as a line says it, and the function that does it on the command line."""

    verb: Verb
    function: Callable[..., Answer]


@writes(app, "apply", dated=False)
def apply(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines, one command a line; - for standard input.")],
) -> Answer:
    """Do all commands of a file, or none of them.

    It is one transaction and one step of undo. A line: {"do": "advance", "ref": "ada", "to": "proposal"}.
    It does any of lead add, edit, drop, merge; opp add, edit, status; advance, win, lose, postpone, reopen, with the
    options of the command. "as": "x" names the result of a line, and "$x" means it in references of later ones.
    """
    name, problems = name_of(file), Problems()
    doable = _doable()
    with opened(file) as stream:
        commands = read_commands(stream, {name: one.verb for name, one in doable.items()}, problems)
    problems.refuse(name)
    with session.writing("apply", creates=True) as work:
        batch = Batch(session, work, SHOWN if session.fmt == "table" else None)
        for command in commands:
            batch.run(command, doable[command.verb].function)
        batch.finish(name)
    return _answer(session, batch.done, batch.operation)


def _answer(session: Session, done: list[Done], operation: int | None) -> Answer:
    unchanged = sum(one.status == "unchanged" for one in done)
    number = f"{len(done):,} command{'' if len(done) == 1 else 's'}"
    left = f", {unchanged:,} of which changed nothing" if unchanged else ""
    if operation and not session.dry_run:
        session.note(f"{number} done as one{left}; funnelctl undo takes {'it' if len(done) == 1 else 'them'} back")
    elif done:
        session.note(f"{number}{left}")
    if len(done) > SHOWN and session.fmt == "table" and not session.quiet:
        session.note(f"the first {SHOWN} are shown; --json gives all")
    table = Table(COLUMNS, tuple(done), total=len(done), empty="no commands")
    line, do, _, message = COLUMNS[1:]
    screen = Table((line, do, message), tuple((one.line, one.do, one.message) for one in done[:SHOWN]))
    return Answer("apply", table, screen=(screen,) if done else (), more={"operation": operation})


def _doable() -> dict[str, Doable]:
    found = {}
    for module_name, words, names in BATCHED:
        module = import_module(f"funnelctl.cli.{module_name}")
        registered = {command.name: command.callback for command in module.app.registered_commands}
        for name in names:
            function = getattr(module, name)
            hints = get_type_hints(function)
            own = list(inspect.signature(function).parameters.values())[1:]
            options = {one.name: _kind(hints[one.name]) for one in own}
            if "at" in inspect.signature(registered[name]).parameters:
                options["at"] = "text"
            required = tuple(one.name for one in own if one.default is inspect.Parameter.empty)
            found[words + name] = Doable(Verb(words + name, options, required), function)
    either = {**found["lead edit"].verb.options, **found["opp edit"].verb.options}
    return {**found, "edit": Doable(Verb("edit", either, ("ref",)), _edit)}


def _kind(hint: Any) -> Kind:
    if hint is bool:
        return "flag"
    return "texts" if "list" in str(hint) else "text"


def _edit(session: Session, ref: str, **given: Any) -> Answer:
    """``lead edit`` or ``opp edit``, as the record is."""
    from funnelctl.cli import lead, opp

    with session.writing("edit") as work:
        one = record_of(work.book, ref)
    function: Callable[..., Answer] = lead.edit if isinstance(one, Lead) else opp.edit
    strange = [name for name in given if name not in inspect.signature(function).parameters]
    if strange:
        raise Invalid(
            f"{one.ref} is {'a lead' if isinstance(one, Lead) else 'an opportunity'}: no {strange[0]!r} there"
        )
    return function(session, one.ref, **given)
