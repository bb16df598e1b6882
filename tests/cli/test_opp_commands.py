"""Opportunities: asked for, listed, changed."""

from __future__ import annotations

import pytest

from commandline import Cli

FIELDS = {
    *("id", "title", "lead", "client", "value", "service", "funnel", "stage", "status", "outcome", "reason"),
    *("competitor", "probability", "expected_close", "created_at", "closed_at", "postponed_until", "key"),
    "days_in_stage",
}


def test_a_service_request_keeps_all_that_was_said(call: Cli) -> None:
    call("lead add Grace --at 2026-11-01")
    call(
        "opp add ' Process audit ' --lead Grace --value '12000.50 EUR' --service audit --close +1m --probability 40%"
        " --competitor Rival --stage proposal --tag big --note 'by mail' --key REQ-1 --at 2026-11-10"
    )
    made = call.row("opp show O1")
    assert set(made) >= FIELDS
    assert {name: made[name] for name in FIELDS | {"tags", "note"}} == {
        "id": "O1",
        "title": "Process audit",
        "lead": "L1",
        "client": "Grace",
        "value": {"minor": 1200050, "currency": "EUR"},
        "service": "audit",
        "funnel": "consulting",
        "stage": "proposal",
        "status": None,
        "outcome": "open",
        "reason": None,
        "competitor": "Rival",
        "probability": 0.4,
        "expected_close": "2026-12-23",
        "created_at": "2026-11-10T12:00:00Z",
        "closed_at": None,
        "postponed_until": None,
        "key": "REQ-1",
        "days_in_stage": 13,
        "tags": ["big"],
        "note": "by mail",
    }
    assert call.row("lead show L1")["state"] == "converted"
    assert call.row("lead show L1")["opportunities"] == ["O1"]


def test_a_client_is_made_on_the_way(call: Cli) -> None:
    said = call(
        "opp add Audit --client 'Ada Lovelace' --company Engines --email ada@example.com --phone '+34 600 111 222'"
        " --source tender"
    )
    assert said.out == "O1 Audit: Service request (Consulting), for L1 Ada Lovelace\n"
    ada = call.row("lead show L1")
    assert (ada["company"], ada["email"], ada["source"]) == ("Engines", "ada@example.com", "tender")
    assert (ada["state"], ada["opportunities"]) == ("converted", ["O1"])
    assert call("undo").out.startswith("undone: opp add")  # client and opportunity are one step
    assert call.ids("lead list --all") == []


def test_a_client_is_not_called_as_a_lead_is_referred_to(call: Cli) -> None:
    call("lead add Ada")
    refused = call("opp add Audit --client L1", 2)
    assert (refused.message, refused.hint) == (
        "L1 is a lead that is known, and no name; nothing was saved",
        "--lead L1",
    )
    call("opp add Audit --client L7")


def test_a_client_who_is_called_by_an_e_mail_has_it(call: Cli) -> None:
    call("lead add Ada --email ada@example.com")
    refused = call("opp add Audit --client ADA@example.com", 2)
    assert (refused.message, refused.hint) == (
        "--client is the e-mail of a lead that is known, and no name; nothing was saved",
        "--lead L1",
    )
    call("opp add Audit --client Bob@example.com")
    bob = call.row("lead show bob@example.com")
    assert (bob["id"], bob["name"], bob["email"]) == ("L2", "Bob@example.com", "Bob@example.com")
    call("opp add Audit --client Studio@Night")  # which nobody can write to
    assert call.row("lead show L3")["email"] is None


def test_a_client_who_is_known_by_that_name(call: Cli) -> None:
    call("lead add 'Ada Lovelace' --email ada@example.com")
    assert "known already" in call("opp add Audit --client 'ada  LOVELACE'").err
    call("opp add Course --client 'Ada Lovelace' --email ADA@example.com")
    assert call.ids("lead list --all") == ["L1"]
    assert "another email" in call("opp add X --client 'Ada Lovelace' --email other@example.com", 4).message
    assert "has no phone" in call("opp add X --client 'Ada Lovelace' --phone '+34 600 111 222'", 4).message
    assert "L1" in call("opp add X --client Adelaide --email ada@example.com", 4).message
    call("lead add 'Ada Lovelace'")
    said = call("opp add X --client 'Ada Lovelace'", 4)
    assert "L1" in said.message
    assert "L2" in said.message
    assert "--lead" in said.hint


@pytest.mark.parametrize(
    ("value", "minor", "currency"),
    [
        ("--value 12000", 1200000, "EUR"),  # the funnel's
        ("--value '12000 USD'", 1200000, "USD"),
        ("--value 12000 --currency usd", 1200000, "USD"),
        ("--value '5 USD' --currency GBP", 500, "USD"),
        ("--value '1.500,00'", 150000, "EUR"),
        ("--value '1,500.00 EUR'", 150000, "EUR"),
        ("--value '1500.000'", 150000, "EUR"),
        ("--value '€ 0,99'", 99, "EUR"),
        ("--value '150000 JPY'", 150000, "JPY"),
        ("--value '1.500 KWD'", 1500, "KWD"),
        ("--value 'Rp 1.000.000'", 100000000, "IDR"),
        ("--value 0", 0, "EUR"),
    ],
)
def test_values(call: Cli, value: str, minor: int, currency: str) -> None:
    call(f"opp add Audit --client Ada {value}")
    assert call.row("opp show O1")["value"] == {"minor": minor, "currency": currency}


@pytest.mark.parametrize(
    "option",
    [
        *("--value 1.500", "--value 1,500", "--value -1", "--value much", "--value '5 EUR USD'", "--value 0.001"),
        *("--value 1e3", "--value 9999999999999999", "--value 5 --currency EURO", "--currency USD"),
        *("--probability 1.1", "--probability 140%", "--probability -0.1", "--probability high", "--probability nan"),
        *("--close 05/01/2026", "--close soon", "--close 2026-02-30", "--tag a,b", "--tag ''", "--stage won"),
    ],
)
def test_what_is_no_value_is_refused(call: Cli, option: str) -> None:
    before = call.dump()
    call(f"opp add Audit --client Ada {option}", 2)
    assert call.dump() == before


@pytest.mark.parametrize(("given", "chance"), [("0", 0.0), ("1", 1.0), ("0.25", 0.25), ("25%", 0.25), ("100 %", 1.0)])
def test_own_probability(call: Cli, given: str, chance: float) -> None:
    call(["opp", "add", "Audit", "--client", "Ada", "--probability", given])
    assert call.row("opp show O1")["probability"] == chance
    call(["opp", "edit", "O1", "--probability", ""])
    assert call.row("opp show O1")["probability"] == 0.3  # the stage's own, funnels/consulting.yaml


def test_edit(call: Cli) -> None:
    call("lead add Grace")
    call("opp add Audit --client Ada --value '5 USD' --service audit --close 2026-12-01 --note x --tag a --key K1")
    call("opp edit audit --title 'Big audit' --value 7 --close fri --service '' --tag b --untag a --competitor Rival")
    changed = call.row("opp show O1")
    assert (changed["title"], changed["value"]) == ("Big audit", {"minor": 700, "currency": "USD"})
    assert (changed["expected_close"], changed["service"], changed["competitor"]) == ("2026-11-27", None, "Rival")
    assert (changed["tags"], changed["note"], changed["key"]) == (["b"], "x", "K1")
    call("opp edit O1 --value 8 --currency gbp")
    assert call.row("opp show O1")["value"] == {"minor": 800, "currency": "GBP"}
    call("opp edit O1 --value '' --close '' --note '' --key '' --competitor ''")
    cleared = call.row("opp show O1")
    assert [cleared[name] for name in ("value", "expected_close", "note", "key", "competitor")] == [None] * 5
    call("opp edit O1 --lead Grace")
    assert call.row("opp show O1")["client"] == "Grace"
    assert call.row("lead show Grace")["state"] == "converted"
    assert call.row("lead show Ada")["opportunities"] == []
    before = call.dump()
    assert "nothing was changed" in call("opp edit O1 --title 'Big audit'").out
    for command in ("opp edit O1", "advance O1", "win O1"):
        assert "--value" in call(f"{command} --currency USD", 2).hint
        call(f"{command} --value 5 --currency XXX", 2)
    assert call.dump() == before


@pytest.fixture
def pipeline(call: Cli) -> Cli:
    """Six opportunities; O4 is won, O5 is lost, O6 sleeps."""
    call("opp add Audit --client Ada --value '300 EUR' --service Audit --close 2026-12-05 --at 2026-11-20")
    call("opp add Zen --client Zoe --value '9 USD' --service training --close 2026-12-01 --at 2026-11-01")
    call("opp add Market --client Bea --funnel jm-sports --tag big --note 'for the board'")
    call("opp add Won --client Ada --value '800 EUR' --service audit --at 2026-10-01")
    call("opp add Lost --client Carla --value '100 EUR' --at 2026-10-02")
    call("opp add Sleeper --client Dora --funnel seven-states")
    call("opp status O2 in-review")
    call("advance O1 --to agreement")
    call("win O4 --at 2026-10-20")
    call("lose O5 --reason price --to Rival --at 2026-10-21")
    call("postpone O6 --until +3w")
    return call


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", "O1 O2 O3 O6"),
        ("--live", "O1 O2 O3 O6"),
        ("--won", "O4"),
        ("--lost", "O5"),
        ("--closed", "O4 O5"),
        ("--won --lost", "O4 O5"),
        ("--live --won", "O1 O2 O3 O4 O6"),
        ("--all", "O1 O2 O3 O4 O5 O6"),
        ("--stage agreement", "O1"),
        ("--stage request", "O2"),
        ("--stage postponed", "O6"),
        ("--stage new", ""),
        ("--status in-review", "O2"),
        ("--status postponed", "O6"),
        ("--funnel jm-sports", "O3"),
        ("--service AUDIT", "O1"),
        ("--all --service audit", "O1 O4"),
        ("--tag BIG", "O3"),
        ("--lead Ada --all", "O1 O4"),
        ("--search board", "O3"),
        ("--search zoe", "O2"),
        ("--all --search o", "O2 O3 O4 O5 O6"),
        ("--search %", ""),
        ("--sort -value", "O2 O1 O6 O3"),
        ("--sort close", "O2 O1 O3 O6"),
        ("--sort title", "O1 O3 O6 O2"),
        ("--sort client", "O1 O3 O6 O2"),
        ("--sort age --limit 2", "O2 O1"),
        ("--sort -id --limit 1", "O6"),
    ],
)
def test_lists(pipeline: Cli, options: str, found: str) -> None:
    assert pipeline.ids(f"opp list {options}") == found.split()


def test_what_is_listed_of_each(pipeline: Cli) -> None:
    live, sleeper = pipeline.rows("opp list")[1], pipeline.rows("opp list")[3]
    assert (live["stage"], live["status"], live["days_in_stage"]) == ("request", "in-review", 22)
    assert (sleeper["stage"], sleeper["status"], sleeper["postponed_until"]) == ("postponed", "postponed", "2026-12-14")
    won, lost = pipeline.rows("opp list --closed")
    assert (won["outcome"], won["closed_at"], won["probability"]) == ("won", "2026-10-20T12:00:00Z", None)
    assert (lost["outcome"], lost["reason"], lost["competitor"]) == ("lost", "price", "Rival")
    assert (lost["stage"], lost["days_in_stage"]) == ("request", 19)


def test_a_status_that_no_funnel_has_is_told_from_an_empty_list(pipeline: Cli) -> None:
    assert "in-review" in pipeline("opp list --status nonsense", 2).hint
    assert pipeline.rows("opp list --lost --status in-review") == []
