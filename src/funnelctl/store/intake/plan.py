"""What an import does with each row, read back from what it has done: for a dry run, before that is taken back."""

from __future__ import annotations

from itertools import takewhile

from funnelctl.core.table import Column, Table
from funnelctl.store.intake.run import READ, Taken
from funnelctl.store.intake.updates import otherwise
from funnelctl.store.reports.operations import fields, names_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from funnelctl.core.importing.task import Task
    from funnelctl.errors import Problem
    from funnelctl.store.book import Book

MOST = 100_000  # rows that are told: a plan is held in memory
COLUMNS = (Column("line", "int"), Column("action", "text"), Column("id", "id"), Column("changes", "text", wrap=True))
_LETTERS = {"lead": "L", "opportunity": "O", "activity": "A"}


def planned(book: Book, task: Task, taken: Taken, wrong: Mapping[int, list[Problem]], limit: int | None) -> Table:
    """A row each: ``create``, ``fill`` or ``overwrite`` with what changes, ``unchanged``, ``skip``, or ``conflict``
    with what is ``wrong`` with it. At most ``limit`` of them, and a hundred thousand."""
    most = MOST if limit is None else min(limit, MOST)
    kind = READ[task.kind][0]
    total = book.one("SELECT (SELECT count(*) FROM fresh) + (SELECT count(*) FROM matched)")[0]
    total += book.one("SELECT count(*) FROM passed")[0] + len(wrong)
    found = book.all(
        "SELECT line, id, 'create' FROM fresh UNION ALL SELECT line, id, '' FROM matched"
        " UNION ALL SELECT line, NULL, why FROM passed ORDER BY line LIMIT ?",
        most,
    )
    changed = _changed(book, taken, kind.table, {id_ for _, id_, action in found if not action})
    same = "skip" if task.on_duplicate == "skip" else "unchanged"
    stays = _stays(book, task, found[-1][0]) if found and kind.state and task.kind != "moves" else {}
    rows: list[tuple[Any, ...]] = []
    for line, id_, action in found:
        ref = None if id_ is None else f"{_LETTERS[kind.table]}{id_}"
        if action == "create":
            rows.append((line, action, ref, None))
        elif action:
            rows.append((line, "skip", None, action))
        else:
            what = "; ".join(one for one in (changed.get(id_), stays.get(line)) if one)
            rows.append((line, task.on_duplicate if id_ in changed else same, ref, what or None))
    for line, each in sorted(wrong.items())[:most]:
        told = [f"{one.column}: {one.message}" if one.column else one.message for one in each]
        rows.append((line, "conflict", None, "; ".join(told)))
    rows.sort(key=lambda row: row[0])
    return Table(COLUMNS, tuple(rows[:most]), title="what each row would do", total=total)


def _stays(book: Book, task: Task, last: int) -> dict[int, str]:
    """What rows up to the line ``last`` say otherwise than their records, in which it stays."""
    if task.on_duplicate == "overwrite":
        return {}
    return {
        line: f"says otherwise: {', '.join(names_of(fields))}"
        for line, fields in takewhile(lambda one: one[0] <= last, otherwise(book, READ[task.kind][0], task))
    }


def _changed(book: Book, taken: Taken, table: str, ids: set[int]) -> dict[int, str]:
    """What changes in the records that are known already: ``email: - -> ada@example.com``."""
    if taken.operation is None or not ids:
        return {}
    import json

    logged = book.conn.execute(
        "SELECT row_id, before, after FROM entry JOIN operation ON operation.id = ? WHERE entry.id BETWEEN"
        " first_change AND last_change AND table_name = ? AND before IS NOT NULL AND after IS NOT NULL"
        " ORDER BY entry.id",
        (taken.operation, table),
    )
    states: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for row_id, before, after in logged:
        if row_id in ids:
            was, will = states.setdefault(row_id, ({}, {}))
            for field, value in json.loads(before).items():
                was.setdefault(field, value)
            will.update(json.loads(after))
    return {row_id: _told(*each) for row_id, each in states.items()}


def _told(before: dict[str, Any], after: dict[str, Any]) -> str:
    return "; ".join(f"{field}: {was or '-'} -> {will or '-'}" for field, was, will in fields(before, after))
