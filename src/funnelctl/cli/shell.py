"""The process around a command: signals, streams, exit codes. Every way out of the program passes here."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from contextlib import suppress

from funnelctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


def run(program: Callable[[], int]) -> int:
    """Run the program and turn whatever ends it into one line on stderr and the documented exit code."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `funnelctl lead list | head` ends silently, with 141
    if sys.stderr is None:  # closed by who has started us: `2>&-`
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - for as long as the process lives
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        if sys.stdout is None:
            raise errors.Trouble("stdout is closed; nothing was saved", hint="to drop the answer: > /dev/null")
        code = program()
        if code == errors.INTERRUPTED:  # what Typer makes of a Ctrl-C
            code = report(KeyboardInterrupt())
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("FUNNELCTL_DEBUG"):
            raise
        code = report(error)
        _let_go(sys.stdout)
    _let_go(sys.stderr)
    return code


def _let_go(stream: TextIO | None) -> None:
    """Close a stream that takes no more, or Python would try again at its end and leave with a code of its own."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        with suppress(OSError):
            stream.close()


def after_saving(error: BaseException) -> errors.FunnelctlError:
    """What to tell of an error that comes when the change is in the file already: not that nothing was saved."""
    known = _known(error)
    known.message = known.message.replace("nothing was saved", "the change was saved")
    known.hint = "funnelctl history shows what was done"
    return known


def report(error: BaseException) -> int:
    """Tell people, or with ``--json`` programs, what went wrong; the exit code.

    An error that nobody foresaw is told by its kind alone: its message may hold a value of a person.
    """
    if type(error).__name__ == "NoArgsIsHelpError":  # a group without a command: its help
        code, told = errors.USAGE, f"{getattr(error, 'message', '')}\n"
    else:
        from funnelctl.render.messages import error_lines

        known = _known(error)
        code, told = known.exit_code, error_lines(known, _wants_json(sys.argv[1:]))
    with suppress(OSError):  # the code says it too, where stderr takes nothing
        sys.stderr.write(told)
    return code


def _known(error: BaseException) -> errors.FunnelctlError:
    if isinstance(error, errors.FunnelctlError):
        return error
    if isinstance(error, KeyboardInterrupt):
        return errors.Interrupted("interrupted; nothing was saved")
    if isinstance(error, sqlite3.DatabaseError):
        return _of_database(error)
    if isinstance(error, OSError):
        return errors.Trouble(
            f"{error.strerror or type(error).__name__}; nothing was saved",
            hint="see that the disk has room and that you may write there",
        )
    from typer import Abort
    from typer.exceptions import TyperException

    if isinstance(error, Abort | TyperException):
        return _of_command_line(error)
    return _unforeseen(error)


def _unforeseen(error: BaseException) -> errors.FunnelctlError:
    if isinstance(error, UnicodeEncodeError) and not _are_text(sys.argv):
        return errors.Usage("the command line holds bytes that are no text; nothing was saved", hint="give it in UTF-8")
    kind = type(error).__name__
    return errors.Bug(f"internal error ({kind}); nothing was saved", hint="FUNNELCTL_DEBUG=1 shows where")


def _are_text(words: list[str]) -> bool:
    """Whether ``words`` came as UTF-8: of bytes that are none, Python makes half surrogate pairs."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_database(error: sqlite3.DatabaseError) -> errors.FunnelctlError:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return errors.Locked("another program holds the database; nothing was saved", hint="try again")
    told, hint = {
        sqlite3.SQLITE_READONLY: ("the file, or its directory, is read-only", "name another file: --db PATH"),
        sqlite3.SQLITE_FULL: ("the disk is full", "make room and try again"),
        sqlite3.SQLITE_IOERR: ("the disk refused to read or write", "see whether it is full or failing"),
        sqlite3.SQLITE_CORRUPT: ("the file is damaged", "funnelctl db check says where"),
        sqlite3.SQLITE_NOTADB: ("the file is no database", "name another file: --db PATH"),
        sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", "see that you may read it and write beside it"),
    }.get(
        code,
        (
            f"the database refused ({getattr(error, 'sqlite_errorname', type(error).__name__)})",
            "funnelctl db check says whether the file is whole",
        ),
    )
    return errors.Trouble(f"{told}; nothing was saved", hint=hint)


def _of_command_line(error: Exception) -> errors.FunnelctlError:
    if type(error).__name__ == "Abort":  # no answer to a question
        return errors.Failed("aborted; nothing was saved")
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


def _wants_json(words: list[str]) -> bool:
    """Whether ``--json`` was asked for, known also where the command line could not be understood."""
    if "--json" in words or "--format=json" in words:
        return True
    if "--format" in words[:-1] and words[words.index("--format") + 1] == "json":
        return True
    return os.environ.get("FUNNELCTL_FORMAT") == "json" and not any(word.startswith("--format") for word in words)
