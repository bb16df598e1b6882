"""A look around: a plausible year in a temporary file, and the report on it."""

from __future__ import annotations

import os
import sys
import tempfile
from random import Random

from funnelctl.cli.commands import group, reads
from funnelctl.cli.report import report
from funnelctl.cli.session import Session, Writing
from funnelctl.core import demo as script
from funnelctl.core import leads, opportunities
from funnelctl.core.change import Change
from funnelctl.core.demo import Deed
from funnelctl.core.funnel import Funnel
from funnelctl.core.period import at_noon
from funnelctl.core.records import Lead, Opportunity
from funnelctl.core.table import Answer
from funnelctl.store.book import DEFAULT_FUNNEL

app = group("A look around.")

TRY = (
    "report live",
    "opp list --won --sort -value",
    "report --since -3m --format md",
    "lead add 'Ada Lovelace' --company 'Analytical Engines' --email ada@example.com",
    "advance ada --title 'Engine audit' --value '12000 EUR'",
    "win 'engine audit'",
    "history",
    "undo",
)


@reads(app, "demo")
def demo(session: Session) -> Answer:
    """Look around in a year of an invented consultant.

    Fills a temporary file, shows its report, and says what to try next.
    """
    directory = tempfile.mkdtemp(prefix="funnelctl-demo-")
    session.named_db = os.path.join(directory, "demo.db")
    session.create(session.named_db)
    with session.writing("demo") as work:
        play(work, session)
    session.note(
        f"\nThis is a year of an invented consultant. To go on with it:\n\n  export FUNNELCTL_DB={session.path}\n"
    )
    program = _program()
    for command in TRY:
        session.note(f"  {program} {command}")
    return report(session)._replace(command="demo")


def _program() -> str:
    """How this very program is called again: by its name where a shell finds it, else by its path."""
    import shutil

    called = sys.argv[0]
    found = shutil.which("funnelctl")
    return "funnelctl" if found and os.path.realpath(found) == os.path.realpath(called) else called


def play(work: Writing, session: Session) -> None:
    """Do the year's deeds, each on its day, as one operation."""
    design = work.book.funnel(DEFAULT_FUNNEL)
    people: dict[int, Lead] = {}
    sales: dict[int, Opportunity] = {}
    changes: list[Change] = []
    for deed in script.year(session.today, Random(7)):  # noqa: S311 - the same year for everybody
        changes += _done(work, session, deed, design, people, sales)
    work.do(changes)


def _done(
    work: Writing,
    session: Session,
    deed: Deed,
    design: Funnel,
    people: dict[int, Lead],
    sales: dict[int, Opportunity],
) -> list[Change]:
    at = at_noon(deed.day, session.now)
    author = work.author._replace(at=at, today=deed.day)
    who, words = people.get(deed.who), deed.words
    if deed.verb == "lead":
        people[deed.who], changes = leads.add(author, leads.fields_of(words, None), design)
        return changes
    assert who is not None
    if deed.verb == "drop":
        return leads.drop(author, who, words["reason"], None)
    if deed.verb == "request":
        closing = leads.convert(author, who) if who.state == "open" else []
        people[deed.who] = who._replace(state="converted", closed_at=at)
        fields = opportunities.fields_of(words, design.currency, deed.day)
        sales[deed.which], changes = opportunities.add(author, fields, who.id, design.first_opportunity_stage)
        return closing + changes
    sale = sales[deed.which]
    if deed.verb == "advance":
        to = design.after(sale.stage)
        assert to is not None
        changes = opportunities.walk(author, sale, design, to, {}, None)
    elif deed.verb == "win":
        changes = opportunities.win(author, sale, design, {}, None)
    elif deed.verb == "lose":
        changes = opportunities.lose(author, sale, design, words["reason"], words["competitor"], None)
    else:
        changes = opportunities.postpone(author, sale, words["until"], "they asked to wait")
    after = changes[0].after if changes else None
    sales[deed.which] = sale._replace(**(after or {}))
    return changes
