"""What is held on people: all of it on demand, and who has been silent for too long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_db import at_terminal

from commandline import Cli

WORDS = (
    "Ada Lovelace",
    "Analytical Engines",
    "ada@example.com",
    "7946",
    "a secret",
    "vip",
    "Engine audit",
    "a discount",
)


@pytest.fixture
def lived(call: Cli) -> Cli:
    call(
        "lead add 'Ada Lovelace' --company 'Analytical Engines' --email ada@example.com --phone '+44 20 7946 0958'"
        " --note 'a secret' --tag vip --at 2026-01-05"
    )
    call("lead add 'Augusta King' --email king@example.org --at 2026-01-06")
    call("lead merge ada king --yes")
    call("advance L1 --title 'Engine audit' --value '12000 EUR' --note 'a discount' --at 2026-11-23")
    call("lead add Bob --note 'nothing of ada' --at 2026-01-07")
    return call


def test_p29_export_gives_all_that_is_held(lived: Cli) -> None:
    document = lived("privacy export ada").out
    held = json.loads(document)
    assert held["schema"] == "funnelctl/privacy-export/1"
    for word in WORDS:
        assert word in document
    assert [lead["name"] for lead in held["leads"]] == ["Ada Lovelace"]
    assert [alias["value"] for alias in held["aliases"]] == ["L2", "king@example.org"]
    assert [sale["title"] for sale in held["opportunities"]] == ["Engine audit"]
    assert [move["kind"] for move in held["moves"]] == ["enter", "enter", "merge", "convert", "enter"]
    told = {(entry["command"], entry["table"], entry["row"]) for entry in held["log"]}
    assert ("lead add", "lead", 2) in told  # who has become part of her
    assert ("advance", "opportunity", 1) in told
    assert {entry["row"] for entry in held["log"] if entry["table"] == "lead"} == {1, 2}
    assert "Bob" not in document


def test_export_is_one_document_in_one_format(lived: Cli) -> None:
    assert lived("privacy export ada --json").out == lived("privacy export ada").out
    for option in ("--format csv", "--format md", "--quiet"):
        assert "JSON" in lived(f"privacy export ada {option}", 2).message


def test_what_export_shows_is_what_forgetting_takes_away(lived: Cli) -> None:
    lived("lead forget ada --yes")
    document = lived("privacy export L1").out
    assert [word for word in (*WORDS, "king@example.org", "Augusta") if word in document] == []
    assert "12" in document  # the value of the sale


def test_export_of_nobody_is_not_found(lived: Cli) -> None:
    lived("privacy export Nobody", 3)
    lived("privacy export L99", 3)


def test_of_one_whose_adding_was_undone_the_history_is_given(lived: Cli) -> None:
    lived("undo")
    held = json.loads(lived("privacy export L3").out)
    assert (held["rows"], held["leads"]) == ([], [])
    assert [entry["kind"] for entry in held["log"] if entry["table"] == "lead"] == ["do", "undo"]
    assert "nothing of ada" in json.dumps(held["log"])


def test_due_lists_who_has_been_silent(call: Cli) -> None:
    call("lead add Old --company Oldco --at 2025-01-10")
    call("lead add Newer --at 2026-06-01")
    call("lead add Edited --at 2025-02-10")
    call("lead edit Edited --note 'called again'")
    call("lead add Dropped --at 2025-01-05")
    call("lead drop Dropped --reason 'no answer' --at 2025-09-30")
    call("opp add 'Still on' --client Live --value '5 EUR' --at 2025-01-01")
    call("opp add Done --client Client --value '5 EUR' --at 2025-01-01")
    call("lose Done --reason price --at 2025-03-15")
    call("opp add 'Sold again' --client Client --value '5 EUR' --at 2025-04-01")
    call("lose 'Sold again' --reason price --at 2025-08-01")
    rows = call.rows("privacy due --months 12")
    assert [(row["name"], row["last_contact"], row["months"]) for row in rows] == [
        ("Old", "2025-01-10T12:00:00Z", 22),
        ("Client", "2025-08-01T12:00:00Z", 15),
        ("Dropped", "2025-09-30T12:00:00Z", 13),
    ]
    assert [row["name"] for row in call.rows("privacy due --months 22")] == ["Old"]
    assert call.rows("privacy due --months 23") == []
    assert call("privacy due --months 30").out == "nobody\n"


def test_due_has_the_fields_of_a_lead_and_a_limit(call: Cli) -> None:
    for number in range(3):
        call(f"lead add Old{number} --email old{number}@example.com --at 2025-01-1{number}")
    told = call.json("privacy due --months 6 --limit 2")
    assert told["total"] == 3
    assert [row["id"] for row in told["rows"]] == ["L1", "L2"]
    assert set(call.row("lead show L1")) | {"last_contact", "months"} == set(told["rows"][0])
    said = call("privacy due --months 6")
    assert said.out.splitlines()[0].split() == ["id", "name", "company", "email", "last", "contact", "months"]


def test_a_contact_counts_from_its_very_day(call: Cli) -> None:
    call("lead add Old --at 2026-05-23")
    assert call.rows("privacy due --months 6") == []
    assert [row["months"] for row in call.rows("privacy due --months 6", now="2026-11-24T10:00:00Z")] == [6]


@pytest.mark.parametrize(
    ("contact", "months", "today", "told"),
    [
        ("2025-08-31", 6, "2026-02-28", []),
        ("2025-08-31", 6, "2026-03-01", [6]),
        ("2026-02-28", 3, "2026-05-31", []),
        ("2026-02-27", 3, "2026-05-31", [3]),
        ("2026-02-28", 3, "2026-06-01", [3]),
        ("2025-12-31", 6, "2026-07-01", [6]),
        ("2024-02-28", 12, "2025-02-28", []),
        ("2024-02-29", 12, "2025-03-01", [12]),
    ],
)
def test_months_end_where_they_end(call: Cli, contact: str, months: int, today: str, told: list[int]) -> None:
    call(f"lead add Old --at {contact}", now=f"{today}T10:00:00Z")
    rows = call.rows(f"privacy due --months {months}", now=f"{today}T10:00:00Z")
    assert [row["months"] for row in rows] == told


def test_taking_an_edit_back_takes_the_contact_back(call: Cli) -> None:
    call("lead add Old --at 2025-05-23")
    call("lead edit Old --note x")
    assert call.rows("privacy due --months 6") == []
    call("undo")
    assert len(call.rows("privacy due --months 6")) == 1


def test_an_import_is_no_contact(call: Cli, tmp_path: Path) -> None:
    call("lead add Old --email old@example.com --at 2025-05-23")
    (tmp_path / "more.csv").write_text("name,email,company\nOld,old@example.com,Oldco\n")
    call("import more.csv --as leads")
    assert [row["company"] for row in call.rows("privacy due --months 6")] == ["Oldco"]


def test_who_is_forgotten_is_due_no_more(call: Cli) -> None:
    call("lead add Old --email old@example.com --at 2025-05-23")
    call("lead forget Old --yes")
    assert call.rows("privacy due --months 6") == []


@pytest.mark.parametrize("months", ["0", "-1", "many", "1.5", "99999", ""])
def test_months_are_a_number(call: Cli, months: str) -> None:
    call(["privacy", "due", f"--months={months}"], 2)


def test_forgetting_asks_at_a_terminal(lived: Cli) -> None:
    code, shown = at_terminal(lived, "lead forget ada", "n\n")
    assert code == 1
    assert "Erase L1 Ada Lovelace for good? It cannot be undone." in shown
    assert lived.row("lead show ada")["name"] == "Ada Lovelace"
    code, _ = at_terminal(lived, "lead forget ada", "y\n")
    assert code == 0
    assert lived.row("lead show L1")["name"] == "(forgotten)"


def test_forgetting_lists_the_copies_beside_the_book_and_no_other_book(call: Cli) -> None:
    call("lead add Ada --email ada@example.com")
    call("db backup copy.db")
    call("init other.db", now="2026-02-03T12:00:00Z")
    call("--db other.db lead add Ada --email ada@example.com", now="2026-02-03T12:00:00Z")
    (call.home / "notes.db").write_text("ada@example.com")
    told = call.json("lead forget ada --yes")["backups"]
    names = [path.rpartition("/")[2] for path in told]
    assert "copy.db" in names
    assert not {"other.db", "notes.db", call.book.name} & set(names)
