"""What happened, and with whom: the rows of ``export activities``, and what ``show`` tells beside a record's moves."""

from __future__ import annotations

from funnelctl.core.table import Column, Table
from funnelctl.store.reports import moves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.core.records import Lead, Opportunity
    from funnelctl.store.book import Book

COLUMNS = (
    Column("lead", "id"),
    Column("who", "text"),
    Column("client_email", "text", screen=False),
    Column("client_key", "text", screen=False),
    Column("opportunity", "id"),
    Column("title", "text"),
    Column("kind", "text", label="what"),
    Column("at", "instant", label="when"),
    Column("text", "text"),
    Column("key", "text", screen=False),
    Column("by", "text", screen=False),
)


def activities(book: Book) -> Table:
    """Every activity, in the order in which they were recorded."""
    return _table(book, "ORDER BY a.id")


def of(book: Book, record: Lead | Opportunity) -> Table:
    """Those with a lead, or about an opportunity, in the order of time."""
    owner = "lead_id" if record.ref.startswith("L") else "opportunity_id"
    return _table(book, f"WHERE a.{owner} = ? ORDER BY a.at, a.id", record.id)


def shown(book: Book, numbers: list[int]) -> Table:
    """These very activities."""
    return _table(book, f"WHERE a.id IN ({', '.join('?' * len(numbers))}) ORDER BY a.id", *numbers)


def along(record: Lead | Opportunity, history: Table, happened: Table) -> Table:
    """Moves (of ``reports.moves``) and activities of ``record`` as one table for people, in the order of time."""
    names = [column.name for column in happened.columns]
    rows = list(history.rows)
    for row in happened.rows:
        told = dict(zip(names, row, strict=True))
        told |= {"detail": told["opportunity"] if told["opportunity"] != record.ref else None, "note": told["text"]}
        rows.append(tuple(told.get(column.name) for column in moves.COLUMNS))
    rows.sort(key=lambda row: str(row[0]))
    return history._replace(rows=tuple(rows))


def _table(book: Book, which: str, *values: Any) -> Table:
    rows = book.all(
        "SELECT 'L' || l.id, l.name, l.email, l.key, 'O' || o.id, o.title, a.kind, a.at, a.text, a.key, a.by"
        " FROM activity AS a JOIN lead AS l ON l.id = a.lead_id LEFT JOIN opportunity AS o ON o.id = a.opportunity_id"
        f" {which}",
        *values,
    )
    return Table(COLUMNS, tuple(rows), total=len(rows), empty="no activities")
