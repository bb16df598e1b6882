"""Opportunities from a file, each with its client: what they become, and where the file says that they stand now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from taking import FUNNELS, all_leads, all_sales, assert_sound, moves, refused, sales, take

from funnelctl.core.records import Opportunity
from funnelctl.store.intake.run import Taken

NOW = "2026-03-02T12:00:00Z"  # the clock of a Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "book.db", *FUNNELS)


SALES = """id,product,account,stage,engaged,close_date,close_value
X1,Audit,Engines,Won,2025-01-10,2025-03-01,1054
X2,Course,Mills,Lost,2025-01-12,2025-02-01,0
X3,Audit,Engines,Talking,2025-02-01,,
X4,Audit,,Talking,2025-02-02,,
X5,Audit,,New,,,
X6,Audit,Mills,Lost late,2025-01-12,2025-02-01,0
"""
DECLARED: dict[str, Any] = {
    "currency": "USD",
    "columns": {"account": "lead", "engaged": "created", "close_date": "closed"},
    "stages": {"Talking": "proposal", "New": "request", "Lost late": "lost:agreement"},
}


def test_opportunities_come_with_their_clients(desk: Desk) -> None:
    taken = sales(desk, SALES, **DECLARED)
    assert taken == Taken(6, 4, 0, 0, 0, 6, 1, ["1 row without a date of creation: dated today"], [1, 2, 3, 4, 5, 6])
    assert [(lead.name, lead.state, lead.created_at[:10]) for lead in all_leads(desk)] == [
        ("Engines", "converted", "2025-01-10"),
        ("Mills", "converted", "2025-01-12"),
        ("X4", "converted", "2025-02-02"),
        ("X5", "converted", NOW[:10]),
    ]
    won, lost, open_, _, undated, late = all_sales(desk)
    assert won == Opportunity(
        1, 1, "Audit", "audit", 105400, "USD", "Audit", "consulting", "agreement", None, "won", None, None, None, None,
        None, None, "[]", "X1", "agreement", "2025-01-10T12:00:00Z", "2025-03-01T12:00:00Z", "2025-03-01T12:00:00Z",
    )  # fmt: skip
    assert (lost.stage, lost.outcome, lost.value_minor, lost.furthest, lost.reason) == (
        "request",
        "lost",
        0,
        "request",
        None,
    )
    assert (open_.stage, open_.outcome, open_.value_minor, open_.lead_id) == ("proposal", "open", None, 1)
    assert (undated.stage, undated.created_at) == ("request", NOW)
    assert (late.stage, late.outcome) == ("agreement", "lost")
    assert moves(desk, "opportunity", 1) == [
        ("enter", None, "request", "open", None, "2025-01-10"),
        ("win", "request", "agreement", "won", None, "2025-03-01"),
    ]
    assert moves(desk, "opportunity", 6) == [
        ("enter", None, "agreement", "open", None, "2025-01-12"),
        ("lose", "agreement", "agreement", "lost", None, "2025-02-01"),
    ]
    assert moves(desk, "lead", 1) == [("enter", None, "enquiry", "converted", None, "2025-01-10")]
    assert_sound(desk)


def test_opportunities_again_and_undone(desk: Desk) -> None:
    before = desk.content()
    sales(desk, SALES, **DECLARED)
    dump = list(desk.conn.iterdump())
    desk.at = "2026-03-05T12:00:00Z"
    assert sales(desk, SALES, **DECLARED) == Taken(0, 0, 0, 6, 0, 6, None, [], [])
    assert list(desk.conn.iterdump()) == dump
    desk.undo()
    assert desk.content() == before


def test_without_a_key_an_opportunity_is_known_by_what_its_row_says(desk: Desk) -> None:
    text = "title,client,value\nAudit,Ada,100\nAudit,Ada,100\n,,5\n"
    assert [problem[2] for problem in refused(desk, text, "opportunities")] == [
        "the opportunity has no title, service, key or client to be called by"
    ]
    text = "title,client,value\nAudit,Ada,100\nAudit,Ada,100\nCourse,,5\n"
    assert (sales(desk, text).created, len(all_leads(desk))) == (3, 2)
    assert sales(desk, text).unchanged == 3
    assert all_leads(desk)[1].name == "Course"


def test_all_that_a_row_says_of_an_opportunity(desk: Desk) -> None:
    text = (
        "Deal Name,Client,Company,E-mail,Phone,Lead Source,Amount,Currency,Product,Deal Stage,Status,Probability (%),"
        "Close Date,Created,Notes,Tags,Deal ID,Competitor,Lost reason\n"
        "Audit,Dana,Acme,dana@acme.example,+49 30 5550100,web,12000.50,gbp,audit,Proposal,in review,40,2026-09-30,"
        "2026-01-05 09:30,call,vip,D1,Rival,\n"
        "Course,Dana,Acme,dana@acme.example,,,500,,,Closed lost,,0,2026-02-10,2026-01-05,,,D2,,No budget\n"
    )
    taken = sales(desk, text)
    assert taken.notes == [
        '1 row closed, without a date of closing: "Close Date" is taken for it',
        "1 row closed, with a probability: it is left out, it only repeats how they ended",
    ]
    live, lost = all_sales(desk)
    assert live == Opportunity(
        1, 1, "Audit", "audit", 1_200_050, "GBP", "audit", "consulting", "proposal", "in-review", "open", None, "Rival",
        0.4, "2026-09-30", None, "call", '["vip"]', "D1", "proposal", "2026-01-05T09:30:00Z", "2026-01-05T09:30:00Z",
        None,
    )  # fmt: skip
    assert (lost.outcome, lost.reason, lost.closed_at, lost.expected_close, lost.currency) == (
        "lost", "no-budget", "2026-02-10T12:00:00Z", None, "EUR",
    )  # fmt: skip
    [dana] = all_leads(desk)
    assert (dana.name, dana.company, dana.email, dana.phone, dana.source) == (
        "Dana", "Acme", "dana@acme.example", "+49 30 5550100", "web",
    )  # fmt: skip
    assert [move[0] for move in moves(desk, "opportunity", 1)] == ["enter", "status"]
    assert_sound(desk)


def test_known_clients_are_found_by_key_email_phone_and_name(desk: Desk) -> None:
    ada = desk.add_lead("Ada", key="K1")
    bea = desk.add_lead("Bea", email="bea@example.com")
    cleo = desk.add_lead("Cleo", phone="+49 30 5550100")
    dora = desk.add_lead("Dora")
    text = (
        "title,client,client_key,client_email,client_phone\n"
        "1,Someone,K1,,\n"
        "2,Someone,K9,BEA@example.com,\n"
        "3,Someone,,new@example.com,0049 30 5550100\n"
        "4, DORA ,,,\n"
        "5,Bea,,other@example.com,\n"
    )
    desk.at = "2026-03-05T12:00:00Z"
    assert sales(desk, text).new_leads == 1
    assert [sale.lead_id for sale in all_sales(desk)] == [ada.id, bea.id, cleo.id, dora.id, 5]
    assert (all_leads(desk)[4].name, all_leads(desk)[4].email) == ("Bea", "other@example.com")
    assert [move[0] for move in moves(desk, "lead", ada.id)] == ["enter", "convert"]
    assert all(lead.state == "converted" for lead in all_leads(desk))
    assert_sound(desk)
    desk.undo()
    assert [lead.state for lead in all_leads(desk)] == ["open"] * 4


def test_a_client_that_one_row_makes_the_next_one_finds(desk: Desk) -> None:
    text = (
        "title,client,client_key,client_email,created\n"
        "1,Ada,,,2025-03-01\n"
        "2,Ada Lovelace,K1,ada@example.com,2025-02-01\n"
        "3,A. Lovelace,K1,,2025-01-01\n"
        "4,,,ADA@example.com,2025-04-01\n"
        "5,ada lovelace,,,2025-05-01\n"
        "6,ada,,,2025-06-01\n"
    )
    assert sales(desk, text).new_leads == 2
    strong, weak = all_leads(desk)
    assert (strong.name, strong.key, strong.email, strong.created_at[:10]) == (
        "Ada Lovelace", "K1", "ada@example.com", "2025-01-01",
    )  # fmt: skip
    assert (weak.name, weak.created_at[:10]) == ("Ada", "2025-03-01")
    assert [sale.lead_id for sale in all_sales(desk)] == [2, 1, 1, 1, 1, 2]


def test_clients_that_cannot_be_told_apart(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.add_lead("Ada")
    assert refused(desk, "title,client\n1,Bob\n2,ada\n3,Ada\n", "opportunities") == [
        (3, "client", "2 leads have the name of this client (2 rows)")
    ]
    text = "title,client,client_key,client_email\n1,A,K1,x@y.example\n2,B,K2,X@y.example\n"
    assert refused(desk, text, "opportunities") == [
        (3, "client_email", "it is also that of another client in the file")
    ]


def test_a_dropped_lead_that_has_an_opportunity_is_a_client(desk: Desk) -> None:
    take(desk, "name,stage,closed\nAda,junk,2026-01-05\n")
    sales(desk, "title,client,created\nAudit,Ada,2025-06-01\n")
    [ada] = all_leads(desk)
    assert ada.state == "converted"
    assert ada.closed_at == "2026-01-05T12:00:00Z"  # an opportunity of before does not rewrite the lead's history
    assert_sound(desk)


def test_overwrite_moves_opportunities(desk: Desk) -> None:
    head = "key,title,stage,value,closed,reason,status\n"
    sales(desk, head + "".join(f"{key},T,proposal,1,,,\n" for key in "ABCDE") + "F,T,won,1,,,\nG,T,lost,1,,,\n")
    desk.at = "2026-03-05T12:00:00Z"
    text = (
        f"{head}A,T,agreement,2,,,\nB,T,request,,,,in-review\nC,T,won,,2026-03-04,,\nD,T,lost,,2026-03-04,Too dear,\n"
        "E,,,,,,\nF,T,lost,,,,\nG,T,proposal,,,,\n"
    )
    taken = sales(desk, text, on_duplicate="overwrite")
    assert (taken.updated, taken.unchanged) == (6, 1)
    kinds = [[move[0] for move in moves(desk, "opportunity", sale.id)] for sale in all_sales(desk)]
    assert kinds == [
        ["enter", "advance"],
        ["enter", "back", "status"],
        ["enter", "advance", "win"],
        ["enter", "lose"],
        ["enter"],
        ["enter", "win", "reopen", "lose"],
        ["enter", "lose", "reopen", "advance"],
    ]
    found = {str(sale.key): sale for sale in all_sales(desk)}
    assert found["A"].value_minor == 200
    assert (found["C"].closed_at, found["D"].reason) == ("2026-03-04T12:00:00Z", "Too dear")
    assert found["E"].title == "T"
    assert found["F"].reason is None
    assert_sound(desk)
    assert sales(desk, text, on_duplicate="overwrite").operation is None
    desk.undo()
    assert [sale.outcome for sale in all_sales(desk)] == ["open"] * 5 + ["won", "lost"]


def test_fill_leaves_an_opportunity_where_it_stands(desk: Desk) -> None:
    sales(desk, "key,title,stage,value\nA,T,proposal,1\n")
    taken = sales(desk, "key,title,stage,value,service,note\nA,Other,won,2,audit,call\n")
    [sale] = all_sales(desk)
    assert taken.updated == 1
    assert (sale.title, sale.outcome, sale.value_minor, sale.service, sale.note) == ("T", "open", 100, "audit", "call")


def test_contradictions_in_a_row_are_problems(desk: Desk) -> None:
    text = (
        "title,stage,created,closed\n"
        "A,proposal,2025-01-01,2025-02-01\n"
        "B,won,2025-02-01,2025-01-01\n"
        "C,won,2025-02-01,2026-12-01\n"
    )
    assert [problem[:2] for problem in refused(desk, text, "opportunities")] == [
        (2, "closed"), (3, "closed"), (4, "closed"),
    ]  # fmt: skip
