"""A file on its way into the book: read, surveyed where single cells do not tell what they mean, and read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet, without_errors
from funnelctl.core.importing.refining import refined
from funnelctl.core.importing.task import task_of
from funnelctl.core.importing.undecided import OpenQuestion, Undecided
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Table
from funnelctl.store.intake.run import Taken, take_in
from funnelctl.store.reports import activities, leads, opportunities

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from funnelctl.cli.session import Session
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.store.book import Book


class Done(NamedTuple):
    """What became of a file. ``first`` are the first records that there would be, of a dry run only."""

    taken: Taken
    columns: Columns
    first: Table | None


class Intake:
    """One file and what is said of it. ``stream`` is read from its start, twice if need be; ``name`` is how messages
    call it; ``notes`` grow by what is found out of it."""

    def __init__(self, session: Session, stream: BinaryIO, name: str, said: Declared, notes: list[str]) -> None:
        self._session, self._stream, self._name, self._said = session, stream, name, said
        self._notes, self._known = notes, len(notes)
        self._opened: list[Sheet] = []  # each would close the stream when it goes

    def carry_out(self) -> Done:
        """Take the file in.

        Raises ``BadData`` with all problems, or with the questions that the file leaves open; then nothing was saved.
        """
        return self._decided(self._once)

    def explained(self, explain: Callable[[Sheet, Columns, Problems, Declared], Answer]) -> Answer:
        """What ``explain`` makes of the file. A question that it leaves open is a note here."""
        try:
            return self._decided(explain)
        except OpenQuestion as question:
            self._tell([f"{question.message.removesuffix('; nothing was saved')}: {question.hint}"])
            return explain(*self._sheet())

    def _decided(self, do: Callable[[Sheet, Columns, Problems, Declared], T]) -> T:
        """What ``do`` makes of the file; once more where it meets what only a whole column can tell."""
        try:
            return do(*self._sheet())
        except Undecided:
            self._survey()
            return do(*self._sheet())

    def _survey(self) -> None:
        """Find out what single cells cannot tell."""
        from funnelctl.core.importing.survey import survey

        sheet, columns, _, said = self._sheet()
        self._said = self._said._replace(surveyed=True)
        found, told = survey(sheet, columns, said, self._name)
        self._said = self._said._replace(date_formats=found.date_formats, decimal=found.decimal)
        self._tell(told)

    def _tell(self, found: list[str]) -> None:
        """Note what was found out once for all, however often the file is read."""
        self._notes[self._known :] = found
        self._known = len(self._notes)

    def _sheet(self) -> tuple[Sheet, Columns, Problems, Declared]:
        self._stream.seek(0)
        del self._notes[self._known :]  # what was noted of the file before is noted again
        problems = Problems()
        problems.notes = self._notes
        opened = open_sheet(self._stream, self._name, problems, self._said)
        self._opened.append(opened)
        sheet, said = refined(opened, self._said, problems)
        assert said.kind is not None
        columns = map_columns(sheet.header, said.columns, said.kind)
        return without_errors(sheet, columns, problems), columns, problems, said

    def _once(self, sheet: Sheet, columns: Columns, problems: Problems, said: Declared) -> Done:
        session = self._session
        with session.writing("import", creates=True) as work:
            task = task_of(said, columns, work.book.funnel, work.book.region, session.now, work.author.at)
            taken = take_in(
                work.book, work.author, sheet, task, problems, name=self._name, command="import",
                logged_at=instant(session.now),
            )  # fmt: skip
            first = _first(session, work.book, task.kind, taken) if session.dry_run else None
        return Done(taken, columns, first)


def _first(session: Session, book: Book, kind: str, taken: Taken) -> Table:
    """The first records that there would be."""
    now = instant(session.now)
    if kind == "activities":
        return activities.shown(book, taken.first)
    if kind == "leads":
        return leads.shown(book, [lead for one in taken.first if (lead := book.lead(one))], now, session.lang)
    found = [record for one in taken.first if (record := book.opportunity(one))]
    return opportunities.shown(book, found, now, session.lang)
