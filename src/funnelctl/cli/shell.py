"""The process around a command: signals, streams, exit codes. Every way out of the program passes here."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys

from funnelctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def run(program: Callable[[], int]) -> int:
    """Run the program and turn whatever ends it into one line on stderr and the documented exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `funnelctl lead list | head` ends silently, with 141
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = program()
        sys.stdout.flush()
    except Exception as error:
        if os.environ.get("FUNNELCTL_DEBUG"):
            raise
        code = report(error)
    except KeyboardInterrupt:
        code = errors.INTERRUPTED
    if code == errors.INTERRUPTED:
        _write(errors.FunnelctlError("interrupted; nothing was saved"), "interrupted")
    return code


def report(error: Exception) -> int:
    """Tell people, or with ``--json`` programs, what went wrong; the exit code.

    An error that nobody foresaw is told by its kind alone: its message may hold a value of a person.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{getattr(error, 'message', '')}\n")  # a group without a command: its help
        return errors.USAGE
    known = _known(error)
    _write(known, known.code)
    return known.exit_code


def _known(error: Exception) -> errors.FunnelctlError:
    if isinstance(error, errors.FunnelctlError):
        return error
    if isinstance(error, sqlite3.DatabaseError):
        return _of_database(error)
    if isinstance(error, OSError):
        return errors.Trouble(f"{error.strerror or type(error).__name__}; nothing was saved")
    from typer import Abort
    from typer.exceptions import TyperException

    if isinstance(error, Abort):
        return errors.Failed("aborted; nothing was saved")
    if isinstance(error, TyperException):
        return _of_command_line(error)
    found = errors.FunnelctlError(
        f"internal error ({type(error).__name__}); nothing was saved", hint="FUNNELCTL_DEBUG=1 shows where"
    )
    found.exit_code, found.code = errors.BUG, "bug"
    return found


def _of_database(error: sqlite3.DatabaseError) -> errors.FunnelctlError:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.Locked("another program holds the database; nothing was saved", hint="try again")
    told = {
        sqlite3.SQLITE_READONLY: "the file, or its directory, is read-only",
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_IOERR: "the disk refused to read or write",
        sqlite3.SQLITE_CORRUPT: "the file is damaged",
        sqlite3.SQLITE_NOTADB: "the file is no database",
        sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    }.get(code, f"the database refused ({getattr(error, 'sqlite_errorname', type(error).__name__)})")
    return errors.Trouble(f"{told}; nothing was saved")


def _of_command_line(error: Exception) -> errors.FunnelctlError:
    message = str(getattr(error, "message", "")) or "the command line is not complete"
    context = getattr(error, "ctx", None)
    hint = f"{context.command_path} --help shows how" if context else "funnelctl --help shows the commands"
    message = message[:1].lower() + message[1:].rstrip(".")
    name = getattr(error, "param_hint", None) or getattr(getattr(error, "param", None), "name", None)
    if type(error).__name__ == "MissingParameter":
        param = getattr(error, "param", None)
        kind = "option" if param is not None and param.param_type_name == "option" else "argument"
        shown = param.opts[0] if param is not None and kind == "option" else str(name).upper()
        message = f"the {kind} {shown} is missing"
    possibilities = getattr(error, "possibilities", None)
    if possibilities:
        hint = "did you mean " + " or ".join(sorted(possibilities)) + f"? {hint}"
    return errors.Usage(message, hint=hint)


def _write(error: errors.FunnelctlError, code: str) -> None:
    from funnelctl.render.messages import error_lines

    error.code = code
    sys.stderr.write(error_lines(error, _wants_json(sys.argv[1:])))


def _wants_json(words: list[str]) -> bool:
    """Whether ``--json`` was asked for, known also where the command line could not be understood."""
    if "--json" in words or "--format=json" in words:
        return True
    if "--format" in words[:-1] and words[words.index("--format") + 1] == "json":
        return True
    return os.environ.get("FUNNELCTL_FORMAT") == "json" and not any(word.startswith("--format") for word in words)
