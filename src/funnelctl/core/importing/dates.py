"""Dates in the formats that were declared: what they mean is never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from funnelctl.core.period import FIRST_YEAR, LAST_YEAR, at_noon, instant
from funnelctl.core.text import fold, quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

FORMAT_HINT = "a date format is made of YYYY or YY, MM, M or MMM, DD or D and what stands between: DD.MM.YYYY"
LONGEST_FORMAT = 60
_NOT_DECLARED = "say how dates are written: --date-format DD/MM/YYYY, or MM/DD/YYYY, DD.MM.YYYY, 'D MMM YYYY'"

# The first three letters of a month in English, Spanish and Indonesian.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene", "feb", "mar", "apr abr", "may mei", "jun", "jul", "aug ago agu", "sep", "oct okt", "nov",
            "dec dic des",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_TOKENS = {"YYYY": r"(?P<year>[0-9]{4})", "YY": r"(?P<short>[0-9]{2})", "MMM": r"(?P<name>[^\W\d_]{3,12})\.?"}
_CLOCK = (
    r"(?:[T\s,]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?\s*(?P<half>[ap]m)?)?"
)


class Dates:
    """Reads the dates of one file. ISO dates and times are always read; ``formats`` are what else may stand there.

    A time without an offset is local, and a bare day is its local noon (``period.at_noon``). ``now`` is the clock.
    Raises ``Invalid`` for a format that is none.
    """

    def __init__(self, formats: Iterable[str], now: datetime) -> None:
        self._patterns = [compile_format(written) for written in formats]
        self._now = now
        self._today = now.astimezone().date()

    def instant(self, cell: str) -> str | None:
        """When something happened, as it is stored; ``None`` for an empty cell.

        Raises ``Invalid`` for what is no date in a declared format, and for the future.
        """
        text = cell.strip()
        if not text:
            return None
        day, moment = self._read(text)
        if moment is None:
            if day > self._today:
                raise self._ahead(text)
            return at_noon(day, self._now)
        moment = moment.astimezone(UTC)
        if moment > self._now:
            raise self._ahead(text)
        return instant(moment)

    def day(self, cell: str) -> str | None:
        """A day of the calendar, past or to come, as it is stored; ``None`` for an empty cell.

        Raises ``Invalid`` for what is no date in a declared format.
        """
        text = cell.strip()
        if not text:
            return None
        day, moment = self._read(text)
        if moment is not None and moment.tzinfo is not None:
            day = moment.astimezone().date()
        return day.isoformat()

    def _read(self, text: str) -> tuple[date, datetime | None]:
        """The day, and the time where one is said: without its zone where that is not said."""
        try:
            found = _iso(text) or self._declared(text)
        except (ValueError, OverflowError):
            raise Invalid(f"{quoted(text)} is not in the calendar") from None
        if found is None:
            what = "of the declared formats" if self._patterns else "such as 2026-11-23"
            raise Invalid(f"{quoted(text)} is not a date {what}", _NOT_DECLARED)
        if not FIRST_YEAR <= found[0].year <= LAST_YEAR:
            raise Invalid(f"{quoted(text)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
        return found

    def _declared(self, text: str) -> tuple[date, datetime | None] | None:
        if len(text) <= 60:
            for pattern in self._patterns:
                match = pattern.fullmatch(text)
                if match:
                    return _of_match(match)
        return None

    def _ahead(self, text: str) -> Invalid:
        return Invalid(f"{quoted(text)} lies in the future: what has happened cannot be later than now")


def compile_format(written: str) -> re.Pattern[str]:
    """The pattern of a declared format; a time of day may follow the date whether or not the format says so.

    ``DD`` and ``MM`` also read a single digit, unless the tokens stand side by side as in ``YYYYMMDD``. Raises
    ``Invalid`` for what is no format.
    """
    import re

    if len(written) > LONGEST_FORMAT:
        raise Invalid(f"{quoted(written)} is not a date format", FORMAT_HINT)
    text = re.sub(r"[T\s,]*HH?:mm(?::ss)?$", "", written.strip())
    parts = re.findall(r"YYYY|YY|MMM|MM|M|DD|D|[^A-Za-z]+|[A-Za-z]", text)
    tokens = [part for part in parts if part in ("YYYY", "YY", "MMM", "MM", "M", "DD", "D")]
    if sorted(token[0] for token in tokens) != ["D", "M", "Y"] or any(
        part.isalpha() and part not in tokens for part in parts
    ):
        raise Invalid(f"{quoted(written)} is not a date format", FORMAT_HINT)
    digits = "{1,2}" if len(parts) == 5 else "{2}"
    names = {"M": "month", "D": "day"}
    pattern = ""
    for part in parts:
        if part in _TOKENS:
            pattern += _TOKENS[part]
        elif part in tokens:
            pattern += f"(?P<{names[part[0]]}>[0-9]{digits})"
        else:
            pattern += r"\s+".join(re.escape(piece) for piece in re.split(r"\s+", part))
    return re.compile(pattern + _CLOCK, re.IGNORECASE)


def _iso(text: str) -> tuple[date, datetime | None] | None:
    """An ISO date or time in its usual long form; the forms of weeks and without hyphens are left to be declared."""
    if len(text) < 10 or text[4] != "-" or text[7] != "-" or not (text[:4].isdigit() and text.isascii()):
        return None
    if len(text) == 10:
        return date.fromisoformat(text), None
    if text[10] not in "Tt " or text[13:14] != ":":
        return None
    moment = datetime.fromisoformat(text.upper())
    return moment.date(), moment


def _of_match(match: re.Match[str]) -> tuple[date, datetime | None] | None:
    found = match.groupdict()
    if found.get("short"):
        year = int(found["short"]) + (2000 if int(found["short"]) < 69 else 1900)  # as POSIX has it
    else:
        year = int(found["year"])
    month = _MONTHS.get(fold(found["name"])[:3], 0) if found.get("name") else int(found["month"])
    day = date(year, month, int(found["day"]))
    if found["hour"] is None:
        return day, None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return day, datetime.combine(day, time(hour, int(found["minute"]), int(found["second"] or 0)))
