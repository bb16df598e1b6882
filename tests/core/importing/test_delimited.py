"""Every kind of dirty file gives its rows whole or an error with its line: never a silent guess."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.importing.delimited import LARGEST_CELL, parse_delimiter, read_sheet
from funnelctl.core.importing.lines import LONGEST_LINE
from funnelctl.core.importing.problems import Problems
from funnelctl.errors import BadData, Invalid


def read(data: bytes | str, **declared: str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]], Problems]:
    raw = data if isinstance(data, bytes) else data.encode()
    problems = Problems()
    sheet = read_sheet(io.BytesIO(raw), "leads.csv", problems, **declared)
    return sheet.header, list(sheet.rows), problems


def rows(data: bytes | str, **declared: str) -> list[list[str]]:
    _, found, problems = read(data, **declared)
    assert problems.count == 0
    return [row for _, row in found]


def refused(data: bytes | str, **declared: str) -> BadData:
    with pytest.raises(BadData) as caught:
        read(data, **declared)
    assert caught.value.message.startswith("leads.csv")
    assert "nothing was saved" in caught.value.message
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_with_a_mark_and_all_ends_of_lines(encoding: str, end: str) -> None:
    text = end.join(["name;note", "Zoë;株", "Ada;x"]) + end
    header, found, problems = read(text.encode(encoding))
    assert header == ("name", "note")
    assert found == [(2, ["Zoë", "株"]), (3, ["Ada", "x"])]
    assert problems.count == 0


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16-le", "mac-roman"])
def test_other_encodings_are_declared(encoding: str) -> None:
    assert rows("name;city\nJürgen;Köln\n".encode(encoding), encoding=encoding) == [["Jürgen", "Köln"]]


def test_a_declared_encoding_leaves_no_mark_in_the_first_column() -> None:
    for encoding in ("utf-8", "UTF8"):
        header, _, _ = read(b"\xef\xbb\xbfname,x\n", encoding=encoding)
        assert header == ("name", "x")
    header, _, _ = read("\ufeffname,x\n".encode("utf-16-le"), encoding="utf-16-le")
    assert header == ("name", "x")


@pytest.mark.parametrize("before", [1, 5, 2000])  # within the first block, and far behind it
def test_what_is_not_in_the_encoding_is_told_with_its_line(before: int) -> None:
    data = b"name,city\n" + b"Ada,London\n" * before + "Jürgen,Köln\n".encode("cp1252")
    error = refused(data)
    assert f"line {before + 2:,} is not UTF-8 text" in error.message
    assert error.hint == (
        'say how the file is encoded: --encoding cp1252 reads "Jürgen", --encoding cp1250 reads "Jürgen",'
        ' --encoding mac-roman reads "J¸rgen"; or save it as UTF-8'
    )


def test_a_half_surrogate_pair_in_utf_16_is_told() -> None:
    data = "\ufeffname\nAda\n".encode("utf-16-le") + b"\x00\xd8\n\x00"
    assert "line 3 is not UTF-16 text" in refused(data).message


@pytest.mark.parametrize("encoding", ["utf-99", "rot13", "hex", "idna", "unicode_escape", "", "\0"])
def test_an_encoding_that_there_is_not(encoding: str) -> None:
    with pytest.raises(Invalid, match="there is no encoding"):
        read("name\nAda\n", encoding=encoding or " ")


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("a,b,c\n1,2,3\n", ["1", "2", "3"]),
        ("a;b;c\n1,5;2;3\n", ["1,5", "2", "3"]),
        ("a\tb\n1\t2\n", ["1", "2"]),
        ("a|b\n1|2\n", ["1", "2"]),
        ('"a;x","b"\n1,2\n', ["1", "2"]),
        ("sep=;\na;b,c\n1;2\n", ["1", "2"]),
        ('"sep=|"\r\na|b\r\n1|2\r\n', ["1", "2"]),
        ("sep=\t\na\tb\n1\t2\n", ["1", "2"]),
        ("name\nAda\n", ["Ada"]),
        ("\n\n  \nname,x\nAda,1\n", ["Ada", "1"]),
    ],
)
def test_the_delimiter_is_stated_or_divides_the_header_into_most_columns(text: str, cells: list[str]) -> None:
    assert rows(text) == [cells]


def test_a_declared_delimiter_wins() -> None:
    assert rows("a;b,c\n1;2,3\n", delimiter=",") == [["1;2", "3"]]
    assert rows("sep=;\na;b,c\n1;2,3\n", delimiter=",") == [["1;2", "3"]]


@pytest.mark.parametrize(
    ("text", "sign"), [(",", ","), ("tab", "\t"), ("\\t", "\t"), ("Semicolon", ";"), ("pipe", "|"), ("^", "^")]
)
def test_delimiters_by_sign_and_by_name(text: str, sign: str) -> None:
    assert parse_delimiter(text) == sign


@pytest.mark.parametrize("text", ["", "ab", '"', "x", "7", "\n", " ", "ñ", "\0"])
def test_what_cannot_divide_columns(text: str) -> None:
    with pytest.raises(Invalid):
        parse_delimiter(text)


def test_a_line_number_is_that_where_the_record_starts() -> None:
    text = 'name,note\nAda,"one\ntwo\r\nthree"\n\n\nZoe,x\n,\nEve,"a\rb"\nMia,y\n'
    _, found, _ = read(text)
    assert [(line, row[0]) for line, row in found] == [(2, "Ada"), (7, "Zoe"), (9, "Eve"), (11, "Mia")]
    _, found, _ = read("sep=,\n" + text)
    assert [line for line, _ in found] == [3, 8, 10, 12]


def test_blank_lines_and_lines_of_delimiters_are_passed_over() -> None:
    assert rows("a,b\n\n1,2\n,\n , \n\r\n3,4\n\n") == [["1", "2"], ["3", "4"]]


def test_an_empty_column_at_the_end_is_passed_over() -> None:
    # every line of some exports ends with a comma; sheets have empty columns beside the table
    assert read("a,b,,\n1,2,,\n3,4\n")[0] == ("a", "b")
    assert rows("a,b,,\n1,2,,\n3,4\n5,6, ,,\n") == [["1", "2"], ["3", "4"], ["5", "6"]]


def test_a_column_without_a_name_is_called_by_its_place() -> None:
    assert read("a,,c\n1,2,3\n")[0] == ("a", "column 2", "c")


def test_rows_that_do_not_fit_are_problems_with_their_lines() -> None:
    _, found, problems = read("a,b\n1,2,3\n4\n5,6\n,,7\n")
    assert found == [(4, ["5", "6"])]
    assert [(problem.line, problem.message) for problem in problems.shown] == [
        (2, "3 cells, and the first line names 2 columns"),
        (3, "1 cell, and the first line names 2 columns"),
        (5, "3 cells, and the first line names 2 columns"),
    ]
    with pytest.raises(BadData) as caught:
        problems.refuse("file.csv")
    assert "in quotes" in caught.value.hint
    assert "--footer TEXT" in caught.value.hint


def test_columns_of_the_same_name_are_told_apart() -> None:
    header, found, _ = read("x,y, x ,X,x,x (2)\n1,2,3,4,5,6\n")
    assert header == ("x", "y", "x (3)", "X", "x (4)", "x (2)")
    assert found == [(2, ["1", "2", "3", "4", "5", "6"])]


def test_a_title_above_the_table_is_left_out_and_told() -> None:
    text = 'Pipeline 2025,,\n\n"A remark, of which\nthe rest is here"\nname,x,\nAda,1,\nZoe,,2\n'
    header, found, problems = read(text)
    assert header == ("name", "x")
    assert found == [(6, ["Ada", "1"])]
    assert [(problem.line, problem.message) for problem in problems.shown] == [
        (7, "3 cells, and the first line names 2 columns")
    ]
    assert problems.notes == [
        'the columns are named in line 5; above it stands "Pipeline 2025", "A remark, of which the rest is here",'
        " which is left out"
    ]


@pytest.mark.parametrize("text", ["name\nAda\nBob, Junior\nEve\n", "name\nAda\n", "name\n1\n2\n3\n4\n5\na,b\n"])
def test_one_column_is_a_table_too(text: str) -> None:
    header, _, problems = read(text)
    assert header == ("name",)
    assert problems.notes == []


def test_a_title_says_nothing_of_the_delimiter() -> None:
    header, found, _ = read("Stand: 3. Mai\nKunde;Wert\nAda;1,5\n")
    assert header == ("Kunde", "Wert")
    assert found == [(3, ["Ada", "1,5"])]


def test_a_footer_ends_the_table_where_it_was_declared() -> None:
    text = "name,x\nAda,1\n\nTotal 3,7,8\nCopyright\nend,of,all\n"
    problems = Problems()
    sheet = read_sheet(io.BytesIO(text.encode()), "leads.csv", problems, footer=("TOTAL",))
    assert list(sheet.rows) == [(2, ["Ada", "1"])]
    assert problems.count == 0
    assert problems.notes == ['the table ends above line 4: "Total 3" and 2 more left out']
    assert read(text)[2].count == 3


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"  \r\n", b",,,\n,,\n", "\ufeff\n".encode("utf-16")])
def test_an_empty_file(data: bytes) -> None:
    assert "is empty" in refused(data).message


def test_a_header_alone_is_a_file_without_rows() -> None:
    assert rows("name,email\n") == []
    assert rows("name,email") == []


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel workbook"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf\n  <HTML><body>log in", "web page"),
        (b'<?xml version="1.0"?><rows/>', "XML"),
        (b"name,x\nA\0da,1\n", "NUL"),
        ("name,x\nAda,1\n".encode("utf-16-le"), "--encoding utf-16-le"),
    ],
)
def test_what_is_no_csv_is_refused_by_its_name(data: bytes, what: str) -> None:
    error = refused(data)
    assert what in error.message + error.hint


def test_a_nul_far_behind_the_start_is_told_with_its_line() -> None:
    data = b"name,x\n" + b"Ada,1\n" * 30_000 + b"E\0ve,1\n"
    assert "line 30,002 holds a NUL character" in refused(data).message


@pytest.mark.parametrize("rest", ["", "\n", "b,c\nd,e\n" * 3])
def test_a_quote_that_is_never_closed_is_told_where_it_is_opened(rest: str) -> None:
    error = refused('name,note\nAda,x\nEve,"open\n' + rest)
    assert "line 3: a quote is opened here and never closed" in error.message


def test_an_open_quote_in_a_large_file_does_not_swallow_it() -> None:
    error = refused('name,note\nAda,"x\n' + "Eve,1\n" * (LARGEST_CELL // 6 + 10))
    assert "line 2: a quote is opened here and never closed" in error.message


def test_something_after_a_closing_quote() -> None:
    error = refused('name,note\nAda,"5" pipe"\n')
    assert "line 2: there is something after the closing quote" in error.message
    assert rows('name,note\nAda,"5"" pipe"\nEve,5" pipe\n') == [["Ada", '5" pipe'], ["Eve", '5" pipe']]


def test_a_cell_as_large_as_allowed_and_a_line_that_is_no_record() -> None:
    cell = "x" * 200 * 1024
    assert rows(f"name,note\nAda,{cell}\n") == [["Ada", cell]]
    assert "line 2 is too long" in refused("name\n" + "," * (LONGEST_LINE + 1)).message


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cell, cell.map(lambda text: text + "|")), max_size=8), st.sampled_from(",;\t"))
def test_what_a_csv_writer_wrote_is_what_is_read(table: list[tuple[str, str]], delimiter: str) -> None:
    import csv

    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("one", "two"), *table])
    assert rows(written.getvalue()) == [list(row) for row in table]
