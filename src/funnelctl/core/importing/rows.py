"""What reading a row is, whatever the row is of: cells to values, or to problems with their line and column."""

from __future__ import annotations

from itertools import islice
from operator import itemgetter

from funnelctl.core.importing.cells import Columnwise, Memo
from funnelctl.core.importing.sheet import few_at_once
from funnelctl.core.importing.sheet_errors import errors_of, may_be_among, without_errors
from funnelctl.core.importing.words import UnknownWord
from funnelctl.core.period import day_of
from funnelctl.core.text import are_plain
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row, Sheet

# Rows that are read together: more of them no longer fit into the cache of a processor, and take longer. And the
# characters at which there are enough of them, for cells may be large.
TOGETHER = 100
MOST_CHARACTERS = 1 << 20

UNDATED = "closed, without a date of closing: dated as created"


class RowReader:
    """Reads the fields of rows.

    ``parsers`` gives for each field, or for several that are read together, the function from its cell, or from the
    tuple of its cells, to a value. A ``Memo`` among them is for a column in which cells come again; where every cell
    is another one, remembering costs more than it saves, and a ``Columnwise`` may know a shorter way.
    """

    def __init__(
        self,
        columns: Columns,
        problems: Problems,
        parsers: dict[str | tuple[str, ...], Callable[[Any], Any] | Memo | Columnwise],
    ) -> None:
        self._columns, self._problems = columns, problems
        self._fields: list[tuple[str, ...]] = []
        self._readers: list[tuple[Callable[[Any], Any], Callable[[list[str]], Any]]] = []
        self._at_once: list[tuple[Callable[..., Iterable[Any] | None], tuple[int, ...]]] = []
        for fields, parse in parsers.items():
            several = (fields,) if isinstance(fields, str) else fields
            # A field without a column has the cell that is appended to each row, which is empty.
            places = tuple([columns.places.get(field, -1) for field in several])
            call = parse.__getitem__ if isinstance(parse, Memo) else parse
            self._fields.append(several)
            self._readers.append((call, itemgetter(*places)))
            self._at_once.append((parse.column if isinstance(parse, Columnwise) else _never, places))
        self._mapped = sorted(columns.places)
        self._is_spoilt = False  # whether that was told

    def read(self, sheet: Sheet) -> Iterator[tuple[int, list[str], Iterable[Any] | None]]:
        """Each row with its line and its values, in the order of the parsers; ``None`` after its problems were told."""
        for some, columns in self.read_together(sheet):
            yield from self.one_by_one(some, columns)

    def read_together(self, sheet: Sheet) -> Iterator[tuple[list[Row], list[Any] | None]]:
        """Rows a hundred at once, with the values of each parser for all of them: column by column takes a third of
        the time. ``None`` where anything is wrong with one of them: then they are to be read ``one_by_one``. Rows with
        an error of a spreadsheet are told, and not among them."""
        errors = errors_of(sheet.form)

        def look(few: list[Row], text: str) -> list[Row]:
            if errors and may_be_among(text):
                few = without_errors(few, errors, self._columns, self._problems)
            if not text.isascii():
                self._look(few, text)
            return few

        for some, is_plain in _together(sheet.rows, look):
            try:
                yield some, self._columns_of([row for _, row in some], is_plain=is_plain)
            except Invalid:
                yield some, None

    def one_by_one(
        self, some: list[Row], columns: list[Any] | None
    ) -> Iterator[tuple[int, list[str], Iterable[Any] | None]]:
        """What ``read_together`` gives as ``read`` gives it."""
        if columns is None:
            for line, row in some:
                yield line, row, self.values(line, row)
        else:
            for (line, row), its in zip(some, zip(*columns, strict=True), strict=True):
                yield line, row, its

    def values(self, line: int, row: list[str]) -> list[Any] | None:
        """The values of one row; ``None`` after its problems were told."""
        row.append("")
        try:
            return [parse(pick(row)) for parse, pick in self._readers]
        except Invalid:
            self._explain(line, row)
            return None

    def fingerprint(self, kind: str, row: list[str]) -> str:
        """A digest of all that the row says, by which a row without a key is known again."""
        from hashlib import sha256

        parts = [kind]
        for field in self._mapped:
            cell = row[self._columns.places[field]].strip()
            if cell:
                parts += (field, cell)
        return sha256("\0".join(parts).encode()).hexdigest()  # a cell never holds a NUL

    def told(self, line: int, field: str, message: str, hint: str = "") -> None:
        """A problem of a row, under the name of the column that is mapped to ``field``."""
        self._problems.add(line, self._columns.named(field), message, hint)

    def _look(self, rows: list[Row], text: str) -> None:
        """Tell of the first of ``rows`` with letters that stand for something else; ``text`` is all that they hold."""
        if self._is_spoilt:
            return
        from funnelctl.core.importing.mojibake import told_of

        if told_of(text):
            told = ((line, told_of(cell)) for line, row in rows for cell in row if not cell.isascii())
            line, what = next((each for each in told if each[1]), (0, ""))
            self._is_spoilt = bool(what)
            if what:
                self._problems.note(f"line {line:,} has {what}")

    def _columns_of(self, rows: list[list[str]], *, is_plain: bool) -> list[Any]:
        """The values of rows of the same width, a list a parser; ``is_plain`` where they are printable ASCII. Raises
        ``Invalid``, which does not tell of which row."""
        cells = [*zip(*rows, strict=True), ("",) * len(rows)]
        read: list[Any] = []
        for (parse, pick), (at_once, places) in zip(self._readers, self._at_once, strict=True):
            if max(places) < 0:
                read.append([parse(pick([""]))] * len(rows))
                continue
            columns = [cells[place] for place in places]
            values = at_once(*columns, is_plain=is_plain)
            if values is None:
                values = list(map(parse, columns[0] if len(columns) == 1 else zip(*columns, strict=True)))
            read.append(values)
        return read

    def _explain(self, line: int, row: list[str]) -> None:
        """Tell every problem of a row."""
        for fields, (parse, pick) in zip(self._fields, self._readers, strict=True):
            try:
                parse(pick(row))
            except UnknownWord as error:
                self._problems.add_word(line, self._columns.named(error.field), error)
            except Invalid as error:
                mapped = next((field for field in fields if field in self._columns.places), fields[0])
                self.told(line, mapped, error.message, error.hint)


def _together(rows: Iterable[Row], look: Callable[[list[Row], str], list[Row]]) -> Iterator[tuple[list[Row], bool]]:
    """Rows in groups that may be held in memory, and whether all of it is printable ASCII; ``look`` is shown each few
    of them with all that they hold, and gives those that are to be read."""
    some: list[Row] = []
    characters, is_plain = 0, True
    for few in few_at_once(rows):
        text = "".join(["".join(row) for _, row in few])
        some += look(few, text)
        is_plain = is_plain and are_plain(text)
        characters += len(text)
        if len(some) >= TOGETHER or characters > MOST_CHARACTERS:
            yield some, is_plain
            some, characters, is_plain = [], 0, True
    if some:
        yield some, is_plain


def by_columns(rows: Iterable[tuple[Any, ...]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Rows a hundred at once, column by column."""
    coming = iter(rows)
    while some := list(islice(coming, TOGETHER)):
        yield list(zip(*some, strict=True))


def _never(*columns: tuple[str, ...], is_plain: bool) -> None:
    """There is no shorter way."""


def alike(
    closed: Sequence[str | None], created: Sequence[str | None], reasons: Sequence[str | None], standings: Sequence[Any]
) -> bool:
    """Whether rows are open, with a date of creation and nothing that speaks of an end, so that there is nothing to be
    weighed in any of them."""
    return (
        all(created)
        and closed.count(None) == len(closed)
        and not any(reasons)
        and all(where.state == "open" for where in standings)
    )


def lifetime(created: str | None, closed: str | None, now: str, *, is_open: bool) -> tuple[str, str | None, str | None]:
    """When a record was created, and when it was closed as far as the row says it; and what is taken in place of a
    date that is missing (``None``: nothing is). A closed record without that date was closed when it was created.

    Raises ``Invalid`` where the row contradicts itself.
    """
    if is_open:
        if closed is not None:
            raise Invalid(
                f"closed on {day_of(closed)}, but nothing says how it ended",
                "map the column that says it to stage or outcome, or leave the date out: --map '{column}='",
            )
        return (created, None, None) if created else (now, None, "without a date of creation: dated today")
    if closed is None:
        if created is None:
            return now, None, "closed, without any date: dated today"
        return created, None, UNDATED
    if created is None:
        return closed, closed, "without a date of creation: dated as closed"
    if closed < created:
        if day_of(closed) != day_of(created):
            raise Invalid(f"closed on {day_of(closed)}, before it was created on {day_of(created)}")
        closed = created  # one of the two has no time of day
    return created, closed, None
