"""An event log taken in: opportunities with their history, and known ones that get what they lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from taking import FUNNELS, all_leads, all_sales, assert_sound, moves, refused, sales, take

from funnelctl.core import opportunities
from funnelctl.store.checks import check_book
from funnelctl.store.intake.run import Taken

EVENTS = """key,at,stage,amount
A,2026-01-05 09:00,request,1000
B,2026-01-06 09:00,proposal,
A,2026-01-09 09:00,request,1200
A,2026-01-12 09:00,agreement,1200
A,2026-01-11 09:00,proposal,1100
B,2026-01-20 09:00,Lost,700
C,2026-01-07 09:00,request,
A,2026-01-30 09:00,Won,
"""
A_MOVES = [
    ("enter", None, "request", "open", None, "2026-01-05"),
    ("advance", "request", "proposal", "open", None, "2026-01-11"),
    ("advance", "proposal", "agreement", "open", None, "2026-01-12"),
    ("win", "agreement", "agreement", "won", None, "2026-01-30"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "book.db", *FUNNELS)


def events(desk: Desk, text: str, **declared: Any) -> Taken:
    return take(desk, text, "moves", **declared)


def sound(desk: Desk) -> None:
    assert_sound(desk)
    assert {one.status for one in check_book(str(desk.path), lambda: None, lambda check: None)} == {"ok"}


def test_the_rows_of_one_opportunity_are_its_history(desk: Desk) -> None:
    taken = events(desk, EVENTS)
    assert (taken.created, taken.new_opportunities, taken.new_leads, taken.rows_read) == (7, 3, 3, 8)
    won, lost, new = all_sales(desk)
    assert (won.key, won.title, won.value_minor, won.currency) == ("A", "A", 120000, "EUR")
    assert (won.outcome, won.stage, won.furthest) == ("won", "agreement", "agreement")
    assert (won.created_at[:10], won.entered_at[:10], won.closed_at and won.closed_at[:10]) == (
        "2026-01-05", "2026-01-12", "2026-01-30",
    )  # fmt: skip
    assert (lost.outcome, lost.stage, lost.value_minor, lost.created_at[:10]) == (
        "lost",
        "proposal",
        70000,
        "2026-01-06",
    )
    assert (new.outcome, new.stage, new.value_minor) == ("open", "request", None)
    assert moves(desk, "opportunity", 1) == A_MOVES
    assert moves(desk, "opportunity", 2) == [
        ("enter", None, "proposal", "open", None, "2026-01-06"),
        ("lose", "proposal", "proposal", "lost", None, "2026-01-20"),
    ]
    assert [(lead.name, lead.state, lead.created_at[:10]) for lead in all_leads(desk)] == [
        ("A", "converted", "2026-01-05"), ("B", "converted", "2026-01-06"), ("C", "converted", "2026-01-07"),
    ]  # fmt: skip
    sound(desk)


def test_of_what_a_row_says_beside_it_the_last_counts(desk: Desk) -> None:
    ada = desk.add_lead("Ada", email="ada@example.com")
    events(
        desk,
        "key,at,stage,outcome,title,client_email,reason,note,currency,value\n"
        "X,2026-03-01,proposal,lost,Second,ADA@example.com,price,too dear,USD,7\n"
        "X,2026-02-01,request,,First,other@example.com,,first call,,5\n"
        "X,2026-02-02,request,,,,,asked again,,\n",
    )
    [sale] = all_sales(desk)
    assert (sale.title, sale.lead_id, sale.value_minor, sale.currency, sale.reason) == (
        "Second", ada.id, 700, "USD", "price",
    )  # fmt: skip
    assert moves(desk, "opportunity", 1)[-1] == ("lose", "proposal", "proposal", "lost", "price", "2026-03-01")
    notes = desk.conn.execute("SELECT note FROM move WHERE opportunity_id = 1 ORDER BY id").fetchall()
    assert notes == [("first call\nasked again",), (None,), ("too dear",)]
    assert desk.lead(ada).state == "converted"
    sound(desk)


def test_doing_it_again_changes_nothing_and_undo_takes_it_back(desk: Desk) -> None:
    desk.add_sale(desk.add_lead("Zoe"), "Zoe's", key="Z")
    before = desk.content()
    events(desk, EVENTS)
    after = desk.content()
    again = events(desk, EVENTS)
    assert (again.created, again.updated, again.unchanged, again.operation) == (0, 0, 8, None)
    assert desk.content() == after
    desk.undo()
    assert desk.content() == before
    desk.redo()
    assert desk.content() == after
    sound(desk)


@pytest.mark.parametrize("first", [range(1, 3), range(3, 6), (1, 8), (8,), (4, 5), range(5, 9)])
def test_in_whatever_parts_it_comes_the_history_is_the_same(desk: Desk, first: Any) -> None:
    """Earlier moves take their place, later ones are appended, and each step can be undone."""
    header, *rows = EVENTS.splitlines()
    part = "\n".join([header, *(rows[number - 1] for number in first)])
    events(desk, part)
    begun = desk.content()
    events(desk, EVENTS)
    assert [row[:-1] for row in moves(desk, "opportunity", 1 if all_sales(desk)[0].key == "A" else 2)] == [
        row[:-1] for row in A_MOVES
    ]
    assert {sale.key: (sale.stage, sale.outcome) for sale in all_sales(desk)} == {
        "A": ("agreement", "won"), "B": ("proposal", "lost"), "C": ("request", "open"),
    }  # fmt: skip
    sound(desk)
    assert events(desk, EVENTS).operation is None
    desk.undo()
    assert desk.content() == begun
    sound(desk)


def test_a_file_without_history_and_then_the_history(desk: Desk) -> None:
    """As a program gives them: first what stands where, then how it came there."""
    sales(
        desk,
        "key,title,stage,value,created,closed\nA,Audit,Won,5,2026-01-05,2026-01-30\nC,Course,agreement,,2026-01-07,\n",
    )
    taken = events(desk, EVENTS + "C,2026-02-01 10:00,agreement,\n")
    assert (taken.new_opportunities, taken.updated) == (1, 2)
    won, course, _ = all_sales(desk)
    assert moves(desk, "opportunity", won.id) == A_MOVES
    assert (won.title, won.value_minor, won.closed_at) == ("Audit", 500, "2026-01-30T09:00:00Z")
    assert [move[:3] for move in moves(desk, "opportunity", course.id)] == [
        ("enter", None, "request"), ("advance", "request", "agreement"),
    ]  # fmt: skip
    assert (course.entered_at, course.created_at) == ("2026-02-01T10:00:00Z", "2026-01-07T09:00:00Z")
    sound(desk)


@pytest.mark.parametrize(
    ("policy", "title", "created"), [("fill", "Audit", 2), ("overwrite", "New", 2), ("skip", "Audit", 0)]
)
def test_what_is_known_of_them_is_filled_overwritten_or_left(desk: Desk, policy: str, title: str, created: int) -> None:
    desk.at = "2026-03-02T12:30:00Z"
    sale = desk.add_sale(desk.add_lead("Ada"), "Audit", key="A")
    text = "key,at,stage,title,value\nA,2026-03-02 13:00,proposal,New,9\nA,2026-03-02 14:00,won,,\n"
    desk.at = "2026-03-09T12:00:00Z"
    taken = events(desk, text, on_duplicate=policy)
    assert (taken.created, taken.skipped) == (created, 0 if created else 2)
    now = desk.sale(sale)
    assert (now.title, now.value_minor, now.outcome) == (title, 900 if created else None, "won" if created else "open")
    sound(desk)


def test_known_ones_can_be_an_error(desk: Desk) -> None:
    events(desk, EVENTS)
    assert refused(desk, EVENTS, "moves", on_duplicate="error") == [
        (2, "key", "it is O1 already"), (3, "key", "it is O2 already"), (8, "key", "it is O3 already"),
    ]  # fmt: skip


def test_our_own_ids_name_what_is_there(desk: Desk) -> None:
    sale = desk.add_sale(desk.add_lead("Ada"), "Audit")
    desk.at = "2026-03-09T12:00:00Z"
    assert events(desk, "ref,at,to\nO1,2026-03-05,proposal\no1,2026-03-06,agreement\n").created == 2
    assert desk.sale(sale).stage == "agreement"
    assert refused(desk, "ref,at,to\nO2,2026-03-05,proposal\nL1,2026-03-05,proposal\n", "moves") == [
        (2, "ref", "there is no O2"),
        (3, "ref", '"L1" is not the id of an opportunity, such as O7'),
    ]
    sound(desk)


def test_what_is_wrong_is_told_with_its_line(desk: Desk) -> None:
    text = (
        "key,at,stage,outcome,funnel\n,2026-01-05,request,,\nA,,request,,\nA,2026-01-05,,,\nA,2026-01-05,Limbo,,\n"
        "A,2099-01-05,request,,\nA,2026-01-05,won,lost,\n"
    )
    assert refused(desk, text, "moves") == [
        (2, "key", "nothing says which opportunity moved"),
        (3, "at", "a move needs the time at which it happened"),
        (4, "funnel", "the row says neither a stage nor an outcome"),
        (5, "stage", '"Limbo" is no stage of consulting (1 row)'),
        (6, "at", '"2099-01-05" lies in the future: what has happened cannot be later than now'),
        (7, "funnel", "the row says both lost and won"),
    ]
    two = "key,at,stage,funnel\nA,2026-01-05,request,consulting\nA,2026-01-06,proposed,seven-states\n"
    assert refused(desk, two, "moves") == [(3, "funnel", "line 2 has the record in another funnel")]


def test_one_that_stands_in_another_funnel_is_left_where_it_is(desk: Desk) -> None:
    events(desk, EVENTS)
    before = desk.content()
    taken = events(desk, "key,at,stage\nA,2026-02-05,proposed\n", funnel="seven-states")
    assert taken.notes == ["1 row of a record that is, or was, in another funnel: its moves are left as they are"]
    assert (taken.operation, desk.content()) == (None, before)


def test_what_people_have_done_since_stays_done(desk: Desk) -> None:
    """A status and a sleep, a loss with a competitor."""
    sale = desk.add_sale(desk.add_lead("Ada"), "Audit", key="A")
    desk.at = "2026-03-09T12:00:00Z"
    with desk.writing() as work:
        found = work.book.opportunity(sale.id)
        assert found is not None
        funnel = work.book.funnel()
        desk.do(work, "opp status", opportunities.set_status(work.author, found, funnel, "in-review", None))
    events(desk, "key,at,stage\nA,2026-03-05,proposal\n")
    now = desk.sale(sale)
    assert (now.stage, now.status, now.entered_at[:10]) == ("proposal", "in-review", "2026-03-05")
    assert [move[:2] for move in moves(desk, "opportunity", 1)] == [
        ("enter", None), ("advance", "request"), ("status", "proposal"),
    ]  # fmt: skip
    sound(desk)


HISTORY = """key;title;stage;created;closed;history
A;Open;agreement;2026-01-02;;[{"stage": "agreement", "at": "2026-01-12"}, {"stage": "request", "at": "2026-01-05"}]
B;Won;Closed won;;;[{"stage": "request", "at": "2026-01-05"}, {"stage": "won", "at": "2026-01-15 17:45"}]
C;Elsewhere;Closed lost;;2026-02-01;[{"stage": "proposal", "at": "2026-01-05"}]
D;Unsaid;;;;[{"stage": "proposal", "at": "2026-01-05"}, {"stage": "lost", "at": "2026-01-09"}]
E;Further;agreement;;;[{"stage": "proposal", "at": "2026-01-05"}]
F;None;proposal;2026-01-05;;
"""


def test_a_cell_can_hold_a_history(desk: Desk) -> None:
    taken = sales(desk, HISTORY)
    assert (taken.created, taken.new_leads) == (6, 6)
    told = [[(kind, to, day[8:]) for kind, _, to, _, _, day in moves(desk, "opportunity", n)] for n in range(1, 7)]
    assert told == [
        [("enter", "request", "02"), ("advance", "agreement", "12")],
        [("enter", "request", "05"), ("win", "agreement", "15")],
        [("enter", "proposal", "05"), ("lose", "proposal", "01")],
        [("enter", "proposal", "05"), ("lose", "proposal", "09")],
        [("enter", "proposal", "05"), ("advance", "agreement", "05")],
        [("enter", "proposal", "05")],
    ]
    assert [(sale.outcome, sale.stage, sale.furthest) for sale in all_sales(desk)] == [
        ("open", "agreement", "agreement"), ("won", "agreement", "agreement"), ("lost", "proposal", "proposal"),
        ("lost", "proposal", "proposal"), ("open", "agreement", "agreement"), ("open", "proposal", "proposal"),
    ]  # fmt: skip
    assert all_sales(desk)[1].closed_at == "2026-01-15T17:45:00Z"
    sound(desk)
    after = desk.content()
    assert sales(desk, HISTORY).operation is None
    desk.undo()
    assert desk.content()["opportunity"] == []
    desk.redo()
    assert desk.content() == after


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("{", "the history cannot be read as JSON"), ("{}", "the history is no list"), ("5", "the history is no list"),
        ("[1]", "the history has something that is no passage"), ("[" * 100_000, "the history cannot be read as JSON"),
        ('[{"stage": "request"}]', "the history has something that is no passage"),
        ('[{"stage": "request", "at": 5}]', "the history has something that is no passage"),
        ('[{"stage": "request", "at": " "}]', "the history has a passage without a date"),
        ('[{"stage": "", "at": "2026-01-01"}]', "the row says neither a stage nor an outcome"),
        ('[{"stage": "request", "at": "2026-02-30"}]', '"2026-02-30" is not in the calendar'),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_cell_that_holds_none_is_told(desk: Desk, cell: str, message: str) -> None:
    told = refused(desk, f"key;title;history\nA;Audit;{cell}\n", "opportunities")
    assert [(line, what) for line, _, what in told] == [(2, message)]
