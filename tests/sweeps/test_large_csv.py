"""P19: a file of any size is imported in little memory, in a time that grows with its size."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from violence import Record

from commandline import PROGRAM, Cli

MIB = 1 << 20
MOST_MEMORY = 150 * MIB
ENOUGH = 240  # seconds that an import should take at most here: what would take longer is made smaller
LONGEST = 400  # seconds after which it is given up

# Starts a command and tells what it took. A small process of its own: what is told of a child counts the memory of who
# has started it.
MEASURED = """
import json, resource, subprocess, sys, time
start = time.monotonic()
done = subprocess.run(sys.argv[2:], capture_output=True, timeout=float(sys.argv[1]))
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, time.monotonic() - start, used.ru_maxrss * 1024, done.stderr.decode()]))
"""


class Took(NamedTuple):
    """What an import took: seconds and bytes; and what it was of, in rows and bytes."""

    rows: int
    size: int
    seconds: float
    memory: int


def write_leads(path: Path, size: int) -> int:
    """Write a CSV of about ``size`` bytes; the number of its rows."""
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("key,name,email,company,phone,source,note,created\n")
        while file.tell() < size:
            for number in range(rows, rows + 5_000):
                file.write(
                    f"K{number},Person Number {number},person.{number}@firm{number % 997}.example.com,"
                    f'"Firm {number % 997}, Ltd.",,{("web", "referral", "event")[number % 3]},'
                    f"met in hall {number % 13} and wants to hear more about audits,2026-0{number % 9 + 1}-15\n"
                )
            rows += 5_000
    return rows


def imported(cli: Cli, size: int) -> Took:
    """Import a file of that size into a book of its own."""
    place = cli.home / "large"
    place.mkdir()
    cli.env |= {"FUNNELCTL_DB": str(place / "book.db"), "TMPDIR": str(place)}
    cli(["init", str(place / "book.db")])
    rows = write_leads(place / "rows.csv", size)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(LONGEST), PROGRAM, "import", str(place / "rows.csv"), "--as", "leads"],
        env=cli.env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "TimeoutExpired" in done.stderr:
        shutil.rmtree(place)
        pytest.skip(f"an import of {size // MIB} MiB takes more than {LONGEST} s here")
    code, seconds, memory, said = json.loads(done.stdout)
    assert code == 0, said
    assert cli.json("lead list --limit 1")["total"] == rows
    took = Took(rows, (place / "rows.csv").stat().st_size, seconds, memory)
    shutil.rmtree(place)
    assert took.memory < MOST_MEMORY
    return took


def told(took: Took) -> str:
    speed = took.rows / took.seconds
    return (
        f"{took.size / MIB:,.0f} MiB of CSV: {took.rows:,} rows in {took.seconds:.1f} s ({speed:,.0f} rows/s),"
        f" {took.memory / MIB:.0f} MiB of memory"
    )


def test_p19_a_file_of_five_mib_is_imported_in_little_memory(run: Cli) -> None:
    assert imported(run, 5 * MIB).rows > 20_000


@pytest.mark.slow
def test_p19_memory_does_not_grow_with_the_file(run: Cli, record_property: Record) -> None:
    small = imported(run, 50 * MIB)  # from which on SQLite's room for pages, which is bounded, is full
    large = imported(run, 150 * MIB)
    record_property("figures", f"P19: {told(small)}")
    per_row = (large.seconds / large.rows) / (small.seconds / small.rows)
    record_property("figures", f"P19: {told(large)}; a row takes {per_row:.2f} times as long")
    assert large.memory < small.memory + 10 * MIB


@pytest.mark.slow
def test_p19_a_file_of_one_gib(run: Cli, record_property: Record) -> None:
    """As large a part of it as fits into the time (and onto the disk), which is told."""
    small = imported(run, 20 * MIB)
    free = shutil.disk_usage(run.home).free
    size = min(1024 * MIB, int(20 * MIB * ENOUGH / small.seconds), free // 20)
    large = imported(run, size)
    whole = large.seconds * 1024 * MIB / large.size
    record_property("figures", f"P19: {told(large)}; at that rate 1 GiB takes {whole:.0f} s")
