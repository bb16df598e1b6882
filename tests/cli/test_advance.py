"""From stage to stage: on evidence, one step or several, forward or back."""

from __future__ import annotations

import pytest

from commandline import Cli

STRICT = """
funnel: strict
stages:
  - stage: seen
    holds: lead
    why: They were seen somewhere at all.
    requires: [source]
  - stage: known
    holds: lead
    why: We know for whom they work.
    requires: [company, contact]
  - stage: talk
    holds: opportunity
    why: They talk with us about a need.
    requires: [note]
  - stage: rivals
    holds: opportunity
    why: We know who else was asked.
    requires: [competitor, close, service, value]
currency: IDR
"""


@pytest.fixture
def strict(call: Cli) -> Cli:
    folder = call.home / "funnels"
    folder.mkdir()
    (folder / "strict.yaml").write_text(STRICT)
    call.env["FUNNELCTL_FUNNELS"] = str(folder)
    call("funnel use strict")
    return call


def kinds(cli: Cli, ref: str) -> list[tuple[str, str | None, str]]:
    what = "lead" if ref.startswith("L") else "opp"
    return [(move["kind"], move["from"], move["to"]) for move in cli.json(f"{what} show {ref}")["moves"]]


def test_a_lead_walks_and_becomes_an_opportunity(call: Cli) -> None:
    call("funnel use jm-sports")
    call("lead add 'Ada Lovelace' --company Engines --source event")
    assert call("advance Ada").out == "L1 Ada Lovelace: now in Leads (JM Sports)\n"
    said = call("advance Ada --service audit --value 5000 --close 2027-01-15 --note 'she asked'")
    assert said.out == "L1 Ada Lovelace: became O1 audit, in Opportunity (JM Sports)\n"
    lead, made = call.row("lead show L1"), call.row("opp show O1")
    assert (lead["state"], lead["stage"], lead["opportunities"]) == ("converted", "leads", ["O1"])
    assert (made["lead"], made["client"], made["stage"], made["outcome"]) == (
        "L1",
        "Ada Lovelace",
        "opportunity",
        "open",
    )
    assert (made["service"], made["value"]) == ("audit", {"minor": 500000, "currency": "EUR"})
    assert made["expected_close"] == "2027-01-15"
    assert kinds(call, "L1") == [
        ("enter", None, "prospecting"),
        ("advance", "prospecting", "leads"),
        ("convert", "leads", "leads"),
    ]
    assert kinds(call, "O1") == [("enter", None, "opportunity")]
    assert call("undo").out == "undone: advance (no. 4)\n"  # the conversion is one step
    assert call.row("lead show L1")["state"] == "open"
    assert call.ids("opp list --all") == []


@pytest.mark.parametrize(
    ("words", "title"),
    [("--title Course --service audit", "Course"), ("--service audit", "audit"), ("", "Engines")],
)
def test_what_the_opportunity_is_called(call: Cli, words: str, title: str) -> None:
    call("lead add Ada --company Engines")
    call(f"advance Ada {words}")
    assert call.row("opp show O1")["title"] == title


def test_without_a_company_it_is_called_by_the_name(call: Cli) -> None:
    call("lead add Ada")
    assert call.row("advance Ada")["title"] == "Ada"


def test_what_belongs_to_an_opportunity_cannot_be_said_of_a_lead(call: Cli) -> None:
    call("lead add Ada --funnel jm-sports")
    for option in ("--value 5", "--title Course", "--service audit", "--close fri"):
        assert option.split()[0] in call(f"advance Ada {option}", 2).message


def test_a_stage_may_be_skipped_and_a_step_taken_back(call: Cli) -> None:
    call("opp add Audit --client Ada")
    call("advance O1 --to agreement")
    assert "--back" in call("advance O1 --to proposal", 4).hint
    assert call("advance O1 --back").out == "O1 Audit: now in Proposal (Consulting)\n"
    call("advance O1 --back --to request --note 'they thought again'")
    assert "leave out --back" in call("advance O1 --back --to agreement", 4).hint
    assert kinds(call, "O1") == [
        ("enter", None, "request"),
        ("advance", "request", "agreement"),
        ("back", "agreement", "proposal"),
        ("back", "proposal", "request"),
    ]
    assert call.json("opp show O1")["moves"][-1]["note"] == "they thought again"


def test_the_ends_of_the_walk(call: Cli) -> None:
    call("opp add Audit --client Ada --stage agreement")
    call("lead add Bea")
    said = call("advance O1", 4)
    assert "last stage" in said.message
    assert "funnelctl win O1" in said.hint
    assert "first stage" in call("advance Bea --back", 4).message
    assert "already" in call("advance O1 --to agreement", 4).message
    assert "already" in call("advance O1 --to AGREEMENT", 4).message
    assert "request, proposal, agreement" in call("advance O1 --to signed", 2).hint
    said = call("advance O1 --back --to enquiry", 4)
    assert "holds leads" in said.message
    assert "lose O1" in said.hint


def test_a_status_ends_with_the_stage(call: Cli) -> None:
    call("opp add Audit --client Ada")
    call("opp status O1 in-review")
    call("advance O1")
    assert call.row("opp show O1")["status"] is None


def test_days_are_counted_in_the_stage(call: Cli) -> None:
    call("opp add Audit --client Ada --at 2026-10-01")
    call("advance O1 --at 2026-10-20")
    assert call.row("opp show O1")["days_in_stage"] == 34
    call("opp edit O1 --note changed")
    call("opp status O1 in-review")
    assert call.row("opp show O1")["days_in_stage"] == 34


def test_required_fields_of_a_new_lead_are_options_of_this_command(strict: Cli) -> None:
    before = strict.dump()
    said = strict("lead add Ada --stage known", 4)
    assert said.message == "the stage 'known' requires company and contact; nothing was saved"
    assert said.hint == "add --company TEXT --email TEXT to this command"
    assert strict("lead add Ada", 4).hint == "add --source TEXT to this command"
    assert strict.dump() == before
    strict("lead add Ada --stage known --company Engines --phone '+34 600 111 222'")


def test_required_fields_of_a_known_lead(strict: Cli) -> None:
    strict("lead add Ada --source event")
    assert strict("advance Ada", 4).hint == "funnelctl lead edit L1 --company TEXT --email TEXT"
    strict("lead edit L1 --company Engines --email ada@example.com")
    strict("advance Ada")
    said = strict("advance Ada --title Audit", 4)  # there is no O1 yet that could be edited
    assert said.message == "the stage 'talk' requires note; nothing was saved"
    assert said.hint == "funnelctl lead edit L1 --note TEXT"
    said = strict("advance Ada --to rivals --close fri", 4)
    assert said.hint == "funnelctl opp add TITLE --lead L1 --competitor TEXT instead of this command"
    strict("lead edit L1 --note 'wants a course'")
    assert strict.row("advance Ada --title Audit")["id"] == "O1"


def test_required_fields_of_an_opportunity(strict: Cli) -> None:
    said = strict("opp add Audit --client Ada", 4)
    assert said.hint == "add --note TEXT to this command"
    strict("opp add Audit --client Ada --note 'by phone'")
    said = strict("advance O1 --service audit", 4)
    assert said.message == "the stage 'rivals' requires competitor and close and value; nothing was saved"
    assert said.hint == (
        "funnelctl opp edit O1 --competitor TEXT, then add --close DATE --value AMOUNT to this command"
    )
    said = strict("opp add Course --lead Ada --stage rivals --value 5", 4)
    assert said.hint == "add --competitor TEXT --close DATE --service NAME to this command"
    strict("opp edit O1 --competitor Rival")
    strict("advance O1 --close fri --value 1.000.000 --service audit")
    assert strict.row("opp show O1")["value"] == {"minor": 100000000, "currency": "IDR"}
    strict("advance O1 --back")  # going back asks for nothing
    strict("opp edit O1 --competitor ''")
    assert "competitor" in strict("advance O1", 4).message


def test_jm_sports_asks_for_service_and_value(call: Cli) -> None:
    call("opp add Course --client Ada --funnel jm-sports")
    said = call("advance O1", 4)
    assert said.message == "the stage 'qualification' requires service and value; nothing was saved"
    assert said.hint == "add --service NAME --value AMOUNT to this command"
    call("advance O1 --service course --value 900")
    assert call.row("opp show O1")["stage"] == "qualification"
