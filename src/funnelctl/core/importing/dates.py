"""The dates of a file. What an undeclared one means is never guessed."""

from __future__ import annotations

from datetime import UTC, date, datetime

from funnelctl.core.importing.date_format import LONGEST_DATE, compile_format, read
from funnelctl.core.importing.undecided import Undecided
from funnelctl.core.period import FIRST_YEAR, LAST_YEAR, at_noon, instant
from funnelctl.core.text import quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

_NOT_DECLARED = "say how dates are written: --date-format DD/MM/YYYY, or MM/DD/YYYY, DD.MM.YYYY, EXCEL"
# These can be read in one way only, whoever has written them.
_CERTAIN = ("YYYY-M-D", "YYYY/M/D", "YYYY.M.D", "D MMM YYYY", "MMM D YYYY", "YYYY MMM D")
# Numbers that may be a date in a format that nobody has declared; what stands behind is a time of day.
_MAY_BE = r"[0-9]{1,2}[/. -]\s?[0-9]{1,2}[/. -]\s?[0-9]{2}(?:[0-9]{2})?(?:[T\s,].*)?|[0-9]{8}(?:[T\s].*)?" + (
    r"|[0-9]{5}(?:[.,][0-9]+)?|[0-9]{1,2}[\s,./-]+[^\W\d_]{3,12}\.?[\s,./-]+[0-9]{2}(?:[T\s,].*)?"
)


class Dates:
    """Reads the dates of one column. ISO dates and times are always read, and others of which the year and the month
    cannot be mistaken; ``formats`` are what else may stand there.

    A time without an offset is local, and a bare day is its local noon (``period.at_noon``). ``now`` is the clock.
    ``ask``: where no format was declared, a date that may mean several days raises ``Undecided``. Raises ``Invalid``
    for a format that is none.
    """

    def __init__(self, formats: Iterable[str], now: datetime, *, ask: bool = False) -> None:
        self._patterns = [compile_format(written) for written in formats]
        self._ask = ask and not self._patterns
        self._now = now
        self._today = now.astimezone().date()

    def instant(self, cell: str) -> str | None:
        """When something happened, as it is stored; ``None`` for an empty cell.

        Raises ``Invalid`` for what is no date in a declared format, and for the future.
        """
        text = cell.strip()
        if not text:
            return None
        if self._is_stored(text):
            return text
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
        day, _ = self._read(text)
        return day.isoformat()

    def _is_stored(self, text: str) -> bool:
        """Whether it is written as it will be stored, and in the past: to know that takes a quarter of the time."""
        if len(text) != 20 or text[10::3] != "T::Z" or not _is_long_iso(text):  # as in 2026-03-01T10:30:00Z
            return False
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return False
        return FIRST_YEAR < moment.year < LAST_YEAR and moment <= self._now

    def _read(self, text: str) -> tuple[date, datetime | None]:
        """The local day, and the time where one is said: without its zone where that is not said."""
        try:
            found = _iso(text) or in_formats(text, self._patterns) or certain(text)
            if found and found[1] and found[1].tzinfo:
                found = found[1].astimezone().date(), found[1]
        except (ValueError, OverflowError):
            raise Invalid(f"{quoted(text)} is not in the calendar") from None
        if found is None:
            if self._ask and may_be_date(text):
                raise Undecided
            what = "of the declared formats" if self._patterns else "such as 2026-11-23"
            raise Invalid(f"{quoted(text)} is not a date {what}", _NOT_DECLARED)
        if not FIRST_YEAR <= found[0].year <= LAST_YEAR:
            raise Invalid(f"{quoted(text)} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
        return found

    def _ahead(self, text: str) -> Invalid:
        return Invalid(f"{quoted(text)} lies in the future: what has happened cannot be later than now")


def certain(text: str) -> tuple[date, datetime | None] | None:
    """What a date means of which the year and the month cannot be mistaken: ``2025/4/2``, ``15 Apr, 2021 00:02:00``.

    Raises ``ValueError`` where it is not in the calendar.
    """
    return in_formats(text, _certain_patterns())


def in_formats(text: str, patterns: Iterable[re.Pattern[str]]) -> tuple[date, datetime | None] | None:
    """What a date means in the first of these formats that fits. Raises ``ValueError`` where it is not in the
    calendar."""
    if len(text) <= LONGEST_DATE:
        for pattern in patterns:
            match = pattern.fullmatch(text)
            if match:
                return read(match)
    return None


def may_be_date(text: str) -> bool:
    """Whether it may be a date in a format that has to be declared: ``05/01/2026``, ``20260105``, ``45292``."""
    import re

    return len(text) <= LONGEST_DATE and re.fullmatch(_MAY_BE, text) is not None


def _certain_patterns() -> list[re.Pattern[str]]:
    if not _compiled:
        _compiled.extend(map(compile_format, _CERTAIN))
    return _compiled


_compiled: list[re.Pattern[str]] = []  # compiled when the first such date is met


def _is_long_iso(text: str) -> bool:
    return len(text) >= 10 and text[4] == text[7] == "-" and text[:4].isdigit() and text.isascii()


def _iso(text: str) -> tuple[date, datetime | None] | None:
    """An ISO date or time in its usual long form; the forms of weeks and without hyphens are left to be declared."""
    if not _is_long_iso(text):
        return None
    if len(text) == 10:
        return date.fromisoformat(text), None
    if text[10] not in "Tt " or text[13:14] != ":":
        return None
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None  # with a.m., UTC or the like behind it; or not in the calendar, which is found there too
    return moment.date(), moment
