"""Which days belong into a calendar, and who into an address book."""

from __future__ import annotations

from funnelctl.core.forget import FORGOTTEN
from funnelctl.core.opportunities import asleep
from funnelctl.core.outward import Card, Entry, entries, uid_of
from funnelctl.core.records import Opportunity
from funnelctl.core.text import tags_in
from funnelctl.store.reports.labels import Labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from funnelctl.store.book import Book

_ADDRESSES = "SELECT * FROM lead_alias WHERE kind IN ('email', 'phone') AND value <> ?"


def days(book: Book, today: date, lang: str) -> list[Entry]:
    """The days on which live opportunities are expected to close, or wake."""
    labels, mark = Labels(book, lang), _mark(book)
    rows = book.all(
        "SELECT o.*, lead.name FROM opportunity AS o JOIN lead ON lead.id = lead_id WHERE outcome = 'open'"
        " AND (expected_close IS NOT NULL OR postponed_until IS NOT NULL) ORDER BY o.id"
    )
    found = []
    for *values, client in rows:
        one = Opportunity._make(values)
        stage = f"{labels.of(one.funnel, one.stage)} ({labels.of_funnel(one.funnel)})"
        found += entries(one, client, stage, mark, sleeps=asleep(one, today))
    return found


def cards(book: Book) -> list[Card]:
    """All leads that have an e-mail or a telephone number, closed ones and what merges have left included."""
    also: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for _, lead, kind, key, value in book.all(f"{_ADDRESSES} ORDER BY id", FORGOTTEN):
        also.setdefault((lead, kind), []).append((value, key))
    rows = book.all(
        "SELECT id, name, company, email, phone, phone_key, tags FROM lead WHERE email IS NOT NULL OR phone IS NOT NULL"
        f" OR id IN (SELECT lead_id FROM ({_ADDRESSES})) ORDER BY id",
        FORGOTTEN,
    )
    mark = _mark(book)
    found = []
    for number, name, company, email, phone, key, tags in rows:
        emails = [email] if email else []
        phones = [(phone, key)] if phone else []
        emails += [value for value, _ in also.get((number, "email"), ())]
        phones += also.get((number, "phone"), ())
        uid = uid_of(mark, f"L{number}")
        found.append(Card(uid, name, company, tuple(emails), tuple(phones), tags_in(tags)))
    return found


def _mark(book: Book) -> str:
    """What tells a book from others for good: its first move, which no command changes."""
    return " ".join(book.one("SELECT at, by FROM move ORDER BY id LIMIT 1") or ())
