"""What a command costs as a whole process, in multiples of the bare interpreter: ``python benchmarks/startup.py``.

Pairs of runs, one right after the other, so that a busy machine slows both; medians of their ratios of processor time.
``--pairs N`` for more or fewer of them.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = str(Path(sys.executable).with_name("funnelctl"))
BARE = [sys.executable, "-c", "pass"]
ADD = [PROGRAM, "lead", "add", "Grace Hopper"]
LEADS = 100_000

FILLING = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
    " INSERT INTO lead (name, name_key, company, email, email_key, source, funnel, stage, state, tags, created_at,"
    " entered_at) SELECT 'Guest ' || i, 'guest ' || i, 'Company ' || i % 900, 'g' || i || '@example.com',"
    " 'g' || i || '@example.com', 'event', 'consulting', 'enquiry', 'open', '[]', '2026-11-20T10:00:00Z',"
    " '2026-11-20T10:00:00Z' FROM n",
    "INSERT INTO move (lead_id, kind, funnel, to_stage, state, at, by)"
    " SELECT id, 'enter', funnel, stage, state, created_at, 'somebody' FROM lead WHERE id > 1 AND ?1",
    "INSERT INTO operation (kind, command, at, by, first_change, last_change)"
    " SELECT 'do', 'import', '2026-11-20T10:00:00Z', 'somebody', max(id) + 1, max(id) + ?1 FROM entry",
    "INSERT INTO entry (table_name, row_id, after)"
    " SELECT 'lead', id, json_object('id', id, 'name', name, 'email', email) FROM lead WHERE id > 1 AND ?1",
)


def cost(command: list[str], env: dict[str, str]) -> float:
    """Seconds of processor time of one process, its own and the system's for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quiet = subprocess.DEVNULL
    subprocess.run(command, env=env, check=True, stdout=quiet, stderr=quiet)  # noqa: S603 - commands of our own
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def ratio(command: list[str], env: dict[str, str], against: list[str], other: dict[str, str], pairs: int) -> float:
    """The median of how much more ``command`` costs than ``against``, run right before it."""
    found = []
    for _ in range(pairs):
        base = cost(against, other)
        found.append(cost(command, env) / base)
    return statistics.median(found)


def book(path: Path) -> dict[str, str]:
    """A book that has been used before, so that its funnel is copied; the environment in which it is the one."""
    env = {**os.environ, "FUNNELCTL_DB": str(path), "HOME": str(path.parent), "XDG_CONFIG_HOME": str(path.parent)}
    env |= {"FUNNELCTL_NOW": "2026-11-23T10:00:00Z", "LC_ALL": "C.UTF-8"}
    for words in ("init", "lead add Ada", "opp add Audit --client Bea --value 9EUR"):
        cost([PROGRAM, *words.split()], env)
    return env


def fill(path: Path) -> None:
    """A hundred thousand leads more, with their moves and what the log keeps of them."""
    conn = sqlite3.connect(path)
    for sql in FILLING:
        conn.execute(sql, (LEADS,))
    conn.commit()
    conn.close()


def main() -> None:
    """Measure and print a table."""
    pairs = int(sys.argv[sys.argv.index("--pairs") + 1]) if "--pairs" in sys.argv else 25
    with tempfile.TemporaryDirectory(prefix="funnelctl-bench-") as directory:
        small, large = Path(directory) / "small.db", Path(directory) / "large.db"
        env, env_large = book(small), book(large)
        fill(large)
        bare = statistics.median(cost(BARE, env) for _ in range(pairs))
        rows = [("import sqlite3", ratio([sys.executable, "-c", "import sqlite3"], env, BARE, env, pairs))]
        commands = ("lead add Grace", "report --json", "report", "opp list", "--version", "--help")
        rows += [(words, ratio([PROGRAM, *words.split()], env, BARE, env, pairs)) for words in commands]
        rows.append((f"report, {LEADS:,} leads", ratio([PROGRAM, "report"], env_large, BARE, env, pairs)))
        grown = ratio(ADD, env_large, ADD, env, pairs)
    python = ".".join(map(str, sys.version_info[:3]))
    lines = [f"Python {python}, SQLite {sqlite3.sqlite_version}; bare Python {bare * 1000:.1f} ms; {pairs} pairs", ""]
    lines += [f"{name:<30}{value:>6.2f} x bare Python" for name, value in rows]
    lines.append(f"{f'lead add, {LEADS:,} leads':<30}{grown:>6.2f} x the same in a file of two")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
