"""What an import answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelctl.core.importing.problems import MOST, kinds_of
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.text import quoted

if TYPE_CHECKING:
    from typing import Any

    from funnelctl.cli.intake import Done
    from funnelctl.cli.session import Session
    from funnelctl.errors import Problem
    from funnelctl.store.intake.run import Taken

MOST_NAMED = 20  # columns that mean nothing to us
MOST_DATES = 3  # columns of dates among them

COLUMNS = tuple(
    Column(name, "int")
    for name in ("operation", "created", "new_leads", "updated", "unchanged", "skipped", "rejected", "rows_read")
)


def answer(session: Session, kind: str, done: Done, name: str, rejects: str | None, again: str | None) -> Answer:
    """The answer of an import of ``kind`` from the file called ``name``; what people should know beside it is noted.

    ``rejects`` is the file that holds the rows that were left out, ``again`` the command that imports it.
    """
    taken, unmapped, first = done.taken, done.columns.unmapped, done.first
    for note in taken.notes:
        session.note(note)
    for column in done.dates[:MOST_DATES]:
        from shlex import quote

        option = f"--map {quote(f'{column}=closed')}"
        session.note(f"{quoted(column)} holds nothing but dates; if it says when they were closed: {option}")
    if unmapped:
        more = f" and {len(unmapped) - MOST_NAMED} more" if len(unmapped) > MOST_NAMED else ""
        named = ", ".join(map(quoted, unmapped[:MOST_NAMED]))
        session.note(f"columns left out: {named}{more}; --map COLUMN=FIELD takes one in")
    counts = {
        "operation": taken.operation, "created": taken.created, "new_leads": taken.new_leads, "updated": taken.updated,
        "unchanged": taken.unchanged, "skipped": taken.skipped, "rejected": len(done.wrong),
        "rows_read": taken.rows_read + len(done.wrong),
    }  # fmt: skip
    each = [problem for line in sorted(done.wrong) for problem in done.wrong[line]]
    kinds = kinds_of(each)
    if done.wrong:
        from funnelctl.render.messages import problem_lines

        session.note(_left_out(len(done.wrong), rejects, dry_run=session.dry_run))
        for line in problem_lines(name, tuple(each), kinds):
            session.note(line)
    if again:
        session.note(f"once mended: {again}")
    table = Table(COLUMNS, (tuple(counts.values()),))
    also = {"leads": counts.pop("new_leads")}
    if kind == "moves":
        also["opportunities"] = taken.new_opportunities
    result: dict[str, Any] = {**counts, "also_created": also, "problems": _problems(each), "unmapped": list(unmapped)}
    result["kinds"] = [{"column": column, "message": kind, "count": times} for column, kind, times in kinds]
    result.update(rejects=rejects if again else None, import_again=again)
    if first is None:
        return Answer("import", table, line=_sentence(kind, taken, len(done.wrong)), more=result)
    assert done.plan is not None
    if not result["rows_read"]:
        session.note("the file has no rows")
    hidden = (done.plan.total or 0) - len(done.plan.rows)
    if hidden > 0:
        session.note(
            f"what {hidden:,} more row{'s' if hidden > 1 else ''} would do: --limit {done.plan.total} shows all"
        )
    result = {**result, "first": first, "plan": done.plan, "plan_total": done.plan.total}
    new = (first._replace(title="the first new records"),) if first.rows else ()
    return Answer("import", table, screen=(table, *new, done.plan), more=result)


def _sentence(kind: str, taken: Taken, wrong: int) -> str:
    read = taken.rows_read + wrong
    rows = f"{read:,} row{'' if read == 1 else 's'}"
    if read == wrong and wrong:
        return "nothing to change: the only row is wrong" if wrong == 1 else f"nothing to change: all {rows} are wrong"
    if taken.operation is None and wrong:
        return f"nothing to change: of {rows}, {wrong:,} left out and the others are known already"
    if taken.operation is None and not read:
        return "the file has no rows"
    if taken.operation is None and not taken.skipped:
        return f"nothing to change: {'the row is' if read == 1 else f'the {rows} are'} known already"
    done = []
    if taken.created:
        came = (("opportunities", taken.new_opportunities), ("leads", taken.new_leads))
        also = ", ".join(_counted(number, what) for what, number in came if number)
        done.append(f"created {_counted(taken.created, kind)}{f' (and {also})' if also else ''}")
    if taken.updated:
        done.append(f"updated {_counted(taken.updated, 'opportunities' if kind == 'moves' else kind)}")
    counts = ((taken.unchanged, "unchanged"), (taken.skipped, "skipped"), (wrong, "left out"))
    left = [f"{n:,} {what}" for n, what in counts if n]
    if taken.operation is None:
        return f"nothing to change: {', '.join(left)} from {rows}"
    return f"{', '.join(done + left)} from {rows}; undo takes it back"


def _counted(number: int, kind: str) -> str:
    one = {"leads": "lead", "opportunities": "opportunity", "activities": "activity", "moves": "move"}[kind]
    return f"{number:,} {one if number == 1 else kind}"


def _left_out(wrong: int, rejects: str | None, *, dry_run: bool) -> str:
    """How many rows were left out, and where they are."""
    several = wrong > 1
    where = "--rejects FILE keeps them, to be mended"
    if rejects:
        would = "would be" if dry_run else "are" if several else "is"
        where = f"{'they' if several else 'it'} {would} in {rejects}, to be mended there"
    return f"left out {wrong:,} wrong row{'s' if several else ''}; {where}"


def _problems(each: list[Problem]) -> list[dict[str, object]]:
    """What is wrong with the rows that were left out, as far as it is told in full."""
    return [{"line": one.line, "column": one.column, "message": one.message} for one in each[:MOST]]
