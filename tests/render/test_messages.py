from __future__ import annotations

import json

from funnelctl.errors import BadData, Conflict, Problem
from funnelctl.render.messages import error_lines


def test_an_error_is_a_line_and_its_hint_another() -> None:
    error = Conflict("O7 is won already; nothing was saved", "reopen it: funnelctl reopen O7")
    assert error_lines(error, as_json=False) == (
        "error: O7 is won already; nothing was saved\nhint: reopen it: funnelctl reopen O7\n"
    )


def test_without_a_hint_there_is_no_line_for_it() -> None:
    assert error_lines(Conflict("no"), as_json=False) == "error: no\n"


def test_problems_say_where() -> None:
    error = BadData(
        "leads.csv: 4 problems; nothing was saved",
        "--on-error skip takes the rest",
        (
            Problem(2, "email", "no e-mail address"),
            Problem(3, 14, "a stage holds leads or opportunities"),
            Problem(4, 0, "too few cells"),
            Problem(0, "name", "this column is missing"),
            Problem(0, 0, "the file is empty"),
        ),
        source="leads.csv",
    )
    assert error_lines(error, as_json=False) == (
        "error: leads.csv: 4 problems; nothing was saved\n"
        "  leads.csv:2:email: no e-mail address\n"
        "  leads.csv:3:14: a stage holds leads or opportunities\n"
        "  leads.csv:4: too few cells\n"
        "  leads.csv:name: this column is missing\n"
        "  leads.csv: the file is empty\n"
        "hint: --on-error skip takes the rest\n"
    )


def test_after_twenty_problems_the_rest_is_counted() -> None:
    for count, last in ((20, "  f:20: x"), (21, "  ... and 1 more"), (500, "  ... and 480 more")):
        error = BadData("bad", "", tuple(Problem(line, 0, "x") for line in range(1, count + 1)), "f")
        lines = error_lines(error, as_json=False).splitlines()
        assert lines[-1] == last
        assert len(lines) == 1 + min(count, 21)


def test_for_programs_it_is_one_line_of_json_with_all_problems() -> None:
    problems = tuple(Problem(line, "email", "x") for line in range(1, 31))
    text = error_lines(BadData("bad\nfile", "look", problems, "f.csv"), as_json=True)
    assert text.count("\n") == 1
    assert text.endswith("\n")
    assert json.loads(text) == {
        "error": {
            "code": "bad_data",
            "message": "bad\nfile",
            "hint": "look",
            "source": "f.csv",
            "problems": [{"line": line, "column": "email", "message": "x"} for line in range(1, 31)],
        }
    }


def test_a_plain_error_has_no_problems_in_json() -> None:
    assert json.loads(error_lines(Conflict("no"), as_json=True)) == {
        "error": {"code": "conflict", "message": "no", "hint": None}
    }


def test_p31_an_error_cannot_control_the_terminal() -> None:
    hostile = "a\x1b[2J\nerror: b\x9b1m\u202e\x7f"
    error = BadData(hostile, hostile, (Problem(1, hostile, hostile),), hostile)
    assert error_lines(error, as_json=False) == (
        "error: a�[2J⏎error: b�1m��\n"
        "  a�[2J⏎error: b�1m��:1:a�[2J⏎error: b�1m��: a�[2J⏎error: b�1m��\n"
        "hint: a�[2J⏎error: b�1m��\n"
    )
    text = error_lines(error, as_json=True)
    assert text.isascii()
    assert text[:-1].isprintable()
    assert json.loads(text)["error"]["message"] == hostile
