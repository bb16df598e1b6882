"""Two leads that are one: joined without a loss, and found for ever by what either was known by."""

from __future__ import annotations

import pytest

from commandline import Cli
from funnelctl.store.reports.export_all import LOG as TABLES_OF_THE_LOG


@pytest.fixture
def twins(call: Cli) -> Cli:
    """Ada twice: once from a fair, once as a client with an opportunity; and Bob, whom the second sent."""
    call(
        "lead add Ada --email ada@one.example --phone '+34 600 111 222' --key K1 --tag fair --note first"
        " --at 2026-10-05"
    )
    call(
        "lead add 'Ada L' --email ada@two.example --phone '+34 600 111 333' --key K2 --tag vip --tag FAIR --note second"
        " --company Engines --source referral --at 2026-10-01"
    )
    call("lead add Bob --referred-by L2")
    call("opp add Audit --lead L2 --at 2026-10-10")
    return call


def test_everything_of_both_is_there(twins: Cli) -> None:
    twins("lead merge L1 L2")
    ada = twins.row("lead show L1")
    assert (ada["name"], ada["company"], ada["source"]) == ("Ada", "Engines", "referral")
    assert (ada["email"], ada["phone"], ada["key"]) == ("ada@one.example", "+34 600 111 222", "K1")
    assert (ada["tags"], ada["note"]) == (["fair", "vip"], "first\nsecond\nL2 had: name Ada L")
    assert (ada["state"], ada["opportunities"]) == ("converted", ["O1"])
    assert ada["created_at"] == "2026-10-01T12:00:00Z"
    assert set(ada["also"]) == {"L2", "ada@two.example", "+34 600 111 333", "K2"}
    assert twins.row("opp show O1")["lead"] == "L1"
    assert twins.row("lead show Bob")["referred_by"] == "L1"
    assert twins.ids("lead list --all") == ["L1", "L3"]
    kinds = [move["kind"] for move in twins.json("lead show L1")["moves"]]
    assert sorted(kinds) == ["convert", "enter", "enter", "merge"]


@pytest.mark.parametrize("ref", ["L2", "l2", "ada@two.example", "ADA@TWO.EXAMPLE", "K2", "L1", "ada@one.example", "K1"])
def test_it_is_found_by_what_either_was_known_by(twins: Cli, ref: str) -> None:
    twins("lead merge L1 L2")
    assert twins.row(f"lead show {ref}")["id"] == "L1"
    assert twins.row(f"opp show {ref}")["id"] == "O1"


def test_what_either_was_known_by_belongs_to_it(twins: Cli) -> None:
    twins("lead merge L1 L2")
    for option in ("--email ada@TWO.example", "--phone 0034600111333", "--key K2", "--email ada@one.example"):
        assert "L1 Ada" in twins(f"lead add Eve {option}", 4).message
    twins("lead edit L1 --email ada@two.example")  # its own
    assert twins.row("lead show L1")["email"] == "ada@two.example"


def test_chains_of_merges(twins: Cli) -> None:
    twins("lead merge L1 L2")
    twins("lead merge L3 L1")
    for ref in ("L1", "L2", "L3", "K1", "K2", "ada@two.example"):
        bob = twins.row(f"lead show {ref}")
        assert (bob["id"], bob["name"], bob["referred_by"]) == ("L3", "Bob", None)
        assert (bob["email"], bob["key"], bob["opportunities"]) == ("ada@one.example", "K1", ["O1"])


def test_a_merge_is_one_step_back_and_forth(twins: Cli) -> None:
    before = {name: rows for name, rows in twins.dump().items() if name not in LOG}
    twins("lead merge L1 L2")
    after = {name: rows for name, rows in twins.dump().items() if name not in LOG}
    twins("undo")
    assert {name: rows for name, rows in twins.dump().items() if name not in LOG} == before
    assert twins.row("lead show ada@two.example")["id"] == "L2"
    twins("redo")
    assert {name: rows for name, rows in twins.dump().items() if name not in LOG} == after


def test_the_livelier_of_two_decides_where_it_stands(call: Cli) -> None:
    call("lead add Ada --funnel jm-sports --at 2026-11-01")
    call("lead drop Ada --reason cold --at 2026-11-02")
    call("lead add 'Ada L' --funnel jm-sports --stage leads --at 2026-11-03")
    call("lead merge L1 L2")
    ada = call.row("lead show L1")
    assert (ada["state"], ada["stage"], ada["reason"], ada["closed_at"]) == ("open", "leads", None, None)
    call("advance L1 --title Course")
    assert call.row("opp show O1")["lead"] == "L1"


def test_who_referred_whom_makes_no_circle(call: Cli) -> None:
    call("lead add Ada")
    call("lead add Bob --referred-by Ada")
    call("lead merge Bob Ada")
    assert call.row("lead show L2")["referred_by"] is None


LOG = (*TABLES_OF_THE_LOG, "sqlite_sequence")
