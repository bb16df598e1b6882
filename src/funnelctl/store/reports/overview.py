"""What is live, what is closed, what was won: the one-screen report.

One pass over the live rows (a covering index) and one over the closed ones; Python sees sums per stage only. Amounts of
different currencies are never added.
"""

from __future__ import annotations

from funnelctl.core.money import Money, times, totals
from funnelctl.core.period import day_of, days_between
from funnelctl.core.record import NamedTuple
from funnelctl.core.table import Column, Table
from funnelctl.store.reports import attention
from funnelctl.store.reports.attention import Asked
from funnelctl.store.reports.labels import Labels
from funnelctl.store.reports.standing import relations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from funnelctl.core.funnel import Stage
    from funnelctl.core.table import Cell
    from funnelctl.store.book import Book


STAGE_COLUMNS = (
    Column("funnel", "text"),
    Column("stage", "text"),
    Column("label", "text"),
    Column("count", "int"),
    Column("totals", "moneys"),
    Column("weighted", "moneys"),
    Column("oldest_days", "days"),
    Column("asleep", "int"),
)
LEAD_COLUMNS = (
    Column("funnel", "text"),
    Column("stage", "text"),
    Column("label", "text"),
    Column("count", "int"),
    Column("oldest_days", "days"),
)


class Closed(NamedTuple):
    """How many were closed with one outcome, and what they are worth per currency."""

    n: int
    totals: tuple[Money, ...]


class WinRate(NamedTuple):
    """won / (won + lost), by number and by value; open ones are not in it. ``None`` where nothing is closed.

    ``by_value`` is there where one currency is; ``by_currency`` has it for each.
    """

    by_count: float | None
    by_value: float | None
    n: int
    by_currency: tuple[tuple[str, float], ...]


class Overview(NamedTuple):
    """All figures of the report."""

    live: Table  # STAGE_COLUMNS, every stage of the funnels in use
    leads: Table  # LEAD_COLUMNS
    won: Closed
    lost: Closed
    stale: Table
    stale_leads: Table
    waking: Table
    several_funnels: bool

    @property
    def win_rate(self) -> WinRate:
        """From the closed ones."""
        return win_rate(self.won, self.lost)


def win_rate(won: Closed, lost: Closed) -> WinRate:
    """The share of closed opportunities that were won."""
    n = won.n + lost.n
    worth_won, worth_lost = dict(_by_currency(won.totals)), dict(_by_currency(lost.totals))
    shares = []
    for currency in sorted({*worth_won, *worth_lost}):
        both = worth_won.get(currency, 0) + worth_lost.get(currency, 0)
        if both:
            shares.append((currency, worth_won.get(currency, 0) / both))
    by_value = shares[0][1] if len(shares) == 1 else None
    return WinRate(won.n / n if n else None, by_value, n, tuple(shares))


def asked(book: Book, wanted: Asked) -> Overview:
    """The figures for what was asked."""
    opportunities, leads = relations(book, wanted.end)
    labels = Labels(book, wanted.lang)
    live = _live(book, wanted, opportunities)
    waiting = _leads(book, wanted, leads)
    closed = _closed(book, wanted, opportunities)
    keys = _funnels(book, wanted, live, waiting)
    return Overview(
        _stage_table(live, labels, keys, wanted.now),
        _lead_table(waiting, labels, keys, wanted.now),
        closed["won"],
        closed["lost"],
        attention.stale(book, wanted, opportunities, labels, keys),
        attention.stale_leads(book, wanted, leads, labels, keys),
        attention.waking(book, wanted, opportunities),
        len(keys) > 1,
    )


def _live(book: Book, wanted: Asked, relation: str) -> list[Any]:
    return book.all(
        "SELECT funnel, stage, currency, count(*) AS n, sum(value_minor),"
        " sum(postponed_until IS NOT NULL AND postponed_until > ?1) AS asleep,"
        " sum(CASE WHEN postponed_until > ?1 THEN value_minor END),"
        " sum(CASE WHEN probability IS NULL AND (postponed_until IS NULL OR postponed_until <= ?1)"
        " THEN value_minor END),"
        " sum(CASE WHEN postponed_until IS NULL OR postponed_until <= ?1"
        " THEN CAST(round(value_minor * probability) AS INTEGER) END),"
        " min(entered_at),"
        " min(CASE WHEN postponed_until IS NULL OR postponed_until <= ?1 THEN entered_at END)"
        f" FROM {relation} WHERE outcome = 'open' AND (?2 IS NULL OR funnel = ?2)"
        " GROUP BY funnel, stage, currency",
        _today(wanted),
        wanted.funnel,
    )


def _leads(book: Book, wanted: Asked, relation: str) -> list[Any]:
    return book.all(
        "SELECT funnel, stage, count(*), min(entered_at)"
        f" FROM {relation} WHERE state = 'open' AND (?1 IS NULL OR funnel = ?1) GROUP BY funnel, stage",
        wanted.funnel,
    )


def _closed(book: Book, wanted: Asked, relation: str) -> dict[str, Closed]:
    rows = book.all(
        "SELECT outcome, currency, count(*), sum(value_minor)"
        f" FROM {relation} WHERE outcome <> 'open' AND closed_at >= ?1 AND closed_at < ?2"
        " AND (?3 IS NULL OR funnel = ?3) GROUP BY outcome, currency",
        wanted.since or "",
        wanted.until or "~",  # after every instant
        wanted.funnel,
    )
    found = {}
    for outcome in ("won", "lost"):
        mine = [row for row in rows if row[0] == outcome]
        worth = totals(Money(value, currency) for _, currency, _, value in mine if value is not None)
        found[outcome] = Closed(sum(row[2] for row in mine), worth)
    return found


def _today(wanted: Asked) -> str:
    return day_of(wanted.now).isoformat()


def _funnels(book: Book, wanted: Asked, live: list[Any], leads: list[Any]) -> list[str]:
    if wanted.funnel:
        return [wanted.funnel]
    return sorted({row[0] for row in (*live, *leads)}) or [book.default_funnel]


def _stage_table(live: list[Any], labels: Labels, keys: list[str], now: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        mine = [row for row in live if row[0] == key]
        design = labels.funnel(key)
        stages = [stage.key for stage in design.opportunity_stages] if design else []
        stages += sorted({row[1] for row in mine} - set(stages))
        sleeping = design.sleeping_stage if design else None
        for stage in stages:
            if sleeping and stage == sleeping.key:
                rows.append(_asleep_row(key, stage, mine, labels))
            else:
                prior = design.ever(stage) if design else None
                rows.append(_stage_row(key, stage, mine, labels, prior, now, apart=sleeping is not None))
    return Table(STAGE_COLUMNS, tuple(rows))


def _stage_row(
    funnel: str, stage: str, live: list[Any], labels: Labels, design: Stage | None, now: str, *, apart: bool
) -> tuple[Cell, ...]:
    """``apart``: sleepers stand in a stage of their own, not in the one from which they were postponed."""
    mine = [row for row in live if row[1] == stage]
    prior = design.probability if design and design.probability is not None else 0.0
    count = sum(row[3] - (row[5] if apart else 0) for row in mine)
    awake = [row for row in mine if row[2] and row[3] > row[5]]  # of each currency; where all sleep there is no 0 EUR
    worth = totals(
        Money((row[4] or 0) - (row[6] or 0 if apart else 0), row[2]) for row in (awake if apart else mine) if row[2]
    )
    weighted = totals(Money(times(Money(row[7] or 0, row[2]), prior).minor + (row[8] or 0), row[2]) for row in awake)
    since = [row[10] if apart else row[9] for row in mine]
    oldest = max((days_between(entered, now) for entered in since if entered), default=None)
    asleep = 0 if apart else sum(row[5] for row in mine)
    return (funnel, stage, labels.of(funnel, stage), count, worth, weighted, oldest, asleep)


def _asleep_row(funnel: str, stage: str, live: list[Any], labels: Labels) -> tuple[Cell, ...]:
    asleep = sum(row[5] for row in live)
    worth = totals(Money(row[6], row[2]) for row in live if row[6])
    return (funnel, stage, labels.of(funnel, stage), asleep, worth, (), None, asleep)


def _lead_table(leads: list[Any], labels: Labels, keys: list[str], now: str) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key in keys:
        mine = {row[1]: row for row in leads if row[0] == key}
        design = labels.funnel(key)
        stages = [stage.key for stage in design.lead_stages] if design else []
        for stage in stages + sorted(set(mine) - set(stages)):
            found = mine.get(stage)
            oldest = days_between(found[3], now) if found else None
            rows.append((key, stage, labels.of(key, stage), found[2] if found else 0, oldest))
    return Table(LEAD_COLUMNS, tuple(rows))


def _by_currency(moneys: Iterable[Money]) -> Iterable[tuple[str, int]]:
    return ((money.currency, money.minor) for money in moneys)
