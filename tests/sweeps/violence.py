"""Commands that are hurt on their way, and what they left in the file.

A ``Scene`` is a command on a book that is always the same: the clock is fixed and ids count up, so there is exactly one
content before it and one after it. Whatever happened to the command, one of the two must be there, to the letter.
"""

from __future__ import annotations

import json
import random
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from commandline import PROGRAM, Installed, Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

State = dict[str, list[Any]] | None  # the content of a book by table; None: there is no file
Record = Callable[[str, object], None]  # pytest's record_property; "figures" are shown at the end

READ = "lead list --all --quiet"


def state_of(path: Path) -> State:
    """All that a book says; sees to it that it is whole."""
    if not path.exists():
        return None
    conn = sqlite3.connect(path, isolation_level=None)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = [name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        kept = sorted(set(tables) - {"_sqlite_migrations"})  # which has a clock of its own
        return {table: sorted(map(repr, conn.execute(f"SELECT {_told_by(table)} FROM {table}"))) for table in kept}
    finally:
        conn.close()


def _told_by(table: str) -> str:
    return "id, person, kind, at" if table == "forgotten" else "*"  # its hashes are salted anew each time


class Starter:
    """The program, loaded once. ``shim`` is the compiled ``fault.c``."""

    def __init__(self, shim: Path | None = None) -> None:
        preload = {"LD_PRELOAD": str(shim)} if shim else {}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("starter.py"))],
            env={**Installed(Path.home(), None).env, **preload},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(
        self, home: Path, words: Sequence[str], env: Mapping[str, str], fault: Mapping[str, str], *, cramped: bool
    ) -> Said:
        assert self._process.stdin
        assert self._process.stdout
        order = {"home": str(home), "words": words, "env": {**env, **fault}, "cramped": cramped}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return Said(answer["code"], answer["out"], answer["err"])

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Scene(NamedTuple):
    """A command, and the book that is there before it. ``first``: there is none yet, at the default place. ``makes`` is
    the file that it makes or changes, where that is not the book."""

    name: str
    command: str
    before: tuple[str, ...] = ()
    first: bool = False
    cramped: bool = False
    rows: int = 0  # of the file rows.csv
    makes: str = ""


class Arena:
    """One scene, played again and again in ``home``, each time from the same beginning."""

    def __init__(self, scene: Scene, home: Path, store: Path, starter: Starter | None = None) -> None:
        self.scene, self.home, self._start = scene, home, starter
        self.cli = Installed(home, None if scene.first else home / "book.db")
        self.cli.env["FUNNELCTL_WAIT"] = "0"
        self.book = self.cli.book
        self.made = home / scene.makes if scene.makes else self.book
        self.words = shlex.split(scene.command)
        self._kept = store / "before"
        home.mkdir(parents=True)
        if scene.rows:
            (home / "rows.csv").write_text(opportunities(scene.rows))
            (home / "verbs.jsonl").write_text(verbs(scene.rows))
        if not scene.first:
            self.cli("init book.db")
        for command in scene.before:
            self.cli(command)
        shutil.copytree(home, self._kept)
        self.old = state_of(self.made)
        self.reset()
        done = self.run()
        assert done.code == 0, done.err
        self.new = state_of(self.made)
        assert self.new != self.old
        self.allowed = [self.old, self.new]
        if scene.first:  # the file is made first, and stays, whatever becomes of the write
            self.reset()
            self.run("init")
            self.allowed.append(state_of(self.made))
        self.reset()

    def reset(self) -> None:
        """Everything as it was before the command."""
        shutil.rmtree(self.home)
        shutil.copytree(self._kept, self.home)

    def run(self, command: str | None = None, *, fault: Mapping[str, str] | None = None) -> Said:
        """Play the scene, or another command in its place."""
        words = shlex.split(command) if command else self.words
        if self._start:
            return self._start(self.home, words, self.cli.env, fault or {}, cramped=self.scene.cramped)
        done = subprocess.run(
            [PROGRAM, *words], env=self.cli.env, cwd=self.home, capture_output=True, text=True, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def begun(self) -> subprocess.Popen[str]:
        """The scene, still being played. It heeds Ctrl-C, also where the tests run in the background and do not."""
        return subprocess.Popen(
            [PROGRAM, *self.words], env=self.cli.env, cwd=self.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs
        )  # fmt: skip

    def moments(self, runs: int) -> Iterator[float]:
        """So many moments, in seconds from the beginning, spread over all of the scene's life; each time anew."""
        life, lot = 0.0, random.Random(runs)
        for _ in range(3):  # the longest: on a busy machine one of them takes longer than another
            self.reset()
            start = time.monotonic()
            self.run()
            life = max(life, time.monotonic() - start)
        for run in range(runs):
            self.reset()
            yield life * 1.3 * (run + lot.random()) / runs

    def calls(self) -> int:
        """How many calls change the disk while the scene is played: each of them can be struck."""
        self.strike(0, "")
        self.reset()
        return int((self.home.parent / "count").read_text())

    def strike(self, call: int, mode: str) -> Said:
        """Play the scene on a disk that fails at one of those calls (``fault.c`` knows the modes)."""
        fault = {"FAULT_BELOW": self.home, "FAULT_COUNT": self.home.parent / "count", "FAULT_AT": call}
        return self.run(fault={**{name: str(value) for name, value in fault.items()}, "FAULT_MODE": mode})

    def judge(self, said: Said | None = None) -> State:
        """What is there now. The next command works at once, and the scene can be played to its end; ``said`` is what
        the command that was hurt told, which must agree."""
        read = self.run(READ)
        there = self.book.exists()
        assert read.code == (0 if there else 3), read.err
        found = state_of(self.made)
        assert found in self.allowed, "half"
        if said is not None:
            if said.code == 0:
                assert found == self.new, "it said that it was done"
            elif "nothing was saved" in said.err:
                assert found != self.new, f"it said that nothing was saved: {said.err}"
        if found != self.new:
            again = self.run()
            assert again.code == 0, again.err
            assert state_of(self.made) == self.new
        return found


def kills(arena: Arena, runs: int) -> Counter[str]:
    """Kill the scene (-9) so many times; what was left, counted."""
    left = Counter[str]()
    for moment in arena.moments(runs):
        with arena.begun() as process:
            time.sleep(moment)
            process.kill()
            process.communicate()
        try:
            found = arena.judge()
        except AssertionError as error:
            error.add_note(f"killed after {moment:.4f} seconds")
            raise
        left["all" if found == arena.new else "nothing"] += 1
    return left


def verbs(rows: int) -> str:
    """A batch of commands: so many leads, each noted on."""
    lines = []
    for number in range(rows):
        lines.append({"command": "lead add", "name": f"Person {number}", "email": f"p{number}@example.com"})
        lines.append({"command": "lead edit", "ref": f"p{number}@example.com", "note": f"number {number}"})
    return "".join(json.dumps(line) + "\n" for line in lines)


def opportunities(rows: int) -> str:
    """A CSV of opportunities, each with a client of its own."""
    lines = ["key,title,client,client email,value,stage,created,closed"]
    for number in range(rows):
        stage = ("request", "proposal", "won", "lost")[number % 4]
        closed = "2026-03-01" if stage in ("won", "lost") else ""
        lines.append(
            f"K{number},Deal {number},Client {number},c{number}@example.com,{number * 10 + 5} EUR,{stage},"
            f"2026-01-02,{closed}"
        )
    return "\n".join(lines) + "\n"
