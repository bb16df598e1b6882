"""What was done, newest first: the log of operations, and what each changed, in words."""

from __future__ import annotations

from funnelctl.core.money import Money, shown
from funnelctl.core.table import Column, Table
from funnelctl.core.text import NO_TAGS, tags_in
from funnelctl.store import journal
from funnelctl.store.log import LOG, OUTLINE, changes_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from funnelctl.core.change import Change
    from funnelctl.core.records import Lead, Opportunity
    from funnelctl.store.book import Book
    from funnelctl.store.journal import Operation

COLUMNS = (
    Column("id", "int", label="no."),
    Column("at", "instant", label="when"),
    Column("command", "text"),
    Column("what", "text", label="what it changed"),
    Column("by", "text", screen=False),
    Column("kind", "text", screen=False),
    Column("target", "int", screen=False),
    Column("undone", "flag"),
    Column("changes", "int", screen=False),
)
CHANGE_COLUMNS = (
    Column("id", "id", label="record"),
    Column("field", "text"),
    Column("before", "text"),
    Column("after", "text"),
)
_FEW = 40  # an operation of more changes is told by its counts
_NOUNS = {
    "lead": ("lead", "leads"),
    "opportunity": ("opportunity", "opportunities"),
    "activity": ("activity", "activities"),
}
# What people did not say themselves: keys, and what follows from a move.
_SILENT = ("id", "name_key", "email_key", "phone_key", "title_key", "furthest", "entered_at", "closed_at", "currency")
_SAID = {"value_minor": "value", "lead_id": "lead", "at": "when"}


def listed(book: Book, limit: int | None) -> Table:
    """All operations, newest first."""
    total = book.one("SELECT count(*) FROM operation")[0]
    rows = book.all("SELECT * FROM operation ORDER BY id DESC LIMIT ?", -1 if limit is None else limit)
    return _table(book, [journal.Operation._make(row) for row in rows], total)


def of_record(book: Book, record: Lead | Opportunity, limit: int | None) -> Table:
    """The operations that changed a record, newest first."""
    name = "lead" if record.ref.startswith("L") else "opportunity"
    rows = book.all(
        f"{LOG} SELECT DISTINCT operation.* FROM change"
        " JOIN operation ON change.id BETWEEN first_change AND last_change WHERE (table_name = ?1 AND row_id = ?2)"
        f" OR (table_name IN ('move', 'activity') AND json_extract(after, '$.{name}_id') = ?2)"
        " ORDER BY operation.id DESC",
        name,
        record.id,
    )
    shown = rows if limit is None else rows[:limit]
    return _table(book, [journal.Operation._make(row) for row in shown], len(rows))


def changes(made: list[Change]) -> Table:
    """Changes field by field, for people: what was and what will be."""
    rows = []
    for change in made:
        if change.table not in (*_NOUNS, "setting"):
            continue
        rows += [(journal.shown(change), *told) for told in fields(change.before or {}, change.after or {})]
    return Table(CHANGE_COLUMNS, tuple(rows), title="what would change", empty="nothing would change")


def fields(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """What differs between two states of a record, as people know it: field, what was and what will be."""
    return [
        (_SAID.get(field, field), _text(field, before), _text(field, after))
        for field in after or before
        if field not in _SILENT and before.get(field) != after.get(field)
    ]


def names_of(columns: Iterable[str]) -> list[str]:
    """Columns as people know them, without those that follow from others."""
    return [_SAID.get(column, column) for column in columns if column not in _SILENT]


def _text(field: str, side: dict[str, Any]) -> str | None:
    """A field as people know it."""
    value = side.get(field)
    if value in (None, NO_TAGS):
        return None
    if field == "tags":
        return ", ".join(tags_in(str(value)))
    if field == "value_minor" and side.get("currency"):
        return shown(Money(int(str(value)), side["currency"]))
    if field == "lead_id":
        return f"L{value}"
    return str(value)


def _table(book: Book, operations: list[Operation], total: int) -> Table:
    rows = tuple(
        (
            operation.id,
            operation.at,
            operation.command,
            _what(book, operation),
            operation.by,
            operation.kind,
            operation.target,
            bool(operation.undone),
            max(0, operation.last_change - operation.first_change + 1),
        )
        for operation in operations
    )
    return Table(COLUMNS, rows, total=total, empty="nothing was done yet")


def _what(book: Book, operation: Operation) -> str:
    if operation.kind == "forget":
        return "a person was forgotten; it cannot be undone"
    if operation.kind != "do":
        return f"{operation.kind} of no. {operation.target}"
    if operation.last_change - operation.first_change < _FEW:
        parts: dict[str, list[str]] = {}
        for change in changes_of(book.conn, operation):
            if change.table in _NOUNS:
                fields = parts.setdefault(f"{journal.shown(change)} {_deed(change)}", [])
                if change.before is not None and change.after is not None:
                    fields += [field for field in names_of(change.after) if field not in fields]
        if parts:
            return "; ".join(f"{head}{' ' + ', '.join(fields) if fields else ''}" for head, fields in parts.items())
    counted = book.all(
        f"{OUTLINE} SELECT table_name, count(DISTINCT row_id) FROM change WHERE id BETWEEN ? AND ? GROUP BY table_name",
        operation.first_change,
        operation.last_change,
    )
    words = [f"{n} {_NOUNS[table][n != 1]}" for table, n in counted if table in _NOUNS]
    return ", ".join(words) or ", ".join(f"{table.replace('_', ' ')}" for table, _ in counted)


def _deed(change: Change) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed:"
