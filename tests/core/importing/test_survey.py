"""What a whole column tells where its cells do not, and what is asked where it does not either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.declared import Declared
from funnelctl.core.importing.sheet import Sheet
from funnelctl.core.importing.survey import Found, survey
from funnelctl.errors import BadData

HEADER = ("title", "created", "close", "value")


def surveyed(*rows: tuple[str, ...], **declared: object) -> Found:
    """A sheet of created, close and value, from line 2 on."""
    cells = [["x", *row, *[""] * (3 - len(row))] for row in rows]
    sheet = Sheet(HEADER, iter(list(enumerate(cells, 2))))
    said = Declared(kind="opportunities")._replace(**declared)  # type: ignore[arg-type]
    return survey(sheet, map_columns(HEADER, {}, "opportunities"), said, "f.csv")


def asked(*rows: tuple[str, ...], **declared: object) -> BadData:
    with pytest.raises(BadData) as caught:
        surveyed(*rows, **declared)
    return caught.value


def created(*cells: str) -> tuple[str, ...]:
    return surveyed(*[(cell,) for cell in cells]).declared.date_formats


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (("4/5/2025", "3/20/2025"), ("created=MM/DD/YYYY",)),
        (("4/5/2025", "20/3/2025 10:00"), ("created=DD/MM/YYYY",)),
        (("4-5-2025", "20-3-2025"), ("created=DD-MM-YYYY",)),
        (("3/20/25", "4/5/2025"), ("created=MM/DD/YYYY", "created=MM/DD/YY")),
        (("4/4/2025", "1/1/2025"), ("created=DD/MM/YYYY",)),
        (("02.04.2025",), ("created=DD.MM.YYYY",)),
        (("02.04.25", "1.2.2025"), ("created=DD.MM.YYYY", "created=DD.MM.YY")),
        (("03.20.2025", "02.04.2025"), ("created=MM.DD.YYYY",)),
        (("2. 4. 2025",), ("created=DD. MM. YYYY",)),
        (("31-12-25", "3-1-26"), ("created=DD-MM-YY",)),
        (("99/12/31", "25/11/30"), ("created=YY/MM/DD",)),
        (("25/01/02", "13/02/2025"), ("created=DD/MM/YYYY", "created=DD/MM/YY")),
        (("13/02/2025", "25/01/02"), ("created=DD/MM/YYYY", "created=DD/MM/YY")),
        (
            ("13/02/2025", "14-02-2025", "02.13.2025"),
            ("created=DD/MM/YYYY", "created=DD-MM-YYYY", "created=MM.DD.YYYY"),
        ),
        (("31-12-99", "01-02-98"), ("created=DD-MM-YY",)),
        (("20250402", "2025-04-02"), ("created=YYYYMMDD",)),
        (("2-Apr-25", "TBD"), ("created=D MMM YY",)),
        (("45292", "45293.5", ""), ("created=EXCEL",)),
        (("4/5/2025", "20/3/2025", "02.04.2025"), ("created=DD/MM/YYYY", "created=DD.MM.YYYY")),
        (("2025-04-02", "15 Apr, 2021", "TBD", ""), ()),
        (("31/31/2025", "30/2/2025", "12345", "20251345"), ()),
    ],
)
def test_what_a_column_of_dates_tells(cells: tuple[str, ...], formats: tuple[str, ...]) -> None:
    assert created(*cells) == formats


def test_it_is_told_with_the_row_that_decides() -> None:
    found = surveyed(("4/5/2025", "", "1.500"), ("3/20/2025", "02.04.2027", "12.500,00"), ("3/21/2025", "", "7,5"))
    assert found.notes == [
        "'created' is read as MM/DD/YYYY: line 3 has \"3/20/2025\"",
        "'close' is read as DD.MM.YYYY: dates with dots have the day first",
        "'value' has the decimal mark ,: line 3 has \"12.500,00\"",
    ]
    assert (found.declared.decimal, found.declared.surveyed) == (",", True)


def test_each_column_on_its_own() -> None:
    found = surveyed(("3/20/2025", "20/3/2027"))
    assert found.declared.date_formats == ("created=MM/DD/YYYY", "close=DD/MM/YYYY")
    error = asked(("3/20/2025", "4/5/2027"))
    assert error.message == (
        "f.csv: 'close' may be DD/MM/YYYY or MM/DD/YYYY, and no row tells which; nothing was saved"
    )
    assert error.hint == "answer by --date-format 'close=DD/MM/YYYY' or --date-format 'close=MM/DD/YYYY'"


def test_what_stays_open_is_asked_all_at_once_with_the_answers_and_some_rows() -> None:
    error = asked(("4/5/2025", "01-02-27", "1.500"), ("1/1/2025", "", "800"))
    assert error.message == (
        "f.csv: 'created' may be DD/MM/YYYY or MM/DD/YYYY, and no row tells which; 'close' may be DD-MM-YY, MM-DD-YY or"
        " YY-MM-DD, and no row tells which; 'value' does not tell whether its decimal mark is . or ,; nothing was saved"
    )
    assert error.hint == (
        "answer by --date-format DD/MM/YYYY or --date-format MM/DD/YYYY; answer by --date-format DD-MM-YY or"
        " --date-format MM-DD-YY or --date-format YY-MM-DD; answer by --decimal . or --decimal ,"
    )
    assert [(each.line, each.column, each.message) for each in error.problems] == [
        (2, "created", '"4/5/2025" may mean 2025-05-04 or 2025-04-05'),
        (2, "close", '"01-02-27" may mean 2027-02-01 or 2027-01-02 or 2001-02-27'),
        (2, "value", '"1.500" may mean 1500 or 1.500'),
    ]


def test_a_column_that_contradicts_itself_is_told_with_both_rows() -> None:
    error = asked(("3/20/2025",), ("4/5/2025",), ("20/3/2025",))
    assert error.message.startswith("f.csv: 'created' has the day first in one row and the month first in another")
    assert [(each.line, each.message) for each in error.problems] == [(2, '"3/20/2025"'), (4, '"20/3/2025"')]


@pytest.mark.parametrize(
    ("cell", "orders"),
    [
        ("01/02/03", "DD/MM/YY, MM/DD/YY or YY/MM/DD"),
        ("25/12/31", "DD/MM/YY or YY/MM/DD"),
        ("03-20-25", ""),
        ("3/20/25", ""),
        ("10/11/30", "DD/MM/YY, MM/DD/YY or YY/MM/DD"),
        ("01 02 03", "DD MM YY, MM DD YY or YY MM DD"),
    ],
)
def test_short_dates_that_fit_more_than_one_order_are_asked(cell: str, orders: str) -> None:
    if orders:
        error = asked((cell,), ("",))
        assert f"'created' may be {orders}, and no row tells which" in error.message
        [sample] = error.problems
        assert sample.message.count(" or ") == orders.count(", ") + 1
    else:
        assert len(created(cell)) == 1


def test_an_option_is_given_as_a_shell_takes_it() -> None:
    assert asked(("01 02 2003",)).hint == "answer by --date-format 'DD MM YYYY' or --date-format 'MM DD YYYY'"


def test_two_signs_that_prove_different_orders_are_told_with_both_rows_and_what_reads_them() -> None:
    error = asked(("13/02/2026",), ("02-13-2026",))
    assert error.message.startswith("f.csv: 'created' has the day first in one row and the month first in another")
    assert [(each.line, each.message) for each in error.problems] == [(2, '"13/02/2026"'), (3, '"02-13-2026"')]
    assert error.hint == "answer by --date-format 'created=DD/MM/YYYY' --date-format 'created=MM-DD-YYYY'"


def test_numbers_among_dates_are_asked() -> None:
    error = asked(("2025-04-02",), ("45292",))
    assert error.message.startswith("f.csv: 'created' has numbers among its dates")
    assert "--date-format 'created=EXCEL'" in error.hint
    assert [(each.line, each.message) for each in error.problems] == [(3, '"45292" is no date as the others are')]


def test_what_was_declared_is_not_asked() -> None:
    for formats in (("DD/MM/YYYY",), ("Created=DD/MM/YYYY",)):
        assert surveyed(("4/5/2025",), date_formats=formats).declared.date_formats == formats
    assert surveyed(("", "", "1.500"), decimal=".").declared.decimal == "."


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (("1.500", "12.500,00 €"), ","),
        (("1.500", "$1,117.10K"), "."),
        (("1.500", "2.000.000"), ","),
        (("1,500", "7.5"), "."),
        (("1500", "7.5", "12,5"), None),  # nothing is open
        (("800", "TBD", "-", "?", "(5.00)"), "."),
    ],
)
def test_the_decimal_mark_of_a_column(cells: tuple[str, ...], mark: str | None) -> None:
    assert surveyed(*[("", "", cell) for cell in cells]).declared.decimal == mark


def test_amounts_of_two_kinds_are_told_where_one_is_open() -> None:
    error = asked(("", "", "1.500"), ("", "", "7.5"), ("", "", "12,5"))
    assert error.message == "f.csv: 'value' has amounts with the decimal mark . and with ,; nothing was saved"
    assert [(each.line, each.message) for each in error.problems] == [
        (2, '"1.500" may mean 1500 or 1.500'),
        (3, '"7.5" has the decimal mark .'),
        (4, '"12,5" has the decimal mark ,'),
    ]


@given(st.lists(st.dates().filter(lambda day: 1900 <= day.year <= 2200), min_size=1), st.booleans())
def test_an_order_is_never_guessed(days: list, american: bool) -> None:  # type: ignore[type-arg]
    cells = [f"{day.month}/{day.day}/{day.year}" if american else f"{day.day}/{day.month}/{day.year}" for day in days]
    if any(day.day > 12 for day in days) or all(day.day == day.month for day in days):
        american = american and any(day.day > 12 for day in days)
        assert created(*cells) == ("created=MM/DD/YYYY" if american else "created=DD/MM/YYYY",)
    else:
        asked(*[(cell,) for cell in cells])
