"""Opening the book: created for its owner alone, told from every other file, and nothing else is ever touched."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, new_book, nobody

from funnelctl.errors import Locked, NotFound, Trouble
from funnelctl.store.connection import APPLICATION_ID, Transaction, connect, create_file
from funnelctl.store.schema import NEWEST, version

# Takes a lock, changes pages in place (the cache is too small to hold them) and dies with its journal on the disk.
CRASH = """
import os, signal, sqlite3, sys
conn = sqlite3.connect(sys.argv[1], isolation_level=None)
conn.execute("PRAGMA cache_size=5")
conn.execute("BEGIN IMMEDIATE")
conn.execute("CREATE TABLE half (text)")
conn.executemany("INSERT INTO half VALUES (?)", [("x" * 500,)] * 2000)
os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(path)], check=False)
    assert done.returncode == -9
    assert os.path.getsize(f"{path}-journal") > 0, "the crash left no journal, so that nothing is tested"


def foreign(path: Path, **pragmas: object) -> Path:
    """Another program's database, with a table that is called as one of ours."""
    conn = sqlite3.connect(path)
    for name, value in pragmas.items():
        conn.execute(f"PRAGMA {name}={value}")
    conn.execute("CREATE TABLE lead (first_name)")
    conn.execute("INSERT INTO lead VALUES ('theirs')")
    conn.commit()
    conn.close()
    return path


def everything(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


def test_p28_a_new_file_is_its_owners_alone_under_any_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_file(str(tmp_path / "funnel.db"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(tmp_path / "funnel.db").st_mode) == 0o600


def test_p28_the_journal_is_its_owners_alone_too(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        conn = connect(str(new_book(tmp_path / "funnel.db")))
        with Transaction(conn, "IMMEDIATE", nobody) as transaction:
            transaction.discard = True
            conn.execute("CREATE TABLE more (text)")
            journal = os.stat(tmp_path / "funnel.db-journal")
        conn.close()
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.st_mode) == 0o600


def test_p27_a_file_is_never_created_over_another_or_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "there.db").write_text("precious")
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    for name in ("there.db", "link.db"):
        with pytest.raises(FileExistsError):
            create_file(str(tmp_path / name))
    assert (tmp_path / "there.db").read_text() == "precious"
    assert not (tmp_path / "elsewhere.db").exists()


def test_p13_a_mistyped_path_is_not_found_and_creates_nothing(tmp_path: Path) -> None:
    path = str(tmp_path / "fnnel.db")
    with pytest.raises(NotFound, match="there is no file") as refused:
        connect(path)
    assert refused.value.hint == f"to create it: funnelctl init {path}"
    assert os.listdir(tmp_path) == []


def test_p11_another_programs_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = foreign(tmp_path / "contacts.db")
    before = everything(tmp_path)
    with pytest.raises(Trouble, match="is not a funnelctl file; it was not touched"):
        connect(str(path))
    assert everything(tmp_path) == before


def test_p11_another_programs_database_in_wal_mode_is_left_without_debris(tmp_path: Path) -> None:
    path = foreign(tmp_path / "contacts.db", journal_mode="wal")
    before = everything(tmp_path)
    with pytest.raises(Trouble, match="is not a funnelctl file"):
        connect(str(path))
    assert everything(tmp_path) == before


def test_p11_another_programs_database_is_refused_while_that_program_runs(tmp_path: Path) -> None:
    path = foreign(tmp_path / "contacts.db", journal_mode="wal")
    theirs = sqlite3.connect(path)
    theirs.execute("INSERT INTO lead VALUES ('another')")
    theirs.commit()
    before = {name: data for name, data in everything(tmp_path).items() if not name.endswith("-shm")}
    with pytest.raises(Trouble, match="is not a funnelctl file"):
        connect(str(path))
    assert {name: data for name, data in everything(tmp_path).items() if not name.endswith("-shm")} == before
    theirs.close()


def test_p11_another_programs_journal_is_left_for_that_program(tmp_path: Path) -> None:
    path = foreign(tmp_path / "contacts.db")
    crash(path)
    before = everything(tmp_path)
    with pytest.raises(Trouble, match="is not a funnelctl file"):
        connect(str(path))
    assert everything(tmp_path) == before


def test_the_identity_counts_and_not_the_names_of_tables(tmp_path: Path) -> None:
    path = foreign(tmp_path / "other.db", application_id=APPLICATION_ID + 1)
    with pytest.raises(Trouble, match="is not a funnelctl file"):
        connect(str(path))


def test_our_own_file_is_opened_in_wal_mode_where_its_identity_is_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "wal.db"
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA journal_mode=wal")
    conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version={NEWEST}")
    assert int.from_bytes(path.read_bytes()[68:72], "big") == 0, "the log was written back: nothing is tested"
    opened = connect(str(path))
    assert version(opened) == NEWEST
    opened.close()
    conn.close()


@pytest.mark.parametrize(
    "data",
    [b"", b"name,email\nAda,ada@example.com\n", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["empty", "a table of text", "a header alone", "garbage under a header"],
)
def test_p11_what_is_no_database_is_refused_and_untouched(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.db"
    path.write_bytes(data)
    with pytest.raises(Trouble, match="it was not touched"):
        connect(str(path))
    assert everything(tmp_path) == {"file.db": data}


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="is a directory"):
        connect(str(tmp_path))


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Trouble, match="is not a funnelctl file"):
        connect(str(tmp_path / "pipe"))


def test_p12_a_newer_file_is_refused_and_untouched(tmp_path: Path) -> None:
    path = new_book(tmp_path / "funnel.db")
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA user_version={NEWEST + 1}")
    conn.close()
    before = everything(tmp_path)
    opened = connect(str(path))
    with pytest.raises(Trouble, match="newer funnelctl") as refused:
        version(opened)
    opened.close()
    assert "upgrade" in refused.value.hint
    assert everything(tmp_path) == before


def test_p01_what_a_killed_writer_left_half_done_is_taken_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "funnel.db")
    desk.add_lead("Ada")
    before = desk.content()
    desk.conn.close()
    crash(desk.path)
    conn = connect(str(desk.path))
    assert version(conn) == NEWEST
    conn.close()
    again = Desk(desk.path)
    assert again.content() == before
    assert again.conn.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)
    assert not os.path.exists(f"{desk.path}-journal")


def test_p01_a_writer_killed_in_the_middle_of_its_commit_leaves_a_file_that_opens(tmp_path: Path) -> None:
    """The header is written first: for a moment it speaks of more pages than there are."""
    desk = Desk(tmp_path / "funnel.db")
    desk.add_lead("Ada")
    before = desk.content()
    desk.conn.close()
    crash(desk.path)
    with desk.path.open("r+b") as file:
        file.seek(28)
        file.write((1_000_000).to_bytes(4, "big"))
    look = sqlite3.connect(f"file:{desk.path}?immutable=1", uri=True)
    with pytest.raises(sqlite3.DatabaseError, match="malformed"):
        look.execute("PRAGMA application_id")
    look.close()
    assert Desk(desk.path).content() == before


@pytest.mark.parametrize(
    "name",
    [
        "a?mode=ro.db",
        "a#b.db",
        "100%.db",
        "%41.db",
        "two words.db",
        " .db",
        "añadir 株式.db",
        "file:x.db",
        ":memory:",
        "back\\slash.db",
        "new\nline.db",
        "'; DROP TABLE lead; --.db",
        os.fsdecode(b"latin-\xf1.db"),
    ],
)
def test_a_file_of_any_name_is_created_where_it_was_said(tmp_path: Path, name: str) -> None:
    desk = Desk(tmp_path / name)
    desk.add_lead("Ada")
    desk.conn.close()
    assert os.listdir(tmp_path) == [name]
    assert [row[1] for row in Desk(tmp_path / name).content()["lead"]] == ["Ada"]


def test_a_path_may_begin_with_two_slashes_and_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new_book(tmp_path / "funnel.db")
    monkeypatch.chdir(tmp_path)
    for path in (f"/{tmp_path}/funnel.db", "funnel.db", "./funnel.db"):
        conn = connect(path)
        assert version(conn) == NEWEST
        conn.close()


def test_foreign_keys_hold_and_what_is_erased_is_gone(tmp_path: Path) -> None:
    conn = connect(str(new_book(tmp_path / "funnel.db")))
    found = [
        conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "trusted_schema", "secure_delete")
    ]
    assert found == [1, 0, 1]
    conn.close()


def test_p07_a_file_that_another_program_writes_is_not_taken_for_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNNELCTL_WAIT", "0.2")
    path = new_book(tmp_path / "funnel.db")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    conn = connect(str(path))
    with pytest.raises(Locked):
        version(conn)
    other.execute("ROLLBACK")
    assert version(conn) == NEWEST
    conn.close()
    other.close()


def test_p07_the_version_is_waited_for_and_the_waiting_told(tmp_path: Path) -> None:
    path = new_book(tmp_path / "funnel.db")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    conn = connect(str(path))
    told = []

    def tell() -> None:
        told.append("waiting")
        other.execute("ROLLBACK")

    assert version(conn, tell) == NEWEST
    assert told == ["waiting"]
    conn.close()
    other.close()
