"""Files of other programs: rows in, records in the book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from funnelctl.cli import options
from funnelctl.cli.commands import group, writes
from funnelctl.cli.import_answer import answer
from funnelctl.cli.intake import Intake
from funnelctl.cli.options import Currency, Limit, limit_of, text
from funnelctl.cli.recognising import known_source
from funnelctl.cli.session import Session
from funnelctl.core.importing.declared import KINDS, MATCHES, POLICIES, Declared, checked
from funnelctl.core.importing.rules import NO_RULES, prefixed
from funnelctl.core.table import Answer
from funnelctl.core.text import quoted
from funnelctl.core.whole import is_whole
from funnelctl.core.whole_tables import MANIFEST
from funnelctl.errors import Invalid, Usage
from funnelctl.workspace.incoming import name_of, opened
from funnelctl.workspace.incoming_directory import is_directory, title_of
from funnelctl.workspace.mapping_file import read_mapping_file

if TYPE_CHECKING:
    from typing import BinaryIO

app = group("Files.")


Many = list[str] | None


@writes(app, "import")
def import_(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, TSV, .xlsx, JSON, vCard; - for standard input.")],
    kind: Annotated[str | None, text("--as", f"What the rows are: {' or '.join(KINDS)}.", "KIND")] = None,
    map_: Annotated[
        Many,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column is; COLUMN= leaves it out. Repeatable."),
    ] = None,
    stage: Annotated[
        Many,
        typer.Option(
            "--stage",
            metavar="NAME=STAGE",
            help="What a stage of the file is: a stage, won, lost, lost:STAGE. Repeatable.",
        ),
    ] = None,
    mapping: Annotated[str | None, text("--mapping", "A saved mapping; options win over it.", "FILE")] = None,
    match: Annotated[
        str | None, text("--match", f"What known records are found by: {', '.join(MATCHES)}.", "BY")
    ] = None,
    on_duplicate: Annotated[
        str | None, text("--on-duplicate", f"With known records: {', '.join(POLICIES)} (fill empty fields).", "HOW")
    ] = None,
    preset: Annotated[
        str | None,
        text("--preset", "Whose file it is: auto looks at its columns, none does not.", "NAME"),
    ] = None,
    on_error: Annotated[
        str | None, text("--on-error", "With rows that are wrong: stop, and take in nothing, or skip them.", "HOW")
    ] = None,
    rejects: Annotated[
        str | None, text("--rejects", "A new file for the rows that are skipped, with the reasons.", "FILE")
    ] = None,
    footer: Annotated[
        Many,
        typer.Option("--footer", metavar="TEXT", help="The table ends above a row that begins so: TOTAL. Repeatable."),
    ] = None,
    empty: Annotated[
        Many, typer.Option("--empty", metavar="WORD", help="What stands in a cell that is empty: n/a, ?. Repeatable.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Only show how each column would be read, and why.")
    ] = False,
    funnel: options.Funnel = None,
    currency: Currency = None,
    date_format: Annotated[
        Many,
        typer.Option(
            "--date-format",
            metavar="FORMAT",
            help="How dates are written: [COLUMN=]DD/MM/YYYY. Repeatable.",
        ),
    ] = None,
    decimal: Annotated[str | None, text("--decimal", "The decimal mark of amounts: . or ,", "MARK")] = None,
    probability: Annotated[
        str | None, text("--probability", "What a bare number is: percent, or a share of 1.", "HOW")
    ] = None,
    delimiter: Annotated[str | None, text("--delimiter", "What divides columns: , ; tab or |", "CHAR")] = None,
    encoding: Annotated[str | None, text("--encoding", "How the text is encoded, if not in UTF-8.", "NAME")] = None,
    key_prefix: Annotated[
        str | None,
        text("--key-prefix", "Put before every key of the file, where those of two programs would be alike.", "TEXT"),
    ] = None,
    sheet_: Annotated[str | None, text("--sheet", "Which sheet of a workbook, if not the first.", "NAME")] = None,
    limit: Limit = None,
) -> Answer:
    """Take in leads, opportunities, activities or moves from a file.

    All of it as one step of undo, or nothing and every problem with its line. Columns that bear our field names, or
    their usual synonyms, map by themselves. Doing it again changes nothing. What export all has written comes back into
    an empty book as it was, without further words.
    """
    said = _declared(
        ("as", kind), ("funnel", funnel), ("currency", currency), ("decimal", decimal),
        ("probability", probability), ("delimiter", delimiter), ("encoding", encoding), ("sheet", sheet_),
        ("match", match), ("on_duplicate", on_duplicate),
    )._replace(
        columns=_pairs("--map", map_),
        stages=_pairs("--stage", stage),
        date_formats=tuple(checked("date_format", one) for one in date_format or ()),
        rules=NO_RULES._replace(
            footer=tuple(footer or ()), empty=tuple(empty or ()), replace=prefixed(key_prefix) if key_prefix else {}
        ),
    )  # fmt: skip
    own = said
    if mapping:
        said = said.over(read_mapping_file(mapping))
    skip, most = _skips(on_error, rejects), limit_of(limit, session)
    name, notes = name_of(file), list[str]()
    if is_directory(file, MANIFEST):
        return _whole(session, file, title_of(file), said, preset)
    with opened(file) as stream, session.telling(notes):
        if is_whole(stream):
            return _whole(session, stream, name, said, preset)
        source = known_source(stream, name, said, preset or ("none" if mapping else "auto"))
        notes += source.notes
        if source.said.kind is None:
            raise Usage("say what the rows are", hint=" or ".join(f"--as {one}" for one in KINDS))
        # It outlives the block, since it holds what reads the stream.
        intake = Intake(session, stream, name, source.said, notes, skip=skip, rejects=rejects, limit=most)
        if explain:
            from funnelctl.cli.explaining import explanation

            return intake.explained(
                lambda sheet, columns, problems, cells: explanation(
                    session, sheet, columns, problems, said, source, cells
                )
            )
        done = intake.carry_out()
    again = None
    if rejects and done.wrong and not session.dry_run:
        from funnelctl.cli.again import command_again

        read_as = ("--preset", source.preset.key if source.preset else preset)
        beside = (read_as, ("--mapping", mapping), ("--key-prefix", key_prefix))
        again = command_again(session, rejects, own, done.decided, beside)
    return answer(session, source.said.kind, done, name, rejects, again)


def _whole(session: Session, source: BinaryIO | str, name: str, said: Declared, preset: str | None) -> Answer:
    """From a file, or from a directory of that path."""
    from funnelctl.cli.whole import taken_from_directory, taken_over

    if session.backdated or preset or said != Declared():
        raise Usage(
            f"{name} is a whole book, which says itself what everything is",
            hint="leave out all that says how to read it",
        )
    return taken_from_directory(session, source) if isinstance(source, str) else taken_over(session, source, name)


def _skips(on_error: str | None, rejects: str | None) -> bool:
    """Whether wrong rows are left out."""
    if on_error not in (None, "stop", "skip"):
        raise Usage(f"--on-error takes no {quoted(on_error)}", hint="stop, or skip")
    if rejects is not None and on_error != "skip":
        raise Usage("--rejects is for rows that are skipped", hint=f"--on-error skip --rejects {rejects}")
    if rejects == "-":
        raise Usage("--rejects takes a file, for stdout is the answer's", hint="--rejects rejects.csv")
    return on_error == "skip"


def _declared(*options: tuple[str, str | None]) -> Declared:
    values = {name: checked(name, value) if value is not None else None for name, value in options}
    return Declared(kind=values.pop("as"), **values)  # type: ignore[arg-type]


def _pairs(option: str, given: list[str] | None) -> dict[str, str]:
    """``NAME=MEANING`` as names and meanings; a name may hold a ``=`` itself."""
    pairs = {}
    for pair in given or ():
        name, sign, meaning = pair.rpartition("=")
        if not sign or not name.strip():
            raise Invalid(
                f"{option} takes NAME=MEANING, not {quoted(pair)}", hint=f"{option} '{quoted(pair)[1:-1]}=...'"
            )
        pairs[name] = meaning.strip()
    return pairs
