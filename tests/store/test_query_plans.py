"""What a query costs is in its plan: no look-up reads a whole table, and the overview reads one index."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk, Drawer, new_book, shipped

from funnelctl.core.records import TABLES, Lead, Opportunity
from funnelctl.store import journal, log
from funnelctl.store.book import Book
from funnelctl.store.funnels import live_stages
from funnelctl.store.reports import overview
from funnelctl.store.reports.attention import Asked
from funnelctl.store.resolve import lead_of, opportunity_of

if TYPE_CHECKING:
    from collections.abc import Callable

BIG = ("lead", "lead_alias", "opportunity", "move", "activity", "operation", "entry", "source_row",
       *(f"{table}_came" for table in TABLES.values()))  # fmt: skip


class Explaining(sqlite3.Connection):
    """A connection that keeps the plan of every query that it runs."""

    plans: dict[str, list[str]]

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE", "INSERT")):
            steps = super().execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
            self.plans[sql] = [step[3] for step in steps]
        return super().execute(sql, values)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    desk = Desk(new_book(tmp_path / "funnel.db"))
    for name in ("Ada", "Bea"):
        lead = desk.add_lead(
            name, email=f"{name}@example.com", phone=f"+49 30 12345{len(name)}{ord(name[0])}", key=name
        )
        desk.add_sale(lead, value="100 EUR", key=name)
    conn = sqlite3.connect(desk.path, isolation_level=None, factory=Explaining)
    conn.plans = {}
    return Book(conn, Drawer(shipped("consulting")), writable=False)


def steps_of(book: Book) -> dict[str, list[str]]:
    assert isinstance(book.conn, Explaining)
    assert book.conn.plans, "nothing was asked"
    return book.conn.plans


def scans(book: Book) -> list[str]:
    """Steps that read all of a big table."""
    found = []
    for sql, steps in steps_of(book).items():
        for step in steps:
            words = step.split()
            if words[0] == "SCAN" and words[1] in BIG:
                found.append(f"{step}: {sql}")
    return found


LOOKUPS: dict[str, Callable[[Book], object]] = {
    "a lead by id": lambda book: lead_of(book, "L1"),
    "a lead by an id that is gone": lambda book: book.one("SELECT lead.* FROM lead_alias JOIN lead ON lead.id = lead_id"
                                                          " WHERE kind = 'id' AND lead_alias.key = ?", "9"),
    "a lead by e-mail": lambda book: lead_of(book, "ada@example.com"),
    "a lead by key": lambda book: lead_of(book, "Ada"),
    "the owner of an e-mail": lambda book: book.owner("email", "nobody@example.com"),
    "the owner of a phone number": lambda book: book.owner("phone", "+49309999"),
    "the owner of a key": lambda book: book.owner("key", "nobody"),
    "leads by their whole name": lambda book: book.leads_named("ada"),
    "an opportunity by id": lambda book: opportunity_of(book, "O1"),
    "an opportunity by key": lambda book: opportunity_of(book, "Bea"),
    "the opportunities of a lead": lambda book: book.opportunities_of(1),
    "all that hangs on a lead": lambda book: book.belongings_of(1),
    "the leads that a lead has sent": lambda book: book.referred_by(1),
    "a new number": lambda book: book.next_id("lead"),
    "the operation to undo": lambda book: book.one(
        "SELECT * FROM operation WHERE kind = 'do' AND undone = 0 ORDER BY id DESC LIMIT 1"
    ),
    "the changes of an operation": lambda book: log.changes_of(
        book.conn, journal.Operation(1, "do", "", "", "", None, 0, 1, 2)
    ),
}  # fmt: skip


@pytest.mark.parametrize("ask", LOOKUPS.values(), ids=LOOKUPS.keys())
def test_a_look_up_never_reads_a_whole_table(book: Book, ask: Callable[[Book], object]) -> None:
    ask(book)
    assert scans(book) == []


def test_the_moves_of_a_record_are_found_by_an_index_in_their_order(book: Book) -> None:
    lead, sale = book.lead(1), book.opportunity(1)
    assert isinstance(lead, Lead)
    assert isinstance(sale, Opportunity)
    for record in (lead, sale):
        book.moves_of(record)
        book.last_move(record)
    plans = [steps for sql, steps in steps_of(book).items() if " FROM move " in sql]
    assert sorted(steps[0] for steps in plans) == [
        "SEARCH move USING INDEX move_by_lead (lead_id=?)",
        "SEARCH move USING INDEX move_by_lead (lead_id=?)",
        "SEARCH move USING INDEX move_by_opportunity (opportunity_id=?)",
        "SEARCH move USING INDEX move_by_opportunity (opportunity_id=?)",
    ]
    assert all(len(steps) == 1 for steps in plans), "sorted once more"


def asked(book: Book, funnel: str | None = None) -> dict[str, list[str]]:
    now = "2026-03-05T12:00:00Z"
    overview.asked(book, Asked(now, None, None, None, funnel, "en"))
    return steps_of(book)


@pytest.mark.parametrize("funnel", [None, "consulting"])
def test_what_is_live_is_one_pass_over_its_covering_index(book: Book, funnel: str | None) -> None:
    live = [steps for sql, steps in asked(book, funnel).items() if "GROUP BY funnel, stage, currency" in sql]
    assert live == [["SCAN opportunity USING COVERING INDEX opportunity_live"]]


def test_the_leads_that_wait_are_one_pass_over_their_covering_index(book: Book) -> None:
    waiting = [steps for sql, steps in asked(book).items() if sql.endswith("GROUP BY funnel, stage")]
    assert waiting == [["SCAN lead USING COVERING INDEX lead_open", "USE TEMP B-TREE FOR GROUP BY"]]


def test_what_is_closed_is_one_range_of_its_covering_index(book: Book) -> None:
    closed = [steps for sql, steps in asked(book).items() if "GROUP BY outcome, currency" in sql]
    assert [steps[0] for steps in closed] == [
        "SEARCH opportunity USING COVERING INDEX opportunity_closed (closed_at>? AND closed_at<?)"
    ]


def test_the_whole_overview_reads_no_table_from_end_to_end(book: Book) -> None:
    asked(book)
    scanned = [step for step in scans(book) if "INDEX opportunity_live" not in step and "INDEX lead_open" not in step]
    assert scanned == []


def test_the_stages_in_which_live_records_stand_are_found_by_indexes(book: Book) -> None:
    live_stages(book, "consulting")
    assert [step.split(":")[0] for step in scans(book)] == ["SCAN lead USING COVERING INDEX lead_open"]


def test_taking_a_lead_away_reads_no_table_to_see_that_nothing_points_to_it(book: Book) -> None:
    # What SQLite does by itself to keep foreign keys: one look-up in each table that refers to leads.
    for table, column in (("opportunity", "lead_id"), ("move", "lead_id"), ("lead_alias", "lead_id"),
                          ("source_row", "lead_id"), ("lead", "referred_by"), ("move", "opportunity_id"),
                          ("activity", "lead_id"), ("activity", "opportunity_id"), ("source_row", "activity_id"),
                          ("source_row", "opportunity_id")):  # fmt: skip
        book.one(f"SELECT rowid FROM {table} WHERE {column} = ?", 1)
    assert scans(book) == []
    assert all("INDEX" in steps[0] for steps in steps_of(book).values())


def test_a_change_is_carried_out_by_the_id_of_its_row(book: Book) -> None:
    lead = book.lead(1)
    assert lead is not None
    assert isinstance(book.conn, Explaining)
    book.conn.plans.clear()
    journal.begin(book.conn, "lead edit", "x", "y")
    from funnelctl.core.change import edited

    journal.apply(book.conn, edited(lead, lead._replace(note="new", company="other")))
    assert scans(book) == []
    updates = [steps for sql, steps in book.conn.plans.items() if sql.startswith("UPDATE lead")]
    assert updates == [["SEARCH lead USING INTEGER PRIMARY KEY (rowid=?)"]]
