"""What can be done with a lead."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest

from funnelctl.core import leads
from funnelctl.core.author import Author
from funnelctl.core.change import Change
from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.records import Alias, Lead, Move, Opportunity, SourceRow
from funnelctl.errors import Conflict, Invalid

THEN, NOW = "2026-01-05T09:00:00Z", "2026-03-02T12:00:00Z"
NAME = Label("Stage", "Etapa", "Tahap")


def stage(key: str, position: int, holds: str) -> Stage:
    return Stage(key, "mine", position, NAME, holds, "a good reason", None, None, (), holds != "lead", (), False)


FOUND, KNOWN, OFFER = stage("found", 0, "lead"), stage("known", 1, "lead"), stage("offer", 2, "opportunity")
MINE = Funnel("mine", NAME, "EUR", (FOUND, KNOWN, OFFER), (), ("price",), False, "0" * 64)
NO_LEADS = MINE._replace(stages=(OFFER._replace(position=0),))


@pytest.fixture
def author() -> Author:
    counters: Counter[str] = Counter()

    def next_id(table: str) -> int:
        counters[table] += 1
        return 10 + counters[table]

    return Author(NOW, "tester", backdated=False, today=date(2026, 3, 2), next_id=next_id)


def lead(number: int = 1, **fields: Any) -> Lead:
    row: dict[str, Any] = dict.fromkeys(Lead._fields)
    row |= {
        "id": number, "name": f"Guest {number}", "name_key": f"guest {number}", "funnel": "mine", "stage": "found",
        "state": "open", "tags": "[]", "created_at": THEN, "entered_at": THEN,
    }  # fmt: skip
    return Lead(**{**row, **fields})


CLIENT: dict[str, Any] = {"state": "converted", "closed_at": THEN}
GONE: dict[str, Any] = {"state": "disqualified", "closed_at": THEN, "reason": "too small"}


def move_in(changes: list[Change]) -> dict[str, Any]:
    """The one move among the changes."""
    [made] = [change for change in changes if change.table == "move"]
    assert made.before is None
    assert made.after is not None
    return made.after


def edit_in(changes: list[Change]) -> tuple[Any, Any]:
    """The one edit of a lead among the changes."""
    [made] = [change for change in changes if change.table == "lead" and change.before and change.after]
    return made.before, made.after


def test_only_what_was_said_is_filled() -> None:
    assert leads.fields_of({}, None) == {}
    assert leads.fields_of({"name": "  Ada  Lovelace ", "company": " Engines "}, None) == {
        "name": "Ada  Lovelace",
        "name_key": "ada lovelace",
        "company": "Engines",
    }
    assert leads.fields_of({"email": "Ada@Example.com", "phone": "030 123456", "tags": ["b", "A", "a"]}, "DE") == {
        "email": "Ada@Example.com",
        "email_key": "ada@example.com",
        "phone": "030 123456",
        "phone_key": "+4930123456",
        "tags": '["A", "b"]',
    }


def test_an_empty_text_clears_a_field_and_its_key() -> None:
    raw = {"email": "", "phone": "", "company": "", "source": " ", "note": "", "key": "", "tags": []}
    assert leads.fields_of(raw, None) == {
        "email": None, "email_key": None, "phone": None, "phone_key": None, "company": None, "source": None,
        "note": None, "key": None, "tags": "[]",
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [{"name": ""}, {"name": "\u200b"}, {"email": "ada"}, {"phone": "12"}, {"company": "a\0b"}, {"tags": ["a,b"]},
     {"name": "x" * 501}, {"note": "x" * 1_000_001}],
    ids=str,
)  # fmt: skip
def test_what_a_field_may_not_hold_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        leads.fields_of(raw, None)


def test_a_new_lead_stands_in_the_first_lead_stage(author: Author) -> None:
    made, changes = leads.add(author, leads.fields_of({"name": "Ada"}, None), MINE)
    assert made == lead(11, name="Ada", name_key="ada", created_at=NOW, entered_at=NOW)
    assert changes[0] == Change("lead", 11, None, made._asdict())
    assert move_in(changes) == {
        "id": 11, "lead_id": 11, "opportunity_id": None, "kind": "enter", "funnel": "mine", "from_stage": None,
        "to_stage": "found", "state": "open", "detail": None, "at": NOW, "by": "tester", "note": None,
    }  # fmt: skip
    assert len(changes) == 2


def test_or_in_the_stage_that_was_said(author: Author) -> None:
    made, changes = leads.add(author, leads.fields_of({"name": "Ada"}, None), MINE, KNOWN)
    assert made.stage == "known"
    assert move_in(changes)["to_stage"] == "known"


def test_a_client_is_closed_as_a_lead_from_the_start(author: Author) -> None:
    made, changes = leads.add(author, leads.fields_of({"name": "Ada"}, None), NO_LEADS, state="converted")
    assert (made.stage, made.state, made.closed_at) == ("offer", "converted", NOW)
    assert move_in(changes)["state"] == "converted"


def test_a_funnel_without_lead_stages_takes_no_leads(author: Author) -> None:
    with pytest.raises(Conflict, match="takes no leads") as refused:
        leads.add(author, leads.fields_of({"name": "Ada"}, None), NO_LEADS)
    assert "--client" in refused.value.hint


def test_an_edit_touches_what_was_said_and_nothing_else() -> None:
    assert leads.edit(lead(), {"company": "Engines"}) == [Change("lead", 1, {"company": None}, {"company": "Engines"})]
    assert leads.edit(lead(company="Engines"), {"company": "Engines"}) == []


def test_tags_come_and_go_in_any_case() -> None:
    standing = lead(tags='["rail", "VIP"]')
    assert leads.with_tags(standing, ["Event", "vip"], []) == {"tags": '["Event", "rail", "VIP"]'}
    assert leads.with_tags(standing, [], ["Vip", "unknown"]) == {"tags": '["rail"]'}
    assert leads.with_tags(standing, ["rail"], ["RAIL"]) == {"tags": '["VIP"]'}


@pytest.mark.parametrize(("back", "kind"), [(False, "advance"), (True, "back")])
def test_a_walk_enters_a_stage_and_is_recorded(author: Author, back: bool, kind: str) -> None:
    changes = leads.walk(author, lead(), KNOWN, " called her ", back=back)
    assert edit_in(changes) == ({"stage": "found", "entered_at": THEN}, {"stage": "known", "entered_at": NOW})
    move = move_in(changes)
    assert (move["kind"], move["from_stage"], move["to_stage"], move["note"]) == (kind, "found", "known", "called her")


def test_a_converted_lead_keeps_the_stage_in_which_it_was_convinced(author: Author) -> None:
    changes = leads.convert(author, lead(stage="known"))
    assert edit_in(changes) == ({"state": "open", "closed_at": None}, {"state": "converted", "closed_at": NOW})
    move = move_in(changes)
    assert (move["kind"], move["from_stage"], move["to_stage"], move["state"]) == (
        "convert", "known", "known", "converted",
    )  # fmt: skip


def test_a_lead_that_was_given_up_becomes_a_client_without_its_old_reason(author: Author) -> None:
    before, after = edit_in(leads.convert(author, lead(**GONE)))
    assert before == {"state": "disqualified", "reason": "too small", "closed_at": THEN}
    assert after == {"state": "converted", "reason": None, "closed_at": NOW}


def test_a_dropped_lead_keeps_its_stage_and_says_why(author: Author) -> None:
    changes = leads.drop(author, lead(), " too small ", "no budget at all")
    assert edit_in(changes) == (
        {"state": "open", "reason": None, "closed_at": None},
        {"state": "disqualified", "reason": "too small", "closed_at": NOW},
    )
    move = move_in(changes)
    assert (move["kind"], move["state"], move["detail"], move["note"]) == (
        "drop", "disqualified", "too small", "no budget at all",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "hint"),
    [(GONE, "funnelctl reopen L1 takes it up again"),
     (CLIENT, "funnelctl opp list --all --lead L1 shows its opportunities")],
)  # fmt: skip
def test_a_closed_lead_is_not_dropped(author: Author, fields: dict[str, Any], hint: str) -> None:
    with pytest.raises(Conflict, match=r"L1 is \w+ already") as refused:
        leads.drop(author, lead(**fields), "gone", None)
    assert refused.value.hint == hint


def test_a_drop_needs_a_reason(author: Author) -> None:
    with pytest.raises(Invalid, match="the reason is empty"):
        leads.drop(author, lead(), " ", None)


def test_a_reopened_lead_stands_where_it_was_dropped(author: Author) -> None:
    changes = leads.reopen(author, lead(stage="known", **GONE), MINE, None)
    assert edit_in(changes)[1] == {"state": "open", "reason": None, "closed_at": None}
    move = move_in(changes)
    assert (move["kind"], move["to_stage"], move["state"]) == ("reopen", "known", "open")


def test_a_reopened_lead_whose_stage_is_gone_stands_in_the_first(author: Author) -> None:
    changes = leads.reopen(author, lead(stage="former", **GONE), MINE, None)
    assert [change.after["to_stage"] for change in changes if change.after and change.table == "move"] == [
        "former",
        "found",
    ]
    assert edit_in(changes[2:])[1] == {"stage": "found"}


@pytest.mark.parametrize("fields", [{}, CLIENT])
def test_only_a_dropped_lead_is_reopened(author: Author, fields: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="only a disqualified lead can be reopened"):
        leads.reopen(author, lead(**fields), MINE, None)


def test_moving_to_another_design_keeps_the_day_of_entering(author: Author) -> None:
    changes = leads.move_to_funnel(author, lead(), KNOWN._replace(funnel="other"))
    assert edit_in(changes)[1] == {"funnel": "other", "stage": "known"}
    move = move_in(changes)
    assert (move["kind"], move["funnel"], move["from_stage"], move["to_stage"]) == (
        "migrate", "other", "found", "known",
    )  # fmt: skip


def merged(author: Author, keep: Lead, other: Lead, *rows: Any, referred: tuple[Lead, ...] = ()) -> Lead:
    """The keeper after a merge, by carrying out the changes that concern it."""
    found = keep
    for change in leads.merge(author, keep, other, rows, referred):
        if change.table == "lead" and change.row_id == keep.id:
            assert change.before is not None
            assert change.after is not None
            assert {column: getattr(found, column) for column in change.before} == change.before
            found = found._replace(**change.after)
    return found


def test_a_merge_fills_what_the_keeper_lacks_and_changes_nothing_that_it_has(author: Author) -> None:
    keep = lead(1, company="Engines", email="a@x.example", email_key="a@x.example", note="first", tags='["a"]')
    other = lead(
        2, company="Other", email="b@x.example", email_key="b@x.example", phone="1 23 45", phone_key="local:12345",
        source="event", key="K2", note="second", tags='["b"]', created_at="2025-01-01T00:00:00Z",
    )  # fmt: skip
    assert merged(author, keep, other) == keep._replace(
        phone="1 23 45", phone_key="local:12345", source="event", key="K2", tags='["a", "b"]',
        note="first\nsecond\nL2 had: name Guest 2, company Other", created_at="2025-01-01T00:00:00Z",
    )  # fmt: skip
    assert merged(author, keep, keep._replace(id=2, note=None, source="web")).note == "first"  # nothing else to note
    assert merged(author, keep._replace(source="fair"), keep._replace(id=2, note=None, source="web")).note == (
        "first\nL2 had: source web"
    )


def test_the_other_lead_goes_before_the_keeper_takes_its_addresses(author: Author) -> None:
    changes = leads.merge(author, lead(1), lead(2, email="b@x", email_key="b@x"), (), ())
    gone = next(index for index, change in enumerate(changes) if change.after is None)
    taken = next(index for index, change in enumerate(changes) if change.after and "email" in change.after)
    assert changes[gone].row_id == 2
    assert gone < taken


def aliases_in(changes: list[Change]) -> list[tuple[str, str, str, int]]:
    made = [change.after for change in changes if change.table == "lead_alias" and change.before is None]
    return [(row["kind"], row["key"], row["value"], row["lead_id"]) for row in made if row]


def test_what_both_have_stays_findable(author: Author) -> None:
    keep = lead(1, email="a@x", email_key="a@x", phone="12345", phone_key="local:12345", key="K1")
    other = lead(2, email="B@x", email_key="b@x", phone="54321", phone_key="local:54321", key="K2")
    assert aliases_in(leads.merge(author, keep, other, (), ())) == [
        ("id", "2", "L2", 1),
        ("email", "b@x", "B@x", 1),
        ("phone", "local:54321", "54321", 1),
        ("key", "K2", "K2", 1),
    ]
    assert aliases_in(leads.merge(author, lead(1), other, (), ())) == [("id", "2", "L2", 1)]


def test_an_alias_that_the_other_had_already_is_handed_over_and_not_made_twice(author: Author) -> None:
    known = Alias(5, 2, "email", "b@x", "B@x")
    keep, other = lead(1, email="a@x", email_key="a@x"), lead(2, email="B@x", email_key="b@x")
    changes = leads.merge(author, keep, other, (known,), ())
    assert Change("lead_alias", 5, {"lead_id": 2}, {"lead_id": 1}) in changes
    assert aliases_in(changes) == [("id", "2", "L2", 1)]


def test_all_that_hung_on_the_other_is_handed_over(author: Author) -> None:
    sale = Opportunity._make((7, 2, *[None] * (len(Opportunity._fields) - 2)))
    move = Move(8, 2, None, "enter", "mine", None, "found", "open", None, THEN, "tester", None)
    row = SourceRow(9, "f", 2, None, None)
    changes = leads.merge(author, lead(1), lead(2), (sale, move, row), (lead(3, referred_by=2),))
    assert changes[:4] == [
        Change("opportunity", 7, {"lead_id": 2}, {"lead_id": 1}),
        Change("move", 8, {"lead_id": 2}, {"lead_id": 1}),
        Change("source_row", 9, {"lead_id": 2}, {"lead_id": 1}),
        Change("lead", 3, {"referred_by": 2}, {"referred_by": 1}),
    ]


@pytest.mark.parametrize(
    ("keeps", "others", "joined"),
    [
        (None, None, None),
        (None, 9, 9),
        (8, 9, 8),
        (8, None, 8),
        (None, 1, None),
        (2, None, None),
        (2, 9, 9),
        (2, 1, None),
    ],
)
def test_nobody_has_referred_himself_after_a_merge(
    author: Author, keeps: int | None, others: int | None, joined: int | None
) -> None:
    keep, other = lead(1, referred_by=keeps), lead(2, referred_by=others)
    referred = (keep,) if keeps == 2 else ()
    assert merged(author, keep, other, referred=referred).referred_by == joined


@pytest.mark.parametrize(
    ("keeps", "others", "joined"),
    [
        ({}, CLIENT, CLIENT),
        (CLIENT, {}, CLIENT),
        ({}, GONE, {}),
        (GONE, {}, {}),
        (GONE, CLIENT, CLIENT),
        (CLIENT, GONE, CLIENT),
    ],
)
def test_the_livelier_of_the_two_says_where_it_stands(
    author: Author, keeps: dict[str, Any], others: dict[str, Any], joined: dict[str, Any]
) -> None:
    where = {"stage": "known", "entered_at": "2026-02-01T00:00:00Z"}
    found = merged(author, lead(1, **keeps), lead(2, **{**where, **others}))
    taken = joined == others and joined != keeps
    assert (found.stage, found.entered_at) == (("known", where["entered_at"]) if taken else ("found", THEN))
    assert (found.state, found.closed_at, found.reason) == (
        joined.get("state", "open"), joined.get("closed_at"), joined.get("reason"),
    )  # fmt: skip


def test_a_merge_is_recorded_where_the_joined_lead_stands(author: Author) -> None:
    move = move_in(leads.merge(author, lead(1), lead(2, stage="known", **CLIENT), (), ()))
    assert (move["kind"], move["lead_id"], move["from_stage"], move["to_stage"], move["state"], move["detail"]) == (
        "merge", 1, "found", "known", "converted", "L2",
    )  # fmt: skip


def test_a_lead_is_not_merged_with_itself(author: Author) -> None:
    with pytest.raises(Conflict, match="itself"):
        leads.merge(author, lead(1), lead(1), (), ())


def test_a_note_is_kept_with_the_move_of_a_lead(author: Author) -> None:
    for changes in (
        leads.walk(author, lead(), KNOWN, "by mail"),
        leads.convert(author, lead(), "by mail"),
        leads.drop(author, lead(), "gone", "by mail"),
        leads.reopen(author, lead(**GONE), MINE, "by mail"),
    ):
        assert move_in(changes)["note"] == "by mail"
    with pytest.raises(Invalid, match="the note has 1000001 characters"):
        leads.drop(author, lead(), "gone", "x" * 1_000_001)


def test_a_walk_goes_forward_unless_told(author: Author) -> None:
    assert move_in(leads.walk(author, lead(), KNOWN, None))["kind"] == "advance"
    reopened = move_in(leads.reopen(author, lead(stage="known", **GONE), MINE, None))
    assert (reopened["from_stage"], reopened["to_stage"]) == ("known", "known")


def test_another_design_takes_a_lead_over_in_its_state(author: Author) -> None:
    move = move_in(leads.move_to_funnel(author, lead(**GONE), KNOWN._replace(funnel="other", key="seen")))
    assert (move["kind"], move["funnel"], move["to_stage"], move["state"]) == (
        "migrate", "other", "seen", "disqualified",
    )  # fmt: skip
