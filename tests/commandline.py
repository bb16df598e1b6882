"""The command line as its user has it: one environment, one home, one book, and what a command said.

``Installed`` starts the installed program as a process of its own, for pipes, signals, terminals and exit codes.
``InProcess`` runs the same way in within the test's process, which is twenty times as fast.
"""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROGRAM = str(Path(sys.executable).with_name("funnelctl"))
NOW = "2026-11-23T10:00:00Z"  # a Monday


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The object on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the object on stdout."""
        rows: list[dict[str, Any]] = self.json["rows"]
        return rows

    @property
    def row(self) -> dict[str, Any]:
        """The only row of the object on stdout."""
        [row] = self.rows
        return row

    @property
    def error(self) -> dict[str, Any]:
        """The error that ``--json`` has put on stderr, the only thing there."""
        told = json.loads(self.err)
        assert list(told) == ["error"]
        error: dict[str, Any] = told["error"]
        return error

    @property
    def message(self) -> str:
        """The line ``error: ...`` on stderr, without its beginning."""
        [line] = [line for line in self.err.splitlines() if line.startswith("error: ")]
        return line.removeprefix("error: ")

    @property
    def hint(self) -> str:
        """The line ``hint: ...`` on stderr, without its beginning."""
        [line] = [line for line in self.err.splitlines() if line.startswith("hint: ")]
        return line.removeprefix("hint: ")


class Cli:
    """Somebody at a shell: ``cli("lead add 'Ada Lovelace'")``, or word by word, ``cli(["lead", "add", name])``.

    The exit code is asserted: 0, or ``code``. ``env`` changes the environment of one command (``None`` takes a variable
    away), ``now`` is its clock.
    """

    def __init__(self, home: Path, book: Path | None) -> None:
        self.home = home
        self.env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "TMPDIR": str(home),
            "FUNNELCTL_NOW": NOW,
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
        }
        if book:
            self.env["FUNNELCTL_DB"] = str(book)

    def __call__(
        self,
        command: str | Sequence[str | bytes],
        code: int = 0,
        *,
        env: Mapping[str, str | None] | None = None,
        now: str | None = None,
        stdin: str = "",
    ) -> Said:
        words: list[str | bytes] = [*(shlex.split(command) if isinstance(command, str) else command)]
        variables = {**self.env, **(env or {}), **({"FUNNELCTL_NOW": now} if now else {})}
        said = self._started(words, {name: value for name, value in variables.items() if value is not None}, stdin)
        assert said.code == code, f"{words}: exit {said.code} and not {code}\n{said.out}{said.err}"
        if code:
            assert said.out == "", f"{words} failed and yet wrote to stdout: {said.out}"
        return said

    def _started(self, words: list[str | bytes], env: dict[str, str], stdin: str) -> Said:
        raise NotImplementedError

    def json(self, command: str, **more: Any) -> Any:
        """The object that a command answers with ``--json``."""
        return self(f"{command} --json", **more).json

    def rows(self, command: str, **more: Any) -> list[dict[str, Any]]:
        """The rows of that object."""
        rows: list[dict[str, Any]] = self.json(command, **more)["rows"]
        return rows

    def row(self, command: str, **more: Any) -> dict[str, Any]:
        """Its only row."""
        [row] = self.rows(command, **more)
        return row

    def ids(self, command: str, **more: Any) -> list[str]:
        """What a command prints with ``--quiet``."""
        return self(f"{command} --quiet", **more).out.splitlines()

    @property
    def book(self) -> Path:
        """The file that is used."""
        named = self.env.get("FUNNELCTL_DB")
        return Path(named) if named else self.home / "data" / "funnelctl" / "funnel.db"

    def dump(self) -> dict[str, list[Any]]:
        """All that is in the book: every table with all its rows, and the counters from which ids come."""
        with sqlite3.connect(f"file:{self.book}?mode=ro", uri=True) as conn:
            tables = [
                name for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
            ]
            found = {table: sorted(map(repr, conn.execute(f"SELECT * FROM {table}"))) for table in tables}
        conn.close()
        return found


class Installed(Cli):
    """The installed program in a process of its own."""

    def _started(self, words: list[str | bytes], env: dict[str, str], stdin: str) -> Said:
        done = subprocess.run(
            [PROGRAM, *words],
            env=env,
            cwd=self.home,
            input=stdin.encode(),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


class InProcess(Cli):
    """The program within the process of the test."""

    def _started(self, words: list[str | bytes], env: dict[str, str], stdin: str) -> Said:
        from funnelctl.cli.app import command
        from funnelctl.cli.shell import run

        given = [os.fsdecode(word) for word in words]
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        sigpipe = signal.getsignal(signal.SIGPIPE)
        with pytest.MonkeyPatch.context() as patch:
            for name in list(os.environ):
                patch.delenv(name)
            for name, value in env.items():
                patch.setenv(name, value)
            patch.chdir(self.home)
            patch.setattr(sys, "argv", ["funnelctl", *given])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            time.tzset()
            try:
                code = run(lambda: int(command().main(given, prog_name="funnelctl", standalone_mode=False) or 0))
            finally:
                signal.signal(signal.SIGPIPE, sigpipe)
        time.tzset()
        return Said(code, _text(out), _text(err))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode()
