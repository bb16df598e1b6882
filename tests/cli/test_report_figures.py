"""The report against a small book whose every figure was worked out by hand."""

from __future__ import annotations

import csv
import io
import json

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


def test_live(filled: Cli) -> None:
    report = filled.json("report")
    assert report["schema"] == "funnelctl/report/1"
    assert report["as_of"] == "2026-11-23T10:00:00Z"
    assert stages(report) == {
        "one/ask": (3, money("1500.50 EUR", "300.00 USD"), money("250.05 EUR", "60.00 USD"), 13, 0),
        "one/offer": (2, money("6000.00 EUR"), money("1000.00 EUR"), 53, 1),
        "one/deal": (1, [], [], 0, 0),
        "two/fresh": (1, money("150000 JPY"), money("15000 JPY"), 7, 0),
        "two/talks": (1, money("100.10 USD"), money("50.05 USD"), 3, 0),
        "two/nap": (1, money("900.00 USD"), [], None, 1),
    }
    live = report["live"]
    assert live["count"] == 9
    assert live["asleep"] == 2
    assert live["totals"] == money("7500.50 EUR", "150000 JPY", "1300.10 USD")
    assert live["weighted"] == money("1250.05 EUR", "15000 JPY", "110.05 USD")
    assert report["leads"] == {"seen": 2}


def test_closed_and_win_rate(filled: Cli) -> None:
    report = filled.json("report")
    assert report["closed"] == {
        "count": 6,
        "totals": money("4000.00 EUR", "5000 JPY", "3000.00 USD"),
        "won": {"count": 3, "totals": money("3000.00 EUR", "3000.00 USD")},
        "lost": {"count": 3, "totals": money("1000.00 EUR", "5000 JPY")},
    }
    rate = report["win_rate"]
    assert (rate["by_count"], rate["n"]) == (0.5, 6)
    assert rate["by_value"] is None  # euros and yen are not added
    assert rate["by_currency"] == {"EUR": 0.75, "JPY": 0.0, "USD": 1.0}


def test_stale_and_waking(filled: Cli) -> None:
    report = filled.json("report")
    assert [(row["id"], row["days_in_stage"], row["stale_after"]) for row in report["stale"]] == [
        ("O2", 13, 5),
        ("O3", 6, 5),
    ]  # O4 and O7 may stand one day more; O5 sleeps; of O6's stage nothing is said
    assert [(row["id"], row["days_in_stage"]) for row in report["stale_leads"]] == [("L2", 22)]
    assert [(row["id"], row["postponed_until"]) for row in report["waking"]] == [("O5", "2026-12-01")]
    tomorrow = filled.json("report", now="2026-11-24T10:00:00Z")
    assert [row["id"] for row in tomorrow["stale"]] == ["O2", "O4", "O7", "O3"]
    woken = filled.json("report", now="2026-12-01T10:00:00Z")
    assert "O5" not in [row["id"] for row in woken["stale"]]  # its days count from its waking
    assert woken["live"]["asleep"] == 1
    assert stages(woken)["one/offer"] == (2, money("6000.00 EUR"), money("3000.00 EUR"), 61, 0)


@pytest.mark.parametrize(
    ("options", "won", "lost"),
    [
        ("", 3, 3),
        ("--since 2026-11-01", 2, 2),
        ("--until 2026-10-31", 1, 1),
        ("--since 2026-11-01 --until 2026-11-10", 1, 1),
        ("--since 2026-11-20 --until 2026-11-20", 1, 1),  # both days are in it
        ("--since 2026-11-21", 0, 0),
        ("--since -1m --until today", 2, 2),
        ("--funnel two", 1, 1),
        ("--funnel one --since 2026-11-01", 1, 1),
    ],
)
def test_a_period_bounds_what_was_closed(filled: Cli, options: str, won: int, lost: int) -> None:
    report = filled.json(f"report {options}")
    closed = report["closed"]
    assert (closed["won"]["count"], closed["lost"]["count"]) == (won, lost)
    assert closed["count"] == report["win_rate"]["n"] == won + lost
    assert report["win_rate"]["by_count"] == (None if won + lost == 0 else won / (won + lost))
    assert len(filled.rows(f"report closed {options}")) == won + lost


def test_one_funnel_alone(filled: Cli) -> None:
    report = filled.json("report --funnel two")
    assert list(stages(report)) == ["two/fresh", "two/talks", "two/nap"]
    assert report["live"]["count"] == 3
    assert report["live"]["totals"] == money("150000 JPY", "1000.10 USD")
    assert report["leads"] == {}
    assert (report["stale"], report["stale_leads"], report["waking"]) == ([], [], [])
    assert report["win_rate"]["by_currency"] == {"JPY": 0.0, "USD": 1.0}
    assert filled.json("report --funnel seven-states")["live"]["count"] == 0  # shipped, and not used yet
    assert "nowhere" in filled("report --funnel nowhere", 3).message


def test_the_records_behind_the_figures(filled: Cli) -> None:
    assert sorted(filled.ids("report live")) == sorted(f"O{number}" for number in range(1, 10))
    assert filled.ids("report live --stage offer") == ["O5", "O4"]  # the oldest first
    assert filled.ids("report live --stage nap") == ["O8"]
    assert filled.ids("report live --funnel two --sort id") == ["O7", "O8", "O9"]
    assert filled.ids("report closed") == ["O15", "O14", "O13", "O11", "O12", "O10"]  # the newest first
    assert filled.ids("report closed --since 2026-11-05 --until 2026-11-06") == ["O13", "O11"]
    assert filled.json("report closed --limit 2")["total"] == 6
    assert filled.ids("report live --search CID --sort id") == ["O1", "O2"]


def test_an_empty_book_is_all_zeros(call: Cli) -> None:
    report = call.json("report")
    assert (report["live"]["count"], report["live"]["totals"], report["live"]["weighted"]) == (0, [], [])
    assert report["closed"] == {
        "count": 0,
        "totals": [],
        "won": {"count": 0, "totals": []},
        "lost": {"count": 0, "totals": []},
    }
    assert {name: report["win_rate"][name] for name in ("by_count", "by_value", "n")} == {
        "by_count": None,
        "by_value": None,
        "n": 0,
    }
    assert call.rows("report live") == []
    assert call("report closed").out == "no opportunities\n"
    for form in ("table", "md", "csv", "tsv", "jsonl"):
        assert "%" not in call(f"report --format {form}").out


def test_the_same_figures_in_every_format(filled: Cli) -> None:
    rows = filled.rows("report")
    assert [json.loads(line) for line in filled("report --format jsonl").out.splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(filled("report --format csv").out)))
    assert [(row["section"], row["funnel"], row["stage"], row["count"], row["totals"]) for row in table] == [
        ("leads", "one", "seen", "2", ""),
        ("live", "one", "ask", "3", "1500.50 EUR; 300.00 USD"),
        ("live", "one", "offer", "2", "6000.00 EUR"),
        ("live", "one", "deal", "1", ""),
        ("live", "two", "fresh", "1", "150000 JPY"),
        ("live", "two", "talks", "1", "100.10 USD"),
        ("live", "two", "nap", "1", "900.00 USD"),
        ("won", "", "", "3", "3000.00 EUR; 3000.00 USD"),
        ("lost", "", "", "3", "1000.00 EUR; 5000 JPY"),
    ]
    tsv = [line.split("\t") for line in filled("report --format tsv").out.splitlines()]
    assert [dict(zip(tsv[0], line, strict=True)) for line in tsv[1:]] == table
    for form in ("table", "md"):
        text = filled(f"report --format {form}").out
        for part in ("7,500.50 EUR; 150,000 JPY; 1,300.10 USD", "1,250.05 EUR; 15,000 JPY; 110.05 USD", "50 %", "13 d"):
            assert part in text
        assert "2026-12-01" in text
        assert "Ben Ltd" in text


def test_one_currency_has_a_rate_by_value(call: Cli) -> None:
    for value, close in (("3000", "win Ada"), ("500", "lose Ada --reason price"), ("500", "lose Ada --reason price")):
        call(f"opp add Audit --client Ada --value {value}")
        call(close)
    call("opp add Audit --client Ada --value 99999")  # open ones are not in it
    rate = call.json("report")["win_rate"]
    assert (rate["by_count"], rate["by_value"], rate["n"]) == (pytest.approx(1 / 3, abs=1e-6), 0.75, 3)
    assert "33 %" in call("report").out
    assert "75 %" in call("report").out


def test_labels_speak_the_language(call: Cli) -> None:
    call("opp add Audit --client Ada")
    assert "Solicitud de servicio" in call("report --lang es").out
    assert "Permintaan layanan" in call("report", env={"FUNNELCTL_LANG": "id"}).out
    assert "Solicitud" in call("report", env={"LC_ALL": None, "LANG": "es_ES.UTF-8"}).out
    assert "Service request" in call("report --lang en", env={"FUNNELCTL_LANG": "es"}).out
    assert "Service request" in call("report", env={"LC_ALL": None, "LANG": "de_DE.UTF-8"}).out
    row = call.rows("report --lang es")[1]
    assert (row["stage"], row["label"]) == ("request", "Solicitud de servicio")
