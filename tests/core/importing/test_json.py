"""JSON and JSON Lines: the text of the file, never a float, and every record or an error with its line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opening import Opened, refused

from funnelctl.core.importing import json_text
from funnelctl.core.importing.json_text import JsonText


def test_a_list_of_objects() -> None:
    found = Opened('[{"name": "Ada", "email": "a@example.com"},\n {"name": "Zoë", "note": "x\\ny"}]')
    assert (found.form, found.header) == ("json", ("name", "email", "note"))
    assert found.lined == [(1, ["Ada", "a@example.com", ""]), (2, ["Zoë", "", "x\ny"])]


def test_an_object_a_line() -> None:
    found = Opened('{"name": "Ada"}\n\n{"email": "e@example.com", "name": "Eve"}\r\n')
    assert (found.form, found.header) == ("jsonl", ("name", "email"))
    assert found.lined == [(1, ["Ada", ""]), (3, ["Eve", "e@example.com"])]
    assert Opened('\ufeff{"name": "Ada"}').lined == [(1, ["Ada"])]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_says_the_encoding(encoding: str) -> None:
    assert Opened('[{"name": "Zoë"}]'.encode(encoding)).rows == [["Zoë"]]
    assert Opened('{"name": "Zoë"}\n{"name": "株"}'.encode(encoding)).rows == [["Zoë"], ["株"]]


def test_another_encoding_is_declared() -> None:
    assert Opened('[{"name": "Zoë"}]'.encode("cp1252"), encoding="cp1252").rows == [["Zoë"]]
    assert "line 2 is not UTF-8" in refused('[{"name": "Ada"},\n{"name": "Zoë"}]'.encode("cp1252"))
    assert "line 2 is not UTF-8" in refused('{"name": "Ada"}\n{"name": "Zoë"}\n'.encode("cp1252"))


def test_values_are_the_text_of_the_file() -> None:
    values = {
        "12000.50": "12000.50", "1e3": "1e3", "-0.1000": "-0.1000", "123456789012345678901234567890.1": None,
        "null": "", "true": "true", "false": "false", '"  "': "  ", '"007"': "007", '""': "", "[]": "",
        '["a", "b c"]': "a; b c", '[1.0, "x"]': "1.0; x", '{"q": [1.50, null, "é"]}': '{"q":[1.50,null,"é"]}',
        '{"minor": 1200050, "currency": "EUR"}': "12000.50 EUR", '{"minor": 5, "currency": "JPY"}': "5 JPY",
        '{"minor": 1500, "currency": "KWD"}': "1.500 KWD",
        '{"minor": 1.5, "currency": "EUR"}': '{"minor":1.5,"currency":"EUR"}',
        '{"minor": 1, "currency": "???"}': '{"minor":1,"currency":"???"}',
    }  # fmt: skip
    for written, cell in values.items():
        assert Opened(f'[{{"x": {written}}}]').rows == [[written if cell is None else cell]], written


def test_fractions_have_the_mark_of_the_other_cells() -> None:
    """Or the number 1.234 would become a thousand where commas are declared."""
    found = Opened('[{"a": 1.234, "b": "1.234", "c": {"minor": 150, "currency": "EUR"}}]', decimal=",")
    assert found.rows == [["1,234", "1.234", "1,50 EUR"]]


def test_names_of_columns() -> None:
    assert Opened('[{"a": 1, " a": 2, "": 3}]').header == ("a", "a (2)", "column 3")


def test_our_own_answer_gives_its_rows() -> None:
    rows = [{"name": "Ada"}, {"name": "Eve"}]
    answer = {"schema": "funnelctl/lead-list/1", "rows": rows, "total": 2, "x": [{"y": 1}]}
    for indent in (None, 2):
        found = Opened(json.dumps(answer, indent=indent))
        assert (found.form, found.header, found.rows) == ("json", ("name",), [["Ada"], ["Eve"]])
    assert "no records" in refused('{\n"rows": []}')


def test_the_only_list_of_objects_is_meant() -> None:
    assert Opened('{"data": [{"name": "Ada"}], "ids": [1, 2], "next": null}').rows == [["Ada"]]
    assert 'several lists of records: "deals", "people"' in refused('{"deals": [{"a": 1}], "people": [{"a": 1}]}')
    assert Opened('{\n"name": "Ada",\n"x": {"y": 1}}').lined == [(1, ["Ada", '{"y":1}'])]


def test_a_line_is_that_of_the_record_or_its_number_where_several_share_one() -> None:
    assert Opened('{"rows": [\n\n{"a": 1},\n{"a":\n2},\n{"a": 3}]}').lines == [3, 4, 6]
    assert Opened('[{"a": 1}, {"a": 2},\n{"a": 3}]').lines == [1, 2, 3]


def test_what_is_wrong_with_a_record_is_told_and_the_others_are_read() -> None:
    found = Opened('[{"a": 1},\n{"a": 1, "a": 2},\n{"b": NaN},\n7,\n{"b": {"c": {"c": 1, "c": 2}}},\n{"a": 5}]')
    assert found.lines == [1, 6]
    assert found.problems == [
        (2, "", 'the key "a" stands there twice'),
        (3, "b", "NaN is no number"),
        (4, "", "it is no object: a record has its columns in braces"),
        (5, "b", 'the key "c" stands there twice'),
    ]
    found = Opened('{"a": 1}\n{a: 1}\n["a"]\n{"a": 1, "a": 2}\n{"a": -Infinity}\n{"a": 2\n')
    assert found.lines == [1]
    assert [(line, column) for line, column, _ in found.problems] == [(2, ""), (3, ""), (4, ""), (5, "a"), (6, "")]
    assert found.problems[0][2].startswith("it is not JSON: expecting property name")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[]", "no records"),
        ("{}", "no records"),
        ("[1, 2]", "no records"),
        ('[{"a": 1},\n', "line 2: it ends before it is complete"),
        ('[{"a": 1},\n{"a": "x', "line 2: it ends in the middle"),
        ('[{"a": 1}\n{"a": 2}]', "line 2: it is not JSON: expected , or ]"),
        ('[{"a": 1}] {}', "line 1: there is something after the end"),
        ('{"a": [{"b": 1}],\n"a": []}', 'line 2: the key "a" stands there twice'),
        ('{"rows": [{"b": 1}],\n"rows": 3}', 'line 2: the key "rows" stands there twice'),
        ('{"rows": 3,\n"rows": [{"b": 1}]}', 'line 2: the key "rows" stands there twice'),
        ('{\n"a": 1,\n2: 3}', "line 3"),
        ('[{"a" 1}]', "line 1: it is not JSON: expecting ':' delimiter"),
        ("[" * 100_000, "line 1: lists and objects within each other"),
        ('[{"a":' + "[" * 100_000, "line 1: lists and objects within each other"),
        ('{"a":' * 100_000, "line 1: lists and objects within each other"),
        ('[{"' + '": 1}, {"'.join(map(str, range(10_002))) + '": 1}]', "more than 10,000 columns"),
    ],
)
def test_what_gives_no_rows_is_refused_with_its_line(text: str, part: str) -> None:
    assert part in refused(text)


def test_what_is_nested_without_need_is_a_problem() -> None:
    found = Opened('{"a": ' + "[" * 60 + "]" * 60 + '}\n{"a": "x"}\n' + '{"a": ' + "[" * 50_000 + "\n")
    assert [line for line, _, _ in found.problems] == [1, 3]
    assert found.rows == [["x"]]


def test_a_value_that_is_larger_than_any_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "LARGEST_VALUE", 1 << 17)
    assert "too large to be a record" in refused('[{"a": "' + "x" * (1 << 19) + '"}]')


@pytest.mark.parametrize("text", ["[Name],[Mail]\nAda,a\n", "{name},x\nAda,a\n", "['a'],b\n1,2\n"])
def test_brackets_in_a_header_are_no_json(text: str) -> None:
    assert Opened(text).form == "csv"


def test_a_declared_delimiter_wins() -> None:
    assert Opened('{"a"|b\nAda|x\n', delimiter="|").header == ('{"a"', "b")


texts = st.text(max_size=5)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.lists(documents, max_size=4), st.sampled_from([None, 1]))
def test_read_in_pieces_a_list_is_what_it_is(values: list[object], indent: int | None) -> None:
    import io

    text = json.dumps(values, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_text, "CHUNK", 3)
        found = list(JsonText(io.BytesIO(text.encode()), "file", "utf-8").elements())
    assert [json.loads(json_text.written(value)) for _, value in found] == values
    if indent:  # a line for the bracket, and as many for each value as it takes by itself
        lines = [json.dumps(one, indent=1).count("\n") + 1 for one in values]
        assert [line for line, _ in found] == [2 + sum(lines[:place]) for place in range(len(values))]
