"""The session of a file of commands: every command in it is a part of one write, one operation, all or nothing.

So the functions of the command line do the work of a batch as they are: each asks its session for a write, and gets a
part of the one that is open.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from funnelctl.cli.session import Session, Writing
from funnelctl.core.batch import REFERENCES, Command
from funnelctl.core.importing.problems import MOST
from funnelctl.core.period import instant, parse_instant
from funnelctl.core.record import NamedTuple
from funnelctl.errors import BadData, Conflict, FunnelctlError, Invalid, NotFound, Problem, Usage
from funnelctl.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from funnelctl.core.change import Change
    from funnelctl.core.table import Answer
    from funnelctl.store.book import Book


class Done(NamedTuple):
    """What became of a line. ``status`` is ``done``, or ``unchanged`` where nothing was to be changed."""

    id: str | None
    line: int
    do: str
    status: str
    message: str


class Batch(Session):
    """The same clock, language and book as ``whole`` has, and its write ``work``, of which every command is a part.

    ``previewed`` is how many lines' changes a dry run is to show; ``None`` for all.
    """

    def __init__(self, whole: Session, work: Writing, previewed: int | None) -> None:
        vars(self).update(vars(whole))
        self.yes = True
        self.done: list[Done] = []
        self.operation: int | None = None  # that of all lines; it begins with the first change
        self._whole, self._work, self._previewed = whole, work, previewed
        self._changed = False
        self._results: dict[str, str] = {}  # the ids that "$name" stands for
        self._failed: list[tuple[int, FunnelctlError]] = []
        self._failures = 0

    @contextmanager
    def writing(self, command: str, *, creates: bool = False, trusting: bool = False) -> Iterator[Writing]:
        """A part of the write that is open."""
        yield Part(self, self._work.book, command)

    def run(self, command: Command, function: Callable[..., Answer]) -> None:
        """Do one line. What is wrong with it is told when all were tried; nothing will be saved then.

        A verb decides before it writes, so that a line that fails has written nothing.
        """
        options = dict(command.options)
        for name in REFERENCES:
            if str(options.get(name, "")).startswith("$"):
                meant = self._results.get(options[name][1:])
                if meant is None:
                    return  # what a line that has failed would have made
                options[name] = meant
        try:
            answer = self._done(function, options)
        except (Invalid, Usage, NotFound, Conflict, BadData) as error:
            self._failures += 1
            if len(self._failed) < MOST:
                self._failed.append((command.line, error))
            return
        rows = answer.rows.rows
        made = str(rows[0][0]) if rows else None
        if command.label and made:
            self._results[command.label] = made
        status = "done" if self._changed else "unchanged"
        self.done.append(Done(made, command.line, command.verb, status, "; ".join((answer.line, *self.notes))))

    def carry_out(self, changes: list[Change]) -> int:
        """Do the changes of a line; the number of the operation."""
        conn = self._work.book.conn
        if self.operation is None:
            self.operation = journal.begin(conn, "apply", instant(self.now), self._work.author.by)
        journal.apply(conn, changes)
        self._changed = True
        if self.dry_run and (self._previewed is None or len(self.done) < self._previewed):
            self._whole.changes += changes
        return self.operation

    def finish(self, name: str) -> None:
        """Close the operation. ``name`` is how messages call the file.

        Raises all that was wrong with the lines, as an error of the first one's kind; a value that is not valid makes
        the file bad data.
        """
        if self._failed:
            first = self._failed[0][1]
            several = self._failures > 1
            hints = (first.hint, "later problems may follow from the first" if several else "")
            kind = BadData if isinstance(first, (Invalid, Usage)) else type(first)
            raise kind(
                f"{name}: {f'{self._failures:,} problems' if several else '1 problem'}; nothing was saved",
                "; ".join(filter(None, hints)),
                tuple(Problem(line, "", _cause(error)) for line, error in self._failed),
                name,
            )
        if self.operation is not None:
            journal.finish(self._work.book.conn, self.operation)

    def _done(self, function: Callable[..., Answer], options: dict[str, Any]) -> Answer:
        at = options.pop("at", None)
        self._changed, self.notes = False, []
        self.at = parse_instant(at, self.now) if at else instant(self.now)
        self.backdated = at is not None
        return function(self, **options)


class Part(Writing):
    """What one line writes."""

    def __init__(self, batch: Batch, book: Book, command: str) -> None:
        super().__init__(batch, book, command)
        self._batch = batch

    def do(self, changes: list[Change]) -> int | None:
        """Carry out the changes; the operation of all lines, ``None`` where there is nothing to change."""
        return self._batch.carry_out(changes) if changes else None


def _cause(error: FunnelctlError) -> str:
    """What is wrong, without the end that the whole of the message will have."""
    return error.message.replace("; nothing was saved", "").replace(". Nothing was saved", "")
