"""What can be done with an opportunity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core import opportunities
from funnelctl.core.author import Author
from funnelctl.core.change import Change
from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.money import Money
from funnelctl.core.opportunities import parse_probability
from funnelctl.core.records import Move, Opportunity
from funnelctl.errors import Conflict, Invalid

THEN, NOW = "2026-01-05T09:00:00Z", "2026-03-02T12:00:00Z"
TODAY = date(2026, 3, 2)
NAME = Label("Stage", "Etapa", "Tahap")


def stage(key: str, position: int, *, can_win: bool = False, sleeping: bool = False) -> Stage:
    return Stage(key, "mine", position, NAME, "opportunity", "a good reason", None, None, (), can_win, (), sleeping)


ASKED, OFFER = stage("asked", 0), stage("offer", 1, can_win=True)
ASLEEP, REVIEW, DEAL = stage("asleep", 2, sleeping=True), stage("review", 3), stage("deal", 4, can_win=True)
MINE = Funnel(
    "mine", NAME, "EUR", (ASKED, OFFER, ASLEEP, REVIEW, DEAL), ("waiting", "in-review", "postponed"),
    ("price", "competitor", "other"), True, "0" * 64,
)  # fmt: skip


@pytest.fixture
def author() -> Author:
    counters: Counter[str] = Counter()

    def next_id(table: str) -> int:
        counters[table] += 1
        return 10 + counters[table]

    return Author(NOW, "tester", backdated=False, today=TODAY, next_id=next_id)


def sale(**fields: Any) -> Opportunity:
    row: dict[str, Any] = dict.fromkeys(Opportunity._fields)
    row |= {
        "id": 7, "lead_id": 1, "title": "Audit", "title_key": "audit", "funnel": "mine", "stage": "offer",
        "outcome": "open", "tags": "[]", "furthest": "offer", "created_at": THEN, "entered_at": THEN,
    }  # fmt: skip
    return Opportunity(**{**row, **fields})


LOST = {"outcome": "lost", "reason": "price", "closed_at": THEN}
WON = {"outcome": "won", "closed_at": THEN}


def after(one: Opportunity, changes: list[Change]) -> Opportunity:
    """The opportunity once its changes are carried out."""
    for change in changes:
        if change.table == "opportunity":
            assert change.before is not None
            assert change.after is not None
            assert {column: getattr(one, column) for column in change.before} == change.before
            one = one._replace(**change.after)
    return one


def moves(changes: list[Change]) -> list[tuple[Any, ...]]:
    """Kind, from, to, state and detail of the moves."""
    rows = [change.after for change in changes if change.table == "move"]
    names = ("kind", "from_stage", "to_stage", "state", "detail")
    return [tuple(row[name] for name in names) for row in rows if row]


def test_only_what_was_said_is_filled() -> None:
    assert opportunities.fields_of({}, "EUR", TODAY) == {}
    raw = {
        "title": " Engine  Audit ",
        "value": "1200",
        "close": "+2w",
        "probability": "40%",
        "tags": ["x"],
        "service": " audit ",
    }
    assert opportunities.fields_of(raw, "EUR", TODAY) == {
        "title": "Engine  Audit", "title_key": "engine audit", "value_minor": 120_000, "currency": "EUR",
        "expected_close": "2026-03-16", "probability": 0.4, "tags": '["x"]', "service": "audit",
    }  # fmt: skip


def test_an_empty_text_clears_a_field() -> None:
    raw = {"value": "", "close": "", "probability": "", "service": "", "competitor": "", "note": " ", "key": ""}
    assert opportunities.fields_of(raw, "EUR", TODAY) == {
        "value_minor": None, "currency": None, "expected_close": None, "probability": None, "service": None,
        "competitor": None, "note": None, "key": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [{"title": ""}, {"value": "12000"}, {"value": "-5 EUR"}, {"close": "05/01/2026"}, {"probability": "likely"}],
    ids=str,
)
def test_what_a_field_may_not_hold_is_refused(raw: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        opportunities.fields_of(raw, None, TODAY)


@pytest.mark.parametrize(
    ("text", "chance"),
    [("0.4", 0.4), ("40%", 0.4), ("40 %", 0.4), (" .5 ", 0.5), ("0", 0.0), ("1", 1.0), ("100%", 1.0), ("0%", 0.0),
     ("1.", 1.0), ("0.1%", 0.001), ("1.1%", 0.011), ("2.3%", 0.023), ("33.333%", 0.33333)],
)  # fmt: skip
def test_a_chance(text: str, chance: float) -> None:
    assert parse_probability(text) == chance


@pytest.mark.parametrize(
    "text",
    ["", "%", ".", "40", "1.01", "100.1%", "-0.1", "0,4", "1e-1", "nan", "inf", "٠.٤", "0.4.1", "0.12345678901", "½"],
)
def test_what_is_no_chance(text: str) -> None:
    with pytest.raises(Invalid, match="is no probability"):
        parse_probability(text)


@given(st.integers(0, 10_000_000))
def test_percent_and_ratio_are_one_number(millionths: int) -> None:
    percent = f"{millionths // 100_000}.{millionths % 100_000:05}%"
    ratio = f"{millionths // 10_000_000}.{millionths % 10_000_000:07}"
    assert parse_probability(percent) == parse_probability(ratio) == millionths / 10_000_000


def test_what_it_is_worth() -> None:
    assert opportunities.value_of(sale()) is None
    assert opportunities.value_of(sale(value_minor=0, currency="EUR")) == Money(0, "EUR")


@pytest.mark.parametrize(
    ("until", "sleeps"), [(None, False), ("2026-03-03", True), ("2026-03-02", False), ("2026-03-01", False)]
)
def test_it_sleeps_until_the_morning_of_the_day(until: str | None, sleeps: bool) -> None:
    assert opportunities.asleep(sale(postponed_until=until), TODAY) is sleeps


def test_a_new_one_stands_open_in_its_stage(author: Author) -> None:
    fields = opportunities.fields_of({"title": "Audit", "value": "5 EUR"}, None, TODAY)
    made, changes = opportunities.add(author, fields, 1, OFFER)
    assert made == sale(id=11, value_minor=500, currency="EUR", created_at=NOW, entered_at=NOW)
    assert changes[0] == Change("opportunity", 11, None, made._asdict())
    assert moves(changes) == [("enter", None, "offer", "open", None)]


def test_a_walk_enters_a_stage_wakes_and_ends_the_status(author: Author) -> None:
    standing = sale(status="waiting", postponed_until="2026-05-01")
    changes = opportunities.walk(author, standing, MINE, DEAL, {"service": "audit"}, None)
    assert after(standing, changes) == sale(
        stage="deal", furthest="deal", entered_at=NOW, service="audit", status=None, postponed_until=None
    )
    assert moves(changes) == [("advance", "offer", "deal", "open", None)]


def test_the_furthest_stage_is_kept_on_the_way_back(author: Author) -> None:
    standing = sale(stage="deal", furthest="deal")
    changes = opportunities.walk(author, standing, MINE, ASKED, {}, None, back=True)
    assert (after(standing, changes).stage, after(standing, changes).furthest) == ("asked", "deal")
    assert moves(changes) == [("back", "deal", "asked", "open", None)]


def test_a_furthest_stage_that_the_funnel_has_lost_gives_way(author: Author) -> None:
    standing = sale(furthest="gone")
    assert after(standing, opportunities.walk(author, standing, MINE, ASKED, {}, None)).furthest == "asked"


def test_a_status_is_said_of_a_live_one(author: Author) -> None:
    changes = opportunities.set_status(author, sale(), MINE, " Waiting ", "since Monday")
    assert after(sale(), changes).status == "waiting"
    assert moves(changes) == [("status", "offer", "offer", "open", "waiting")]


@pytest.mark.parametrize(
    ("standing", "status", "error"),
    [(sale(), "happy", Invalid), (sale(), "postponed", Invalid), (sale(status="waiting"), "waiting", Conflict),
     (sale(**LOST), "waiting", Conflict), (sale(**WON), "waiting", Conflict)],
)  # fmt: skip
def test_a_status_that_cannot_be_is_refused(
    author: Author, standing: Opportunity, status: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        opportunities.set_status(author, standing, MINE, status, None)


def test_a_win_from_the_end_is_one_move(author: Author) -> None:
    standing = sale(stage="deal", furthest="deal", status="waiting", postponed_until="2026-05-01")
    fields = {"value_minor": 900, "currency": "EUR"}
    changes = opportunities.win(author, standing, MINE, fields, "at last")
    assert after(standing, changes) == sale(
        stage="deal", furthest="deal", outcome="won", closed_at=NOW, status=None, postponed_until=None, **fields
    )
    assert moves(changes) == [("win", "deal", "deal", "won", None)]


def test_a_win_before_the_end_passes_the_remaining_stages(author: Author) -> None:
    changes = opportunities.win(author, sale(), MINE, {}, None)
    won = after(sale(), changes)
    assert (won.stage, won.furthest, won.entered_at, won.outcome, won.closed_at) == ("deal", "deal", NOW, "won", NOW)
    assert moves(changes) == [
        ("advance", "offer", "review", "open", None),
        ("advance", "review", "deal", "open", None),
        ("win", "deal", "deal", "won", None),
    ]


@pytest.mark.parametrize("standing", [sale(stage="asked"), sale(stage="gone"), sale(stage="review")])
def test_a_stage_that_cannot_be_won_from_names_one_that_can(author: Author, standing: Opportunity) -> None:
    with pytest.raises(Conflict, match="lets none be won") as refused:
        opportunities.win(author, standing, MINE, {}, None)
    assert refused.value.hint == "funnelctl advance O7 --to offer, then win it"


def test_a_loss_keeps_the_stage_and_says_why_and_to_whom(author: Author) -> None:
    standing = sale(status="waiting", postponed_until="2026-05-01", competitor="Delta")
    changes = opportunities.lose(author, standing, MINE, " Price ", " Northbridge ", None)
    assert after(standing, changes) == sale(
        outcome="lost", reason="price", competitor="Northbridge", closed_at=NOW, status=None, postponed_until=None
    )
    assert moves(changes) == [("lose", "offer", "offer", "lost", "price")]


def test_a_loss_to_somebody_is_for_that_reason(author: Author) -> None:
    assert after(sale(), opportunities.lose(author, sale(), MINE, None, "Delta", None)).reason == "competitor"


def test_a_competitor_that_was_known_is_kept(author: Author) -> None:
    standing = sale(competitor="Delta")
    assert after(standing, opportunities.lose(author, standing, MINE, "price", None, None)).competitor == "Delta"


@pytest.mark.parametrize("reason", [None, "", "because", "lost"])
def test_a_loss_needs_one_of_the_funnels_reasons(author: Author, reason: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        opportunities.lose(author, sale(), MINE, reason, None, None)
    assert refused.value.hint == "--reason takes one of price, competitor, other"


def test_a_competitor_is_no_reason_where_the_funnel_knows_none_such(author: Author) -> None:
    with pytest.raises(Invalid, match="a loss needs a reason"):
        opportunities.lose(author, sale(), MINE._replace(lost_reasons=("price",)), None, "Delta", None)


def test_a_sleep_leaves_it_in_its_stage(author: Author) -> None:
    changes = opportunities.postpone(author, sale(status="waiting"), date(2026, 3, 3), "budget round")
    assert after(sale(status="waiting"), changes) == sale(status="waiting", postponed_until="2026-03-03")
    assert moves(changes) == [("postpone", "offer", "offer", "open", "2026-03-03")]


@pytest.mark.parametrize("until", [TODAY, date(2026, 3, 1), date(1999, 1, 1)])
def test_a_sleep_ends_in_the_future(author: Author, until: date) -> None:
    with pytest.raises(Invalid, match="is not ahead of today"):
        opportunities.postpone(author, sale(), until, None)


@pytest.mark.parametrize("closed", [WON, LOST])
def test_a_closed_one_is_taken_up_where_it_was(author: Author, closed: dict[str, Any]) -> None:
    standing = sale(**closed)
    changes = opportunities.reopen(author, standing, MINE, None)
    assert after(standing, changes) == sale(entered_at=NOW)
    assert moves(changes) == [("reopen", "offer", "offer", "open", None)]


def test_one_whose_stage_is_gone_is_taken_up_in_the_first(author: Author) -> None:
    standing = sale(**LOST, stage="former", furthest="former")
    first = MINE.first_opportunity_stage.key
    changes = opportunities.reopen(author, standing, MINE, None)
    reopened = after(standing, changes)
    assert (reopened.stage, reopened.furthest, reopened.outcome) == (first, first, "open")
    assert [move[:3] for move in moves(changes)] == [("reopen", "former", "former"), ("migrate", "former", first)]


def test_an_open_one_is_not_reopened(author: Author) -> None:
    with pytest.raises(Conflict, match="O7 is open"):
        opportunities.reopen(author, sale(), MINE, None)


@pytest.mark.parametrize("closed", [WON, LOST])
def test_a_closed_one_is_neither_won_nor_lost_nor_put_to_sleep(author: Author, closed: dict[str, Any]) -> None:
    standing = sale(**closed)
    acts: tuple[Callable[[], list[Change]], ...] = (
        lambda: opportunities.win(author, standing, MINE, {}, None),
        lambda: opportunities.lose(author, standing, MINE, "price", None, None),
        lambda: opportunities.postpone(author, standing, date(2026, 5, 1), None),
    )
    for act in acts:
        with pytest.raises(Conflict, match=f"O7 is {closed['outcome']} already") as refused:
            act()
        assert refused.value.hint == "funnelctl reopen O7 takes it up again"


def test_moving_to_another_design_keeps_the_day_of_entering(author: Author) -> None:
    there = DEAL._replace(funnel="other")
    changes = opportunities.move_to_funnel(author, sale(), OFFER._replace(funnel="other"), there)
    assert after(sale(), changes) == sale(funnel="other", furthest="deal")
    assert moves(changes) == [("migrate", "offer", "offer", "open", None)]


LAST = Move(3, None, 7, "enter", "mine", None, "offer", "open", None, "2026-03-01T10:00:00Z", "tester", None)


def test_p18_a_clock_that_was_put_back_stops_nobody(author: Author) -> None:
    early = author._replace(at="2026-02-01T10:00:00Z")
    assert early.after(LAST) == author._replace(at=LAST.at)
    assert author.after(LAST) is author
    assert author._replace(at=LAST.at).after(LAST).at == LAST.at


def test_p18_a_day_that_was_chosen_may_not_rewrite_history(author: Author) -> None:
    early = author._replace(at="2026-02-01T10:00:00Z", backdated=True)
    with pytest.raises(Conflict, match="the last move was on 2026-03-01"):
        early.after(LAST)
    assert author._replace(backdated=True).after(LAST).at == NOW


VERBS: dict[str, Callable[[Author, str | None], list[Change]]] = {
    "advance": lambda author, note: opportunities.walk(author, sale(), MINE, REVIEW, {}, note),
    "status": lambda author, note: opportunities.set_status(author, sale(), MINE, "waiting", note),
    "win": lambda author, note: opportunities.win(author, sale(stage="deal"), MINE, {}, note),
    "lose": lambda author, note: opportunities.lose(author, sale(), MINE, "price", None, note),
    "postpone": lambda author, note: opportunities.postpone(author, sale(), date(2026, 5, 1), note),
    "reopen": lambda author, note: opportunities.reopen(author, sale(**LOST), MINE, note),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_note_is_kept_with_the_move_that_it_is_about(author: Author, verb: str) -> None:
    def noted(note: str | None) -> list[Any]:
        return [change.after["note"] for change in VERBS[verb](author, note) if change.table == "move" and change.after]

    assert noted(" as agreed ") == ["as agreed"]
    assert noted(None) == [None]
    assert noted("x" * 1_000_000) == ["x" * 1_000_000]
    with pytest.raises(Invalid, match="the note has 1000001 characters"):
        noted("x" * 1_000_001)


def test_a_title_is_a_line_and_a_note_may_be_long() -> None:
    with pytest.raises(Invalid, match="the title has 501 characters"):
        opportunities.fields_of({"title": "x" * 501}, None, TODAY)
    with pytest.raises(Invalid, match="the service has 501 characters"):
        opportunities.fields_of({"service": "x" * 501}, None, TODAY)
    assert opportunities.fields_of({"note": "x" * 1_000_000}, None, TODAY)["note"] == "x" * 1_000_000


def test_a_sleep_that_was_backdated_is_ahead_of_its_own_day(author: Author) -> None:
    then = author._replace(at="2026-01-10T12:00:00Z", backdated=True)
    assert moves(opportunities.postpone(then, sale(), date(2026, 2, 1), None))[0][4] == "2026-02-01"
    with pytest.raises(Invalid, match="not ahead of 2026-01-10"):
        opportunities.postpone(then, sale(), date(2026, 1, 10), None)


def test_another_design_takes_it_over_as_it_is(author: Author) -> None:
    to, furthest = REVIEW._replace(funnel="other", key="talks"), DEAL._replace(funnel="other", key="end")
    changes = opportunities.move_to_funnel(author, sale(**WON, stage="deal"), to, furthest)
    assert after(sale(**WON, stage="deal"), changes) == sale(**WON, funnel="other", stage="talks", furthest="end")
    assert moves(changes) == [("migrate", "deal", "talks", "won", None)]


def test_a_win_takes_the_reason_of_an_earlier_loss_away(author: Author) -> None:
    again = sale(stage="deal", furthest="deal", reason="price")
    assert after(again, opportunities.win(author, again, MINE, {}, None)).reason is None


@pytest.mark.parametrize("digits", ["0.12345678", "0.123456789"])
def test_a_chance_has_at_most_ten_characters(digits: str) -> None:
    if len(digits) <= 10:
        assert parse_probability(digits) == 0.12345678
    else:
        with pytest.raises(Invalid, match="is no probability"):
            parse_probability(digits)


@pytest.mark.parametrize("text", ["1.2.3", "0..5", "1,5", "40 %%"])
def test_two_points_are_no_chance(text: str) -> None:
    with pytest.raises(Invalid):
        parse_probability(text)
