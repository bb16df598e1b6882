"""The answer of a command that speaks of single records: rows of one, and a sentence for people."""

from __future__ import annotations

from funnelctl.core.period import instant
from funnelctl.core.records import Lead, Opportunity
from funnelctl.core.table import Answer
from funnelctl.store.reports import leads, opportunities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.cli.session import Session
    from funnelctl.store.book import Book


def record(command: str, session: Session, book: Book, one: Lead | Opportunity, line: str = "") -> Answer:
    """A lead or an opportunity as it stands in the book now."""
    now = instant(session.now)
    if isinstance(one, Lead):
        kept = book.lead(one.id)
        table = leads.shown(book, [kept] if kept else [], now, session.lang)
    else:
        found = book.opportunity(one.id)
        table = opportunities.shown(book, [found] if found else [], now, session.lang)
    return Answer(command, table, line=line)


def standing(session: Session, book: Book, one: Lead | Opportunity) -> str:
    """Where a record stands: ``request (consulting)``."""
    design = book.funnel(one.funnel)
    stage = design.stage(one.stage)
    return f"{stage.label.in_(session.lang) if stage else one.stage} ({design.label.in_(session.lang)})"


def name_of(one: Lead | Opportunity) -> str:
    """A record as people recognise it: ``L3 Ada Lovelace``."""
    return f"{one.ref} {one.name if isinstance(one, Lead) else one.title}"
