"""From one design of a funnel to another, with all live records and all that is past."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import lay_out

from commandline import Cli


@pytest.fixture
def edited(call: Cli) -> Cli:
    """Records in funnel ``one``, whose stage ``offer`` was then renamed in the file."""
    lay_out(call)
    call("lead add Ann --at 2026-11-01")
    call("opp add Audit --client Ada --value 1000 --at 2026-11-01")
    call("advance O1 --at 2026-11-10")
    call("opp add Course --client Bea --value 500 --at 2026-11-02")
    call("opp add Done --client Bea --stage offer --at 2026-11-03")
    call("win O3 --at 2026-11-04")
    rename(call.home / "funnels" / "one.yaml")
    return call


def rename(path: Path) -> None:
    path.write_text(path.read_text().replace("stage: offer", "stage: quote"))


def test_a_renamed_stage(edited: Cli) -> None:
    assert "--map offer=STAGE" in edited("funnel migrate one one", 4).hint
    said = edited("funnel migrate one one --map offer=quote")
    assert said.out == "3 live records now stand in One (one)\n"
    one = edited.json("opp show O1")
    assert (one["rows"][0]["stage"], one["rows"][0]["days_in_stage"]) == ("quote", 13)  # since it entered offer
    assert [(move["kind"], move["from"], move["to"]) for move in one["moves"]] == [
        ("enter", None, "ask"),
        ("advance", "ask", "offer"),
        ("migrate", "offer", "quote"),
    ]
    assert edited("advance O1").out == "O1 Audit: now in Deal (One)\n"
    assert edited.row("opp show O3")["stage"] == "deal"  # a closed one stays as it was
    assert edited.row("lead show Ann")["stage"] == "seen"
    assert edited("report").err == ""
    past = edited.json("report --as-of 2026-11-12")
    assert {row["stage"]: row["count"] for row in past["live"]["by_stage"]} == {
        "ask": 1,
        "quote": 0,
        "deal": 0,
        "offer": 1,
    }


def test_history_can_be_read_and_taken_back(edited: Cli) -> None:
    edited("funnel migrate one one --map offer=quote")
    assert edited.rows("history O1")[0]["command"] == "funnel migrate"
    edited("undo")
    assert edited.row("opp show O1")["stage"] == "offer"
    assert edited.json("report")["live"]["count"] == 2
    assert edited.ids("opp list --stage offer") == ["O1"]
    assert "offer (1)" in edited("advance O1", 4).message
    edited("redo")
    assert edited.row("opp show O1")["stage"] == "quote"


def test_to_another_funnel(call: Cli) -> None:
    lay_out(call)
    call("lead add Ann")
    call("lead add Ben")
    call("lead drop Ben --reason cold")
    call("opp add Audit --client Ada --value 1000 --at 2026-11-02")
    call("opp add Asleep --client Ada --funnel one")
    call("postpone O2 --until +1m")
    call("opp add Other --client Ada --funnel two")
    said = call("funnel migrate one consulting", 4)
    assert "seen, ask" in said.message
    assert call("funnel migrate one consulting --map seen=enquiry --map ask=request --dry-run").err.startswith(
        "dry run"
    )
    assert call.row("opp show O1")["funnel"] == "one"
    rows = call.rows("funnel migrate one consulting --map seen=enquiry --map ask=request")
    assert sorted((row["from"], row["to"], row["records"]) for row in rows) == [
        ("ask", "request", 2),
        ("seen", "enquiry", 1),
    ]
    assert [(row["id"], row["funnel"], row["stage"]) for row in call.rows("opp list")] == [
        ("O1", "consulting", "request"),
        ("O2", "consulting", "request"),
        ("O3", "two", "fresh"),
    ]
    assert call.row("opp show O2")["status"] == "postponed"
    assert call.row("lead list --funnel consulting")["id"] == "L1"
    assert call.row("lead show Ben")["funnel"] == "one"  # closed: it stays
    call("opp status O1 in-review")
    call("win O1")
    assert call("funnel migrate one consulting").out.startswith("0 live records")
    call("undo 3")
    assert call.row("opp show O1")["funnel"] == "one"


def test_what_cannot_be(edited: Cli) -> None:
    before = edited.dump()
    for words, code, part in (
        ("one one --map offer=nowhere", 2, "nowhere"),
        ("one one --map nowhere=quote", 2, "nowhere"),
        ("one one --map offer", 2, "OLD=NEW"),
        ("one one --map =quote", 2, "OLD=NEW"),
        ("one one --map offer=seen", 4, "holds"),
        ("one nowhere", 3, "nowhere"),
        ("nowhere one", 3, "nowhere"),
        ("one two --map offer=talks --map ask=fresh", 4, "seen"),
        ("one one --map offer=quote --at 2026-11-05", 4, "2026-11-10"),
    ):
        said = edited(f"funnel migrate {words}", code)
        assert part in said.message
        assert said.hint
    assert edited.dump() == before
    edited("funnel migrate one one --map offer=quote --at 2026-11-20")
    assert edited.json("opp show O1")["moves"][-1]["at"] == "2026-11-20T12:00:00Z"


def test_a_former_design_keeps_its_labels_and_chances_in_reports_of_the_past(edited: Cli) -> None:
    before = edited.json("report --as-of 2026-11-12", env={"FUNNELCTL_FUNNELS": None})["live"]["by_stage"]
    edited("funnel migrate one one --map offer=quote")
    after = {row["stage"]: row for row in edited.json("report --as-of 2026-11-12")["live"]["by_stage"]}
    [offer] = [row for row in before if row["stage"] == "offer"]
    assert offer["weighted"] == [{"minor": 50_000, "currency": "EUR"}]  # 1,000 at one half
    assert (after["offer"]["weighted"], after["offer"]["label"]) == (offer["weighted"], "Offer")
    assert edited.json("opp show O1")["moves"][1]["to_label"] == "Offer"


def test_a_migration_that_was_taken_back_is_missing_again(edited: Cli) -> None:
    edited("funnel migrate one one --map offer=quote")
    edited("undo")
    assert "no longer has stages in which live records stand: offer (1)" in edited("report").err
    assert "funnel migrate one one --map offer=STAGE" in edited("lead add Cy", 4).hint
    assert edited.json("report")["live"]["weighted"] == [{"minor": 60_000, "currency": "EUR"}]
    edited("funnel migrate one one --map offer=quote")
    edited("lead add Cy")


def test_what_is_reopened_does_not_stand_in_a_stage_that_is_gone(edited: Cli) -> None:
    no_file = {"FUNNELCTL_FUNNELS": None}
    edited("opp add Gone --client Bea --stage offer --at 2026-11-03", env=no_file)
    edited("lose Gone --reason price --at 2026-11-05", env=no_file)
    edited("funnel migrate one one --map offer=quote")
    assert edited("reopen Gone").out.endswith("open again, in Ask (One)\n")
    row = edited.row("opp show Gone")
    assert (row["stage"], row["outcome"]) == ("ask", "open")
    assert edited("db check").code == 0


def test_all_stages_that_need_a_place_are_named_at_once(edited: Cli) -> None:
    edited("opp add Extra --client Cy --stage deal", env={"FUNNELCTL_FUNNELS": None})
    hint = edited("funnel migrate one two", 4).hint
    assert all(f"--map {stage}=STAGE" in hint for stage in ("ask", "offer", "deal"))
