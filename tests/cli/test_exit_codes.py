"""How a command ends: the exit code, one line that says what is wrong, one that says what to do."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess

import pytest

from commandline import PROGRAM, Cli
from funnelctl.core import leads

REFUSED = [
    ("lead add", 2, "usage", "NAME"),
    ("lead add ''", 2, "usage", "name is empty"),
    ("lead add Bob --colour red", 2, "usage", "--colour"),
    ("lead add Bob --at 05/01/2026", 2, "usage", "05/01/2026"),
    ("lead add Bob --at tomorrow", 2, "usage", "future"),
    ("lead add Bob --email nobody", 2, "usage", "nobody"),
    ("lead add Bob --phone 12", 2, "usage", "12"),
    ("lead edit L1", 2, "usage", "nothing to change"),
    ("lead drop L1", 2, "usage", "--reason"),
    ("lead list --limit many", 2, "usage", "many"),
    ("lead list --limit -1", 2, "usage", "-1"),
    ("lead list --sort colour", 2, "usage", "colour"),
    ("lead list --lang de", 2, "usage", "de"),
    ("opp add Audit", 2, "usage", "whose"),
    ("opp add Audit --lead L1 --client Bob", 2, "usage", "whose"),
    ("opp add Audit --lead L1 --value 1.500", 2, "usage", "1.500"),
    ("opp add Audit --lead L1 --value -5", 2, "usage", "negative"),
    ("opp add Audit --lead L1 --value '5 XXX'", 2, "usage", "XXX"),
    ("opp add Audit --lead L1 --probability 140", 2, "usage", "140"),
    ("opp add Audit --lead L1 --stage enquiry", 2, "usage", "enquiry"),
    ("opp status O1 dancing", 2, "usage", "dancing"),
    ("lose O1 --reason weather", 2, "usage", "weather"),
    ("lose O1", 2, "usage", "reason"),
    ("postpone O1 --until yesterday", 2, "usage", "ahead"),
    ("postpone O1", 2, "usage", "--until"),
    ("advance O1 --to nowhere", 2, "usage", "nowhere"),
    ("report --as-of tomorrow", 2, "usage", "ahead"),
    ("report --since 2026-11-02 --until 2026-11-01", 2, "usage", "2026-11-02"),
    ("undo many", 2, "usage", "many"),
    ("config set colour red", 2, "usage", "colour"),
    ("config set region ZZ", 2, "usage", "ZZ"),
    ("funnel new 'My Funnel'", 2, "usage", "My Funnel"),
    ("nonsense", 2, "usage", "nonsense"),
    ("lead nonsense", 2, "usage", "nonsense"),
    ("lead show L99", 3, "not_found", "L99"),
    ("opp show O99", 3, "not_found", "O99"),
    ("opp show L2", 3, "not_found", "L2"),
    ("win L2", 3, "not_found", "L2"),
    ("lead add Bob --funnel nowhere", 3, "not_found", "nowhere"),
    ("lead add Bob --referred-by Nobody", 3, "not_found", "Nobody"),
    ("opp add Audit --lead Nobody", 3, "not_found", "Nobody"),
    ("report --funnel nowhere", 3, "not_found", "nowhere"),
    ("funnel show nowhere", 3, "not_found", "nowhere"),
    ("funnel check nowhere", 3, "not_found", "nowhere"),
    ("funnel new mine --from nowhere", 3, "not_found", "nowhere"),
    ("funnel use nowhere", 3, "not_found", "nowhere"),
    ("funnel migrate nowhere consulting", 3, "not_found", "nowhere"),
    ("lead add Bob --email ADA@example.com", 4, "conflict", "L1 Ada Lovelace"),
    ("lead edit L1 --referred-by L1", 4, "conflict", "itself"),
    ("lead merge L1 L1", 4, "conflict", "itself"),
    ("opp add Audit --lead L2 --key REQ-1", 4, "conflict", "O1"),
    ("opp status O1 in-review", 4, "conflict", "already"),
    ("advance O1 --to request", 4, "conflict", "already"),
    ("advance O1 --back", 4, "conflict", "holds leads"),
    ("advance O1 --back --to proposal", 4, "conflict", "before"),
    ("win O2", 4, "conflict", "won"),
    ("lose O2 --reason price", 4, "conflict", "won"),
    ("postpone O2 --until +1w", 4, "conflict", "won"),
    ("reopen L2", 4, "conflict", "open"),
    ("reopen O1", 4, "conflict", "open"),
    ("win O1 --at 2026-10-01", 4, "conflict", "2026-11-23"),
    ("show-me", 2, "usage", "show-me"),
    ("redo", 4, "conflict", "redo"),
    ("funnel new consulting", 4, "conflict", "consulting"),
    ("init", 4, "conflict", "already"),
    ("funnel check bad.yaml", 65, "bad_data", "bad.yaml"),
]


@pytest.fixture
def started(call: Cli) -> Cli:
    """Ada with a live and a won opportunity, and Zoe, who has none."""
    call("lead add 'Ada Lovelace' --email ada@example.com")
    call("lead add Zoe")
    call("opp add Audit --lead L1 --key REQ-1")
    call("opp add Training --lead L1")
    call("opp status O1 in-review")
    call("win O2")
    (call.home / "bad.yaml").write_text("funnel: [")
    return call


@pytest.mark.parametrize(("command", "code", "name", "part"), REFUSED, ids=[case[0] for case in REFUSED])
def test_an_error_says_what_is_wrong_and_what_to_do_and_changes_nothing(
    started: Cli, command: str, code: int, name: str, part: str
) -> None:
    before = started.dump()
    said = started(command, code)  # asserts that stdout is empty
    assert part in said.message
    assert said.hint
    lines = [line for line in said.err.splitlines() if not line.startswith("  ")]  # the problems of a file
    assert [line.split(":")[0] for line in lines] == ["error", "hint"]

    error = started(f"{command} --json", code).error
    assert error["code"] == name
    assert error["message"] == said.message
    assert error["hint"] == said.hint
    assert started.dump() == before


READS = ("opp show", "lead show", "report", "funnel show", "funnel check")
TELLS_OTHERWISE = ("redo", "init", "funnel new")  # "there is nothing to redo", "it was left as it is"


@pytest.mark.parametrize(
    ("command", "code"),
    [case[:2] for case in REFUSED if case[1] in (3, 4) and not case[0].startswith((*READS, *TELLS_OTHERWISE))],
)
def test_a_refused_write_says_that_nothing_was_saved(started: Cli, command: str, code: int) -> None:
    assert started(command, code).message.lower().count("nothing was saved") == 1


def test_json_errors_are_asked_for_in_three_ways(call: Cli) -> None:
    for command, env in (
        ("lead show L1 --json", {}),
        ("lead show L1 --format json", {}),
        ("lead show L1 --format=json", {}),
        ("lead show L1", {"FUNNELCTL_FORMAT": "json"}),
        ("nonsense --json", {}),
        ("lead list --colour --json", {}),
    ):
        code = 3 if "show" in command else 2
        assert call(command, code, env=env).error["message"], command
    assert call("lead show L1 --format csv", 3, env={"FUNNELCTL_FORMAT": "json"}).err.startswith("error: ")


def test_a_bug_is_told_by_its_kind_alone(call: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("divorce of +34 600 111 222")

    monkeypatch.setattr(leads, "add", broken)
    before = call.dump()
    said = call("lead add 'Ada Lovelace' --phone '+34 600 111 222'", 70)
    assert "RuntimeError" in said.message
    assert "FUNNELCTL_DEBUG=1" in said.hint
    assert "600" not in said.err
    assert "Traceback" not in said.err
    assert call("lead add Ada --json", 70).error["code"] == "bug"
    assert call.dump() == before
    with pytest.raises(RuntimeError, match="divorce"):
        call("lead add Ada", env={"FUNNELCTL_DEBUG": "1"})


def test_what_is_not_ours_is_not_touched(call: Cli) -> None:
    other = call.home / "other.db"
    with sqlite3.connect(other) as conn:
        conn.execute("CREATE TABLE lead (name TEXT)")
        conn.execute("INSERT INTO lead VALUES ('theirs')")
    conn.close()
    (call.home / "letter.txt").write_text("Dear Ada,\n" * 500)
    (call.home / "empty.db").touch()
    (call.home / "directory").mkdir()
    before = {path.name: path.read_bytes() for path in call.home.iterdir() if path.is_file()}
    for name in ("other.db", "letter.txt", "empty.db", "directory"):
        for command in (f"lead add Ada --db {name}", f"lead list --db {name}", f"undo --db {name}"):
            said = call(command, 74)
            assert name in said.message
            assert call(f"{command} --json", 74).error["code"] == "trouble"
    assert {path.name: path.read_bytes() for path in call.home.iterdir() if path.is_file()} == before


def test_a_damaged_file_is_told(call: Cli) -> None:
    data = bytearray(call.book.read_bytes())
    data[100:] = b"\x55" * (len(data) - 100)
    call.book.write_bytes(data)
    assert call("lead list", 74).message
    assert call("lead add Ada", 74).message


def test_a_held_lock_is_waited_for_and_then_told(run: Cli) -> None:
    run("lead add Ada")
    other = sqlite3.connect(run.book, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for command in ("lead add Bob", "lead list"):
        said = run(command, 75, env={"FUNNELCTL_WAIT": "1.3"})
        assert "another program" in said.message
        assert "try again" in said.hint
        assert "waiting" in said.err
        assert run(f"{command} --json", 75, env={"FUNNELCTL_WAIT": "0"}).error["code"] == "locked"
    other.execute("ROLLBACK")
    other.execute("BEGIN IMMEDIATE")  # a writer that has not finished stops no reader
    assert run.ids("lead list", env={"FUNNELCTL_WAIT": "0"}) == ["L1"]
    other.execute("ROLLBACK")
    other.close()
    run("lead add Bob", env={"FUNNELCTL_WAIT": "0"})


def test_ctrl_c_while_waiting(run: Cli) -> None:
    other = sqlite3.connect(run.book, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    waiting = subprocess.Popen(
        [PROGRAM, "lead", "add", "Ada"], env=run.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr
    assert "waiting" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=20)
    assert (waiting.returncode, out, err) == (130, "", "error: interrupted; nothing was saved\n")
    other.execute("ROLLBACK")
    other.close()
    assert run.ids("lead list") == []


def test_a_closed_pipe_ends_silently_with_141(run: Cli) -> None:
    for command in ("funnel show consulting", "report --json", "--help", "lead add Ada"):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            ["sh", "-c", '"$@"; exit $?', "sh", PROGRAM, *command.split()],
            env=run.env, stdout=writer, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        os.close(writer)
        assert (done.returncode, done.stderr) == (141, b""), command


def test_the_module_is_the_program(run: Cli) -> None:
    from sys import executable

    done = subprocess.run(
        [executable, "-m", "funnelctl", "lead", "show", "L1", "--json"], env=run.env, capture_output=True, check=False
    )
    assert done.returncode == 3
    assert json.loads(done.stderr)["error"]["code"] == "not_found"
