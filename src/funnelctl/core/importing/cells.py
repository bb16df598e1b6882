"""Cells to values: the rules of ``core`` for each field, fast enough for a hundred thousand rows.

Most columns say few things many times (a source, a stage, a day), so what a cell means is remembered. What is new goes
through the ordinary parser; for the commonest plain shapes there is a shorter way to the very same value.
"""

from __future__ import annotations

from funnelctl.core.contact import parse_email, parse_phone, plain_phones
from funnelctl.core.currencies import EXPONENT
from funnelctl.core.importing.undecided import Undecided
from funnelctl.core.importing.words import UnknownWord
from funnelctl.core.money import Ambiguous, parse_amount, parse_currency
from funnelctl.core.records import number_in
from funnelctl.core.text import LINE, LONG, NO_TAGS, are_plain, are_tidy, fold, fold_all, quoted, tags_of, tidy_optional
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    Parse = Callable[[str], Any]

REMEMBERED = 10_000  # cells of a column, none of them long: the memory stays flat however large the file is
SHORT = 200
_BARE = frozenset("0123456789.,' \u00a0\u202f\u2009\u2019kKmM")  # of an amount that names no currency
APART = "\0"  # no cell of a file holds one


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


class Keyed:
    """A column of pairs, such as e-mails with their keys, as its two halves: an import takes them apart in any case."""

    __slots__ = ("keys", "said")

    def __init__(self, said: Sequence[Any], keys: Sequence[Any]) -> None:
        self.said, self.keys = said, keys

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return zip(self.said, self.keys, strict=True)


def halves(column: Iterable[tuple[Any, Any]]) -> tuple[Sequence[Any], Sequence[Any]]:
    """The two halves of a column of pairs."""
    if isinstance(column, Keyed):
        return column.said, column.keys
    said, keys = zip(*column, strict=True)
    return said, keys


class Columnwise:
    """A function from a cell to a value, with a shorter way for a whole column of plain cells.

    ``column`` takes the columns whose cells are read together, and whether they hold nothing but printable ASCII. It
    gives the same values as calling it for each row, or ``None`` where any cell is not as plain as it has to be.
    """

    __slots__ = ("_parse", "column")

    def __init__(self, parse: Callable[[Any], Any], column: Callable[..., Any]) -> None:
        self._parse = parse
        self.column = column

    def __call__(self, cell: Any) -> Any:
        return self._parse(cell)


def text_parser(what: str, limit: int = LINE) -> Columnwise:
    """Reads a text of at most ``limit`` characters; ``None`` for an empty cell. ``what`` is a noun: ``"company"``."""

    def parse(cell: str) -> str | None:
        if len(cell) <= limit and cell.isascii() and cell.isprintable():
            return cell.strip() or None
        return tidy_optional(cell, what, limit)

    def column(cells: tuple[str, ...], *, is_plain: bool) -> list[str | None] | None:
        if (is_plain or are_tidy("".join(cells))) and max(map(len, cells)) <= limit:
            return [cell.strip() or None for cell in cells]
        return None

    return Columnwise(Memo(parse).__getitem__, column)


def _lines(cells: tuple[str, ...], *, is_plain: bool) -> str | None:
    """Cells, each with a line break behind it; ``None`` where one has several lines itself."""
    lines = "\n".join((*cells, ""))
    return lines if is_plain or lines.count("\n") == len(cells) else None


def long_text_parser(what: str) -> Columnwise:
    """Reads a text that may have paragraphs."""
    return text_parser(what, LONG)


def name_parser(what: str) -> Columnwise:
    """Reads a name together with the key under which it is found; twice ``None`` for an empty cell."""
    parse_text = text_parser(what)

    def parse(cell: str) -> tuple[str | None, str | None]:
        name = parse_text(cell)
        return (name, fold(name)) if name else (None, None)

    def column(cells: tuple[str, ...], *, is_plain: bool) -> Keyed | None:
        names = parse_text.column(cells, is_plain=is_plain)
        keys = None if names is None or None in names else fold_all(names)
        return None if keys is None else Keyed(names, keys)

    return Columnwise(parse, column)


def person_parser() -> Columnwise:
    """Reads a name, or a first and a last one where that is empty, together with its key. A name beside a first name
    that is not in it is a last one, as in German lists."""
    parse_name = name_parser("name")

    def parse(cells: tuple[str, str, str]) -> tuple[str | None, str | None]:
        whole, first, last = cells
        if first.strip() and not last.strip() and fold(first.strip()) not in fold(whole):
            whole, last = "", whole
        name: tuple[str | None, str | None] = parse_name(whole if whole.strip() else f"{first.strip()} {last.strip()}")
        return name

    def column(
        whole: tuple[str, ...], first: tuple[str, ...], last: tuple[str, ...], *, is_plain: bool
    ) -> Iterable[Any] | None:
        if any(first):
            if any(whole):
                return None
            whole = tuple(map(" ".join, zip(first, last, strict=True)))
        found: Iterable[Any] | None = parse_name.column(whole, is_plain=is_plain)
        return found

    return Columnwise(parse, column)


def email_parser() -> Columnwise:
    """Reads an e-mail together with its key; twice ``None`` for an empty cell."""
    import re

    address = r"[a-z0-9._%+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,3}[a-z]{2,20}"
    plain = re.compile(address)
    all_plain = re.compile(rf"(?:{address}\n)*")

    def parse(cell: str) -> tuple[str | None, str | None]:
        if cell.isascii():
            key = cell.lower()
            if plain.fullmatch(key):
                return cell, key
        return parse_email(cell) if cell.strip() else (None, None)

    def column(cells: tuple[str, ...], *, is_plain: bool) -> Keyed | None:
        lines = _lines(cells, is_plain=is_plain)
        if lines and lines.isascii() and all_plain.fullmatch(keys := lines.lower()):
            # Behind the last line break there is nothing. Of what is the same, only one is handed over.
            return Keyed(cells, cells if keys == lines else keys.split("\n")[:-1])
        return None

    return Columnwise(parse, column)


def phone_parser(region: str | None) -> Columnwise:
    """Reads a phone number together with its key; twice ``None`` for an empty cell. ``region`` reads national ones."""

    def parse(cell: str) -> tuple[str | None, str | None]:
        return parse_phone(cell, region) if cell.strip() else (None, None)

    def column(cells: tuple[str, ...], *, is_plain: bool) -> Keyed | None:
        found = plain_phones(cells, region) if is_plain or are_plain("".join(cells)) else None
        return Keyed(*found) if found else None

    return Columnwise(parse, column)


def parse_tags(cell: str) -> str:
    """The tags of a cell, separated by commas or semicolons, or each ended by ``APART``, as they are stored."""
    if not cell:
        return NO_TAGS
    tags = (cell.replace(APART, ",") if APART in cell else cell.replace(";", ",")).split(",")
    return tags_of([tag for tag in tags if tag.strip()])


def money_parser(
    currency: str | None, decimal: str | None, *, ask: bool = False, bare: Callable[[], None] | None = None
) -> Columnwise:
    """Reads an amount and the cell of its currency as minor units and code; twice ``None`` where there is no amount.

    ``currency`` is that of an amount beside which none is named, ``decimal`` the declared decimal mark. ``ask``: an
    amount that may be two raises ``Undecided``. ``bare`` is called at least once where an amount names no currency.
    """

    def parse(cells: tuple[str, str]) -> tuple[int | None, str | None]:
        amount, code = cells
        if not amount.strip():
            return None, None
        if bare and not code.strip() and _BARE.issuperset(amount):
            bare()
        try:
            return parse_amount(amount, _currency_in(code) if code.strip() else currency, decimal)
        except UnknownWord:
            raise
        except Ambiguous as error:
            if ask:
                raise Undecided from None
            raise Invalid(error.message, f"{error.hint}; or say it for all: --decimal . or --decimal ,") from None
        except Invalid as error:
            if "no currency" in error.message:
                raise Invalid(error.message, "--currency EUR says which") from None
            raise

    def column(amounts: tuple[str, ...], codes: tuple[str, ...], *, is_plain: bool) -> Keyed | None:
        """For whole amounts, or for amounts with two decimals, all in one currency."""
        lines = _lines(amounts, is_plain=is_plain)
        code = parse_currency(codes[0]) if codes[0].strip() else currency
        if lines is None or code is None or codes.count(codes[0]) < len(codes):
            return None
        if whole.fullmatch(lines):
            unit = 10 ** EXPONENT[code]
        elif EXPONENT[code] == 2 and with_cents.fullmatch(lines):
            lines, unit = lines.replace(mark, ""), 1
        else:
            return None
        if bare and not codes[0].strip():
            bare()
        return Keyed([int(digits) * unit for digits in lines.split()], [code] * len(amounts))

    import re

    mark = decimal or "."
    whole, with_cents = re.compile(r"(?:[0-9]{1,9}\n)*"), re.compile(rf"(?:[0-9]{{1,9}}{re.escape(mark)}[0-9]{{2}}\n)*")
    return Columnwise(Memo(parse).__getitem__, column)


def _currency_in(cell: str) -> str:
    """The code in the column of currencies, whose name a problem bears."""
    try:
        return parse_currency(cell)
    except Invalid as error:
        raise UnknownWord("currency", error.message, error.hint) from None


def probability_parser(column: str, written: str | None, *, ask: bool = False) -> Parse:
    """Reads a chance of winning: ``40%``, and bare numbers as ``written`` says, which are per cent where the ``column``
    is called ``Probability (%)``. ``ask``: where neither tells, a number that may be both raises ``Undecided``."""
    from funnelctl.core.importing.probability_column import PERCENT, plain_number, said_by_name
    from funnelctl.core.opportunities import parse_probability

    written = written or said_by_name(column)

    def parse(cell: str) -> float | None:
        text = cell.strip().replace(",", ".")
        number = plain_number(text)
        if ask and written is None and number and number <= 1:
            raise Undecided
        if number is not None and (written == PERCENT or (written is None and number > 1)):
            text += "%"
        try:
            return parse_probability(text) if text else None
        except Invalid as error:
            raise Invalid(f"{quoted(cell.strip())} is no chance of winning", error.hint) from None

    return parse


def reference_parser(letter: str, what: str) -> Callable[[str], tuple[int | None, str | None]]:
    """Reads a reference: one of our ids (``L12``) as its number, anything else as the text that it is."""
    parse_text = text_parser(what)

    def parse(cell: str) -> tuple[int | None, str | None]:
        text = parse_text(cell)
        number = number_in(text or "", letter)
        return (None, text) if number is None else (number, None)

    return parse
