"""What every source of rows gives: named columns, and cells of text with the line on which they stand."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice

from funnelctl.core.guard import unguarded
from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funnelctl.core.importing.problems import Problems

    Row = tuple[int, list[str]]

# The column in which rows that were left out say why; of no meaning when they come back.
REASONS = "funnelctl problem"
CARD_REASON = "X-FUNNELCTL-PROBLEM"  # the same in a card
FEW = 10  # rows that are looked at together
TOO_MANY = "a cell that holds the delimiter must be in quotes, and every column needs a name"
TOO_FEW = "every row needs as many cells; where the table ends above it: --footer TEXT, with what the row begins with"


class Sheet(NamedTuple):
    """``rows`` can be gone through once: the 1-based line on which a record starts, and its cells, one a column."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    form: str = "csv"  # in which format the file is: csv, tsv, xlsx, json, jsonl, vcard, trello
    encoding: str = ""  # of a text
    delimiter: str = ""
    source: object = None  # what the rows come from, kept here because it would close the caller's stream when it goes


def names_of(header: list[str]) -> tuple[str, ...]:
    """The names of the columns that a row gives; of several that are called the same, the second is ``Name (2)``."""
    names = [cell.strip() for cell in header]
    while not names[-1]:
        names.pop()
    names = [cell or f"column {place}" for place, cell in enumerate(names, 1)]
    times: Counter[str] = Counter()
    taken = set(names)
    for place, name in enumerate(names):
        times[name] += 1
        if times[name] > 1:
            names[place] = _another(name, times[name], taken)
    return tuple(names)


def _another(name: str, number: int, taken: set[str]) -> str:
    while f"{name} ({number})" in taken:
        number += 1
    taken.add(f"{name} ({number})")
    return f"{name} ({number})"


def without_reasons(records: Iterator[tuple[int, list[str]]], *, guards: bool) -> Iterator[tuple[int, list[str]]]:
    """The records as they were before they were left out of an import: without the column of reasons and, where it is
    there and the cells have ``guards``, without these. All others as they are."""
    first = next(records, None)
    if first is None:
        return iter(())
    records = chain((first,), records)
    places = {place for place, cell in enumerate(first[1]) if cell.strip() == REASONS}
    if not places:
        return records
    bare = (
        (line, [unguarded(cell) if guards else cell for place, cell in enumerate(cells) if place not in places])
        for line, cells in records
    )
    return ((line, cells) for line, cells in bare if any(map(str.strip, cells)))


def few_at_once(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows ten at once: where nothing is wrong with any of them, looking at each by itself is what takes the time."""
    coming = iter(rows)
    while few := list(islice(coming, FEW)):
        yield few


def fitting(records: Iterable[Row], width: int, problems: Problems) -> Iterator[Row]:
    """The records that have a cell for each column."""

    def blocks() -> Iterator[list[Row]]:
        for few in few_at_once(records):
            widths = {len(record) for _, record in few}
            yield few if widths == {width} else [each for each in few if _fits(*each, width, problems)]

    return chain.from_iterable(blocks())


def _fits(line: int, record: list[str], width: int, problems: Problems) -> bool:
    """Whether it has, perhaps after empty ones were taken away; if not, that is told."""
    if len(record) > width and not any(map(str.strip, record[width:])):
        del record[width:]
    if len(record) == width:
        return True
    cells = "1 cell" if len(record) == 1 else f"{len(record)} cells"
    hint = TOO_MANY if len(record) > width else TOO_FEW
    problems.add(line, "", f"{cells}, and the first line names {width} columns", hint)
    return False
