"""A file of commands is read whole before anything is done, and never in two ways."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.batch import LONGEST, Command, Verb, read_commands
from funnelctl.core.importing.problems import Problems

if TYPE_CHECKING:
    from funnelctl.errors import Problem

VERBS = {
    "lead add": Verb("lead add", {"name": "text", "email": "text", "tag": "texts", "at": "text"}, ("name",)),
    "lead edit": Verb("lead edit", {"ref": "text", "email": "text", "referred_by": "text"}, ("ref",)),
    "opp add": Verb("opp add", {"title": "text", "lead": "text", "value": "text"}, ("title",)),
    "opp status": Verb("opp status", {"ref": "text", "status": "text"}, ("ref", "status")),
    "advance": Verb("advance", {"ref": "text", "back": "flag"}, ("ref",)),
}


def read(text: str | bytes) -> tuple[list[Command], tuple[Problem, ...]]:
    problems = Problems()
    raw = text.encode() if isinstance(text, str) else text
    return read_commands(io.BytesIO(raw), VERBS, problems), problems.shown


def only(text: str | bytes) -> Command:
    commands, problems = read(text)
    assert problems == ()
    [command] = commands
    return command


def wrong(text: str | bytes) -> list[tuple[int, int | str, str]]:
    commands, problems = read(text)
    assert commands == []
    return [(problem.line, problem.column, problem.message) for problem in problems]


def test_a_line_is_a_command() -> None:
    line = '{"do": "lead add", "name": "Ada", "tag": ["a", "b"], "as": "x"}'
    assert only(line) == Command(1, "lead add", "x", {"name": "Ada", "tag": ["a", "b"]})


@pytest.mark.parametrize("key", ["do", "verb", "command", "cmd"])
@pytest.mark.parametrize("name", ["lead add", "lead-add", "Lead_Add"])
def test_what_to_do_may_be_said_in_other_ways(key: str, name: str) -> None:
    assert only(f'{{"{key}": "{name}", "name": "Ada"}}').verb == "lead add"


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ('{"do": "add", "name": "Ada"}', "lead add"),
        ('{"do": "add", "title": "Audit", "lead": "L1"}', "opp add"),
        ('{"do": "status", "ref": "O1", "status": "x"}', "opp status"),
    ],
)
def test_short_verbs(line: str, verb: str) -> None:
    assert only(line).verb == verb


def test_options_may_be_written_with_hyphens_as_on_the_command_line() -> None:
    assert only('{"do": "lead edit", "ref": "L1", "referred-by": "L2"}').options["referred_by"] == "L2"


def test_numbers_stay_as_they_are_written() -> None:
    """A float would make 0.1 of it, and an amount of 400 digits would be an error of Python's."""
    line = '{"do": "opp add", "title": "x", "lead": "L1", "value": 0.10000000000000000001}'
    assert only(line).options["value"] == "0.10000000000000000001"
    assert only(line.replace("0.1", "9" * 5000 + ".1")).options["value"].startswith("9999")


def test_null_is_as_if_it_were_not_there_but_for_an_edit() -> None:
    assert only('{"do": "lead add", "name": "Ada", "email": null}').options == {"name": "Ada"}
    assert wrong('{"do": "lead edit", "ref": "L1", "email": null}') == [(1, "email", "null says nothing")]


def test_one_text_does_for_a_list() -> None:
    assert only('{"do": "lead add", "name": "Ada", "tag": "vip"}').options["tag"] == ["vip"]


def test_empty_lines_and_ends_of_lines_do_not_matter() -> None:
    commands, problems = read(b'\xef\xbb\xbf\r\n{"do":"advance","ref":"a"}\r\n \n\n{"do":"advance","ref":"b"}')
    assert [(one.line, one.options["ref"]) for one in commands] == [(2, "a"), (5, "b")]
    assert problems == ()
    assert read("") == ([], ())


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("lead add Ada", "1", "not JSON: expecting value"),
        ('{"do": "advance", "ref": "x"', "29", "not JSON: expecting ',' delimiter"),
        ('["advance", "O1"]', "", "not an object"),
        ('"advance"', "", "not an object"),
        ("12", "", "not an object"),
        ('{"ref": "O1"}', "do", "the line does not say what to do"),
        ('{"do": "advance", "verb": "advance", "ref": "O1"}', "verb", "do says what to do already"),
        ('{"do": ["advance"], "ref": "O1"}', "do", "takes a text"),
        ('{"do": "advanse", "ref": "O1"}', "do", 'there is no command "advanse"; did you mean "advance"?'),
        ('{"do": "advance"}', "ref", "advance needs it"),
        ('{"do": "advance", "ref": null}', "ref", "advance needs it"),
        ('{"do": "advance", "ref": "a", "bak": true}', "bak", 'advance takes no such option; did you mean "back"?'),
        ('{"do": "advance", "ref": "a", "back": "yes"}', "back", "takes true or false"),
        ('{"do": "advance", "ref": true}', "ref", "takes a text"),
        ('{"do": "advance", "ref": {"id": "O1"}}', "ref", "takes a text"),
        ('{"do": "lead add", "name": "x", "tag": ["a", 1, true]}', "tag", "takes a text, or a list of texts"),
        ('{"do": "advance", "ref": "\\ud800"}', "ref", "holds half a character"),
        ('{"do": "advance", "ref": "a", "ref": "b"}', "", 'says "ref" twice'),
        ('{"do": "lead edit", "ref": "a", "referred-by": "b", "referred_by": "c"}', "referred_by", "is given twice"),
        ('{"do": "advance", "ref": NaN}', "", "NaN is no number of JSON"),
        ('{"do": "advance", "ref": -Infinity}', "", "-Infinity is no number of JSON"),
        ('{"do": "advance", "ref": "$x"}', "ref", 'no earlier line is named "x" by "as"'),
        ('{"do": "advance", "ref": "a", "as": "a b"}', "as", "takes a name of letters, digits, - and _"),
        ('{"do": "advance", "ref": "a", "as": 7.5}', "as", "takes a name of letters, digits, - and _"),
        (b'{"do": "advance", "ref": "\x00"}', "27", "not JSON: invalid control character"),
        (b'{"do": "advance", "ref": "\xff"}', "", "the line is not in UTF-8"),
        ('{"do": "advance", "ref": "O1"}'.encode("utf-16"), "", "the file is in UTF-16"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(line: str | bytes, column: str, message: str) -> None:
    assert wrong(line) == [(1, column, message)]


def test_lines_made_to_do_harm() -> None:
    for deep in ("[", '{"a":'):
        assert wrong(deep * 100_000) == [(1, "", "nested too deeply")]
    line = b'{"do": "advance", "ref": "' + b"x" * LONGEST + b'"}'
    assert wrong(line) == [(1, "", f"the line is longer than {LONGEST:,} bytes")]


def test_all_that_is_wrong_is_told_at_once() -> None:
    lines = ['{"do": "advance"}', "x", "[]", '{"do": "lead add", "nam": "x", "tag": 1.5, "emial": "y"}']
    found = [(line, column) for line, column, _ in wrong("\n".join(lines))]
    assert found == [(1, "ref"), (2, "1"), (3, ""), (4, "nam"), (4, "emial"), (4, "name")]


def test_after_a_line_that_is_too_long_the_next_is_read() -> None:
    commands, problems = read(b"x" * (3 * LONGEST) + b'\n{"do": "advance", "ref": "O1"}\n')
    assert [problem.line for problem in problems] == [1]
    assert [command.line for command in commands] == [2]


def test_a_name_is_given_once_and_known_from_then_on() -> None:
    lines = '{"do":"lead add","name":"$a","as":"a-1"}\n{"do":"advance","ref":"$a-1","as":"a-1"}'
    assert [problem.message for problem in read(lines)[1]] == ["line 1 has that name already"]
    lines = '{"do":"advance","ref":"$later"}\n{"do":"lead add","name":"Ada","as":"later"}'
    assert [problem.line for problem in read(lines)[1]] == [1]


def test_a_dollar_means_a_line_in_references_alone() -> None:
    assert only('{"do": "lead add", "name": "$5", "tag": "$x"}').options == {"name": "$5", "tag": ["$x"]}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
lines_of_json = st.dictionaries(st.sampled_from(["do", "as", "ref", "name", "tag", "back", "x"]), json_values)


@given(st.lists(st.binary(max_size=40) | lines_of_json.map(json.dumps).map(str.encode), max_size=6))
def test_whatever_a_file_holds_each_line_is_a_command_a_problem_or_empty(lines: list[bytes]) -> None:
    """Nothing is passed over in silence, and nothing raises."""
    raw = b"\n".join(lines)
    commands, problems = read(raw)
    told = {command.line for command in commands} | {problem.line for problem in problems}
    utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.decode(errors="replace").strip() and not utf16:
            assert number in told
