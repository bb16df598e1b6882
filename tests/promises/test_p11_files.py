"""P11 to P14, P28: whose file it is, that a typo makes none, that all reach the newest schema, and who may read it."""

from __future__ import annotations

import os
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commandline import Cli
from funnelctl.store.connection import APPLICATION_ID, create_file
from funnelctl.store.schema import NEWEST

READS = ["lead list", "opp list", "report", "report live", "history", "lead show Ada", "config list"]
WRITES = [
    "lead add Ada",
    "opp add Audit --client Ada",
    "advance Ada",
    "win Ada",
    "undo",
    "redo",
    "lead drop Ada --reason x",
]


def everything(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


@pytest.mark.parametrize("command", READS + WRITES)
def test_p11_another_programs_database_is_never_touched(call: Cli, tmp_path: Path, command: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    with sqlite3.connect(theirs / "crm.db") as conn:
        conn.execute("CREATE TABLE lead (first_name)")
        conn.execute("INSERT INTO lead VALUES ('Ada')")
    conn.close()
    before = everything(theirs)
    said = call(f"--db {theirs}/crm.db {command}", code=74)
    assert said.message.endswith("is not a funnelctl file; it was not touched")
    assert everything(theirs) == before


@pytest.mark.parametrize("command", READS + WRITES)
def test_p12_a_newer_file_is_refused_and_unchanged(call: Cli, book: Path, command: str) -> None:
    with sqlite3.connect(book) as conn:
        conn.execute(f"PRAGMA user_version={NEWEST + 1}")
    conn.close()
    before = book.read_bytes()
    said = call(command, code=74)
    assert (said.message, said.hint) == (
        "the file was written by a newer funnelctl; it was not touched",
        "upgrade funnelctl to read it",
    )
    assert book.read_bytes() == before


@pytest.mark.parametrize("command", READS + WRITES)
def test_p13_a_mistyped_path_creates_nothing(call: Cli, tmp_path: Path, command: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    for words, env in (
        (f"{command} --db fnnel.db", {}),
        (f"--db fnnel.db {command}", {}),
        (command, {"FUNNELCTL_DB": "fnnel.db"}),
    ):
        said = call(words, code=3, env=env)
        assert said.hint == "to create it: funnelctl init fnnel.db"
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", READS)
def test_p13_a_read_where_nothing_was_ever_saved_creates_nothing(newcomer: Cli, command: str) -> None:
    newcomer(command, code=3)
    assert os.listdir(newcomer.home) == []


def completed(cli: Cli, line: str, **env: str) -> list[str]:
    """What TAB offers at the end of a line, as bash asks for it."""
    words = line.split(" ")
    asked = {"_FUNNELCTL_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    offered: str = cli([], env={**asked, **env}).out
    return offered.split()


def test_p13_tab_creates_nothing_and_says_nothing(run: Cli, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert completed(run, "funnelctl lead show L", FUNNELCTL_DB="fnnel.db") == []
    assert sorted(tmp_path.rglob("*")) == before


def test_p13_tab_offers_ids_of_the_file_that_is_there(run: Cli) -> None:
    run("lead add '$(touch pwn)'")
    assert completed(run, "funnelctl lead show L") == ["L1"]
    assert completed(run, "funnelctl lead show touch") == []


@pytest.mark.parametrize("trial", range(3))
def test_p14_programs_that_bring_one_file_to_the_newest_schema_all_succeed(
    run: Cli, tmp_path: Path, trial: int
) -> None:
    old = tmp_path / f"old-{trial}.db"
    create_file(str(old))
    with sqlite3.connect(old) as conn:
        conn.execute(f"PRAGMA application_id={APPLICATION_ID}")  # as it is before the first step
    conn.close()

    def first(number: int) -> None:
        run(["--db", str(old), "lead", "add", f"Guest {number}"])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(first, range(4)))
    with sqlite3.connect(old) as conn:
        assert conn.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert conn.execute("SELECT count(*) FROM lead").fetchone() == (4,)
        assert conn.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (NEWEST,)
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_p28_all_that_is_written_is_its_owners_alone(newcomer: Cli, umask: int) -> None:
    before = os.umask(umask)
    try:
        newcomer("lead add Ada")
        newcomer("init mine/book.db")
        newcomer("funnel new mine")
    finally:
        os.umask(before)
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in newcomer.home.rglob("*")}
    files = {path.name for path in found if path.is_file()}
    assert files == {"funnel.db", "book.db", "mine.yaml"}
    assert {mode for path, mode in found.items() if path.is_file()} == {0o600}
    assert {found[path.parent] for path in found if path.is_file()} == {0o700}


def test_p28_a_file_that_is_there_keeps_the_mode_that_its_owner_gave_it(run: Cli, book: Path) -> None:
    book.chmod(0o640)
    run("lead add Ada")
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
