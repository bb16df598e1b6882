"""Files of commands: all of them as one, or none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from commandline import Cli, Said


def apply(cli: Cli, *lines: dict[str, Any], code: int = 0, options: str = "--json") -> Said:
    """Apply these lines from a file."""
    return apply_text(cli, "".join(json.dumps(line) + "\n" for line in lines), code, options)


def apply_text(cli: Cli, text: str, code: int = 0, options: str = "") -> Said:
    (cli.home / "batch.jsonl").write_text(text)
    return cli(f"apply batch.jsonl {options}", code)


MONDAY: tuple[dict[str, Any], ...] = (
    {"do": "add", "name": "Ada Lovelace", "email": "ada@example.com", "at": "2026-10-05", "as": "ada"},
    {"do": "lead add", "name": "Bob", "referred-by": "$ada", "tag": ["vip", "fair"]},
    {"do": "advance", "ref": "$ada", "title": "Audit", "value": "12000 EUR", "at": "2026-10-06", "as": "audit"},
    {"do": "advance", "ref": "ada@example.com", "to": "proposal", "at": "2026-10-07"},
    {"do": "status", "ref": "$audit", "status": "in-review", "at": "2026-10-08"},
    {"do": "opp add", "title": "Training", "lead": "Bob", "value": 900.5, "key": "K1"},
    {"do": "postpone", "ref": "K1", "until": "2027-01-15", "because": "budget"},
    {"do": "win", "ref": "$audit", "at": "2026-11-01"},
)


def test_a_file_does_what_its_commands_do_one_by_one(call: Cli) -> None:
    said = apply(call, *MONDAY)
    assert [(row["line"], row["do"], row["id"], row["status"]) for row in said.rows] == [
        (1, "lead add", "L1", "done"),
        (2, "lead add", "L2", "done"),
        (3, "advance", "O1", "done"),
        (4, "advance", "O1", "done"),
        (5, "opp status", "O1", "done"),
        (6, "opp add", "O2", "done"),
        (7, "postpone", "O2", "done"),
        (8, "win", "O1", "done"),
    ]
    assert (said.json["schema"], said.json["operation"], said.json["total"]) == ("funnelctl/apply/1", 1, 8)
    audit = call.row("opp show O1")
    assert (audit["title"], audit["lead"], audit["outcome"]) == ("Audit", "L1", "won")
    assert (audit["value"], audit["closed_at"]) == ({"minor": 1200000, "currency": "EUR"}, "2026-11-01T12:00:00Z")
    training = call.row("opp show K1")
    assert (training["value"], training["postponed_until"]) == ({"minor": 90050, "currency": "EUR"}, "2027-01-15")
    bob = call.row("lead show Bob")
    assert (bob["referred_by"], bob["tags"], bob["state"]) == ("L1", ["fair", "vip"], "converted")


def test_it_leaves_the_same_book_as_the_commands_themselves(call: Cli) -> None:
    """All but the log, where it is one operation instead of many."""
    tables = ("lead", "lead_alias", "opportunity", "move", "activity", "setting", "funnel", "stage")
    call("lead add 'Ada Lovelace' --email ada@example.com --at 2026-10-05")
    call("lead add Bob --referred-by L1 --tag vip --tag fair")
    call("opp add Training --lead Bob --value 900.50 --key K1")
    one_by_one = {table: call.dump()[table] for table in tables}
    call.book.unlink()
    call("init book.db")
    apply(call, *MONDAY[:2], MONDAY[5])
    assert {table: call.dump()[table] for table in tables} == one_by_one
    assert {row["status"] for row in call.rows("db check")} == {"ok"}


def test_it_is_one_step_back_and_forth(call: Cli) -> None:
    call("lead add Eve")
    before = call.rows("lead list --all")
    apply(call, *MONDAY)
    after = call.rows("opp list --all"), call.rows("lead list --all")
    assert [row["command"] for row in call.rows("history")] == ["apply", "lead add"]
    call("undo")
    assert call.rows("lead list --all") == before
    call("redo")
    assert (call.rows("opp list --all"), call.rows("lead list --all")) == after


def test_people_see_a_line_each_and_how_to_take_it_back(call: Cli) -> None:
    said = apply(call, MONDAY[0], {"do": "lead edit", "ref": "ada", "name": "Ada Lovelace"}, options="")
    assert said.out.splitlines() == [
        "line  do         message",
        "   1  lead add   L1 Ada Lovelace: registered in Enquiry (Consulting)",
        "   2  lead edit  L1 Ada Lovelace: nothing differs, nothing was changed",
    ]
    assert said.err == "2 commands done as one, 1 of which changed nothing; funnelctl undo takes them back\n"


def test_what_a_command_tells_beside_its_answer_is_told_with_its_line(call: Cli) -> None:
    call("lead add Ada")
    said = apply(call, {"do": "opp add", "title": "Audit", "client": "ada"})
    [row] = said.rows
    assert row["message"].endswith("; L1 Ada is known already: the opportunity is theirs")


def test_a_file_that_changes_nothing_is_no_operation(call: Cli) -> None:
    call("lead add Ada")
    said = apply(call, {"do": "lead edit", "ref": "L1", "name": "Ada"})
    assert (said.json["operation"], [row["status"] for row in said.rows]) == (None, ["unchanged"])
    assert len(call.rows("history")) == 1
    assert apply(call, options="").out == "no commands\n"
    assert apply(call).json["rows"] == []


def test_quiet_gives_the_ids(call: Cli) -> None:
    assert apply(call, *MONDAY[:3], options="-q").out.splitlines() == ["L1", "L2", "O1"]


def test_an_edit_is_one_of_what_the_record_is(call: Cli) -> None:
    apply(call, *MONDAY[:3])
    apply(
        call,
        {"do": "edit", "ref": "L1", "company": "Engines"},
        {"do": "edit", "ref": "O1", "service": "audit", "untag": []},
    )
    assert call.row("lead show L1")["company"] == "Engines"
    assert call.row("opp show O1")["service"] == "audit"
    said = apply(call, {"do": "edit", "ref": "O1", "company": "Engines"}, code=65)
    assert said.error["problems"][0]["message"] == "O1 is an opportunity: no 'company' there"


def test_a_dry_run_shows_it_and_changes_nothing(call: Cli) -> None:
    before = call.dump()
    said = apply(call, *MONDAY, options="--dry-run --json")
    assert said.json["dry_run"] is True
    assert [row["line"] for row in said.rows] == list(range(1, 9))
    assert len(said.json["changes"]) > len(MONDAY)
    assert call.dump() == before


def test_the_example_of_the_documentation_works(call: Cli) -> None:
    text = (Path(__file__).parents[2] / "docs" / "batch.md").read_text()
    said = apply_text(call, text.split("```jsonl\n")[1].split("```")[0], options="--json")
    assert [row["status"] for row in said.rows] == ["done"] * 7
    shown = text.split("$ funnelctl apply monday.jsonl\n")[1].splitlines()[1:3]
    assert [line.split("  ")[-1].strip() for line in shown] == [row["message"] for row in said.rows[:2]]


def test_a_first_write_creates_the_default_book(newcomer: Cli) -> None:
    said = newcomer("apply -", stdin='{"do": "add", "name": "Ada"}\n')
    assert said.err.startswith(f"created {newcomer.book}\n")
    assert newcomer.row("lead show L1")["name"] == "Ada"


def test_a_malformed_file_creates_nothing(newcomer: Cli) -> None:
    newcomer("apply -", 65, stdin="add Ada\n")
    assert not newcomer.book.exists()


def test_malformed_lines_are_told_all_at_once_and_none_is_done(call: Cli) -> None:
    before = call.dump()
    text = '{"do": "add", "name": "Ada"}\nadd Bob\n{"do": "avdance", "ref": "O1"}\n{"do": "win", "reff": "O1"}\n'
    said = apply_text(call, text, 65)
    assert said.err.splitlines()[:5] == [
        "error: batch.jsonl: 4 problems; nothing was saved",
        "  batch.jsonl:2:1: not JSON: expecting value",
        '  batch.jsonl:3:do: there is no command "avdance"; did you mean "advance"?',
        '  batch.jsonl:4:reff: win takes no such option; did you mean "ref"?',
        "  batch.jsonl:4:ref: win needs it",
    ]
    assert call.dump() == before


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ({"do": "win", "ref": "zed"}, 3, "no opportunity fits 'zed'"),
        ({"do": "win", "ref": "a"}, 4, "'a' fits 2 records: O1 Audit; O2 Training"),
        ({"do": "advance", "ref": "O1", "to": "request"}, 4, "O1 stands in 'request' already"),
        ({"do": "add", "name": "Eve", "email": "ADA@example.com"}, 4, "the e-mail belongs to L1 Ada Lovelace already"),
        ({"do": "add", "name": "Eve", "email": "ada"}, 65, '"ada" is not an e-mail address'),
        ({"do": "win", "ref": "O1", "value": "1.500"}, 65, '"1.500" may mean 1500 or 1.500'),
        ({"do": "win", "ref": "O1", "at": "05/01/2026"}, 65, None),
        ({"do": "win", "ref": "O1", "at": "2026-01-01"}, 4, None),
        ({"do": "lose", "ref": "O1", "reason": "weather"}, 65, None),
        ({"do": "add", "name": " "}, 65, "the name is empty"),
        ({"do": "add", "name": "a\0b"}, 65, "the name holds a NUL character"),
    ],
)
def test_a_line_that_cannot_be_done_undoes_all(call: Cli, line: dict[str, Any], code: int, message: str | None) -> None:
    apply(call, *MONDAY[:3], MONDAY[5])
    before = call.dump()
    said = apply(call, {"do": "add", "name": "Carl"}, {"do": "advance", "ref": "O2"}, line, code=code)
    [problem] = said.error["problems"]
    assert problem["line"] == 3
    assert message in (None, problem["message"])
    assert said.error["message"] == "batch.jsonl: 1 problem; nothing was saved"
    assert call.dump() == before


def test_later_problems_are_told_too_but_for_those_that_name_a_failed_line(call: Cli) -> None:
    said = apply(
        call,
        {"do": "add", "name": "Ada", "email": "wrong", "as": "ada"},
        {"do": "advance", "ref": "$ada", "as": "deal"},
        {"do": "win", "ref": "$deal"},
        {"do": "add", "name": "Bob", "phone": "1"},
        {"do": "win", "ref": "O9"},
        code=65,
    )
    assert [problem["line"] for problem in said.error["problems"]] == [1, 4, 5]
    assert "later problems may follow from the first" in said.error["hint"]
    assert call.rows("lead list --all") == []


def test_a_merge_and_what_is_known_by_its_names(call: Cli) -> None:
    apply(
        call,
        {"do": "add", "name": "Ada", "as": "a"},
        {"do": "add", "name": "Ada L", "email": "ada@example.com", "as": "b"},
        {"do": "merge", "keep": "$a", "other": "$b"},
        {"do": "drop", "ref": "$b", "reason": "no budget"},
        {"do": "reopen", "ref": "$b", "note": "budget found"},
    )
    ada = call.row("lead show ada@example.com")
    assert (ada["id"], ada["state"], ada["also"]) == ("L1", "open", ["L2"])


def test_ids_are_not_used_again_after_a_file_that_failed(call: Cli) -> None:
    """Nothing of it was saved, not even the numbers."""
    apply(call, {"do": "add", "name": "Ada"}, {"do": "win", "ref": "zed"}, code=3)
    assert call.row("lead add Ada")["id"] == "L1"


def test_every_command_of_a_batch_has_its_options_from_the_command_line(call: Cli) -> None:
    """The list of commands is told, and each says what it takes."""
    hint = apply(call, {"do": "nothing"}, code=65).error["hint"]
    verbs = hint.removeprefix("it takes one of ").split(", ")
    assert verbs[:4] == ["lead add", "lead edit", "lead drop", "lead merge"]
    explained = " ".join(call("apply --help").out.split())
    documented = (Path(__file__).parents[2] / "docs" / "batch.md").read_text()
    for verb in verbs:
        assert verb.removeprefix("lead ").removeprefix("opp ") in explained
        assert f"`{verb}`" in documented
    for verb in verbs:
        takes = apply(call, {"do": verb, "?": 1}, code=65).error["hint"].split("; ")[0]
        options = takes.removeprefix(f"{verb} takes ").split(", ")
        known = [verb] if verb != "edit" else ["lead edit", "opp edit"]
        helps = "".join(call(f"{one} --help").out for one in known)
        for option in options:
            assert f"--{option.replace('_', '-')}" in helps or option.upper() in helps


def test_piped_and_from_a_file_that_is_not_there(run: Cli, tmp_path: Path) -> None:
    assert run("apply - -q", stdin='{"do": "add", "name": "Ada"}').out == "L1\n"
    assert run("apply nowhere.jsonl", 3).message == "there is no file nowhere.jsonl; nothing was saved"
    assert run(["apply", str(tmp_path)], 74).message.endswith("cannot be read: Is a directory; nothing was saved")


def test_many_commands_are_shown_in_part_and_told_in_full(call: Cli) -> None:
    lines = [{"do": "add", "name": f"Guest {place}"} for place in range(200)]
    tried = apply(call, *lines, options="--dry-run")
    assert "Guest 49" in tried.out
    assert "Guest 50" not in tried.out
    assert len(apply(call, *lines, options="--dry-run --json").json["changes"]) > 400
    said = apply(call, *lines, options="")
    assert len(said.out.splitlines()) == 51
    assert "the first 50 are shown; --json gives all" in said.err
    call("undo")
    assert len(apply(call, *lines).rows) == 200
