"""P5: a file or directory that may only be read: reads work, writes say so and leave everything as it is."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest
from violence import Arena, Scene, Starter, state_of

from commandline import PROGRAM, Cli, Said
from funnelctl import errors

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2

READS = ("lead list --json", "report", "history", "opp show O1")
WRITES = (
    "lead add Grace",
    "opp add More --lead L1",
    "win O1",
    "undo",
    "lead merge L1 L2 --yes",
    "import rows.csv --as opportunities",
)


def as_people_are() -> None:
    """Give up root's right to pass over the modes of files."""
    if os.getuid() == 0:
        library = ctypes.CDLL(None)
        for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            library.prctl(PR_CAPBSET_DROP, right, 0, 0, 0)


@pytest.fixture
def arena(tmp_path: Path) -> Arena:
    if os.getuid() == 0 and sys.platform != "linux":
        pytest.skip("root may write everywhere")
    before = (
        "lead add 'Ada Lovelace' --email ada@example.com",
        "lead add Zoe",
        "opp add Audit --lead L1 --value '5 EUR'",
    )
    return Arena(Scene("read-only", "lead add Grace", before, rows=3), tmp_path / "home", tmp_path)


def told(cli: Cli, command: str) -> Said:
    done = subprocess.run(
        [PROGRAM, *command.split()], env=cli.env, cwd=cli.home, capture_output=True, text=True, check=False,
        preexec_fn=as_people_are,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("what", ["file", "directory", "both"])
def test_p05_reads_work_and_writes_say_so(arena: Arena, what: str) -> None:
    shown = {command: told(arena.cli, command) for command in READS}
    locked = {"file": [arena.book], "directory": [arena.home], "both": [arena.book, arena.home]}[what]
    for path in locked:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        for command in READS:
            said = told(arena.cli, command)
            assert said.code == 0, said.err
            assert said == shown[command]
        for command in WRITES:
            said = told(arena.cli, command)
            assert said.code == errors.TROUBLE, f"{command}: {said}"
            assert said.out == ""
            assert "read-only" in said.message or "cannot be opened" in said.message, command
            assert said.message.endswith("nothing was saved")
            assert said.hint
    finally:
        arena.home.chmod(0o700)
        arena.book.chmod(0o600)
    assert state_of(arena.book) == arena.old


def test_p05_a_place_where_no_file_can_be_made(arena: Arena, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    for command in (f"init {closed}/book.db", f"init {closed}/further/book.db"):
        said = told(arena.cli, command)
        assert said.code == errors.TROUBLE
        assert said.message
        assert said.hint
    arena.cli.env |= {"XDG_DATA_HOME": str(closed)}
    del arena.cli.env["FUNNELCTL_DB"]
    assert told(arena.cli, "lead add Grace").code == errors.TROUBLE
    assert told(arena.cli, "lead list").code == errors.NOT_FOUND
    assert list(closed.iterdir()) == []


def test_p05_a_file_that_may_not_even_be_read(arena: Arena) -> None:
    arena.book.chmod(0)
    for command in ("lead list", "lead add Grace"):
        said = told(arena.cli, command)
        assert said.code == errors.TROUBLE
        assert said.hint
    arena.book.chmod(0o600)
    assert state_of(arena.book) == arena.old


def test_p05_half_a_change_is_never_shown_where_it_cannot_be_taken_back(failing_disk: Starter, tmp_path: Path) -> None:
    scene = Scene("killed", "undo", ("lead add Ada", "import rows.csv --as opportunities"), cramped=True, rows=20)
    arena = Arena(scene, tmp_path / "home", tmp_path, failing_disk)
    whole, journal = arena.book.read_bytes(), arena.book.with_name("book.db-journal")
    for call in range(arena.calls(), 0, -1):  # from the end, where the change is on its way into the file
        arena.reset()
        arena.strike(call, "kill")
        if journal.exists() and arena.book.read_bytes() != whole:
            break
    half = arena.book.read_bytes()
    assert half != whole
    arena.book.chmod(0o400)
    arena.home.chmod(0o500)
    said = told(arena.cli, "lead list --all --quiet")
    assert said.code == errors.TROUBLE
    assert said.message
    assert said.hint
    assert arena.book.read_bytes() == half
    arena.home.chmod(0o700)
    arena.book.chmod(0o600)
    arena.judge()
