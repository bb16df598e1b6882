"""From what a file says of when a record stood where to its moves, and from both histories to one."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.importing.passages import Passage, Standing, Way, joined, lacking, walked
from funnelctl.core.records import Move, Opportunity
from funnelctl.workspace.places import shipped
from funnelctl.workspace.shelf import read_path

FUNNEL = read_path(os.path.join(shipped("funnels"), "consulting.yaml"))  # request, proposal, agreement

Short = tuple[str, str | None, str, str]


def passages(*told: str) -> list[Passage]:
    """``"3 proposal"``: on the third it stood in proposal; ``"5 lost"``, ``"5 lost:proposal"``, ``"5 won"``."""
    found = []
    for one in told:
        day, _, word = one.partition(" ")
        state, _, stage = word.partition(":")
        if state not in ("won", "lost", "open"):
            state, stage = "open", state
        found.append(Passage(f"2026-01-{int(day):02}T12:00:00Z", stage or None, state))
    return found


def shorter(way: Way) -> list[str]:
    """``"3 advance request>proposal"``."""
    return [f"{int(step.at[8:10])} {step.kind} {step.from_stage or ''}>{step.to_stage}" for step in way.steps]


def steps(*told: str) -> list[str]:
    return shorter(walked(FUNNEL, passages(*told)))


def recorded(*told: str, status: str = "") -> tuple[list[Move], Opportunity]:
    """An opportunity as it is in the book after these passages."""
    way = walked(FUNNEL, passages(*told))
    moves = [
        Move(number, None, 1, step.kind, "consulting", *step[1:6], "tester", step.note)
        for number, step in enumerate(way.steps, 1)
    ]
    blank = dict.fromkeys(Opportunity._fields)
    return moves, Opportunity(**{**blank, "id": 1, "funnel": "consulting", **way.end._asdict()})  # type: ignore[arg-type]


def together(known: tuple[str, ...], told: tuple[str, ...]) -> list[str] | None:
    moves, sale = recorded(*known)
    found = joined(moves, passages(*told), sale)
    return found and shorter(walked(FUNNEL, found, sale.created_at))


def test_the_first_passage_is_an_entering_and_the_others_go_on_back_or_out() -> None:
    assert steps("1 request", "3 agreement", "4 proposal", "9 lost") == [
        "1 enter >request", "3 advance request>agreement", "4 back agreement>proposal", "9 lose proposal>proposal",
    ]  # fmt: skip


def test_what_says_no_more_than_the_one_before_is_no_move() -> None:
    assert steps("1 request", "2 request", "3 proposal", "3 proposal", "4 open", "9 won", "10 won") == [
        "1 enter >request", "3 advance request>proposal", "9 win proposal>agreement",
    ]  # fmt: skip


def test_a_stage_after_the_end_takes_it_up_again() -> None:
    assert steps("1 proposal", "2 lost", "3 proposal", "4 lost", "5 agreement", "6 won", "7 lost") == [
        "1 enter >proposal", "2 lose proposal>proposal", "3 reopen proposal>proposal", "4 lose proposal>proposal",
        "5 reopen proposal>proposal", "5 advance proposal>agreement", "6 win agreement>agreement",
        "7 reopen agreement>agreement", "7 lose agreement>agreement",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "moves"),
    [
        ("1 won", ["1 enter >request", "1 win request>agreement"]),
        ("1 lost", ["1 enter >request", "1 lose request>request"]),
        ("1 lost:proposal", ["1 enter >proposal", "1 lose proposal>proposal"]),
        ("1 open", ["1 enter >request"]),
    ],
)
def test_one_that_is_first_known_when_it_ends_has_entered_then(told: str, moves: list[str]) -> None:
    assert steps(told) == moves


def test_lost_in_a_stage_that_it_had_not_reached_it_went_there_first() -> None:
    assert steps("1 request", "5 lost:agreement") == [
        "1 enter >request", "5 advance request>agreement", "5 lose agreement>agreement",
    ]  # fmt: skip


def test_the_columns_follow_from_the_moves() -> None:
    told = passages("2 request", "4 agreement", "5 proposal", "9 lost")
    told[3] = told[3]._replace(detail="price", note="too dear")
    way = walked(FUNNEL, told)
    assert way.end == Standing(
        "proposal", "lost", "price", None, None, "agreement", "2026-01-02T12:00:00Z", "2026-01-05T12:00:00Z",
        "2026-01-09T12:00:00Z",
    )  # fmt: skip
    assert [(step.detail, step.note) for step in way.steps] == [(None, None)] * 3 + [("price", "too dear")]


def test_won_by_a_leap_it_has_entered_the_last_stage_then() -> None:
    end = walked(FUNNEL, passages("2 request", "4 won")).end
    assert (end.stage, end.entered_at, end.closed_at, end.furthest) == (
        "agreement", "2026-01-04T12:00:00Z", "2026-01-04T12:00:00Z", "agreement",
    )  # fmt: skip


def test_taken_up_again_it_has_no_reason_and_no_end() -> None:
    told = passages("2 request", "4 lost", "6 request")
    told[1] = told[1]._replace(detail="price")
    end = walked(FUNNEL, told).end
    assert (end.outcome, end.reason, end.closed_at, end.entered_at) == ("open", None, None, "2026-01-06T12:00:00Z")


@pytest.mark.parametrize(
    ("told", "created", "steps"),
    [
        (
            "5 proposal, 7 agreement",
            1,
            ["1 enter >request", "5 advance request>proposal", "7 advance proposal>agreement"],
        ),
        ("5 request, 7 agreement", 1, ["1 enter >request", "7 advance request>agreement"]),
        ("5 proposal, 7 request", 1, ["1 enter >request", "5 advance request>proposal", "7 back proposal>request"]),
        ("5 lost:proposal", 1, ["1 enter >request", "5 advance request>proposal", "5 lose proposal>proposal"]),
        ("5 proposal", 9, ["5 enter >proposal"]),
    ],
)
def test_a_record_that_is_older_than_its_history_has_stood_in_the_first_stage(
    told: str, created: int, steps: list[str]
) -> None:
    way = walked(FUNNEL, passages(*told.split(", ")), f"2026-01-0{created}T12:00:00Z")
    assert shorter(way) == steps
    assert way.end.created_at == f"2026-01-0{min(created, 5)}T12:00:00Z"


def test_on_the_day_of_its_first_passage_it_began_there() -> None:
    way = walked(FUNNEL, passages("5 proposal"), "2026-01-05T08:00:00Z")
    assert [(step.kind, step.to_stage, step.at) for step in way.steps] == [
        ("enter", "proposal", "2026-01-05T08:00:00Z")
    ]


def test_no_note_is_lost_with_a_passage_that_is_no_move() -> None:
    told = [
        one._replace(note=f"note {one.at[9]}")
        for one in passages("1 request", "2 request", "3 request", "4 lost:proposal")
    ]
    assert [step.note for step in walked(FUNNEL, told).steps] == ["note 1\nnote 2\nnote 3", None, "note 4"]


def test_a_status_and_a_sleep_end_with_the_stage() -> None:
    said = Passage("2026-01-02T12:00:00Z", None, "open", "in-review", kind="status")
    slept = Passage("2026-01-03T12:00:00Z", None, "open", "2026-06-01", kind="postpone")
    begun, gone = passages("1 request", "9 proposal")
    end = walked(FUNNEL, [begun, said, slept]).end
    assert (end.stage, end.status, end.postponed_until, end.entered_at[:10]) == (
        "request", "in-review", "2026-06-01", "2026-01-01",
    )  # fmt: skip
    assert walked(FUNNEL, [begun, said, slept, gone]).end[3:5] == (None, None)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (("1 request", "3 proposal", "5 won"), ("1 request", "3 proposal", "5 won")),
        (("1 request", "3 proposal", "5 won"), ("2 request", "4 proposal", "9 won")),  # it stood there all that time
        (("1 request", "3 request", "5 proposal"), ("3 request",)),
        (("1 request", "5 lost:proposal"), ("5 proposal", "5 lost")),
        (("1 proposal",), ("7 open",)),
    ],
)
def test_a_file_that_tells_what_is_known_tells_nothing(known: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert together(known, told) is None
    moves, _ = recorded(*known)
    assert lacking(moves, passages(*told)) == [False] * len(told)


@pytest.mark.parametrize(
    ("known", "told", "moves"),
    [
        # later ones are appended
        (("1 request", "3 proposal"), ("1 request", "3 proposal", "7 won"),
         ["1 enter >request", "3 advance request>proposal", "7 win proposal>agreement"]),
        # one between two
        (("1 request", "9 won"), ("4 proposal",),
         ["1 enter >request", "4 advance request>proposal", "9 win proposal>agreement"]),
        # earlier ones: what was an entering is a passage now
        (("5 proposal", "7 agreement"), ("1 request", "3 request"),
         ["1 enter >request", "5 advance request>proposal", "7 advance proposal>agreement"]),
        # a file without history had it enter in the stage of its end
        (("1 agreement",), ("1 request", "3 proposal", "8 agreement"),
         ["1 enter >request", "3 advance request>proposal", "8 advance proposal>agreement"]),
        (("1 request", "9 lost"), ("1 proposal", "3 agreement"),
         ["1 enter >proposal", "3 advance proposal>agreement", "9 lose agreement>agreement"]),
        (("1 request", "9 won"), ("1 proposal",), ["1 enter >proposal", "9 win proposal>agreement"]),
        # where it stands now and the history does not say, it came to last
        (("1 agreement",), ("1 request", "3 proposal"),
         ["1 enter >request", "3 advance request>proposal", "3 advance proposal>agreement"]),
        # unless the history says how it has ended
        (("1 agreement",), ("1 request", "3 lost"), ["1 enter >request", "3 lose request>request"]),
        # a history that begins later says nothing of the beginning
        (("1 agreement",), ("4 proposal",), ["1 enter >agreement", "4 back agreement>proposal"]),
        # it was taken up again, and nobody had said so
        (("1 request", "3 lost", "9 won"), ("5 request",),
         ["1 enter >request", "3 lose request>request", "5 reopen request>request", "9 win request>agreement"]),
        # in one second, in the order of the file
        (("1 request", "4 agreement"), ("4 proposal", "4 agreement"),
         ["1 enter >request", "4 advance request>proposal", "4 advance proposal>agreement"]),
        (("1 request", "4 proposal"), ("4 proposal", "4 agreement"),
         ["1 enter >request", "4 advance request>proposal", "4 advance proposal>agreement"]),
    ],
)  # fmt: skip
def test_what_is_lacking_comes_in_its_place(known: tuple[str, ...], told: tuple[str, ...], moves: list[str]) -> None:
    assert together(known, told) == moves


def test_what_people_have_recorded_stays_theirs() -> None:
    moves, sale = recorded("1 request", "9 proposal")
    moves[1] = moves[1]._replace(by="ada", note="by telephone")
    moves.append(
        Move(
            3,
            None,
            1,
            "postpone",
            "consulting",
            "proposal",
            "proposal",
            "open",
            "2026-06-01",
            "2026-01-10T12:00:00Z",
            "ada",
            "budget",
        )
    )
    found = joined(moves, passages("5 agreement"), sale)
    assert found is not None
    way = walked(FUNNEL, found, sale.created_at)
    assert [(step.kind, step.by, step.note) for step in way.steps] == [
        ("enter", "tester", None), ("advance", None, None), ("back", "ada", "by telephone"),
        ("postpone", "ada", "budget"),
    ]  # fmt: skip
    assert way.end.postponed_until == "2026-06-01"


words = st.sampled_from(["request", "proposal", "agreement", "won", "lost", "lost:proposal"])
histories = st.lists(st.tuples(st.integers(1, 9), words), min_size=1, max_size=8).map(
    lambda told: tuple(f"{day} {word}" for day, word in sorted(told, key=lambda one: one[0]))
)


@given(histories)
def test_a_history_is_known_once_it_was_taken_in(told: tuple[str, ...]) -> None:
    """And what it comes to follows the rules that a book keeps."""
    assert together(told, told) is None
    way = walked(FUNNEL, passages(*told))
    times = [step.at for step in way.steps]
    assert times == sorted(times)
    assert way.steps[0].kind == "enter"
    for before, after in zip(way.steps, way.steps[1:], strict=False):
        assert after.from_stage == before.to_stage
        assert (before.state != "open") == (after.kind == "reopen")
        assert after.kind != "advance" or after.to_stage != after.from_stage


@given(histories, histories)
def test_two_files_put_together_are_both_known(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    moves, sale = recorded(*first)
    found = joined(moves, passages(*second), sale)
    if found is None:
        return
    way = walked(FUNNEL, found, sale.created_at)
    again = [
        Move(number, None, 1, step.kind, "consulting", *step[1:6], "tester", step.note)
        for number, step in enumerate(way.steps, 1)
    ]
    assert joined(again, passages(*second), sale._replace(**way.end._asdict())) is None
