"""What is wrong with an input file: all of it counted, the first thousand in full, and told at once; or, where wrong
rows are left out, all that is wrong with each."""

from __future__ import annotations

from funnelctl.errors import BadData, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelctl.core.importing.words import UnknownWord

MOST = 1000  # problems that are kept in full: a file of a million wrong rows must not fill the memory
MOST_WRONG_ROWS = 100_000  # that may be left out, for the same reason
MOST_HINTS = 2
MOST_OPTIONS = 10
MOST_KINDS = 20


class WrongRows(BadData):
    """Rows of a file are wrong, each of them told."""


class Problems:
    """The problems of one file, as they are found.

    A row is told each time. A word that the whole file uses, such as the name of a stage, is told once, with the line
    where it stands first and the number of rows that say it.

    ``left_out`` are rows with what is wrong with them, if wrong rows are left out at all: of these nothing more is
    told, and what is wrong with others is collected in ``of_rows``.
    """

    def __init__(self, left_out: dict[int, list[Problem]] | None = None) -> None:
        self.count = 0
        self.of_rows: dict[int, list[Problem]] = {}
        self._left_out = left_out
        self.notes: list[str] = []  # what is no problem, and yet was decided for the file as a whole
        self._rows: list[Problem] = []
        self._words: dict[tuple[str, str], list[int]] = {}  # column and message: first line, number of rows
        self._hints: dict[str, list[str]] = {}  # each with the options that would declare unknown words
        self._kinds: dict[tuple[str, str], int] = {}  # column and message without what differs: how many

    def add(self, line: int, column: str, message: str, hint: str = "", *, row: int = 0) -> None:
        """One thing wrong in a row. ``column`` is empty where it is the row as a whole; in ``hint`` its name takes the
        place of ``{column}``. ``row`` is the line on which the row starts, if that is another one.

        Raises ``BadData`` where so many rows are wrong that they cannot be left out any more.
        """
        if not self._is_told(row or line, Problem(line, column, message)):
            return
        self.count += 1
        self._count_kind(column, message)
        if len(self._rows) < MOST:
            self._rows.append(Problem(line, column, message))
            self._hint(_about(hint, column))

    def note(self, text: str) -> None:
        """Something that people should know of the file, once however often it is told."""
        if text not in self.notes:
            self.notes.append(text)

    def add_word(self, line: int, column: str, unknown: UnknownWord) -> None:
        """A word of the file that is not known, wherever it occurs; told again, it only counts. Raises as ``add``."""
        if not self._is_told(line, Problem(line, column, unknown.message)):
            return
        found = self._words.get((column, unknown.message))
        if found is not None:
            found[1] += 1
            return
        self.count += 1
        self._count_kind(column, unknown.message)
        if len(self._words) < MOST:
            self._words[column, unknown.message] = [line, 1]
            self._hint(_about(unknown.hint, column), unknown.option)

    @property
    def shown(self) -> tuple[Problem, ...]:
        """Those that are kept in full, in the order of the file."""
        words = [
            Problem(line, column, f"{message} ({rows:,} row{'s' if rows > 1 else ''})")
            for (column, message), (line, rows) in self._words.items()
        ]
        return tuple(sorted(self._rows + words, key=lambda problem: problem.line)[:MOST])

    def refuse(self, name: str) -> None:
        """Raise ``WrongRows`` with all problems, where there are any; ``name`` is how the file is called."""
        if self.count:
            problems = "1 problem" if self.count == 1 else f"{self.count:,} problems"
            error = WrongRows(f"{name}: {problems}; nothing was saved", self._all_hints(), self.shown, name)
            error.kinds = self.kinds
            raise error

    @property
    def kinds(self) -> tuple[tuple[str, str, int], ...]:
        """Column, message without what differs from row to row, and how often; the commonest first."""
        return tuple(sorted(((*kind, times) for kind, times in self._kinds.items()), key=lambda each: -each[2]))

    def _is_told(self, row: int, problem: Problem) -> bool:
        """Whether a problem is to be told; collects what is wrong with the rows that are to be left out."""
        if self._left_out is None:
            return True
        if row in self._left_out:
            return False
        if len(self.of_rows) + len(self._left_out) >= MOST_WRONG_ROWS and row not in self.of_rows:
            raise BadData(
                f"more than {MOST_WRONG_ROWS:,} rows are wrong; nothing was saved",
                "import without --on-error skip to see the first of them: one option may mend them all",
            )
        self.of_rows.setdefault(row, []).append(problem)
        return True

    def _count_kind(self, column: str, message: str) -> None:
        kind = (column, kind_of(message))
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            kind = ("", "others")
        self._kinds[kind] = self._kinds.get(kind, 0) + 1

    def _hint(self, hint: str, option: str = "") -> None:
        if hint and (hint in self._hints or len(self._hints) < MOST_HINTS):
            options = self._hints.setdefault(hint, [])
            # what stands in two columns is declared once
            if option and len(options) <= MOST_OPTIONS and not any(option in each for each in self._hints.values()):
                options.append(option)

    def _all_hints(self) -> str:
        told = []
        for hint, options in self._hints.items():
            more = " ..." if len(options) > MOST_OPTIONS else ""
            said = f"say what each means: {' '.join(options[:MOST_OPTIONS])}{more}; " if options else ""
            told.append(said + hint)
        return "; ".join(told) or "correct the file and try again"


def _about(hint: str, column: str) -> str:
    """A hint about a column, whose name stands in it within quotes of the shell."""
    return hint.replace("{column}", column.replace("'", "'\"'\"'"))


def kinds_of(problems: Iterable[Problem]) -> tuple[tuple[str, str, int], ...]:
    """Of which kinds ``problems`` are, as ``Problems.kinds`` tells it."""
    told = Problems()
    for problem in problems:
        told.add(problem.line, str(problem.column), problem.message)
    return told.kinds


def kind_of(message: str) -> str:
    """A message without what it repeats of the row: values in quotes, numbers."""
    import re

    return re.sub(r'"[^"]*"|[0-9][0-9,.-]*[0-9]|[0-9]', "…", message)
