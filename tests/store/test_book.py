"""The book asked for the few records that a command needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk, shipped

from funnelctl.core import leads, opportunities
from funnelctl.core.records import Activity, Alias, Move, Opportunity, SourceRow
from funnelctl.core.settings import put


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db", shipped("consulting"), shipped("seven-states"))


def test_records_come_back_as_they_went_in(desk: Desk) -> None:
    lead = desk.add_lead("Ada", email="ada@example.com", tags=["b", "a"])
    sale = desk.add_sale(lead, value="12.50 EUR", probability="40%", close="2026-06-01")
    with desk.reading() as book:
        assert book.opportunity(sale.id) == sale
        client = book.lead(lead.id)
        assert client == lead._replace(state="converted", closed_at=desk.at)
        assert book.client_of(sale) == client
        assert book.opportunities_of(lead.id) == [sale]
        assert book.lead(9) is None
        assert book.opportunity(9) is None
        assert book.opportunities_of(9) == []


def test_the_last_move_is_the_last_recorded_whatever_the_clock_said(desk: Desk) -> None:
    lead = desk.add_lead()
    desk.at = "2020-01-01T00:00:00Z"
    desk.conn.execute(
        "INSERT INTO move (lead_id, kind, funnel, from_stage, to_stage, state, at, by)"
        " VALUES (1, 'drop', 'consulting', 'enquiry', 'enquiry', 'disqualified', ?, 'tester')",
        (desk.at,),
    )
    with desk.reading() as book:
        assert [move.kind for move in book.moves_of(lead)] == ["enter", "drop"]
        assert book.last_move(lead).kind == "drop"


def test_moves_of_leads_and_opportunities_of_one_number_are_told_apart(desk: Desk) -> None:
    lead = desk.add_lead()
    sale = desk.add_sale(lead)
    assert lead.id == sale.id == 1
    with desk.reading() as book:
        assert [move.kind for move in book.moves_of(lead)] == ["enter", "convert"]
        assert [move.kind for move in book.moves_of(sale)] == ["enter"]
        assert book.last_move(sale).opportunity_id == 1


def test_ids_go_on_after_the_last_one_within_a_transaction_and_over_several(desk: Desk) -> None:
    with desk.writing() as work:
        assert [work.book.next_id("lead") for _ in range(3)] == [1, 2, 3]
    assert desk.add_lead().id == 1  # numbers that were not used are free
    with desk.writing() as work:
        assert work.book.next_id("lead") == 2
        assert work.book.next_id("opportunity") == 1


def test_all_that_hangs_on_a_lead_is_found(desk: Desk) -> None:
    ada, bea = desk.add_lead("Ada", email="ada@example.com"), desk.add_lead("Bea", email="bea@example.com")
    desk.merge(ada, bea)
    sale = desk.add_sale(ada)
    desk.add_activity(ada, "call")
    desk.conn.execute("INSERT INTO source_row (fingerprint, lead_id) VALUES ('f', 1)")
    desk.conn.execute("INSERT INTO source_row (fingerprint, opportunity_id) VALUES ('g', 1)")
    with desk.reading() as book:
        found = book.belongings_of(1)
        assert [type(one) for one in found] == [Opportunity, Move, Move, Move, Move, Activity, Alias, Alias, SourceRow]
        assert found[0] == sale
        assert all(one.lead_id == 1 for one in found)
        assert book.belongings_of(2) == []


def test_the_leads_that_a_lead_has_sent(desk: Desk) -> None:
    ada = desk.add_lead("Ada")
    for name in ("Bea", "Cleo"):
        lead = desk.add_lead(name)
        with desk.writing() as work:
            desk.do(work, "lead edit", leads.edit(lead, {"referred_by": ada.id}))
    desk.add_lead("Dora")
    with desk.reading() as book:
        assert [lead.name for lead in book.referred_by(ada.id)] == ["Bea", "Cleo"]
        assert book.referred_by(2) == []


def test_owners_by_what_they_have_and_had(desk: Desk) -> None:
    ada = desk.add_lead("Ada", email="ada@example.com", phone="+49 30 123456", key="K1")
    desk.merge(ada, desk.add_lead("Bea", email="bea@example.com", phone="+49 30 654321", key="K2"))
    with desk.reading() as book:
        for kind, key in (
            ("email", "ada@example.com"), ("email", "bea@example.com"), ("phone", "+4930123456"),
            ("phone", "+4930654321"), ("key", "K1"), ("key", "K2"),
        ):  # fmt: skip
            owner = book.owner(kind, key)
            assert owner is not None
            assert owner.name == "Ada"
        assert book.owner("email", "K1") is None
        assert book.owner("key", "k1") is None


def test_leads_of_exactly_one_name(desk: Desk) -> None:
    for name in ("Ada", "ADA", "Ada L."):
        desk.add_lead(name)
    with desk.reading() as book:
        assert [lead.id for lead in book.leads_named("ada")] == [1, 2]


def test_settings_and_what_holds_without_them(desk: Desk) -> None:
    with desk.reading() as book:
        assert (book.setting("region"), book.region, book.default_funnel) == (None, None, "consulting")
    with desk.writing() as work:
        desk.do(work, "config set", put(work.author, None, "region", "ID"))
        desk.do(work, "funnel use", put(work.author, None, "funnel", "seven-states"))
    with desk.reading() as book:
        assert (book.region, book.default_funnel) == ("ID", "seven-states")
        assert book.funnel().key == "seven-states"
        assert book.funnel("consulting").key == "consulting"


def test_funnels_in_use_are_those_that_a_write_has_used(desk: Desk) -> None:
    with desk.reading() as book:
        assert book.funnels_in_use() == []
    desk.add_lead()
    with desk.writing() as work:
        work.book.funnel("seven-states")
    with desk.reading() as book:
        assert book.funnels_in_use() == ["consulting", "seven-states"]


def test_an_answer_keeps_nothing_open(desk: Desk) -> None:
    for number in range(300):
        desk.conn.execute("INSERT INTO setting (name, value) VALUES (?, 'x')", (str(number),))
    with desk.reading() as book:
        assert book.one("SELECT name FROM setting ORDER BY id") == ("0",)
        assert len(book.all("SELECT name FROM setting")) == 300
    other = Desk(desk.path)
    sale = other.add_sale(other.add_lead())  # would wait for a reader that is open still
    with desk.writing() as work:
        known = work.book.opportunity(sale.id)
        assert known is not None
        desk.do(work, "opp edit", opportunities.edit(known, {"note": "seen"}))
