"""History from a file: the counts that are told, the book as it stood, and the real logs that people have."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from commandline import Cli, InProcess

REAL = os.environ.get("FUNNELCTL_REAL_DATA")
real = pytest.mark.skipif(REAL is None, reason="FUNNELCTL_REAL_DATA does not say where real exports are")
EXAMPLES = Path(__file__).parents[2] / "examples"
IMPORT = "import events.csv --mapping loan-stages.yaml"

# The shape of the file that examples/loan-stages.yaml is made for, with invented rows.
EVENTS = """case_id,amount,at,stage
7,20000,2026-01-05 09:00:00,Preaccepted
7,20000,2026-01-05 11:42:43,Accepted
7,20000,2026-01-06 10:00:00,Offer sent
7,20000,2026-01-14 11:33:03,Offer returned
7,18000,2026-01-15 08:00:00,Offer sent
7,18000,2026-02-20 16:08:55,Won
8,5000,2026-01-07 09:00:00,Preaccepted
8,5000,2026-02-03 09:00:00,Lost
9,7500,2026-02-10 12:00:00,Preaccepted
"""


@pytest.fixture
def bank(call: Cli) -> Cli:
    call.env["FUNNELCTL_FUNNELS"] = str(EXAMPLES / "funnels")
    (call.home / "events.csv").write_text(EVENTS)
    shutil.copy(EXAMPLES / "loan-stages.yaml", call.home)
    return call


def live(call: Cli, command: str) -> dict[str, int]:
    """The stages in which live opportunities stand, counted."""
    return {row["stage"]: row["count"] for row in call.json(command)["live"]["by_stage"] if row["count"]}


def test_an_event_log_is_told_in_moves_opportunities_and_leads(bank: Cli) -> None:
    planned = bank("import events.csv --mapping loan-stages.yaml --dry-run --json").json
    told = bank("import events.csv --mapping loan-stages.yaml --json").json
    for one in (planned, told):
        assert one["rows"][0]["created"] == one["created"] == 9
        assert one["also_created"] == {"leads": 3, "opportunities": 3}
    bank("undo")
    said = bank(IMPORT).out
    assert said == "created 9 moves (and 3 opportunities, 3 leads) from 9 rows; undo takes it back\n"
    assert bank(IMPORT).out == "nothing to change: the 9 rows are known already\n"
    (bank.home / "more.csv").write_text(EVENTS + "9,7500,2026-02-11 12:00:00,Accepted\n")
    said = bank("import more.csv --mapping loan-stages.yaml").out
    assert said == "created 1 move, updated 1 opportunity, 9 unchanged from 10 rows; undo takes it back\n"
    bank("db check")


def test_reports_of_the_past_tell_the_book_as_it_stood(bank: Cli) -> None:
    bank(IMPORT)
    assert live(bank, "report --as-of 2026-01-05") == {"accepted": 1}
    assert live(bank, "report --as-of 2026-01-14") == {"offer-returned": 1, "preaccepted": 1}
    assert live(bank, "report --as-of 2026-02-09") == {"offer-sent": 1}
    assert live(bank, "report") == {"preaccepted": 1}
    closed = bank.json("report --as-of 2026-02-15")["closed"]
    assert (closed["won"]["count"], closed["lost"]["count"]) == (0, 1)
    won = bank.json("report")["closed"]["won"]
    assert won == {"count": 1, "totals": [{"minor": 1800000, "currency": "EUR"}]}


def test_a_known_one_shows_its_history_in_order(bank: Cli) -> None:
    bank(IMPORT)
    shown = bank.json("opp show O1")
    assert [move["kind"] for move in shown["moves"]] == ["enter", "advance", "advance", "advance", "back", "win"]
    assert shown["rows"][0]["days_in_stage"] == 0
    assert (shown["rows"][0]["created_at"], shown["rows"][0]["closed_at"]) == (
        "2026-01-05T09:00:00Z", "2026-02-20T16:08:55Z",
    )  # fmt: skip


def test_our_own_export_of_moves_is_known_again(bank: Cli) -> None:
    bank(IMPORT)
    bank("postpone O3 --until +3w")
    bank("export moves all.csv")
    rows = (bank.home / "all.csv").read_text().splitlines()
    (bank.home / "moves.csv").write_text("\n".join(row for row in rows if not row.startswith("L")) + "\n")
    before = bank.dump()
    assert bank.row("import moves.csv --as moves --funnel loans")["unchanged"] == 10
    assert bank.dump() == before


def test_a_local_time_that_comes_twice_moves_nothing_back(bank: Cli) -> None:
    """In the night on which clocks are put back; without an offset nobody can tell which of the two is meant."""
    bank.env["TZ"] = "Europe/Amsterdam"
    (bank.home / "night.csv").write_text(
        "case_id,amount,at,stage\n1,5,2025-10-26 01:59:00,Preaccepted\n1,5,2025-10-26 02:46:23,Accepted\n"
        "1,5,2025-10-26 03:00:00,Offer sent\n"
    )
    bank("import night.csv --mapping loan-stages.yaml")
    moves = bank.json("opp show O1")["moves"]
    assert [move["at"] for move in moves] == ["2025-10-25T23:59:00Z", "2025-10-26T00:46:23Z", "2025-10-26T02:00:00Z"]
    bank("db check")


@real
def test_the_log_of_the_bpi_challenge(bank: Cli) -> None:
    """7,367 loan applications of a Dutch bank, and the figures that counting the rows of the file by hand gives."""
    bank.env["TZ"] = "Europe/Amsterdam"
    log = Path(str(REAL)) / "bpi-2012-loan-funnel" / "loan_funnel_events.csv"
    told = bank.json(f"import {log} --mapping loan-stages.yaml")
    assert (told["created"], told["also_created"]) == (28_285, {"leads": 7_367, "opportunities": 7_367})
    report = bank.json("report")
    assert live(bank, "report") == {"preaccepted": 69, "accepted": 3, "offer-sent": 240, "offer-returned": 87}
    assert report["live"]["totals"] == [{"minor": 670_374_300, "currency": "EUR"}]
    won, lost = report["closed"]["won"], report["closed"]["lost"]
    assert (won["count"], won["totals"]) == (2_246, [{"minor": 3_529_033_800, "currency": "EUR"}])
    assert (lost["count"], lost["totals"]) == (4_722, [{"minor": 7_349_416_700, "currency": "EUR"}])
    kinds = bank.rows(
        "db sql 'SELECT kind, count(*) AS n FROM move WHERE opportunity_id NOT NULL GROUP BY 1 ORDER BY 1'"
    )
    assert {row["kind"]: row["n"] for row in kinds} == {
        "advance": 13_582, "back": 368, "enter": 7_367, "lose": 4_722, "win": 2_246,
    }  # fmt: skip
    past = bank.json("report --as-of 2011-12-31")
    assert live(bank, "report --as-of 2011-12-31") == {
        "preaccepted": 130, "accepted": 1, "offer-sent": 474, "offer-returned": 35,
    }  # fmt: skip
    assert (past["closed"]["won"]["count"], past["closed"]["lost"]["count"]) == (1_130, 2_369)
    assert bank.json(f"import {log} --mapping loan-stages.yaml")["operation"] is None
    bank("db check")


@real
def test_the_history_of_salesforce_after_its_opportunities(call: Cli) -> None:
    place = Path(str(REAL)) / "made-from-documented-headers"
    first = place / "salesforce_dataloader_Opportunity.csv"
    call(f"import {first} --as opportunities --preset none --stage '*=proposal'")
    history = place / "salesforce_dataexport_OpportunityHistory.csv"
    words = "--encoding latin-1 --preset none --stage Propuesta=proposal --stage 'Negociación=agreement'"
    told = call.json(f"import {history} --as moves {words}")
    assert (told["created"], told["updated"], told["unchanged"]) == (1, 1, 2)
    [first] = [row for row in call.rows("opp list --all") if row["key"] == "006000000000001AAA"]
    assert first["stage"] == "agreement"
    assert [(move["to"], move["at"]) for move in call.json(f"opp show {first['id']}")["moves"]] == [
        ("proposal", "2025-04-02T09:15:00Z"), ("agreement", "2025-06-01T08:00:00Z"),
    ]  # fmt: skip
    assert call.json(f"import {history} --as moves {words}")["operation"] is None
    call("db check")


@real
def test_the_activities_of_hubspot_after_their_people(tmp_path: Path, book: Path) -> None:
    call = InProcess(tmp_path, book)
    rows = Path(str(REAL)) / "hubspot-dummy-export" / "hubspot_activities.csv"
    people = call.json(f"import {rows} --as leads --preset none --map 'Associated Contact Email=email'")
    assert (people["created"], people["skipped"]) == (847, 1_153)
    told = call.json(f"import {rows} --as activities --preset none")
    assert told["created"] == 2_000
    kinds = call.rows("db sql 'SELECT kind, count(*) AS n FROM activity GROUP BY 1 ORDER BY 1'")
    assert {row["kind"]: row["n"] for row in kinds} == {
        "call": 402, "email": 398, "meeting": 412, "note": 403, "task": 385,
    }  # fmt: skip
    assert call.json(f"import {rows} --as activities --preset none")["unchanged"] == 2_000
    call("db check")


@pytest.mark.parametrize(
    ("policy", "kinds", "closed"),
    [
        ("fill", ["enter", "advance", "advance", "win"], "2026-11-23T10:00:00Z"),
        ("overwrite", ["enter", "advance", "win"], "2026-03-01T12:00:00Z"),
    ],
)
def test_one_closing_that_is_dated_twice_is_one(call: Cli, policy: str, kinds: list[str], closed: str) -> None:
    call("opp add Audit --client Ada --key K1 --value '100 EUR' --at 2026-01-05")
    for verb in ("advance", "advance", "win"):
        call(f"{verb} O1")
    (call.home / "m.csv").write_text("key,stage,at\nK1,request,2026-01-05\nK1,proposal,2026-02-01\nK1,won,2026-03-01\n")
    said = call(f"import m.csv --as moves --on-duplicate {policy}")
    stays = {"fill": "it stays as it is here", "overwrite": "it is as the file says"}[policy]
    assert f"1 row of a record whose closing the file dates otherwise: {stays}\n" in said.err
    assert [move["kind"] for move in call.json("opp show O1")["moves"]] == kinds
    assert call.row("opp show O1")["closed_at"] == closed
    before = call.dump()
    assert "nothing to change" in call(f"import m.csv --as moves --on-duplicate {policy}").out
    assert call.dump() == before
    call("undo")
    assert call.row("opp show O1")["closed_at"] == "2026-11-23T10:00:00Z"
