"""P6 to P9: several programs on one file lose nothing, wait for one another, and say so."""

from __future__ import annotations

import os
import shlex
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commandline import PROGRAM, Cli
from funnelctl.store.connection import Transaction, connect


def held(book: Path, how: str = "IMMEDIATE") -> sqlite3.Connection:
    """Another program that holds the book."""
    other = sqlite3.connect(book, isolation_level=None, timeout=0)
    other.execute(f"BEGIN {how}")
    return other


# One person at a keyboard, command after command, each opening the book anew; without the start of an interpreter
# between them, so that the crowd is denser.
TYPIST = """
import sys
from funnelctl.cli.app import command
from funnelctl.cli.shell import run

who, each = sys.argv[1], int(sys.argv[2])
for one in range(each):
    words = ["lead", "add", f"Guest {who}-{one}", "--email", f"g{who}.{one}@example.com", "--quiet"]
    code = run(lambda: int(command().main(words, prog_name="funnelctl", standalone_mode=False) or 0))
    if code:
        sys.exit(code)
"""


def all_are_there(book: Path, writers: int, each: int) -> None:
    """So many writers have each added so many leads: nothing is missing, nothing is there twice."""
    with sqlite3.connect(book) as conn:
        rows = conn.execute("SELECT id, name FROM lead ORDER BY id").fetchall()
        assert [number for number, _ in rows] == list(range(1, writers * each + 1))
        assert {name for _, name in rows} == {f"Guest {who}-{one}" for who in range(writers) for one in range(each)}
        assert conn.execute("SELECT count(*), count(DISTINCT lead_id) FROM move").fetchone() == (len(rows), len(rows))
        assert conn.execute("SELECT count(*) FROM operation").fetchone() == (len(rows),)
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


def test_p06_eight_writers_lose_nothing_and_none_fails(run: Cli, book: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", TYPIST, str(who), "25"], env=run.env, stdout=subprocess.DEVNULL)
        for who in range(8)
    ]
    assert [writer.wait() for writer in writers] == [0] * 8
    all_are_there(book, writers=8, each=25)


@pytest.mark.slow
def test_p06_eight_writers_for_long(run: Cli, book: Path) -> None:
    def writer(who: int) -> None:
        for one in range(100):
            run(["lead", "add", f"Guest {who}-{one}", "--email", f"g{who}.{one}@example.com", "--quiet"])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writer, range(8)))  # raises again what a writer met
    all_are_there(book, writers=8, each=100)


def test_p06_of_eight_who_register_the_same_person_one_does(run: Cli, book: Path) -> None:
    def register(number: int) -> int:
        done = subprocess.run(
            [PROGRAM, "lead", "add", f"Ada {number}", "--email", "ada@example.com"],
            env=run.env, capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(register, range(8)))
    assert sorted(codes) == [0, 4, 4, 4, 4, 4, 4, 4]


@pytest.mark.parametrize("how", ["IMMEDIATE", "EXCLUSIVE"])
def test_p07_a_writer_waits_tells_and_goes_on(run: Cli, book: Path, how: str) -> None:
    other = held(book, how)
    writer = subprocess.Popen(
        [PROGRAM, "lead", "add", "Ada"], env=run.env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stderr is not None
        assert writer.stdout is not None
        told = writer.stderr.readline()  # after a second; the test waits for it as people do
        assert told.startswith("waiting for another program")
        other.execute("ROLLBACK")
        assert writer.stdout.read().startswith("L1 Ada")
        assert writer.wait() == 0
    other.close()


def test_p07_ctrl_c_ends_the_waiting_at_once(run: Cli, book: Path) -> None:
    other = held(book)
    writer = subprocess.Popen(
        [PROGRAM, "lead", "add", "Ada"],
        env=run.env,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with writer:
        assert writer.stderr is not None
        writer.stderr.readline()
        writer.send_signal(signal.SIGINT)
        said = writer.stderr.read()
        assert writer.wait(timeout=10) == 130
    assert "nothing was saved" in said
    other.execute("ROLLBACK")
    other.close()
    assert run.rows("lead list") == []


def test_p07_who_waits_too_long_is_told_to_try_again(run: Cli, book: Path) -> None:
    other = held(book)
    said = run("lead add Ada", code=75, env={"FUNNELCTL_WAIT": "0.2"})
    assert (said.message, said.hint) == (
        "another program holds the database; nothing was saved",
        "try again when it has finished",
    )
    other.execute("ROLLBACK")
    other.close()
    assert run.rows("lead list") == []


def test_p07_a_reader_waits_for_a_writer_that_commits(run: Cli, book: Path) -> None:
    other = held(book, "EXCLUSIVE")
    assert run("lead list", code=75, env={"FUNNELCTL_WAIT": "0.2"}).message.startswith("another program holds")
    other.execute("ROLLBACK")
    other.close()


def test_p08_an_open_reader_cannot_lose_a_writers_work(run: Cli, book: Path) -> None:
    run("lead add Ada")
    run("lead add Bea")
    reader = sqlite3.connect(book, isolation_level=None)
    cursor = reader.execute("SELECT name FROM lead")
    cursor.fetchone()  # as a database browser would leave it
    writer = subprocess.Popen(
        [PROGRAM, "lead", "add", "Cleo"], env=run.env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with writer:
        assert writer.stderr is not None
        assert writer.stderr.readline().startswith("waiting for another program")
        cursor.close()
        assert writer.wait(timeout=30) == 0
    reader.close()
    assert [row["name"] for row in run.rows("lead list")] == ["Ada", "Bea", "Cleo"]


def test_p08_our_own_reader_holds_nothing_while_its_reader_reads(run: Cli, book: Path) -> None:
    """``funnelctl lead list | less``: the answer is read, closed, and only then printed."""
    with sqlite3.connect(book) as conn:
        conn.executemany(
            "INSERT INTO lead (name, name_key, funnel, stage, state, tags, note, created_at, entered_at)"
            " VALUES (?1, ?1, 'consulting', 'enquiry', 'open', '[]', ?2, '2026-01-01', '2026-01-01')",
            [(f"guest {number}", "x" * 1000) for number in range(300)],
        )
    conn.close()
    reader = subprocess.Popen([PROGRAM, "lead", "list", "--json"], env=run.env, stdout=subprocess.PIPE)
    with reader:
        assert reader.stdout is not None
        reader.stdout.read(1)  # it prints now, and the pipe is too small for all of it
        run("lead add Ada", env={"FUNNELCTL_WAIT": "0"})
        reader.stdout.read()
        assert reader.wait() == 0


OTHER = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"


def test_p09_opening_the_book_again_gives_no_lock_away(book: Path) -> None:
    """Each command reads the identity of a file before it opens it: here, in the middle of another transaction."""
    conn = connect(str(book))
    with Transaction(conn, "IMMEDIATE", lambda: None) as transaction:
        transaction.discard = True
        conn.execute("INSERT INTO setting (name, value) VALUES ('a', 'b')")
        again = connect(str(book))
        again.execute("SELECT count(*) FROM lead").fetchone()
        again.close()
        other = subprocess.run([sys.executable, "-c", OTHER, str(book)], capture_output=True, text=True, check=False)
    conn.close()
    assert "database is locked" in other.stderr


# Notes every file that is opened, and when a connection of SQLite's is.
AUDIT = """
import os, sys
opened = []
def hook(event, args):
    if event in ("open", "sqlite3.connect"):
        opened.append((event, str(args[0])))
sys.addaudithook(hook)
sys.argv = sys.argv[1:]
from funnelctl.__main__ import main
try:
    main()
finally:
    book = os.path.basename(os.environ["FUNNELCTL_DB"])
    events = [event for event, path in opened if book in path and not path.endswith(".pyc")]
    sys.stderr.write("\\n" + " ".join(events) + "\\n")
"""


@pytest.mark.parametrize(
    "command", ["lead add Bea --email bea@example.com", "report", "lead list --json", "undo", "history", "lead show L1"]
)
def test_p09_a_command_opens_the_book_through_sqlite_alone(run: Cli, command: str) -> None:
    run("lead add Ada")
    done = subprocess.run(
        [sys.executable, "-c", AUDIT, "funnelctl", *shlex.split(command)],
        env=run.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    events = done.stderr.splitlines()[-1].split()
    assert set(events) == {"sqlite3.connect"}


def test_p06_a_crowd_that_meets_an_empty_place_makes_one_book(newcomer: Cli) -> None:
    def first(number: int) -> None:
        newcomer(["lead", "add", f"Guest {number}"])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(first, range(6)))
    assert len(newcomer.rows("lead list")) == 6
    assert sorted(os.listdir(newcomer.book.parent)) == ["funnel.db"]
