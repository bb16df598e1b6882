"""Rows that are read a hundred at once are read as one by one."""

from __future__ import annotations

import copy
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelctl.core.importing import cells, rows
from funnelctl.core.importing.columns import Columns
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.rows import RowReader
from funnelctl.core.importing.sheet import FEW, Sheet

HEADER = ("name", "first_name", "last_name", "email", "phone", "key", "company", "title", "value", "currency")

names = st.sampled_from(
    ["Ada", " Ada", "Ada  Lovelace", "ADA", "Zoë", "", "  ", "\tAda", "x" * 501, "I\u0307", " Zoë ", "Muñoz  López",
     "e\u0301", "\u0301x", "´x", "x ¨", "ﬁ", "Σίσυφος", "ΣΊΣΥΦΟΣ", "Å", "x\u00a0y", "日本", "Straße", "ǰ", "a\u2028b"]
)  # fmt: skip
emails = st.sampled_from(["a@x.es", "A@X.Es", "a@x", "", " a@x.es ", "nobody", "a@x.es\n", "ı@x.es", "a@x.es\nb@x.es"])
phones = st.sampled_from(["+34 600 000 000", "+34-600000000", "600000000", "", "+44 (0)20 7946 0958", "12"])
texts = st.sampled_from(["K1", " K1 ", "", "ein\nanderer", "é", "\x07", "y" * 501, "\u200b"])
amounts = st.sampled_from(
    [
        "1",
        "12.50",
        "12.5",
        "1,250.00",
        "",
        " 7 ",
        "1.500",
        "007",
        "99999999999.99",
        "-3",
        "x",
        "٣",
        "12,50",
        "€5",
        "1\n2",
    ]
)
codes = st.sampled_from(["", "EUR", "eur", "JPY", "KWD", "XXZ"])
plain = st.tuples(
    st.sampled_from(["Ada Lovelace", "Zoë Muñoz"]), st.just(""), st.just(""), st.just("ada@x.example"),
    st.just("+34 600 000 000"), st.just("K1"),
    st.just("Engines"), st.just("Audit"), st.sampled_from(["12.50", "7.00"]), st.just("EUR"),
)  # fmt: skip
hostile = st.tuples(names, names, names, emails, phones, texts, texts, names, amounts, codes)


def reader(problems: Problems, decimal: str | None) -> RowReader:
    columns = Columns(HEADER, {field: place for place, field in enumerate(HEADER)}, ())
    return RowReader(
        columns,
        problems,
        {
            ("name", "first_name", "last_name"): cells.person_parser(),
            "email": cells.email_parser(),
            "phone": cells.phone_parser(None),
            "key": cells.text_parser("key"),
            "company": cells.text_parser("company"),
            "title": cells.name_parser("title"),
            ("value", "currency"): cells.money_parser("EUR", decimal),
            "note": cells.long_text_parser("note"),
        },
    )


@given(
    some=st.lists(plain, max_size=4).flatmap(
        lambda good: st.lists(hostile, max_size=2).map(lambda bad: [list(row) for row in (*good, *bad)])
    ),
    decimal=st.sampled_from([None, ".", ","]),
)
@settings(max_examples=300, deadline=None)
def test_together_or_one_by_one(some: list[list[str]], decimal: str | None) -> None:
    together, one_by_one = Problems(), Problems()
    lines = list(enumerate(some, 2))
    single = reader(one_by_one, decimal)
    expected = [(line, single.values(line, list(row))) for line, row in lines]
    found = [
        (line, None if values is None else list(values))
        for line, _, values in reader(together, decimal).read(Sheet(HEADER, iter(copy.deepcopy(lines))))
    ]
    assert found == expected
    assert (together.count, together.shown) == (one_by_one.count, one_by_one.shown)


@pytest.mark.parametrize("parts", [("Ada", "Zoë", "ß"), ("Ada", "Zoë", "", " Jo ", "van  der")])
def test_people_in_two_columns_are_read_as_one_by_one(parts: tuple[str, ...]) -> None:
    lines = [["", *name, "", "", "1", "", "Audit", "", ""] for name in itertools.product(parts, repeat=2) if any(name)]
    sheet = Sheet(HEADER, iter(enumerate(copy.deepcopy(lines), 2)))
    together = [next(iter(values or ())) for _, _, values in reader(Problems(), None).read(sheet)]
    assert together == [next(iter(reader(Problems(), None).values(2, line) or ())) for line in lines]
    assert together[1] == ("Ada Zoë", "ada zoë")


def test_a_cell_of_several_lines_is_no_more_than_a_cell() -> None:
    problems = Problems()
    lines = [
        ["Ada", "", "", "a@x.es\nb@x.es", "", "1", "", "Audit", "1\n2", ""],
        ["Bob", "", "", "c@x.es", "", "2", "", "Audit", "3", ""],
    ]
    found = list(reader(problems, None).read(Sheet(HEADER, iter(enumerate(lines, 2)))))
    assert [(one.line, one.column) for one in problems.shown] == [(2, "email"), (2, "value")]
    assert found[0][2] is None
    assert list(found[1][2] or ())[1] == ("c@x.es", "c@x.es")


def test_large_cells_are_not_held_by_the_hundred() -> None:
    cell = "x" * (rows.MOST_CHARACTERS // 2)
    groups = list(rows._together(((line, [cell]) for line in range(25)), lambda few, text: few))
    assert [len(group) for group, _ in groups] == [FEW, FEW, 5]
