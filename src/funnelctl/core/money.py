"""Money as whole minor units beside an ISO 4217 code; never a float."""

from __future__ import annotations

from funnelctl.core.currencies import EXPONENT, SHARED, SYMBOL
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_DIGITS = 15  # of minor units: more than the world's money, and far from the end of SQLite's integers
HINT = "write 12000 EUR, or 12000.50 EUR"

_DASHES = "-\u2013\u2014"
_DIGITS = frozenset("0123456789")
_IN_NUMBERS = _DIGITS | frozenset(".,' ")
# Spaces and apostrophes group, whichever of them was typed.
_ONE_KIND = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'"})
_POWERS = {"k": 3, "m": 6}  # 12k, 1.2M: as reports of other programs write them
_BY_SIGN = {sign.lower(): code for sign, code in SYMBOL.items()}


class Money(NamedTuple):
    """``minor`` counts the currency's smallest unit: 1250 EUR is 12.50 euros, 1250 JPY is 1250 yen."""

    minor: int
    currency: str


class Ambiguous(Invalid):
    """An amount of which the one sign may group its digits or divide them: ``1.500``."""


def parse_money(text: str, default: str | None) -> Money:
    """The amount in ``12000 EUR``, ``€12,000.50``, ``12 000,50 €``, ``1.500,- €``, ``$1,117.10K``, ``1.2M``; without a
    currency it is in ``default``.

    Where both ``.`` and ``,`` occur, the last one is the decimal mark. One that occurs several times groups
    in threes. One that occurs once with three digits after it may be either (``1.500``) and is refused,
    unless what stands before it cannot be a group (``0.500``, ``1500.000``), the currency has no decimals
    (``12,000 JPY``), or it is the full form of a currency with three (``1.500 KWD``, as ``plain`` writes it).

    Raises ``Ambiguous`` for that, and ``Invalid`` for everything else: no currency, an unknown one, two of them, a
    negative amount, more decimals than the currency has, digits other than ``0-9``.
    """
    return _parse(text, default, None)


def parse_amount(text: str, currency: str | None, decimal: str | None = None) -> Money:
    """As ``parse_money``, for a column of amounts in ``currency`` with the decimal mark ``decimal``.

    Where ``decimal`` is given (``"."`` or ``","``) nothing is ambiguous. A currency beside the amount wins.
    """
    return _parse(text, currency, decimal)


def proven_mark(text: str, currency: str | None) -> str:
    """The decimal mark of which an amount leaves no doubt, for a column that is written in one way: ``.`` in
    ``12,000.50`` and in ``12,500,000``, ``,`` in ``0,5``; nothing where it says nothing of it.

    ``currency`` is that of an amount beside which none is named, if that is known. Raises ``Ambiguous`` where it leaves
    a doubt, ``Invalid`` for what is no amount.
    """
    before, number, after = _taken_apart(text)
    dashed, after = _dashed(after)
    if dashed:
        return dashed
    power, after = _power(after)
    code = _code(before) or _code(after) or currency
    exponent = EXPONENT[code] if code else 2
    mark = _decimal_mark(number, exponent, text, power)
    _split(number, mark, text)
    if not mark and not exponent and number.count(".") + number.count(",") == 1:
        return ""  # 1.234 JPY is grouped because yen are not divided, whatever the mark of others is
    if not mark:
        return ("," if "." in number else ".") if "." in number or "," in number else ""
    is_full_form = exponent == 3 and number.count(mark) == 1 and len(number.rpartition(mark)[2]) == 3
    return "" if is_full_form else mark


def parse_currency(text: str) -> str:
    """An ISO 4217 code, in capitals. Raises ``Invalid`` where there is no such currency."""
    code = text.strip().upper()
    if code not in EXPONENT:
        raise _unknown(text.strip())
    return code


def plain(money: Money) -> str:
    """The amount for machines: ``12000.50``, with all the decimals that the currency has."""
    sign, whole, fraction = _parts(money)
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def shown(money: Money) -> str:
    """Money for people: ``12,000.50 EUR``; without decimals where they are all zero."""
    sign, whole, fraction = _parts(money)
    decimals = f".{fraction}" if fraction.strip("0") else ""
    return f"{sign}{int(whole):,}{decimals} {money.currency}"


def totals(moneys: Iterable[Money | None]) -> tuple[Money, ...]:
    """The sum of each currency, sorted by code; different ones are never added. ``None`` is left out."""
    sums: dict[str, int] = {}
    for money in moneys:
        if money is not None:
            sums[money.currency] = sums.get(money.currency, 0) + money.minor
    return tuple([Money(sums[code], code) for code in sorted(sums)])


def times(money: Money, ratio: float) -> Money:
    """``ratio`` of the money, rounded half up to whole minor units."""
    scale = 10**12  # 0.15 becomes exactly 15 hundredths, so that half a cent is half a cent
    return Money((2 * money.minor * round(ratio * scale) + scale) // (2 * scale), money.currency)


def _parse(text: str, default: str | None, decimal: str | None) -> Money:
    # Nearly all of an import is 12000 or 12000.50: the same answer as below, four times as fast.
    if default is not None and text.isascii() and len(text) + EXPONENT[default] <= MAX_DIGITS:
        exponent = EXPONENT[default]
        whole, mark, fraction = text.partition(decimal or ".")
        if whole.isdigit() and (not mark or (len(fraction) == exponent and fraction.isdigit())):
            return Money(int(whole + (fraction or "0" * exponent)), default)
    before, number, after = _taken_apart(_written_out(text))
    if any(sign in before for sign in "-−(") or after in ("-", "−"):
        raise Invalid(f"{quoted(text)} is negative", "a value is zero or more")
    dashed, after = _dashed(after)
    decimal = dashed or decimal
    power, after = _power(after)
    currency = _currency([sign for sign in (before, after) if sign], default, text)
    exponent = EXPONENT[currency]
    whole, fraction = _split(number, decimal or _decimal_mark(number, exponent, text, power), text)
    whole, fraction = whole + fraction[:power].ljust(power, "0"), fraction[power:]
    if fraction[exponent:].strip("0"):
        raise Invalid(f"{quoted(text)} has more decimals than {currency}", f"{currency} has {exponent}")
    digits = (whole + fraction[:exponent].ljust(exponent, "0")).lstrip("0")
    if len(digits) > MAX_DIGITS:
        raise Invalid(f"{quoted(text)} is too large an amount", f"{MAX_DIGITS} digits fit, decimals included")
    return Money(int(digits or "0"), currency)


def _written_out(text: str) -> str:
    """``1.5E4``, as programs in Java write 15000.0. A spreadsheet writes ``1.5E+04``, of fewer digits."""
    mantissa, sign, power = text.strip().partition("E")
    whole, _, fraction = mantissa.partition(".")
    if not (sign and power.isdigit() and len(power) < 3 and whole.isdigit() and (fraction or "0").isdigit()):
        return text
    places = int(power)
    digits = whole + fraction.ljust(places, "0")
    divided = len(whole) + places
    return f"{digits[:divided]}.{digits[divided:]}".rstrip("0").rstrip(".") if digits[divided:] else digits


def _taken_apart(text: str) -> tuple[str, str, str]:
    """What stands before the digits, from the first to the last of them, and what behind."""
    written = text.translate(_ONE_KIND)
    if len(written) > 60:
        raise Invalid(f"{quoted(text)} is too long for an amount", HINT)
    places = [place for place, char in enumerate(written) if char in _DIGITS]
    if not places:
        raise Invalid(f"{quoted(text)} is not an amount", HINT)
    start, end = places[0], places[-1] + 1
    if not _IN_NUMBERS.issuperset(written[start:end]):
        raise Invalid(f"{quoted(text)} is not an amount", HINT)
    return written[:start].strip(), written[start:end], written[end:].strip()


def _dashed(after: str) -> tuple[str, str]:
    """The decimal mark behind which a dash stands for no cents, as in ``1.500,- €`` and ``5.– CHF``, and what is left
    of what follows the digits."""
    if len(after) < 2 or after[0] not in ".," or after[1] not in _DASHES:
        return "", after
    return after[0], after[1:].lstrip(_DASHES).strip()


def _power(after: str) -> tuple[int, str]:
    """The power of ten of a ``K`` or ``M`` behind the digits, and what is left; ``KES`` and ``kr`` are none."""
    if after.lower() in SHARED or _code(after):
        return 0, after
    power = _POWERS.get(after[:1].lower(), 0)
    rest = after[1:].strip()
    if power and (not rest or rest.lower() in SHARED or _code(rest)):
        return power, rest
    return 0, after


def _decimal_mark(number: str, exponent: int, text: str, power: int = 0) -> str:
    """``.`` or ``,``; nothing where all signs group."""
    marks = sorted((sign for sign in ".," if sign in number), key=number.rindex)
    if not marks:
        return ""
    mark = marks[-1]
    before, _, after = number.rpartition(mark)
    if len(marks) == 2 or " " in before or "'" in before:
        return mark
    if mark in before:
        return ""
    if len(after) != 3 or len(before) > 3 or before[0] == "0" or (exponent == 3 and mark == "."):
        return mark
    if exponent == 0 and not power:
        return ""
    thousands = before + after + "0" * power
    divided = f"{before}.{after}" if not power else f"{before}{after}{'0' * (power - 3)}"
    raise Ambiguous(
        f"{quoted(text)} may mean {thousands} or {divided}",
        f"write {thousands} or {thousands}.{'0' * exponent}",
    )


def _split(number: str, mark: str, text: str) -> tuple[str, str]:
    """The digits before and after the decimal mark, if any."""
    whole, _, fraction = number.partition(mark) if mark else (number, "", "")
    groupings = [sign for sign in ".,' " if sign in whole]
    first, *others = whole.split(groupings[0]) if groupings else [whole]
    if fraction and not fraction.isdigit():
        raise Invalid(f"{quoted(text)} has digits that are grouped after the decimal mark", HINT)
    grouped_well = len(first) <= 3 and first[0] != "0" and all(len(other) == 3 for other in others)
    if len(groupings) > 1 or (groupings and not grouped_well):
        raise Invalid(f"{quoted(text)} is not grouped in thousands", HINT)
    return first + "".join(others), fraction


def _currency(signs: list[str], default: str | None, text: str) -> str:
    named = {code for sign in signs if (code := _code(sign))}
    if len(named) > 1:
        raise Invalid(f"{quoted(text)} names two currencies", HINT)
    currency = named.pop() if named else default
    for sign in signs:
        shared = SHARED.get(sign.lower())
        if shared and currency not in shared:
            raise Invalid(
                f"{quoted(sign)} is a sign of several currencies",
                "write the code: 12000 USD; or say what the sign means: --currency USD",
            )
        if not shared and not _code(sign):
            raise _unknown(sign)
    if currency is None:
        raise Invalid(f"{quoted(text)} has no currency", HINT)
    return currency


def _code(sign: str) -> str | None:
    """The one currency that a code or a sign means."""
    code = sign.upper()
    return code if code in EXPONENT else _BY_SIGN.get(sign.lower())


def _unknown(sign: str) -> Invalid:
    near = [code for code in EXPONENT if _is_near(code, sign.upper())]
    if 0 < len(near) <= 4:
        return Invalid(f"{quoted(sign)} is not a currency", f"did you mean {' or '.join(near)}?")
    return Invalid(f"{quoted(sign)} is not a currency", "give its ISO 4217 code, such as EUR")


def _is_near(code: str, other: str) -> bool:
    """One letter differs, or the letters are in another order."""
    return len(other) == 3 and (
        sum(a != b for a, b in zip(code, other, strict=True)) == 1 or sorted(code) == sorted(other)
    )


def _parts(money: Money) -> tuple[str, str, str]:
    exponent = EXPONENT[money.currency]
    digits = str(abs(money.minor)).rjust(exponent + 1, "0")
    place = len(digits) - exponent
    return "-" if money.minor < 0 else "", digits[:place], digits[place:]
