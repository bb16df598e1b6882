"""Random commands on random records: books that nobody would think of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from desk import Desk, Work, shipped
from hypothesis import strategies as st

from funnelctl.core import leads, opportunities
from funnelctl.core.records import Lead, Opportunity

if TYPE_CHECKING:
    from collections.abc import Callable

    from funnelctl.core.change import Change

FUNNELS = tuple(shipped(key) for key in ("consulting", "jm-sports", "seven-states"))
ON_LEADS = ("arrive", "walk", "sell", "drop", "take up")
ON_SALES = ("advance", "back", "say", "sleep", "win", "lose", "reopen")

# verb, which record, how, and how many days pass after it
deeds = st.tuples(st.sampled_from((*ON_LEADS, *ON_SALES)), st.integers(0, 9), st.integers(0, 99), st.integers(0, 2))


def step(desk: Desk, verb: str, pick: int, how: int) -> None:
    """One command on a record that ``pick`` chooses; ``how`` chooses among its ways."""
    with desk.writing() as work:
        book, author = work.book, work.author
        number = book.one("SELECT count(*) FROM opportunity" if verb not in ON_LEADS else "SELECT count(*) FROM lead")[
            0
        ]
        if verb == "arrive" or not number:
            funnel = book.funnel(FUNNELS[how % 3].key)
            state = "open" if funnel.lead_stages else "converted"
            fields = leads.fields_of({"name": f"Guest {pick}"}, None)
            desk.do(work, verb, leads.add(author, fields, funnel, state=state)[1])
            return
        record: Lead | Opportunity | None = (
            book.lead(pick % number + 1) if verb in ON_LEADS else book.opportunity(pick % number + 1)
        )
        assert record is not None
        changes = of_lead(work, verb, record, how) if isinstance(record, Lead) else of_sale(work, verb, record, how)
        if changes:
            desk.do(work, verb, changes)


def of_lead(work: Work, verb: str, lead: Lead, how: int) -> list[Change]:
    funnel = work.book.funnel(lead.funnel)
    author = work.author.after(work.book.last_move(lead))
    if verb == "walk":
        to = (funnel.before if how % 3 == 0 else funnel.after)(lead.stage)
        if lead.state != "open" or to is None or to.holds != "lead":
            return []
        return leads.walk(author, lead, to, None, back=how % 3 == 0)
    if verb == "sell":
        closing = leads.convert(author, lead) if lead.state != "converted" else []
        fields = opportunities.fields_of({"title": "Sale", "value": f"{how} EUR"}, None, author.today)
        return closing + opportunities.add(author, fields, lead.id, funnel.first_opportunity_stage)[1]
    return leads.drop(author, lead, "gone", None) if verb == "drop" else leads.reopen(author, lead, funnel, None)


def of_sale(work: Work, verb: str, sale: Opportunity, how: int) -> list[Change]:
    funnel = work.book.funnel(sale.funnel)
    author = work.author.after(work.book.last_move(sale))
    if verb in ("advance", "back"):
        to = (funnel.after if verb == "advance" else funnel.before)(sale.stage)
        if sale.outcome != "open" or to is None or to.holds != "opportunity":
            return []
        return opportunities.walk(author, sale, funnel, to, {}, None, back=verb == "back")
    status = (*funnel.statuses, "none")[how % (len(funnel.statuses) + 1)]
    reason = funnel.lost_reasons[how % len(funnel.lost_reasons)]
    until = author.today + timedelta(days=how % 40)
    ways: dict[str, Callable[[], list[Change]]] = {
        "say": lambda: opportunities.set_status(author, sale, funnel, status, None),
        "sleep": lambda: opportunities.postpone(author, sale, until, None),
        "win": lambda: opportunities.win(author, sale, funnel, {}, None),
        "lose": lambda: opportunities.lose(author, sale, funnel, reason, None, None),
        "reopen": lambda: opportunities.reopen(author, sale, funnel, None),
    }
    return ways[verb]()
