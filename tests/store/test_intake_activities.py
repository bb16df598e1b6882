"""Activities from a file: whose they are, about what, and that doing it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from taking import assert_sound, refused, take

from funnelctl.core.records import Activity
from funnelctl.errors import Invalid
from funnelctl.store.checks import check_book

NOON = "2026-01-0{}T12:00:00Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Three leads, of whom Ada was two and has two opportunities."""
    desk = Desk(tmp_path / "book.db")
    ada = desk.add_lead("Ada Lovelace", email="ada@example.com", phone="+442079460958", key="A-1")
    king = desk.add_lead("Augusta King", email="king@example.org")
    desk.add_lead("Grace Hopper", email="grace@example.com")
    desk.merge(ada, king)
    desk.add_sale(ada, "Engine audit", key="D-1")
    desk.add_sale(ada, "Training")
    return desk


def logged(desk: Desk, text: str, **declared: Any) -> list[Activity]:
    take(desk, text, "activities", **declared)
    return [Activity._make(row) for row in desk.content()["activity"]]


def sound(desk: Desk) -> None:
    assert_sound(desk)
    assert {one.status for one in check_book(str(desk.path), lambda: None, lambda check: None)} == {"ok"}


def test_an_activity_has_a_kind_a_date_a_text_and_a_person(desk: Desk) -> None:
    text = (
        "id,type,date,subject,notes,email\nC1,Call,2026-01-05 09:30:00+00:00,Price,asked for a price,ADA@example.com\n"
    )
    assert logged(desk, text) == [
        Activity(1, 1, None, "call", "2026-01-05T09:30:00Z", "Price\nasked for a price", "C1", "tester")
    ]
    sound(desk)


@pytest.mark.parametrize(
    ("column", "cell", "lead"),
    [
        ("client_key", "A-1", 1), ("email", "king@example.org", 1), ("phone", "+44 20 7946 0958", 1), ("lead", "L1", 1),
        ("lead", "l2", 1), ("lead", "grace  HOPPER", 3), ("lead", "L3", 3), ("opportunity", "D-1", 1),
    ],
)  # fmt: skip
def test_a_person_is_known_by_any_of_what_they_are_known_by(desk: Desk, column: str, cell: str, lead: int) -> None:
    [activity] = logged(desk, f"kind,at,{column}\nnote,2026-01-05,{cell}\n")
    assert activity.lead_id == lead


def test_what_is_surer_decides(desk: Desk) -> None:
    """Of two that a row gives; and the next best where nobody has the best."""
    [first, second] = logged(
        desk,
        "kind,at,client_key,email,lead\nnote,2026-01-05,A-1,grace@example.com,\nnote,2026-01-06,other,grace@example.com,L1\n",
    )
    assert (first.lead_id, second.lead_id) == (1, 3)


@pytest.mark.parametrize(("cell", "sale"), [("O1", 1), ("D-1", 1), ("training", 2), ("o2", 2)])
def test_the_opportunity_is_known_by_id_key_or_title(desk: Desk, cell: str, sale: int) -> None:
    [activity] = logged(desk, f"kind,at,opportunity,email\nmeeting,2026-01-05,{cell},grace@example.com\n")
    assert (activity.opportunity_id, activity.lead_id) == (sale, 3)  # with a colleague of the client


def test_who_or_what_is_not_known_is_told_with_its_line(desk: Desk) -> None:
    desk.add_sale(desk.add_lead("Bea"), "Training")
    desk.add_lead("Bea")
    rows = (
        "note,2026-01-05,nobody@example.com,,", "note,2026-01-05,,Nobody,", "note,2026-01-05,,Bea,",
        "note,2026-01-05,,L77,", "note,2026-01-05,,,", "note,,ada@example.com,,", "note,2026-01-05,ada@example.com,,O9",
        "note,2026-01-05,ada@example.com,,Training", "note,2026-01-05,ada@example.com,,Nothing",
        "note,2099-01-01,ada@example.com,,", "会議,2026-01-05,ada@example.com,,",
    )  # fmt: skip
    told = refused(desk, "kind,at,email,lead,opportunity\n" + "\n".join(rows) + "\n", "activities")
    assert told == [
        (2, "email", "nobody who is known has this"),
        (3, "lead", "nobody who is known has this"),
        (4, "lead", "2 leads have this name"),
        (5, "lead", "nobody who is known has this"),
        (6, "lead", "nothing says with whom it was"),
        (7, "at", "an activity needs the day on which it happened"),
        (8, "opportunity", "there is no O9"),
        (9, "opportunity", "2 opportunities have this title"),
        (10, "opportunity", "there is no opportunity of this key or title"),
        (11, "at", '"2099-01-01" lies in the future: what has happened cannot be later than now'),
        (12, "kind", '"会議" is no kind of activity that is known (1 row)'),
    ]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Phone call", "call"), ("E-mail", "email"), ("Reunión", "meeting"), ("llamada", "call"), ("catatan", "note"),
        ("To-Do", "task"), ("Site visit", "site-visit"), ("Démo", "demo"), ("会議", "meeting"), ("", "other"),
    ],
)  # fmt: skip
def test_the_words_of_a_file_become_kinds(desk: Desk, word: str, kind: str) -> None:
    [activity] = logged(desk, f"kind,at,lead\n{word},2026-01-05,L1\n", stages={"会議": "meeting"})
    assert activity.kind == kind


def test_a_word_is_not_declared_to_mean_what_is_no_kind(desk: Desk) -> None:
    with pytest.raises(Invalid, match='"A call" is no kind of activity'):
        take(desk, "kind,at,lead\nX,2026-01-05,L1\n", "activities", stages={"X": "A call"})


KEYED = "key,kind,at,text,lead\nC1,call,2026-01-05,asked,L1\nC2,note,2026-01-06,,L3\nC1,call,2026-01-05,asked,L1\n"
KEYLESS = "kind,at,text,lead\ncall,2026-01-05,asked,L1\ncall,2026-01-05,asked,L1\nnote,2026-01-06,,L3\n"


@pytest.mark.parametrize(("text", "number"), [(KEYED, 2), (KEYLESS, 3)], ids=["keyed", "keyless"])
def test_doing_it_again_changes_nothing_and_undo_takes_it_back(desk: Desk, text: str, number: int) -> None:
    before = desk.content()
    taken = take(desk, text, "activities")
    after = desk.content()
    assert (taken.created, len(after["activity"])) == (number, number)
    again = take(desk, text, "activities")
    assert (again.created, again.unchanged, again.operation) == (0, number, None)
    assert desk.content() == after
    desk.undo()
    assert desk.content() == before
    desk.redo()
    assert desk.content() == after
    sound(desk)


@pytest.mark.parametrize(
    ("policy", "texts", "updated"),
    [("fill", ["asked", "later"], 1), ("overwrite", ["said", "later"], 2), ("skip", ["asked", None], 0)],
)
def test_known_ones_are_filled_overwritten_or_left(
    desk: Desk, policy: str, texts: list[str | None], updated: int
) -> None:
    take(desk, KEYED, "activities")
    news = "key,kind,at,text,lead\nC1,call,2026-01-05,said,L1\nC2,note,2026-01-06,later,L3\n"
    taken = take(desk, news, "activities", on_duplicate=policy)
    assert (taken.updated, [row[5] for row in desk.content()["activity"]]) == (updated, texts)
    sound(desk)


def test_known_ones_can_be_an_error(desk: Desk) -> None:
    take(desk, KEYED, "activities")
    told = refused(desk, KEYED, "activities", on_duplicate="error")
    assert told == [(2, "key", "it is activity 1 already"), (3, "key", "it is activity 2 already")]
