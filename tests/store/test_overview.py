"""The figures of the one-screen report, counted once more by hand and row by row."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from deeds import FUNNELS, deeds, step
from desk import Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelctl.core.money import Money
from funnelctl.core.records import Opportunity
from funnelctl.errors import FunnelctlError
from funnelctl.store.reports import overview
from funnelctl.store.reports.attention import Asked
from funnelctl.store.reports.overview import Closed, Overview, win_rate


def figures(desk: Desk, now: str, **bounds: str | None) -> Overview:
    with desk.reading() as book:
        asked = Asked(now, None, bounds.get("since"), bounds.get("until"), bounds.get("funnel"), "en")
        return overview.asked(book, asked)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db", *FUNNELS)


def sell(desk: Desk, title: str, **raw: Any) -> Opportunity:
    return desk.add_sale(desk.add_lead(f"{title} Ltd"), title, **raw)


def test_an_empty_book_has_its_stages_and_nothing_in_them(desk: Desk) -> None:
    found = figures(desk, "2026-03-05T12:00:00Z")
    assert [row[1:4] for row in found.live.rows] == [
        ("request", "Service request", 0), ("proposal", "Proposal", 0), ("agreement", "Agreement", 0),
    ]  # fmt: skip
    assert [row[1:] for row in found.leads.rows] == [("enquiry", "Enquiry", 0, None)]
    assert (found.won, found.lost) == (Closed(0, ()), Closed(0, ()))
    assert found.win_rate == (None, None, 0, ())
    assert (found.stale.rows, found.stale_leads.rows, found.waking.rows, found.several_funnels) == ((), (), (), False)


def test_a_small_book_counted_by_hand(desk: Desk) -> None:
    sell(desk, "A", value="100.50 EUR")  # 30 % of 100.50 is 30.15
    sell(desk, "B", value="50 EUR", probability="90%")
    sell(desk, "C", value="70 USD")
    sell(desk, "D")
    sell(desk, "E", value="40 EUR")
    desk.add_lead("Somebody")
    step(desk, "sleep", 4, 10)  # E until 12 March
    found = figures(desk, "2026-03-05T12:00:00Z")
    request = found.live.rows[0]
    assert request == (
        "consulting", "request", "Service request", 5, (Money(190_50, "EUR"), Money(70_00, "USD")),
        (Money(30_15 + 45_00, "EUR"), Money(21_00, "USD")), 3, 1,
    )  # fmt: skip
    assert found.leads.rows == (("consulting", "enquiry", "Enquiry", 1, 3),)
    assert found.waking.rows == (("O5", "E", "E Ltd", "2026-03-12"),)
    awake = figures(desk, "2026-03-12T12:00:00Z")
    assert awake.waking.rows == ()
    assert awake.live.rows[0][7] == 0
    assert [row[0] for row in awake.stale.rows] == ["O1", "O2", "O3", "O4"]  # O5 has just woken
    assert awake.stale.rows[0] == ("O1", "A", "A Ltd", "request", "Service request", 10, 7)


def test_the_closed_ones_are_those_of_the_period(desk: Desk) -> None:
    for title, value, day, verb in (
        ("A", "100 EUR", "03", "win"), ("B", "300 EUR", "05", "lose"), ("C", "50 USD", "07", "lose"),
        ("D", None, "09", "win"),
    ):  # fmt: skip
        desk.at = f"2026-03-{day}T12:00:00Z"
        sale = sell(desk, title, **({"value": value} if value else {}))
        step(desk, verb, sale.id - 1, 0)
    now = "2026-04-01T12:00:00Z"
    found = figures(desk, now)
    assert found.won == Closed(2, (Money(100_00, "EUR"),))
    assert found.lost == Closed(2, (Money(300_00, "EUR"), Money(50_00, "USD")))
    assert found.win_rate == (0.5, None, 4, (("EUR", 0.25), ("USD", 0.0)))
    part = figures(desk, now, since="2026-03-05T00:00:00Z", until="2026-03-07T12:00:00Z")  # up to, without, the last
    assert (part.won.n, part.lost) == (0, Closed(1, (Money(300_00, "EUR"),)))
    assert figures(desk, now, funnel="jm-sports").win_rate.n == 0


def test_a_win_rate_by_value_is_one_number_where_there_is_one_currency() -> None:
    rate = win_rate(Closed(1, (Money(300, "EUR"),)), Closed(3, (Money(100, "EUR"),)))
    assert (rate.by_count, rate.by_value, rate.n) == (0.25, 0.75, 4)
    worthless = win_rate(Closed(1, (Money(0, "EUR"),)), Closed(0, ()))
    assert (worthless.by_count, worthless.by_value, worthless.by_currency) == (1.0, None, ())


def test_sleepers_stand_in_a_stage_of_their_own_where_the_funnel_has_one(desk: Desk) -> None:
    with desk.writing() as work:
        work.book.funnel("seven-states")
    desk.at = "2026-01-01T12:00:00Z"
    sleeper, early = sell(desk, "Sleeper", value="10 EUR"), "2026-02-01T12:00:00Z"
    step(desk, "sleep", 0, 39)
    desk.at = early
    sell(desk, "Awake", value="5 EUR")
    desk.conn.execute("UPDATE opportunity SET funnel = 'seven-states', stage = 'new'")
    rows = {row[1]: row[3:] for row in figures(desk, "2026-02-05T12:00:00Z", funnel="seven-states").live.rows}
    assert sleeper.id == 1
    assert rows["new"] == (1, (Money(500, "EUR"),), (Money(75, "EUR"),), 4, 0)  # 15 %, and four days, not thirty-five
    assert rows["postponed"] == (1, (Money(1000, "EUR"),), (), None, 1)


@settings(max_examples=25, deadline=None)
@given(script=st.lists(deeds, min_size=10, max_size=60), later=st.integers(0, 60))
def test_every_figure_is_what_counting_the_rows_gives(script: list[tuple[str, int, int, int]], later: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        desk = Desk(Path(directory) / "funnel.db", *FUNNELS)
        desk.conn.execute("PRAGMA synchronous=OFF")
        day = date(2026, 1, 1)
        for verb, pick, how, pause in script:
            desk.at = f"{day}T12:00:00Z"
            with suppress(FunnelctlError):
                step(desk, verb, pick, how)
            day += timedelta(days=pause)
        today = day + timedelta(days=later)
        found = figures(desk, f"{today}T12:00:00Z")
        rows = [Opportunity._make(row) for row in desk.content()["opportunity"]]
        desk.conn.close()
    live = [one for one in rows if one.outcome == "open"]
    asleep = {one.id for one in live if one.postponed_until and one.postponed_until > today.isoformat()}

    apart = {"seven-states": "postponed"}  # the funnel with a stage for sleepers
    standing = Counter(
        (one.funnel, apart.get(one.funnel, one.stage) if one.id in asleep else one.stage) for one in live
    )
    assert Counter({(row[0], row[1]): row[3] for row in found.live.rows if row[3]}) == standing
    assert sum(int(str(row[7])) for row in found.live.rows) == len(asleep)
    for outcome, part in (("won", found.won), ("lost", found.lost)):
        closed = [one for one in rows if one.outcome == outcome]
        worth = sum(one.value_minor or 0 for one in closed)
        assert part == Closed(len(closed), (Money(worth, "EUR"),) if closed else ())

    allowed = {(stage.funnel, stage.key): stage.stale_after for funnel in FUNNELS for stage in funnel.stages}
    stale = set()
    for one in live:
        limit = allowed[one.funnel, one.stage]
        in_stage = (today - date.fromisoformat(one.entered_at[:10])).days
        awake_since = max(one.entered_at[:10], one.postponed_until or "")
        awake = (today - date.fromisoformat(awake_since)).days
        if limit is not None and awake > limit:
            stale.add((f"O{one.id}", in_stage))
    assert {(row[0], row[5]) for row in found.stale.rows} == stale
    soon = (today + timedelta(days=14)).isoformat()
    waking = {f"O{one.id}" for one in live if one.id in asleep and (one.postponed_until or "") <= soon}
    assert {row[0] for row in found.waking.rows} == waking
