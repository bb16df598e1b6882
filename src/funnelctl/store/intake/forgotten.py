"""People who were forgotten are not taken in again from a file that still has them; what was theirs is counted."""

from __future__ import annotations

from funnelctl.core.forget import marks
from funnelctl.store.forgotten import forgotten_hashes
from funnelctl.store.intake.staging import on_lines, pass_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.store.book import Book
    from funnelctl.store.intake.staging import Kind

_OF_LEAD = ("name_key", "company", "email_key", "phone_key", "key")
# Only of rows whose client nobody is yet a lead would be made.
_KNOWN_CLIENT = "EXISTS (SELECT 1 FROM lead WHERE lead.{0} = client_{0})"


def leave_out_forgotten(book: Book, kind: Kind) -> tuple[int, list[str]]:
    """Take the rows out of ``incoming`` that would make a lead of somebody who was forgotten, or that were a record of
    theirs. How many there were, and what people should know of it."""
    forgotten = forgotten_hashes(book)
    if forgotten is None:
        return 0, []
    prefix = "" if kind.table == "lead" else "client_"
    columns = ", ".join(f"{prefix}{column}" for column in _OF_LEAD)
    known = " OR ".join(map(_KNOWN_CLIENT.format, ("name_key", "email_key", "phone_key", "key"))) if prefix else "0"
    rows = book.conn.execute(
        f"SELECT line, key, fingerprint, {known}, {columns} FROM incoming"
        " WHERE line NOT IN (SELECT line FROM matched) ORDER BY line"
    )
    lines = []
    for line, key, fingerprint, client_is_known, *values in rows:
        found = [] if client_is_known else marks(dict(zip(_OF_LEAD, values, strict=True)))
        if any(forgotten.since(*mark) for mark in (*found, (kind.table, key), ("row", fingerprint))):
            lines.append(line)
    if not lines:
        return 0, []
    pass_over(book.conn, [(line,) for line in lines], "of a person who was forgotten")
    who = f"{len(lines):,} rows are of people who were" if len(lines) > 1 else "1 row is of a person who was"
    return len(lines), [
        f"{who} forgotten ({on_lines(lines)}): left out; funnelctl privacy allow WHO lets somebody be taken in again"
    ]
