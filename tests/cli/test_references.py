"""REF: an id, an e-mail, a key, or a part of a name that fits one record."""

from __future__ import annotations

import pytest

from commandline import Cli


@pytest.fixture
def known(call: Cli) -> Cli:
    call("lead add 'Ada Lovelace' --email ada@example.com --key CRM-7")
    call("lead add 'Ada Byron'")
    call("lead add Ångström --email Å@example.com")
    call("lead add O2")
    call("opp add 'Process audit' --client 'Grace Hopper' --key REQ-9")
    call("opp add 'Market study' --lead Grace")
    call("win O2")
    return call


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("L1", "L1"),
        ("l1", "L1"),
        (" L1 ", "L1"),
        ("ada@example.com", "L1"),
        ("ADA@Example.COM", "L1"),
        ("CRM-7", "L1"),
        (" CRM-7 ", "L1"),
        ("lovelace", "L1"),
        ("ADA LOVE", "L1"),
        ("ada  lovelace", "L1"),
        ("byr", "L2"),
        ("ÅNGSTRÖM", "L3"),
        ("A\u030angstro\u0308m", "L3"),  # the same letters, as letter and accent
        ("ångs", "L3"),
        ("å@EXAMPLE.com", "L3"),
        ("O1", "L5"),  # an opportunity's id is whose it is
    ],
)
def test_a_lead_is_found(known: Cli, ref: str, found: str) -> None:
    assert known(["lead", "show", ref, "--json"]).row["id"] == found


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("O1", "O1"),
        ("o1", "O1"),
        ("REQ-9", "O1"),
        ("audit", "O1"),
        ("PROCESS AUDIT", "O1"),
        ("market", "O2"),
        ("study", "O2"),
    ],
)
def test_an_opportunity_is_found(known: Cli, ref: str, found: str) -> None:
    assert known(["opp", "show", ref, "--json"]).row["id"] == found


@pytest.mark.parametrize("ref", ["L5", "Grace", "grace hopper"])
def test_a_lead_stands_for_its_only_live_opportunity(known: Cli, ref: str) -> None:
    assert known(["opp", "status", ref, "in-review", "--json"]).row["id"] == "O1"
    assert known(["advance", ref, "--json"]).row["id"] == "O1"
    assert known(["lose", ref, "--reason", "price", "--json"]).row["id"] == "O1"
    assert "no live opportunity" in known(["win", ref], 3).message
    known("reopen O2")
    assert known(["win", ref, "--json"]).row["id"] == "O2"


def test_a_lead_stands_for_its_only_closed_opportunity_where_one_is_reopened(known: Cli) -> None:
    assert known.row("reopen L5")["id"] == "O2"


def test_several_are_listed(known: Cli) -> None:
    said = known("lead show ada", 4)
    assert "L1 Ada Lovelace" in said.message
    assert "L2 Ada Byron" in said.message
    assert "id" in said.hint
    known("opp add 'Second audit' --lead Grace")
    assert "O1 Process audit" in known("win audit", 4).message
    said = known("win Grace", 4)
    assert "O1" in said.message
    assert "O3" in said.message
    assert "O2" not in said.message  # it is closed
    for number in range(12):
        known(f"lead add 'Twin {number}'")
    many = known("lead show twin", 4).message
    assert "fits 12" in many
    assert "and 2 more" in many


def test_an_exact_name_wins_over_names_that_contain_it(known: Cli) -> None:
    known("lead add Ada")
    assert known.row("lead show ada")["name"] == "Ada"


@pytest.mark.parametrize(
    "ref", ["", " ", "%", "_", "L0", "L-1", "L1x", "L99999999999999999999999", "nobody", "@", "\u200b"]
)
def test_what_fits_nothing_is_not_found(known: Cli, ref: str) -> None:
    assert known(["lead", "show", ref], 3).hint
    assert known(["opp", "show", ref], 3).hint
    assert known(["history", ref] if ref else ["reopen", ref], 3).hint


def test_advance_takes_a_lead_or_an_opportunity(known: Cli) -> None:
    assert known.row("advance byron")["id"] == "O3"
    assert known.row("advance byron")["id"] == "O3"  # now the opportunity
    known("lead add 'Audit Office'")
    said = known("advance audit", 4)
    assert "L6 Audit Office" in said.message
    assert "O1 Process audit" in said.message
