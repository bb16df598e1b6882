"""What an import costs in multiples of ``sqlite3 .import`` of the same file: ``python benchmarks/import_.py``.

Each round imports a file of ten columns with both programs, one right after the other, so that a busy machine slows
both: first into an empty book, then the same file again. Printed are the smallest and the median ratio of processor
time and of time by the clock, and the memory that was held at most. ``--rows N`` and ``--rounds N`` for other sizes,
the default being 100,000 and 5.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

PROGRAM = str(Path(sys.executable).with_name("funnelctl"))
SOURCES = ("referral", "web", "event", "linkedin", "ads")


class Cost(NamedTuple):
    """Of one process: seconds of processor time, seconds by the clock, MiB at most."""

    cpu: float
    wall: float
    memory: float


def run(command: list[str], env: dict[str, str]) -> Cost:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss / 1024)


def day(years: range) -> str:
    """Some day of these years."""
    return f"{random.choice(years)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"  # noqa: S311


def leads(path: Path, rows: int) -> None:
    """A file of leads, each with an e-mail and a phone number."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["key", "name", "email", "company", "source", "phone", "stage", "created", "note", "tags"])
        for i in range(rows):
            phone = f"+34 6{i // 1_000_000 % 100:02d} {i // 1000 % 1000:03d} {i % 1000:03d}"
            out.writerow(
                (f"K{i:07d}", f"Person {i} Surname{i % 977}", f"person{i}@example{i % 997}.com", f"Company {i % 5000}",
                 SOURCES[i % 5], phone, ("enquiry", "")[i % 2], day(range(2023, 2026)), f"note {i % 50}",
                 ("a", "b;c", "")[i % 3])
            )  # fmt: skip


def opportunities(path: Path, rows: int) -> None:
    """A file of opportunities of five thousand clients."""
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["key", "title", "client", "value", "currency", "stage", "created", "close", "source", "service"])
        for i in range(rows):
            value = f"{random.randint(100, 99999)}.{random.randint(0, 99):02d}"  # noqa: S311
            out.writerow(
                (f"D{i:07d}", f"Deal {i}", f"Company {i % 5000}", value, "EUR",
                 ("request", "proposal", "agreement")[i % 3], day(range(2023, 2026)), day(range(2027, 2028)),
                 SOURCES[i % 5], ("audit", "training", "design")[i % 3])
            )  # fmt: skip


def shown(costs: list[Cost], bases: list[Cost]) -> str:
    """The ratios of the rounds."""
    cpu = [cost.cpu / base.cpu for cost, base in zip(costs, bases, strict=True)]
    wall = [cost.wall / base.wall for cost, base in zip(costs, bases, strict=True)]
    return (
        f"cpu {min(cpu):5.2f} {statistics.median(cpu):5.2f}   clock {min(wall):5.2f} {statistics.median(wall):5.2f}"
        f"   {statistics.median(cost.cpu for cost in costs):6.2f} s   {max(cost.memory for cost in costs):4.0f} MiB"
    )


def option(name: str, default: int) -> int:
    """A number from the command line."""
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def main() -> None:
    """Measure and print a table."""
    rows, rounds = option("--rows", 100_000), option("--rounds", 5)
    random.seed(7)
    with tempfile.TemporaryDirectory(prefix="funnelctl-bench-") as directory:
        home = Path(directory)
        env = {**os.environ, "HOME": directory, "XDG_CONFIG_HOME": directory, "LC_ALL": "C.UTF-8"}
        empty, book, plain = home / "empty.db", home / "book.db", home / "plain.db"
        run([PROGRAM, "init", str(empty)], env)
        print(f"{rows:,} rows, {rounds} rounds; smallest and median ratio to sqlite3 .import")  # noqa: T201
        for kind, write in (("leads", leads), ("opportunities", opportunities)):
            file = home / f"{kind}.csv"
            write(file, rows)
            costs: dict[str, list[Cost]] = {"sqlite3": [], "first": [], "again": []}
            for _ in range(rounds):
                plain.unlink(missing_ok=True)
                costs["sqlite3"].append(run(["sqlite3", str(plain), f".import --csv {file} plain"], env))
                shutil.copy(empty, book)
                for when in ("first", "again"):
                    costs[when].append(run([PROGRAM, "--db", str(book), "import", str(file), "--as", kind], env))
            for when, found in costs.items():
                print(f"  {kind:<14} {when:<8} {shown(found, costs['sqlite3'])}")  # noqa: T201


if __name__ == "__main__":
    main()
