"""P18: history is in the order in which things were recorded, whatever the clock says."""

from __future__ import annotations

from commandline import Cli


def test_p18_a_clock_that_goes_back_reorders_nothing(call: Cli) -> None:
    call("opp add Audit --client Ada", now="2026-11-23T10:00:00Z")
    call("advance O1", now="2026-11-20T10:00:00Z")
    call("win O1", now="2020-01-01T00:00:00Z")
    shown = call.json("opp show O1", now="2026-11-24T10:00:00Z")
    assert [row["outcome"] for row in shown["rows"]] == ["won"]
    assert [(move["kind"], move["at"]) for move in shown["moves"]] == [
        ("enter", "2026-11-23T10:00:00Z"),
        ("advance", "2026-11-23T10:00:00Z"),
        ("advance", "2026-11-23T10:00:00Z"),
        ("win", "2026-11-23T10:00:00Z"),
    ]


def test_p18_the_log_keeps_what_the_clock_said_and_undo_its_order(call: Cli) -> None:
    call("lead add Ada", now="2026-11-23T10:00:00Z")
    call("lead add Bea", now="2020-01-01T00:00:00Z")
    assert [row["at"] for row in call.rows("history")] == ["2020-01-01T00:00:00Z", "2026-11-23T10:00:00Z"]
    call("undo")
    assert [row["name"] for row in call.rows("lead list")] == ["Ada"]


def test_p18_other_time_zones_write_the_same_instants(call: Cli) -> None:
    call("lead add Ada", now="2026-11-23T10:00:00Z", env={"TZ": "Asia/Jakarta"})
    call("lead add Bea", now="2026-11-23T11:00:00+01:00", env={"TZ": "America/Lima"})
    assert {row["created_at"] for row in call.rows("lead list")} == {"2026-11-23T10:00:00Z"}


def test_p18_a_report_of_yesterday_does_not_know_of_today(call: Cli) -> None:
    call("opp add Audit --client Ada", now="2026-11-20T10:00:00Z")
    call("win O1", now="2026-11-23T10:00:00Z")
    yesterday = call.json("report --as-of 2026-11-22")
    assert (yesterday["live"]["count"], yesterday["closed"]["count"]) == (1, 0)
    today = call.json("report")
    assert (today["live"]["count"], today["closed"]["count"]) == (0, 1)
