"""Formats of dates: how they are declared, and what a text in one of them means."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from funnelctl.core.text import fold, quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

FORMAT_HINT = (
    "a date format is made of YYYY or YY, MM, M or MMM, DD or D and what stands between: DD.MM.YYYY; or it is EXCEL,"
    " the day numbers of a spreadsheet"
)
LONGEST_FORMAT = 60
LONGEST_DATE = 60
EXCEL = "EXCEL"
_EXCEL_ZERO = date(1899, 12, 30)  # 1900 has a 29 February there; from March on the count is right

# In English, Spanish, Indonesian, German, French, Portuguese, Italian and Dutch. Three letters or more will do.
_MONTHS = (
    "january enero januari januar janvier janeiro gennaio",
    "february febrero februari februar fevrier fevereiro febbraio",
    "march marzo maret maerz marz mars marco maart mrt",
    "april abril avril aprile",
    "may mayo mei mai maio maggio",
    "june junio juni juin junho giugno",
    "july julio juli juillet julho luglio",
    "august agosto agustus aout augustus",
    "september septiembre setiembre septembre setembro settembre",
    "october octubre oktober octobre outubro ottobre",
    "november noviembre novembre novembro",
    "december diciembre desember dezember decembre dezembro dicembre",
)
_TOKENS = {"YYYY": r"(?P<year>[0-9]{4})", "YY": r"(?P<short>[0-9]{2})", "MMM": r"(?P<name>[^\W\d_]{3,12})\.?"}
_ALL = ("YYYY", "YY", "MMM", "MM", "M", "DD", "D")
_BETWEEN_WORDS = r"(?:[\s,./-]+(?:de[\s]+)?)"  # 2 de abril de 2025; a month that is named leaves nothing to mistake
_CLOCK = (
    r"(?:[T\s,]\s*(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?"
    r"(?:\s*\(?(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?)\)?)?)?"
)


def compile_format(written: str) -> re.Pattern[str]:
    """The pattern of a declared format; a time of day may follow the date whether or not the format says so.

    ``DD`` and ``MM`` also read a single digit, unless the tokens stand side by side as in ``YYYYMMDD``. With ``MMM``,
    the name of a month, any space, comma, dot or hyphen may stand between. Raises ``Invalid`` for what is no format.
    """
    import re

    if len(written) > LONGEST_FORMAT:
        raise Invalid(f"{quoted(written)} is not a date format", FORMAT_HINT)
    if written.strip().upper() == EXCEL:
        return re.compile(r"(?P<serial>[0-9]{1,6})(?:[.,](?P<fraction>[0-9]{1,12}))?")
    text = re.sub(r"[T\s,]*HH?:mm(?::ss)?$", "", written.strip())
    parts = re.findall(r"YYYY|YY|MMM|MM|M|DD|D|[^A-Za-z]+|[A-Za-z]", text)
    tokens = [part for part in parts if part in _ALL]
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
            if "MMM" in tokens:
                pattern += "(?:st|nd|rd|th)?"
        elif "MMM" in tokens:
            pattern += _BETWEEN_WORDS
        else:
            pattern += r"\s+".join(re.escape(piece) for piece in re.split(r"\s+", part))
    return re.compile(pattern + _CLOCK, re.IGNORECASE)


def read(match: re.Match[str]) -> tuple[date, datetime | None]:
    """What a text means that has matched the pattern of a format: the day, and the time where one is said, without a
    zone where none is. Raises ``ValueError`` or ``OverflowError`` for what is not in the calendar."""
    found = match.groupdict()
    if found.get("serial"):
        return _of_serial(int(found["serial"]), found["fraction"] or "")
    if found.get("short"):
        year = int(found["short"]) + (2000 if int(found["short"]) < 69 else 1900)  # as POSIX has it
    else:
        year = int(found["year"])
    month = _month(found["name"]) if found.get("name") else int(found["month"])
    day = date(year, month, int(found["day"]))
    if found["hour"] is None:
        return day, None
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    clock = time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=_zone(found["zone"]))
    return day, datetime.combine(day, clock)


def _month(name: str) -> int:
    """The number of a month by its name or its beginning; 0, which is in no calendar, where it is none or several."""
    import unicodedata

    plain = "".join(char for char in unicodedata.normalize("NFD", fold(name)) if char.isalpha())
    known = [number for number, names in enumerate(_MONTHS, 1) if any(one.startswith(plain) for one in names.split())]
    return known[0] if len(known) == 1 else 0


def _zone(written: str | None) -> timezone | None:
    if written is None:
        return None
    offset = written.upper().removeprefix("UTC").removeprefix("GMT")
    if offset in ("", "Z"):
        return UTC
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timezone((1 if offset[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))


def _of_serial(days: int, fraction: str) -> tuple[date, datetime | None]:
    if days < 61:  # before March 1900 spreadsheets disagree
        raise ValueError
    day = _EXCEL_ZERO + timedelta(days=days)
    scale = 10 ** len(fraction)
    seconds = (2 * 86_400 * int(fraction or "0") + scale) // (2 * scale)
    if not seconds:
        return day, None
    moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return moment.date(), moment
