"""How a file would be read, told by its columns: as which field, why, with a few of its values and what is wrong."""

from __future__ import annotations

from collections import Counter

from funnelctl.core.importing.declared import LEAVE_OUT
from funnelctl.core.importing.fields import word_of
from funnelctl.core.importing.task import Tally
from funnelctl.core.importing.words import UnknownWord
from funnelctl.core.record import NamedTuple
from funnelctl.core.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.core.importing.task import Task

SAMPLES = 3  # values that are shown of a column, each other than the ones before
LONGEST_SAMPLE = 60  # characters
MOST_WORDS = 1000  # words of a column of stages that are counted
COLUMNS = (
    Column("column", "text", "Column", wrap=True),
    Column("field", "text", "Read as", wrap=True),
    Column("why", "text", "Why", wrap=True),
    Column("samples", "list", "Such as"),
    Column("problems", "int", "Problems"),
    Column("problem", "text", "The first", wrap=True),
)
OF_PROBLEMS = ("problems", "problem")
WORDS = (
    Column("word", "text", "Word of the file", wrap=True),
    Column("rows", "int", "Rows"),
    Column("means", "text", "Means", wrap=True),
)


class Explained(NamedTuple):
    """``columns``: a row a column; ``words``: a row a word for where a record stands, with what it means."""

    columns: Table
    words: Table
    rows_read: int
    notes: list[str]


class Whose:
    """Who said which column is what: the user, or beside that a preset. ``refined`` is what is declared of the sheet
    whose cells were put together."""

    def __init__(self, user: Declared, known: Declared, refined: Declared, preset: str | None) -> None:
        self._user, self._known, self._refined = (
            {word_of(name): field for name, field in declared.columns.items()} for declared in (user, known, refined)
        )
        self._others = f"preset {preset}" if preset else "as was said"

    def told(self, name: str, field: str | None) -> tuple[str | None, str]:
        """As which field a column is read, and why. ``field`` is the one that it is mapped to, if any."""
        word = word_of(name)
        if word in self._user:
            return field, "as was said"
        if word in self._known:
            said = self._known[word]
            if field is None and said not in LEAVE_OUT:
                return said, f"{self._others}: where what stands before it is empty, or beside it"
            return field, self._others
        if word in self._refined:
            return field, self._others if field else f"{self._others}: part of another field"
        return (field, "its name") if field else (None, "left out: nothing says what it is")


def explained(
    sheet: Sheet, task: Task, problems: Problems, whose: Whose, read: Callable[..., Iterable[Any]]
) -> Explained:
    """Go through the rows of ``sheet``, a refined one, as an import does that keeps nothing of them. ``read`` is the
    reader of such rows."""
    samples: list[list[str]] = [[] for _ in sheet.header]
    words: Counter[str] = Counter()
    stages = task.columns.places.get("stage")
    tally = Tally()
    for _ in read(sheet._replace(rows=_noting(sheet, samples, words, stages)), task, problems, tally):
        pass
    first: dict[str, str] = {}
    count: Counter[str] = Counter()
    for problem in problems.shown:
        count[str(problem.column)] += 1
        first.setdefault(str(problem.column), f"line {problem.line:,}: {problem.message}")
    fields = {place: field for field, place in task.columns.places.items()}
    rows = [
        (name, *whose.told(name, fields.get(place)), tuple(samples[place]), count[name], first.get(name))
        for place, name in enumerate(sheet.header)
    ]
    if "" in first:
        rows.append(("(the row as a whole)", None, "", (), count[""], first[""]))
    meanings = [(word, number, _meaning(task, word)) for word, number in words.most_common()]
    shown = tuple(each._replace(screen=bool(first) or each.name not in OF_PROBLEMS) for each in COLUMNS)
    return Explained(
        Table(shown, tuple(rows), "Columns"),
        Table(WORDS, tuple(meanings), "Stages"),
        tally.rows,
        [*problems.notes, *tally.notes],
    )


def _noting(
    sheet: Sheet, samples: list[list[str]], words: Counter[str], stages: int | None
) -> Iterator[tuple[int, list[str]]]:
    """The rows, while values are kept to be shown."""
    wanting = [(place, kept) for place, kept in enumerate(samples)]
    for line, row in sheet.rows:
        for place, kept in wanting:
            value = " ".join(row[place].split())
            value = value if len(value) <= LONGEST_SAMPLE else value[:LONGEST_SAMPLE] + "…"
            if value and value not in kept:
                kept.append(value)
        wanting = [(place, kept) for place, kept in wanting if len(kept) < SAMPLES]
        if stages is not None and (word := row[stages].strip()) and (word in words or len(words) < MOST_WORDS):
            words[word] += 1
        yield line, row


def _meaning(task: Task, word: str) -> str:
    """What a word of the column of stages means."""
    try:
        if task.kind == "leads":
            standing = task.standings.lead(("", word, ""))
        else:
            standing = task.standings.opportunity(("", word, "", ""))
    except UnknownWord as error:
        return f"not known: {error.option}"
    return standing.stage if standing.state == "open" else standing.state
