"""How a table fits the screen that it is for."""

from __future__ import annotations

import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hard import ASCII, EVERY_KIND, NARROW, PIPE, WIDE
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from funnelctl.core.money import Money
from funnelctl.core.table import Answer, Column, Table
from funnelctl.render.answer import BOXED_AT_MOST, Screen, ids, written
from funnelctl.render.plain import width

COLUMNS = (
    Column("id", "id"),
    Column("title", "text"),
    Column("client", "text"),
    Column("stage", "text"),
    Column("status", "text"),
    Column("value", "money"),
    Column("expected_close", "date"),
    Column("days_in_stage", "days", "days"),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "O7",
        "Groundwater study for the new industrial estate",
        "Ayuntamiento de Alcalá de Henares",
        "proposal",
        "in-negotiation",
        Money(1_200_000, "EUR"),
        "2026-12-20",
        14,
    ),
    ("O8", "Pricing workshop", "Acme", "qualification", None, Money(250_050, "EUR"), None, 3),
    ("O10", "地質調査の年次報告書と提案", "株式会社大林組", "closing", None, None, "2027-02-01", 120),
)


def table(rows: tuple[tuple[Any, ...], ...] = ROWS) -> Answer:
    return Answer("opp list", Table(COLUMNS, rows))


def on(width: int) -> Screen:
    return Screen(terminal=True, width=width, colour=False, unicode=True)


def cells(line: str) -> int:
    """The cells that a line takes, by the tables of Unicode alone."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line
    )


def test_at_80_columns_texts_are_cut_and_nothing_else() -> None:
    assert written(table(), "table", NARROW) == (
        "                                                               expected\n"
        "id   title      client     stage      status            value  close        days\n"
        "────────────────────────────────────────────────────────────────────────────────\n"
        "O7   Groundwa…  Ayuntami…  proposal   in-negot…    12,000 EUR  2026-12-20   14 d\n"
        "O8   Pricing …  Acme       qualific…             2,500.50 EUR                3 d\n"
        "O10  地質調査…  株式会社…  closing                             2027-02-01  120 d\n"
    )


def test_at_200_columns_nothing_is_cut() -> None:
    lines = written(table(), "table", WIDE).split("\n")
    assert lines[0].split() == [
        "id",
        "title",
        "client",
        "stage",
        "status",
        "value",
        "expected",
        "close",
        "days",
    ]
    assert lines[2] == (
        "O7   Groundwater study for the new industrial estate  Ayuntamiento de Alcalá de Henares  proposal"
        "       in-negotiation    12,000 EUR  2026-12-20       14 d"
    )


@pytest.mark.parametrize("width", [70, 80, 120, 200])
@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 99_999).map("O{}".format),
            *[st.none() | st.text("ab é\u0301株", max_size=60)] * 4,
            st.none() | st.integers(0, 10**9).map(lambda minor: Money(minor, "EUR")),
            st.none() | st.just("2026-12-20"),
            st.none() | st.integers(0, 9999),
        ),
        max_size=4,
    )
)
def test_no_line_is_wider_than_the_screen(width: int, rows: list[tuple[Any, ...]]) -> None:
    text = written(table(tuple(rows)), "table", on(width))
    drawn = "─" in text
    assert drawn or width < 80
    if drawn:
        assert max(map(cells, text.split("\n"))) <= width
        for row in rows:
            assert row[0] in text
            assert row[5] is None or f"{row[5].minor // 100:,}" in text


@given(st.text("a株 \n\u200d\ufe0f\u0301👨❤", min_size=1, max_size=9), st.integers(18, 24))
@example("\u200d\u200d株", 20)
@example("a \u200d\u200d株", 20)
@example("\u20e3", 20)
def test_p32_joiners_and_marks_without_a_base_can_be_cut_and_wrapped(text: str, width: int) -> None:
    columns = (Column("id", "id"), Column("name", "text"), Column("company", "text"))
    cut = Table(columns, (("L1", text + "x" * 10, text + "yy"),), title=text)
    wrapped = Table(columns * 3, (("L1", text, text * 9) * 3,), title=text)
    lines = written(Answer("lead list", cut, screen=(cut, wrapped)), "table", on(width)).split("\n")
    assert max(map(cell_len, lines)) <= width  # as rich counts them: an emoji that is joined takes two


def test_a_screen_too_narrow_for_what_may_not_be_cut_gets_the_plain_table() -> None:
    assert written(table(), "table", on(60)) == written(table(), "table", PIPE)
    assert written(table(), "table", on(1)) == written(table(), "table", PIPE)


def test_what_a_short_text_does_not_need_a_long_one_gets() -> None:
    columns = (Column("title", "text"), Column("stage", "text"), Column("id", "id"))
    answer = Answer("opp list", Table(columns, (("x" * 60, "new", "O1"),)))
    assert written(answer, "table", on(40)).split("\n")[2] == "x" * 28 + "…  new    O1"


def test_dates_and_amounts_are_never_cut() -> None:
    columns = (Column("due", "date"), Column("value", "money"))
    answer = Answer("opp list", Table(columns, (("2026-12-20", Money(1_200_000, "EUR")),)))
    assert "─" in written(answer, "table", on(22))
    assert written(answer, "table", on(21)) == written(answer, "table", PIPE)


def test_a_long_table_is_plain_on_a_terminal_too() -> None:
    row = ROWS[1]
    assert "─" in written(table((row,) * BOXED_AT_MOST), "table", WIDE)
    assert written(table((row,) * (BOXED_AT_MOST + 1)), "table", WIDE).count("\n") == BOXED_AT_MOST + 2


def test_a_pipe_gets_whole_cells_numbers_to_the_right_and_no_space_at_the_end() -> None:
    rows = (
        ("O1", "a", None, "new", None, Money(100, "EUR"), None, 3),
        ("O12", "株", "é", "", None, None, None, None),
    )
    assert written(table(rows), "table", PIPE) == (
        "id   title  client  stage  status  value  expected close  days\n"
        "O1   a              new            1 EUR                   3 d\n"
        "O12  株     é\n"
    )


def test_the_width_of_text() -> None:
    assert [width(text) for text in ("", "abc", "é", "e\u0301", "株式", "ｶﾅ", "…")] == [0, 3, 1, 1, 4, 2, 1]


BARS = Table(
    (Column("stage", "text"), Column("size", "bar")),
    (("a", 80), ("b", 41), ("c", 0.1), ("d", 0), ("e", None)),
)


@pytest.mark.parametrize(("width", "longest"), [(40, 10), (80, 10), (120, 20), (160, 30), (300, 30)])
def test_the_longest_bar_grows_with_the_screen(width: int, longest: int) -> None:
    lines = written(Answer("report", BARS), "table", on(width)).split("\n")[2:]
    assert lines[0] == "a      " + "█" * longest
    assert lines[2:] == ["c      ▏", "d", "e", ""]


def test_bars_have_eighths() -> None:
    assert written(Answer("report", BARS), "table", NARROW).split("\n")[3] == "b      █████▏"


def test_bars_without_unicode() -> None:
    bars = [line[7:] for line in written(Answer("report", BARS), "table", ASCII._replace(width=80)).split("\n")[2:]]
    assert bars == ["##########", "#####", "#", "", "", ""]


def test_bars_of_nothing_or_less() -> None:
    none = BARS._replace(rows=(("a", 0), ("b", -3), ("c", None)))
    assert written(Answer("report", none), "table", NARROW).split("\n")[2:] == ["a", "b", "c", ""]


def test_each_currency_has_its_line_on_a_terminal_and_one_line_elsewhere() -> None:
    totals = (Money(100, "EUR"), Money(20_000, "USD"))
    answer = Answer("report", Table((Column("stage", "text"), Column("totals", "moneys")), (("new", totals),)))
    assert written(answer, "table", NARROW).split("\n")[2:4] == ["new      1 EUR", "       200 USD"]
    assert written(answer, "table", PIPE).split("\n")[1] == "new    1 EUR; 200 USD"


def record(note: str) -> Answer:
    names = [Column(f"f{number}", "text") for number in range(1, 9)]
    return Answer("lead show", Table((*names, Column("note", "text")), ((*"abcdefg", None, note),)))


def test_one_row_of_many_columns_is_read_downwards() -> None:
    for screen in (NARROW, PIPE):
        lines = written(record("x"), "table", screen).split("\n")
        assert lines == [
            *(f"f{number}    {letter}" for number, letter in enumerate("abcdefg", 1)),
            "note  x",
            "",
        ]


def test_two_rows_or_fewer_columns_are_not() -> None:
    answer = record("x")
    twice = answer._replace(rows=answer.rows._replace(rows=answer.rows.rows * 2))
    assert written(twice, "table", PIPE).startswith("f1  f2  f3")
    fewer = Table(answer.rows.columns[1:], (answer.rows.rows[0][1:],))
    assert written(Answer("lead show", fewer), "table", PIPE).startswith("f2  f3")


def test_long_texts_wrap_beside_their_field_and_cannot_pass_for_another() -> None:
    lines = written(record("word " * 30 + "\nf1    z"), "table", on(40)).split("\n")[7:]
    assert lines[0] == "note  " + "word " * 6 + "word"
    assert lines[-2] == "      f1    z"
    assert all(line.startswith("      ") for line in lines[1:-1])
    assert max(map(len, lines)) <= 40


def test_a_record_without_anything_is_nothing() -> None:
    columns = tuple(Column(f"f{number}", "text") for number in range(9))
    for screen in (NARROW, PIPE):
        assert written(Answer("lead show", Table(columns, ((None,) * 9,))), "table", screen).strip() == ""


def test_tables_are_parted_by_an_empty_line_and_an_empty_one_says_so() -> None:
    some = Table((Column("id", "id"),), (("T1",),), title="Today")
    none = Table((Column("id", "id"),), (), title="Late", empty="nothing is late")
    answer = Answer("today", some, screen=(some, none))
    assert written(answer, "table", PIPE) == "Today\nid\nT1\n\nLate\nnothing is late\n"
    assert written(answer, "md", PIPE) == "### Today\n\n| id |\n| --- |\n| T1 |\n\n### Late\n\nnothing is late\n"


def test_a_sentence_takes_the_place_of_the_table_for_people_only() -> None:
    answer = Answer("win", Table((Column("id", "id"),), (("O7",),)), line="O7 is won")
    assert written(answer, "table", NARROW) == "O7 is won\n"
    assert written(answer, "csv", NARROW) == "id\nO7\n"
    assert written(answer, "md", NARROW) == "| id |\n| --- |\n| O7 |\n"


def test_ids_are_the_first_column() -> None:
    assert ids(table()) == "O7\nO8\nO10\n"
    assert ids(Answer("next", Table((Column("id", "id"),), ((None,), ("T2",))))) == "T2\n"


def test_instants_are_local_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Jakarta")
    time.tzset()
    answer = Answer("log", Table((Column("at", "instant"),), (("2026-11-23T20:00:00Z",),)))
    assert written(answer, "table", PIPE) == "at\n2026-11-24\n"
    assert written(answer, "csv", PIPE) == "at\n2026-11-23T20:00:00Z\n"


@pytest.mark.parametrize("variable", ["TERM=dumb", "COLUMNS=20", "FORCE_COLOR=1", "NO_COLOR=1", "TTY_COMPATIBLE=1"])
@pytest.mark.parametrize("colour", [True, False])
def test_the_screen_decides_and_not_the_environment(
    variable: str, colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(True, 150, colour, True)
    before = written(EVERY_KIND, "table", screen)
    monkeypatch.setenv(*variable.split("="))
    assert written(EVERY_KIND, "table", screen) == before
    assert ("\x1b" in before) is colour


def test_a_piped_table_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from funnelctl.core.table import Answer, Column, Table\n"
        "from funnelctl.render.answer import Screen, written\n"
        "answer = Answer('x', Table((Column('id', 'id'),), (('O1',),)))\n"
        "written(answer, 'table', Screen(False, 80, False, True))\n"
        "print(*sorted({'rich', 'json', 'csv', 're', 'typing', 'enum', 'decimal'} & set(sys.modules)))\n"
    )
    source = Path(__file__).parents[2] / "src"
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "\n"


def test_a_text_that_has_to_be_read_whole_goes_over_several_lines() -> None:
    why = "The client has scope and price in hand and decides."
    columns = (Column("stage", "text"), Column("why", "text", wrap=True))
    drawn = written(Answer("funnel show", Table(columns, (("proposal", why),))), "table", on(40))
    assert " ".join(line[10:].strip() for line in drawn.splitlines()[2:]) == why
    assert max(map(len, drawn.splitlines())) <= 40
