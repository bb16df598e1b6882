"""Money: what is accepted, what is refused with a reason, and what never changes on the way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from funnelctl.core.currencies import EXPONENT, SHARED, SYMBOL
from funnelctl.core.money import (
    MAX_DIGITS,
    Ambiguous,
    Money,
    parse_amount,
    parse_currency,
    parse_money,
    plain,
    proven_mark,
    shown,
    times,
    totals,
)
from funnelctl.errors import Invalid

codes = st.sampled_from(sorted(EXPONENT))
moneys = st.builds(Money, st.integers(0, 10**MAX_DIGITS - 1), codes)
# What amounts are made of, in any order: most of these are no amounts.
scribbles = st.text("0123456789.,' -+€$¥kREURJPYWD\u00a0\u202f’e_٣", max_size=14)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("12,000.50", "."),
        ("1.500,-", ","),
        ("5.- CHF", "."),
        ("12.000,50", ","),
        ("12,000,000", "."),
        ("12.000.000", ","),
        ("12.5", "."),
        ("12,5", ","),
        ("0,500", ","),
        ("1500.000", "."),
        ("12 000,50", ","),
        ("12,000 JPY", ""),
        ("12,000,000 JPY", "."),
        ("$1,117.10K USD", "."),
        ("12 000", ""),
        ("12000", ""),
        ("1.500 KWD", ""),
    ],
)
def test_what_an_amount_tells_of_the_others_in_its_column(text: str, mark: str) -> None:
    assert proven_mark(text, "EUR") == mark


def test_thousands_of_thousands_may_be_two_amounts_as_well() -> None:
    with pytest.raises(Ambiguous, match=r"1,117K. may mean 1117000 or 1117$"):
        parse_money("1,117K", "EUR")
    with pytest.raises(Ambiguous):
        proven_mark("1,117K", "EUR")
    assert parse_amount("1,117K", "EUR", ",") == Money(111_700, "EUR")
    assert parse_amount("1,117K", "EUR", ".") == Money(111_700_000, "EUR")


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("12000 EUR", 1_200_000, "EUR"),
        ("EUR 12000", 1_200_000, "EUR"),
        ("12000EUR", 1_200_000, "EUR"),
        ("eur12000", 1_200_000, "EUR"),
        ("  12000  eur ", 1_200_000, "EUR"),
        ("€12,000.50", 1_200_050, "EUR"),
        ("12 000,50 €", 1_200_050, "EUR"),
        ("12\u00a0000,50\u00a0€", 1_200_050, "EUR"),
        ("12\u202f000\u202f000 EUR", 1_200_000_000, "EUR"),
        ("1.234.567,89 EUR", 123_456_789, "EUR"),
        ("$1,117.10K USD", 111_710_000, "USD"),
        ("12k EUR", 1_200_000, "EUR"),
        ("12 k€", 1_200_000, "EUR"),
        ("1.2M EUR", 120_000_000, "EUR"),
        ("1.23456M EUR", 123_456_000, "EUR"),
        ("12 KES", 1_200, "KES"),
        ("12 MXN", 1_200, "MXN"),
        ("500 MKES", 50_000_000_000, "KES"),
        ("1,234,567 EUR", 123_456_700, "EUR"),
        ("1'234.50 CHF", 123_450, "CHF"),
        ("1’234’567 CHF", 123_456_700, "CHF"),
        ("1.500,00 EUR", 150_000, "EUR"),
        ("1.500,- €", 150_000, "EUR"),
        ("€ 1.500,--", 150_000, "EUR"),
        ("1,500.\u2013 CHF", 150_000, "CHF"),
        ("1500.- CHF", 150_000, "CHF"),
        ("5,\u2014 EUR", 500, "EUR"),
        ("1,500.5 EUR", 150_050, "EUR"),
        ("0 EUR", 0, "EUR"),
        ("0.05 EUR", 5, "EUR"),
        ("1,5 EUR", 150, "EUR"),
        ("000012 EUR", 1_200, "EUR"),
        ("0" * 56 + " EUR", 0, "EUR"),
        ("1.2300 EUR", 123, "EUR"),
        ("12.500000 EUR", 1_250, "EUR"),
        ("12000 JPY", 12_000, "JPY"),
        ("12.00 JPY", 12, "JPY"),
        ("1.25 KWD", 1_250, "KWD"),
        ("1 234.500 KWD", 1_234_500, "KWD"),
        ("1'234.500 KWD", 1_234_500, "KWD"),
        ("1.2345 CLF", 12_345, "CLF"),
        ("Rp 1.500.000", 150_000_000, "IDR"),
        ("rp1.500.000", 150_000_000, "IDR"),
        ("R$ 10,50", 1_050, "BRL"),
        ("US$5", 500, "USD"),
        ("100 zł", 10_000, "PLN"),
        ("€ 5 EUR", 500, "EUR"),
        ("$5 CAD", 500, "CAD"),
        ("¥5 CNY", 500, "CNY"),
        ("9999999999999.99 EUR", 999_999_999_999_999, "EUR"),
    ],
)
def test_an_amount_with_its_currency(text: str, minor: int, currency: str) -> None:
    assert parse_money(text, None) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "default", "money"),
    [
        ("12000.50", "EUR", Money(1_200_050, "EUR")),
        ("12000", "JPY", Money(12_000, "JPY")),
        ("12000 USD", "EUR", Money(1_200_000, "USD")),
        ("$5", "USD", Money(500, "USD")),
        ("$5", "MXN", Money(500, "MXN")),
        ("5 Kr", "SEK", Money(500, "SEK")),
        ("¥5", "JPY", Money(5, "JPY")),
    ],
)
def test_a_default_fills_in_and_a_currency_beside_the_amount_wins(text: str, default: str, money: Money) -> None:
    assert parse_money(text, default) == money


@pytest.mark.parametrize(
    ("text", "thousands", "decimal"),
    [
        ("1.500 EUR", "1500", "1.500"),
        ("12,000 EUR", "12000", "12.000"),
        ("€100.000", "100000", "100.000"),
        ("1,500 KWD", "1500", "1.500"),
        ("1.500 CLF", "1500", "1.500"),
    ],
)
def test_one_separator_before_three_digits_is_ambiguous(text: str, thousands: str, decimal: str) -> None:
    with pytest.raises(Invalid, match=f"may mean {thousands} or {decimal}$") as refused:
        parse_money(text, None)
    assert f"write {thousands} or {thousands}.00" in refused.value.hint


def test_what_the_hint_of_an_ambiguous_amount_proposes_is_accepted() -> None:
    assert parse_money("1500.00", "EUR") == parse_money("1500", "EUR") == Money(150_000, "EUR")
    assert parse_money("1500.000", "KWD") == parse_money("1500", "KWD") == Money(1_500_000, "KWD")


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("0.500 EUR", Money(50, "EUR")),  # a group of thousands does not begin with 0
        ("1500.000 EUR", Money(150_000, "EUR")),  # nor has it four digits
        ("12,000 JPY", Money(12_000, "JPY")),  # there is no part of a yen
        ("1.500 KWD", Money(1_500, "KWD")),  # a dinar has 1000 fils, and plain() writes it so
    ],
)
def test_three_digits_that_can_mean_one_thing_only(text: str, money: Money) -> None:
    assert parse_money(text, None) == money


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12000", "has no currency"),
        ("-5 EUR", "is negative"),
        ("−5 EUR", "is negative"),
        ("€-5", "is negative"),
        ("(5) EUR", "is negative"),
        ("5- EUR", "is not a currency"),
        ("5 XXX", "is not a currency"),
        ("5 XAU", "is not a currency"),
        ("5x", "is not a currency"),
        ("+5 EUR", "is not a currency"),
        ("$5", "is a sign of several currencies"),
        ("¥5 EUR", "is a sign of several currencies"),
        ("€5 USD", "names two currencies"),
        ("EUR 5 USD", "names two currencies"),
        ("1.234 EUR 5", "is not an amount"),
        ("5.123456 EUR", "more decimals than EUR"),
        ("1.234,567 EUR", "more decimals than EUR"),
        ("1 234.567 EUR", "more decimals than EUR"),
        ("1.5 JPY", "more decimals than JPY"),
        ("1.2345 KWD", "more decimals than KWD"),
        ("12,34,567 INR", "not grouped in thousands"),
        ("1,2345,678 EUR", "not grouped in thousands"),
        ("12 34 EUR", "not grouped in thousands"),
        ("1 234'567 EUR", "not grouped in thousands"),
        ("1'2 3 EUR", "not grouped in thousands"),
        ("1234,567,890 EUR", "not grouped in thousands"),
        ("1.234 567,00 EUR", "not grouped in thousands"),
        ("0,123,456 EUR", "not grouped in thousands"),
        ("1,,234 EUR", "not grouped in thousands"),
        ("1,234.5,6 EUR", "grouped"),
        ("1.234,567.89 EUR", "grouped after the decimal mark"),
        ("1.50 0 EUR", "grouped after the decimal mark"),
        ("1_000 EUR", "is not an amount"),
        ("1e3 EUR", "is not an amount"),
        ("1\n000 EUR", "is not an amount"),
        ("0x10 EUR", "is not an amount"),
        ("٣ EUR", "is not an amount"),
        ("１２ EUR", "is not an amount"),
        ("nan EUR", "is not an amount"),
        ("inf", "is not an amount"),
        ("EUR", "is not an amount"),
        ("", "is not an amount"),
        (".5 EUR", "is not a currency"),
        ("99999999999999.99 EUR", "is too large"),
        ("1000000000000000 JPY", "is too large"),
        ("0" * 57 + " EUR", "is too long"),
    ],
)
def test_what_is_refused_says_why(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        parse_money(text, None)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "near"), [("5 EUT", "EUR"), ("5 eut", "EUR"), ("5 GPB", "GBP"), ("5 UDS", "USD"), ("5 QQQ", "ISO 4217")]
)
def test_an_unknown_code_gets_the_nearest_one(text: str, near: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_money(text, "EUR")
    assert near in refused.value.hint


@pytest.mark.parametrize(
    ("text", "decimal", "minor"),
    [
        ("1.500", ".", 150),
        ("1.500", ",", 150_000),
        ("12,000", ".", 1_200_000),
        ("12,000", ",", 1_200),
        ("1.500,25", ",", 150_025),
        ("1,500.25 EUR", ".", 150_025),
        ("€ 1 500,25", ",", 150_025),
        ("1500", ",", 150_000),
        ("1.234.567", ",", 123_456_700),
    ],
)
def test_a_declared_decimal_mark_settles_it(text: str, decimal: str, minor: int) -> None:
    assert parse_amount(text, "EUR", decimal) == Money(minor, "EUR")


@pytest.mark.parametrize(("text", "decimal"), [("12.50", ","), ("1,50", "."), ("1.5.0", "."), ("1,234,5", ",")])
def test_an_amount_against_the_declared_mark_is_refused(text: str, decimal: str) -> None:
    with pytest.raises(Invalid, match="grouped"):
        parse_amount(text, "EUR", decimal)


def test_a_column_takes_another_code_and_stays_careful_without_a_mark() -> None:
    assert parse_amount("5 USD", "EUR", ".") == Money(500, "USD")
    with pytest.raises(Invalid, match="may mean 1500"):
        parse_amount("1.500", "EUR")
    with pytest.raises(Invalid, match="has no currency"):
        parse_amount("15", None)


@given(scribbles, codes | st.none(), st.sampled_from([None, ".", ","]))
@example("12345678901234", "EUR", None)
@example("1.500", "KWD", None)
@example("1,500", "KWD", ",")
@example("12.", "JPY", None)
@example("12.5", "EUR", None)
@example("12.ab", "EUR", None)
@example("12.50", "EUR", ",")
def test_the_quick_way_and_the_careful_way_agree(text: str, currency: str | None, decimal: str | None) -> None:
    def answer(written: str) -> Money | str:
        try:
            return parse_amount(written, currency, decimal)
        except Invalid:
            return "refused"

    assert answer(text) == answer(f"\u2009{text}")  # space that is not ASCII keeps off the quick way


@given(st.text() | scribbles, codes | st.none())
def test_any_text_is_an_amount_or_refused(text: str, default: str | None) -> None:
    try:
        money = parse_money(text, default)
    except Invalid:
        return
    assert 0 <= money.minor < 10**MAX_DIGITS
    assert money.currency in EXPONENT


@given(moneys)
def test_what_machines_write_is_read_back(money: Money) -> None:
    assert parse_money(f"{plain(money)} {money.currency}", None) == money
    assert parse_money(plain(money), money.currency) == money
    assert parse_amount(plain(money), money.currency, ".") == money


@given(moneys)
def test_what_people_read_is_worth_the_same(money: Money) -> None:
    assert parse_amount(shown(money), None, ".") == money


@pytest.mark.parametrize(
    ("money", "machine", "people"),
    [
        (Money(1_200_050, "EUR"), "12000.50", "12,000.50 EUR"),
        (Money(1_200_000, "EUR"), "12000.00", "12,000 EUR"),
        (Money(5, "EUR"), "0.05", "0.05 EUR"),
        (Money(0, "EUR"), "0.00", "0 EUR"),
        (Money(1_234_567, "JPY"), "1234567", "1,234,567 JPY"),
        (Money(1_500, "KWD"), "1.500", "1.500 KWD"),
        (Money(12_345, "CLF"), "1.2345", "1.2345 CLF"),
        (Money(-5, "EUR"), "-0.05", "-0.05 EUR"),
        (Money(-123_456_789, "EUR"), "-1234567.89", "-1,234,567.89 EUR"),
    ],
)
def test_amounts_as_text(money: Money, machine: str, people: str) -> None:
    assert plain(money) == machine
    assert shown(money) == people


def test_totals_come_per_currency() -> None:
    book = [Money(5, "USD"), None, Money(100, "EUR"), Money(7, "USD"), Money(0, "CHF")]
    assert totals(book) == (Money(0, "CHF"), Money(100, "EUR"), Money(12, "USD"))
    assert totals([]) == totals([None]) == ()


@given(st.lists(moneys | st.none()))
def test_totals_conserve_every_currency_in_any_order(book: list[Money | None]) -> None:
    known = [money for money in book if money]
    result = totals(book)
    assert totals(reversed(book)) == result
    assert [money.currency for money in result] == sorted({money.currency for money in known})
    for total in result:
        assert total.minor == sum(money.minor for money in known if money.currency == total.currency)


@pytest.mark.parametrize(
    ("minor", "ratio", "expected"),
    [
        (10, 0.15, 2),
        (10, 0.25, 3),
        (10, 0.24, 2),
        (100, 0.285, 29),
        (333, 1.0, 333),
        (333, 0.0, 0),
        (5, 0.1, 1),
        (-10, 0.25, -2),
    ],
)
def test_a_ratio_is_rounded_half_up(minor: int, ratio: float, expected: int) -> None:
    assert times(Money(minor, "EUR"), ratio) == Money(expected, "EUR")


@given(moneys, st.integers(0, 1000))
def test_a_ratio_in_thousandths_is_exact(money: Money, thousandths: int) -> None:
    exact = money.minor * Fraction(thousandths, 1000)
    error = times(money, thousandths / 1000).minor - exact
    assert Fraction(-1, 2) < error <= Fraction(1, 2)


def test_a_code_is_read_in_any_case_and_only_a_code() -> None:
    assert parse_currency(" eur ") == "EUR"
    for text in ("€", "EURO", "", "XXX", "ＥＵＲ"):
        with pytest.raises(Invalid, match="is not a currency"):
            parse_currency(text)


def test_the_table_of_currencies() -> None:
    by_exponent = {exponent: {code for code, known in EXPONENT.items() if known == exponent} for exponent in (0, 3, 4)}
    assert {"JPY", "KRW", "VND", "CLP", "UGX", "XAF", "XOF", "ISK"} <= by_exponent[0]
    assert by_exponent[3] == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert by_exponent[4] == {"CLF", "UYW"}
    assert {"IDR", "MRU", "MGA", "EUR", "HUF"} <= {code for code, known in EXPONENT.items() if known == 2}
    assert not {"XTS", "XXX", "XAU", "XAG", "XPT", "XPD", "HRK", "DEM"} & set(EXPONENT)
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENT)


def test_every_sign_means_a_known_currency() -> None:
    assert set(SYMBOL.values()) <= set(EXPONENT)
    assert set().union(*SHARED.values()) <= set(EXPONENT)
    assert not {sign.lower() for sign in SYMBOL} & set(SHARED)
    for sign, code in SYMBOL.items():
        assert parse_money(f"7{sign}", None) == parse_money(f"{sign} 7", None) == parse_money(f"7 {code}", None)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1.5E4", 1_500_000), ("1.0E7", 1_000_000_000), ("2.1083337E5", 21_083_337), ("3E2", 30_000), ("1.25E1", 1_250)],
)
def test_amounts_with_a_power_of_ten_as_java_writes_them(text: str, minor: int) -> None:
    assert parse_money(text, "EUR") == Money(minor, "EUR")


@pytest.mark.parametrize("text", ["1.5E+04", "1.5e4", "E4", "1.5E", "1.5E-2", "1.E4x", "1.5E444", "1,5E4"])
def test_amounts_of_which_a_spreadsheet_has_kept_a_few_digits_are_none(text: str) -> None:
    with pytest.raises(Invalid):
        parse_money(text, "EUR")
