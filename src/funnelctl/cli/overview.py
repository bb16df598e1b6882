"""The overview as an answer: keys for programs, a screen for people, both from the same figures."""

from __future__ import annotations

from funnelctl.core.money import totals
from funnelctl.core.period import day_of
from funnelctl.core.table import Answer, Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from funnelctl.store.reports.overview import Closed, Overview

ROWS = (
    Column("section", "text"),
    Column("funnel", "text"),
    Column("stage", "text"),
    Column("label", "text"),
    Column("count", "int"),
    Column("totals", "moneys"),
    Column("weighted", "moneys"),
    Column("oldest_days", "days"),
)
FEW = 5  # of the stale and the waking ones on the screen; machine formats have all


def answer(figures: Overview, now: str, since: date | None, until: date | None) -> Answer:
    """The one-screen report."""
    rate = figures.win_rate
    live = _summed(figures.live)
    more = {
        "since": since and since.isoformat(),
        "until": until and until.isoformat(),
        "live": {**live, "by_stage": figures.live},
        "leads": _per_stage(figures.leads),
        "leads_by_stage": figures.leads,
        "closed": {
            "count": rate.n,
            "totals": totals((*figures.won.totals, *figures.lost.totals)),
            "won": {"count": figures.won.n, "totals": figures.won.totals},
            "lost": {"count": figures.lost.n, "totals": figures.lost.totals},
        },
        "win_rate": {
            "by_count": rate.by_count,
            "by_value": rate.by_value,
            "n": rate.n,
            "by_currency": dict(rate.by_currency),
        },
        "stale": figures.stale,
        "stale_leads": figures.stale_leads,
        "waking": figures.waking,
    }
    return Answer("report", _rows(figures), screen=_screen(figures, live, now, since, until), more=more, as_of=now)


def _summed(live: Table) -> dict[str, Any]:
    names = [column.name for column in live.columns]
    rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in live.rows]
    return {
        "count": sum(row["count"] for row in rows),
        "totals": totals(money for row in rows for money in row["totals"]),
        "weighted": totals(money for row in rows for money in row["weighted"]),
        "asleep": sum(row["asleep"] for row in rows),
    }


def _per_stage(leads: Table) -> dict[str, int]:
    counts: dict[str, int] = {}
    for _, stage, _, count, _ in leads.rows:
        counts[str(stage)] = counts.get(str(stage), 0) + int(str(count))
    return counts


def _rows(figures: Overview) -> Table:
    """The report as plain rows, for the formats that have no nesting."""
    rows: list[Any] = []
    for funnel, stage, label, count, oldest in figures.leads.rows:
        rows.append(("leads", funnel, stage, label, count, (), (), oldest))
    for funnel, stage, label, count, worth, weighted, oldest, _ in figures.live.rows:
        rows.append(("live", funnel, stage, label, count, worth, weighted, oldest))
    for name, part in (("won", figures.won), ("lost", figures.lost)):
        rows.append((name, None, None, None, part.n, part.totals, (), None))
    return Table(ROWS, tuple(rows))


def _screen(
    figures: Overview, live: dict[str, Any], now: str, since: date | None, until: date | None
) -> tuple[Table, ...]:
    several = figures.several_funnels
    tables = [_leads_screen(figures, several), _live_screen(figures, live, now, several)]
    tables.append(_closed_screen(figures, since, until))
    named = (
        (figures.stale, "Stale: longer in their stage than it allows"),
        (figures.stale_leads, "Stale leads"),
        (figures.waking, "Waking soon"),
    )
    for table, title in named:
        if table.rows:
            hidden = len(table.rows) - FEW
            counted = f" ({len(table.rows)}, the first {FEW} of them)" if hidden > 0 else ""
            tables.append(table._replace(rows=table.rows[:FEW], title=title + counted))
    return tuple(table for table in tables if table.rows)


def _live_screen(figures: Overview, live: dict[str, Any], now: str, several: bool) -> Table:
    columns = (
        Column("funnel", "text", screen=several),
        Column("label", "text", label="stage"),
        Column("count", "int"),
        Column("bar", "bar", label=""),
        Column("totals", "moneys", label="total"),
        Column("weighted", "moneys"),
        Column("oldest_days", "days", label="oldest"),
        Column("asleep", "int", screen=live["asleep"] > 0),
    )
    rows: list[Any] = [
        (funnel, label, count, count, worth, weighted, oldest, asleep or None)
        for funnel, _, label, count, worth, weighted, oldest, asleep in figures.live.rows
    ]
    rows.append(
        (
            None,
            "all live",
            live["count"],
            None,
            live["totals"],
            live["weighted"],
            None,
            live["asleep"] or None,
        )
    )
    return Table(columns, tuple(rows), title=f"Live opportunities, {day_of(now)}")


def _leads_screen(figures: Overview, several: bool) -> Table:
    columns = (
        Column("funnel", "text", screen=several),
        Column("label", "text", label="stage"),
        Column("count", "int"),
        Column("bar", "bar", label=""),
        Column("oldest_days", "days", label="oldest"),
    )
    rows = tuple((funnel, label, count, count, oldest) for funnel, _, label, count, oldest in figures.leads.rows)
    return Table(columns, rows, title="Leads")


def _closed_screen(figures: Overview, since: date | None, until: date | None) -> Table:
    columns = (
        Column("outcome", "text"),
        Column("count", "int"),
        Column("bar", "bar", label=""),
        Column("totals", "moneys", label="total"),
        Column("by_count", "ratio", label="win rate"),
        Column("by_value", "ratio", label="by value"),
        Column("n", "int"),
    )
    rate = figures.win_rate

    def row(name: str, part: Closed, *more: Any) -> tuple[Any, ...]:
        return (name, part.n, part.n, part.totals, *more)

    rows = (
        row("won", figures.won, rate.by_count, rate.by_value, rate.n or None),
        row("lost", figures.lost, None, None, None),
    )
    period = "".join(f", {word} {day}" for word, day in (("since", since), ("until", until)) if day)
    return Table(columns, rows, title=f"Closed opportunities{period}")
