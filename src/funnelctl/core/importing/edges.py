"""What stands above and below a table in the same file, and is no row of it: titles, remarks, totals."""

from __future__ import annotations

from itertools import chain, islice

from funnelctl.core.text import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.importing.problems import Problems

    Records = Iterator[tuple[int, list[str]]]

MOST_TITLES = 5  # lines above the table
LOOKED_AT = 20  # records below them, to see that it is one


def below_titles(records: Records, problems: Problems) -> tuple[list[str] | None, Records]:
    """The record that names the columns, and those that follow; ``None`` where there is no record.

    What stands above it in a single cell, as a title or a remark does, is left out and told where a table follows: most
    records have as many cells as its first one.
    """
    looked_at = list(islice(records, MOST_TITLES + LOOKED_AT))
    if not looked_at:
        return None, records
    titles = next((place for place, (_, record) in enumerate(looked_at) if _filled(record) > 1), 0)
    table = looked_at[titles:]
    fitting = sum(len(record) >= len(table[0][1]) for _, record in table)
    if not 0 < titles <= MOST_TITLES or 2 * fitting <= len(table):
        titles, table = 0, looked_at
    if titles:
        line = table[0][0]
        said = ", ".join(quoted(" ".join("".join(record).split())) for _, record in looked_at[:titles])
        problems.note(f"the columns are named in line {line:,}; above it stands {said}, which is left out")
    return table[0][1], chain(table[1:], records)


def above_footer(records: Records, footer: tuple[str, ...], problems: Problems) -> Records:
    """The records up to one whose first filled cell begins as one of ``footer`` does; from there on all is left out,
    and told."""
    beginnings = tuple(text.strip().casefold() for text in footer)
    for line, record in records:
        first = next((cell.strip() for cell in record if cell.strip()), "")
        if first.casefold().startswith(beginnings):
            rows = sum(1 for _ in records)
            more = f" and {rows:,} more" if rows else ""
            problems.note(f"the table ends above line {line:,}: {quoted(first)}{more} left out")
            return
        yield line, record


def _filled(record: list[str]) -> int:
    return sum(map(bool, map(str.strip, record)))
