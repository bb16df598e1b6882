"""From what people type to the record that they mean.

A reference is an id (``L12``, ``O7``), an e-mail, an external key, or any part of a name or title that fits one record.
A name that fits exactly wins over names that merely contain it. A lead's reference given where an opportunity is meant
stands for its only live one.
"""

from __future__ import annotations

from funnelctl.core.records import Lead, Opportunity, number_in
from funnelctl.core.text import fold, parts_like
from funnelctl.errors import Conflict, NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from funnelctl.store.book import Book

    R = TypeVar("R", bound=Lead | Opportunity)

MOST_SHOWN = 10


def lead_of(book: Book, ref: str) -> Lead:
    """The lead that ``ref`` means. An opportunity's id stands for the lead to which it belongs.

    Raises:
        NotFound: it fits none.
        Conflict: it fits several; the message lists them.
    """
    exact = _opportunity_by_id(book, ref)
    return book.client_of(exact) if exact else _only(ref, leads_fitting(book, ref), "lead")


def opportunity_of(book: Book, ref: str, *, live: bool | None = True) -> Opportunity:
    """The opportunity that ``ref`` means. ``live`` limits what a lead's reference stands for: its only live one, its
    only closed one (``False``), or its only one (``None``).

    Raises:
        NotFound: it fits none.
        Conflict: it fits several; the message lists them.
    """
    exact = _opportunity_by_id(book, ref)
    if exact:
        return exact
    leads = leads_fitting(book, ref)
    through = [
        one
        for lead in leads
        for one in book.opportunities_of(lead.id)
        if live is None or (one.outcome == "open") is live
    ]
    direct = [] if number_in(ref, "L") else opportunities_fitting(book, ref)
    found: list[Opportunity] = [*direct, *(one for one in through if one not in direct)]
    if live is not None and len(found) > 1:
        found = [one for one in found if (one.outcome == "open") is live] or found
    if not found and leads:
        _none_of_lead(book, leads[0], live)
    return _only(ref, found, "opportunity")


def lead_or_opportunity(book: Book, ref: str, *, live: bool | None = True) -> Lead | Opportunity:
    """The lead or opportunity that ``ref`` means; a converted lead stands for its opportunity.

    Raises:
        NotFound: it fits none.
        Conflict: it fits several; the message lists them.
    """
    number = number_in(ref, "L")
    if number:
        lead = _only(ref, leads_fitting(book, ref), "lead")
        return opportunity_of(book, lead.ref, live=live) if lead.state == "converted" else lead
    exact = _opportunity_by_id(book, ref)
    if exact:
        return exact
    leads = [lead for lead in leads_fitting(book, ref) if lead.state != "converted"]
    try:
        found: list[Lead | Opportunity] = [*leads, opportunity_of(book, ref, live=live)]
    except NotFound as error:
        found = [*leads]
        if not leads:
            error.message = error.message.replace("no opportunity fits", "no lead or opportunity fits")
            raise
    except Conflict:
        if not leads:
            raise
        found = [*leads, *opportunities_fitting(book, ref)]
    return _only(ref, found, "record")


def record_of(book: Book, ref: str) -> Lead | Opportunity:
    """The record that ``ref`` means, whatever its state: an id or name of a lead is the lead itself, though an
    opportunity of theirs is called the same.

    Raises:
        NotFound: it fits none.
        Conflict: it fits several; the message lists them.
    """
    exact = _opportunity_by_id(book, ref)
    if exact:
        return exact
    if number_in(ref, "L"):
        return _only(ref, leads_fitting(book, ref), "lead")
    leads = leads_fitting(book, ref)
    owners = {lead.id for lead in leads}
    others = [one for one in opportunities_fitting(book, ref) if one.lead_id not in owners]
    found: list[Lead | Opportunity] = [*leads, *others]
    return _only(ref, found, "record")


def leads_fitting(book: Book, ref: str) -> list[Lead]:
    """All leads that ``ref`` may mean: by id, e-mail or key those alone, else by name."""
    number = number_in(ref, "L")
    if number:
        row = book.one("SELECT * FROM lead WHERE id = ?", number) or book.one(
            "SELECT lead.* FROM lead_alias JOIN lead ON lead.id = lead_id WHERE kind = 'id' AND lead_alias.key = ?",
            str(number),
        )
        if row:
            return [Lead._make(row)]
    owner = book.owner("key", ref.strip()) or _by_email(book, ref)
    if owner:
        return [owner]
    key = fold(ref)
    exact = book.leads_named(key)
    if exact or not key or _is_id(ref):
        return exact
    rows = book.all(r"SELECT * FROM lead WHERE name_key LIKE ? ESCAPE '\' ORDER BY id LIMIT 100", parts_like(key))
    return [Lead._make(row) for row in rows]


def opportunities_fitting(book: Book, ref: str) -> list[Opportunity]:
    """All opportunities that ``ref`` may mean: by id or key that one alone, else by title."""
    exact = _opportunity_by_id(book, ref)
    if exact:
        return [exact]
    row = book.one("SELECT * FROM opportunity WHERE key = ?", ref.strip())
    if row:
        return [Opportunity._make(row)]
    key = fold(ref)
    if not key:
        return []
    rows = book.all("SELECT * FROM opportunity WHERE title_key = ? ORDER BY id LIMIT 100", key)
    if not rows and not _is_id(ref):
        sql = r"SELECT * FROM opportunity WHERE title_key LIKE ? ESCAPE '\' ORDER BY id LIMIT 100"
        rows = book.all(sql, parts_like(key))
    return [Opportunity._make(row) for row in rows]


def _by_email(book: Book, ref: str) -> Lead | None:
    if "@" not in ref:
        return None
    from funnelctl.core.contact import parse_email
    from funnelctl.errors import Invalid

    try:
        return book.owner("email", parse_email(ref)[1])
    except Invalid:
        return None


def _opportunity_by_id(book: Book, ref: str) -> Opportunity | None:
    number = number_in(ref, "O")
    return book.opportunity(number) if number else None


def _is_id(ref: str) -> bool:
    """Whether it can only mean the record of that id: ``lead drop L12`` must not drop HAL12 because L12 is gone."""
    return bool(number_in(ref, "L") or number_in(ref, "O"))


def _none_of_lead(book: Book, lead: Lead, live: bool | None) -> None:
    which = {True: "live ", False: "closed ", None: ""}[live]
    others = book.opportunities_of(lead.id)
    hint = f"funnelctl opp add TITLE --lead {lead.ref}"
    if others:
        hint = "it has " + ", ".join(f"{one.ref} ({one.outcome})" for one in others[:MOST_SHOWN])
    elif lead.state == "open":
        hint = f"funnelctl advance {lead.ref} takes it on to become one"
    raise NotFound(f"{lead.ref} has no {which}opportunity", hint=hint)


def _only(ref: str, found: list[R], what: str) -> R:
    if len(found) == 1:
        return found[0]
    if not found:
        listing = {"lead": "lead list --all", "opportunity": "opp list --all"}.get(what, "lead list --all")
        raise NotFound(f"no {what} fits {ref[:60]!r}", hint=f"funnelctl {listing} shows what there is")
    named = "; ".join(f"{one.ref} {one.name if isinstance(one, Lead) else one.title}" for one in found[:MOST_SHOWN])
    more = f"; and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else ""
    raise Conflict(f"{ref[:60]!r} fits {len(found)} records: {named}{more}", hint="name one by its id")
