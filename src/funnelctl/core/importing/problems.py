"""What is wrong with an input file: all of it counted, the first thousand in full, and told at once."""

from __future__ import annotations

from funnelctl.errors import BadData, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.importing.words import UnknownWord

MOST = 1000  # problems that are kept in full: a file of a million wrong rows must not fill the memory
MOST_HINTS = 2
MOST_OPTIONS = 10


class Problems:
    """The problems of one file, as they are found.

    A row is told each time. A word that the whole file uses, such as the name of a stage, is told once, with the line
    where it stands first and the number of rows that say it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.notes: list[str] = []  # what is no problem, and yet was decided for the file as a whole
        self._rows: list[Problem] = []
        self._words: dict[tuple[str, str], list[int]] = {}  # column and message: first line, number of rows
        self._hints: dict[str, list[str]] = {}  # each with the options that would declare unknown words

    def add(self, line: int, column: str, message: str, hint: str = "") -> None:
        """One thing wrong in a row. ``column`` is empty where it is the row as a whole."""
        self.count += 1
        if len(self._rows) < MOST:
            self._rows.append(Problem(line, column, message))
            self._hint(hint)

    def note(self, text: str) -> None:
        """Something that people should know of the file, once however often it is told."""
        if text not in self.notes:
            self.notes.append(text)

    def add_word(self, line: int, column: str, unknown: UnknownWord) -> None:
        """A word of the file that is not known, wherever it occurs; told again, it only counts."""
        found = self._words.get((column, unknown.message))
        if found is not None:
            found[1] += 1
            return
        self.count += 1
        if len(self._words) < MOST:
            self._words[column, unknown.message] = [line, 1]
            self._hint(unknown.hint, unknown.option)

    @property
    def shown(self) -> tuple[Problem, ...]:
        """Those that are kept in full, in the order of the file."""
        words = [
            Problem(line, column, f"{message} ({rows:,} row{'s' if rows > 1 else ''})")
            for (column, message), (line, rows) in self._words.items()
        ]
        return tuple(sorted(self._rows + words, key=lambda problem: problem.line)[:MOST])

    def refuse(self, name: str) -> None:
        """Raise ``BadData`` with all problems, where there are any; ``name`` is how the file is called."""
        if self.count:
            problems = "1 problem" if self.count == 1 else f"{self.count:,} problems"
            raise BadData(f"{name}: {problems}; nothing was saved", self._all_hints(), self.shown, name)

    def _hint(self, hint: str, option: str = "") -> None:
        if hint and (hint in self._hints or len(self._hints) < MOST_HINTS):
            options = self._hints.setdefault(hint, [])
            if option and len(options) <= MOST_OPTIONS:
                options.append(option)

    def _all_hints(self) -> str:
        told = []
        for hint, options in self._hints.items():
            more = " ..." if len(options) > MOST_OPTIONS else ""
            said = f"say what each means: {' '.join(options[:MOST_OPTIONS])}{more}; " if options else ""
            told.append(said + hint)
        return "; ".join(told) or "correct the file and import it again"
