"""Which leads are there, and what of each: the rows of ``lead list`` and ``lead show``."""

from __future__ import annotations

from funnelctl.core.period import days_between
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Lead
from funnelctl.core.table import Column, Table
from funnelctl.core.text import fold, parts_like, tags_in
from funnelctl.store.connection import teach_fold
from funnelctl.store.reports.labels import Labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.core.table import Cell
    from funnelctl.store.book import Book

COLUMNS = (
    Column("id", "id"),
    Column("name", "text"),
    Column("company", "text"),
    Column("email", "text"),
    Column("phone", "text", screen=False),
    Column("source", "text"),
    Column("referred_by", "id", screen=False),
    Column("funnel", "text", screen=False),
    Column("stage", "text", screen=False),
    Column("stage_label", "text", label="stage"),
    Column("state", "text", screen=False),
    Column("reason", "text", screen=False),
    Column("tags", "list"),
    Column("key", "text", screen=False),
    Column("note", "text", screen=False),
    Column("created_at", "instant", screen=False),
    Column("closed_at", "instant", screen=False),
    Column("days_in_stage", "days", label="days"),
    Column("opportunities", "list", screen=False),
    Column("also", "list", screen=False),
)
# One record alone has room for all of it.
FULL = tuple(column._replace(screen=column.name != "stage") for column in COLUMNS)

ORDERS = {
    "id": "lead.id",
    "name": "name_key",
    "company": "company COLLATE NOCASE",
    "created": "created_at",
    "source": "source",
    "stage": "funnel, stage",
}


class Filter(NamedTuple):
    """What ``lead list`` was asked for; ``states`` empty for all."""

    states: tuple[str, ...] = ("open",)
    funnel: str | None = None
    stage: str | None = None
    source: str | None = None
    tag: str | None = None
    search: str | None = None
    limit: int | None = None
    order: str = "id"
    reverse: bool = False


def listed(book: Book, wanted: Filter, today: str, lang: str) -> Table:
    """The leads that fit; ``today`` is the instant at which days are counted."""
    where, values = _conditions(book, wanted)
    total = book.one(f"SELECT count(*) FROM lead WHERE {where}", *values)[0]
    direction = "DESC" if wanted.reverse else "ASC"
    leads = [
        Lead._make(row)
        for row in book.all(
            f"SELECT * FROM lead WHERE {where}"
            f" ORDER BY {ORDERS[wanted.order]} {direction}, lead.id {direction} LIMIT ?",
            *values,
            -1 if wanted.limit is None else wanted.limit,
        )
    ]
    columns = tuple(
        column._replace(screen=True) if column.name == "state" and wanted.states != ("open",) else column
        for column in COLUMNS
    )
    return Table(columns, _rows(book, leads, today, lang), total=total, empty="no leads", listing=True)


def shown(book: Book, leads: list[Lead], today: str, lang: str) -> Table:
    """These very leads, with all that is known of each."""
    return Table(FULL, _rows(book, leads, today, lang), total=len(leads))


def _conditions(book: Book, wanted: Filter) -> tuple[str, list[Any]]:
    where = ["1"]
    values: list[Any] = []
    if wanted.states:
        where.append(f"state IN ({', '.join('?' * len(wanted.states))})")
        values += wanted.states
    for column in ("funnel", "stage"):
        if getattr(wanted, column):
            where.append(f"{column} = ?")
            values.append(getattr(wanted, column))
    teach_fold(book.conn)
    if wanted.source:
        where.append("fold(source) = ?")
        values.append(fold(wanted.source))
    if wanted.tag:
        where.append("EXISTS (SELECT 1 FROM json_each(tags) WHERE fold(value) = ?)")
        values.append(fold(wanted.tag))
    if wanted.search:
        part = parts_like(fold(wanted.search))
        found = " OR ".join(
            rf"{column} LIKE ? ESCAPE '\'"
            for column in ("name_key", "fold(company)", "email_key", "phone", "phone_key", "fold(key)")
        )
        where.append(f"({found})")
        values += [part] * 6
    return " AND ".join(where), values


def _rows(book: Book, leads: list[Lead], today: str, lang: str) -> tuple[tuple[Cell, ...], ...]:
    labels = Labels(book, lang)
    theirs = _opportunities(book, leads)
    also = _aliases(book, leads)
    return tuple(
        (
            lead.ref,
            lead.name,
            lead.company,
            lead.email,
            lead.phone,
            lead.source,
            None if lead.referred_by is None else f"L{lead.referred_by}",
            lead.funnel,
            lead.stage,
            labels.of(lead.funnel, lead.stage),
            lead.state,
            lead.reason,
            tags_in(lead.tags),
            lead.key,
            lead.note,
            lead.created_at,
            lead.closed_at,
            days_between(lead.entered_at, lead.closed_at or today),
            theirs.get(lead.id, ()),
            also.get(lead.id, ()),
        )
        for lead in leads
    )


def _opportunities(book: Book, leads: list[Lead]) -> dict[int, tuple[str, ...]]:
    return _grouped(book, leads, "SELECT lead_id, 'O' || id FROM opportunity", "ORDER BY id")


def _aliases(book: Book, leads: list[Lead]) -> dict[int, tuple[str, ...]]:
    return _grouped(book, leads, "SELECT lead_id, value FROM lead_alias", "ORDER BY id")


def _grouped(book: Book, leads: list[Lead], select: str, order: str) -> dict[int, tuple[str, ...]]:
    where = ""
    values: list[int] = []
    if len(leads) <= 50:  # for more, one scan is cheaper than as many look-ups
        where = f"WHERE lead_id IN ({', '.join('?' * len(leads))})"
        values = [lead.id for lead in leads]
    found: dict[int, list[str]] = {}
    for lead_id, text in book.all(f"{select} {where} {order}", *values):
        found.setdefault(lead_id, []).append(text)
    return {lead_id: tuple(texts) for lead_id, texts in found.items()}
