"""Which leads are probably one, and why?"""

from __future__ import annotations

from funnelctl.core.dupes import Known, likely_pairs
from funnelctl.core.forget import FORGOTTEN
from funnelctl.core.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.store.book import Book

COLUMNS = (
    Column("id", "id"),
    Column("name", "text"),
    Column("other", "id"),
    Column("other_name", "text", label="name"),
    Column("score", "int"),
    Column("reasons", "list"),
)


def duplicates(book: Book, threshold: int, limit: int | None) -> Table:
    """Pairs of leads, closed ones too, of at least that score (0 to 100), likeliest first."""
    rows = book.all("SELECT id, name, company, email_key, phone_key FROM lead WHERE name <> ? ORDER BY id", FORGOTTEN)
    found = likely_pairs([Known._make(row) for row in rows], threshold)
    shown = tuple(
        (f"L{one.id}", one.name, f"L{other.id}", other.name, score, reasons)
        for one, other, score, reasons in (found if limit is None else found[:limit])
    )
    return Table(COLUMNS, shown, total=len(found), empty="no likely duplicates")
