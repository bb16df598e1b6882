"""An amount of money within a text, such as the name of a card: ``Acme - €12,000``."""

from __future__ import annotations

from funnelctl.core.currencies import EXPONENT, SHARED, SYMBOL
from funnelctl.core.money import parse_amount, plain
from funnelctl.errors import Invalid


def amount_in(text: str, currency: str | None, decimal: str | None) -> tuple[str, str, bool]:
    """The only amount with a currency in ``text``, as ``12000.00 EUR``; the text without it; and whether what is there
    can mean several amounts, and is none for that reason. Where there is none, or several, the text stays as it is.

    ``currency`` is what a sign of several currencies means, ``decimal`` the decimal mark.
    """
    import re

    signs = "|".join(re.escape(sign) for sign in sorted((*SYMBOL, *SHARED), key=len, reverse=True))
    codes = "|".join(EXPONENT)
    number = r"\d(?:[\d.,'\u2019\u00a0\u202f ]*\d)?"
    sign = rf"(?:{signs}|\b(?:{codes})\b)"
    # neither a part of a word or a longer number, nor an end of a range, nor a multiple: 10-12 €, €12k, €5 M
    before, after = r"(?<![\w.,\-–—/])", r"(?![\w%]|[.,'\u2019]\d|\s?[kKmM]\b|\s*[-–—/]\s*\d)"
    found = list(re.finditer(rf"{before}(?:{sign}\s?{number}|{number}\s?{sign}){after}", text))
    if len(found) != 1:
        return "", text, False
    rest = (text[: found[0].start()] + text[found[0].end() :]).replace("()", "").replace("[]", "")
    rest = re.sub(r"\s*[-–—:|,/]\s*(?=[-–—:|,/])", "", rest).strip(" -–—:|,/") or text
    try:
        money = parse_amount(found[0].group(), currency, decimal)
    except Invalid:
        return "", rest, True
    return f"{plain(money).replace('.', decimal or '.')} {money.currency}", rest, False
