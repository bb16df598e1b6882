"""What one import was asked to do, and what it told on the way."""

from __future__ import annotations

from funnelctl.core.importing.columns import place_of
from funnelctl.core.importing.dates import Dates
from funnelctl.core.importing.declared import format_of
from funnelctl.core.importing.standing import Standings
from funnelctl.core.record import NamedTuple
from funnelctl.errors import Invalid, Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from funnelctl.core.funnel import Funnel
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.declared import Declared


class Task(NamedTuple):
    """An import that can be carried out: everything that reading a row needs to know."""

    kind: str  # one of KINDS
    columns: Columns
    standings: Standings
    words: Mapping[str, str]  # of an activity's kind, as they were declared
    dates: Dates  # of columns for which nothing of their own was said
    dates_by_field: dict[str, Dates]
    currency: str | None
    is_assumed: bool  # whether that currency is the funnel's, because none was said
    decimal: str | None
    probability: str | None
    region: str | None
    match: str | None  # a name of MATCHES; None: rows are known by their content alone
    on_duplicate: str  # one of POLICIES
    now: str  # when what has no date of its own is taken to have happened
    ask: bool  # whether what a single cell cannot tell raises ``Undecided``

    def dates_of(self, field: str) -> Dates:
        """What reads the column that is mapped to ``field``."""
        return self.dates_by_field.get(field, self.dates)


class Tally:
    """What is counted while rows are read, and what people should know of it."""

    def __init__(self) -> None:
        self.rows = 0
        self._notes: dict[str, int] = {}

    def note(self, text: str) -> None:
        """Something that holds for one row more. ``text`` follows the number of rows: ``"without a date: ..."``."""
        self._notes[text] = self._notes.get(text, 0) + 1

    @property
    def notes(self) -> list[str]:
        """The notes as sentences."""
        return told_of_rows(self._notes.items())


def told_of_rows(counted: Iterable[tuple[str, int]]) -> list[str]:
    """What holds for rows, each with their number, as sentences."""
    return [f"{count:,} row{'s' if count > 1 else ''} {text}" for text, count in counted]


def task_of(
    declared: Declared, columns: Columns, funnel_named: Callable[[str | None], Funnel], region: str | None,
    now: datetime, at: str,
) -> Task:  # fmt: skip
    """The import that ``declared`` asks for, of a file with these ``columns``. ``funnel_named`` gives the funnel of a
    key, the book's own for ``None``; ``at`` is the instant at which what has no date counts.

    Raises ``Invalid`` where something was said that cannot be.
    """
    assert declared.kind is not None
    ask = not declared.surveyed
    formats, of_columns = _date_formats(declared, columns.header)
    by_field = {
        field: Dates([*of_columns[place], *formats], now)
        for field, place in columns.places.items()
        if place in of_columns
    }

    def named(key: str | None) -> Funnel:
        return funnel_named(key or declared.funnel)

    # An activity stands nowhere: what its words mean are kinds.
    stages = ({}, {}) if declared.kind == "activities" else (declared.stages, declared.usual_stages)
    return Task(
        kind=declared.kind,
        columns=columns,
        standings=Standings("lead" if declared.kind == "leads" else "opportunity", named, *stages),
        words={**declared.usual_stages, **declared.stages},
        dates=Dates(formats, now, ask=ask),
        dates_by_field=by_field,
        currency=declared.currency or named(None).currency,
        is_assumed=declared.currency is None,
        decimal=declared.decimal,
        probability=declared.probability,
        region=region,
        match=_match(declared, columns),
        on_duplicate=declared.on_duplicate or "fill",
        now=at,
        ask=ask,
    )


_EXCHANGED = str.maketrans("DM", "MD")  # day and month


def _date_formats(declared: Declared, header: tuple[str, ...]) -> tuple[list[str], dict[int, list[str]]]:
    """The date formats that hold for all columns, and those of single ones.

    Raises ``Usage`` for a column that the file does not have, and for two formats that read one date in two ways.
    """
    formats: list[str] = []
    of_columns: dict[int, list[str]] = {}
    for one in declared.date_formats:
        column, written = format_of(one)
        known = of_columns.setdefault(place_of(header, column), []) if column else formats
        if written.translate(_EXCHANGED) in known and written.translate(_EXCHANGED) != written:
            raise Usage(
                f"{written} and {written.translate(_EXCHANGED)} read the same date in two ways; nothing was saved",
                hint="say which column is written how: --date-format COLUMN=DD/MM/YYYY",
            )
        known.append(written)
    return formats, of_columns


def _match(declared: Declared, columns: Columns) -> str | None:
    """By what the rows are known: as was said, else keys, else e-mails, else phone numbers (of leads); else nothing."""
    possible = ("key", "email", "phone") if declared.kind == "leads" else ("key",)
    if declared.match is None:
        return next((name for name in possible if name in columns.places), None)
    if declared.match not in possible and (declared.kind, declared.match) != ("leads", "name"):
        raise Invalid(f"{declared.kind} are not matched by {declared.match}", "they are matched by key")
    if declared.match not in columns.places:
        raise Invalid(
            f"no column is mapped to {declared.match}, by which rows are to be matched",
            f"--map COLUMN={declared.match}",
        )
    return declared.match
