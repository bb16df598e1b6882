"""vCard 4.0 (RFC 6350): a card a lead.

No kept library writes version 4; but its lines are those of iCalendar, so the icalendar library escapes and folds them.
"""

from __future__ import annotations

from funnelctl.render.letters import allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from funnelctl.core.outward import Card


def vcards(cards: Iterable[Card]) -> str:
    """All cards, one after the other."""
    from icalendar import parser

    folded: Any = parser.Contentline
    return "".join([folded(line).to_ical().decode() + "\r\n" for card in cards for line in _lines(card)])


def _lines(card: Card) -> Iterator[str]:
    yield "BEGIN:VCARD"
    yield "VERSION:4.0"
    yield "PRODID:-//funnelctl//pipeline//EN"
    yield f"UID:urn:uuid:{card.uid}"
    yield f"FN:{_text(card.name)}"
    if card.company:
        yield f"ORG:{_text(card.company)}"
    for email in card.emails:
        yield f"EMAIL:{_text(email)}"
    for typed, key in card.phones:
        # a number that can be dialled everywhere is a link; any other is what somebody typed
        yield f"TEL;VALUE=uri:tel:{key}" if key.startswith("+") else f"TEL;VALUE=text:{_text(typed)}"
    if card.tags:
        yield f"CATEGORIES:{','.join(map(_text, card.tags))}"
    yield "END:VCARD"


def _text(value: str) -> str:
    from icalendar import vText

    return bytes(vText(allowed(value)).to_ical()).decode()
