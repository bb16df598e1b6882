"""P35: an answer that is cut short, or that nobody takes, ends as other programs do; a change is told truly."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from commandline import PROGRAM, Cli
from funnelctl import errors

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")
READS = (
    "lead list --all --limit 9999", "opp list", "report", "history", "lead show L1", "funnel list",
    "funnel show consulting", "funnel schema", "config list",
)  # fmt: skip
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


def into(cli: Cli, command: str, redirected: str) -> subprocess.CompletedProcess[str]:
    """The command in a shell; its exit code is that of the program, also in a pipe."""
    return subprocess.run(
        ["bash", "-c", f'"$0" {command} {redirected}; exit "${{PIPESTATUS[0]}}"', PROGRAM],
        env=cli.env, cwd=cli.home, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def crowded(run: Cli) -> Cli:
    """More leads than a pipe holds: 64 KiB."""
    run("lead add Ada")
    run("opp add Audit --lead L1")
    run("lead add Bob")
    conn = sqlite3.connect(run.book)
    conn.executemany(
        "INSERT INTO lead (name, name_key, funnel, stage, state, tags, created_at, entered_at) VALUES"
        " (?1, ?1, 'consulting', 'enquiry', 'open', '[]', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
        [(f"guest {number} {'x' * 100}",) for number in range(2_000)],
    )
    conn.commit()
    conn.close()
    return run


@pytest.mark.parametrize("fmt", FORMATS)
def test_p35_an_answer_that_is_cut_by_head_ends_silently_with_141(crowded: Cli, fmt: str) -> None:
    done = into(crowded, f"lead list --limit 9999 --format {fmt}", "| head -n 3")
    assert (done.returncode, done.stderr) == (errors.PIPE_CLOSED, "")
    assert len(done.stdout.splitlines()) == 3


@full
@pytest.mark.parametrize("fmt", FORMATS)
def test_p35_a_full_disk_under_the_answer_is_one_line_and_a_hint(crowded: Cli, fmt: str) -> None:
    for command in READS:
        done = into(crowded, f"{command} --format {fmt}", "> /dev/full")
        assert done.returncode == errors.TROUBLE, command
        assert os.strerror(errno.ENOSPC) in done.stderr
        if fmt != "json":
            assert [line.split(":")[0] for line in done.stderr.splitlines()] == ["error", "hint"], command


@full
@pytest.mark.parametrize("command", ["--help", "--version", "lead --help", "lead add --help", ""])
def test_p35_so_is_it_under_help(run: Cli, command: str) -> None:
    done = into(run, command, "> /dev/full")
    assert done.returncode == errors.TROUBLE or (command == "" and done.returncode == errors.USAGE)
    assert "Traceback" not in done.stderr


@full
@pytest.mark.parametrize("command", ["lead add Eve", "advance O1", "undo", "lead edit L1 --note x"])
def test_p35_a_change_whose_answer_is_lost_is_said_to_be_saved(crowded: Cli, command: str) -> None:
    before = crowded.dump()
    done = into(crowded, command, "> /dev/full")
    assert done.returncode == errors.TROUBLE
    assert "the change was saved" in done.stderr
    assert "nothing was saved" not in done.stderr
    assert crowded.dump() != before
    done = into(crowded, f"{command} --dry-run", "> /dev/full")
    assert "the change was saved" not in done.stderr


def test_p35_a_closed_stdout_is_told_before_anything_is_done(crowded: Cli) -> None:
    before = crowded.dump()
    for command in ("lead add Eve", "lead list", "report --json", "--help"):
        done = into(crowded, command, ">&-")
        assert done.returncode == errors.TROUBLE
        assert "stdout is closed; nothing was saved" in done.stderr
    assert crowded.dump() == before


@full
def test_p35_that_nobody_hears_what_is_said_beside_the_answer_is_no_failure(newcomer: Cli) -> None:
    assert into(newcomer, "lead add Ada", "2> /dev/full").stdout.startswith("L1 Ada")  # "created ..." is lost
    assert into(newcomer, "lead add Bob --dry-run", "2> /dev/full").returncode == 0
    assert into(newcomer, "lead show Nobody", "2> /dev/full").returncode == errors.NOT_FOUND
    assert into(newcomer, "lead show", "2> /dev/full").returncode == errors.USAGE
    assert into(newcomer, "lead", "2> /dev/full").returncode == errors.USAGE
    assert into(newcomer, "lead list -q", "2>&-").stdout == "L1\n"


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("import - --as leads", 65, "error: standard input is empty; nothing was saved"),
        ("lead merge L1 L2", 0, ""),
        ("lead add Eve", 0, ""),
    ],
)
def test_p35_a_closed_stdin_is_an_empty_one(crowded: Cli, command: str, code: int, said: str) -> None:
    done = into(crowded, command, "<&-")
    assert done.returncode == code
    assert done.stderr.partition("\n")[0] == said
