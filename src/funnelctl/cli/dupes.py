"""``lead dupes``: leads that are probably one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelctl.core.dupes import LEAST, LIKELY
from funnelctl.core.table import Answer
from funnelctl.errors import Invalid
from funnelctl.store.reports.dupes import duplicates

if TYPE_CHECKING:
    from funnelctl.cli.session import Session


def likely(session: Session, threshold: str | None, limit: int | None) -> Answer:
    """The likely duplicates, and how two of them are joined."""
    with session.reading() as book:
        table = duplicates(book, _threshold(threshold), limit)
    if table.rows:
        first = table.rows[0]
        session.note(
            f"if two are one: funnelctl lead merge {first[0]} {first[2]} (the first stays; undo takes it back)"
        )
    return Answer("lead dupes", table)


def _threshold(given: str | None) -> int:
    if given is None:
        return LIKELY
    digits = given.strip().removesuffix("%")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 4 and int(digits) <= 100):
        raise Invalid(
            f"--threshold takes a number up to 100, not {given[:60]!r}",
            hint=f"{LEAST} tells more pairs, 95 only the likeliest; {LIKELY} unless said",
        )
    return int(digits)
