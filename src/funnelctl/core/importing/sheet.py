"""What every source of rows gives: named columns, and cells of text with the line on which they stand."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Sheet(NamedTuple):
    """``rows`` can be gone through once: the 1-based line on which a record starts, and its cells, one a column."""

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    form: str = "csv"  # in which format the file is: csv, xlsx, json, jsonl, vcard, trello
    source: object = None  # what the rows come from, kept here because it would close the caller's stream when it goes
