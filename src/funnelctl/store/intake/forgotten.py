"""People who were forgotten are not taken in again from a file that still has them; what was theirs is counted."""

from __future__ import annotations

from funnelctl.core.forget import marks
from funnelctl.store.forgotten import forgotten_hashes
from funnelctl.store.intake.staging import pass_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.store.book import Book
    from funnelctl.store.intake.staging import Kind

MOST_NAMED = 5  # lines
_OF_LEAD = ("name_key", "company", "email_key", "phone_key", "key")
# Rows whose client nobody is yet: only these could bring somebody back.
_NEW_CLIENT = " AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.{0} = client_{0})"


def leave_out_forgotten(book: Book, kind: Kind) -> tuple[int, list[str]]:
    """Take the rows out of ``incoming`` that would make a lead of somebody who was forgotten. How many there were, and
    what people should know of it."""
    forgotten = forgotten_hashes(book)
    if forgotten is None:
        return 0, []
    prefix = "" if kind.table == "lead" else "client_"
    columns = ", ".join(f"{prefix}{column}" for column in _OF_LEAD)
    new = "".join(map(_NEW_CLIENT.format, ("name_key", "email_key", "phone_key", "key"))) if prefix else ""
    rows = book.conn.execute(
        f"SELECT line, {columns} FROM incoming WHERE line NOT IN (SELECT line FROM matched){new} ORDER BY line"
    )
    lines = [
        line
        for line, *values in rows
        if any(forgotten.since(mark, key) for mark, key in marks(dict(zip(_OF_LEAD, values, strict=True))))
    ]
    if not lines:
        return 0, []
    pass_over(book.conn, [(line,) for line in lines], "of a person who was forgotten")
    named = ", ".join(str(line) for line in lines[:MOST_NAMED]) + (" ..." if len(lines) > MOST_NAMED else "")
    what = f"1 row is of a person who was forgotten (line {named})"
    if len(lines) > 1:
        what = f"{len(lines):,} rows are of people who were forgotten (lines {named})"
    return len(lines), [f"{what}: left out; funnelctl privacy allow WHO lets somebody be taken in again"]
