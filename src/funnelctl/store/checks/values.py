"""Are values what their columns may hold? SQLite sees to types and NULLs; this is what it cannot know."""

from __future__ import annotations

from funnelctl.core.contact import parse_email, parse_phone
from funnelctl.core.currencies import EXPONENT
from funnelctl.core.forget import FORGOTTEN
from funnelctl.core.text import fold
from funnelctl.errors import Invalid
from funnelctl.store.log import LOG

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_LETTERS = {"lead": "L", "opportunity": "O"}
_DATES = {
    "%Y-%m-%dT%H:%M:%SZ": (
        "lead.created_at", "lead.entered_at", "lead.closed_at", "opportunity.created_at", "opportunity.entered_at",
        "opportunity.closed_at", "move.at", "activity.at", "operation.at",
    ),
    "%Y-%m-%d": ("opportunity.expected_close", "opportunity.postponed_until"),
}  # fmt: skip
_ADDRESSES = {
    "email": "lead.email_key = lead_alias.key",
    "phone": "lead.phone_key = lead_alias.key",
    "key": "lead.key = lead_alias.key",
    "id": "lead.id = CAST(lead_alias.key AS INTEGER)",
}


def money(conn: sqlite3.Connection) -> Iterator[str]:
    """Amounts in currencies that there are."""
    for number, currency in conn.execute("SELECT id, currency FROM opportunity WHERE currency IS NOT NULL ORDER BY id"):
        if currency not in EXPONENT:
            yield f"O{number} has a currency that there is not"


def dates(conn: sqlite3.Connection) -> Iterator[str]:
    """Times are UTC, to the second, and days are days of the calendar."""
    for form, columns in _DATES.items():
        for column in columns:
            table, _, name = column.partition(".")
            # without a modifier SQLite passes a 31st of February through
            real = f"strftime('{form}', {name}, '+0 days')"
            for (number,) in conn.execute(
                f"SELECT id FROM {table} WHERE {name} IS NOT NULL AND {name} IS NOT {real} ORDER BY id"
            ):
                yield f"{_LETTERS.get(table, f'{table} ')}{number} has a date that is none, {name}"


def tags(conn: sqlite3.Connection) -> Iterator[str]:
    """Tags are JSON lists of text."""
    for table, letter in _LETTERS.items():
        for (number,) in conn.execute(
            f"SELECT id FROM {table} WHERE tags <> '[]' AND CASE WHEN json_valid(tags) THEN json_type(tags) <> 'array'"
            " OR EXISTS (SELECT 1 FROM json_each(tags) WHERE type <> 'text') ELSE 1 END ORDER BY id"
        ):
            yield f"{letter}{number} has tags that are no list of words"


def keys(conn: sqlite3.Connection) -> Iterator[str]:
    """The folded form under which each value is found is that of the value."""
    phones = _Phones(conn)
    for number, name, name_key, email, email_key, phone, phone_key in conn.execute(
        "SELECT id, name, name_key, email, email_key, phone, phone_key FROM lead ORDER BY id"
    ):
        if fold(name) != name_key:
            yield f"L{number} is not found by its name"
        if (email is None) != (email_key is None) or (email is not None and not _is_email(email, email_key)):
            yield f"L{number} is not found by its e-mail"
        if (phone is None) != (phone_key is None) or (phone is not None and not phones.fit(phone, phone_key)):
            yield f"L{number} is not found by its phone number"
    for number, title, title_key in conn.execute("SELECT id, title, title_key FROM opportunity ORDER BY id"):
        if fold(title) != title_key:
            yield f"O{number} is not found by its title"
    for number, kind, key, value in conn.execute(
        "SELECT id, kind, key, value FROM lead_alias WHERE value <> ? ORDER BY id", (FORGOTTEN,)
    ):
        if kind == "email":
            fits = _is_email(value, key)
        elif kind == "phone":
            fits = phones.fit(value, key)
        else:
            fits = value == (f"L{key}" if kind == "id" else key)
        if not fits:
            yield f"lead_alias {number} is not found by its value"


def addresses(conn: sqlite3.Connection) -> Iterator[str]:
    """What a lead left behind when it became part of another belongs to no third one."""
    for kind, same in _ADDRESSES.items():
        for number, owner in conn.execute(
            f"SELECT lead.id, lead_id FROM lead_alias JOIN lead ON {same} WHERE kind = '{kind}' AND lead.id <> lead_id"
            " ORDER BY lead.id"
        ):
            yield f"L{number} and L{owner} have the same {kind}"


class _Phones:
    """National numbers are read as those of the country that was set when they were typed, of which the log tells."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._regions: list[str | None] | None = None

    def fit(self, phone: str, key: str) -> bool:
        if _is_phone(phone, None, key):
            return True
        if self._regions is None:
            self._regions = [
                row[0]
                for row in self._conn.execute(
                    f"{LOG} SELECT DISTINCT json_extract(after, '$.value') FROM change WHERE table_name = 'setting'"
                    " AND CASE WHEN json_valid(after) THEN json_extract(after, '$.value') GLOB '[A-Z][A-Z]' END"
                )
            ]
        # A book that came from an export has the log of its own days only: the number must at least end like its key.
        national = "".join(char for char in phone if char.isdecimal()).lstrip("0")
        foreign = key.startswith("+") and ";" not in key and key.endswith(national) and len(national) >= 5
        return foreign or any(_is_phone(phone, region, key) for region in self._regions)


def _is_phone(phone: str, region: str | None, key: str) -> bool:
    try:
        return parse_phone(phone, region)[1] == key
    except Invalid:
        return False


def _is_email(email: str, key: str) -> bool:
    try:
        return parse_email(email)[1] == key
    except Invalid:
        return False
