"""``--dry-run`` on every write: it shows what would change, and changes nothing."""

from __future__ import annotations

import pytest

from commandline import Cli

# Each write, and an id and a value that it must speak of.
WRITES = [
    ("lead add Dora --email dora@example.com", "dora@example.com"),
    ("lead edit Ada --company Engines", "Engines"),
    ("lead edit Ada --tag vip", "vip"),
    ("lead drop Ada --reason cold", "cold"),
    ("lead merge Ada Bea", "L2"),
    ("opp add Market --client Eve --value 7", "O4"),
    ("opp edit O1 --value 9000", "9,000 EUR"),
    ("opp status O1 in-review", "in-review"),
    ("advance O1", "proposal"),
    ("advance Ada --title Zen", "Zen"),
    ("win O1", "won"),
    ("lose O1 --reason price", "price"),
    ("postpone O1 --until 2027-02-01", "2027-02-01"),
    ("reopen O3", "open"),
    ("funnel use jm-sports", "jm-sports"),
    ("funnel migrate seven-states consulting --map new=request", "request"),
    ("funnel new mine", "mine"),
    ("config set region ES", "ES"),
    ("undo", "outcome"),
    ("redo", "outcome"),
]


@pytest.fixture
def busy(call: Cli) -> Cli:
    call("lead add Ada --email ada@example.com")
    call("lead add Bea")
    call("opp add Audit --client Carla --value 5000")
    call("opp add Old --lead Carla --funnel seven-states")
    call("opp add Done --lead Carla")
    call("lose O3 --reason price")
    call("reopen O3")
    call("win O3")
    return call


def prepared(cli: Cli, command: str) -> None:
    if command in ("undo", "redo"):
        cli("undo")


@pytest.mark.parametrize(("command", "part"), WRITES, ids=[command for command, _ in WRITES])
def test_it_changes_nothing_and_shows_what_would_change(busy: Cli, command: str, part: str) -> None:
    prepared(busy, command)
    before, files = busy.dump(), sorted(map(str, busy.home.rglob("*")))
    for flag in ("--dry-run", "-n"):
        said = busy(f"{command} {flag}")
        assert said.err.splitlines()[0] == "dry run: nothing was saved"
        assert part in said.out
        assert busy.dump() == before
    answer = busy.json(f"{command} -n")
    assert answer["dry_run"] is True
    assert busy.dump() == before
    assert sorted(map(str, busy.home.rglob("*"))) == files
    if command not in ("funnel new mine",):
        busy(command)  # and without it, the same command does it
        assert busy.dump() != before


def test_what_would_change_field_by_field(busy: Cli) -> None:
    answer = busy.json("lead edit Ada --email ada@new.example --company Engines -n")
    assert answer["changes"] == [
        {"id": "L1", "field": "company", "before": None, "after": "Engines"},
        {"id": "L1", "field": "email", "before": "ada@example.com", "after": "ada@new.example"},
    ]
    assert answer["rows"][0]["email"] == "ada@new.example"  # as it would be
    assert busy.row("lead show Ada")["email"] == "ada@example.com"


def test_a_refusal_is_a_refusal_in_a_dry_run_too(busy: Cli) -> None:
    before = busy.dump()
    assert busy("lead add Eve --email ADA@example.com -n", 4).message
    assert busy("win L1 -n", 3).message
    assert busy("lose O1 -n", 2).message
    assert busy.dump() == before


def test_the_next_id_is_not_spent(busy: Cli) -> None:
    assert busy.row("lead add Dora -n")["id"] == "L4"
    assert busy.row("lead add Dora")["id"] == "L4"


def test_amounts_and_tags_are_told_as_people_know_them(call: Cli) -> None:
    call("opp add Audit --client Ada --value '1000 EUR'")
    rows = call.json("opp edit O1 --value 1500 --tag rail --dry-run")["changes"]
    assert [(row["field"], row["before"], row["after"]) for row in rows] == [
        ("value", "1,000 EUR", "1,500 EUR"),
        ("tags", None, "rail"),
    ]
