"""Backups are whole, private, and never over anything; restoring one gives the very book back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, nobody
from lived import live

from funnelctl.errors import Conflict, Locked, NotFound, Trouble
from funnelctl.store import backup, connection
from funnelctl.store import restore as restoring
from funnelctl.store.backup import KEPT, Backup, back_up, back_up_before, default_path, directory_of
from funnelctl.store.connection import PAGE, Transaction, connect
from funnelctl.store.digest import digest
from funnelctl.store.readonly import open_readonly
from funnelctl.store.restore import restore

AT = "2026-11-23T10:00:00Z"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def book(lived: Path, tmp_path: Path) -> Path:
    copied = Path(shutil.copy(lived, tmp_path / "funnel.db"))
    copied.chmod(0o600)
    return copied


def content(path: Path | str) -> str:
    conn = sqlite3.connect(path)
    try:
        return digest(conn)
    finally:
        conn.close()


def mode(path: Path | str) -> int:
    return stat.S_IMODE(os.lstat(path).st_mode)


def saved(book: Path, target: Path | str) -> Backup:
    conn = connect(str(book))
    try:
        with Transaction(conn, "IMMEDIATE", nobody):
            return back_up(conn, str(book), str(target), nobody)
    finally:
        conn.close()


def restored(backup: Path | str, book: Path) -> str | None:
    source = open_readonly(str(backup))
    try:
        with Transaction(source, "DEFERRED", nobody):
            return restore(source, str(backup), str(book), AT, nobody, nobody)
    finally:
        source.close()


def tamper(book: Path, statement: str) -> None:
    conn = sqlite3.connect(book)
    with conn:
        conn.execute(statement)
    conn.close()


def elsewhere(code: str) -> str:
    """What another process says; POSIX locks are a process's."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout + done.stderr


def test_p40_a_backup_has_the_content_of_the_book(book: Path, tmp_path: Path) -> None:
    made = saved(book, tmp_path / "copy.db")
    assert made == (str(tmp_path / "copy.db"), (tmp_path / "copy.db").stat().st_size, content(book))
    assert content(tmp_path / "copy.db") == content(book)
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert copy.execute("PRAGMA application_id").fetchone() == (0x46554E4C,)
    assert copy.execute("PRAGMA user_version").fetchone() == (4,)
    copy.close()


def test_p28_a_backup_is_its_owners_alone_under_any_umask(book: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        conn = connect(str(book))
        with Transaction(conn, "IMMEDIATE", nobody):
            made = back_up_before(conn, str(book), "forget", AT, nobody)
        conn.close()
    finally:
        os.umask(before)
    assert mode(made.path) == 0o600
    assert mode(directory_of(str(book))) == 0o700


def test_p27_a_backup_never_overwrites_and_follows_no_link(book: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("precious")
    (tmp_path / "link.db").symlink_to(tmp_path / "precious.txt")
    (tmp_path / "dangling.db").symlink_to(tmp_path / "nothing")
    for name in ("precious.txt", "link.db", "dangling.db"):
        with pytest.raises(Conflict, match="left as it is"):
            saved(book, tmp_path / name)
    assert (tmp_path / "precious.txt").read_text() == "precious"
    assert not (tmp_path / "nothing").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dangling.db",
        "funnel.db",
        "link.db",
        "precious.txt",
    ]


def test_nothing_half_is_left_where_it_fails(book: Path, tmp_path: Path) -> None:
    with book.open("r+b") as file:
        file.seek(book.stat().st_size - PAGE * 12)
        file.write(b"\xff" * PAGE * 12)
    with pytest.raises((sqlite3.DatabaseError, Trouble)):
        saved(book, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["funnel.db"]


def test_the_book_stays_locked_against_others_while_it_is_copied(book: Path, tmp_path: Path) -> None:
    """A second connection of our own to the same file must not drop the locks of the first."""
    writer = f"""
import sqlite3
conn = sqlite3.connect({str(book)!r}, timeout=0, isolation_level=None)
conn.execute("BEGIN IMMEDIATE")
print("has the lock")
"""
    conn = connect(str(book))
    with Transaction(conn, "IMMEDIATE", nobody):
        back_up(conn, str(book), str(tmp_path / "copy.db"), nobody)
        assert "database is locked" in elsewhere(writer)
    conn.close()
    assert "has the lock" in elsewhere(writer)


def test_a_backup_in_wal_mode_is_whole(book: Path, tmp_path: Path) -> None:
    """cp of such a file loses what is still in its log."""
    live = sqlite3.connect(book, isolation_level=None)
    live.execute("PRAGMA journal_mode = WAL")
    live.execute("PRAGMA wal_autocheckpoint = 0")
    live.execute("UPDATE lead SET note = 'in the log alone' WHERE id = 1")
    saved(book, tmp_path / "copy.db")
    copy = sqlite3.connect(tmp_path / "copy.db")
    assert copy.execute("SELECT note FROM lead WHERE id = 1").fetchone() == ("in the log alone",)
    copy.close()
    live.close()


def test_names_tell_when_and_why_and_are_never_taken(book: Path, tmp_path: Path) -> None:
    directory = tmp_path / "funnel-backups"
    assert default_path(str(book), AT) == str(directory / "funnel-20261123T100000Z.db")
    saved(book, default_path(str(book), AT))
    assert default_path(str(book), AT) == str(directory / "funnel-20261123T100000Z-2.db")
    assert default_path(str(book), AT, "-before-forget") == str(directory / "funnel-20261123T100000Z-before-forget.db")


def test_the_newest_ten_automatic_ones_stay_and_all_others(book: Path, tmp_path: Path) -> None:
    directory = tmp_path / "funnel-backups"
    directory.mkdir()
    manual = [
        "funnel-20200101T000000Z.db",
        "mine.db",
        "funnel-old-before-forget.db",
        "other-20200101T000000Z-before-x.db",
    ]
    for name in manual:
        (directory / name).write_text("kept")
    conn = connect(str(book))
    with Transaction(conn, "IMMEDIATE", nobody):
        for minute in range(KEPT + 3):
            back_up_before(conn, str(book), "restore", f"2026-11-23T10:{minute:02}:00Z", nobody)
    conn.close()
    assert sorted(path.name for path in directory.iterdir()) == sorted(
        [*manual, *(f"funnel-20261123T10{minute:02}00Z-before-restore.db" for minute in range(3, KEPT + 3))]
    )


def test_the_newest_stays_when_the_clock_was_put_back(book: Path) -> None:
    conn = connect(str(book))
    with Transaction(conn, "IMMEDIATE", nobody):
        for minute in range(KEPT):
            back_up_before(conn, str(book), "restore", f"2026-11-23T10:{minute:02}:00Z", nobody)
        made = back_up_before(conn, str(book), "restore", "2020-01-01T00:00:00Z", nobody)
    conn.close()
    assert Path(made.path).exists()
    assert len(os.listdir(directory_of(str(book)))) == KEPT


def test_p40_restoring_gives_the_very_book_back(book: Path, tmp_path: Path) -> None:
    before = content(book)
    saved(book, tmp_path / "copy.db")
    tamper(book, "UPDATE lead SET note = 'spoilt'")
    spoilt = content(book)
    former = restored(tmp_path / "copy.db", book)
    assert content(book) == before
    assert former == str(tmp_path / "funnel-backups" / "funnel-20261123T100000Z-before-restore.db")
    assert content(former) == spoilt
    assert mode(book) == 0o600
    restored(former, book)
    assert content(book) == spoilt


def test_restoring_to_where_nothing_is(book: Path, tmp_path: Path) -> None:
    saved(book, tmp_path / "copy.db")
    before = content(book)
    book.unlink()
    assert restored(tmp_path / "copy.db", book) is None
    assert content(book) == before
    assert mode(book) == 0o600


def test_a_journal_that_lost_its_book_would_spoil_the_next_one(book: Path, tmp_path: Path) -> None:
    saved(book, tmp_path / "copy.db")
    book.rename(tmp_path / "damaged.db")
    journal = tmp_path / "funnel.db-journal"
    journal.write_bytes(b"of the damaged one")
    with pytest.raises(Conflict, match="would spoil"):
        restored(tmp_path / "copy.db", book)
    assert not book.exists()
    journal.unlink()
    restored(tmp_path / "copy.db", book)
    assert book.exists()


def test_a_damaged_book_is_kept_as_it_is_and_replaced(book: Path, tmp_path: Path) -> None:
    saved(book, tmp_path / "copy.db")
    before = content(book)
    with book.open("r+b") as file:
        file.seek(PAGE * 3)
        file.write(b"\xff" * PAGE * 40)
    damaged = book.read_bytes()
    former = restored(tmp_path / "copy.db", book)
    assert content(book) == before
    assert former is not None
    assert former.endswith("-damaged.db")
    assert mode(former) == 0o600
    assert Path(former).read_bytes()[PAGE:] == damaged[PAGE:]


def test_what_is_no_book_at_all_is_not_replaced(book: Path, tmp_path: Path) -> None:
    saved(book, tmp_path / "copy.db")
    book.write_text("a letter to my mother")
    with pytest.raises(Trouble) as refused:
        restored(tmp_path / "copy.db", book)
    assert "mv" in refused.value.hint
    assert book.read_text() == "a letter to my mother"


def test_a_book_is_not_restored_from_itself(book: Path) -> None:
    with pytest.raises(Conflict, match="itself"):
        restored(book, book)


def test_a_missing_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_readonly(str(tmp_path / "nothing.db"))
    with pytest.raises(Trouble):
        open_readonly(str(tmp_path))


def test_others_that_have_the_book_open_see_the_restored_one(book: Path, tmp_path: Path) -> None:
    saved(book, tmp_path / "copy.db")
    other = sqlite3.connect(book)
    with other:
        other.execute("UPDATE lead SET note = 'spoilt' WHERE id = 1")
    restored(tmp_path / "copy.db", book)
    assert other.execute("SELECT note FROM lead WHERE id = 1").fetchone() == ("met at the fair",)
    other.close()


def test_a_book_that_others_hold_is_not_restored(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNNELCTL_WAIT", "0")
    saved(book, tmp_path / "copy.db")
    tamper(book, "UPDATE lead SET note = 'as it is now'")
    now = content(book)
    other = sqlite3.connect(book, isolation_level=None)
    reader = "BEGIN; SELECT * FROM lead"
    other.execute(reader.split(";", maxsplit=1)[0])
    other.execute(reader.split(";")[1]).fetchone()
    with pytest.raises(Locked):
        restored(tmp_path / "copy.db", book)
    other.execute("ROLLBACK")
    other.close()
    assert content(book) == now


def test_a_killed_restore_leaves_the_old_book_or_the_new_one(lived: Path, book: Path, tmp_path: Path) -> None:
    """The copying process kills itself in the middle of writing the live file."""
    saved(book, tmp_path / "copy.db")
    new = content(tmp_path / "copy.db")
    tamper(book, "UPDATE lead SET note = hex(randomblob(20000))")
    old = content(book)
    killed = f"""
import os, signal, sqlite3
source, live = sqlite3.connect({str(tmp_path / "copy.db")!r}), sqlite3.connect({str(book)!r})
live.execute("PRAGMA cache_size = 5")
def step(status, remaining, total):
    if remaining < total // 2:
        os.kill(os.getpid(), signal.SIGKILL)
source.backup(live, pages=5, progress=step)
"""
    elsewhere(killed)
    assert (tmp_path / "funnel.db-journal").exists()  # it was in the middle
    assert content(book) == old != new


def test_a_desk_can_go_on_after_a_restore(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "funnel.db")
    desk.add_lead("Ada Lovelace")
    saved(desk.path, tmp_path / "copy.db")
    desk.add_lead("Grace Hopper")
    restored(tmp_path / "copy.db", desk.path)
    again = desk.add_lead("Emmy Noether")
    assert again.ref == "L2"
    assert [row[1] for row in desk.content()["lead"]] == ["Ada Lovelace", "Emmy Noether"]


def vacuumed_otherwise(monkeypatch: pytest.MonkeyPatch, *statements: str) -> None:
    """Have every copy spoilt once it is written, as by a bad disk."""
    whole = backup.waited

    def spoilt(conn: sqlite3.Connection, sql: str, tell: Callable[[], None]) -> sqlite3.Cursor:
        done = whole(conn, sql, tell)
        copy = sqlite3.connect(sql.removeprefix("VACUUM INTO '").removesuffix("'"), isolation_level=None)
        for statement in statements:
            copy.execute(statement)
        copy.close()
        return done

    monkeypatch.setattr(backup, "waited", spoilt)


@pytest.mark.parametrize(
    "spoiling",
    [
        ("UPDATE lead SET note = 'spoilt' WHERE id = 1",),
        (
            "PRAGMA writable_schema = ON",
            "UPDATE sqlite_schema SET sql = 'CREATE INDEX lead_by_name ON lead (company)' WHERE name = 'lead_by_name'",
        ),
        ("PRAGMA user_version = 1",),
    ],
    ids=["a row", "an index", "the schema's number"],
)
def test_a_copy_that_differs_is_no_backup(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoiling: tuple[str, ...]
) -> None:
    vacuumed_otherwise(monkeypatch, *spoiling)
    with pytest.raises(Trouble, match="not kept"):
        saved(book, tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["funnel.db"]


def test_a_backup_is_on_the_disk_before_it_has_its_name(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = []

    def flush(handle: int) -> None:
        flushed.append((os.fstat(handle).st_ino, (tmp_path / "copy.db").exists()))

    monkeypatch.setattr(os, "fsync", flush)
    saved(book, tmp_path / "copy.db")
    assert flushed == [((tmp_path / "copy.db").stat().st_ino, False), (tmp_path.stat().st_ino, True)]


def after_the_safety_copy(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> None:
    kept = restoring._kept

    def and_then(*given: Any) -> tuple[str, object]:
        done = kept(*given)
        then()
        return done

    monkeypatch.setattr(restoring, "_kept", and_then)


def test_what_was_written_after_the_safety_copy_is_not_lost(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(book, tmp_path / "copy.db")
    after_the_safety_copy(monkeypatch, lambda: tamper(book, "UPDATE lead SET note = 'newer' WHERE id = 1"))
    with pytest.raises(Locked, match="meanwhile; nothing was restored"):
        restored(tmp_path / "copy.db", book)
    other = sqlite3.connect(book)
    assert other.execute("SELECT note FROM lead WHERE id = 1").fetchone() == ("newer",)
    other.close()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_nobody_gets_at_the_book_between_the_last_look_and_the_copy(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: str
) -> None:
    saved(book, tmp_path / "copy.db")
    tamper(book, f"PRAGMA journal_mode = {journal}")
    look, said = restoring._version, []

    def looked(conn: sqlite3.Connection) -> object:
        found = look(conn)
        said.append(
            elsewhere(f"""
import sqlite3
conn = sqlite3.connect({str(book)!r}, timeout=0)
conn.execute("UPDATE lead SET note = 'newer' WHERE id = 1")
conn.commit()
""")
        )
        return found

    monkeypatch.setattr(restoring, "_kept", lambda *given: ("kept.db", look(given[0])))
    monkeypatch.setattr(restoring, "_version", looked)
    restored(tmp_path / "copy.db", book)
    assert len(said) == 1
    assert "database is locked" in said[0]
    assert content(book) == content(tmp_path / "copy.db")
    tamper(book, "UPDATE lead SET note = 'newer' WHERE id = 1")  # and afterwards everybody may again


def test_a_book_that_is_not_the_backup_afterwards_is_told(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(book, tmp_path / "copy.db")
    monkeypatch.setattr(restoring, "digest", lambda conn: str(id(conn)))
    with pytest.raises(Trouble, match="not what the backup is"):
        restored(tmp_path / "copy.db", book)


def test_a_disk_that_fails_to_take_the_safety_copy_is_no_damage_of_the_book(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(book, tmp_path / "copy.db")
    tamper(book, "UPDATE lead SET note = 'as it is now'")
    now = content(book)

    def failing(conn: sqlite3.Connection, sql: str, tell: Callable[[], None]) -> sqlite3.Cursor:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise error

    monkeypatch.setattr(backup, "waited", failing)
    with pytest.raises(sqlite3.OperationalError):
        restored(tmp_path / "copy.db", book)
    assert content(book) == now
    assert not list((tmp_path / "funnel-backups").iterdir())


def test_a_file_that_is_held_is_waited_for_and_told_of_before_it_is_read(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "TELL_AFTER_SECONDS", 0.0)
    monkeypatch.setenv("FUNNELCTL_WAIT", "0.3")
    other = sqlite3.connect(book, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    told: list[None] = []
    with pytest.raises(Locked):
        open_readonly(str(book), lambda: told.append(None))
    assert told == [None]
    other.close()
