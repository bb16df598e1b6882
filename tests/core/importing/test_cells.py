"""The short ways of an import lead to the very values of the ordinary parsers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.contact import parse_email
from funnelctl.core.importing import cells
from funnelctl.core.importing.undecided import Undecided
from funnelctl.core.text import fold, tidy_optional
from funnelctl.errors import Invalid

texts = st.one_of(
    st.text(max_size=20),
    st.text("abcAB12 .-_%+@\t\n\u200b\u0301é", max_size=12),
    st.from_regex(r"[A-Za-z0-9._%+-]{1,8}@([A-Za-z0-9-]{1,8}\.){0,4}[A-Za-z]{0,6}", fullmatch=True),
)


@given(texts)
def test_a_text_is_as_tidy_makes_it(cell: str) -> None:
    try:
        expected = tidy_optional(cell, "company")
    except Invalid:
        with pytest.raises(Invalid):
            cells.text_parser("company")(cell)
    else:
        assert cells.text_parser("company")(cell) == expected
        assert cells.name_parser("name")(cell) == ((expected, fold(expected)) if expected else (None, None))


@given(texts)
def test_an_email_is_as_parse_email_reads_it(cell: str) -> None:
    if not cell.strip():
        assert cells.email_parser()(cell) == (None, None)
        return
    try:
        expected = parse_email(cell)
    except Invalid:
        with pytest.raises(Invalid):
            cells.email_parser()(cell)
    else:
        assert cells.email_parser()(cell) == expected


def test_a_text_that_is_too_long_or_holds_a_nul() -> None:
    for cell in ("x" * 501, "a\0b", "é" * 501):
        with pytest.raises(Invalid, match="the company"):
            cells.text_parser("company")(cell)
    assert cells.long_text_parser("note")("x" * 1_000_000) == "x" * 1_000_000
    with pytest.raises(Invalid):
        cells.long_text_parser("note")("x" * 1_000_001)


def test_what_could_control_a_terminal_is_kept_as_text() -> None:
    for cell in ("\x1b[31mred", "=HYPERLINK(1)", "\u202etxt", "@SUM(A1)"):
        assert cells.text_parser("note")(cell) == cell


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("", "[]"),
        ("vip", '["vip"]'),
        ("HOT, Retainer", '["HOT", "Retainer"]'),
        ("b; a;;B", '["a", "b"]'),
        (" , ", "[]"),
    ],
)
def test_tags(cell: str, tags: str) -> None:
    assert cells.parse_tags(cell) == tags


@pytest.mark.parametrize(
    ("amount", "code", "money"),
    [
        ("12000", "", (1_200_000, "EUR")),
        ("0", "", (0, "EUR")),
        ("12,000.50", "usd", (1_200_050, "USD")),
        ("12 000,50 €", "", (1_200_050, "EUR")),
        ("1500 IDR", "EUR", (150_000, "IDR")),
        ("12k", "", (1_200_000, "EUR")),
        ("", "USD", (None, None)),
        (" ", "", (None, None)),
    ],
)
def test_money(amount: str, code: str, money: tuple[int | None, str | None]) -> None:
    assert cells.money_parser("EUR", None)((amount, code)) == money


def test_the_decimal_mark_is_declared_where_it_could_be_either() -> None:
    with pytest.raises(Invalid):
        cells.money_parser("EUR", None)(("1.500", ""))
    with pytest.raises(Undecided):
        cells.money_parser("EUR", None, ask=True)(("1.500", ""))
    assert cells.money_parser("EUR", ",")(("1.500", "")) == (150_000, "EUR")
    assert cells.money_parser("EUR", ".")(("1.500", "")) == (150, "EUR")


@pytest.mark.parametrize("amount", ["-5", "1e3", "12x", "TBD", "1" * 40, "NaN", "١٢"])
def test_what_is_no_amount(amount: str) -> None:
    with pytest.raises(Invalid):
        cells.money_parser("EUR", None)((amount, ""))


def test_an_amount_without_a_currency_says_how_to_give_one() -> None:
    with pytest.raises(Invalid) as caught:
        cells.money_parser(None, None)(("12000", ""))
    assert "--currency" in caught.value.hint
    with pytest.raises(Invalid):
        cells.money_parser("EUR", None)(("12000", "EURO"))


@pytest.mark.parametrize(
    ("column", "written", "cell", "chance"),
    [
        ("probability", "share", "0.4", 0.4),
        ("probability", "percent", "0.4", 0.004),
        ("probability", None, "40%", 0.4),
        ("probability", "share", "40 %", 0.4),
        ("probability", None, "65.0", 0.65),
        ("probability", None, "45,0", 0.45),
        ("probability", None, "0.0", 0.0),
        ("probability", "share", "1", 1.0),
        ("probability", "percent", "1.0", 0.01),
        ("Probability (%)", None, "1", 0.01),
        ("Probability (%)", None, "0.4", 0.004),
        ("Probability (%)", "share", "0.4", 0.4),
        ("probability", None, "", None),
    ],
)
def test_probabilities(column: str, written: str | None, cell: str, chance: float | None) -> None:
    assert cells.probability_parser(column, written, ask=True)(cell) == chance


@pytest.mark.parametrize("cell", ["0.4", "1", "1.00", "0,5"])
def test_a_number_up_to_one_does_not_tell_by_itself_of_what_it_is(cell: str) -> None:
    with pytest.raises(Undecided):
        cells.probability_parser("probability", None, ask=True)(cell)


@pytest.mark.parametrize("cell", ["101", "-1", "high", "4.4.4", "1e-1", "nan"])
def test_what_is_no_probability(cell: str) -> None:
    for written in (None, "percent", "share"):
        with pytest.raises(Invalid):
            cells.probability_parser("probability", written, ask=True)(cell)


def test_more_than_the_whole_is_no_share() -> None:
    with pytest.raises(Invalid):
        cells.probability_parser("probability", "share")("40")
    with pytest.raises(Invalid, match='"200" is no chance of winning'):  # as the file writes it
        cells.probability_parser("probability", "percent")("200")


def test_a_memo_asks_once_and_stays_small() -> None:
    asked: list[str] = []

    def parse(cell: str) -> int:
        asked.append(cell)
        return len(cell)

    memo = cells.Memo(parse)
    assert [memo["ab"], memo["ab"], memo["c"]] == [2, 2, 1]
    assert asked == ["ab", "c"]
    long = "x" * (cells.SHORT + 1)
    assert [memo[long], memo[long]] == [len(long)] * 2
    for number in range(cells.REMEMBERED + 100):
        assert memo[str(number)] == len(str(number))
    assert len(memo) == cells.REMEMBERED
