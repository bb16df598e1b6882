"""A file on its way into the book: read, surveyed where single cells do not tell what they mean, and read again."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from funnelctl.cli.progress import watched
from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.problems import Problems, WrongRows
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.importing.refining import refined
from funnelctl.core.importing.task import task_of
from funnelctl.core.importing.undecided import OpenQuestion, Undecided
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Table
from funnelctl.store.intake.run import Taken, take_in
from funnelctl.store.intake.straight import MAY_GO_STRAIGHT, NotAllNew
from funnelctl.store.reports import activities, leads, opportunities
from funnelctl.workspace.outgoing import refuse_taken, taken_away, written_whole

T = TypeVar("T")
LOOKED_AT = 1000  # rows that tell of a column whether it holds dates

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from funnelctl.cli.session import Session
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.errors import Problem
    from funnelctl.store.book import Book


class Done(NamedTuple):
    """What became of a file. ``first`` are the first records that there would be, of a dry run only."""

    taken: Taken
    columns: Columns
    first: Table | None
    plan: Table | None  # what each row would do, of a dry run too
    wrong: dict[int, list[Problem]]  # rows that were left out, by the line on which they start
    decided: Declared  # what was said of the file, and what was found out of it as a whole
    dates: list[str]  # columns left out that may say when records were closed of which no other column does


class Intake:
    """One file and what is said of it. ``stream`` is read from its start, twice if need be; ``name`` is how messages
    call it; ``notes`` grow by what is found out of it.

    ``skip`` leaves wrong rows out, and ``rejects`` is the file to which they are written then. ``limit`` is of the rows
    that a dry run tells.
    """

    def __init__(
        self, session: Session, stream: BinaryIO, name: str, said: Declared, notes: list[str], *,
        skip: bool, rejects: str | None, limit: int | None,
    ) -> None:  # fmt: skip
        self._session, self._stream, self._name, self._said = session, stream, name, said
        self._notes, self._known = notes, len(notes)
        self._opened: list[Sheet] = []  # each would close the stream when it goes
        self._wrong: dict[int, list[Problem]] | None = {} if skip else None
        self._rejects, self._limit = rejects, limit
        self._has_written = False
        self._straight = not session.dry_run  # a plan compares all rows with what is known

    def carry_out(self) -> Done:
        """Take the file in.

        Raises ``BadData`` with all problems, or with the questions that the file leaves open; then nothing was saved.
        """
        if self._rejects:
            refuse_taken(self._rejects, force=None, never=self._session.path)
        try:
            return self._decided(self._once)
        except BaseException:
            if self._has_written and self._rejects and not self._session.saved:
                taken_away(self._rejects)
            raise

    def explained(self, explain: Callable[[Sheet, Columns, Problems, Declared], Answer]) -> Answer:
        """What ``explain`` makes of the file. A question that it leaves open is a note here."""
        try:
            return self._decided(explain)
        except OpenQuestion as question:
            self._tell([f"{question.message.removesuffix('; nothing was saved')}: {question.hint}"])
            return explain(*self._sheet())

    def _decided(self, do: Callable[[Sheet, Columns, Problems, Declared], T]) -> T:
        """What ``do`` makes of the file; once more where it meets what only a whole column can tell, or rows that are
        wrong and to be left out."""
        while True:
            try:
                return do(*self._sheet())
            except Undecided:
                self._survey()
            except NotAllNew:
                self._straight = False
            except WrongRows:
                found = self._opened_with.of_rows
                if self._wrong is None or not found or 0 in found:
                    raise
                self._wrong.update(found)

    def _survey(self) -> None:
        """Find out what single cells cannot tell."""
        from funnelctl.core.importing.survey import survey

        sheet, columns, _, said = self._sheet()
        self._said = self._said._replace(surveyed=True)
        found, told = survey(sheet, columns, said, self._name)
        self._said = self._said._replace(
            date_formats=found.date_formats, decimal=found.decimal, probability=found.probability
        )
        self._tell(told)

    def _survey_for_rejects(self) -> None:
        """Find out how the file is written, also where its good rows leave no doubt of it: those that are wrong may,
        and are too few to tell. What stays open is asked of them when they come back."""
        if not self._said.surveyed:
            notes, known = self._notes[:], self._known
            with suppress(OpenQuestion):
                self._survey()
            self._notes[:], self._known = notes, known

    def _tell(self, found: list[str]) -> None:
        """Note what was found out once for all, however often the file is read."""
        self._notes[self._known :] = found
        self._known = len(self._notes)

    def _sheet(self) -> tuple[Sheet, Columns, Problems, Declared]:
        """The file from its start."""
        self._stream.seek(0)
        del self._notes[self._known :]  # what was noted of the file before is noted again
        problems = self._opened_with = Problems(self._wrong)
        problems.notes = self._notes
        opened = open_sheet(self._stream, self._name, problems, self._said)
        self._opened.append(opened)
        rows = watched(opened.rows, self._stream, self._name, quiet=self._session.quiet)
        sheet, said = refined(opened._replace(rows=rows), self._said, problems)
        assert said.kind is not None
        columns = map_columns(sheet.header, said.columns, said.kind)
        if self._wrong:
            wrong = self._wrong
            sheet = sheet._replace(rows=((line, row) for line, row in sheet.rows if line not in wrong))
        return sheet, columns, problems, said

    def _once(self, sheet: Sheet, columns: Columns, problems: Problems, said: Declared) -> Done:
        session = self._session
        if self._rejects:
            from funnelctl.core.importing.rejects import refuse_ending

            refuse_ending(self._rejects, sheet.form)
        straight = self._straight and said.kind in MAY_GO_STRAIGHT
        with session.writing("import", creates=True, trusting=straight) as work:
            task = task_of(said, columns, work.book.funnel, work.book.region, session.now, work.author.at)
            taken = take_in(
                work.book, work.author, sheet, task, problems, name=self._name, command="import",
                logged_at=instant(session.now), straight=straight,
            )  # fmt: skip
            first = plan = None
            if session.dry_run:
                from funnelctl.store.intake.plan import planned

                first = _first(session, work.book, task.kind, taken)
                plan = planned(work.book, task, taken, self._wrong or {}, self._limit)
            self._write_rejects()  # before all is saved: what is left out must be somewhere
        dates = self._dates_among(columns.unmapped) if taken.undated else []
        return Done(taken, columns, first, plan, self._wrong or {}, self._said, dates)

    def _dates_among(self, columns: tuple[str, ...]) -> list[str]:
        """Those of the columns that hold nothing but dates, as far as the first rows tell."""
        from funnelctl.core.importing.date_column import holds_dates

        self._stream.seek(0)
        sheet = open_sheet(self._stream, self._name, Problems(), self._said)
        self._opened.append(sheet)
        cells = list(zip(*(row for _, row in islice(sheet.rows, LOOKED_AT)), strict=True))
        return [name for name, its in zip(sheet.header, cells, strict=False) if name in columns and holds_dates(its)]

    def _write_rejects(self) -> None:
        if not (self._wrong and self._rejects) or self._session.dry_run:
            return
        from funnelctl.core.importing.rejects import write_rejects

        self._survey_for_rejects()
        self._stream.seek(0)
        sheet = open_sheet(self._stream, self._name, Problems(), self._said)
        self._opened.append(sheet)
        self._stream.seek(0)
        with written_whole(self._rejects, force=None, never=self._session.path) as out:
            write_rejects(out, self._stream, sheet, self._name, self._wrong, self._said)
        self._has_written = True


def _first(session: Session, book: Book, kind: str, taken: Taken) -> Table:
    """The first records that there would be, on a screen as a list of such has them."""
    now = instant(session.now)
    if kind == "activities":
        return activities.shown(book, taken.first)
    if kind == "leads":
        found = [lead for one in taken.first if (lead := book.lead(one))]
        return leads.shown(book, found, now, session.lang)._replace(columns=leads.COLUMNS)
    sales = [record for one in taken.first if (record := book.opportunity(one))]
    return opportunities.shown(book, sales, now, session.lang)._replace(columns=opportunities.listed_columns(()))
