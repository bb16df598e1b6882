from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.importing.date_format import compile_format
from funnelctl.core.importing.dates import Dates
from funnelctl.core.importing.undecided import Undecided
from funnelctl.errors import Invalid

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def dates(*formats: str) -> Dates:
    return Dates(formats, NOW)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2025-04-02", "2025-04-02T12:00:00Z"),
        (" 2025-04-02 ", "2025-04-02T12:00:00Z"),
        ("2025-04-02 09:15", "2025-04-02T09:15:00Z"),
        ("2025-04-02T09:15:30.999Z", "2025-04-02T09:15:30Z"),
        ("2025-04-02t09:15:30+02:00", "2025-04-02T07:15:30Z"),
        ("2026-11-23", "2026-11-23T10:00:00Z"),  # today's noon is still to come
    ],
)
def test_iso_dates_and_times_need_no_declaration(cell: str, instant: str) -> None:
    assert dates().instant(cell) == instant
    assert dates("D/M/YYYY").instant(cell) == instant


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2025-4-2", "2025-04-02T12:00:00Z"),
        ("2025/04/02", "2025-04-02T12:00:00Z"),
        ("2025.4.2 7:05", "2025-04-02T07:05:00Z"),
        ("2025-04-02 09:15 PM", "2025-04-02T21:15:00Z"),
        ("2025-04-02 09:15:00 UTC", "2025-04-02T09:15:00Z"),
        ("2025-04-02 09:15:00 -0530", "2025-04-02T14:45:00Z"),
        ("2 Apr 2025", "2025-04-02T12:00:00Z"),
        ("15 Apr, 2021 00:02:00", "2021-04-15T00:02:00Z"),
        ("April 2, 2025 9:15 AM", "2025-04-02T09:15:00Z"),
        ("April 2, 2025 9:15 AM (GMT+2)", "2025-04-02T07:15:00Z"),
        ("April 2nd, 2025", "2025-04-02T12:00:00Z"),
        ("2 de abril de 2025", "2025-04-02T12:00:00Z"),
        ("2. März 2025", "2025-03-02T12:00:00Z"),
        ("15-dic-2024 5:45 p. m.", "2024-12-15T17:45:00Z"),
        ("2025-Apr-02", "2025-04-02T12:00:00Z"),
    ],
)
def test_dates_that_mean_one_day_only_need_no_declaration_either(cell: str, instant: str) -> None:
    assert dates().instant(cell) == instant
    assert Dates([], NOW, ask=True).instant(cell) == instant


@pytest.mark.parametrize(
    "cell",
    ["05/01/2026", "1/2/26", "5.1.2026 10:00", "20250402", "45292", "45292.5", "2-Apr-25", "31/31/2025", "00000"],
)
def test_what_a_cell_alone_does_not_tell_is_asked(cell: str) -> None:
    with pytest.raises(Undecided):
        Dates([], NOW, ask=True).instant(cell)
    with pytest.raises(Invalid):
        Dates(["YYYY-MM-DD"], NOW, ask=True).instant(cell)  # who declares a format has said all


@pytest.mark.parametrize("cell", ["Nov 2024", "2024", "Q3 2025", "TBD", "5 Mayonnaise 2024", "15 jui 2024", "123456"])
def test_what_no_column_could_tell_is_not_asked(cell: str) -> None:
    with pytest.raises(Invalid):
        Dates([], NOW, ask=True).instant(cell)


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("45292", "2024-01-01T12:00:00Z"),
        ("45292.0", "2024-01-01T12:00:00Z"),
        ("45292.75", "2024-01-01T18:00:00Z"),
        ("45292,999999", "2024-01-02T00:00:00Z"),
        ("61", "1900-03-01T12:00:00Z"),
    ],
)
def test_day_numbers_of_a_spreadsheet(cell: str, instant: str) -> None:
    assert dates("EXCEL").instant(cell) == instant
    with pytest.raises(Invalid):
        dates("EXCEL").instant("60")


@pytest.mark.parametrize(
    "cell",
    [
        "05/01/2026", "1/2/26", "20250402", "2025-W01-1", "today", "+3d", "mon", "45000", "2025-04-02x",
        "2025-04-02 9", "2025-04-02T", "-", "٢٠٢٥-٠٤-٠٢", "2025-02-30", "1066-10-14", "2025-13-01", "2025-04-02 25:00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(cell: str) -> None:
    with pytest.raises(Invalid):
        dates().instant(cell)
    with pytest.raises(Invalid):
        dates().day(cell)


def test_the_refusal_says_how_to_declare() -> None:
    with pytest.raises(Invalid, match='"05/01/2026" is not a date such as 2026-11-23') as caught:
        dates().day("05/01/2026")
    assert "--date-format DD/MM/YYYY" in caught.value.hint


@pytest.mark.parametrize(
    ("written", "cell", "day"),
    [
        ("DD/MM/YYYY", "05/01/2026", "2026-01-05"),
        ("MM/DD/YYYY", "05/01/2026", "2026-05-01"),
        ("DD.MM.YYYY", "5.11.2024", "2024-11-05"),
        ("DD.MM.YY", "10.01.25", "2025-01-10"),
        ("D.M.YY", "1.2.95", "1995-02-01"),
        ("M/D/YYYY", "7/31/2025", "2025-07-31"),
        ("YYYY/MM/DD", "2025/07/31", "2025-07-31"),
        ("YYYYMMDD", "20250731", "2025-07-31"),
        ("D MMM YYYY", "15 Mar 2024", "2024-03-15"),
        ("D MMM YYYY", "15  march  2024", "2024-03-15"),
        ("D MMM YYYY", "3 ene 2024", "2024-01-03"),
        ("D MMM YYYY", "3 Agustus 2024", "2024-08-03"),
        ("MMM D, YYYY", "Dec. 1, 2025", "2025-12-01"),
        ("DD MMM, YYYY HH:mm:ss", "15 Apr, 2021 00:02:00", "2021-04-15"),
    ],
)
def test_declared_formats(written: str, cell: str, day: str) -> None:
    assert dates(written).day(cell) == day


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("31/07/2025 17:45", "2025-07-31T17:45:00Z"),
        ("31/07/2025 5:45 PM", "2025-07-31T17:45:00Z"),
        ("31/07/2025T05:45:10.5", "2025-07-31T05:45:10Z"),
        ("31/07/2025, 12:00 am", "2025-07-31T00:00:00Z"),
    ],
)
def test_a_time_may_follow_a_declared_date(cell: str, instant: str) -> None:
    assert dates("DD/MM/YYYY").instant(cell) == instant


@pytest.mark.parametrize(
    "cell",
    ["31/07/2025 25:00", "31/07/2025 13:00 pm", "32/01/2025", "31/13/2025", "5 Foo 2024", "1/1/20255", "3107/2025"],
)
def test_what_does_not_fit_a_declared_format(cell: str) -> None:
    with pytest.raises(Invalid):
        dates("DD/MM/YYYY", "D MMM YYYY").instant(cell)


def test_several_formats_in_one_file() -> None:
    both = dates("DD.MM.YYYY", "DD.MM.YY")
    assert [both.day(cell) for cell in ("02.04.2025", "10.01.25")] == ["2025-04-02", "2025-01-10"]


@pytest.mark.parametrize(
    "written",
    ["", "foo", "DD/MM", "DD/DD/YYYY", "DD/MM/YYYY/YY", "dd/mm/yyyy", "%d.%m.%Y", "YYYY", "DDD.MM.YYYY", "HH:mm"],
)
def test_what_is_no_format(written: str) -> None:
    with pytest.raises(Invalid, match="is not a date format"):
        compile_format(written)


def test_what_has_happened_lies_in_the_past_and_what_is_expected_anywhere() -> None:
    for cell in ("2026-11-24", "2026-11-23T10:00:01Z"):
        with pytest.raises(Invalid, match="lies in the future"):
            dates().instant(cell)
        assert dates().day(cell) == cell[:10]


@pytest.mark.parametrize(
    "cell",
    [
        "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "1 Jan 0001 00:00 UTC+14", "1900-01-01T00:00+14:00",
        "2200-12-31T23:59-14:00", "2026-01-01T10:00+24:00", "2026-01-01 10:00 UTC-23:99",
    ],
)  # fmt: skip
@pytest.mark.parametrize("read", ["instant", "day"])
def test_a_time_that_leaves_the_calendar_with_its_zone_is_refused(cell: str, read: str) -> None:
    with pytest.raises(Invalid, match=r"is (not in the calendar|outside the years)"):
        getattr(dates(), read)(cell)


def test_an_empty_cell_is_no_date() -> None:
    assert dates().instant(" ") is None
    assert dates().day("") is None


def test_hostile_cells_take_no_time() -> None:
    for cell in ("1" * 100_000, " " * 100_000 + "x", "1/" * 50_000, "15 " + "a" * 99_999):
        with pytest.raises(Invalid):
            dates("DD/MM/YYYY", "D MMM YYYY").instant(cell)


@given(
    st.dates(date(1969, 1, 1), date(2026, 11, 22)), st.sampled_from(["DD/MM/YYYY", "M-D-YY", "YYYYMMDD", "D MMM YYYY"])
)
def test_a_date_written_in_a_format_is_read_as_that_day(day: date, written: str) -> None:
    cell = {
        "DD/MM/YYYY": f"{day:%d/%m/%Y}",
        "M-D-YY": f"{day.month}-{day.day}-{day:%y}",
        "YYYYMMDD": f"{day:%Y%m%d}",
        "D MMM YYYY": f"{day.day} {day:%b} {day.year}",
    }[written]
    assert dates(written).day(cell) == day.isoformat()
    assert dates(written).instant(cell) == f"{day}T12:00:00Z"
