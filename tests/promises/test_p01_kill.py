"""P1: a writer that is killed anywhere leaves all of its work or nothing of it, and a file that is sound."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

ROWS = 2_000
# One operation of many changes, with a cache so small that pages reach the file long before the commit. It says when it
# begins and when it is done, so that a kill can be aimed between the two.
WRITER = f"""
import sys
from datetime import date
from funnelctl.core import leads
from funnelctl.core.author import Author
from funnelctl.store import journal
from funnelctl.store.book import Book
from funnelctl.store.connection import Transaction, connect
from funnelctl.workspace.shelf import Shelf

conn = connect(sys.argv[1])
conn.execute("PRAGMA cache_size=20")
print("ready", flush=True)
with Transaction(conn, "IMMEDIATE", lambda: None):
    book = Book(conn, Shelf(), writable=True)
    author = Author("2026-11-23T10:00:00Z", "tester", False, date(2026, 11, 23), book.next_id)
    operation = journal.begin(conn, "many", author.at, "tester")
    for number in range({ROWS // 2}):
        fields = leads.fields_of({{"name": f"Guest {{number}}", "note": "x" * 200}}, None)
        journal.apply(conn, leads.add(author, fields, book.funnel())[1])
    journal.finish(conn, operation)
print("done", flush=True)
"""


def killed(book: Path, after: float) -> bool:
    """Let the writer work on ``book`` for so many seconds; whether it was killed before it was done."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(book)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    with writer, writer.stdout:
        assert writer.stdout.readline() == "ready\n"
        time.sleep(after)
        writer.kill()
        writer.wait()
        return writer.returncode == -signal.SIGKILL


def state(book: Path) -> tuple[int, int, int]:
    """How many leads, moves and operations there are, once another program has opened the file and found it sound."""
    with sqlite3.connect(book) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        [leads], [moves], [operations] = (
            conn.execute(f"SELECT count(*) FROM {table}").fetchone() for table in ("lead", "move", "operation")
        )
    conn.close()
    return leads, moves, operations


def duration(book: Path) -> float:
    """How long the writer takes when nobody kills it."""
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", WRITER, str(book)], check=True, capture_output=True)
    return time.monotonic() - start


def sweep(tmp_path: Path, empty_book: Path, kills: int) -> None:
    """Kill so many writers at random moments of their work."""
    whole = Path(shutil.copy(empty_book, tmp_path / "whole.db"))
    longest = duration(whole)
    everything = state(whole)
    assert everything == (ROWS // 2, ROWS // 2, 1)
    chance = Random(7)
    died = 0
    for number in range(kills):
        book = Path(shutil.copy(empty_book, tmp_path / f"{number}.db"))
        died += killed(book, chance.uniform(0, longest))
        assert state(book) in ((0, 0, 0), everything)
        book.unlink()
    assert died > kills // 3, "hardly anybody was killed: nothing was tested"


def test_p01_a_writer_that_is_killed_leaves_all_or_nothing(tmp_path: Path, empty_book: Path) -> None:
    sweep(tmp_path, empty_book, kills=8)


@pytest.mark.slow
def test_p01_a_hundred_writers_that_are_killed(tmp_path: Path, empty_book: Path) -> None:
    sweep(tmp_path, empty_book, kills=100)
