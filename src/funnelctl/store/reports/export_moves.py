"""Every passage of every lead and opportunity, in the order in which they were recorded."""

from __future__ import annotations

from funnelctl.core.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.store.book import Book

COLUMNS = (
    Column("ref", "id"),
    Column("who", "text"),
    Column("kind", "text", label="what"),
    Column("funnel", "text"),
    Column("from", "text"),
    Column("to", "text"),
    Column("state", "text"),
    Column("detail", "text"),
    Column("at", "instant", label="when"),
    Column("by", "text"),
    Column("note", "text"),
)


def moves(book: Book) -> Table:
    """A row a move: ``ref`` is the record that moved, ``who`` the name of the lead or the title of the opportunity."""
    rows = book.all(
        "SELECT CASE WHEN m.lead_id IS NULL THEN 'O' || o.id ELSE 'L' || l.id END, coalesce(l.name, o.title), m.kind,"
        " m.funnel, from_stage, to_stage, m.state, detail, at, by, m.note FROM move AS m"
        " LEFT JOIN lead AS l ON l.id = m.lead_id LEFT JOIN opportunity AS o ON o.id = opportunity_id ORDER BY m.id"
    )
    return Table(COLUMNS, tuple(rows), total=len(rows), empty="no moves")
