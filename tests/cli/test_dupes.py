"""``lead dupes``: pairs that are probably one, with reasons, and how they are joined."""

from __future__ import annotations

import pytest

from commandline import Cli


@pytest.fixture
def crowd(call: Cli) -> Cli:
    """Ada twice, Jon and John, somebody else."""
    call("lead add 'Ada Lovelace' --company Engines --email ada@engines.example")
    call("lead add 'Jon Smith'")
    call("lead add 'Lovelace, Ada' --company 'Engines Ltd' --email al@engines.example")
    call("lead add 'John Smith'")
    call("lead add 'Grace Hopper'")
    return call


def test_pairs_come_with_their_reasons(crowd: Cli) -> None:
    said = crowd.json("lead dupes")
    assert (said["schema"], said["total"]) == ("funnelctl/lead-dupes/1", 2)
    ada, smith = said["rows"]
    assert ada == {
        "id": "L1",
        "name": "Ada Lovelace",
        "other": "L3",
        "other_name": "Lovelace, Ada",
        "score": 100,
        "reasons": ["same name", "same company", "same mail domain engines.example"],
    }
    assert (smith["id"], smith["other"], smith["reasons"]) == ("L2", "L4", ["similar names"])
    assert 80 <= smith["score"] < 100


def test_people_are_told_how_two_are_joined(crowd: Cli) -> None:
    said = crowd("lead dupes")
    told = [
        "L1",
        "Ada Lovelace",
        "L3",
        "Lovelace, Ada",
        "100",
        "same name, same company, same mail domain engines.example",
    ]
    assert [cell.strip() for cell in said.out.splitlines()[1].split("  ") if cell] == told
    command = said.err.split(": ")[1].split(" (")[0]
    assert command == "funnelctl lead merge L1 L3"
    crowd(command.removeprefix("funnelctl "))
    assert [row["id"] for row in crowd.rows("lead dupes")] == ["L2"]


def test_a_higher_threshold_tells_of_fewer(crowd: Cli) -> None:
    assert len(crowd.rows("lead dupes --threshold 60")) >= 2
    assert crowd.ids("lead dupes --threshold 95") == ["L1"]
    assert crowd.ids("lead dupes --threshold 95%") == ["L1"]
    assert crowd.ids("lead dupes --threshold 100") == ["L1"]


def test_a_limit_says_how_many_more_there_are(crowd: Cli) -> None:
    said = crowd("lead dupes --limit 1 --json")
    assert (len(said.rows), said.json["total"]) == (1, 2)
    assert "1 more; --limit 2 shows all" in crowd("lead dupes --limit 1").err


@pytest.mark.parametrize("threshold", ["x", "-1", "101", "0.8", "", "١"])
def test_a_threshold_is_a_number_up_to_100(call: Cli, threshold: str) -> None:
    assert call(["lead", "dupes", "--threshold", threshold], 2).message.startswith(
        "--threshold takes a number up to 100"
    )


def test_where_there_are_none(call: Cli) -> None:
    assert call("lead dupes").out == "no likely duplicates\n"
    call("lead add Ada")
    assert call.json("lead dupes")["rows"] == []


def test_closed_leads_are_among_them_and_forgotten_ones_are_not(call: Cli) -> None:
    for number in range(3):
        call(f"lead add 'Ada Lovelace' --key K{number}")
    call("lead drop L1 --reason cold")
    call("lead forget L3 --yes")
    assert [(row["id"], row["other"]) for row in call.rows("lead dupes")] == [("L1", "L2")]


def test_it_changes_nothing(crowd: Cli) -> None:
    before = crowd.dump()
    crowd("lead dupes")
    assert crowd.dump() == before
