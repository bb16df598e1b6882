"""The book as it stood: rebuilt from moves, it is what the tables said on that day."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from deeds import FUNNELS, deeds, step
from desk import Desk, nobody
from hypothesis import given, settings
from hypothesis import strategies as st
from taking import take

from funnelctl.core.records import Opportunity
from funnelctl.errors import FunnelctlError
from funnelctl.store.book import Book
from funnelctl.store.connection import Transaction
from funnelctl.store.reports.standing import relations

FIRST_DAY = date(2026, 1, 1)
# What moves determine. Reason and competitor of a lost one, titles and values are kept on the row alone.
OPPORTUNITY = "id, lead_id, funnel, stage, status, outcome, reason, postponed_until, entered_at, closed_at"
LEAD = "id, funnel, stage, state, entered_at"


def present(desk: Desk) -> tuple[list[Any], list[Any]]:
    conn = desk.conn
    return (
        conn.execute(f"SELECT {OPPORTUNITY} FROM opportunity ORDER BY id").fetchall(),
        conn.execute(f"SELECT {LEAD} FROM lead ORDER BY id").fetchall(),
    )


def stood(desk: Desk, end: str) -> tuple[list[Any], list[Any]]:
    with Transaction(desk.conn, "DEFERRED", nobody) as transaction:
        transaction.discard = True
        of_opportunities, of_leads = relations(Book(desk.conn, desk.shelf(), writable=False), end)
        return (
            desk.conn.execute(f"SELECT {OPPORTUNITY} FROM {of_opportunities} ORDER BY id").fetchall(),
            desk.conn.execute(f"SELECT {LEAD} FROM {of_leads} ORDER BY id").fetchall(),
        )


@settings(max_examples=40, deadline=None)
@given(script=st.lists(deeds, min_size=10, max_size=50))
def test_what_is_rebuilt_for_a_day_is_what_the_tables_said_in_its_evening(
    script: list[tuple[str, int, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        desk = Desk(Path(directory) / "funnel.db", *FUNNELS)
        desk.conn.execute("PRAGMA synchronous=OFF")
        day = FIRST_DAY
        evenings = {}
        for verb, pick, how, pause in script:
            desk.at = f"{day}T12:00:00Z"
            with suppress(FunnelctlError):  # a verb that this record refuses: nothing was changed
                step(desk, verb, pick, how)
            evenings[f"{day + timedelta(days=1)}T00:00:00Z"] = present(desk)
            day += timedelta(days=pause)
        for evening, then in evenings.items():
            assert stood(desk, evening) == then
        desk.conn.close()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db")


def test_a_day_before_everything_is_empty(desk: Desk) -> None:
    desk.add_sale(desk.add_lead())
    assert stood(desk, "2020-01-01T00:00:00Z") == ([], [])


def test_what_happened_in_the_first_second_after_the_day_is_not_of_it(desk: Desk) -> None:
    desk.at = "2026-01-05T00:00:00Z"
    desk.add_sale(desk.add_lead())
    assert stood(desk, "2026-01-05T00:00:00Z") == ([], [])
    assert stood(desk, "2026-01-05T00:00:01Z") == present(desk)


def test_a_rebuilt_row_has_the_columns_of_the_table_in_their_order(desk: Desk) -> None:
    with desk.reading() as book:
        relations(book, "2027-01-01T00:00:00Z")
        columns = book.all("SELECT name FROM pragma_table_info('stood', 'temp') ORDER BY cid")
    assert tuple(name for (name,) in columns) == Opportunity._fields


def test_the_present_is_read_from_the_tables_themselves(desk: Desk) -> None:
    with desk.reading() as book:
        assert relations(book, None) == ("opportunity", "lead")


def test_a_sale_before_during_and_after_its_sleep_and_its_loss(desk: Desk) -> None:
    desk.at = "2026-01-05T12:00:00Z"
    sale = desk.add_sale(desk.add_lead(), value="100 EUR")
    for day, verb, how in ((10, "say", 0), (15, "sleep", 30), (20, "advance", 0), (25, "lose", 0), (30, "reopen", 0)):
        desk.at = f"2026-01-{day}T12:00:00Z"
        step(desk, verb, 0, how)

    def on(day: int) -> tuple[Any, ...]:
        rows, _ = stood(desk, f"2026-01-{day:02}T23:00:00Z")
        assert len(rows) == 1
        return tuple(rows[0][3:])

    entered = sale.entered_at
    advanced, lost, reopened = (f"2026-01-{day}T12:00:00Z" for day in (20, 25, 30))
    assert on(5) == ("request", None, "open", None, None, entered, None)
    assert on(10) == ("request", "waiting-for-client", "open", None, None, entered, None)
    assert on(15) == ("request", "waiting-for-client", "open", None, "2026-02-14", entered, None)
    assert on(20) == ("proposal", None, "open", None, None, advanced, None)
    assert on(25) == ("proposal", None, "lost", "price", None, advanced, lost)
    assert on(30) == ("proposal", None, "open", None, None, reopened, None)


def test_what_was_undone_has_never_been(desk: Desk) -> None:
    desk.add_sale(desk.add_lead())
    before = stood(desk, "2027-01-01T00:00:00Z")
    step(desk, "win", 0, 0)
    desk.undo()
    assert stood(desk, "2027-01-01T00:00:00Z") == before == present(desk)


def test_two_leads_that_were_joined_stand_where_the_table_has_them(desk: Desk) -> None:
    desk.at = "2026-01-01T12:00:00Z"
    ada = desk.add_lead("Ada")
    desk.at = "2026-01-05T12:00:00Z"
    bea = desk.add_lead("Bea")
    desk.at = "2026-01-09T12:00:00Z"
    desk.merge(ada, bea)
    assert stood(desk, "2026-02-01T00:00:00Z") == present(desk)
    assert present(desk)[1] == [(1, "consulting", "enquiry", "open", "2026-01-01T12:00:00Z")]


def test_a_client_that_was_joined_into_an_open_lead_stands_as_the_client(desk: Desk) -> None:
    ada, bea = desk.add_lead("Ada"), desk.add_lead("Bea")
    desk.at = "2026-03-03T12:00:00Z"
    desk.add_sale(bea)
    desk.at = "2026-03-04T12:00:00Z"
    desk.merge(ada, bea)
    assert stood(desk, "2027-01-01T00:00:00Z") == present(desk)
    assert present(desk)[1][0][3] == "converted"


def test_a_sale_that_came_in_won_entered_the_last_stage_when_it_was(desk: Desk) -> None:
    take(desk, "key,title,stage,created,closed\n1,Audit,won,2026-01-05,2026-03-01\n", "opportunities")
    rebuilt, table = stood(desk, "9999")[0], present(desk)[0]
    assert rebuilt == table
    assert rebuilt[0][-2:] == ("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z")
    assert stood(desk, "2026-02-01")[0][0][-2:] == ("2026-01-05T12:00:00Z", None)
