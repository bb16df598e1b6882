"""Files of an older funnelctl: brought to the newest schema whole or not at all, after a backup."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from desk import new_book
from lived import live
from old_schemas import LOG, old_book

from commandline import PROGRAM, Cli, InProcess, Installed
from funnelctl.store import connection, steps
from funnelctl.store.checks import check_book

KEPT = ("setting", "lead", "lead_alias", "opportunity", "move", "operation", "forgotten")


@pytest.fixture(scope="module", params=[1, 2, 3])
def schema_then(request: pytest.FixtureRequest) -> int:
    """From which schema the book is brought up."""
    schema: int = request.param
    return schema


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, schema_then: int) -> Path:
    """A book that somebody has lived with, in an older schema."""
    home = tmp_path_factory.mktemp("old")
    newer = live(home)
    call = InProcess(home, newer)
    (home / "rows.csv").write_text("name,company\nKeyless One,Acme\nKeyless Two,Acme\n")
    call(f"import {home / 'rows.csv'} --as leads")
    call("undo")
    call("redo")
    call(f"import {home / 'rows.csv'} --as leads --map name=note --map company=name")
    call("undo")  # so that the counter of sources stands higher than the newest of them
    return old_book(home / "first.db", schema_then, newer)


@pytest.fixture
def book(old: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(old, tmp_path / "book.db"))


@pytest.fixture
def call(tmp_path: Path, book: Path) -> Cli:
    return InProcess(tmp_path, book)


def rows(book: Path, tables: tuple[str, ...]) -> dict[str, list[Any]]:
    conn = sqlite3.connect(book)
    found = {table: conn.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in tables}
    conn.close()
    return found


def asked(book: Path, sql: str) -> Any:
    conn = sqlite3.connect(book)
    found = conn.execute(sql).fetchall()
    conn.close()
    return found


def sound(book: Path) -> bool:
    results = check_book(str(book), lambda: None, lambda check: None)
    return {result.status for result in results} == {"ok"}


@pytest.mark.parametrize(
    ("step", "sha256"),
    [
        ("FIRST_TABLES", "9db022b3fb70f7d8796c6c61240fae2af8ea669b3205adb38a46f8c7b9466d0e"),
        ("ACTIVITIES", "85db5b2d49e10b600fd05ff7ccdde00ff0e1a26f1ce76f54c49ca4bd364abbf6"),
        ("ROWS_AS_THEY_CAME", "ef932b7704281a45ef6df894782d16d7ff857496323ed1afd2766ad0f45c47d7"),
        ("LEADS_BY_DAY", "00c4dfcfbd7b0b3b173997a5c03866a4bea8911376c2cb57375cbf338b364081"),
    ],
)
def test_a_step_that_was_released_is_never_changed(step: str, sha256: str) -> None:
    """Files out there were made by it: what is to be otherwise is a step of its own."""
    assert hashlib.sha256(getattr(steps, step).encode()).hexdigest() == sha256


def test_the_old_book_is_one_of_an_older_schema(old: Path, schema_then: int) -> None:
    assert asked(old, "PRAGMA user_version") == [(schema_then,)]
    there = asked(old, "SELECT count(*) FROM sqlite_schema WHERE name IN ('activity', 'lead_came')")
    assert there == [(schema_then - 1,)]
    of_people = "table_name = 'lead' AND after LIKE '%\"name\":\"Person%'"
    assert asked(old, f"SELECT count(*) FROM {LOG[schema_then]} WHERE {of_people}") != [(0,)]
    counter = asked(old, "SELECT seq FROM sqlite_sequence WHERE name = 'source_row'")
    assert (asked(old, "SELECT max(id) FROM source_row"), counter) == ([(2,)], [(4,)])
    assert {result.status for result in check_book(str(old), lambda: None, lambda check: None)} == {"ok", "skipped"}


def test_p12_all_of_an_old_book_is_there_afterwards(book: Path, call: Cli, schema_then: int) -> None:
    log = LOG[schema_then]
    before = rows(book, (*KEPT, "source_row", log))
    counters = dict(asked(book, "SELECT name, seq FROM sqlite_sequence"))
    said = call("report")
    [backup] = (book.parent / "book-backups").iterdir()
    assert f"brought the file from schema {schema_then} to 4; as it was: {backup}" in said.err
    assert rows(backup, (*KEPT, "source_row", log)) == before
    assert asked(backup, "PRAGMA user_version") == [(schema_then,)]
    after = rows(book, (*KEPT, "source_row", "entry"))
    assert after["source_row"] == [(*row, None)[:5] for row in before["source_row"]]
    assert after["entry"] == before[log]
    counters["entry"] = counters.pop(log)
    assert {table: after[table] for table in KEPT} == {table: before[table] for table in KEPT}
    assert dict(asked(book, "SELECT name, seq FROM sqlite_sequence")) == counters
    assert sound(book)


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_a_dry_run_leaves_an_old_book_as_it_is(book: Path, call: Cli, journal: str, schema_then: int) -> None:
    conn = sqlite3.connect(book)
    conn.execute(f"PRAGMA journal_mode = {journal}")
    conn.close()
    before = book.read_bytes()
    said = call("lead add Zoe --dry-run")
    assert "Zoe" in said.out
    assert f"is of schema {schema_then}; without --dry-run it would be backed up and brought to 4" in said.err
    assert book.read_bytes() == before
    assert [path.name for path in book.parent.iterdir() if "book" in path.name] == ["book.db"]


def test_an_old_book_beside_which_no_backup_can_be_made_is_told_and_left(
    book: Path, call: Cli, schema_then: int
) -> None:
    (book.parent / "book-backups").write_text("a file where the directory would be")
    before = book.read_bytes()
    said = call("report", 74)
    assert f"{book} is of schema {schema_then} and could not be brought to 4 (File exists)" in said.message
    assert "backed up beside it" in said.hint
    assert book.read_bytes() == before


def test_an_old_book_that_cannot_be_written_to_is_told_and_left(
    book: Path, call: Cli, schema_then: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = connection._uri  # root, as whom tests may run, can write to any file: so it is SQLite that must not
    monkeypatch.setattr(connection, "_uri", lambda path, mode: uri(path, mode.replace("rw", "ro")))
    before = book.read_bytes()
    told = f"schema {schema_then} and could not be brought to 4 (it cannot be written to)"
    assert told in call("report", 74).message
    assert book.read_bytes() == before


def test_p16_it_has_the_schema_of_a_new_book(book: Path, call: Cli, tmp_path: Path) -> None:
    call("report")
    parts = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"
    assert asked(book, parts) == asked(new_book(tmp_path / "new.db"), parts)


def test_what_was_done_with_an_older_program_can_be_undone_and_done_again(book: Path, call: Cli) -> None:
    call("report")
    before = call.dump()
    steps = len(asked(book, "SELECT id FROM operation WHERE kind = 'do' AND undone = 0"))
    call(f"undo {steps}")
    assert asked(book, "SELECT count(*) FROM lead") == [(0,)]
    call(f"redo {steps}")
    assert sound(book)
    domain = ("lead", "lead_alias", "opportunity", "move", "source_row", "setting")
    assert {table: call.dump()[table] for table in domain} == {table: before[table] for table in domain}


def test_a_file_that_was_imported_before_changes_nothing(book: Path, call: Cli, old: Path) -> None:
    told = call.row(f"import {old.parent / 'rows.csv'} --as leads")
    assert (told["created"], told["unchanged"]) == (0, 2)


def test_p14_four_programs_that_meet_an_old_book_at_once_all_go_on(book: Path, tmp_path: Path) -> None:
    env = Installed(tmp_path, book).env
    crowd = [
        subprocess.Popen([PROGRAM, "lead", "list", "--all", "--quiet"], env=env, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    answers = [one.communicate()[0] for one in crowd]
    assert [one.returncode for one in crowd] == [0] * 4
    assert len(set(answers)) == 1
    assert len(list((tmp_path / "book-backups").iterdir())) == 1
    assert sound(book)


def killed(old: Path, home: Path, runs: int, schema_then: int) -> int:
    """Kill the first command on an old book so many times; how often it was old still. It is never in between."""
    env = Installed(home, home / "book.db").env
    words = [PROGRAM, "lead", "list", "--quiet"]
    left_old = 0
    before = rows(old, KEPT)
    lives, chance = [], random.Random(runs)
    for _ in range(3):
        shutil.copy(old, home / "book.db")
        start = time.monotonic()
        subprocess.run(words, env=env, check=True, capture_output=True)
        lives.append(time.monotonic() - start)
    for run in range(runs):
        book = Path(shutil.copy(old, home / "book.db"))
        with subprocess.Popen(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(min(lives) * (run + chance.random()) / runs)
            process.kill()
        assert rows(book, KEPT) == before  # opened as the next program would: what was half done is rolled back
        [(schema,)] = asked(book, "PRAGMA user_version")
        there = asked(book, "SELECT count(*) FROM sqlite_schema WHERE name IN ('activity', 'lead_came')")
        assert (schema, there) in ((schema_then, [(schema_then - 1,)]), (4, [(2,)]))
        left_old += schema == schema_then
        subprocess.run(words, env=env, check=True, capture_output=True)
        assert asked(book, "PRAGMA user_version") == [(4,)]
        assert sound(book)
        for backup in (home / "book-backups").iterdir():
            if ".new" not in backup.name:  # what a killed one has left is none, nor is its journal
                assert rows(backup, KEPT) == before
                backup.unlink()
    return left_old


def test_p15_a_migration_that_is_killed_is_done_wholly_or_not_at_all(
    old: Path, tmp_path: Path, schema_then: int
) -> None:
    assert killed(old, tmp_path, 4, schema_then) > 0


@pytest.mark.slow
def test_p15_a_migration_that_is_killed_at_any_point(old: Path, tmp_path: Path, schema_then: int) -> None:
    assert killed(old, tmp_path, 60, schema_then) > 0


def test_the_history_of_an_old_book_reads_as_it_did(book: Path, call: Cli, old: Path) -> None:
    now = InProcess(old.parent, old.parent / "funnel.db")  # the book from which the old one was made
    assert call.rows("history --limit 500") == now.rows("history --limit 500")
    for ref in ("L1", "L2", "L9", "O1"):
        assert call.rows(f"history {ref}") == now.rows(f"history {ref}")


def test_who_is_forgotten_is_found_in_backups_of_every_schema(book: Path, call: Cli) -> None:
    call("report")
    call("db backup later.db")
    [earlier] = (book.parent / "book-backups").iterdir()
    told = call("lead forget person9@example.net --yes").err
    assert f"rm {earlier}" in told
    assert "later.db" in told
    assert b"person9@example.net" not in book.read_bytes()
    assert sound(book)
