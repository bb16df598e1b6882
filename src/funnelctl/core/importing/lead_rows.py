"""Rows of leads, as the store takes them in."""

from __future__ import annotations

from funnelctl.core.importing import cells
from funnelctl.core.importing.cells import Memo, halves
from funnelctl.core.importing.rows import RowReader, alike, by_columns, lifetime
from funnelctl.core.text import fold
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row, Sheet
    from funnelctl.core.importing.task import Tally, Task

COLUMNS = (
    "line", "fingerprint", "standing", "name", "name_key", "name_said", "company", "email", "email_key", "phone",
    "phone_key", "source", "note", "tags", "key", "reason", "created_at", "closed_at", "dated",
)  # fmt: skip
"""What ``lead_rows`` yields: the columns of a lead; the number of its standing; whether the name is from the file; and
what was taken in place of a date that is missing."""


def lead_rows(sheet: Sheet, task: Task, problems: Problems, tally: Tally) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows that are right, many at once, as the values of each of ``COLUMNS``; what is wrong with others goes to
    ``problems``."""
    reader = RowReader(
        task.columns,
        problems,
        {
            ("name", "first_name", "last_name"): cells.person_parser(),
            "company": cells.text_parser("company"),
            "email": cells.email_parser(),
            "phone": cells.phone_parser(task.region),
            "source": cells.text_parser("source"),
            "note": cells.long_text_parser("note"),
            "tags": Memo(cells.parse_tags),
            "key": cells.text_parser("key"),
            "reason": cells.text_parser("reason"),
            "created": Memo(task.dates_of("created").instant),
            "closed": Memo(task.dates_of("closed").instant),
            ("funnel", "stage", "state"): Memo(task.standings.lead),
        },
    )
    known_by = ("key", "email", "phone", "name").index(task.match) if task.match else None
    for some, columns in reader.read_together(sheet):
        tally.rows += len(some)
        plain = _plain(some, columns, known_by) if columns and known_by is not None else None
        if plain:
            yield plain
        else:
            yield from by_columns(_weighed(reader, reader.one_by_one(some, columns), task, tally, known_by))


def _plain(some: list[Row], columns: list[Any], known_by: int) -> Sequence[Sequence[Any]] | None:
    """Rows in which there is nothing to be weighed, made at once; ``None`` where some are not of that kind."""
    persons, companies, emails, phones, sources, notes, tags, keys, reasons, created, closed, standings = columns
    (names, name_keys), (emails, email_keys), (phones, phone_keys) = map(halves, (persons, emails, phones))
    known = (keys, email_keys, phone_keys, name_keys)[known_by]
    if not all(names) or not all(known) or not alike(closed, created, reasons, standings):
        return None
    nothing, said = [None] * len(some), [True] * len(some)
    return (
        [line for line, _ in some], nothing, [where.number for where in standings], names, name_keys, said,
        companies, emails, email_keys, phones, phone_keys, sources, notes, tags, keys, nothing, created, nothing,
        nothing,
    )  # fmt: skip


def _weighed(
    reader: RowReader, rows: Iterator[tuple[int, list[str], Iterable[Any] | None]], task: Task, tally: Tally,
    known_by: int | None,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """Rows one by one."""
    for line, row, values in rows:
        if values is None:
            continue
        (
            (name, name_key), company, (email, email_key), (phone, phone_key), source, note, tags, key, reason, created,
            closed, where,
        ) = values  # fmt: skip
        name_said = name is not None
        if name is None:
            name, company = (company, None) if company else (email, None)
            if name is None:
                reader.told(line, "name", "the lead has no name, no company and no e-mail to be called by")
                continue
            name_key = fold(name)
        try:
            created, closed, dated = lifetime(created, closed, task.now, is_open=where.state == "open")
        except Invalid as error:
            reader.told(line, "closed", error.message, error.hint)
            continue
        if reason and where.state != "disqualified":
            tally.note("with a reason although not disqualified: the reason is left out")
            reason = None
        is_known_by_it = known_by is not None and (key, email_key, phone_key, name_key)[known_by]
        fingerprint = None if is_known_by_it else reader.fingerprint("lead", row)
        yield (
            line, fingerprint, where.number, name, name_key, name_said, company, email, email_key, phone, phone_key,
            source, note, tags, key, reason, created, closed, dated,
        )  # fmt: skip
