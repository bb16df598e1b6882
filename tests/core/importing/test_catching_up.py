"""What a file says of a record that is known: which fields it fills, and which steps take the record where that is."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from funnelctl.core.author import Author
from funnelctl.core.change import Change
from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.importing.catching_up import fields_for, lead_steps, opportunity_steps
from funnelctl.core.records import Lead, Opportunity

THEN, NOW = "2026-01-05T09:00:00Z", "2026-03-02T12:00:00Z"
NAME = Label("Stage", "Etapa", "Tahap")
PEOPLE = ("found", "known")
SALES = ("asked", "offer", "deal")


def stage(key: str, position: int) -> Stage:
    holds = "lead" if key in PEOPLE else "opportunity"
    return Stage(key, "mine", position, NAME, holds, "a good reason", None, None, (), key == "deal", (), False)


MINE = Funnel(
    "mine", NAME, "EUR", tuple(stage(key, place) for place, key in enumerate((*PEOPLE, *SALES))), ("waiting",),
    ("price",), False, "0" * 64,
)  # fmt: skip


@pytest.fixture
def author() -> Author:
    counters: Counter[str] = Counter()

    def next_id(table: str) -> int:
        counters[table] += 1
        return counters[table]

    return Author(NOW, "tester", backdated=False, today=date(2026, 3, 2), next_id=next_id)


def lead(**fields: Any) -> Lead:
    row: dict[str, Any] = dict.fromkeys(Lead._fields)
    row |= {
        "id": 1, "name": "Ada", "name_key": "ada", "funnel": "mine", "stage": "found", "state": "open", "tags": "[]",
        "created_at": THEN, "entered_at": THEN,
    }  # fmt: skip
    return Lead(**{**row, **fields})


def sale(**fields: Any) -> Opportunity:
    row: dict[str, Any] = dict.fromkeys(Opportunity._fields)
    row |= {
        "id": 7, "lead_id": 1, "title": "Audit", "title_key": "audit", "funnel": "mine", "stage": "offer",
        "outcome": "open", "tags": "[]", "furthest": "offer", "created_at": THEN, "entered_at": THEN,
    }  # fmt: skip
    return Opportunity(**{**row, **fields})


def said(**fields: Any) -> dict[str, Any]:
    """A row that says nothing but this."""
    nothing = dict.fromkeys((*Lead._fields, *Opportunity._fields))
    return {
        **nothing,
        "name_said": False,
        "title_said": False,
        "stage_said": "stage" in fields,
        "state": "open",
        **fields,
    }


def moves(changes: list[Change]) -> list[tuple[Any, ...]]:
    """Kind, from, to, state and detail of the moves."""
    rows = [change.after for change in changes if change.table == "move"]
    return [tuple(row[name] for name in ("kind", "from_stage", "to_stage", "state", "detail")) for row in rows if row]


DROPPED = {"state": "disqualified", "reason": "no need", "closed_at": THEN}
LOST = {"outcome": "lost", "reason": "price", "closed_at": THEN}
WON = {"outcome": "won", "stage": "deal", "furthest": "deal", "closed_at": THEN}


@pytest.mark.parametrize("overwrite", [False, True])
def test_an_empty_field_is_filled_and_another_only_overwritten(overwrite: bool) -> None:
    known = lead(company="Engines", source="fair")
    row = said(company="Other", phone="030", phone_key="local:030", tags='["vip"]', note="met")
    filled = {"phone": "030", "phone_key": "local:030", "tags": '["vip"]', "note": "met"}
    assert fields_for(known, row, overwrite=overwrite) == ({**filled, "company": "Other"} if overwrite else filled)


def test_what_a_file_does_not_say_takes_nothing_away() -> None:
    known = sale(value_minor=100, currency="EUR", service="audit", tags='["a"]', probability=0.5)
    assert fields_for(known, said(tags="[]"), overwrite=True) == {}


def test_a_name_that_was_made_up_for_a_row_is_none_that_it_says() -> None:
    row = said(title="D-1", title_key="d-1", name="D-1", name_key="d-1", service="audit", company="Engines")
    assert fields_for(sale(), row, overwrite=True) == {"service": "audit"}
    assert fields_for(lead(), row, overwrite=True) == {"company": "Engines"}
    spoken = {**row, "title_said": True, "name_said": True}
    assert fields_for(sale(), spoken, overwrite=True) == {"title": "D-1", "title_key": "d-1", "service": "audit"}
    assert fields_for(lead(), spoken, overwrite=True) == {"name": "D-1", "name_key": "d-1", "company": "Engines"}


def test_amount_and_currency_go_together() -> None:
    known = sale(value_minor=100, currency="EUR")
    assert fields_for(known, said(value_minor=100, currency="USD"), overwrite=True) == {"currency": "USD"}
    assert fields_for(known, said(value_minor=5, currency="USD"), overwrite=False) == {}


@pytest.mark.parametrize(
    ("record", "filled"),
    [
        (sale(), {"probability": 0.4, "note": "n"}),
        (sale(**LOST, competitor="Delta")._replace(reason=None), {"reason": "price", "note": "n"}),
        (sale(**WON), {"note": "n"}),
        (lead(), {"note": "n"}),
        (lead(**DROPPED)._replace(reason=None), {"note": "n", "reason": "price"}),
    ],
)
def test_reasons_are_of_the_lost_and_chances_of_the_open(record: Lead | Opportunity, filled: dict[str, Any]) -> None:
    assert fields_for(record, said(reason="price", probability=0.4, note="n"), overwrite=False) == filled


@pytest.mark.parametrize(
    ("fields", "row", "steps"),
    [
        ({}, {}, []),
        ({}, {"stage": "known"}, [("advance", "found", "known", "open", None)]),
        ({"stage": "known"}, {"stage": "found"}, [("back", "known", "found", "open", None)]),
        ({}, {"stage": "elsewhere"}, []),
        ({}, {"state": "converted"}, [("convert", "found", "found", "converted", None)]),
        ({}, {"stage": "known", "state": "converted"},
         [("advance", "found", "known", "open", None), ("convert", "known", "known", "converted", None)]),
        ({}, {"state": "disqualified", "reason": "gone"}, [("drop", "found", "found", "disqualified", "gone")]),
        ({}, {"state": "disqualified", "stage": "known"},
         [("advance", "found", "known", "open", None), ("drop", "known", "known", "disqualified", "disqualified")]),
        (DROPPED, {"state": "disqualified", "stage": "known"}, []),
        (DROPPED, {"stage": "known"},
         [("reopen", "found", "found", "open", None), ("advance", "found", "known", "open", None)]),
        ({"state": "converted", "closed_at": THEN}, {"stage": "known"}, []),
        ({"state": "converted", "closed_at": THEN}, {"state": "disqualified"}, []),
    ],
)  # fmt: skip
def test_steps_of_a_lead(author: Author, fields: dict[str, Any], row: dict[str, Any], steps: list[Any]) -> None:
    assert moves(lead_steps(author, lead(**fields), MINE, said(**row))) == steps


@pytest.mark.parametrize(
    ("fields", "row", "steps"),
    [
        ({}, {}, []),
        ({}, {"stage": "deal"}, [("advance", "offer", "deal", "open", None)]),
        ({}, {"stage": "asked"}, [("back", "offer", "asked", "open", None)]),
        ({}, {"status": "waiting"}, [("status", "offer", "offer", "open", "waiting")]),
        ({"status": "waiting"}, {"status": "waiting"}, []),
        ({"status": "waiting"}, {}, []),
        ({}, {"state": "won"}, [("advance", "offer", "deal", "open", None), ("win", "deal", "deal", "won", None)]),
        ({"stage": "deal", "furthest": "deal"}, {"state": "won"}, [("win", "deal", "deal", "won", None)]),
        ({}, {"state": "won", "stage": "asked"},
         [("advance", "offer", "deal", "open", None), ("win", "deal", "deal", "won", None)]),
        ({}, {"state": "lost", "reason": "own words"}, [("lose", "offer", "offer", "lost", "own words")]),
        ({}, {"state": "lost", "stage": "deal"},
         [("advance", "offer", "deal", "open", None), ("lose", "deal", "deal", "lost", None)]),
        (LOST, {"state": "lost", "stage": "deal"}, []),
        (LOST, {"stage": "deal"},
         [("reopen", "offer", "offer", "open", None), ("advance", "offer", "deal", "open", None)]),
        (WON, {"state": "lost"}, [("reopen", "deal", "deal", "open", None), ("lose", "deal", "deal", "lost", None)]),
        (WON, {"state": "won"}, []),
    ],
)  # fmt: skip
def test_steps_of_an_opportunity(author: Author, fields: dict[str, Any], row: dict[str, Any], steps: list[Any]) -> None:
    assert moves(opportunity_steps(author, sale(**fields), MINE, said(**row))) == steps


def test_a_loss_ends_a_sleep_and_a_status(author: Author) -> None:
    asleep = sale(status="waiting", postponed_until="2026-05-01")
    [edit] = [
        change.after
        for change in opportunity_steps(author, asleep, MINE, said(state="lost"))
        if change.table == "opportunity"
    ]
    assert edit == {"outcome": "lost", "closed_at": NOW, "postponed_until": None, "status": None}
