"""One number for the content: equal where two files say the same, another where anything differs."""

from __future__ import annotations

import shutil
import sqlite3
import tracemalloc
from pathlib import Path

import pytest
from lived import live

from commandline import InProcess
from funnelctl.store.digest import digest


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def book(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(lived, tmp_path / "book.db"))


def of(path: Path) -> str:
    conn = sqlite3.connect(path)
    try:
        return digest(conn)
    finally:
        conn.close()


def tamper(book: Path, statement: str) -> None:
    conn = sqlite3.connect(book)
    with conn:
        conn.execute(statement)
    conn.close()


def test_it_is_a_sha256_and_the_same_each_time(book: Path) -> None:
    assert len(of(book)) == 64
    assert of(book) == of(book)


def test_where_rows_lie_makes_no_difference(book: Path) -> None:
    before = of(book)
    conn = sqlite3.connect(book)
    conn.execute("CREATE INDEX one_more ON move (by)")
    conn.execute("PRAGMA page_size = 4096")
    conn.execute("VACUUM")
    conn.close()
    assert of(book) == before


def test_a_row_that_was_taken_out_and_put_back_makes_no_difference(book: Path) -> None:
    before = of(book)
    conn = sqlite3.connect(book)
    with conn:
        row = conn.execute("SELECT * FROM lead WHERE id = 4 OR id = 5 ORDER BY id").fetchone()
        conn.execute("DELETE FROM lead WHERE id = ?", row[:1])
        conn.execute(f"INSERT INTO lead VALUES ({', '.join('?' * len(row))})", row)
    conn.close()
    assert of(book) == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE lead SET note = note || ' ' WHERE id = 1",
        "UPDATE lead SET note = '' WHERE id = 5",
        "UPDATE opportunity SET value_minor = value_minor + 1 WHERE id = 1",
        "UPDATE opportunity SET probability = probability + 1e-15 WHERE id = 1",
        "UPDATE operation SET command = 'Lead add' WHERE id = 1",
        "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'lead'",
        "UPDATE move SET id = 9999 WHERE id = (SELECT max(id) FROM move)",
        "DELETE FROM lead_alias WHERE id = 1",
        "CREATE TABLE own (x)",
    ],
)
def test_any_change_makes_another(book: Path, change: str) -> None:
    before = of(book)
    tamper(book, change)
    assert of(book) != before


def test_a_value_and_its_text_are_told_apart(tmp_path: Path) -> None:
    numbers = set()
    for value in ("1", "'1'", "1.0", "NULL", "''", "x'31'", "'null'"):
        path = tmp_path / "own.db"
        path.unlink(missing_ok=True)
        tamper(path, f"CREATE TABLE own AS SELECT {value} AS x")
        numbers.add(of(path))
    assert len(numbers) == 7


def test_columns_do_not_run_into_one_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    tamper(one, "CREATE TABLE own AS SELECT 'ab' AS x, 'c' AS y")
    tamper(other, "CREATE TABLE own AS SELECT 'a' AS x, 'bc' AS y")
    assert of(one) != of(other)


def test_the_copies_of_funnel_files_are_left_out(tmp_path: Path, book: Path) -> None:
    """They are refreshed by the way, without being a change of the book."""
    before = of(book)
    tamper(book, "UPDATE stage SET why = 'another reason'")
    tamper(book, "UPDATE funnel SET stamp = 'another file'")
    assert of(book) == before


def test_undo_and_redo_are_content_too(tmp_path: Path, book: Path) -> None:
    before = of(book)
    call = InProcess(tmp_path, book)
    call("lead add Zoe")
    call("undo")
    assert of(book) != before


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    tamper(path, "CREATE TABLE own (x)")
    tamper(
        path,
        "INSERT INTO own WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50000)"
        " SELECT hex(randomblob(100)) || n FROM n",
    )
    of(path)  # what it imports is not its memory
    tracemalloc.start()
    of(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 4
