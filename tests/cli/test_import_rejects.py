"""``funnelctl import --on-error skip --rejects FILE``: good rows are taken in, the others come back to be mended."""

from __future__ import annotations

import csv
import io
import sqlite3
import stat
from typing import TYPE_CHECKING

import pytest

from funnelctl.core.importing import problems, rejects

if TYPE_CHECKING:
    from commandline import Cli

SKIP = "import file.csv --as leads --on-error skip --rejects wrong.csv"
LEADS = '''name;email;stage;created
Ada;ada@;Nowhere;2025-01-01
"Zoë; the ""first""";zoe@example.com;;2025-02-31
Bob;bob@example.com;;2025-01-01;b;c

Cy;cy@example.com;;2025-01-01
Cyr;CY@example.com;;2025-01-01
Short;s@example.com
'''
WRONG = [
    ["funnelctl problem", "name", "email", "stage", "created"],
    [
        'line 2: email: "ada@" is not an e-mail address; stage: "Nowhere" is no stage of consulting',
        "Ada", "ada@", "Nowhere", "2025-01-01",
    ],
    ['line 3: created: "2025-02-31" is not in the calendar', 'Zoë; the "first"', "zoe@example.com", "", "2025-02-31"],
    ["line 4: 6 cells, and the first line names 4 columns", "Bob", "bob@example.com", "", "2025-01-01", "b", "c"],
    ["line 7: email: line 6 has the same, and says something else", "Cyr", "CY@example.com", "", "2025-01-01"],
    ["line 8: 2 cells, and the first line names 4 columns", "Short", "s@example.com"],
]  # fmt: skip


def write(run: Cli, text: str | bytes, name: str = "file.csv") -> None:
    (run.home / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def read(run: Cli, encoding: str = "utf-8", delimiter: str = ";", name: str = "wrong.csv") -> list[list[str]]:
    text = (run.home / name).read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def test_the_good_rows_are_taken_in_and_the_others_come_back_with_the_reasons(call: Cli) -> None:
    write(call, LEADS)
    said = call(SKIP)
    assert said.out == "created 1 lead, 5 left out from 6 rows; undo takes it back\n"
    assert said.err.splitlines() == [
        "left out 5 wrong rows; they are in wrong.csv, to be mended there",
        '  file.csv:2:email: "ada@" is not an e-mail address',
        '  file.csv:2:stage: "Nowhere" is no stage of consulting',
        '  file.csv:3:created: "2025-02-31" is not in the calendar',
        "  file.csv:4: 6 cells, and the first line names 4 columns",
        "  file.csv:7:email: line 6 has the same, and says something else",
        "  file.csv:8: 2 cells, and the first line names 4 columns",
        "once mended: funnelctl import wrong.csv --as leads",
    ]
    assert [row["name"] for row in call.rows("lead list")] == ["Cy"]
    assert read(call) == WRONG
    assert stat.S_IMODE((call.home / "wrong.csv").stat().st_mode) == 0o600
    call("db check")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(("end", "other"), [("\n", "\r\n"), ("\r\n", "\n"), ("\n", "\r")])
def test_lines_end_as_those_of_the_file_do(call: Cli, end: str, other: str, encoding: str) -> None:
    rows = 'name,email,"day{}created"', "Ada,ada@example.com,2025-01-31", '"Zoë{}Z",zoe@,'
    write(call, end.join([*rows, ""]).format(other, other).encode(encoding))
    call(f"{SKIP} --map 'day created=created'")
    assert (call.home / "wrong.csv").read_bytes().decode(encoding) == (
        f'funnelctl problem,name,email,"day{other}created"{end}'
        f'"line 4: email: ""zoe@"" is not an e-mail address","Zoë{other}Z",zoe@,{end}'
    )


def test_what_was_mended_is_imported_by_the_same_command(call: Cli) -> None:
    write(call, LEADS)
    call(SKIP)
    mended = (call.home / "wrong.csv").read_text()
    mended = mended.replace(";ada@;Nowhere;", ";ada@example.com;;").replace(";2025-02-31", ";2025-02-28")
    write(call, mended.replace(";b;c", "").replace("Short;s@example.com", "Short;s@example.com;;"))
    told = call.json("import file.csv --as leads --on-error skip --rejects still.csv")
    assert (told["created"], told["unchanged"], told["rejected"]) == (4, 1, 0)
    assert (told["unmapped"], told["problems"]) == ([], [])
    assert not (call.home / "still.csv").exists()
    assert [row["name"] for row in call.rows("lead list --sort name")][-1] == 'Zoë; the "first"'


def test_what_is_still_wrong_comes_back_with_new_reasons_in_place_of_the_old_ones(call: Cli) -> None:
    write(call, LEADS)
    call(SKIP)
    call("import wrong.csv --as leads --on-error skip --rejects again.csv")
    again = read(call, name="again.csv")
    assert again[0] == WRONG[0]
    assert again[1][0].startswith('line 2: email: "ada@"')
    assert [row[1:] for row in again[1:]] == [row[1:] for row in WRONG[1:] if row[1] != "Cyr"]


def test_programs_are_told(call: Cli) -> None:
    write(call, LEADS)
    told = call.json(SKIP)
    assert (told["created"], told["rejected"], told["rows_read"]) == (1, 5, 6)
    assert told["problems"][0] == {"line": 2, "column": "email", "message": '"ada@" is not an e-mail address'}
    assert [problem["line"] for problem in told["problems"]] == [2, 2, 3, 4, 7, 8]
    assert told["kinds"][0] == {
        "column": "", "message": "… cells, and the first line names … columns", "count": 2,
    }  # fmt: skip
    assert sum(kind["count"] for kind in told["kinds"]) == 6


def test_where_all_rows_are_wrong_none_is_said_to_be_known(call: Cli) -> None:
    write(call, "name,email\nAda,ada@\n")
    assert call(f"{SKIP} -n").err.splitlines()[0] == "dry run: nothing was saved"
    assert call(SKIP).out == "nothing to change: the only row is wrong\n"
    write(call, "name,email\nAda,ada@\nBob,bob@\n")
    assert call(SKIP.replace("wrong.", "more.")).out == "nothing to change: all 2 rows are wrong\n"
    write(call, "name,email\nAda,ada@example.com\nBob,bob@\n")
    call("import file.csv --as leads --on-error skip")
    said = call("import file.csv --as leads --on-error skip").out
    assert said == "nothing to change: of 2 rows, 1 left out and the others are known already\n"


@pytest.mark.parametrize("wrong", [1, 20, 21, 10_000])
def test_twenty_problems_are_told_in_full_and_all_are_counted(call: Cli, wrong: int) -> None:
    write(call, "name,email\n" + "".join(f"Person {number},p{number}@\n" for number in range(wrong)))
    for words, code in (("", 65), ("--on-error skip", 0)):
        lines = [
            line for line in call(f"import file.csv --as leads {words}", code).err.splitlines() if line[:2] == "  "
        ]
        first = [
            f'  file.csv:{number + 2}:email: "p{number}@" is not an e-mail address' for number in range(min(wrong, 20))
        ]
        more = [f"  ... and {wrong - 20:,} more; in all:", f"  {wrong:,} x email: … is not an e-mail address"]
        assert lines == first + (more if wrong > 20 else [])
        said = call(f"import file.csv --as leads {words} --json", code)
        told = said.error if code else said.json
        assert len(told["problems"]) == min(wrong, 1000)
        assert told["kinds"] == [{"column": "email", "message": "… is not an e-mail address", "count": wrong}]


def test_rows_may_be_left_out_without_being_kept(call: Cli) -> None:
    write(call, LEADS)
    said = call("import file.csv --as leads --on-error skip")
    assert said.err.startswith("left out 5 wrong rows; --rejects FILE keeps them, to be mended\n")
    assert call.rows("lead list")[0]["name"] == "Cy"


def test_what_the_book_says_against_a_row_is_a_reason_too(call: Cli) -> None:
    call("lead add Ada --email ada@example.com")
    write(call, "key,name,email\n1,Ada,ada@example.com\n2,Bob,bob@example.com\n")
    assert call.json(SKIP)["created"] == 1
    assert read(call, delimiter=",")[1] == [
        "line 2: email: the e-mail belongs to L1 already", "1", "Ada", "ada@example.com",
    ]  # fmt: skip
    call("db check")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_it_keeps_the_encoding_of_the_file(call: Cli, encoding: str) -> None:
    write(call, "name\tcreated\nZoë\tone day …\nAda\t2025-01-01\n".encode(encoding))
    call(SKIP + (" --encoding cp1252" if encoding == "cp1252" else ""))
    reason = 'line 2: created: "one day …" is not a date such as 2026-11-23'
    assert read(call, encoding, "\t") == [["funnelctl problem", "name", "created"], [reason, "Zoë", "one day …"]]
    marked = encoding != "cp1252"
    assert ((call.home / "wrong.csv").read_bytes()[:2] == (call.home / "file.csv").read_bytes()[:2]) == marked


def test_a_dry_run_writes_no_file(call: Cli) -> None:
    write(call, LEADS)
    said = call(SKIP + " -n")
    assert "they would be in wrong.csv" in said.err
    assert not (call.home / "wrong.csv").exists()


def test_a_file_is_never_written_over(call: Cli) -> None:
    write(call, LEADS)
    for name in ("file.csv", "there.csv"):
        write(call, LEADS, "there.csv")
        said = call(f"import file.csv --as leads --on-error skip --rejects {name}", 4)
        assert said.message.startswith(f"there is something at {name} already")
        assert (call.home / name).read_text() == LEADS
    assert call.rows("lead list") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--rejects wrong.csv", 2),
        ("--on-error stop --rejects wrong.csv", 2),
        ("--on-error ignore", 2),
        ("--on-error skip --rejects -", 2),
        ("--on-error skip --rejects missing/wrong.csv", 74),
    ],
)
def test_what_cannot_be(call: Cli, words: str, code: int) -> None:
    write(call, LEADS)
    call(f"import file.csv --as leads {words}", code)
    assert call.rows("lead list") == []
    assert not (call.home / "wrong.csv").exists()


def test_what_is_wrong_with_the_file_itself_is_not_passed_over(call: Cli) -> None:
    write(call, 'name,created\nAda,soon\nBob,"2025-01-01\n')
    assert "never closed" in call(SKIP, 65).message
    write(call, "name,created\nAda,soon\nBob,1/2/2025\n")
    assert "may be DD/MM/YYYY or MM/DD/YYYY" in call(SKIP, 65).message
    assert not (call.home / "wrong.csv").exists()


def test_too_many_wrong_rows_are_the_file_s_fault(call: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "MOST_WRONG_ROWS", 3)
    write(call, LEADS)
    assert call(SKIP, 65).message == "more than 3 rows are wrong; nothing was saved"
    assert not (call.home / "wrong.csv").exists()


def test_where_the_book_cannot_be_saved_the_file_goes_again(call: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*said: object) -> None:
        write_rejects(*said)  # type: ignore[arg-type]
        with sqlite3.connect(call.book) as conn:
            assert conn.execute("SELECT count(*) FROM lead").fetchone() == (0,)
        conn.close()
        raise KeyboardInterrupt

    write_rejects = rejects.write_rejects
    monkeypatch.setattr(rejects, "write_rejects", interrupted)
    write(call, LEADS)
    assert call(SKIP, 130).message == "interrupted; nothing was saved"
    assert sorted(path.name for path in call.home.iterdir() if "wrong" in path.name) == []
    assert call.rows("lead list") == []


def test_more_problems_than_are_shown_are_counted_by_kind(call: Cli) -> None:
    write(call, "name,email,created\n" + "Ada,ada@,2025-02-31\n" * 15 + "Bob,,2025-01-01\n")
    told = call("import file.csv --as leads", 65)
    assert told.err.splitlines()[0] == "error: file.csv: 30 problems; nothing was saved"
    assert told.err.splitlines()[21:24] == [
        "  ... and 10 more; in all:",
        "  15 x email: … is not an e-mail address",
        "  15 x created: … is not in the calendar",
    ]
    error = call("import file.csv --as leads --json", 65).error
    assert len(error["problems"]) == 30
    assert error["kinds"] == [
        {"column": "email", "message": "… is not an e-mail address", "count": 15},
        {"column": "created", "message": "… is not in the calendar", "count": 15},
    ]
