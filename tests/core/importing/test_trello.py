"""Trello boards: cards, where they stand and how they came there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from opening import Opened, refused

LISTS = [
    {"id": "l1", "name": "Enquiries", "closed": False},
    {"id": "l2", "name": "Offer sent", "closed": False},
    {"id": "l3", "name": "Won 🎉", "closed": False},
    {"id": "l4", "name": "Someday", "closed": True},
]
BORN = "5f58c9c619f4fe1505e72901"  # 0x5f58c9c6 seconds after 1970 is 2020-09-09 12:25:42


def board(*cards: dict[str, Any], **more: Any) -> str:
    return json.dumps({"id": "b", "name": "Sales", "lists": LISTS, "cards": list(cards), "actions": [], **more})


def rows(*cards: dict[str, Any], **more: Any) -> list[dict[str, str]]:
    found = Opened(board(*cards, **more))
    assert (found.form, found.problems) == ("trello", [])
    return [
        {name: cell for name, cell in zip(found.header, row, strict=True) if cell and name not in ("title", "client")}
        for row in found.rows
    ]


def moved(card: str, before: str, after: str, at: str) -> dict[str, Any]:
    data = {"card": {"id": card}, "listBefore": {"id": before, "name": "x"}, "listAfter": {"id": after, "name": "y"}}
    return {"type": "updateCard", "date": at, "data": data}


def test_a_card() -> None:
    card = {
        "id": BORN, "name": "Acme - €12,000", "desc": "call Ada", "idList": "l2", "closed": False,
        "due": "2026-01-31T10:00:00.000Z", "labels": [{"name": "vip"}, {"name": "", "color": "red"}],
    }  # fmt: skip
    comment = {"type": "commentCard", "date": "2025-05-02T09:00:00Z", "data": {"card": {"id": BORN}, "text": "called"}}
    found = Opened(board(card, actions=[comment]))
    [row] = found.rows
    assert dict(zip(found.header, row, strict=True)) == {
        "key": BORN, "title": "Acme - €12,000", "client": "Acme", "value": "", "stage": "Offer sent",
        "note": "call Ada\n2025-05-02: called", "close": "2026-01-31T10:00:00.000Z", "closed": "", "tags": "vip; red",
        "created": "2020-09-09T12:25:42Z", "history": "",
    }  # fmt: skip
    assert found.notes == [
        "1 row with an amount in the name that may mean several: it is left out, --decimal says how to read it"
    ]
    assert Opened(board(card), decimal=".").column("value") == ["12000.00 EUR"]


def test_the_history_is_oldest_first_under_the_names_of_today() -> None:
    actions = [
        moved("c", "l2", "l3", "2025-03-03T00:00:00Z"),
        moved("c", "l1", "l2", "2025-02-02T00:00:00Z"),
        {"type": "updateCard", "date": "2025-02-01T00:00:00Z", "data": {"card": {"id": "c"}, "old": {"name": "x"}}},
        {"type": "createCard", "date": "2025-01-01T00:00:00Z", "data": {"card": {"id": "c"}, "list": {"id": "l1"}}},
    ]
    [row] = rows({"id": "c", "name": "A", "idList": "l3"}, actions=actions)
    assert row["created"] == "2025-01-01T00:00:00Z"
    assert row["closed"] == "2025-03-03T00:00:00Z"
    assert json.loads(row["history"]) == [
        {"stage": "Enquiries", "at": "2025-01-01T00:00:00Z"},
        {"stage": "Offer sent", "at": "2025-02-02T00:00:00Z"},
        {"stage": "Won 🎉", "at": "2025-03-03T00:00:00Z"},
    ]


def test_a_history_whose_beginning_is_not_in_the_file() -> None:
    [row] = rows({"id": BORN, "name": "A", "idList": "l2"}, actions=[moved(BORN, "l1", "l2", "2025-02-02T00:00:00Z")])
    assert json.loads(row["history"]) == [
        {"stage": "Enquiries", "at": "2020-09-09T12:25:42Z"},
        {"stage": "Offer sent", "at": "2025-02-02T00:00:00Z"},
    ]


def test_cards_that_were_put_away_count_where_their_list_says_how_they_ended() -> None:
    cards = [
        {"id": "1", "name": "won", "idList": "l3", "closed": True, "dateLastActivity": "2025-01-01T00:00:00Z"},
        {"id": "2", "name": "put away", "idList": "l1", "closed": True},
        {"id": "3", "name": "in a list that was", "idList": "l4", "closed": False},
        {"id": "4", "name": "template", "idList": "l1", "isTemplate": True},
        {"id": "5", "name": "live", "idList": "l1"},
    ]
    found = Opened(board(*cards, checklists=[{"id": "x"}]))
    assert found.column("title") == ["won", "live"]
    assert found.column("closed") == ["2025-01-01T00:00:00Z", ""]
    assert found.lines == [1, 5]
    assert found.notes == [
        "archived cards that were neither won nor lost are left out: 2",
        "cards that are templates are left out: 1",
        "checklists are left out: 1",
    ]


def test_fields_of_its_own() -> None:
    fields = [
        {"id": "f1", "name": "Value", "type": "number"},
        {"id": "f2", "name": "Source", "type": "list", "options": [{"id": "o1", "value": {"text": "fair"}}]},
        {"id": "f3", "name": "Company", "type": "text"},
        {"id": "f4", "name": "Stage", "type": "date"},
    ]
    items = [
        {"idCustomField": "f1", "value": {"number": "12000.50"}},
        {"idCustomField": "f2", "idValue": "o1", "value": None},
        {"idCustomField": "f3", "value": {"text": "Acme"}},
        {"idCustomField": "f4", "value": {"date": "2026-01-01"}},
    ]
    cards = [{"id": "1", "name": "A €5", "idList": "l1", "customFieldItems": items}, {"id": "2", "idList": "l1"}]
    found = Opened(board(*cards, customFields=fields))
    assert found.header == (
        "key", "title", "stage", "note", "close", "closed", "tags", "created", "history", "Value", "Source", "Company",
        "Stage (field)",
    )  # fmt: skip
    assert [row[-4:] for row in found.rows] == [["12000.50", "fair", "Acme", "2026-01-01"], ["", "", "", ""]]


def test_lines_are_numbers_of_cards_where_all_stand_on_one() -> None:
    cards = [{"id": "1", "idList": "l1"}, {"id": "2", "idList": "l1"}]
    assert Opened(board(*cards)).lines == [1, 2]
    text = json.dumps({"lists": LISTS, "cards": cards}, indent=0)
    assert Opened(text).lines == [
        text[: text.index('"id": "1"')].count("\n"),
        text[: text.index('"id": "2"')].count("\n"),
    ]


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, [[]], [{}], [None], {"a": {}}])
def test_whatever_stands_in_the_place_of_something(junk: Any) -> None:
    base: dict[str, Any] = {"id": "1", "name": "A", "idList": "l1"}
    names = ("id", "name", "desc", "idList", "closed", "isTemplate", "due", "labels", "customFieldItems")
    for name in names:
        assert len(Opened(board({**base, name: junk})).rows) == 1
    assert len(Opened(board(base, actions=junk, customFields=junk, checklists=junk)).rows) == 1
    data = {"card": {"id": "1"}, "list": junk, "listBefore": junk, "listAfter": junk, "text": junk}
    assert (
        len(Opened(board(base, actions=[{"type": "updateCard", "data": data}, {"type": junk, "data": junk}])).rows) == 1
    )


@pytest.mark.parametrize(
    ("there", "twice"),
    [('"id": "l2"', '"id": "l2", "id": "l9"'), ('"name": "vip"', '"name": "vip", "name": "new"')],
)
def test_what_is_said_twice_of_one_thing_is_refused(there: str, twice: str) -> None:
    text = board({"id": BORN, "name": "Acme", "idList": "l2", "labels": [{"name": "vip"}]})
    assert there in text
    assert f"line 1: the key {twice.partition(':')[0]} stands there twice" in refused(text.replace(there, twice))


def test_a_board_without_cards() -> None:
    assert "without cards" in refused(board())


@pytest.mark.skipif(not os.environ.get("FUNNELCTL_REAL_DATA"), reason="needs FUNNELCTL_REAL_DATA")
def test_a_real_board() -> None:
    folder = Path(os.environ["FUNNELCTL_REAL_DATA"]) / "made-from-documented-headers"
    found = Opened((folder / "trello_board_export.json").read_bytes())
    assert found.column("stage") == ["Proposal sent", "Won 🎉", "Lost", "Leads"]
    assert found.column("Value") == ["12000", "3500.5", "", ""]
    assert found.column("client")[0] == "Acme – website relaunch"
    assert found.column("closed") == ["", "2025-05-14T12:30:00.000Z", "2024-11-05T11:11:11.000Z", ""]
    assert [len(json.loads(cell or "[]")) for cell in found.column("history")] == [3, 2, 1, 0]
