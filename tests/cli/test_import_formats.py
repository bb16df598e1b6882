"""``funnelctl import`` of what is no CSV: the same promises hold for every format."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from commandline import Cli, InProcess

CARDS = (
    "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Lovelace\nORG:Engines Ltd\nEMAIL:ada@example.com\nTEL:+44 20 7946 0958\nUID:u1\n"
    "TITLE:Countess\nEND:VCARD\nBEGIN:VCARD\nVERSION:3.0\nFN:Eve\nUID:u2\nEND:VCARD\n"
)
BOARD = json.dumps(
    {
        "lists": [{"id": "l1", "name": "Proposal sent"}, {"id": "l2", "name": "Won"}],
        "cards": [
            {"id": "5f58c9c619f4fe1505e72901", "name": "Audit (5000 EUR)", "idList": "l1"},
            {"id": "5f58c9c619f4fe1505e72902", "name": "Training", "idList": "l2", "closed": True},
            {"id": "5f58c9c619f4fe1505e72903", "name": "Old idea", "idList": "l1", "closed": True},
        ],
        "actions": [
            {
                "type": "updateCard",
                "date": "2026-03-01T10:00:00.000Z",
                "data": {
                    "card": {"id": "5f58c9c619f4fe1505e72902"},
                    "listBefore": {"id": "l1", "name": "Proposal sent"},
                    "listAfter": {"id": "l2", "name": "Won"},
                },
            }
        ],
    }
)


@pytest.fixture
def other(tmp_path: Path, empty_book: Path) -> Cli:
    """Another empty book."""
    return InProcess(tmp_path, Path(shutil.copy(empty_book, tmp_path / "other.db")))


def workbook(*rows: list[object]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl")
    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


FILES: dict[str, tuple[Callable[[], bytes], list[str]]] = {
    "json": (lambda: b'[{"name": "Ada", "key": "k1"}, {"name": "Eve", "key": "k2"}]', ["Ada", "Eve"]),
    "json lines": (lambda: b'{"name": "Ada", "key": "k1"}\n{"name": "Eve", "key": "k2"}\n', ["Ada", "Eve"]),
    "vcard": (CARDS.encode, ["Ada Lovelace", "Eve"]),
    "xlsx": (lambda: workbook(["name", "key"], ["Ada", 1], ["Eve", 2]), ["Ada", "Eve"]),
}


@pytest.mark.parametrize(("data", "names"), FILES.values(), ids=FILES)
def test_p17_the_content_says_the_format_and_the_same_file_again_changes_nothing(
    call: Cli, data: Callable[[], bytes], names: list[str]
) -> None:
    (call.home / "file").write_bytes(data())
    assert call.json("import file --as leads")["created"] == 2
    assert [row["name"] for row in call.rows("lead list")] == names
    again = call.json("import file --as leads")
    assert (again["operation"], again["unchanged"]) == (None, 2)
    call("db check")
    call("undo")
    assert call.rows("lead list --all") == []


@pytest.mark.parametrize("text", [CARDS, '[{"name": "Ada"},\n{"name": "Eve"}]', '{"name": "Ada"}\n{"name": "Eve"}\n'])
def test_standard_input_is_of_any_format(run: Cli, text: str) -> None:
    assert run.json("import - --as leads", stdin=text)["created"] == 2


def test_a_card_with_all_that_it_says(call: Cli) -> None:
    (call.home / "people.vcf").write_text(CARDS)
    call("import people.vcf")  # cards are leads
    ada = call.row("lead show ada@example.com")
    found = [ada[name] for name in ("name", "company", "phone", "key", "note")]
    assert found == ["Ada Lovelace", "Engines Ltd", "+44 20 7946 0958", "u1", "title: Countess"]


def test_our_own_answers_and_exports_come_back(call: Cli, other: Cli) -> None:
    call(
        "lead add 'Ada Lovelace' --company Engines --email ada@example.com --phone '+34 600 111 222' --tag vip --tag b"
        " --key K1 --note 'one\ntwo' --source fair --at 2026-10-01"
    )
    call("opp add 'Audit, part 1' --lead L1 --value '12000.50 EUR' --close 2027-02-01 --key O-1 --at 2026-11-01")
    call("lead add Eve --at 2026-10-02")
    names = ("name", "company", "email", "phone", "tags", "key", "note", "source", "created_at")
    kept = [[row[name] for name in names] for row in call.rows("lead list --all")]
    for command, file in (("lead list --all --json", "a.json"), ("export leads", "a.jsonl")):
        (call.home / file).write_text(call(command).out)
        said = other(f"import {file} --as leads")
        assert "records get new ids" in said.err  # they are ours to give, and no keys of another program
        assert [[row[name] for name in names] for row in other.rows("lead list --all")] == kept
        other("undo")
    (call.home / "o.json").write_text(call("opp list --all --json").out)
    other("import o.json --as opportunities")
    [there], [here] = other.rows("opp list"), call.rows("opp list")
    same = ("title", "client", "value", "stage", "outcome", "expected_close", "created_at", "key")
    assert [there[name] for name in same] == [here[name] for name in same]
    assert here["value"] == {"minor": 1200050, "currency": "EUR"}


def test_a_board_becomes_opportunities(call: Cli) -> None:
    (call.home / "board.json").write_text(BOARD)
    said = call("import board.json --currency EUR")
    assert "archived cards that were neither won nor lost are left out: 1" in said.err
    found = {row["title"]: row for row in call.rows("opp list --all")}
    audit, training = found["Audit (5000 EUR)"], found["Training"]
    assert (audit["stage"], audit["outcome"], audit["client"]) == ("proposal", "open", "Audit")
    assert audit["value"] == {"minor": 500000, "currency": "EUR"}
    assert (training["outcome"], training["closed_at"]) == ("won", "2026-03-01T10:00:00Z")
    assert call.json("import board.json --currency EUR")["operation"] is None
    call("db check")


def test_a_list_of_a_board_that_is_not_known_is_asked_for_once(call: Cli) -> None:
    (call.home / "board.json").write_text(BOARD.replace("Proposal sent", "Talks"))
    said = call("import board.json", 65)
    assert ':stage: "Talks" is no stage' in said.err
    assert ':history: "Talks" is no stage' in said.err
    assert said.hint.count("--stage 'Talks=STAGE'") == 1


@pytest.mark.parametrize("more", ["", "--as leads"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"name":"Board","lists":[],"cards":[]}', "is a Trello board without cards"),
        ('{"name": "Board", "cards": [], "lists": []}\n', "is a Trello board without cards"),
        ('"just"', 'holds "just" alone'),
        ("12.5\n", 'holds "12.5" alone'),
    ],
)
def test_json_with_nothing_in_it(call: Cli, text: str, what: str, more: str) -> None:
    (call.home / "file.json").write_text(text)
    assert call(f"import file.json {more}", 65).message == (
        f"file.json {what}: there is nothing to import; nothing was saved"
    )


def test_problems_of_a_workbook_have_their_row_and_column(call: Cli) -> None:
    rows = [["name", "email"], ["Ada", "#REF!"], ["Eve", "nobody"], ["Bob", "b@example.com"]]
    (call.home / "book.xlsx").write_bytes(workbook(*rows))
    problems = call("import book.xlsx --as leads --json", 65).error["problems"]
    assert [(problem["line"], problem["column"]) for problem in problems] == [(2, "email"), (3, "email")]
    assert call.json("import book.xlsx --as leads --map email= --dry-run")["created"] == 3
    said = call("import book.xlsx --as leads --sheet Deals", 3)
    assert 'its sheets are "Sheet"' in said.err


def test_dates_of_a_workbook_are_decided_as_those_of_any_file(call: Cli) -> None:
    (call.home / "book.xlsx").write_bytes(workbook(["name", "created"], ["Ada", "05/01/2026"], ["Eve", "25/01/2026"]))
    call("import book.xlsx --as leads")
    assert [row["created_at"][:10] for row in call.rows("lead list")] == ["2026-01-05", "2026-01-25"]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_passage_that_says_something_twice_is_told(call: Cli, quoted: bool) -> None:
    history = '[{"stage": "request", "at": "2026-01-01", "at": "2026-02-01"}]'
    cell = json.dumps(history) if quoted else history
    (call.home / "file.jsonl").write_text(f'{{"key": "1"}}\n{{"key": "2", "history": {cell}}}\n')
    [problem] = call("import file.jsonl --as opportunities --json", 65).error["problems"]
    assert (problem["line"], problem["column"]) == (2, "history")
    assert problem["message"].endswith('the key "at" stands there twice')
