"""What is held on people: all of it for one who asks, those on whom it is held in vain, and those who came back."""

from __future__ import annotations

from typing import Annotated

import typer

from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.options import Limit, Ref, limit_of, text
from funnelctl.cli.session import Session
from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.errors import Invalid, Usage
from funnelctl.store.reports import leads

app = group("What is held on people. To erase one: lead forget.")


@reads(app, "export")
def export(session: Session, ref: Ref) -> Answer:
    """Write all that is held on a person, as JSON."""
    from funnelctl.cli.forget import meant
    from funnelctl.store.leftovers import person_of
    from funnelctl.store.reports.privacy import held_on

    if session.fmt not in ("table", "json") or session.quiet:
        raise Usage("what is held on a person is one JSON document", hint="leave --format and --quiet out")
    session.fmt = "json"
    with session.reading() as book:
        number = person_of(book.conn, meant(book, ref)).ids[0]  # of one whose adding was undone the history tells
        lead = book.lead(number)
        rows = leads.shown(book, [lead] if lead else [], instant(session.now), session.lang)
        return Answer("privacy export", rows, more=held_on(book, number))


@reads(app, "due")
def due(
    session: Session,
    months: Annotated[str, text("--months", "How many months without any contact.", "N")],
    limit: Limit = None,
) -> Answer:
    """List leads that have been silent for months.

    They have no live opportunity, and nothing was noted, moved or edited since: candidates for lead forget.
    """
    from funnelctl.core.period import day_start, parse_day
    from funnelctl.store.reports import privacy

    if not (months.isascii() and months.isdigit() and 0 < int(months) < 1200):
        raise Invalid(f"--months takes a number of months, not {months[:60]!r}")
    before = day_start(parse_day(f"-{int(months)}m", session.today))
    most = limit_of(limit, session)
    with session.reading() as book:
        rows = privacy.due(book, session.today, before, instant(session.now), session.lang, most)
    return Answer("privacy due", rows)


@writes(app, "allow", dated=False)
def allow(
    session: Session,
    who: Annotated[str, typer.Argument(metavar="WHO", help="The e-mail, phone number, key or name that was refused.")],
    company: Annotated[str | None, text("--company", "The company, where it was the name that was refused.")] = None,
) -> Answer:
    """Let somebody who was forgotten be taken in again.

    They have come back of their own will. What was erased stays erased.
    """
    from funnelctl.core.forget import marks
    from funnelctl.core.leads import fields_of
    from funnelctl.store.forgotten import allow as take_off

    with session.writing("privacy allow") as work:
        wanted = []
        for name in ("email", "phone", "key", "name"):
            try:
                fields = fields_of({name: who, "company": company or ""}, work.book.region)
            except Invalid:
                continue  # it is something else
            wanted += marks(fields)
        wanted += [(table, who.strip()) for table in ("opportunity", "activity")]
        number = take_off(work.book.conn, wanted, instant(session.now), work.author.by)
    table = Table((Column("marks", "int"),), ((number,),))
    return Answer("privacy allow", table, line="the person may be taken in again; what was erased stays erased")
