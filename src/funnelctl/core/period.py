"""Days, instants and the spans between them.

A day is a ``date`` of the local calendar. An instant is UTC text, ``2026-11-23T10:00:00Z``, which sorts as it
is. The local time zone is that of the process; the clock is always an argument.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from funnelctl.core.text import fold, quoted
from funnelctl.errors import Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2200
DAY_HINT = "write 2026-11-23, today, tomorrow, +3d, -2w, +1m, +1y, or mon to sun for the next such day"
INSTANT_HINT = "write a day (2026-11-23, yesterday, -3d) or a time such as 2026-11-23T14:30"

_NINES = str.maketrans("012345678", "999999999")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEXT = {name: number for number, full in enumerate(_WEEKDAYS) for name in (full, full[:3])}
_NEAR = {
    **dict.fromkeys(("yesterday", "ayer", "kemarin"), -1),
    **dict.fromkeys(("today", "hoy", "hari ini"), 0),
    **dict.fromkeys(("tomorrow", "mañana", "manana", "besok"), 1),
}


def parse_day(text: str, today: date) -> date:
    """The day of ``2026-11-23``, ``tomorrow``, ``+3d -2w +1m +1y`` or ``fri`` (the next one, never today).

    ``today``, ``yesterday`` and ``tomorrow`` are also known in Spanish and Indonesian. A step of months or
    years that meets a shorter month ends on its last day. Raises ``Invalid`` for everything else, dates such
    as ``05/01/2026`` and years outside 1900 to 2200 included.
    """
    if _is_iso_day(text):  # first, for imports: most days are written so
        return _iso_day(text)
    written = text.strip().lower()
    if not 1 <= len(written) <= 40:
        raise _no_day(text)
    if _is_iso_day(written):
        return _iso_day(written)
    if written[0] in "+-" and written[-1] in "dwmy" and _is_count(written[1:-1]):
        return _stepped(today, int(written[:-1]), written[-1], text)
    word = fold(written)
    if word in _NEAR:
        return today + timedelta(days=_NEAR[word])
    if word in _NEXT:
        return today + timedelta(days=(_NEXT[word] - today.weekday() - 1) % 7 + 1)
    raise _no_day(text)


def parse_instant(text: str, now: datetime) -> str:
    """When something happened: a day as ``parse_day`` knows it, or an ISO time such as ``2026-03-01T14:30``.

    A time may have seconds and an offset (``Z``, ``+02:00``) and a space for the ``T``; without an offset it
    is local. A bare day means its local noon, so that it stays the same calendar day in every time zone
    within 11 hours; today means ``now`` (aware). Raises ``Invalid`` for everything else, and for what lies in
    the future.
    """
    written = text.strip()
    if len(written) > 10 and written[10] in "Tt " and _is_iso_day(written[:10]):
        happened = _iso_time(written)
    else:
        today = now.astimezone().date()
        day = parse_day(text, today)
        happened = now if day == today else _noon(day)
    if happened > now:
        raise Invalid(f"{quoted(written)} lies in the future", "what has happened cannot be later than now")
    return instant(happened)


def at_noon(day: date, now: datetime) -> str:
    """The instant that a bare ``day`` stands for: its local noon, on the day of ``now`` at most ``now``."""
    noon = _noon(day)
    return instant(min(noon, now) if day == now.astimezone().date() else noon)


def is_noon(stored: str) -> bool:
    """Whether a stored instant may stand for a bare day, of which no time was known."""
    return stored == instant(_noon(day_of(stored)))


def instant(moment: datetime) -> str:
    """An aware time as it is stored; what is less than a second is dropped."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone is no instant")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def moment(instant: str) -> datetime:
    """A stored instant as an aware time in UTC."""
    return datetime.fromisoformat(instant)


def day_of(instant: str) -> date:
    """The local calendar day of a stored instant; a stored day is that day."""
    if len(instant) == 10:
        return date.fromisoformat(instant)
    return moment(instant).astimezone().date()


def day_start(day: date) -> str:
    """The first instant of a local day."""
    return instant(_local(datetime.combine(day, time.min)))


def day_end(day: date) -> str:
    """The first instant after a local day."""
    return day_start(day + timedelta(days=1))


def days_between(earlier: str, later: str) -> int:
    """Local midnights between two stored instants or days; 0 where ``later`` is not later."""
    return max(0, (day_of(later) - day_of(earlier)).days)


def parse_days(text: str) -> int:
    """A span in days: ``14d``, ``2w``, ``0d``. Raises ``Invalid`` for everything else."""
    word = text.strip().lower()
    if word and word[-1] in "dw" and _is_count(word[:-1]):
        return int(word[:-1]) * (7 if word[-1] == "w" else 1)
    raise Invalid(f"{quoted(text)} is not a number of days", "write 14d or 2w")


def _is_iso_day(text: str) -> bool:
    return (
        len(text) == 10 and text[4] == text[7] == "-" and text.isascii() and (text[:4] + text[5:7] + text[8:]).isdigit()
    )


def _is_count(text: str) -> bool:
    return 1 <= len(text) <= 5 and text.isascii() and text.isdigit()


def _iso_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{quoted(text)} is not in the calendar", DAY_HINT) from None
    return _in_range(day, text)


def _iso_time(text: str) -> datetime:
    day, clock = text[:10], text[11:].upper()
    _iso_day(day)
    try:
        if not _is_clock(clock):  # fromisoformat lets some garbage pass
            raise ValueError
        written = datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        raise Invalid(f"{quoted(text)} is not a time", INSTANT_HINT) from None
    return written.astimezone(UTC) if written.tzinfo else _local(written)


def _is_clock(text: str) -> bool:
    shape = text.translate(_NINES)
    if shape.endswith("Z"):
        shape = shape[:-1]
    elif shape[-6:] in ("+99:99", "-99:99"):
        shape = shape[:-6]
    whole, mark, fraction = shape.partition(".")
    if mark:
        return whole == "99:99:99" and fraction != "" and not fraction.strip("9")
    return whole in ("99:99", "99:99:99")


def _stepped(today: date, count: int, unit: str, text: str) -> date:
    try:
        if unit in "dw":
            day = today + timedelta(days=count * (7 if unit == "w" else 1))
        else:
            day = _months_later(today, count * (12 if unit == "y" else 1))
    except (OverflowError, ValueError):
        raise _out_of_range(text) from None
    return _in_range(day, text)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month + months, 12)  # the month after the one that is meant
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _in_range(day: date, text: str) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _out_of_range(text)
    return day


def _out_of_range(text: str) -> Invalid:
    return Invalid(f"{quoted(text)} is outside the years {FIRST_YEAR} to {LAST_YEAR}", DAY_HINT)


def _no_day(text: str) -> Invalid:
    groups = text.strip().replace("/", ".").replace("-", ".").split(".")
    if len(groups) == 3 and all(group.isdigit() and len(group) <= 2 for group in groups[:2]):
        return Invalid(f"{quoted(text)} is refused: day and month cannot be told apart", DAY_HINT)
    return Invalid(f"{quoted(text)} is not a day", DAY_HINT)


def _noon(day: date) -> datetime:
    return _local(datetime.combine(day, time(12)))


def _local(naive: datetime) -> datetime:
    # timestamp() takes the first of a time that comes twice, and counts one that a change of the clocks
    # leaves out from before the change: at midnight both are the first second of the day. astimezone() of a
    # naive time is an hour off in the second case.
    return datetime.fromtimestamp(naive.timestamp(), UTC)
