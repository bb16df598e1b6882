"""What needs somebody: records longer in their stage than it allows, and sleepers that wake soon."""

from __future__ import annotations

from datetime import timedelta

from funnelctl.core.period import day_of, day_start, days_between
from funnelctl.core.record import NamedTuple
from funnelctl.core.table import Column, Table
from funnelctl.store.reports.labels import Labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.core.funnel import Stage
    from funnelctl.core.table import Cell
    from funnelctl.store.book import Book

WAKES_WITHIN_DAYS = 14

STALE_COLUMNS = (
    Column("id", "id"),
    Column("title", "text"),
    Column("client", "text"),
    Column("stage", "text", screen=False),
    Column("stage_label", "text", label="stage"),
    Column("days_in_stage", "days", label="in stage"),
    Column("stale_after", "days", label="allowed"),
)
LEAD_STALE_COLUMNS = (
    STALE_COLUMNS[0],
    Column("name", "text"),
    Column("company", "text"),
    *STALE_COLUMNS[3:],
)
WAKING_COLUMNS = (
    Column("id", "id"),
    Column("title", "text"),
    Column("client", "text"),
    Column("postponed_until", "date", label="wakes"),
)


class Asked(NamedTuple):
    """``now`` is the instant of the answer. ``end`` is the instant before which moves count, ``None`` for the present.
    ``since`` and ``until`` bound the closing (instants, half-open)."""

    now: str
    end: str | None
    since: str | None
    until: str | None
    funnel: str | None
    lang: str


def stale(book: Book, wanted: Asked, relation: str, labels: Labels, keys: list[str]) -> Table:
    """Live, and awake in their stage for longer than it allows; the longest in their stage first."""
    sql = (
        f"SELECT 'O' || o.id, o.title, c.name, o.entered_at FROM {relation} AS o"
        " JOIN lead AS c ON c.id = o.lead_id WHERE o.outcome = 'open' AND o.funnel = ?1 AND o.stage = ?2"
        " AND o.entered_at < ?3 AND (o.postponed_until IS NULL OR o.postponed_until < ?4)"
    )
    return _too_long(book, wanted, sql, labels, keys, "opportunity")


def stale_leads(book: Book, wanted: Asked, relation: str, labels: Labels, keys: list[str]) -> Table:
    """Open leads that are longer in their stage than it allows."""
    sql = (
        f"SELECT 'L' || o.id, c.name, c.company, o.entered_at FROM {relation} AS o"
        " JOIN lead AS c ON c.id = o.id WHERE o.state = 'open' AND o.funnel = ?1 AND o.stage = ?2"
        " AND o.entered_at < ?3 AND ?4 IS NOT NULL"
    )
    table = _too_long(book, wanted, sql, labels, keys, "lead")
    return table._replace(columns=LEAD_STALE_COLUMNS)


def _too_long(book: Book, wanted: Asked, sql: str, labels: Labels, keys: list[str], holds: str) -> Table:
    today = day_of(wanted.now)
    found: list[tuple[Any, Stage]] = []
    for key in keys:
        design = labels.funnel(key)
        for stage in design.stages if design else ():
            if stage.holds == holds and stage.stale_after is not None:
                last = today - timedelta(days=stage.stale_after)
                standing = book.all(sql, key, stage.key, day_start(last), last.isoformat())
                found += [(row, stage) for row in standing]
    found.sort(key=lambda pair: (pair[0][3], pair[0][0]))
    rows: list[tuple[Cell, ...]] = [
        (ref, title, client, stage.key, labels.of(stage.funnel, stage.key), days_between(entered, wanted.now),
         stage.stale_after)
        for (ref, title, client, entered), stage in found
    ]  # fmt: skip
    return Table(STALE_COLUMNS, tuple(rows), total=len(rows))


def waking(book: Book, wanted: Asked, relation: str) -> Table:
    """Postponed ones that wake within two weeks, the first first."""
    today = day_of(wanted.now)
    rows = book.all(
        "SELECT 'O' || o.id, o.title, c.name, o.postponed_until"
        f" FROM {relation} AS o JOIN lead AS c ON c.id = o.lead_id"
        " WHERE o.outcome = 'open' AND o.postponed_until > ?1 AND o.postponed_until <= ?2"
        " AND (?3 IS NULL OR o.funnel = ?3) ORDER BY o.postponed_until, o.id",
        today.isoformat(),
        (today + timedelta(days=WAKES_WITHIN_DAYS)).isoformat(),
        wanted.funnel,
    )
    return Table(WAKING_COLUMNS, tuple(tuple(row) for row in rows), total=len(rows))
