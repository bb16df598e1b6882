"""Days and instants, in zones far from each other and on the days when the clocks change."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelctl.core.period import (
    at_noon,
    day_end,
    day_of,
    day_start,
    days_between,
    instant,
    moment,
    parse_day,
    parse_days,
    parse_instant,
)
from funnelctl.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 30, 15, 999_999, tzinfo=UTC)
Zone = Callable[[str], None]
ZONES = (
    *("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Europe/Madrid"),
    *("Africa/Cairo", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe"),
)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Zone]:
    """Make the process believe that it is somewhere."""

    def be_in(name: str) -> None:
        if not Path("/usr/share/zoneinfo", name).exists():
            pytest.skip(f"this machine knows no {name}")
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield be_in
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        (" 2028-02-29\n", date(2028, 2, 29)),
        ("1900-01-01", date(1900, 1, 1)),
        ("2200-12-31", date(2200, 12, 31)),
        ("today", date(2026, 11, 23)),
        ("YESTERDAY", date(2026, 11, 22)),
        ("Tomorrow", date(2026, 11, 24)),
        ("hoy", date(2026, 11, 23)),
        ("ayer", date(2026, 11, 22)),
        ("mañana", date(2026, 11, 24)),
        ("man\u0303ana", date(2026, 11, 24)),
        ("manana", date(2026, 11, 24)),
        ("hari  ini", date(2026, 11, 23)),
        ("kemarin", date(2026, 11, 22)),
        ("besok", date(2026, 11, 24)),
        ("+3d", date(2026, 11, 26)),
        ("+0d", date(2026, 11, 23)),
        ("-2w", date(2026, 11, 9)),
        ("+1M", date(2026, 12, 23)),
        ("+2m", date(2027, 1, 23)),
        ("-11m", date(2025, 12, 23)),
        ("+1y", date(2027, 11, 23)),
        ("-26y", date(2000, 11, 23)),
        ("tue", date(2026, 11, 24)),
        ("Sunday", date(2026, 11, 29)),
        ("SUN", date(2026, 11, 29)),
        ("mon", date(2026, 11, 30)),
        ("monday", date(2026, 11, 30)),
    ],
)
def test_a_day(text: str, day: date) -> None:
    assert parse_day(text, MONDAY) == day


@pytest.mark.parametrize(
    ("today", "step", "day"),
    [
        (date(2026, 1, 31), "+1m", date(2026, 2, 28)),
        (date(2028, 1, 31), "+1m", date(2028, 2, 29)),
        (date(2026, 3, 31), "-1m", date(2026, 2, 28)),
        (date(2026, 10, 31), "+1m", date(2026, 11, 30)),
        (date(2026, 10, 31), "+14m", date(2027, 12, 31)),
        (date(2028, 2, 29), "+1y", date(2029, 2, 28)),
        (date(2028, 2, 29), "+4y", date(2032, 2, 29)),
        (date(2028, 2, 29), "-28y", date(2000, 2, 29)),
        (date(2026, 12, 31), "+1d", date(2027, 1, 1)),
    ],
)
def test_a_step_of_months_ends_on_the_last_day_of_a_shorter_month(today: date, step: str, day: date) -> None:
    assert parse_day(step, today) == day


@given(
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]),
)
def test_a_weekday_is_the_next_one_and_never_today(today: date, name: str) -> None:
    day = parse_day(name, today)
    assert f"{day:%a}".lower() == name
    assert today < day <= today + timedelta(days=7)


@pytest.mark.parametrize(
    "text",
    ["05/01/2026", "5.1.2026", "5-1-2026", "05/01/26", "25/12/2026", "1.2.3", "26-11-23", " 05/01/2026 "],
)
def test_day_and_month_that_cannot_be_told_apart(text: str) -> None:
    with pytest.raises(Invalid, match="day and month cannot be told apart") as refused:
        parse_day(text, MONDAY)
    assert "2026-11-23" in refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "20261123",
            "2026-W48-1",
            "2026-1-5",
            "2026/01/05",
            "2026-11-23T10:00",
            "2026",
        ),
        *(
            "٢٠٢٦-١١-٢٣",
            "２０２６-11-23",
            "2026-11-2³",
            "2026-11-23Z",
            "+026-11-23",
            "2026-x1-23",
            "2026-11-x3",
            "hari" + " " * 40 + "ini",
        ),
        *("3d", "+3", "+d", "+3h", "+ 3d", "++3d", "+3 d", "+-3d", "+123456d", "+٣d", "+3.5d", "+1e1d"),
        *("now", "monda", "next monday", "lunes", "12", "noon", "-", "+", "d", "today" * 9),
    ],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(Invalid, match=r"is not a day$") as refused:
        parse_day(text, MONDAY)
    assert "2026-11-23, today, tomorrow, +3d" in refused.value.hint


@pytest.mark.parametrize("text", ["2026-02-30", "2025-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01"])
def test_a_day_that_is_not_in_the_calendar(text: str) -> None:
    with pytest.raises(Invalid, match=f'^"{text}" is not in the calendar$'):
        parse_day(text, MONDAY)


@pytest.mark.parametrize(
    "text",
    [
        "1899-12-31",
        "2201-01-01",
        "9999-12-31",
        "0001-01-01",
        "-127y",
        "+175y",
        "+99999d",
        "-99999w",
        "+99999y",
        "-99999m",
    ],
)
def test_a_day_outside_the_years_that_are_meant(text: str) -> None:
    with pytest.raises(Invalid, match="outside the years 1900 to 2200"):
        parse_day(text, MONDAY)


@given(st.text() | st.text("0123456789-+/.dwmyTZ: ", max_size=12))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        day = parse_day(text, MONDAY)
    except Invalid:
        return
    assert 1900 <= day.year <= 2200
    assert parse_day(day.isoformat(), MONDAY) == day


@pytest.mark.parametrize(
    ("text", "local", "stored"),
    [
        ("2026-03-01T14:30", "Asia/Tokyo", "2026-03-01T05:30:00Z"),
        ("2026-03-01 14:30", "America/New_York", "2026-03-01T19:30:00Z"),
        ("2026-03-01t14:30:59", "Pacific/Kiritimati", "2026-03-01T00:30:59Z"),
        (" 2026-03-01T14:30Z\n", "Asia/Tokyo", "2026-03-01T14:30:00Z"),
        ("2026-03-01T14:30:15z", "Asia/Tokyo", "2026-03-01T14:30:15Z"),
        ("2026-03-01T14:30+02:00", "Asia/Tokyo", "2026-03-01T12:30:00Z"),
        ("2026-03-01T01:30:00-05:30", "UTC", "2026-03-01T07:00:00Z"),
        ("2026-03-01T14:30:15.999Z", "UTC", "2026-03-01T14:30:15Z"),
        ("2026-03-01", "Asia/Tokyo", "2026-03-01T03:00:00Z"),
        ("2026-03-01", "America/New_York", "2026-03-01T17:00:00Z"),
        ("2026-07-01", "America/New_York", "2026-07-01T16:00:00Z"),
        ("2026-03-01", "Pacific/Kiritimati", "2026-02-28T22:00:00Z"),
        ("-1w", "UTC", "2026-11-16T12:00:00Z"),
        ("yesterday", "UTC", "2026-11-22T12:00:00Z"),
        ("today", "UTC", "2026-11-23T10:30:15Z"),
        ("2026-11-23", "UTC", "2026-11-23T10:30:15Z"),
        # At half past ten in UTC it is already tomorrow on Kiritimati.
        ("2026-11-24", "Pacific/Kiritimati", "2026-11-23T10:30:15Z"),
        ("2026-11-23", "Pacific/Kiritimati", "2026-11-22T22:00:00Z"),
        ("today", "Asia/Tokyo", "2026-11-23T10:30:15Z"),
    ],
)
def test_an_instant(zone: Zone, text: str, local: str, stored: str) -> None:
    zone(local)
    assert parse_instant(text, NOW) == stored


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2026-03-08T01:59", "2026-03-08T06:59:00Z"),
        ("2026-03-08T02:30", "2026-03-08T07:30:00Z"),  # left out: as if the clock had not been changed yet
        ("2026-03-08T03:00", "2026-03-08T07:00:00Z"),
        ("2026-11-01T01:30", "2026-11-01T05:30:00Z"),  # comes twice: the first
        ("2026-11-01T01:30-05:00", "2026-11-01T06:30:00Z"),
        ("2026-11-01T02:00", "2026-11-01T07:00:00Z"),
    ],
)
def test_times_when_the_clocks_change(zone: Zone, text: str, stored: str) -> None:
    zone("America/New_York")
    assert parse_instant(text, NOW) == stored


@pytest.mark.parametrize("text", ["tomorrow", "2026-11-24", "+1d", "mon", "2026-11-23T10:31Z", "2027-01-01T00:00"])
def test_what_has_happened_does_not_lie_in_the_future(zone: Zone, text: str) -> None:
    zone("UTC")
    with pytest.raises(Invalid, match="lies in the future"):
        parse_instant(text, NOW)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-01T", "2026-03-01T14", "2026-03-01T1430", "2026-03-01T25:00", "2026-03-01T14:60"),
        *("2026-03-01T14:30 Z", "2026-03-01T14:30:00+99:00", "2026-03-01T14:30Zulu", "2026-03-01  14:30"),
        *("2026-03-01T１４:30", "2026-03-01x14:30", "14:30", "2026-03-01T14:30\0", "2026-03-01T14:30.5"),
        *("2026-03-01T14:30Z+02:00", "2026-03-01T14:30+02:00Z", "2026-03-01T14:30:", "2026-03-01T14:30:15."),
    ],
)
def test_what_is_no_instant(zone: Zone, text: str) -> None:
    zone("UTC")
    with pytest.raises(Invalid, match=r"is not a (time|day)"):
        parse_instant(text, NOW)


def test_an_instant_on_an_impossible_day_says_so() -> None:
    with pytest.raises(Invalid, match="is not in the calendar"):
        parse_instant("2026-02-30T10:00", NOW)


@given(st.text() | st.text("0123456789-+/.dwmyTZ: ", max_size=20))
def test_any_text_is_an_instant_or_refused(text: str) -> None:
    try:
        stored = parse_instant(text, NOW)
    except Invalid:
        return
    assert moment(stored) <= NOW


def test_noon_of_a_day_but_never_later_than_now_today(zone: Zone) -> None:
    zone("UTC")
    assert at_noon(date(2026, 11, 22), NOW) == "2026-11-22T12:00:00Z"
    assert at_noon(date(2026, 11, 23), NOW) == "2026-11-23T10:30:15Z"
    assert at_noon(date(2026, 11, 23), NOW.replace(hour=18)) == "2026-11-23T12:00:00Z"
    assert at_noon(date(2026, 11, 24), NOW) == "2026-11-24T12:00:00Z"


@pytest.mark.parametrize("local", ZONES)
@given(day=st.dates(date(1975, 1, 1), date(2026, 11, 20)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_bare_day_is_its_noon(zone: Zone, local: str, day: date) -> None:
    zone(local)
    there = moment(parse_instant(day.isoformat(), NOW)).astimezone(ZoneInfo(local))
    assert (there.date(), there.hour, there.minute) == (day, 12, 0)


def test_an_instant_is_utc_text_to_the_second() -> None:
    paris = datetime(2026, 7, 1, 0, 30, 59, 999_999, tzinfo=ZoneInfo("Europe/Paris"))
    assert instant(paris) == "2026-06-30T22:30:59Z"
    assert instant(datetime(1900, 1, 1, tzinfo=UTC)) == "1900-01-01T00:00:00Z"
    assert moment("2026-06-30T22:30:59Z") == datetime(2026, 6, 30, 22, 30, 59, tzinfo=UTC)


def test_a_time_without_a_zone_is_never_stored() -> None:
    with pytest.raises(ValueError, match="zone"):
        instant(datetime(2026, 7, 1))  # noqa: DTZ001 - the very mistake


@pytest.mark.parametrize(
    ("local", "stored", "day"),
    [
        ("UTC", "2026-11-23T23:59:59Z", date(2026, 11, 23)),
        ("Asia/Tokyo", "2026-11-23T14:59:59Z", date(2026, 11, 23)),
        ("Asia/Tokyo", "2026-11-23T15:00:00Z", date(2026, 11, 24)),
        ("America/New_York", "2026-11-23T04:59:59Z", date(2026, 11, 22)),
        ("America/New_York", "2026-07-01T04:00:00Z", date(2026, 7, 1)),
        ("Pacific/Kiritimati", "2026-11-23T10:00:00Z", date(2026, 11, 24)),
        ("Pacific/Kiritimati", "2026-11-23", date(2026, 11, 23)),
    ],
)
def test_the_local_day_of_an_instant(zone: Zone, local: str, stored: str, day: date) -> None:
    zone(local)
    assert day_of(stored) == day


@pytest.mark.parametrize(
    ("local", "day", "start", "end"),
    [
        ("UTC", date(2026, 11, 23), "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z"),
        ("Asia/Tokyo", date(2026, 11, 23), "2026-11-22T15:00:00Z", "2026-11-23T15:00:00Z"),
        ("Pacific/Kiritimati", date(2026, 11, 23), "2026-11-22T10:00:00Z", "2026-11-23T10:00:00Z"),
        ("America/New_York", date(2026, 3, 8), "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"),  # 23 hours
        ("America/New_York", date(2026, 11, 1), "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),  # 25 hours
        (
            "America/Havana",
            date(2024, 11, 3),
            "2024-11-03T04:00:00Z",
            "2024-11-04T05:00:00Z",
        ),  # midnight twice
        ("Africa/Cairo", date(2024, 4, 26), "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z"),  # begins at one
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"),  # was left out
    ],
)
def test_a_local_day_is_half_open(zone: Zone, local: str, day: date, start: str, end: str) -> None:
    zone(local)
    assert (day_start(day), day_end(day)) == (start, end)


@pytest.mark.parametrize("local", ZONES)
@given(at=st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_every_instant_lies_in_its_day(zone: Zone, local: str, at: datetime) -> None:
    zone(local)
    stored = instant(at)
    day = day_of(stored)
    assert day == at.astimezone(ZoneInfo(local)).date()
    assert day_start(day) <= stored < day_end(day)


@pytest.mark.parametrize(
    ("local", "earlier", "later", "days"),
    [
        ("UTC", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z", 1),
        ("UTC", "2026-11-23T00:00:00Z", "2026-11-23T23:59:59Z", 0),
        ("UTC", "2026-11-24T00:00:00Z", "2026-11-01T00:00:00Z", 0),
        ("Asia/Tokyo", "2026-11-23T14:59:59Z", "2026-11-23T15:00:00Z", 1),
        ("Asia/Tokyo", "2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z", 0),
        ("America/New_York", "2026-10-31T05:00:00Z", "2026-11-02T04:59:59Z", 1),  # over a day of 25 hours
        ("America/New_York", "2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z", 2),
        ("UTC", "2026-11-01", "2026-11-23T10:00:00Z", 22),
    ],
)
def test_days_between_are_midnights(zone: Zone, local: str, earlier: str, later: str, days: int) -> None:
    zone(local)
    assert days_between(earlier, later) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [("14d", 14), ("2w", 14), ("12w", 84), ("0d", 0), (" 3D ", 3), ("0w", 0), ("007d", 7), ("99999d", 99_999)],
)
def test_a_span(text: str, days: int) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize(
    "text", ["", "14", "d", "-1d", "+1d", "1.5d", "1 d", "2m", "1y", "٣d", "1e3d", "999999d", "d14"]
)
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(Invalid, match="is not a number of days"):
        parse_days(text)
