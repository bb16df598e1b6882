"""Every answer of the program is one of these; every format is made from the same value.

A cell holds a plain value of its column's kind, or ``None`` for a missing one. Nothing in here knows a width, a
colour, a comma or a quote mark.
"""

from __future__ import annotations

from funnelctl.core.money import Money
from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    # id: "L12" · text: one line or many · int · days: whole days · ratio: 0..1, shown in percent · date: "2026-11-23" ·
    # instant: "2026-11-23T10:00:00Z" · money: Money · moneys: tuple[Money, ...] (one per currency) ·
    # list: tuple[str, ...] · flag: bool · bar: a number that is drawn for people and left out for programs
    Kind = Literal["id", "text", "int", "days", "ratio", "date", "instant", "money", "moneys", "list", "flag", "bar"]
    Cell = str | int | float | bool | Money | tuple[Money, ...] | tuple[str, ...] | None


class Column(NamedTuple):
    """A column: ``name`` is the key in machine formats, ``label`` the heading for people.

    ``screen`` is False for a column that only machine formats show; ``machine`` is False for one that only people see.
    ``wrap`` is True for texts that have to be read whole: on a narrow screen they go over several lines.
    """

    name: str
    kind: Kind
    label: str = ""
    screen: bool = True
    machine: bool = True
    wrap: bool = False


class Table(NamedTuple):
    """Named, typed columns over plain values. ``total`` is the number of matches before any limit."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    total: int | None = None
    listing: bool = False  # a table also where it has a single row
    empty: str = ""  # what people read when there are no rows


class Answer(NamedTuple):
    """What one command answers.

    ``rows`` is what every machine format gives. ``screen`` is what people see instead, where that is more than the
    rows. ``line`` is a sentence for people that takes the place of a table (the outcome of a write). ``more`` holds the
    further keys of the JSON object: plain values, ``Money`` and ``Table`` at any depth.
    """

    command: str
    rows: Table
    screen: tuple[Table, ...] = ()
    line: str = ""
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed; a tuple of pairs would read worse
    as_of: str = ""
    document: str = ""  # a text in a format of its own, such as a JSON Schema, that takes the place of all formats
    exit_code: int = 0  # of a command that has an answer although not all is well: db check
