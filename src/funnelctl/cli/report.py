"""Reports: what is live, what is closed, what it is worth."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from funnelctl.cli import options
from funnelctl.cli.commands import group, reads
from funnelctl.cli.options import Limit, Search, Service, Sort, Stage, text
from funnelctl.cli.overview import answer
from funnelctl.cli.session import Session
from funnelctl.core.period import day_end, day_start, instant, parse_day
from funnelctl.core.table import Answer
from funnelctl.errors import Invalid
from funnelctl.store.funnels import check_filters
from funnelctl.store.reports import opportunities, overview
from funnelctl.store.reports.attention import Asked
from funnelctl.store.reports.standing import relations

app = group("Live and closed opportunities on one screen.")

Since = Annotated[str | None, text("--since", "Closed ones from this day on.", "DATE")]
Until = Annotated[str | None, text("--until", "Closed ones up to this day, with it.", "DATE")]
AsOf = Annotated[str | None, text("--as-of", "As the book stood at the end of this day.", "DATE")]


@reads(app, None)
def report(
    session: Session,
    since: Since = None,
    until: Until = None,
    funnel: options.Funnel = None,
    as_of: AsOf = None,
) -> Answer:
    """Live and closed opportunities on one screen.

    Live ones by stage with totals, closed ones, the win rate, what is stale and what wakes soon.
    """
    now, end = _as_of(session, as_of)
    first, last = _period(session, since, until)
    with session.reading() as book:
        check_filters(book, funnel)
        figures = overview.asked(book, Asked(now, end, first, last, funnel, session.lang))
    return answer(figures, now, _day(session, since), _day(session, until))


@reads(app, "live")
def live(
    session: Session,
    funnel: options.Funnel = None,
    stage: Stage = None,
    service: Service = None,
    search: Search = None,
    as_of: AsOf = None,
    sort: Sort = None,
    limit: Limit = None,
) -> Answer:
    """The live opportunities themselves."""
    chosen = {"outcomes": ("open",), "stage": stage, "service": service, "search": search}
    return _records(session, "report live", chosen, funnel, as_of, sort or "stage", limit)


@reads(app, "closed")
def closed(
    session: Session,
    since: Since = None,
    until: Until = None,
    funnel: options.Funnel = None,
    service: Service = None,
    search: Search = None,
    as_of: AsOf = None,
    sort: Sort = None,
    limit: Limit = None,
) -> Answer:
    """The closed opportunities themselves, won and lost."""
    first, last = _period(session, since, until)
    chosen = {
        "outcomes": ("won", "lost"),
        "since": first,
        "until": last,
        "service": service,
        "search": search,
    }
    return _records(session, "report closed", chosen, funnel, as_of, sort or "-closed", limit)


def _records(
    session: Session, command: str, chosen: dict[str, Any], funnel: str | None, as_of: str | None, sort: str,
    limit: str | None,
) -> Answer:  # fmt: skip
    now, end = _as_of(session, as_of)
    order, reverse = options.order_of(sort, opportunities.ORDERS)
    with session.reading() as book:
        check_filters(book, funnel, chosen.get("stage"))
        wanted = opportunities.Filter(
            **chosen, funnel=funnel, order=order, reverse=reverse, limit=options.limit_of(limit, session),
            relation=relations(book, end)[0],
        )  # fmt: skip
        return Answer(command, opportunities.listed(book, wanted, now, session.lang), as_of=now)


def _as_of(session: Session, given: str | None) -> tuple[str, str | None]:
    """The instant at which days are counted, and the end of the day that was asked for; ``None`` for the present."""
    day = _day(session, given)
    if day is None or day == session.today:
        return instant(session.now), None
    if day > session.today:
        raise Invalid(f"--as-of {day} lies ahead", hint="a report can be asked as of today or of a day that has passed")
    from funnelctl.core.period import at_noon

    return at_noon(day, session.now), day_end(day)


def _period(session: Session, since: str | None, until: str | None) -> tuple[str | None, str | None]:
    first, last = _day(session, since), _day(session, until)
    if first and last and first > last:
        raise Invalid(f"--since {first} lies after --until {last}", hint=f"--since {last} --until {first}")
    return (day_start(first) if first else None), (day_end(last) if last else None)


def _day(session: Session, given: str | None) -> date | None:
    return parse_day(given, session.today) if given else None
