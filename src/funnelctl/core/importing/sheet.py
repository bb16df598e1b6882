"""What every source of rows gives: named columns, and cells of text with the line on which they stand."""

from __future__ import annotations

from collections import Counter

from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.importing.problems import Problems


class Sheet(NamedTuple):
    """``rows`` can be gone through once: the 1-based line on which a record starts, and its cells, one a column."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    form: str = "csv"  # in which format the file is: csv, xlsx, json, jsonl, vcard, trello
    source: object = None  # what the rows come from, kept here because it would close the caller's stream when it goes


def names_of(header: list[str], name: str) -> tuple[str, ...]:
    """The names of the columns that the first row gives. Raises ``BadData`` where two have the same one."""
    names = [cell.strip() for cell in header]
    while not names[-1]:
        names.pop()
    names = [cell or f"column {place}" for place, cell in enumerate(names, 1)]
    doubled = sorted(cell for cell, times in Counter(names).items() if times > 1)
    if doubled:
        raise BadData(
            f"{name}: several columns are called {', '.join(map(quoted, doubled[:5]))}; nothing was saved",
            "give each column a name of its own in the first line",
        )
    return tuple(names)


def fitting(
    records: Iterator[tuple[int, list[str]]], width: int, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The records that have a cell for each column."""
    for line, record in records:
        if len(record) != width:
            if len(record) > width and not any(map(str.strip, record[width:])):
                del record[width:]
            else:
                problems.add(
                    line,
                    "",
                    f"{len(record)} cells, and the first line names {width} columns",
                    "a cell that holds the delimiter must be in quotes, and every column needs a name",
                )
                continue
        yield line, record
