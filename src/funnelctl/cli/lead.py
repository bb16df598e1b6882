"""Leads: who has arrived and may be interested."""

from __future__ import annotations

from typing import Annotated

import typer

from funnelctl.cli import options
from funnelctl.cli.answers import name_of, record, standing
from funnelctl.cli.commands import group, reads, writes
from funnelctl.cli.options import Key, Limit, Note, Ref, Search, Sort, Stage, Tags, Untags, only_given, text
from funnelctl.cli.session import Session
from funnelctl.core import leads
from funnelctl.core.evidence import OF_LEAD, require, stage_named
from funnelctl.core.period import instant
from funnelctl.core.records import Lead
from funnelctl.core.table import Answer
from funnelctl.errors import Conflict, Failed, Invalid
from funnelctl.store.funnels import check_filters
from funnelctl.store.identity import refuse_known
from funnelctl.store.reports import activities, moves
from funnelctl.store.reports import leads as lead_rows
from funnelctl.store.resolve import lead_of

app = group("Leads: who has arrived and may be interested.")

Company = Annotated[str | None, text("--company", "The organisation.")]
Email = Annotated[str | None, text("--email", "The e-mail; one belongs to one lead only.")]
Phone = Annotated[str | None, text("--phone", "The phone number; one belongs to one lead only.")]
Source = Annotated[str | None, text("--source", "Where the lead came from: referral, event, website ...")]
Referrer = Annotated[str | None, text("--referred-by", "The lead who sent this one.", "REF")]


@writes(app, "add")
def add(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's or organisation's name.")],
    company: Company = None,
    email: Email = None,
    phone: Phone = None,
    source: Source = None,
    referred_by: Referrer = None,
    funnel: options.Funnel = None,
    stage: Stage = None,
    tag: Tags = None,
    note: Note = None,
    key: Key = None,
) -> Answer:
    """Register a lead."""
    with session.writing("lead add", creates=True) as work:
        book = work.book
        raw = only_given(
            name=name, company=company, email=email, phone=phone, source=source, note=note, key=key, tags=tag
        )
        fields = leads.fields_of(raw, book.region)
        refuse_known(book, fields)
        if referred_by is not None:
            fields["referred_by"] = lead_of(book, referred_by).id
        design = book.funnel(funnel)
        where = stage_named(design, stage, "lead") if stage else None
        lead, changes = leads.add(work.author, fields, design, where)
        entered = design.stage(lead.stage)
        assert entered is not None
        require(entered, lead, here=OF_LEAD)
        work.do(changes)
        line = f"{name_of(lead)}: registered in {standing(session, book, lead)}"
        return record("lead add", session, book, lead, line)


@reads(app, "list")
def list_(
    session: Session,
    stage: Stage = None,
    funnel: options.Funnel = None,
    source: Source = None,
    tag: Annotated[str | None, text("--tag", "Only those with this tag.", "TAG")] = None,
    search: Search = None,
    closed: Annotated[bool, typer.Option("--closed", help="Converted and disqualified ones.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Open and closed ones.")] = False,
    sort: Sort = None,
    limit: Limit = None,
) -> Answer:
    """List leads; the open ones unless told."""
    order, reverse = options.order_of(sort, lead_rows.ORDERS)
    states = () if all_ else ("converted", "disqualified") if closed else ("open",)
    wanted = lead_rows.Filter(
        states, funnel, stage, source, tag, search, options.limit_of(limit, session), order, reverse
    )
    with session.reading() as book:
        check_filters(book, funnel, stage)
        return Answer("lead list", lead_rows.listed(book, wanted, instant(session.now), session.lang))


@reads(app, "show")
def show(session: Session, ref: Ref) -> Answer:
    """Show one lead and its history."""
    with session.reading() as book:
        lead = lead_of(book, ref)
        answer = record("lead show", session, book, lead)
        history, happened = moves.of(book, lead, session.lang), activities.of(book, lead)
        screen = (answer.rows, activities.along(lead, history, happened))
        return answer._replace(screen=screen, more={"moves": history, "activities": happened})


@writes(app, "edit", dated=False)
def edit(
    session: Session,
    ref: Ref,
    name: Annotated[str | None, text("--name", "Another name.")] = None,
    company: Company = None,
    email: Email = None,
    phone: Phone = None,
    source: Source = None,
    referred_by: Referrer = None,
    tag: Tags = None,
    untag: Untags = None,
    note: Note = None,
    key: Key = None,
) -> Answer:
    """Change what is known of a lead.

    An empty text clears a field.
    """
    raw = only_given(name=name, company=company, email=email, phone=phone, source=source, note=note, key=key)
    if not raw and referred_by is None and not tag and not untag:
        raise Invalid("nothing to change was given", hint="funnelctl lead edit --help shows what can be")
    with session.writing("lead edit") as work:
        book = work.book
        lead = lead_of(book, ref)
        fields = leads.fields_of(raw, book.region)
        refuse_known(book, fields, own=lead.id)
        if referred_by is not None:
            fields["referred_by"] = _referrer(lead, lead_of(book, referred_by)) if referred_by else None
        if tag or untag:
            fields.update(leads.with_tags(lead, tag or (), untag or ()))
        changed = work.do(leads.edit(lead, fields))
        line = f"{name_of(lead)}: {'changed' if changed else 'nothing differs, nothing was changed'}"
        return record("lead edit", session, book, lead, line)


@writes(app, "drop")
def drop(
    session: Session,
    ref: Ref,
    reason: Annotated[str, text("--reason", "Why it is not a lead any more.")],
    note: Note = None,
) -> Answer:
    """Disqualify a lead."""
    with session.writing("lead drop") as work:
        lead = lead_of(work.book, ref)
        author = work.author.after(work.book.last_move(lead))
        work.do(leads.drop(author, lead, reason, note))
        return record("lead drop", session, work.book, lead, f"{name_of(lead)}: disqualified ({reason.strip()})")


@writes(app, "merge")
def merge(
    session: Session,
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The lead that stays.")],
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The lead that becomes part of it.")],
) -> Answer:
    """Join two leads that are one.

    Opportunities, history and addresses go to the one that stays; where name, company or source differ, its note says
    so.
    """
    with session.writing("lead merge") as work:
        book = work.book
        kept, gone = lead_of(book, keep), lead_of(book, other)
        if kept.id != gone.id and not session.confirmed(f"Merge {name_of(gone)} into {name_of(kept)}?"):
            raise Failed("nothing was merged")
        later = max(book.last_move(kept), book.last_move(gone), key=lambda move: move.at)
        changes = leads.merge(
            work.author.after(later), kept, gone, book.belongings_of(gone.id), book.referred_by(gone.id)
        )
        work.do(changes)
        return record("lead merge", session, book, kept, f"{name_of(kept)}: {gone.ref} is part of it now")


@reads(app, "dupes")
def dupes(
    session: Session,
    threshold: Annotated[str | None, text("--threshold", "From which score, of 100 (else 80).", "N")] = None,
    limit: Limit = None,
) -> Answer:
    """List leads that are probably one, with the reasons.

    Likeliest first; closed leads too. Nothing is changed: lead merge joins two.
    """
    from funnelctl.cli.dupes import likely

    return likely(session, threshold, options.limit_of(limit, session))


@writes(app, "forget", dated=False)
def forget(
    session: Session,
    ref: Ref,
    backups: Annotated[
        list[str] | None,
        typer.Option("--backups", metavar="PATH", help="Backups that lie elsewhere, to look into; repeatable."),
    ] = None,
) -> Answer:
    """Erase a person, and keep the figures.

    Everywhere, the history included; it cannot be undone. Tells where the person still is: in old backups, in what
    was written about others.
    """
    from funnelctl.cli.forget import erase

    return erase(session, ref, backups or [])


def _referrer(lead: Lead, referrer: Lead) -> int:
    if referrer.id == lead.id:
        raise Conflict(f"{lead.ref} cannot have referred itself", hint="--referred-by '' clears it")
    return referrer.id
