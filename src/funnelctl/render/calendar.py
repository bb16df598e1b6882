"""iCalendar: entries as all-day events, escaped and folded by the icalendar library."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from funnelctl.render.letters import allowed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelctl.core.outward import Entry


def calendar(entries: Iterable[Entry], now: datetime) -> str:
    """The calendar as it stood at ``now``. All-day events that take no time: one can be busy all the same."""
    from icalendar import Calendar, Event

    made = Calendar()
    made.add("prodid", "-//funnelctl//pipeline//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for entry in entries:
        day = date.fromisoformat(entry.day)
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", allowed(entry.summary))
        event.add("description", allowed(entry.description))
        event.add("transp", "TRANSPARENT")
        made.add_component(event)
    return bytes(made.to_ical()).decode()
