"""The report as the book stood on a day that has passed."""

from __future__ import annotations

from typing import Any

import pytest
from small_book import BOOK, lay_out, money, stages

from commandline import Cli


@pytest.fixture
def filled(call: Cli) -> Cli:
    """The small filled."""
    lay_out(call)
    for command in BOOK:
        call(command)
    return call


def test_a_day_worked_out_by_hand(filled: Cli) -> None:
    report = filled.json("report --as-of 2026-10-20")
    assert report["as_of"] == "2026-10-20T12:00:00Z"
    assert stages(report) == {
        "one/ask": (1, money("1000.00 USD"), money("200.00 USD"), 2, 0),  # O11, won later
        "one/offer": (1, money("4000.00 EUR"), money("2000.00 EUR"), 19, 0),  # O5, not asleep yet
        "one/deal": (0, [], [], None, 0),
        "two/fresh": (1, money("5000 JPY"), money("500 JPY"), 1, 0),  # O13, lost later
        "two/talks": (0, [], [], None, 0),
        "two/nap": (0, [], [], None, 0),
    }
    assert report["leads"] == {"seen": 0}
    assert report["closed"]["won"] == {"count": 1, "totals": money("3000.00 EUR")}
    assert report["closed"]["lost"] == {"count": 1, "totals": money("1000.00 EUR")}
    assert {name: report["win_rate"][name] for name in ("by_count", "by_value", "n")} == {
        "by_count": 0.5,
        "by_value": 0.75,
        "n": 2,
    }
    assert [(row["id"], row["days_in_stage"]) for row in report["stale"]] == [("O5", 19)]
    assert report["waking"] == []
    assert filled.ids("report live --as-of 2026-10-20 --sort id") == ["O5", "O11", "O13"]
    assert filled.ids("report closed --as-of 2026-10-20") == ["O12", "O10"]


def test_the_day_itself_counts_to_its_end(filled: Cli) -> None:
    assert filled.json("report --as-of 2026-11-04")["live"]["count"] == 6  # O5 O8 O11 O13 O14 O15
    fifth = filled.json("report --as-of 2026-11-05")
    assert fifth["live"]["count"] == 5
    assert fifth["live"]["asleep"] == 1
    assert fifth["closed"]["won"]["totals"] == money("3000.00 EUR", "1000.00 USD")
    assert stages(fifth)["one/offer"] == (1, money("4000.00 EUR"), [], 35, 1)
    first_day = filled.json("report --as-of 2026-09-01")
    assert (first_day["live"]["count"], first_day["closed"]["count"]) == (1, 0)
    before = filled.json("report --as-of 2026-08-31")
    assert (before["live"]["count"], before["closed"]["count"], before["leads"]) == (0, 0, {"seen": 0})


def test_as_of_today_is_the_report(filled: Cli) -> None:
    for command in ("report", "report live", "report closed"):
        for day in ("today", "2026-11-23"):
            assert filled.json(f"{command} --as-of {day}") == filled.json(command)
    for day in ("tomorrow", "2026-11-24"):
        assert "ahead" in filled(f"report --as-of {day}", 2).message


def test_the_past_of_one_record(call: Cli) -> None:
    lay_out(call)
    for command in (
        "lead add Ada --at 2026-10-01",
        "lead drop Ada --reason cold --at 2026-10-05",
        "reopen Ada --at 2026-10-10",
        "advance Ada --title Audit --value 100 --at 2026-10-12",
        "opp edit O1 --competitor Rival",
        "advance O1 --to deal --at 2026-10-14",
        "advance O1 --back --at 2026-10-16",
        "lose O1 --reason price --at 2026-10-20",
        "reopen O1 --at 2026-10-25",
        "postpone O1 --until 2026-11-05 --at 2026-10-27",
        "win O1 --at 2026-11-10",
    ):
        call(command)

    def on(day: str) -> tuple[int, list[str], int, int]:
        report = call.json(f"report --as-of 2026-{day}")
        there = [row["stage"] for row in report["live"]["by_stage"] if row["count"]]
        return report["leads"]["seen"], there, report["live"]["asleep"], report["closed"]["count"]

    assert on("10-01") == (1, [], 0, 0)
    assert on("10-05") == (0, [], 0, 0)
    assert on("10-11") == (1, [], 0, 0)
    assert on("10-13") == (0, ["ask"], 0, 0)
    assert on("10-15") == (0, ["deal"], 0, 0)
    assert on("10-19") == (0, ["offer"], 0, 0)
    assert on("10-24") == (0, [], 0, 1)
    assert on("10-26") == (0, ["offer"], 0, 0)
    assert on("11-04") == (0, ["offer"], 1, 0)
    assert on("11-05") == (0, ["offer"], 0, 0)
    assert on("11-10") == (0, [], 0, 1)
    lost = call.row("report closed --as-of 2026-10-22")
    assert (lost["outcome"], lost["reason"], lost["closed_at"]) == ("lost", "price", "2026-10-20T12:00:00Z")
    assert call.row("report closed --as-of 2026-11-10")["reason"] is None
    assert call.row("report live --as-of 2026-10-30")["status"] == "postponed"


# What was done on each day. Titles, values and clients are those of today, so they are said once and left alone.
DAYS = {
    "2026-10-05": "lead add Ann; lead add Ben; lead add Cid --at 2026-10-05; opp add Audit --client Dan --competitor X",
    "2026-10-06": "advance O1; opp add Talk --client Eva --funnel two --value 7; lead drop Ben --reason cold",
    "2026-10-09": "advance O2; postpone O2 --until 2026-10-14; opp status O2 waiting",
    "2026-10-10": "advance Ann --title Course --value 500; lose O1 --reason price",
    "2026-10-14": "reopen Ben; postpone O3 --until 2026-12-01",
    "2026-10-15": "reopen O1; advance O3 --to deal",
    "2026-10-20": "postpone O1 --until +1m; advance O2 --back; opp add Zen --lead Ben --value 20",
    "2026-10-21": "advance O2; opp status O2 waiting",
    "2026-10-23": "funnel migrate two one --map fresh=ask --map talks=offer",
    "2026-10-28": "lose O4 --reason timing; win O3; advance O2",
    "2026-11-02": "win O1; lead add Fay; reopen O3; win O2",
    "2026-11-10": "lose O3 --reason other",
}
REPORTS = ("report", "report live", "report closed")


def test_what_was_reported_can_be_reported_again(call: Cli) -> None:
    """The report that was taken at the end of a day is the report as of that day, ever after."""
    lay_out(call)
    two = call.home / "funnels" / "two.yaml"
    two.write_text(two.read_text() + "statuses: [waiting]\n")
    told: dict[tuple[str, str], Any] = {}
    for day, commands in DAYS.items():
        for command in commands.split("; "):
            call(command, now=f"{day}T10:00:00Z")
        for report in REPORTS:
            told[day, report] = call.json(report, now=f"{day}T12:00:00Z")
    for (day, report), then in told.items():
        assert call.json(f"{report} --as-of {day}") == then, (report, day)
