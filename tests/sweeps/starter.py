"""Starts the program again and again without paying for its start: loaded once, forked for each command.

Reads one order a line from stdin, as JSON, and answers each with a line. Where ``fault.c`` was preloaded, the disk of a
command can fail. ``cramped`` gives SQLite room for ten pages only, so that it writes in the middle of a transaction.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from functools import partial
from importlib import import_module
from typing import Any

MODULES = ("sqlite_utils", "yaml", "phonenumbers", "funnelctl.cli.app", "funnelctl.render.boxed")


class Cramped(sqlite3.Connection):
    """A connection that holds few pages, whatever is asked for."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if not sql.startswith(("PRAGMA cache_size", "PRAGMA foreign_keys")):
            return super().execute(sql, *values)
        super().execute("PRAGMA cache_size=10")
        return super().execute("PRAGMA temp.cache_size=10" if "cache_size" in sql else sql)


def main() -> None:
    """Answer orders until stdin ends."""
    for module in MODULES:
        import_module(module)
    from funnelctl.cli.app import COMMANDS, GROUPS

    for module in {*COMMANDS.values(), *GROUPS.values()}:
        import_module(f"funnelctl.cli.{module}")
    for line in sys.stdin:
        out, err = os.memfd_create("out"), os.memfd_create("err")
        child = os.fork()
        if child == 0:
            code = command(json.loads(line), out, err)
            os._exit(code)  # the interpreter's own end, which takes longest, has nothing to do any more
        _, status = os.waitpid(child, 0)
        answer = {"code": os.waitstatus_to_exitcode(status), "out": written(out), "err": written(err)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def command(order: dict[str, Any], out: int, err: int) -> int:
    """Be the program for one order; its exit code."""
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(order["home"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = ["funnelctl", *order["words"]]
    sys.stdin = open(os.devnull)  # noqa: SIM115 - for as long as the process lives
    if order["cramped"]:
        sqlite3.connect = partial(sqlite3.connect, factory=Cramped)  # type: ignore[assignment]
    from funnelctl.__main__ import main as funnelctl

    try:
        funnelctl()
    except SystemExit as end:
        sys.stderr.flush()
        return int(end.code or 0)
    raise AssertionError("it always ends with a code")


def written(file: int) -> str:
    """What a command has written."""
    text = os.pread(file, os.fstat(file).st_size, 0).decode()
    os.close(file)
    return text


if __name__ == "__main__":
    main()
