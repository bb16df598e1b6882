"""Rows that an import has left out: mended where they were written, and imported by the command that was told, they
make the same book as the whole file does when it is mended."""

from __future__ import annotations

import csv
import json
import shlex
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commandline import Cli


class Case(NamedTuple):
    """A file with one wrong row, and what mends it: in the file, and in what comes back of it."""

    name: str
    content: bytes
    wrong: bytes
    right: bytes
    options: str = "--as leads"
    again: str = "--as leads"  # what the command must say beside the name of the file


GERMAN = """Deal;Client;Worth;Opened\r
Audit;Ada;1.500;3/4/2025\r
Plan;Bob;12.500,50;20/3/2025\r
Test;Zoë;1.250;31/2/2025\r
Talk;Di;7;25/3/2025\r
"""
MAPPED = "--map Deal=title --map Worth=value --map Opened=created --as opportunities"
DECIDED = (
    "--as opportunities --map Deal=title --map Worth=value --map Opened=created"
    " --date-format Opened=DD/MM/YYYY --decimal ,"
)
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEMAIL:ada@example.com\r\nEND:VCARD\r\n"
CARDS = CARD + (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nTEL:+34 600 111 222\r\nno colon\r\nNOTE:folded\r\n  twice\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\nEND:VCARD\r\n"
)
AS_CARDS = "--as leads --preset vcard"
AS_BOARD = "--as opportunities --preset trello-board"
BOARD = {
    "name": "Sales",
    "actions": [
        {"type": "createCard", "date": "2025-01-02T10:00:00Z", "data": {"card": {"id": "c2"}, "list": {"id": "l1"}}},
        {"type": "commentCard", "date": "2025-01-03T10:00:00Z", "data": {"card": {"id": "c2"}, "text": "called"}},
        {"type": "createCard", "date": "2025-01-01T10:00:00Z", "data": {"card": {"id": "c1"}, "list": {"id": "l1"}}},
    ],
    "cards": [
        {"id": "c1", "name": "Audit for Ada", "idList": "l1", "desc": "é", "due": None},
        {"id": "c2", "name": "Plan for Bob €500", "idList": "l1", "desc": "", "due": "2026-02-31"},
    ],
    "labels": [],
    "lists": [{"id": "l1", "name": "Request"}],
}
OBJECTS = [
    {"name": "Ada", "email": "ada@example.com", "worth": 1.50, "Owner": "Eve"},
    {"name": "Zoë 😀", "email": "zoe@", "tags": ["a", "b"]},
    {"name": "Bob", "email": None},
]
LIST = json.dumps(OBJECTS, ensure_ascii=False)
TALL = json.dumps(OBJECTS, ensure_ascii=False, indent=2)


def _german(name: str, text: str = GERMAN, encoding: str = "utf-8", options: str = "") -> Case:
    bare = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
    wrong, right = (day.encode(bare) for day in ("31/2/2025", "28/2/2025"))
    return Case(name, text.encode(encoding), wrong, right, MAPPED + options, DECIDED + options)


CASES = [
    Case("plain.csv", b"name,email\nAda,ada@example.com\nBob,bob@\n", b"bob@", b"bob@example.com"),
    _german("german.csv"),
    _german("marked.csv", encoding="utf-8-sig"),
    _german("wide.csv", encoding="utf-16"),
    _german("unmarked.csv", encoding="utf-16-be", options=" --encoding utf-16-be"),
    _german("windows.csv", encoding="cp1252", options=" --encoding cp1252"),
    _german("stated.csv", "sep=#\r\n" + GERMAN.replace(";", "#")),
    _german("declared.csv", GERMAN.replace(";", "~"), options=" --delimiter '~'"),
    _german("titled.csv", "Deals of 2025\r\n\r\n" + GERMAN),
    _german("tabs.tsv", GERMAN.replace(";", "\t")),
    _german("bars.txt", GERMAN.replace(";", "|")),
    Case(  # the decimal mark is proven by a good row, and no good row has to be told it
        "ragged.csv", b"title;client;value\nA;Ada;1.250,75\nB;Bob;1.500;x\n", b";x", b"",
        "--as opportunities", "--as opportunities --decimal ,",
    ),
    Case(
        "chances.csv", b"title,client,probability,created\nA,Ada,40,2025-01-01\nB,Bob,1,2025-02-31\n", b"-31", b"-28",
        "--as opportunities", "--as opportunities --probability percent",
    ),
    Case(
        "list.json", LIST.encode(), b'"zoe@"', b'"zoe@example.com"',
        "--as leads --map Owner=source", "--as leads --map Owner=source",
    ),
    Case("tall.json", TALL.encode(), b'"zoe@"', b'"zoe@example.com"'),
    Case("rows.json", f'{{"schema": "x", "rows": {TALL}}}'.encode(), b'"zoe@"', b'"zoe@example.com"'),
    Case("one.json", b'{"name": "Ada", "email": "ada@"}', b'"ada@"', b'"ada@example.com"'),
    Case("not.json", b'[{"name": "Ada"},\n{"name": NaN}]', b"NaN", b"7"),
    Case("lines.jsonl", b'{"name": "Ada"}\n{"name": "Bob", "email": "bob@"}\n', b"bob@", b"bob@example.com"),
    Case("cut.jsonl", b'{"name": "Ada"}\n{"name": "Bob"\n{"name": "Cy"}\n', b'"Bob"\n', b'"Bob"}\n'),
    Case("twice.ndjson", b'{"name": "Ada"}\n{"name": "Bob", "name": "Bo"}\n', b', "name": "Bo"', b""),
    Case("half.jsonl", b'{"name": "Ada"}\n{"name": "Bob \\ud83d"}\n', b"\\ud83d", b"\\ud83d\\ude00"),
    Case("cards.vcf", CARDS.encode(), b"no colon", b"ROLE:no colon", "", AS_CARDS),
    Case("old.vcf", CARDS.replace("\r\n", "\r").encode(), b"no colon", b"ROLE:no colon", "", AS_CARDS),
    Case(
        "latin.vcf", CARDS.encode("cp1252"), b"no colon", b"ROLE:no colon",
        "--encoding cp1252", f"{AS_CARDS} --encoding cp1252",
    ),
    Case("stray.vcf", f"{CARD}TITLE:Cook".encode(), b"TITLE:Cook", b"", "", AS_CARDS),
    Case(
        "open.vcf", (CARD.replace("END:VCARD", "NOTE:x") + CARD.replace("Ada", "Bob").replace("ada", "bob")).encode(),
        b"NOTE:x\r\n", b"NOTE:x\r\nEND:VCARD\r\n", "", AS_CARDS,
    ),
    Case("board.json", json.dumps(BOARD).encode(), b"2026-02-31", b"2026-02-28", "", AS_BOARD),
    Case("tall-board.json", json.dumps(BOARD, indent=1).encode(), b"2026-02-31", b"2026-02-28", "", AS_BOARD),
    Case(
        "all.csv",
        b"--x,Mail,Step,Day\nAda,ada@example.com,Hi,2025-01-01\n-,bob@,Hi,2025-01-01\n", b"bob@", b"bob@example.com",
        "--as leads --map --x=name --map Mail=email --map Step=stage --map Day= --stage 'Hi=enquiry' --match email"
        " --on-duplicate overwrite --footer Total --empty - --empty '?' --funnel consulting --currency USD"
        " --date-format DD/MM/YYYY --decimal , --key-prefix \"it's-\" --at 2025-06-01",
        "--as leads --key-prefix 'it'\"'\"'s-' --map=--x=name --map Mail=email --map Step=stage --map Day="
        " --stage Hi=enquiry --match email --on-duplicate overwrite --footer Total --empty=- --empty '?'"
        " --funnel consulting --currency USD --date-format DD/MM/YYYY --decimal , --at 2025-06-01T12:00:00Z",
    ),
]  # fmt: skip


def content(call: Cli, book: str) -> list[list[str]]:
    """What a book says of leads and of opportunities, without the ids, which come in the order of the rows."""
    env = {"FUNNELCTL_DB": str(call.home / book)}
    call("db check", env=env)
    passed_over = ("id", "lead", "opportunities")
    return [
        sorted(str({**row, **dict.fromkeys(passed_over)}) for row in call.rows(f"{what} list --all", env=env))
        for what in ("lead", "opp")
    ]


def taken_in(call: Cli, file: Path, options: str, mend: Callable[[Path], None]) -> str:
    """Import what is good in ``file``, mend the rest, import that too, and see that it makes the same book as the whole
    file does when it is mended. The options of the command that was told."""
    first = call.json(f"import {file.name} {options} --on-error skip --rejects wrong{file.suffix}")
    rejects = call.home / first["rejects"]
    mend(rejects)
    program, verb, name, *words = shlex.split(first["import_again"])
    assert (program, verb, name) == ("funnelctl", "import", rejects.name)
    assert call(["import", name, *words, "--json"]).json["unmapped"] == first["unmapped"]
    mend(file)
    call("init whole.db")
    call(f"import {file.name} {options} --db whole.db")
    assert content(call, "book.db") == content(call, "whole.db")
    assert content(call, "book.db")[0] != []
    return shlex.join(words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_was_mended_makes_the_book_that_the_mended_file_makes(call: Cli, case: Case) -> None:
    def mend(path: Path) -> None:
        found = path.read_bytes()
        assert case.wrong in found
        path.write_bytes(found.replace(case.wrong, case.right))

    file = call.home / case.name
    file.write_bytes(case.content)
    assert taken_in(call, file, case.options, mend) == case.again


def workbook(file: Path, sheets: dict[str, list[list[Any]]]) -> None:
    """Write a workbook with these sheets."""
    book = Workbook()
    for number, (title, rows) in enumerate(sheets.items()):
        sheet = book.create_sheet(title, number)
        for row in rows:
            sheet.append(row)
            for cell in sheet[sheet.max_row]:
                if cell.data_type == "f":
                    cell.data_type = "s"
    book.save(file)


def test_a_workbook_comes_back_as_one(call: Cli) -> None:
    def mend(path: Path) -> None:
        book = load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == "soon":
                        cell.value = date(2026, 12, 24)
                    elif cell.value == "too much":
                        cell.value = None
        book.save(path)

    file = call.home / "deals.xlsx"
    header = ["Deal", "Client", "Worth", "Close", "column", "Day"]
    rows: list[list[Any]] = [
        ["Deals of 2025"],
        header,
        ["Audit", "Ada", 1500.25, date(2026, 12, 1), "x", "13/2/2025"],
        ["=1+1", "Zoë\nand Co", 1.25, "soon", "'y", "1/2/2025"],
        ["Plan", "Bob", 7, date(2026, 12, 2), None, "3/2/2025", "too much"],
    ]
    workbook(file, {"Notes": [["a", "b"], ["c", "d"]], "Deals": rows})
    options = "--as opportunities --sheet deals --map Deal=title --map Worth=value --map column=note --map Day=created"
    again = taken_in(call, file, options, mend)
    assert again == (
        "--as opportunities --map Deal=title --map Worth=value --map column=note --map Day=created"
        " --date-format Day=DD/MM/YYYY --decimal . --sheet rejects"
    )
    [_, first, second] = load_workbook(call.home / "wrong.xlsx")["rejects"].iter_rows(min_col=2, values_only=True)
    assert [str(cell) for cell in first] == [
        "=1+1", "Zoë\nand Co", "1.25", "2026-12-24 00:00:00", "'y", "1/2/2025",
    ]  # fmt: skip
    assert second == ("Plan", "Bob", "7", "2026-12-02", None, "3/2/2025")


# Cells that a spreadsheet would run, and others that are easily altered; and how they stand in a file of rejects.
HARD = {
    "=1+1": "'=1+1", "'x": "''x", "-5": "-5", "+34 600 111 222": "'+34 600 111 222", "@me": "'@me", "''": "'''",
    "'=2": "''=2", "-": "'-", "a\nb": "a\nb", "a\r\nb": "a\r\nb", 'say ""': 'say ""', " x ": " x ", "\ttab": "'\ttab",
    "＝1": "'＝1",
}  # fmt: skip


@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t"), ("txt", "|")])
def test_every_cell_comes_back_as_it_was(call: Cli, ending: str, delimiter: str) -> None:
    header = ["Who", "=When", *[f"Column {place}" for place in range(len(HARD))], "", ""]
    rows = [["Ada", "soon", *HARD, "", ""], ["Bob", "=now", *HARD, "", "", "", "more"], ["Cy", "-1"]]
    with open(call.home / f"file.{ending}", "w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    options = ["--as", "leads", "--map", "Who=name", "--map", "=When=created", "--on-error", "skip"]
    for source, rejects in (("file", "wrong"), ("wrong", "still")):
        call(["import", f"{source}.{ending}", *options, "--rejects", f"{rejects}.{ending}"])
        with open(call.home / f"{rejects}.{ending}", newline="", encoding="utf-8") as file:
            found = list(csv.reader(file, delimiter=delimiter, strict=True))
        assert [cells[0].partition(":")[0] for cells in found] == ["funnelctl problem", "line 2", "line 5", "line 8"]
        assert [cells[1:] for cells in found] == [
            ["Who", "'=When", *header[2:]],
            ["Ada", "soon", *HARD.values(), "", ""],
            ["Bob", "'=now", *HARD.values(), "", "", "", "more"],
            ["Cy", "-1"],
        ]


def test_a_column_without_a_name_keeps_its_number(call: Cli) -> None:
    (call.home / "file.csv").write_text("name,,email\nAda,x,ada@\n")
    said = call.json("import file.csv --as leads --map 'column 2=source' --on-error skip --rejects wrong.csv")
    (call.home / "wrong.csv").write_text((call.home / "wrong.csv").read_text().replace("ada@", "ada@example.com"))
    call(shlex.split(said["import_again"])[1:])
    assert call.row("lead list")["source"] == "x"


def test_a_row_that_repeats_a_key_comes_back(call: Cli) -> None:
    (call.home / "file.csv").write_text("key,name\n1,Ada\n2,Bob\n1,Cy\n")
    said = call.json("import file.csv --as leads --on-error skip --rejects wrong.csv")
    assert (call.home / "wrong.csv").read_text().splitlines()[1:] == [
        '"line 4: key: line 2 has the same, and says something else",1,Cy'
    ]
    (call.home / "wrong.csv").write_text("funnelctl problem,key,name\nmended,3,Cy\n")
    call(shlex.split(said["import_again"])[1:])
    assert sorted((row["key"], row["name"]) for row in call.rows("lead list")) == [
        ("1", "Ada"), ("2", "Bob"), ("3", "Cy"),
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_still_wrong_comes_back_with_one_reason(call: Cli, case: Case) -> None:
    (call.home / case.name).write_bytes(case.content)
    suffix = case.name.partition(".")[2]
    first = call.json(f"import {case.name} {case.options} --on-error skip --rejects wrong.{suffix}")
    words = shlex.split(first["import_again"])[1:]
    if case.name in ("cut.jsonl", "twice.ndjson"):  # of which no line can be read any more
        assert call([*words, "--on-error", "skip", "--json"], 65).error["problems"][0]["line"] == 2
        return
    second = call([*words, "--on-error", "skip", "--rejects", f"still.{suffix}", "--json"]).json
    assert (second["rejected"], second["unmapped"]) == (1, first["unmapped"])
    assert second["import_again"] == first["import_again"].replace("wrong.", "still.", 1)
    reason = "X-FUNNELCTL-PROBLEM" if suffix == "vcf" else "funnelctl problem"
    for name in ("wrong", "still"):
        found = (call.home / f"{name}.{suffix}").read_bytes()
        encoding = case.options.partition("--encoding ")[2] or ("utf-16" if found[:2] == b"\xff\xfe" else "utf-8")
        assert found.decode(encoding.partition(" ")[0]).count(reason) == 1
    assert call([*shlex.split(second["import_again"])[1:], "--on-error", "skip", "--json"]).json["rejected"] == 1


@pytest.mark.parametrize(
    ("source", "rejects", "hint"),
    [
        ("file.csv", "wrong.xlsx", "wrong.csv"),
        ("file.csv", "a.b/wrong.JSON", "a.b/wrong.csv"),
        ("file.jsonl", "wrong.csv", "wrong.jsonl"),
        ("file.json", "wrong.vcf", "wrong.json"),
        ("file.vcf", "wrong.csv", "wrong.vcf"),
        ("file.xlsx", "wrong.xls", "wrong.xlsx"),
    ],
)
def test_rejects_are_never_under_a_name_that_says_something_else(
    call: Cli, source: str, rejects: str, hint: str
) -> None:
    (call.home / "a.b").mkdir()
    (call.home / "file.csv").write_text("name,email\nAda,ada@\n")
    (call.home / "file.json").write_text('[{"name": "Ada", "email": "ada@"}]')
    (call.home / "file.jsonl").write_text('{"name": "Ada", "email": "ada@"}\n')
    (call.home / "file.vcf").write_text(CARDS)
    workbook(call.home / "file.xlsx", {"Leads": [["name", "email"], ["Ada", "ada@"]]})
    said = call(f"import {source} --as leads --on-error skip --rejects {rejects}", 2)
    assert said.message.startswith("rejects are written in the format of their file, which is no ")
    assert said.hint == f"--rejects {hint}"


def test_the_command_is_told_last_and_not_of_a_dry_run(call: Cli) -> None:
    (call.home / "file.csv").write_text("name,email\nAda,ada@\n")
    words = 'import file.csv --as leads --on-error skip --rejects "-it\'s wrong.csv" --db book.db'
    assert "once mended" not in call(f"{words} -n").err
    told = call(words).err.splitlines()[-1]
    assert told == "once mended: funnelctl import './-it'\"'\"'s wrong.csv' --db book.db --as leads"


def test_a_card_is_one_row_however_much_is_wrong_with_it(call: Cli) -> None:
    bad = CARD.replace("FN:Ada", "FN:Zoë\r\nno colon\r\nno colon either").encode()
    (call.home / "file.vcf").write_bytes(CARD.encode() + b"TITLE:Cook\r\n" + bad + b"TITLE:Chef\r\n")
    said = call("import file.vcf --on-error skip --rejects wrong.vcf")
    assert said.out == "created 1 lead, 3 left out from 4 rows; undo takes it back\n"
    assert [line for line in said.err.splitlines() if line.startswith("  ")] == [
        "  file.vcf:6: it stands outside of any card",
        '  file.vcf:10: "no colon" is no line of a vCard: it has no colon',
        '  file.vcf:11: "no colon either" is no line of a vCard: it has no colon',
        "  file.vcf:14: it stands outside of any card",
    ]
    assert (call.home / "wrong.vcf").read_bytes().decode().splitlines() == [
        "X-FUNNELCTL-PROBLEM:line 6: it stands outside of any card",
        "TITLE:Cook",
        "BEGIN:VCARD",
        "VERSION:3.0",
        'X-FUNNELCTL-PROBLEM:line 7: "no colon" is no line of a vCard: it has no colon; "no colon either"'
        " is no line of a vCard: it has no colon",
        "FN:Zoë",
        "no colon",
        "no colon either",
        "EMAIL:ada@example.com",
        "END:VCARD",
        "X-FUNNELCTL-PROBLEM:line 14: it stands outside of any card",
        "TITLE:Chef",
    ]


def test_tags_of_a_card_may_hold_a_semicolon(call: Cli) -> None:
    call("lead add Ada --email ada@example.com --tag 'a;b' --tag c")
    call("export vcard people.vcf")
    call("init other.db")
    call("import people.vcf --db other.db")
    assert call.row("lead list --db other.db")["tags"] == ["a;b", "c"]
