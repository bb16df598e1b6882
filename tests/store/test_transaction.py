"""One command, one transaction: all of it or nothing, and other programs are waited for and told about."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import new_book, nobody

from funnelctl.errors import Locked
from funnelctl.store import connection
from funnelctl.store.connection import Transaction, connect, waited


@pytest.fixture(autouse=True)
def _told_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """People are told after a second; here there are none to be spared."""
    monkeypatch.setattr(connection, "TELL_AFTER_SECONDS", 0.1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_book(tmp_path / "funnel.db")


@pytest.fixture
def conn(path: Path) -> Iterator[sqlite3.Connection]:
    opened = connect(str(path))
    yield opened
    opened.close()


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program with the same file open."""
    opened = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield opened
    opened.close()


def put(conn: sqlite3.Connection, name: str) -> None:
    conn.execute("INSERT INTO setting (name, value) VALUES (?, 'x')", (name,))


def names(conn: sqlite3.Connection) -> list[str]:
    return [row[0] for row in conn.execute("SELECT name FROM setting ORDER BY name").fetchall()]


def test_what_is_done_inside_is_there_for_others_afterwards(
    conn: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    with Transaction(conn, "IMMEDIATE", nobody):
        put(conn, "a")
        assert names(other) == []
    assert names(other) == ["a"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_it_nothing_stays(
    conn: sqlite3.Connection, other: sqlite3.Connection, error: type[BaseException]
) -> None:
    def spoilt() -> None:
        with Transaction(conn, "IMMEDIATE", nobody):
            put(conn, "a")
            put(conn, "b")
            raise error

    with pytest.raises(error):
        spoilt()
    assert names(other) == []
    assert not conn.in_transaction
    with Transaction(conn, "IMMEDIATE", nobody):  # and the connection can go on
        put(conn, "c")
    assert names(other) == ["c"]


def test_a_discarded_one_has_seen_its_own_writes_and_leaves_nothing(conn: sqlite3.Connection) -> None:
    with Transaction(conn, "IMMEDIATE", nobody) as transaction:
        transaction.discard = True
        put(conn, "a")
        assert names(conn) == ["a"]
    assert names(conn) == []
    assert not conn.in_transaction


def test_a_refused_statement_in_the_middle_takes_everything_back(conn: sqlite3.Connection) -> None:
    def spoilt() -> None:
        with Transaction(conn, "IMMEDIATE", nobody):
            put(conn, "a")
            put(conn, "a")

    with pytest.raises(sqlite3.IntegrityError):
        spoilt()
    assert names(conn) == []


def test_a_second_writer_has_to_wait_from_the_beginning(conn: sqlite3.Connection, other: sqlite3.Connection) -> None:
    with Transaction(conn, "IMMEDIATE", nobody), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_p08_an_open_reader_cannot_lose_a_writers_work(conn: sqlite3.Connection, other: sqlite3.Connection) -> None:
    for name in "abc":
        put(other, name)
    reading = other.execute("SELECT name FROM setting")
    reading.fetchone()  # as `... | less` would leave it
    told = []

    def tell() -> None:
        told.append("waiting")
        reading.close()

    with Transaction(conn, "IMMEDIATE", tell):
        put(conn, "d")
    assert told == ["waiting"]
    assert names(other) == ["a", "b", "c", "d"]


def test_p08_a_reader_who_never_ends_stops_the_writer_who_saves_nothing(
    conn: sqlite3.Connection, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNNELCTL_WAIT", "0.2")
    put(other, "a")
    reading = other.execute("SELECT name FROM setting UNION ALL SELECT name FROM setting")
    reading.fetchone()
    with pytest.raises(Locked, match="nothing was saved"), Transaction(conn, "IMMEDIATE", nobody):
        put(conn, "b")
    assert not conn.in_transaction
    reading.close()
    assert names(other) == ["a"]


@pytest.mark.parametrize("mode", ["IMMEDIATE", "DEFERRED"])
def test_p07_a_lock_that_is_given_back_is_waited_for_and_told_of(
    conn: sqlite3.Connection, other: sqlite3.Connection, mode: str
) -> None:
    other.execute("BEGIN EXCLUSIVE")
    put(other, "a")
    told = []

    def tell() -> None:
        told.append("waiting")
        other.execute("COMMIT")

    with Transaction(conn, mode, tell):
        assert names(conn) == ["a"]
    assert told == ["waiting"]


def test_p07_waiting_is_told_once_and_ends(
    conn: sqlite3.Connection, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNNELCTL_WAIT", "0.7")  # several tries after it was told
    other.execute("BEGIN EXCLUSIVE")
    told: list[str] = []
    with pytest.raises(Locked) as refused, Transaction(conn, "IMMEDIATE", lambda: told.append("waiting")):
        raise AssertionError("the lock was not there to be had")
    assert told == ["waiting"]
    assert refused.value.exit_code == 75
    assert refused.value.hint == "try again when it has finished"
    other.execute("ROLLBACK")


@pytest.mark.parametrize("patience", ["0", "-1", "nan"])
def test_who_has_no_patience_is_refused_at_once(
    conn: sqlite3.Connection, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, patience: str
) -> None:
    monkeypatch.setenv("FUNNELCTL_WAIT", patience)
    other.execute("BEGIN EXCLUSIVE")
    told: list[str] = []
    with pytest.raises(Locked):
        waited(conn, "BEGIN IMMEDIATE", lambda: told.append("waiting"))
    assert told == []
    other.execute("ROLLBACK")


def test_only_a_lock_is_waited_for(conn: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        waited(conn, "SELECT * FROM nowhere", nobody)


def test_a_reader_sees_one_state_of_the_book_from_first_to_last(
    conn: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    with Transaction(conn, "DEFERRED", nobody):
        assert names(conn) == []
        other.execute("BEGIN IMMEDIATE")
        put(other, "a")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("COMMIT")
        assert names(conn) == []
    other.execute("COMMIT")
    assert names(conn) == ["a"]
