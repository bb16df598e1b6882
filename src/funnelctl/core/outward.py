"""What of the book goes into calendars and address books: each thing under an id of its own, which never changes, so
that the other program knows it again when it is exported anew."""

from __future__ import annotations

from funnelctl.core.money import shown
from funnelctl.core.opportunities import value_of
from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.records import Opportunity


class Entry(NamedTuple):
    """One day in a calendar."""

    uid: str
    day: str  # 2026-11-23
    summary: str
    description: str


class Card(NamedTuple):
    """One lead in an address book. ``phones`` are numbers as they were typed, each with its key: ``+493012345678``,
    or ``local:12345`` where the country is not known."""

    uid: str
    name: str
    company: str | None
    emails: tuple[str, ...]
    phones: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]


def entries(one: Opportunity, client: str, stage: str, mark: str, *, sleeps: bool) -> list[Entry]:
    """The days of a live opportunity: when it is expected to close and, where it ``sleeps``, when it wakes.

    ``stage`` is how people call where it stands, ``mark`` tells the book from others.
    """
    worth = value_of(one)
    about = " · ".join([part for part in (one.ref, worth and shown(worth), stage) if part])
    what = f"{one.title} ({client})"
    found = []
    if one.expected_close:
        found.append(Entry(uid_of(mark, one.ref, "close"), one.expected_close, f"Expected to close: {what}", about))
    if sleeps and one.postponed_until:
        found.append(Entry(uid_of(mark, one.ref, "wake"), one.postponed_until, f"Wakes up: {what}", about))
    return found


def uid_of(*parts: str) -> str:
    """The UUID of what ``parts`` name, always the same one."""
    from uuid import NAMESPACE_URL, uuid5

    return str(uuid5(NAMESPACE_URL, "\n".join(("funnelctl", *parts))))
