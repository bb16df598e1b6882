"""Records that are known already: what a file adds to them. SQL finds those to which it adds anything; each of these
goes the ordinary way, one by one."""

from __future__ import annotations

from funnelctl.core.change import Change, edited
from funnelctl.core.importing.catching_up import (
    LEAD_FIELDS,
    OPPORTUNITY_FIELDS,
    fields_for,
    lead_steps,
    opportunity_steps,
)
from funnelctl.core.importing.declared import MATCHES
from funnelctl.core.importing.standing import Standing
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import Conflict
from funnelctl.store import journal
from funnelctl.store.forgotten import refuse_forgotten
from funnelctl.store.intake.leads import FOUND_BY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from funnelctl.core.author import Author
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.task import Tally, Task
    from funnelctl.store.book import Book
    from funnelctl.store.intake.logged import Logged
    from funnelctl.store.intake.staging import Kind


PAGE = 500  # rows that are held at once


def update(book: Book, author: Author, kind: Kind, task: Task, problems: Problems, tally: Tally, logged: Logged) -> int:
    """Bring the matched records up to what the file says; how many have changed.

    A row that knows a lead by what it had before it was merged only fills: of two rows that are one lead now the last
    would win, and its former keys would be lost.
    """
    changed = 0
    known_by = MATCHES[task.match or "key"]
    for row in _differing(book, kind, overwrite=task.on_duplicate == "overwrite"):
        record = _record(book, kind, row["record_id"])
        overwrite = task.on_duplicate == "overwrite" and getattr(record, known_by) == row[known_by]
        fields = fields_for(record, row, overwrite=overwrite)
        if isinstance(record, Lead) and not _free(book, record, fields, row, task.columns, problems):
            continue
        changes: list[Change] = edited(record, record._replace(**fields))
        if overwrite and row["said"]:
            changes += _steps(book, author, record._replace(**fields), row, tally)
        if changes:
            logged.begin()
            journal.apply(book.conn, changes)
            changed += 1
    return changed


def otherwise(book: Book, kind: Kind, task: Task) -> Iterator[tuple[int, list[str]]]:
    """The matched rows that say something else than what stays in their record, by line, each with the fields."""
    known_by = MATCHES[task.match or "key"]
    for row in _differing(book, kind, overwrite=True):
        record = _record(book, kind, row["record_id"])
        if getattr(record, known_by) == row[known_by]:
            found = [field for field in fields_for(record, row, overwrite=True) if not _is_spelling(record, row, field)]
            if row["said"] and row["funnel"] == record.funnel:
                state = row["state"] != getattr(record, kind.state)
                found += ["stage"] * (row["stage_said"] and row["stage"] != record.stage) + [kind.state] * state
            if found:
                yield row["line"], found


def _is_spelling(record: Lead | Opportunity, row: Mapping[str, Any], field: str) -> bool:
    """Whether a row writes in another way what the record has."""
    key = f"{field}_key"
    return key in row and bool(row[key] == getattr(record, key))


def tell_known(book: Book, kind: Kind, columns: Columns, problems: Problems) -> None:
    """For ``--on-duplicate error``: every matched row is a problem."""
    for line, record_id in book.all("SELECT line, id FROM matched ORDER BY line"):
        what = journal.shown(Change(kind.table, record_id, None, None))
        problems.add(line, columns.named("key"), f"it is {what} already", "--on-duplicate fill takes the others")


def _differing(book: Book, kind: Kind, *, overwrite: bool) -> Iterator[dict[str, Any]]:
    """The matched rows that say something that their record does not. In pages: what is done with one row writes."""
    table = kind.table
    differs = []
    for first, *_ in LEAD_FIELDS if table == "lead" else OPPORTUNITY_FIELDS:
        said = f"incoming.{first}_said" if first in ("name", "title") else f"incoming.{first} IS NOT NULL"
        nothing = "'[]'" if first == "tags" else "NULL"
        lacks = f"record.{first} IS NOT incoming.{first}" if overwrite else f"record.{first} IS {nothing}"
        differs.append(f"({said} AND incoming.{first} IS NOT {nothing} AND {lacks})")
    if overwrite:
        stands = [f"standing.state <> record.{kind.state}", "stage_said AND standing.stage <> record.stage"]
        if table == "opportunity":
            stands.append("standing.status IS NOT NULL AND standing.status IS NOT record.status")
        differs.append(f"(said AND ({' OR '.join(stands)}))")
    names = ("record_id", *kind.columns, *Standing._fields)
    sql = (
        "SELECT matched.id, incoming.*, standing.* FROM matched CROSS JOIN incoming USING (line) CROSS JOIN standing"
        f" ON standing.id = incoming.standing CROSS JOIN {table} AS record ON record.id = matched.id"
        f" WHERE line > ? AND ({' OR '.join(differs)}) ORDER BY line LIMIT {PAGE}"
    )
    last = 0
    while page := book.all(sql, last):
        for row in page:
            found = dict(zip(names, row, strict=True))
            last = found["line"]
            yield found


def _record(book: Book, kind: Kind, record_id: int) -> Lead | Opportunity:
    made = Lead if kind.table == "lead" else Opportunity
    return made._make(book.one(f"SELECT * FROM {kind.table} WHERE id = ?", record_id))


def _free(
    book: Book, lead: Lead, fields: Mapping[str, Any], row: Mapping[str, Any], columns: Columns, problems: Problems
) -> bool:
    """Whether the e-mail, phone and key that a row brings are nobody else's, nor that of a person who was forgotten;
    tells where they are."""
    free = True
    for kind, what in FOUND_BY.items():
        value = fields.get(MATCHES[kind])
        owner = book.owner(kind, value) if value else None
        if owner is not None and owner.id != lead.id:
            message = f"the {what} belongs to {owner.ref} already, and the row is {lead.ref}"
            problems.add(row["line"], columns.named(kind), message, "if both are one: funnelctl lead merge")
            free = False
    try:
        refuse_forgotten(book, {**fields, "name_key": None})
    except Conflict as error:
        problems.add(row["line"], "", error.message.removesuffix("; nothing was saved"), error.hint)
        free = False
    return free


def _steps(
    book: Book, author: Author, record: Lead | Opportunity, row: Mapping[str, Any], tally: Tally
) -> list[Change]:
    """The moves to where the row says that the record stands: on the day that the row gives, else now."""
    if row["funnel"] != record.funnel:
        tally.note("of a record in another funnel: it stays where it stands")
        return []
    funnel = book.funnel(record.funnel)
    state = record.state if isinstance(record, Lead) else record.outcome
    if row["state"] not in ("open", state) and not row["closed_at"]:
        tally.note("of a known record that is closed now, without a date: dated today")
    then = author._replace(at=row["closed_at"] or author.at, backdated=False).after(book.last_move(record))
    if isinstance(record, Lead):
        if record.state == "converted" and row["state"] != "converted":
            tally.note("of a lead that is a client already: it stays one")
        return lead_steps(then, record, funnel, row)
    return opportunity_steps(then, record, funnel, row)
