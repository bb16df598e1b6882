"""P6: eight programs write at once, others read: no update is lost and nobody is refused."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from violence import Record

from commandline import PROGRAM, Cli

pytestmark = pytest.mark.slow
WRITERS, EACH = 8, 200


def numbers(cli: Cli, *words: str) -> None:
    """The leads are there, each once, under ids that count up; and the log tells of each."""
    conn = sqlite3.connect(cli.book)
    names = {name for (name,) in conn.execute("SELECT name FROM lead")}
    assert names == set(words)
    assert conn.execute("SELECT count(*), min(id), max(id) FROM lead").fetchone() == (len(words), 1, len(words))
    assert conn.execute("SELECT count(*), count(DISTINCT last_change) FROM operation").fetchone() == (
        len(words),
        len(words),
    )
    assert conn.execute("SELECT count(*) FROM move").fetchone() == (len(words),)
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()


def test_p06_eight_times_two_hundred(run: Cli, record_property: Record) -> None:
    def writer(number: int) -> None:
        for step in range(EACH):
            run(["lead", "add", f"Lead {number}.{step}"])

    start = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(writer, range(WRITERS)))
    seconds = time.monotonic() - start
    numbers(run, *(f"Lead {number}.{step}" for number in range(WRITERS) for step in range(EACH)))
    record_property("figures", f"{WRITERS} x {EACH} lead add: none lost, none refused, {seconds:.0f} s")


@pytest.mark.skipif(not shutil.which("xargs"), reason="needs xargs")
def test_p06_xargs_with_eight_at_once(run: Cli) -> None:
    names = [f"Lead{number}" for number in range(400)]
    done = subprocess.run(
        ["xargs", "-P8", "-I{}", PROGRAM, "lead", "add", "{}", "--quiet"],
        env=run.env, input="\n".join(names), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split()) == sorted(f"L{number}" for number in range(1, 401))
    numbers(run, *names)


def test_p06_readers_see_whole_changes_while_others_write(run: Cli) -> None:
    """Each opportunity comes with its client and its move: a reader never sees one without the other."""
    each = f'"{PROGRAM}" opp add "Deal $n" --client "Client $n" --value "5 EUR" || exit 1'
    writing = subprocess.Popen(
        ["sh", "-c", f"for n in $(seq 150); do {each}; done"], env=run.env, stdout=subprocess.DEVNULL
    )
    seen = []
    while writing.poll() is None:
        live = run.json("report")["live"]
        counted = live["count"]
        total = live["totals"][0]["minor"] if live["totals"] else 0
        assert total == 500 * counted
        seen.append(counted)
    assert writing.returncode == 0
    assert seen == sorted(seen)
    assert len(run.rows("opp list --lead 'Client 150'")) == 1
    assert len(run.rows("lead list --all")) == 150


def test_p06_a_browser_of_the_file_that_holds_a_cursor_open(run: Cli) -> None:
    """As Datasette does with a table of many pages: it reads some rows, does something else, and reads on."""
    for number in range(8):
        run(["lead", "add", f"Lead {number}", "--note", "x" * 50_000])
    browser = sqlite3.connect(f"file:{run.book}?mode=ro", uri=True)
    for turn in range(5):
        cursor = browser.execute("SELECT * FROM lead")
        cursor.fetchone()
        writer = subprocess.Popen([PROGRAM, "lead", "add", f"Visitor {turn}"], env=run.env, stderr=subprocess.PIPE)
        assert writer.stderr
        assert writer.stderr.readline().startswith(b"waiting for another program")
        assert len(cursor.fetchall()) == 7 + turn
        assert writer.communicate(timeout=30)[1] == b""
        assert writer.returncode == 0
    browser.close()
    assert len(run.ids("lead list --limit 100")) == 13


def test_p06_four_imports_at_once(run: Cli) -> None:
    for number in range(4):
        rows = "".join(f"P{number}-{row},Lead {number}.{row},p{number}.{row}@example.com\n" for row in range(2_000))
        (run.home / f"{number}.csv").write_text(f"key,name,email\n{rows}")
    started = [
        subprocess.Popen([PROGRAM, "import", f"{number}.csv", "--as", "leads"], env=run.env, cwd=run.home)
        for number in range(4)
    ]
    assert [process.wait(timeout=120) for process in started] == [0] * 4
    assert run.json("lead list --limit 1")["total"] == 8_000
    for expected in (6_000, 4_000, 2_000, 0):
        run("undo")
        assert run.json("lead list --limit 1")["total"] == expected
    assert os.listdir(run.book.parent).count("book.db-journal") == 0
