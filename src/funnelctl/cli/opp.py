"""Opportunities: possible sales, each to a lead."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from funnelctl.cli import options
from funnelctl.cli.answers import name_of, record, standing
from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.lead import Company, Email, Phone, Source
from funnelctl.cli.options import (
    Close,
    Currency,
    Key,
    Limit,
    Note,
    Ref,
    Search,
    Service,
    Sort,
    Stage,
    Tags,
    Untags,
    Value,
    currency_of,
    only_given,
    text,
)
from funnelctl.cli.session import Session, Writing
from funnelctl.core import leads, opportunities
from funnelctl.core.change import Change
from funnelctl.core.contact import email_in
from funnelctl.core.evidence import OF_LEAD, OF_OPPORTUNITY, require, stage_named
from funnelctl.core.funnel import Funnel
from funnelctl.core.period import instant
from funnelctl.core.records import Lead, number_in
from funnelctl.core.table import Answer
from funnelctl.core.text import fold
from funnelctl.errors import Conflict, Invalid
from funnelctl.store.funnels import check_filters
from funnelctl.store.identity import refuse_known, refuse_known_key
from funnelctl.store.reports import activities, moves
from funnelctl.store.reports import opportunities as opportunity_rows
from funnelctl.store.resolve import lead_of, opportunity_of

app = group("Opportunities: possible sales, live or closed.")

Probability = Annotated[str | None, text("--probability", "Its own chance of winning: 0.4 or 40%.", "P")]
Competitor = Annotated[str | None, text("--competitor", "Who else is asked.")]


@writes(app, "add")
def add(
    session: Session,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is about.")],
    lead: Annotated[str | None, text("--lead", "Whose it is: a lead that is known.", "REF")] = None,
    client: Annotated[str | None, text("--client", "Whose it is: known by this very name, or new.", "NAME")] = None,
    company: Company = None,
    email: Email = None,
    phone: Phone = None,
    source: Source = None,
    value: Value = None,
    currency: Currency = None,
    service: Service = None,
    close: Close = None,
    probability: Probability = None,
    competitor: Competitor = None,
    funnel: options.Funnel = None,
    stage: Stage = None,
    tag: Tags = None,
    note: Note = None,
    key: Key = None,
) -> Answer:
    """Register a service request as an opportunity.

    It belongs to a lead that is known (--lead) or to a client (--client), who is registered with it.
    """
    who = only_given(company=company, email=email, phone=phone, source=source)
    if (lead is None) == (client is None):
        raise Invalid("say whose opportunity it is", hint="--lead REF for a known lead, or --client NAME")
    if lead is not None and who:
        raise Invalid(f"--{next(iter(who))} describes a new client", hint=f"funnelctl lead edit {lead} changes a lead")
    with session.writing("opp add", creates=True) as work:
        book, author = work.book, work.author
        if lead is not None:
            known: Lead | None = lead_of(book, lead)
        else:
            known = _known_client(session, work, client or "", who)
        design = book.funnel(funnel or (known.funnel if known and known.state == "open" else None))
        where = stage_named(design, stage, "opportunity") if stage else design.first_opportunity_stage
        raw = only_given(
            title=title, value=value, service=service, close=close, probability=probability,
            competitor=competitor, note=note, key=key, tags=tag,
        )  # fmt: skip
        fields = opportunities.fields_of(raw, currency_of(currency, value, design.currency), session.today)
        refuse_known_key(book, fields.get("key"))
        changes: list[Change] = []
        here: tuple[str, ...] = OF_OPPORTUNITY
        if known is None:
            known, changes = _new_client(work, {"name": client, **who}, design)
            here += OF_LEAD
        elif known.state != "converted":
            author = author.after(book.last_move(known))
            changes = _taken_up(work, known)
        made, more = opportunities.add(author, fields, known.id, where)
        require(where, known, made, here=here, made=True)
        work.do(changes + more)
        line = f"{name_of(made)}: {standing(session, book, made)}, for {name_of(known)}"
        return record("opp add", session, book, made, line)


@reads(app, "list")
def list_(
    session: Session,
    live: Annotated[bool, typer.Option("--live", help="Live ones (the default).")] = False,
    won: Annotated[bool, typer.Option("--won", help="Won ones.")] = False,
    lost: Annotated[bool, typer.Option("--lost", help="Lost ones.")] = False,
    closed: Annotated[bool, typer.Option("--closed", help="Won and lost ones.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Live and closed ones.")] = False,
    funnel: options.Funnel = None,
    stage: Stage = None,
    status: Annotated[str | None, text("--status", "Only those with this status.", "STATUS")] = None,
    service: Service = None,
    lead: Annotated[str | None, text("--lead", "Only those of this lead.", "REF")] = None,
    tag: Annotated[str | None, text("--tag", "Only those with this tag.", "TAG")] = None,
    search: Search = None,
    sort: Sort = None,
    limit: Limit = None,
) -> Answer:
    """List opportunities; the live ones unless told."""
    order, reverse = options.order_of(sort, opportunity_rows.ORDERS)
    chosen = {"open": live, "won": won or closed, "lost": lost or closed}
    outcomes = () if all_ else tuple(name for name, on in chosen.items() if on) or ("open",)
    with session.reading() as book:
        check_filters(book, funnel, stage, status)
        wanted = opportunity_rows.Filter(
            outcomes, funnel, stage, status, service, lead_of(book, lead).id if lead else None, tag, search,
            limit=options.limit_of(limit, session), order=order, reverse=reverse,
        )  # fmt: skip
        return Answer("opp list", opportunity_rows.listed(book, wanted, instant(session.now), session.lang))


@reads(app, "show")
def show(session: Session, ref: Ref) -> Answer:
    """Show one opportunity and its history."""
    with session.reading() as book:
        one = opportunity_of(book, ref, live=None)
        answer = record("opp show", session, book, one)
        history, happened = moves.of(book, one, session.lang), activities.of(book, one)
        screen = (answer.rows, activities.along(one, history, happened))
        return answer._replace(screen=screen, more={"moves": history, "activities": happened})


@writes(app, "edit", dated=False)
def edit(
    session: Session,
    ref: Ref,
    title: Annotated[str | None, text("--title", "Another title.")] = None,
    value: Value = None,
    currency: Currency = None,
    service: Service = None,
    close: Close = None,
    probability: Probability = None,
    competitor: Competitor = None,
    lead: Annotated[str | None, text("--lead", "Another lead, whose it is.", "REF")] = None,
    tag: Tags = None,
    untag: Untags = None,
    note: Note = None,
    key: Key = None,
) -> Answer:
    """Change what is known of an opportunity.

    An empty text clears a field.
    """
    raw = only_given(
        title=title, value=value, service=service, close=close, probability=probability, competitor=competitor,
        note=note, key=key,
    )  # fmt: skip
    if not raw and lead is None and currency is None and not tag and not untag:
        raise Invalid("nothing to change was given", hint="funnelctl opp edit --help shows what can be")
    with session.writing("opp edit") as work:
        book = work.book
        one = opportunity_of(book, ref)
        known = one.currency or book.funnel(one.funnel).currency
        fields = opportunities.fields_of(raw, currency_of(currency, value, known), session.today)
        refuse_known_key(book, fields.get("key"), own=one.id)
        changes: list[Change] = []
        if lead is not None:
            whose = lead_of(book, lead)
            fields["lead_id"] = whose.id
            changes += _taken_up(work, whose) if whose.state != "converted" else []
        if tag or untag:
            fields.update(leads.with_tags(one, tag or (), untag or ()))
        changed = work.do(changes + opportunities.edit(one, fields))
        line = f"{name_of(one)}: {'changed' if changed else 'nothing differs, nothing was changed'}"
        return record("opp edit", session, book, one, line)


@writes(app, "status")
def status(
    session: Session,
    ref: Ref,
    status: Annotated[
        str, typer.Argument(metavar="STATUS", help="One of the funnel's statuses; an empty one clears it.")
    ],
    note: Note = None,
) -> Answer:
    """Say what one is doing inside its stage."""
    with session.writing("opp status") as work:
        one = opportunity_of(work.book, ref)
        author = work.author.after(work.book.last_move(one))
        work.do(opportunities.set_status(author, one, work.book.funnel(one.funnel), status, note))
        return record("opp status", session, work.book, one, f"{name_of(one)}: {status.strip().lower() or 'no status'}")


def _known_client(session: Session, work: Writing, name: str, who: dict[str, Any]) -> Lead | None:
    """The one lead of exactly that name. Several, or one with another address, are for the user to tell apart."""
    named = work.book.leads_named(fold(name))
    if len(named) > 1:
        listed = ", ".join(lead.ref for lead in named[:10])
        raise Conflict(f"{len(named)} leads have that very name: {listed}", hint="say which: --lead REF")
    if not named:
        number = number_in(name, "L")
        if number is not None and work.book.lead(number):
            raise Invalid(f"{name} is a lead that is known, and no name", hint=f"--lead {name}")
        email = email_in(name)
        owner = work.book.owner("email", email[1]) if email else None
        if owner:
            raise Invalid("--client is the e-mail of a lead that is known, and no name", hint=f"--lead {owner.ref}")
        return None
    fields = leads.fields_of(who, work.book.region)
    for column in ("email_key", "phone_key"):
        if fields.get(column) and fields[column] != getattr(named[0], column):
            raise Conflict(
                f"{name_of(named[0])} has {'another' if getattr(named[0], column) else 'no'}"
                f" {column.removesuffix('_key')}; is it the same client?",
                hint=f"if so --lead {named[0].ref}; if not, register the other first: funnelctl lead add",
            )
    session.note(f"{name_of(named[0])} is known already: the opportunity is theirs")
    return named[0]


def _new_client(work: Writing, raw: dict[str, Any], design: Funnel) -> tuple[Lead, list[Change]]:
    if email_in(raw["name"]):
        raw = {"email": raw["name"], **raw}
    fields = leads.fields_of(raw, work.book.region)
    refuse_known(work.book, fields)
    return leads.add(work.author, fields, design, state="converted")


def _taken_up(work: Writing, lead: Lead) -> list[Change]:
    """A lead that was open, or given up, has become a client."""
    return leads.convert(work.author.after(work.book.last_move(lead)), lead)
