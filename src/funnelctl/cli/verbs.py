"""The five verbs that move a record: advance, win, lose, postpone, reopen."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from funnelctl.cli.answers import name_of, record, standing
from funnelctl.cli.commands import group, writes
from funnelctl.cli.options import Close, Currency, Note, Ref, Service, Value, currency_of, only_given, text
from funnelctl.cli.session import Session, Writing
from funnelctl.core import leads, opportunities
from funnelctl.core.evidence import require, stage_named
from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.money import shown
from funnelctl.core.period import parse_day
from funnelctl.core.records import Lead, Opportunity
from funnelctl.core.table import Answer
from funnelctl.errors import Conflict, Invalid
from funnelctl.store.resolve import lead_or_opportunity, opportunity_of, record_of

app = group("Moves.")


@writes(app, "advance")
def advance(
    session: Session,
    ref: Ref,
    to: Annotated[str | None, text("--to", "To this stage instead of the next one.", "STAGE")] = None,
    back: Annotated[bool, typer.Option("--back", help="Back, to the stage before or to --to.")] = False,
    title: Annotated[str | None, text("--title", "The title of the opportunity.")] = None,
    value: Value = None,
    currency: Currency = None,
    service: Service = None,
    close: Close = None,
    note: Note = None,
) -> Answer:
    """Take a lead or an opportunity to the next stage.

    A lead that reaches an opportunity stage is converted: an opportunity is created.
    """
    with session.writing("advance") as work:
        one = lead_or_opportunity(work.book, ref)
        design = work.book.funnel(one.funnel)
        target = _target(one, design, to, back=back)
        raw = only_given(title=title, value=value, service=service, close=close)
        known = one.currency if isinstance(one, Opportunity) else None
        fields = opportunities.fields_of(raw, currency_of(currency, value, known or design.currency), session.today)
        if isinstance(one, Opportunity):
            return _walk(session, work, one, design, target, fields, note, back=back)
        if target.holds == "opportunity":
            return _convert(session, work, one, target, fields, note)
        if fields:
            raise Invalid(
                f"--{next(iter(raw))} belongs to an opportunity; {target.key!r} holds leads",
                hint=f"funnelctl advance {one.ref} --to {design.first_opportunity_stage.key} makes it one",
            )
        require(target, one)
        work.do(leads.walk(work.author.after(work.book.last_move(one)), one, target, note, back=back))
        return _moved(session, work, one)


@writes(app, "win")
def win(session: Session, ref: Ref, value: Value = None, currency: Currency = None, note: Note = None) -> Answer:
    """Close an opportunity as won."""
    with session.writing("win") as work:
        one = opportunity_of(work.book, ref)
        design = work.book.funnel(one.funnel)
        known = currency_of(currency, value, one.currency or design.currency)
        fields = opportunities.fields_of(only_given(value=value), known, session.today)
        author = work.author.after(work.book.last_move(one))
        work.do(opportunities.win(author, one, design, fields, note))
        worth = opportunities.value_of(work.book.opportunity(one.id) or one)
        return record("win", session, work.book, one, f"{name_of(one)}: won" + (f", {shown(worth)}" if worth else ""))


@writes(app, "lose")
def lose(
    session: Session,
    ref: Ref,
    reason: Annotated[str | None, text("--reason", "Why: one of the funnel's lost_reasons.", "REASON")] = None,
    to: Annotated[str | None, text("--to", "The competitor who was chosen.", "COMPETITOR")] = None,
    note: Note = None,
) -> Answer:
    """Close an opportunity as lost."""
    with session.writing("lose") as work:
        one = opportunity_of(work.book, ref)
        author = work.author.after(work.book.last_move(one))
        work.do(opportunities.lose(author, one, work.book.funnel(one.funnel), reason, to, note))
        why = (work.book.opportunity(one.id) or one).reason
        return record("lose", session, work.book, one, f"{name_of(one)}: lost ({why}{f', to {to}' if to else ''})")


@writes(app, "postpone")
def postpone(
    session: Session,
    ref: Ref,
    until: Annotated[str, text("--until", "The day on which it wakes by itself.", "DATE")],
    because: Annotated[str | None, text("--because", "What it waits for.")] = None,
) -> Answer:
    """Let an opportunity sleep until a day.

    Till then it is out of the stale list and of the weighted pipeline; it wakes by itself.
    """
    with session.writing("postpone") as work:
        one = opportunity_of(work.book, ref)
        day = parse_day(until, session.today)
        author = work.author.after(work.book.last_move(one))
        work.do(opportunities.postpone(author, one, day, because))
        return record("postpone", session, work.book, one, f"{name_of(one)}: postponed until {day}")


@writes(app, "reopen")
def reopen(session: Session, ref: Ref, note: Note = None) -> Answer:
    """Take a closed opportunity or lead up again."""
    with session.writing("reopen") as work:
        book = work.book
        one = record_of(book, ref)
        if isinstance(one, Lead) and one.state == "converted":
            one = opportunity_of(book, one.ref, live=False)
        author = work.author.after(book.last_move(one))
        design = book.funnel(one.funnel)
        if isinstance(one, Lead):
            work.do(leads.reopen(author, one, design, note))
        else:
            work.do(opportunities.reopen(author, one, design, note))
        again = (book.lead(one.id) if isinstance(one, Lead) else book.opportunity(one.id)) or one
        line = f"{name_of(one)}: open again, in {standing(session, book, again)}"
        return record("reopen", session, book, again, line)


def _target(one: Lead | Opportunity, design: Funnel, to: str | None, *, back: bool) -> Stage:
    """The stage that an ``advance`` means."""
    if isinstance(one, Opportunity):
        opportunities.check_live(one)
    elif one.state != "open":
        raise Conflict(f"{one.ref} is {one.state}; nothing was saved", hint=f"funnelctl reopen {one.ref}")
    holds = "opportunity" if isinstance(one, Opportunity) else None
    if to is not None:
        target = stage_named(design, to)
    else:
        found = design.before(one.stage) if back else design.after(one.stage)
        if found is None:
            raise _no_step(one, design, back=back)
        target = found
    if target.key == one.stage:
        raise Conflict(f"{one.ref} stands in {target.key!r} already; nothing was saved", hint="leave out --to to go on")
    here = design.stage(one.stage)
    behind = here is not None and target.position < here.position
    if behind and holds == "opportunity" and target.holds == "lead":
        raise Conflict(
            f"{one.ref} is an opportunity; {target.key!r} holds leads. Nothing was saved",
            hint=f"funnelctl lose {one.ref} --reason ..., or funnelctl undo if it was converted by mistake",
        )
    if behind and not back:
        raise Conflict(f"{target.key!r} lies before {one.stage!r}; nothing was saved", hint="add --back to go back")
    if back and not behind:
        raise Conflict(f"{target.key!r} does not lie before {one.stage!r}; nothing was saved", hint="leave out --back")
    return target


def _no_step(one: Lead | Opportunity, design: Funnel, *, back: bool) -> Conflict:
    if design.stage(one.stage) is None:
        return Conflict(f"the funnel {design.key!r} no longer has the stage {one.stage!r}", hint="say --to STAGE")
    end = "first" if back else "last"
    giving_up = f"lead drop {one.ref} --reason TEXT" if isinstance(one, Lead) else f"lose {one.ref} --reason REASON"
    hint = f"funnelctl {giving_up}" if back else f"funnelctl win {one.ref}, or {giving_up}"
    return Conflict(f"{one.ref} stands in the {end} stage, {one.stage!r}; nothing was saved", hint=hint)


def _walk(
    session: Session, work: Writing, one: Opportunity, design: Funnel, target: Stage, fields: dict[str, Any],
    note: str | None, *, back: bool,
) -> Answer:  # fmt: skip
    if not back:
        require(target, work.book.client_of(one), one._replace(**fields))
    author = work.author.after(work.book.last_move(one))
    work.do(opportunities.walk(author, one, design, target, fields, note, back=back))
    return _moved(session, work, one)


def _convert(
    session: Session, work: Writing, lead: Lead, target: Stage, fields: dict[str, Any], note: str | None
) -> Answer:
    author = work.author.after(work.book.last_move(lead))
    if "title" not in fields:
        fields = {
            **opportunities.fields_of(
                {"title": str(fields.get("service") or lead.company or lead.name)}, None, session.today
            ),
            **fields,
        }
    closing = leads.convert(author, lead, note)
    made, changes = opportunities.add(author, fields, lead.id, target)
    require(target, lead, made, made=True)
    work.do(closing + changes)
    line = f"{name_of(lead)}: became {name_of(made)}, in {standing(session, work.book, made)}"
    return record("advance", session, work.book, made, line)


def _moved(session: Session, work: Writing, one: Lead | Opportunity) -> Answer:
    now = work.book.lead(one.id) if isinstance(one, Lead) else work.book.opportunity(one.id)
    assert now is not None
    return record("advance", session, work.book, one, f"{name_of(one)}: now in {standing(session, work.book, now)}")
