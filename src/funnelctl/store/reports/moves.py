"""How did a record come to where it stands: its moves, in order."""

from __future__ import annotations

from funnelctl.core.table import Column, Table
from funnelctl.store.reports.labels import Labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.records import Lead, Opportunity
    from funnelctl.store.book import Book

COLUMNS = (
    Column("at", "instant", label="when"),
    Column("kind", "text", label="what"),
    Column("funnel", "text", screen=False),
    Column("from", "text", screen=False),
    Column("from_label", "text", label="from"),
    Column("to", "text", screen=False),
    Column("to_label", "text", label="to"),
    Column("state", "text", screen=False),
    Column("detail", "text"),
    Column("by", "text", screen=False),
    Column("note", "text"),
)


def of(book: Book, record: Lead | Opportunity, lang: str) -> Table:
    """All moves of a lead or an opportunity: who, from, to, when, why."""
    labels = Labels(book, lang)
    rows = tuple(
        (
            move.at,
            move.kind,
            move.funnel,
            move.from_stage,
            move.from_stage and labels.of(move.funnel, move.from_stage),
            move.to_stage,
            labels.of(move.funnel, move.to_stage),
            move.state,
            move.detail,
            move.by,
            move.note,
        )
        for move in book.moves_of(record)
    )
    return Table(COLUMNS, rows, title="history")
