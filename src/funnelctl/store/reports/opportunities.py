"""Which opportunities are there, and what of each: the rows of ``opp list``, ``report live`` and ``report closed``."""

from __future__ import annotations

from funnelctl.core.opportunities import asleep, value_of
from funnelctl.core.period import day_of, days_between
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Opportunity
from funnelctl.core.table import Column, Table
from funnelctl.core.text import fold, parts_like, tags_in
from funnelctl.store.connection import teach_fold
from funnelctl.store.reports.labels import Labels
from funnelctl.store.reports.standing import PRESENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from funnelctl.core.table import Cell
    from funnelctl.store.book import Book

COLUMNS = (
    Column("id", "id"),
    Column("title", "text"),
    Column("lead", "id", screen=False),
    Column("client", "text"),
    Column("value", "money"),
    Column("service", "text", screen=False),
    Column("funnel", "text", screen=False),
    Column("stage", "text", screen=False),
    Column("stage_label", "text", label="stage"),
    Column("status", "text", screen=False),
    Column("outcome", "text"),
    Column("reason", "text", screen=False),
    Column("competitor", "text", screen=False),
    Column("probability", "ratio", screen=False),
    Column("own_probability", "ratio", screen=False),
    Column("expected_close", "date", label="close", screen=False),
    Column("created_at", "instant", screen=False),
    Column("closed_at", "instant", screen=False),
    Column("postponed_until", "date", screen=False),
    Column("key", "text", screen=False),
    Column("tags", "list", screen=False),
    Column("note", "text", screen=False),
    Column("source", "text", screen=False),
    Column("days_in_stage", "days", label="days"),
    # By what an import knows the client again.
    Column("client_company", "text", screen=False),
    Column("client_email", "text", screen=False),
    Column("client_phone", "text", screen=False),
    Column("client_key", "text", screen=False),
)
_CLIENT = ("name", "source", "company", "email", "phone", "key")
_OF_CLOSED = ("outcome", "reason", "closed_at")
_OF_LIVE = ("status", "expected_close", "days_in_stage")
_FOR_PROGRAMS = ("stage", "client_company", "client_email", "client_phone", "client_key")
_ALWAYS = ("id", "title", "client", "value", "stage_label")

ORDERS = {
    "id": "o.id",
    "title": "o.title_key",
    "client": "c.name_key",
    "value": "o.currency {0}, o.value_minor",
    "close": "o.expected_close IS NULL, o.expected_close",
    "created": "o.created_at",
    "closed": "o.closed_at",
    "stage": "o.funnel {0}, o.stage {0}, o.entered_at",
    "age": "o.entered_at",
}


class Filter(NamedTuple):
    """What was asked for; ``outcomes`` empty for all. ``since`` and ``until`` are instants of closing, half-open."""

    outcomes: tuple[str, ...] = ("open",)
    funnel: str | None = None
    stage: str | None = None
    status: str | None = None
    service: str | None = None
    lead_id: int | None = None
    tag: str | None = None
    search: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None
    order: str = "id"
    reverse: bool = False
    relation: str = PRESENT


def listed(book: Book, wanted: Filter, now: str, lang: str) -> Table:
    """The opportunities that fit; ``now`` is the instant at which days are counted and sleepers told."""
    where, values = _conditions(book, wanted, now)
    joined = f"FROM {wanted.relation} AS o JOIN lead AS c ON c.id = o.lead_id WHERE {where}"
    total = book.one(f"SELECT count(*) {joined}", *values)[0]
    direction = "DESC" if wanted.reverse else "ASC"
    order = ORDERS[wanted.order].format(direction)
    client = ", ".join(f"c.{column}" for column in _CLIENT)
    rows = book.all(
        f"SELECT o.*, {client} {joined} ORDER BY {order} {direction}, o.id {direction} LIMIT ?",
        *values,
        -1 if wanted.limit is None else wanted.limit,
    )
    columns = listed_columns(wanted.outcomes)
    return Table(columns, _rows(book, rows, now, lang), total=total, empty="no opportunities", listing=True)


def shown(book: Book, opportunities: list[Opportunity], now: str, lang: str) -> Table:
    """These very opportunities, with all that is known of each."""
    rows = []
    for one in opportunities:
        client = book.client_of(one)
        rows.append((*one, *(getattr(client, column) for column in _CLIENT)))
    full = tuple(column._replace(screen=column.name not in _FOR_PROGRAMS) for column in COLUMNS)
    return Table(full, _rows(book, rows, now, lang), total=len(rows))


def listed_columns(outcomes: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of a list of opportunities with these outcomes; none: with any."""
    seen: tuple[str, ...]
    if outcomes == ("open",):
        seen = _ALWAYS + _OF_LIVE
    elif "open" in outcomes or not outcomes:
        seen = (*_ALWAYS, "outcome", "days_in_stage")
    else:
        seen = _ALWAYS + _OF_CLOSED
    return tuple(column._replace(screen=column.name in seen) for column in COLUMNS)


def _conditions(book: Book, wanted: Filter, now: str) -> tuple[str, list[Any]]:
    where = ["1"]
    values: list[Any] = []
    if wanted.outcomes:
        where.append(f"o.outcome IN ({', '.join('?' * len(wanted.outcomes))})")
        values += wanted.outcomes
    for column, value in (("funnel", wanted.funnel), ("lead_id", wanted.lead_id)):
        if value is not None:
            where.append(f"o.{column} = ?")
            values.append(value)
    for sql, value in (("o.closed_at >= ?", wanted.since), ("o.closed_at < ?", wanted.until)):
        if value is not None:
            where.append(sql)
            values.append(value)
    # A sleeping one is found by what it is shown as, whatever stands in its row.
    sleeping = "ifnull(o.postponed_until, '') > ?"
    today = day_of(now).isoformat()
    if wanted.stage is not None:
        bed = "(SELECT key FROM stage WHERE stage.funnel = o.funnel AND stage.sleeping)"
        where.append(f"CASE WHEN {sleeping} THEN coalesce({bed}, o.stage) ELSE o.stage END = ?")
        values += [today, wanted.stage]
    if wanted.status is not None:
        where.append(f"CASE WHEN {sleeping} THEN 'postponed' ELSE o.status END = ?")
        values += [today, wanted.status]
    teach_fold(book.conn)
    if wanted.service:
        where.append("fold(o.service) = ?")
        values.append(fold(wanted.service))
    if wanted.tag:
        where.append("EXISTS (SELECT 1 FROM json_each(o.tags) WHERE fold(value) = ?)")
        values.append(fold(wanted.tag))
    if wanted.search:
        columns = ("o.title_key", "c.name_key", "fold(c.company)", "fold(o.service)", "fold(o.note)", "fold(o.key)")
        where.append("(" + " OR ".join(rf"{column} LIKE ? ESCAPE '\'" for column in columns) + ")")
        values += [parts_like(fold(wanted.search))] * len(columns)
    return " AND ".join(where), values


def _rows(book: Book, rows: list[Any], now: str, lang: str) -> tuple[tuple[Cell, ...], ...]:
    labels = Labels(book, lang)
    theirs = -len(_CLIENT)
    return tuple(_row(Opportunity._make(row[:theirs]), row[theirs:], labels, now) for row in rows)


def _row(one: Opportunity, client: Sequence[str | None], labels: Labels, now: str) -> tuple[Cell, ...]:
    name, source, *known_by = client
    design = labels.funnel(one.funnel)
    stage, status = one.stage, one.status
    if one.outcome == "open" and asleep(one, day_of(now)):
        status = "postponed"
        if design and design.sleeping_stage:
            stage = design.sleeping_stage.key
    standing = design.ever(one.stage) if design else None
    prior = standing.probability if standing else None
    return (
        one.ref,
        one.title,
        f"L{one.lead_id}",
        name,
        value_of(one),
        one.service,
        one.funnel,
        stage,
        labels.of(one.funnel, stage),
        status,
        one.outcome,
        one.reason,
        one.competitor,
        (prior if one.probability is None else one.probability) if one.outcome == "open" else None,
        one.probability,
        one.expected_close,
        one.created_at,
        one.closed_at,
        one.postponed_until,
        one.key,
        tags_in(one.tags),
        one.note,
        source,
        days_between(one.entered_at, one.closed_at or now),
        *known_by,
    )
