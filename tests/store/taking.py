"""Files taken into a book as the import command does it, and what the book is like then."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from desk import shipped

from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.declared import Declared
from funnelctl.core.importing.delimited import read_sheet
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.task import task_of
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import BadData
from funnelctl.store.intake.run import Taken, take_in
from funnelctl.store.intake.straight import NotAllNew

if TYPE_CHECKING:
    from desk import Desk

FUNNELS = tuple(shipped(key) for key in ("consulting", "jm-sports", "seven-states"))


def take(desk: Desk, text: str, kind: str = "leads", **declared: Any) -> Taken:
    """Import a file of this text as one command: straight where that can be, as the import command does."""
    try:
        return take_once(desk, text, kind, straight=True, **declared)
    except NotAllNew:
        return take_once(desk, text, kind, straight=False, **declared)


def take_once(desk: Desk, text: str, kind: str = "leads", *, straight: bool, **declared: Any) -> Taken:
    """One of the two ways."""
    problems = Problems()
    said = Declared(kind=kind, surveyed=True)._replace(**declared)
    with desk.writing() as work:
        sheet = read_sheet(io.BytesIO(text.encode()), "file.csv", problems)
        columns = map_columns(sheet.header, said.columns, kind)
        clock = datetime.fromisoformat(desk.at).astimezone(UTC)
        task = task_of(said, columns, work.book.funnel, work.book.region, clock, work.author.at)
        return take_in(
            work.book, work.author, sheet, task, problems, name="file.csv", command="import", logged_at=desk.at,
            straight=straight,
        )  # fmt: skip


def sales(desk: Desk, text: str, **declared: Any) -> Taken:
    return take(desk, text, "opportunities", **declared)


def refused(desk: Desk, text: str, kind: str = "leads", **declared: Any) -> list[tuple[int, str, str]]:
    """The problems of a file: line, column, message. Nothing is kept of it."""
    before = desk.content()
    with pytest.raises(BadData) as caught:
        take(desk, text, kind, **declared)
    assert desk.content() == before
    return [(problem.line, str(problem.column), problem.message) for problem in caught.value.problems]


def all_leads(desk: Desk) -> list[Lead]:
    return [Lead._make(row) for row in desk.content()["lead"]]


def all_sales(desk: Desk) -> list[Opportunity]:
    return [Opportunity._make(row) for row in desk.content()["opportunity"]]


def moves(desk: Desk, table: str, record_id: int) -> list[tuple[Any, ...]]:
    """Kind, from, to, state, detail and day of a record's moves."""
    rows = desk.conn.execute(
        "SELECT kind, from_stage, to_stage, state, detail, substr(at, 1, 10) FROM move"
        f" WHERE {table}_id = ? ORDER BY id",
        (record_id,),
    )
    return rows.fetchall()


def assert_sound(desk: Desk) -> None:
    """Every record says what its moves say, in the order of their times."""
    assert desk.conn.execute("PRAGMA foreign_key_check").fetchall() == []
    for table in ("lead", "opportunity"):
        rows = desk.conn.execute(
            f"SELECT {table}.*, move.* FROM {table} LEFT JOIN move ON move.{table}_id = {table}.id ORDER BY move.id"
        )
        names = [column[0] for column in rows.description]
        width = names.index("id", 1)
        by_id: dict[int, list[tuple[Any, ...]]] = {}
        for row in rows.fetchall():
            by_id.setdefault(row[0], []).append(row)
        for found in by_id.values():
            record = dict(zip(names[:width], found[0][:width], strict=True))
            steps = [dict(zip(names[width:], row[width:], strict=True)) for row in found]
            assert steps[0]["kind"] == "enter"
            assert steps[0]["at"] == record["created_at"]
            assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)
            assert steps[-1]["to_stage"] == record["stage"]
            assert steps[-1]["state"] == record["state" if table == "lead" else "outcome"]
            entered = [
                step["at"] for step in steps if step["from_stage"] != step["to_stage"] or step["kind"] == "reopen"
            ]
            if not any(step["kind"] == "reopen" for step in steps):
                assert record["entered_at"] == entered[-1]
            if record["closed_at"]:
                assert record["closed_at"] == steps[-1]["at"]
