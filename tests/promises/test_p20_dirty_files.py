"""P20: what is wrong with a file is told with its line; nothing is guessed in silence, and nothing is saved."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from anyhow import tried

from commandline import Cli

# What stands in the file, and what is read from it: the names of the leads.
READ = {
    "a mark of UTF-8": (b"\xef\xbb\xbfname,email\nAda,a@example.com\n", ["Ada"]),
    "UTF-16": ("name,email\nJosé,j@example.com\n".encode("utf-16"), ["José"]),
    "CR": (b"name,email\rAda,a@example.com\rEve,\r", ["Ada", "Eve"]),
    "CRLF": (b"name,email\r\nAda,a@example.com\r\nEve,\r\n", ["Ada", "Eve"]),
    "semicolon": (b'name;email\n"Lovelace; Ada";a@example.com\n', ["Lovelace; Ada"]),
    "tab": (b"name\temail\nAda, Countess\ta@example.com\n", ["Ada, Countess"]),
    "sep=": (b"sep=;\nname;email\nAda, Countess;a@example.com\n", ["Ada, Countess"]),
    "a comma in a name of one column": (b"name|note\nAda, Countess|x\n", ["Ada, Countess"]),
    "blank lines": (b"name,email\n\n,\nAda,a@example.com\n\n", ["Ada"]),
    "a cell of two lines": (b'name,note\nAda,"one\ntwo"\nEve,x\n', ["Ada", "Eve"]),
    "a large cell": (b'name,note\nAda,"' + b"x" * 204_800 + b'"\n', ["Ada"]),
}
# What stands in the file, and the lines that are told as wrong (0: the file as a whole), with what is said of them.
REFUSED = {
    "latin-1": ("name,email\nAda,\nJos\xe9,\n".encode("latin-1"), 3, "not UTF-8"),
    "UTF-16 without its mark": ("name,email\nAda,\n".encode("utf-16-le"), 0, "UTF-16"),
    "a NUL": (b"name,email\n" + b"Ada,\n" * 20_000 + b"E\0ve,\n", 20_002, "NUL"),
    "a header that is there twice": (b"name,email,email\nAda,a@example.com,b@example.com\n", 0, '"email"'),
    "a cell too many": (b"name,email\nEve,\nAda,a@example.com,x\n", 3, "3 cells"),
    "a cell too few": (b"name,email\nAda\n", 2, "1 cell"),
    "an open quote": (b'name,note\nEve,\nAda,"x\nZoe,\n', 3, "never closed"),
    "text behind a quote": (b'name,note\nAda,"5" pipe"\n', 2, "closing quote"),
    "a cell without end": (b'name,note\nAda,"' + b"x" * 2_000_000 + b'"\n', 2, "never closed"),
    "a note that is too long": (b"name,note\nAda," + b"x" * 1_000_001 + b"\n", 2, "at most 1000000"),
    "HTML": (b"<!DOCTYPE html>\n<html><body>log in</body></html>", 0, "web page"),
    "an Excel workbook": (b"PK\x03\x04\x14\x00\x06\x00", 0, "Excel"),
    "an old Excel workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "Excel"),
    "a compressed file": (b"\x1f\x8b\x08\x00", 0, "compressed"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", 0, "PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0, "picture"),
    "an archive": (b"7z\xbc\xaf\x27\x1c\0\4", 0, "archive"),
    "a table of a web page": (b"\n<table><tr><td>name</td></tr></table>", 0, "web page"),
    "a calendar": (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 0, "calendar"),
    "a program": (b"\x7fELF" + b"\0x1y2z3w4v5u6t7s8r9q0p" * 9, 0, "no text; nothing"),
    "nothing": (b"", 0, "empty"),
    "no e-mail": (b"name,email\nAda,a@example.com\nEve,nobody\n", 3, '"nobody"'),
    "a day that is none": (b"name,created\nAda,2026-02-30\n", 2, "2026-02-30"),
    "a day that can be two": (b"name,created\nAda,05/01/2026\n", 2, "05/01/2026"),
    "the same e-mail twice": (b"name,email,key\nAda,a@example.com,1\nEve,a@example.com,2\n", 3, "line 2"),
}


@pytest.mark.parametrize(("data", "names"), READ.values(), ids=READ)
def test_p20_what_can_be_told_for_certain_is_read(call: Cli, data: bytes, names: list[str]) -> None:
    (call.home / "file.csv").write_bytes(data)
    call("import file.csv --as leads")
    assert [row["name"] for row in call.rows("lead list")] == names


@pytest.mark.parametrize(("data", "line", "part"), REFUSED.values(), ids=REFUSED)
def test_p20_anything_else_is_told_with_its_line(call: Cli, data: bytes, line: int, part: str) -> None:
    (call.home / "file.csv").write_bytes(data)
    before = call.dump()
    said = call("import file.csv --as leads", 65)
    assert part in said.err
    assert "nothing was saved" in said.message
    if line:
        assert f"line {line:,}" in said.message or f"file.csv:{line}:" in said.err
    told = call("import file.csv --as leads --json", 65).error
    assert told["code"] == "bad_data"
    assert call.dump() == before


def test_p20_all_that_is_wrong_is_told_at_once(call: Cli) -> None:
    rows = "".join(f"Lead {number},{'no address' if number % 2 else ''}\n" for number in range(60))
    (call.home / "file.csv").write_text(f"name,email\n{rows}")
    problems = call("import file.csv --as leads --json", 65).error["problems"]
    assert [problem["line"] for problem in problems] == list(range(3, 62, 2))
    assert {problem["column"] for problem in problems} == {"email"}
    assert "... and 10 more" in call("import file.csv --as leads", 65).err  # people are shown twenty


def test_p20_digits_stay_what_they_are(call: Cli) -> None:
    (call.home / "file.csv").write_text("name,key,note\n007,0812345,1e3\n1_000,123456789012345678901,NaN\n")
    call("import file.csv --as leads")
    found = [(row["name"], row["key"], row["note"]) for row in call.rows("lead list")]
    assert found == [("007", "0812345", "1e3"), ("1_000", "123456789012345678901", "NaN")]


@pytest.mark.skipif(not os.environ.get("FUNNELCTL_REAL_DATA"), reason="needs FUNNELCTL_REAL_DATA")
def test_p20_no_real_export_is_a_bug_to_us(call: Cli) -> None:
    """Whatever stands in the exports of other programs, and whatever they are taken for: read, or told why not."""
    ends = {
        tried(call, ["import", str(file), "--as", kind, "--dry-run", *options.split()]).code
        for file in sorted(Path(os.environ["FUNNELCTL_REAL_DATA"]).rglob("*.*"))
        for kind in ("leads", "opportunities")
        for options in ("", "--currency USD --date-format M/D/YYYY --on-duplicate skip")
    }
    assert ends == {0, 65}
    assert call.rows("lead list --all") == []
