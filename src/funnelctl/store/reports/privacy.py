"""What is held on a person, and on whom it is held for no reason any more."""

from __future__ import annotations

from funnelctl.core.forget import FORGOTTEN
from funnelctl.core.period import day_of
from funnelctl.core.records import TABLES, Activity, Alias, Lead, Move, Opportunity
from funnelctl.core.table import Column, Table
from funnelctl.store.log import LOG
from funnelctl.store.reports import leads
from funnelctl.store.traces import collect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from funnelctl.store.book import Book

_THEIRS = "id IN (SELECT row_id FROM theirs WHERE table_name = '{table}')"
# Registering is a move, too; an import that fills a field is no contact.
_EDITS = "'lead edit', 'opp edit'"


def held_on(book: Book, lead_id: int) -> dict[str, Any]:
    """Everything that the book holds on a person, the log of changes included: what ``lead forget`` erases."""
    import json

    collect(book.conn, lead_id)
    found: dict[str, Any] = {}
    kinds: dict[str, type[Lead | Alias | Opportunity | Move | Activity]] = {
        "leads": Lead,
        "aliases": Alias,
        "opportunities": Opportunity,
        "moves": Move,
        "activities": Activity,
    }
    for name, kind in kinds.items():
        table = TABLES[kind]
        rows = book.all(f"SELECT * FROM {table} WHERE {_THEIRS.format(table=table)} ORDER BY id")
        found[name] = [kind._make(row)._asdict() for row in rows]
    log = book.all(
        f"{LOG} SELECT operation.id, command, operation.kind, at, by, theirs.table_name, theirs.row_id, before, after"
        " FROM theirs JOIN change USING (table_name, row_id)"
        " JOIN operation ON change.id BETWEEN first_change AND last_change ORDER BY change.id"
    )
    found["log"] = [
        {
            "operation": number, "command": command, "kind": kind, "at": at, "by": by, "table": table, "row": row,
            "before": before and json.loads(before), "after": after and json.loads(after),
        }
        for number, command, kind, at, by, table, row, before, after in log
    ]  # fmt: skip
    return found


def due(book: Book, today: date, before: str, now: str, lang: str, limit: int | None) -> Table:
    """Leads without a live opportunity with whom nothing has happened since the instant ``before``, longest first: no
    move of theirs or of an opportunity of theirs, no activity and no edit."""
    silent = f"""
        WITH contact AS (
          SELECT lead_id AS lead, at FROM move WHERE lead_id IS NOT NULL
          UNION ALL
          SELECT opportunity.lead_id, at FROM move JOIN opportunity ON opportunity.id = opportunity_id
          UNION ALL
          SELECT lead_id, at FROM activity
          UNION ALL
          SELECT opportunity.lead_id, at FROM activity JOIN opportunity ON opportunity.id = opportunity_id
          UNION ALL
          SELECT coalesce(opportunity.lead_id, row_id), operation.at FROM operation
            CROSS JOIN entry ON entry.id BETWEEN first_change AND last_change
            LEFT JOIN opportunity ON table_name = 'opportunity' AND opportunity.id = row_id
            WHERE command IN ({_EDITS}) AND operation.kind = 'do' AND undone = 0
              AND (table_name = 'lead' OR opportunity.id IS NOT NULL)
        ), last AS (SELECT lead, max(at) AS at FROM contact GROUP BY lead)
        SELECT lead.*, max(last.at, lead.created_at) AS last_contact FROM lead JOIN last ON last.lead = lead.id
        WHERE last_contact < ?1 AND NOT (name = '{FORGOTTEN}' AND email IS NULL AND phone IS NULL AND key IS NULL)
          AND NOT EXISTS (SELECT 1 FROM opportunity WHERE lead_id = lead.id AND outcome = 'open')
    """
    total = book.one(f"SELECT count(*) FROM ({silent})", before)[0]
    rows = book.all(f"{silent} ORDER BY last_contact, lead.id LIMIT ?2", before, -1 if limit is None else limit)
    listed = leads.shown(book, [Lead._make(row[:-1]) for row in rows], now, lang)
    screen = ("id", "name", "company", "email")
    columns = tuple(column._replace(screen=column.name in screen) for column in listed.columns)
    more = (Column("last_contact", "instant", label="last contact"), Column("months", "int"))
    cells = zip(listed.rows, (row[-1] for row in rows), strict=True)
    return Table(
        (*columns, *more),
        tuple((*row, last, _months(day_of(last), today)) for row, last in cells),
        total=total,
        empty="nobody",
    )


def _months(earlier: date, later: date) -> int:
    """Whole months between two days."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months - (later.day < earlier.day)
