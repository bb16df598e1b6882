"""Cells to values: the rules of ``core`` for each field, fast enough for a hundred thousand rows.

Most columns say few things many times (a source, a stage, a day), so what a cell means is remembered. What is new goes
through the ordinary parser; for the commonest plain shapes there is a shorter way to the very same value.
"""

from __future__ import annotations

from funnelctl.core.contact import parse_email, parse_phone
from funnelctl.core.money import parse_amount, parse_currency
from funnelctl.core.text import LINE, LONG, NO_TAGS, fold, tags_of, tidy_optional
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Parse = Callable[[str], Any]

REMEMBERED = 10_000  # cells of a column, none of them long: the memory stays flat however large the file is
SHORT = 200


class Memo(dict["str | tuple[str, ...]", "Any"]):
    """A function that remembers its first ten thousand answers. Called as ``memo[cell]``, which is quickest."""

    def __init__(self, parse: Callable[[Any], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, cell: str | tuple[str, ...]) -> Any:
        value = self._parse(cell)
        if len(self) < REMEMBERED and len(cell) <= SHORT:
            self[cell] = value
        return value


def text_parser(what: str, limit: int = LINE) -> Parse:
    """Reads a text of at most ``limit`` characters; ``None`` for an empty cell. ``what`` is a noun: ``"company"``."""

    def parse(cell: str) -> str | None:
        if len(cell) <= limit and cell.isascii() and cell.isprintable():
            return cell.strip() or None
        return tidy_optional(cell, what, limit)

    return parse


def long_text_parser(what: str) -> Parse:
    """Reads a text that may have paragraphs."""
    return text_parser(what, LONG)


def name_parser(what: str) -> Parse:
    """Reads a name together with the key under which it is found; twice ``None`` for an empty cell."""
    parse_text = text_parser(what)

    def parse(cell: str) -> tuple[str | None, str | None]:
        name = parse_text(cell)
        return (name, fold(name)) if name else (None, None)

    return parse


def person_parser() -> Callable[[tuple[str, str, str]], Any]:
    """Reads a name, or a first and a last one where that is empty, together with its key."""
    parse_name = name_parser("name")

    def parse(cells: tuple[str, str, str]) -> tuple[str | None, str | None]:
        whole, first, last = cells
        name: tuple[str | None, str | None] = parse_name(whole if whole.strip() else f"{first.strip()} {last.strip()}")
        return name

    return parse


def email_parser() -> Parse:
    """Reads an e-mail together with its key; twice ``None`` for an empty cell."""
    import re

    plain = re.compile(r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,3}[a-z]{2,20}")

    def parse(cell: str) -> tuple[str | None, str | None]:
        if cell.isascii():
            key = cell.lower()
            if plain.fullmatch(key):
                return cell, key
        return parse_email(cell) if cell.strip() else (None, None)

    return parse


def phone_parser(region: str | None) -> Parse:
    """Reads a phone number together with its key; twice ``None`` for an empty cell. ``region`` reads national ones."""

    def parse(cell: str) -> tuple[str | None, str | None]:
        return parse_phone(cell, region) if cell.strip() else (None, None)

    return parse


def parse_tags(cell: str) -> str:
    """The tags of a cell, separated by commas or semicolons, as they are stored."""
    if not cell:
        return NO_TAGS
    return tags_of([tag for tag in cell.replace(";", ",").split(",") if tag.strip()])


def money_parser(currency: str | None, decimal: str | None) -> Callable[[tuple[str, str]], Any]:
    """Reads an amount and the cell of its currency as minor units and code; twice ``None`` where there is no amount.

    ``currency`` is that of an amount beside which none is named, ``decimal`` the declared decimal mark.
    """

    def parse(cells: tuple[str, str]) -> tuple[int | None, str | None]:
        amount, code = cells
        if not amount.strip():
            return None, None
        try:
            return parse_amount(amount, parse_currency(code) if code.strip() else currency, decimal)
        except Invalid as error:
            if "no currency" in error.message:
                raise Invalid(error.message, "--currency EUR says which") from None
            raise

    return parse


def probability_parser(column: str) -> Parse:
    """Reads a chance of winning: ``0.4``, ``40%``, and ``40``, which can only be percent. Where the ``column`` is
    called ``Probability (%)`` every number is percent."""
    from funnelctl.core.opportunities import parse_probability

    def parse(cell: str) -> float | None:
        number = cell.strip().replace(",", ".")
        if not number:
            return None
        bare = number.replace(".", "", 1)
        if bare.isascii() and bare.isdigit() and ("%" in column or float(number) > 1):
            number += "%"
        return parse_probability(number)

    return parse
