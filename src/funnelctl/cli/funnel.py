"""Funnels: the stages that a business designed for itself, from YAML files."""

from __future__ import annotations

import os
import shlex
from typing import Annotated, Any

import typer

from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.options import text
from funnelctl.cli.session import Session
from funnelctl.core.funnel import Funnel
from funnelctl.core.migration import destinations, moved
from funnelctl.core.settings import put
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.text import slug_ok
from funnelctl.errors import BadData, Conflict, Failed, Invalid, NotFound
from funnelctl.store.funnels import live_records, live_stages, remembered
from funnelctl.workspace import places, shelf

app = group("Funnels: the stages of a pipeline, in YAML.")

Name = Annotated[str, typer.Argument(metavar="FUNNEL", help="The key of a funnel.")]
LIST_COLUMNS = (
    Column("funnel", "text"),
    Column("label", "text", wrap=True),
    Column("stages", "list", wrap=True),
    Column("currency", "text", screen=False),
    Column("default", "flag"),
    Column("shipped", "flag", screen=False),
    Column("problems", "int", screen=False),
    Column("path", "text", screen=False),
)
STAGE_COLUMNS = (
    Column("stage", "text"),
    Column("funnel", "text", screen=False),
    Column("label", "text"),
    Column("holds", "text"),
    Column("probability", "ratio", label="chance"),
    Column("stale_after", "days", label="stale after"),
    Column("requires", "list"),
    Column("can_win", "flag", label="can win"),
    Column("sleeping", "flag", screen=False),
    Column("follow_up", "list", screen=False),
    Column("why", "text", screen=False),
)


@reads(app, "list")
def list_(session: Session) -> Answer:
    """List your own funnels and the shipped ones."""
    default = _default_of_book(session)
    rows: list[Any] = []
    for source in session.shelf.sources():
        try:
            funnel = shelf.read_path(source.path)
        except BadData as error:
            problems = len(error.problems)
            problem = "1 problem" if problems == 1 else f"{problems} problems"
            check = f"funnelctl funnel check {shlex.quote(source.path)}"
            rows.append((source.key, f"({problem}: {check})", (), None,
                         source.key == default, source.shipped, problems, source.path))  # fmt: skip
            continue
        stages = tuple(stage.key for stage in funnel.stages)
        rows.append((source.key, funnel.label.in_(session.lang), stages, funnel.currency,
                     source.key == default, source.shipped, 0, source.path))  # fmt: skip
    return Answer("funnel list", Table(LIST_COLUMNS, tuple(rows), total=len(rows)))


@reads(app, "show")
def show(session: Session, name: Name) -> Answer:
    """Show the stages of a funnel and why each is needed."""
    funnel = _read(session, name)
    rows = tuple(
        (stage.key, funnel.key, stage.label.in_(session.lang), stage.holds, stage.probability, stage.stale_after,
         stage.requires, stage.can_win, stage.sleeping, tuple(f"{days}d" for days in stage.follow_up), stage.why)
        for stage in funnel.stages
    )  # fmt: skip
    table = Table(STAGE_COLUMNS, rows, title=f"{funnel.label.in_(session.lang)} ({funnel.key})", total=len(rows))
    why = Table(
        (Column("stage", "text"), Column("why", "text", wrap=True)),
        tuple((stage.key, stage.why) for stage in funnel.stages),
        title="Why each stage is needed",
    )
    more = {
        "funnel": funnel.key,
        "label": funnel.label.in_(session.lang),
        "labels": funnel.label._asdict(),
        "currency": funnel.currency,
        "statuses": funnel.statuses,
        "lost_reasons": funnel.lost_reasons,
        "project": funnel.project,
    }
    return Answer("funnel show", table, screen=(table, why), more=more)


@reads(app, "check")
def check(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="FUNNEL|FILE", help="The key of a funnel, or a file.")],
) -> Answer:
    """Check a funnel file, all of it at once."""
    path = name
    if not os.path.exists(name):
        source = session.shelf.find(name)
        if source is None:
            raise NotFound(f"there is neither a file nor a funnel {name[:200]!r}", hint="funnelctl funnel list")
        path = source.path
    funnel = shelf.read_path(path)
    columns = (Column("funnel", "text"), Column("path", "text"), Column("stages", "int"))
    table = Table(columns, ((funnel.key, path, len(funnel.stages)),), total=1)
    return Answer(
        "funnel check", table, line=f"{path}: the funnel {funnel.key!r} is valid, {len(funnel.stages)} stages"
    )


@writes(app, "new", dated=False)
def new(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The key of the new funnel.")],
    source: Annotated[str, text("--from", "The funnel to start from.", "FUNNEL")] = "consulting",
) -> Answer:
    """Copy a funnel as the start of your own, to edit."""
    if not slug_ok(name):
        raise Invalid(f"{name[:60]!r} is no key of a funnel", hint="small letters, digits and dashes: my-funnel")
    if session.shelf.find(name):
        raise Conflict(f"there is a funnel {name!r} already", hint=f"funnelctl funnel check {name} says where")
    found = session.shelf.find(source)
    if found is None:
        raise NotFound(f"there is no funnel {source[:60]!r}", hint="funnelctl funnel list shows those that there are")
    path = os.path.join(places.funnel_directories()[0], f"{name}.yaml")
    data = _renamed(shelf.bytes_of(found.path), name)
    if not session.dry_run:
        shelf.write_new(path, data)
    session.note(f"edit it, then: funnelctl funnel check {name}, and funnelctl funnel use {name}")
    table = Table((Column("funnel", "text"), Column("path", "text")), ((name, path),), total=1)
    return Answer("funnel new", table, line=f"{'would create' if session.dry_run else 'created'} {path}")


@writes(app, "use", dated=False)
def use(session: Session, name: Name) -> Answer:
    """Make a funnel the one of new records."""
    with session.writing("funnel use", creates=True) as work:
        funnel = work.book.funnel(name)
        work.do(put(work.author, work.book.setting("funnel"), "funnel", funnel.key))
    table = Table((Column("funnel", "text"),), ((funnel.key,),), total=1)
    return Answer("funnel use", table, line=f"new records go into {funnel.label.in_(session.lang)} ({funnel.key})")


@reads(app, "schema")
def schema(session: Session) -> Answer:
    """Print the JSON Schema of funnel files, for editors."""
    import json

    from funnelctl.core.funnel_schema import funnel_schema

    document = json.dumps(funnel_schema(), indent=2, ensure_ascii=True) + "\n"
    return Answer("funnel schema", Table((), ()), document=document)


@writes(app, "migrate")
def migrate(
    session: Session,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The funnel that the records stand in.")],
    new: Annotated[
        str,
        typer.Argument(metavar="NEW", help="The funnel to which they go; the same one, if its file was edited."),
    ],
    mapping: Annotated[
        list[str] | None, typer.Option("--map", metavar="OLD=NEW", help="Where a stage's records go.")
    ] = None,
) -> Answer:
    """Move live records to a new design.

    Stages of the same name map by themselves; history keeps the old names.
    """
    wanted = dict(_pair(word) for word in mapping or ())
    with session.writing("funnel migrate") as work:
        standing = live_stages(work.book, old)
        before = remembered(work.book, old)
        if before is None:
            raise NotFound(
                f"no record stands in a funnel {old[:60]!r}", hint="funnelctl report shows the funnels in use"
            )
        design = work.book.funnel_after(old, new)
        targets = destinations(before, design, standing, wanted)
        question = f"Move {sum(standing.values())} live records from {old} to {new}?"
        if not session.confirmed(question):
            raise Failed("nothing was moved")
        theirs, sales = live_records(work.book, old)
        last = {lead.ref: work.book.last_move(lead) for lead in theirs}
        last.update({one.ref: work.book.last_move(one) for one in sales})
        work.do(moved(work.author, theirs, sales, targets, last))
        rows = tuple((stage, targets[stage].key, count) for stage, count in standing.items())
    columns = (Column("from", "text"), Column("to", "text"), Column("records", "int"))
    n = sum(standing.values())
    line = f"{n} live records now stand in {design.label.in_(session.lang)} ({design.key})"
    return Answer("funnel migrate", Table(columns, rows, total=len(rows)), line=line)


def _pair(word: str) -> tuple[str, str]:
    old, equals, new = word.partition("=")
    if not equals or not old.strip() or not new.strip():
        raise Invalid(
            f"--map takes OLD=NEW, not {word[:60]!r}", hint="the stage as it was, and as it is: --map offer=quote"
        )
    return old.strip(), new.strip()


def _read(session: Session, name: str) -> Funnel:
    if session.shelf.find(name) is None and os.path.exists(session.path):
        with session.reading() as book:
            return book.funnel(name)  # the book's copy of a file that is gone
    return session.shelf.read(name)


def _default_of_book(session: Session) -> str:
    from funnelctl.store.book import DEFAULT_FUNNEL

    if not os.path.exists(session.path):
        return DEFAULT_FUNNEL
    with session.reading() as book:
        return book.default_funnel


def _renamed(data: bytes, name: str) -> bytes:
    lines = data.decode("utf-8").splitlines(keepends=True)
    return "".join(f"funnel: {name}\n" if line.startswith("funnel:") else line for line in lines).encode()
