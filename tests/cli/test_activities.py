"""What happened: told beside the moves, exported, merged, counted as contact, and forgotten with the person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandline import Cli

ROWS = """kind,date,text,email,deal,id
call,2026-01-10 09:00:00,asked for a price,ada@example.com,Engine audit,C-1
meeting,2026-03-02 15:00:00,met Charles,king@example.org,,C-2
note,2026-01-09 08:00:00,likes looms,bob@example.com,,C-3
"""


@pytest.fixture
def told(call: Cli) -> Cli:
    call.env["FUNNELCTL_USER"] = "bea"
    call("lead add 'Ada Lovelace' --email ada@example.com --at 2026-01-05")
    call("lead add 'Augusta King' --email king@example.org --at 2026-01-06")
    call("lead add Bob --email bob@example.com --at 2026-01-07")
    call("advance ada --title 'Engine audit' --at 2026-02-01")
    (call.home / "rows.csv").write_text(ROWS)
    said = call("import rows.csv --as activities")
    assert "created 3 activities from 3 rows" in said.out
    return call


def test_they_stand_among_the_moves_in_the_order_of_time(told: Cli) -> None:
    """And by themselves for programs."""
    shown = told.json("lead show ada")
    assert [(one["kind"], one["at"], one["opportunity"]) for one in shown["activities"]] == [
        ("call", "2026-01-10T09:00:00Z", "O1")
    ]
    assert [one["kind"] for one in shown["moves"]] == ["enter", "convert"]
    table = told("lead show ada").out.partition("history")[2]
    assert table.index("enter") < table.index("asked for a price") < table.index("convert")
    sale = told.json("opp show O1")
    assert [one["text"] for one in sale["activities"]] == ["asked for a price"]
    assert told("opp show O1").out.index("asked for a price") < told("opp show O1").out.index("enter")


def test_a_dry_run_shows_the_first_and_keeps_none(told: Cli) -> None:
    told("undo")
    said = told("import rows.csv --as activities --dry-run")
    assert "met Charles" in said.out
    assert told("export activities").out == ""


def test_a_sheet_in_another_language_may_name_people_by_their_e_mail(told: Cli) -> None:
    rows = (
        "2026-03-03,BOB@example.com,Anruf,aus der Bahn",
        "2026-03-04,Ada Lovelace,Besprechung,",
        "2026-03-05,@x,Notiz,",
    )
    (told.home / "sheet.csv").write_text("\n".join(("Datum,Kontakt,Art,Bemerkung", *rows[:2])))
    told("import sheet.csv --as activities")
    found = [(row["lead"], row["kind"], row["text"]) for row in told.rows("export activities --format json")[3:]]
    assert found == [("L3", "call", "aus der Bahn"), ("L1", "meeting", None)]
    told("lead add eve@example.com")  # who has it for a name alone
    (told.home / "eve.csv").write_text("Datum,Kontakt\n2026-03-06,eve@example.com\n")
    told("import eve.csv --as activities")
    assert told.rows("export activities --format json")[-1]["lead"] == "L4"
    (told.home / "sheet.csv").write_text("\n".join(("Datum,Kontakt,Art,Bemerkung", *rows)))
    said = told("import sheet.csv --as activities", 65)
    assert "sheet.csv:4:Kontakt: nobody who is known has this" in said.err


def test_the_export_is_known_again(told: Cli) -> None:
    first = json.loads(told("export activities").out.splitlines()[0])
    assert first == {
        "lead": "L1", "who": "Ada Lovelace", "client_email": "ada@example.com", "client_key": None, "opportunity": "O1",
        "title": "Engine audit", "kind": "call", "at": "2026-01-10T09:00:00Z", "text": "asked for a price",
        "key": "C-1", "by": "bea",
    }  # fmt: skip
    (told.home / "keyless.csv").write_text("kind,date,text,email\nnote,2026-03-03,by the way,bob@example.com\n")
    told("import keyless.csv --as activities")
    told("export activities out.csv")
    before = told.dump()
    assert told.row("import out.csv --as activities")["unchanged"] == 4
    assert told.dump() == before


def test_a_merge_hands_them_over(told: Cli) -> None:
    told("lead merge ada king --yes")
    assert [one["text"] for one in told.json("lead show ada")["activities"]] == ["asked for a price", "met Charles"]
    told("undo")
    assert [one["text"] for one in told.json("lead show king")["activities"]] == ["met Charles"]


def test_somebody_with_whom_something_happened_was_not_silent(told: Cli) -> None:
    """Bob's last contact was in January, Augusta's in March."""
    rows = told.rows("privacy due --months 9")
    assert [row["name"] for row in rows] == ["Bob"]
    told("undo")
    assert [row["name"] for row in told.rows("privacy due --months 9")] == ["Augusta King", "Bob"]


def test_history_names_them(told: Cli) -> None:
    assert told.rows("history")[0]["what"] == "activity 1 added; activity 2 added; activity 3 added"
    assert told.rows("history ada")[0]["command"] == "import"


def test_a_person_is_told_all_of_it_and_can_be_forgotten(told: Cli) -> None:
    held = told.json("privacy export ada")
    assert [one["text"] for one in held["activities"]] == ["asked for a price"]
    told("undo")
    told("redo")
    told("lead forget ada --yes")
    raw = Path(told.book).read_bytes()
    assert b"asked for a price" not in raw
    assert b"C-1" not in raw
    assert b"met Charles" in raw
    [kept, *_] = told.rows("export activities")
    assert (kept["kind"], kept["at"], kept["text"], kept["key"]) == ("call", "2026-01-10T09:00:00Z", None, None)
    told("db check")
    told("undo")
    told("redo")
    told("db check")


def test_whom_others_mention_is_told_when_they_are_forgotten(told: Cli) -> None:
    (told.home / "more.csv").write_text("kind,date,text,email\nnote,2026-03-03,spoke of Augusta King,bob@example.com\n")
    told("import more.csv --as activities")
    assert "L3" in told("lead forget king --yes").err


def test_what_was_a_forgotten_persons_is_left_out(told: Cli) -> None:
    told("lead forget bob --yes")
    (told.home / "more.csv").write_text("kind,date,text,email\nnote,2026-03-03,back again,bob@example.com\n")
    said = told("import more.csv --as activities --json")
    assert (said.row["created"], said.row["skipped"]) == (0, 1)
    assert "1 row is of a person who was forgotten (line 2): left out" in said.err
