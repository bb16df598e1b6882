"""What holds of every format, whatever the cells hold."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

import pytest
from hard import ASCII, COLOUR, EVERY_KIND, HARD, NARROW, PIPE, TEXTS, WIDE
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from funnelctl.core.money import Money
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.text import clean
from funnelctl.render.answer import FORMATS, Screen, ids, written

EXPONENT = {"EUR": 2, "JPY": 0, "KWD": 3}

any_text = st.one_of(st.sampled_from(TEXTS), st.text(max_size=30))
money = st.builds(Money, st.integers(-(10**9), 10**9), st.sampled_from(sorted(EXPONENT)))
names = st.tuples(any_text, st.none() | any_text)
rows_of_kinds = st.lists(
    st.tuples(
        st.integers(1, 999).map("L{}".format),
        st.none() | any_text,
        st.none() | st.integers(-(10**6), 10**6),
        st.none() | st.floats(0, 1),
        st.none() | st.dates().map(str),
        st.none() | money,
        st.none() | st.lists(money, max_size=3).map(tuple),
        st.none() | st.lists(any_text, max_size=3).map(tuple),
        st.none() | st.booleans(),
        st.none() | st.floats(0, 100),
    ),
    max_size=5,
)
COLUMNS = (
    Column("id", "id"),
    Column("name", "text"),
    Column("count", "int"),
    Column("rate", "ratio"),
    Column("due", "date"),
    Column("value", "money"),
    Column("totals", "moneys"),
    Column("tags", "list"),
    Column("repeat", "flag"),
    Column("drawn", "bar"),
)
MACHINE = [column.name for column in COLUMNS[:-1]]


def a_list(rows: list[tuple[Any, ...]], columns: tuple[Column, ...] = COLUMNS) -> Answer:
    return Answer("lead list", Table(columns, tuple(rows)))


def of_names(*texts: str | None) -> Answer:
    rows: list[tuple[Any, ...]] = [(f"L{number}", text) for number, text in enumerate(texts, 1)]
    return a_list(rows, (Column("id", "id"), Column("name", "text")))


def unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") else text


def unescaped(text: str) -> str:
    marks = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    first, *rest = text.split("\\\\")
    out = [first, *rest]
    for mark in "tnr":
        out = [part.replace("\\" + mark, marks[mark]) for part in out]
    return "\\".join(out)


def decimal(amount: dict[str, Any]) -> str:
    exponent = EXPONENT[amount["currency"]]
    digits = str(abs(amount["minor"])).zfill(exponent + 1)
    point = len(digits) - exponent
    whole = digits if exponent == 0 else f"{digits[:point]}.{digits[point:]}"
    return "-" + whole if amount["minor"] < 0 else whole


def as_fields(row: dict[str, Any]) -> list[str]:
    """A row of JSON as the fields of CSV, before guarding."""
    fields: list[str] = []
    for name, value in row.items():
        if name == "value":
            fields += ["", ""] if value is None else [decimal(value), value["currency"]]
        elif value is None:
            fields.append("")
        elif name == "totals":
            fields.append("; ".join(f"{decimal(each)} {each['currency']}" for each in value))
        elif name == "tags":
            fields.append(", ".join(value))
        elif isinstance(value, bool):
            fields.append("true" if value else "false")
        else:
            fields.append(str(value))
    return fields


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


@given(rows_of_kinds)
def test_formats_agree_cell_for_cell(rows: list[tuple[Any, ...]]) -> None:
    answer = a_list(rows)
    objects = json.loads(written(answer, "json", PIPE))["rows"]

    lines = written(answer, "jsonl", PIPE).split("\n")[:-1]
    assert [json.loads(line) for line in lines] == objects

    header = [*MACHINE[:6], "currency", *MACHINE[6:]]
    fields = [as_fields(row) for row in objects]
    tsv = [line.split("\t") for line in written(answer, "tsv", PIPE).split("\n")[:-1]]
    assert tsv[0] == header
    assert [[unescaped(field) for field in row] for row in tsv[1:]] == fields

    first, *rest = read_csv(written(answer, "csv", PIPE))
    assert first == header
    free = {header.index("name"), header.index("tags")}
    assert [[unguarded(field) if index in free else field for index, field in enumerate(row)] for row in rest] == fields


@given(rows_of_kinds)
def test_json_is_lossless(rows: list[tuple[Any, ...]]) -> None:
    for screen in (PIPE, ASCII):
        read = json.loads(written(a_list(rows), "json", screen))["rows"]
        assert [list(row) for row in read] == [MACHINE] * len(rows)
        for row, cells in zip(read, rows, strict=True):
            assert (row["id"], row["name"], row["count"], row["due"]) == (cells[0], cells[1], *cells[2:5:2])
            assert row["rate"] == (None if cells[3] is None else pytest.approx(cells[3], abs=5e-7))
            assert row["value"] == (None if cells[5] is None else cells[5]._asdict())
            assert row["tags"] == (None if cells[7] is None else list(cells[7]))
            assert row["repeat"] is cells[8]


@given(st.lists(any_text, min_size=1, max_size=5))
def test_p23_csv_cannot_run_formulas_and_comes_back_equal(texts: list[str]) -> None:
    fields = [row[1] for row in read_csv(written(of_names(*texts), "csv", PIPE))[1:]]
    assert [unguarded(field) for field in fields] == texts
    for field in fields:
        number = field[1:].replace(".", "", 1)
        assert not field.startswith(("=", "@", "\t", "\r"))
        assert not field.startswith(("+", "-")) or (number.isascii() and number.isdigit())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=5", "'=5"),
        ("@5", "'@5"),
        ("-٣", "'-٣"),
        ("-", "'-"),
        ("-1.5", "-1.5"),
        ("-1.5.5", "'-1.5.5"),
        ("'", "''"),
        ("5=", "5="),
    ],
)
def test_p23_only_a_sign_and_a_decimal_pass_for_a_number(text: str, field: str) -> None:
    assert read_csv(written(of_names(text), "csv", PIPE))[1][1] == field


def test_one_empty_cell_is_still_a_row_of_csv() -> None:
    answer = a_list([("",), ("x",), (None,)], (Column("name", "text"),))
    assert read_csv(written(answer, "csv", PIPE)) == [["name"], [""], ["x"], [""]]


def is_harmful(character: str, fmt: str) -> bool:
    if character == "\n" or (character == "\t" and fmt == "tsv"):
        return False
    if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"):
        return True
    if fmt in ("json", "jsonl"):
        return unicodedata.category(character) == "Cf"
    bidi = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    return unicodedata.bidirectional(character) in bidi or character in "\u061c\u200b\u200e\u200f\u2060\ufeff"


@pytest.mark.parametrize("fmt", FORMATS)
@given(rows=st.lists(names, min_size=1, max_size=4), title=any_text)
def test_p31_no_field_can_control_the_terminal(fmt: str, rows: list[tuple[str, str | None]], title: str) -> None:
    columns = (Column("name", "text", title), Column("note", "text"), Column("tags", "list"))
    table = Table(columns, tuple((name, note, (name,)) for name, note in rows), title=title)
    empty = Table(columns, (), title=title, empty=title)
    card = Table(columns * 4, ((rows[0][0], rows[0][1], (rows[0][0],)) * 4,))
    for screen in (NARROW, WIDE, ASCII, Screen(True, 10, False, True)):
        text = written(Answer("lead list", table, screen=(table, empty, card)), fmt, screen)
        assert not [character for character in text if is_harmful(character, fmt)]
    assert not [character for character in ids(a_list(list(rows), columns)) if is_harmful(character, "table")]


@given(any_text.filter(bool))
def test_p31_no_sentence_can_control_the_terminal(text: str) -> None:
    line = written(Answer("win", HARD.rows, line=text), "table", NARROW)
    assert not [character for character in line[:-1] if is_harmful(character, "table") or character == "\n"]


@given(st.lists(any_text, min_size=1, max_size=4))
def test_p32_every_text_can_be_shown_in_full(texts: list[str]) -> None:
    answer = of_names(*texts)
    plain = written(answer, "table", PIPE).split("\n")[1:-1]
    boxed = written(answer, "table", Screen(True, 400, False, True)).split("\n")[2:-1]
    expected = [f"L{number}  {clean(text)}".rstrip() for number, text in enumerate(texts, 1)]
    assert plain == expected
    assert boxed == expected


@pytest.mark.parametrize("screen", [COLOUR, ASCII, PIPE])
@given(st.lists(any_text, min_size=1, max_size=3))
def test_p32_any_text_goes_through_every_format(screen: Screen, texts: list[str]) -> None:
    for fmt in FORMATS:
        assert written(of_names(*texts, None), fmt, screen).endswith("\n")


@given(st.lists(any_text, min_size=1, max_size=3), any_text)
@example(["&#60;b&#62;", "&copy;"], "C #")
def test_markdown_makes_nothing_of_what_somebody_wrote(texts: list[str], title: str) -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    table = of_names(*texts).rows._replace(title=title)
    cells, kinds = [], set()
    for token in parser.parse(written(Answer("lead list", table), "md", PIPE)):
        if token.type == "inline":
            kinds |= {child.type for child in token.children or []}
            cells.append("".join(child.content for child in token.children or []))
    seen = clean(title, " ").strip()
    # an empty heading is still one, and a table of two columns has a cell for each
    assert cells == [*([seen] if title else []), "id", "name", *_cells_of(texts)]
    assert kinds <= {"text"}


def _cells_of(texts: list[str]) -> list[str]:
    return [cell for number, text in enumerate(texts, 1) for cell in (f"L{number}", clean(text, " ").strip())]


@pytest.mark.parametrize("fmt", ["table", "json", "jsonl"])
def test_p36_a_screen_without_unicode_gets_ascii(fmt: str) -> None:
    for answer in (HARD, EVERY_KIND):
        assert written(answer, fmt, ASCII).isascii()


def test_a_lone_surrogate_is_lossless_in_json() -> None:
    text = written(of_names("\ud800x"), "jsonl", PIPE)
    assert text.encode() == b'{"id":"L1","name":"\\ud800x"}\n'


def test_no_number_that_json_lacks() -> None:
    answer = a_list([(float("nan"),)], (Column("rate", "ratio"),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        written(answer, "json", PIPE)


def test_a_total_of_none_is_told() -> None:
    answer = Answer("lead list", Table((Column("id", "id"),), (), total=0))
    assert json.loads(written(answer, "json", PIPE))["total"] == 0
    assert "total" not in json.loads(written(a_list([]), "json", PIPE))


def test_a_flag_as_sqlite_gives_it_is_true_or_false() -> None:
    answer = a_list([(1,), (0,)], (Column("repeat", "flag"),))
    assert written(answer, "jsonl", PIPE) == '{"repeat":true}\n{"repeat":false}\n'
    assert written(answer, "csv", PIPE) == "repeat\ntrue\nfalse\n"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="xml"):
        written(HARD, "xml", PIPE)
