"""When things happened: back-dated, in order, and never in the future; whatever the clock and the zone."""

from __future__ import annotations

import pytest

from commandline import Cli


@pytest.mark.parametrize(
    ("at", "instant"),
    [
        ("2026-11-20", "2026-11-20T12:00:00Z"),
        ("yesterday", "2026-11-22T12:00:00Z"),
        ("ayer", "2026-11-22T12:00:00Z"),
        ("kemarin", "2026-11-22T12:00:00Z"),
        ("-2w", "2026-11-09T12:00:00Z"),
        ("-1m", "2026-10-23T12:00:00Z"),
        ("today", "2026-11-23T10:00:00Z"),
        ("2026-11-20T08:30", "2026-11-20T08:30:00Z"),
        ("2026-11-20T08:30:00+02:00", "2026-11-20T06:30:00Z"),
    ],
)
def test_when_it_happened(call: Cli, at: str, instant: str) -> None:
    call(f"lead add Ada --at={at}")
    assert call.row("lead show L1")["created_at"] == instant


@pytest.mark.parametrize(
    "at",
    [
        "tomorrow",
        "2026-11-24",
        "+1d",
        "fri",
        "05/01/2026",
        "5.1.26",
        "2026-02-30",
        "soon",
        "1800-01-01",
        "2026-11-23T10:01",
    ],
)
def test_when_it_cannot_have_happened(call: Cli, at: str) -> None:
    assert call(f"lead add Ada --at {at}", 2).hint
    assert call.ids("lead list") == []


@pytest.mark.parametrize(
    ("close", "day"),
    [
        ("2027-01-15", "2027-01-15"),
        ("today", "2026-11-23"),
        ("tomorrow", "2026-11-24"),
        ("mañana", "2026-11-24"),
        ("besok", "2026-11-24"),
        ("+3d", "2026-11-26"),
        ("+2w", "2026-12-07"),
        ("+1m", "2026-12-23"),
        ("mon", "2026-11-30"),  # the next one: today is a Monday
        ("sunday", "2026-11-29"),
    ],
)
def test_days_to_come(call: Cli, close: str, day: str) -> None:
    call(f"opp add Audit --client Ada --close {close}")
    assert call.row("opp show O1")["expected_close"] == day


def test_moves_stand_in_the_order_of_their_days(call: Cli) -> None:
    call("lead add Ada --at 2026-10-01")
    call("advance Ada --title Audit --at 2026-10-05")
    for command in (
        "advance O1 --at 2026-10-04",
        "win O1 --at 2026-10-04",
        "lose O1 --reason price --at 2026-10-04",
        "postpone O1 --until +1w --at 2026-10-04",
        "opp status O1 in-review --at 2026-10-04",
    ):
        said = call(command, 4)
        assert "2026-10-05" in said.message
        assert "--at" in said.hint
        assert "undo" in said.hint
    call("advance O1 --at 2026-10-05")  # the same day
    call("win O1 --at 2026-11-01")
    won = call.json("opp show O1")
    assert [move["at"][:10] for move in won["moves"]] == ["2026-10-05", "2026-10-05", "2026-11-01", "2026-11-01"]
    assert won["rows"][0]["closed_at"] == "2026-11-01T12:00:00Z"
    assert "2026-11-01" in call("reopen O1 --at 2026-10-31", 4).message
    call("reopen O1 --at 2026-11-02")


def test_a_merge_comes_after_all_that_both_have_done(call: Cli) -> None:
    call("lead add Ada --at 2026-10-01")
    call("lead add Bea --at 2026-11-01")
    assert "2026-11-01" in call("lead merge Ada Bea --at 2026-10-15", 4).message
    call("lead merge Ada Bea --at 2026-11-01")


def test_a_clock_that_was_put_back_stops_nobody(call: Cli) -> None:
    call("opp add Audit --client Ada")
    earlier = "2020-01-01T00:00:00Z"
    call("advance O1", now=earlier)
    call("opp status O1 in-review", now=earlier)
    call("win O1", now=earlier)
    told = call.json("opp show O1")
    assert [move["at"] for move in told["moves"]] == ["2026-11-23T10:00:00Z"] * 5
    assert [move["kind"] for move in told["moves"]] == ["enter", "advance", "status", "advance", "win"]
    assert told["rows"][0]["outcome"] == "won"
    assert call.row("opp list --won", now=earlier)["days_in_stage"] == 0
    call("undo", now=earlier)
    assert call.row("opp show O1", now=earlier)["outcome"] == "open"
    assert call("report", now=earlier).err == ""


def test_days_are_those_of_the_zone(call: Cli) -> None:
    call("lead add Ada", now="2026-11-22T23:30:00Z")
    jakarta = {"TZ": "Asia/Jakarta"}
    assert call.row("lead list", now="2026-11-23T00:30:00Z")["days_in_stage"] == 1
    assert call.row("lead list", now="2026-11-23T00:30:00Z", env=jakarta)["days_in_stage"] == 0
    assert "2026-11-23" in call("lead show Ada", env=jakarta).out
    assert "2026-11-22" in call("lead show Ada").out
    call("lead add Bea --at 2026-11-20", env=jakarta)
    assert call.row("lead show Bea")["created_at"] == "2026-11-20T05:00:00Z"  # its noon


def test_the_clock_may_be_said(call: Cli) -> None:
    assert "FUNNELCTL_NOW" in call("lead list", 2, now="soon").message
    call("lead add Ada", now="2026-11-20T09:15:30+02:00")
    assert call.row("lead show Ada")["created_at"] == "2026-11-20T07:15:30Z"
    assert call.json("lead show Ada")["as_of"] == "2026-11-23T10:00:00Z"
