"""Everything that goes wrong on purpose: one class a cause, with its exit code.

A message says what is wrong; the hint says what to do next. Neither may hold a value of a person that the user did
not type in this very command.
"""

from __future__ import annotations

DONE = 0
FAILED = 1
USAGE = 2
NOT_FOUND = 3
CONFLICT = 4
BAD_DATA = 65
BUG = 70
TROUBLE = 74
LOCKED = 75
INTERRUPTED = 130
PIPE_CLOSED = 141


class FunnelctlError(Exception):
    """An error that the user can do something about.

    ``problems`` are those of one input file, named ``source``: a line each for people (``file:line:column: message``),
    and with ``--json`` for programs. ``kinds`` counts them: column, message without what differs, how many.
    """

    exit_code = FAILED
    code = "failed"
    kinds: tuple[tuple[str, str, int], ...] = ()

    def __init__(self, message: str, hint: str = "", problems: tuple[Problem, ...] = (), source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = problems
        self.source = source

    def say_nothing_was_saved(self) -> None:
        """Let the message of a refused write say so, where it does not yet."""
        if not any(said in self.message.lower() for said in ("nothing was", "left as it", "not touched")):
            self.message += "; nothing was saved"


class Failed(FunnelctlError):
    """The command was understood and could not be done."""


class Usage(FunnelctlError):
    """The words of the command line, or a value among them, are not valid."""

    exit_code = USAGE
    code = "usage"


class Invalid(FunnelctlError):
    """A value is not what its field may hold. An import makes it a problem of a line."""

    exit_code = USAGE
    code = "usage"


class NotFound(FunnelctlError):
    """A file, a record or a funnel that was named is not there."""

    exit_code = NOT_FOUND
    code = "not_found"


class Conflict(FunnelctlError):
    """An illegal move, a duplicate, an ambiguous reference, or a record that has changed since."""

    exit_code = CONFLICT
    code = "conflict"


class BadData(FunnelctlError):
    """An input file, or a funnel file, holds what it may not hold."""

    exit_code = BAD_DATA
    code = "bad_data"


class Trouble(FunnelctlError):
    """The disk or the database refused: not ours, damaged, full, or not readable."""

    exit_code = TROUBLE
    code = "trouble"


class Unconfirmed(Trouble):
    """All of it was written, and then the disk did not confirm that it stays: nobody may say that nothing was saved."""

    def say_nothing_was_saved(self) -> None:
        """It may have been."""


class Locked(FunnelctlError):
    """Another program holds the database; nothing is wrong, try again."""

    exit_code = LOCKED
    code = "locked"


class Interrupted(FunnelctlError):
    """Somebody pressed Ctrl-C."""

    exit_code = INTERRUPTED
    code = "interrupted"


class Bug(FunnelctlError):
    """Something that nobody foresaw."""

    exit_code = BUG
    code = "bug"


class Problem:
    """One thing wrong in an input file: 1-based ``line`` and ``column``; 0 where it has no place of its own.

    ``column`` is the character in the line for a funnel file, the name of the column for a table.
    """

    __slots__ = ("column", "line", "message")

    def __init__(self, line: int, column: int | str, message: str) -> None:
        self.line = line
        self.column = column
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"Problem{self._all()!r}"

    def _all(self) -> tuple[int, int | str, str]:
        return (self.line, self.column, self.message)
