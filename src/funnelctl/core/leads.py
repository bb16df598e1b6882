"""What can be done with a lead: records in, changes out."""

from __future__ import annotations

from funnelctl.core.author import Author
from funnelctl.core.change import Change, added, edited, removed
from funnelctl.core.contact import parse_email, parse_phone
from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.records import Activity, Alias, Lead, Move, Opportunity, SourceRow
from funnelctl.core.text import LINE, LONG, fold, tags_in, tags_of, tidy, tidy_optional
from funnelctl.errors import Conflict, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Belonging = Opportunity | Move | Activity | Alias | SourceRow


def fields_of(raw: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """The columns that the given words fill: only those that ``raw`` names, so that an edit touches nothing else.

    ``raw`` maps ``name company email phone source note key reason tags`` to text (``tags``: to texts); an empty text
    clears a field. ``region`` reads national phone numbers.

    Raises:
        Invalid: a value is not what its field may hold.
    """
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        if name == "name":
            fields["name"] = tidy(value, "name")
            fields["name_key"] = fold(fields["name"])
            if not fields["name_key"]:
                raise Invalid("the name has no visible character")
        elif name == "email":
            fields["email"], fields["email_key"] = parse_email(value) if value else (None, None)
        elif name == "phone":
            fields["phone"], fields["phone_key"] = parse_phone(value, region) if value else (None, None)
        elif name == "tags":
            fields["tags"] = tags_of(value)
        else:
            fields[name] = tidy_optional(value, name, LONG if name == "note" else LINE)
    return fields


def add(
    author: Author,
    fields: Mapping[str, Any],
    funnel: Funnel,
    stage: Stage | None = None,
    *,
    state: str = "open",
) -> tuple[Lead, list[Change]]:
    """Register a lead in ``stage``, else in the funnel's first lead stage.

    ``state`` is ``converted`` for the client of a service request, who is an opportunity's *who* from the start.

    Raises:
        Conflict: the funnel has no stage that holds leads.
    """
    stage = stage or funnel.first_lead_stage
    if stage is None:
        if state == "open":
            raise Conflict(
                f"the funnel {funnel.key!r} takes no leads",
                hint=f"funnelctl opp add TITLE --client NAME --funnel {funnel.key}, or another --funnel",
            )
        stage = funnel.first_opportunity_stage
    empty = dict.fromkeys(Lead._fields)
    lead = Lead(
        **{
            **empty, "tags": "[]", **fields,
            "id": author.next_id("lead"), "funnel": funnel.key, "stage": stage.key, "state": state,
            "created_at": author.at, "entered_at": author.at, "closed_at": None if state == "open" else author.at,
        }
    )  # fmt: skip
    entered = _move(author, lead, "enter", None, stage.key, state)
    return lead, [added(lead), added(entered)]


def edit(lead: Lead, fields: Mapping[str, Any]) -> list[Change]:
    """Give some fields new values."""
    return edited(lead, lead._replace(**fields))


def with_tags(lead: Lead | Opportunity, add_tags: Iterable[str], remove_tags: Iterable[str]) -> dict[str, str]:
    """The tags of a record with some more and some fewer; a tag is the same in any case."""
    gone = {fold(tag) for tag in remove_tags}
    return {"tags": tags_of([tag for tag in (*tags_in(lead.tags), *add_tags) if fold(tag) not in gone])}


def walk(author: Author, lead: Lead, to: Stage, note: str | None, *, back: bool = False) -> list[Change]:
    """Take an open lead to another lead stage."""
    kind = "back" if back else "advance"
    return [
        *edited(lead, lead._replace(stage=to.key, entered_at=author.at)),
        added(_move(author, lead, kind, lead.stage, to.key, "open", note=note)),
    ]


def convert(author: Author, lead: Lead, note: str | None = None) -> list[Change]:
    """Close an open lead because it became an opportunity; it keeps the stage in which it was convinced."""
    return [
        *edited(lead, lead._replace(state="converted", closed_at=author.at, reason=None)),
        added(_move(author, lead, "convert", lead.stage, lead.stage, "converted", note=note)),
    ]


def drop(author: Author, lead: Lead, reason: str, note: str | None) -> list[Change]:
    """Disqualify an open lead.

    Raises:
        Conflict: it is closed already.
    """
    if lead.state != "open":
        raise Conflict(f"{lead.ref} is {lead.state} already", hint=_hint_of_closed(lead))
    reason = tidy(reason, "reason")
    return [
        *edited(lead, lead._replace(state="disqualified", reason=reason, closed_at=author.at)),
        added(_move(author, lead, "drop", lead.stage, lead.stage, "disqualified", detail=reason, note=note)),
    ]


def reopen(author: Author, lead: Lead, funnel: Funnel, note: str | None) -> list[Change]:
    """Take a disqualified lead up again, in the stage in which it was dropped; in the first one that holds leads where
    its funnel no longer has that stage.

    Raises:
        Conflict: it is open, or it is a client.
    """
    if lead.state != "disqualified":
        raise Conflict(f"{lead.ref} is {lead.state}; only a disqualified lead can be reopened", _hint_of_closed(lead))
    reopened = lead._replace(state="open", reason=None, closed_at=None)
    changes = [*edited(lead, reopened), added(_move(author, lead, "reopen", lead.stage, lead.stage, "open", note=note))]
    if funnel.stage(lead.stage) is None and funnel.first_lead_stage is not None:
        changes += move_to_funnel(author, reopened, funnel.first_lead_stage)
    return changes


def move_to_funnel(author: Author, lead: Lead, to: Stage) -> list[Change]:
    """Put an open lead into a stage of another design; its moves so far keep the names of the old one."""
    moved = lead._replace(funnel=to.funnel, stage=to.key)
    return [*edited(lead, moved), added(_move(author, moved, "migrate", lead.stage, to.key, lead.state))]


def merge(
    author: Author, keep: Lead, other: Lead, belongings: Iterable[Belonging], referred: Iterable[Lead]
) -> list[Change]:
    """Join ``other`` into ``keep``: fields that ``keep`` lacks are filled, tags and notes joined, opportunities and
    history handed over. Where they differ, addresses and keys stay findable as aliases, and the rest is noted down:
    nothing is lost.

    ``belongings`` are all rows that point to ``other``; ``referred`` are the leads that ``other`` referred.

    Raises:
        Conflict: both are the same lead.
    """
    if keep.id == other.id:
        raise Conflict("a lead cannot be merged with itself", hint=f"name another lead beside {keep.ref}")
    changes: list[Change] = []
    aliases = set()
    for row in belongings:
        changes += edited(row, row._replace(lead_id=keep.id))
        if isinstance(row, Alias):
            aliases.add((row.kind, row.key))
    for lead in referred:
        changes += edited(lead, lead._replace(referred_by=None if lead.id == keep.id else keep.id))
    changes.append(removed(other))  # before the keeper takes its e-mail: addresses are unique
    joined = _joined(keep, other)
    if keep.referred_by == other.id:
        keep = keep._replace(referred_by=None)  # as it stands since the step above
    changes += edited(keep, joined)
    # Their moves now stand among one another: a move of its own says where the joined lead stands.
    changes.append(added(_move(author, joined, "merge", keep.stage, joined.stage, joined.state, detail=other.ref)))
    changes.append(added(Alias(author.next_id("lead_alias"), keep.id, "id", str(other.id), other.ref)))
    for kind, had, key, value in (
        ("email", keep.email_key, other.email_key, other.email),
        ("phone", keep.phone_key, other.phone_key, other.phone),
        ("key", keep.key, other.key, other.key),
    ):
        if had and key and value and (kind, key) not in aliases:
            changes.append(added(Alias(author.next_id("lead_alias"), keep.id, kind, key, value)))
    return changes


def _joined(keep: Lead, other: Lead) -> Lead:
    fields: dict[str, Any] = {}
    for name in ("company", "source", "key"):
        fields[name] = getattr(keep, name) or getattr(other, name)
    for name in ("email", "phone"):
        source = keep if getattr(keep, name) else other
        fields[name], fields[f"{name}_key"] = getattr(source, name), getattr(source, f"{name}_key")
    fields["note"] = "\n".join(note for note in (keep.note, other.note, _differing(keep, other)) if note) or None
    fields["tags"] = tags_of((*tags_in(keep.tags), *tags_in(other.tags)))
    fields["created_at"] = min(keep.created_at, other.created_at)
    if keep.referred_by in (None, other.id):
        fields["referred_by"] = None if other.referred_by == keep.id else other.referred_by
    livelier = ("disqualified", "open", "converted")
    if livelier.index(other.state) > livelier.index(keep.state):
        for name in ("funnel", "stage", "state", "reason", "entered_at", "closed_at"):
            fields[name] = getattr(other, name)
    return keep._replace(**fields)


def _differing(keep: Lead, other: Lead) -> str:
    """What ``other`` was called, where they worked and where they came from, as far as that is not so of ``keep``."""
    differing = [
        f"{what} {theirs}"
        for what, own, theirs in (
            ("name", keep.name, other.name), ("company", keep.company, other.company),
            ("source", keep.source, other.source),
        )
        if own and theirs and fold(own) != fold(theirs)
    ]  # fmt: skip
    return f"{other.ref} had: {', '.join(differing)}" if differing else ""


def _hint_of_closed(lead: Lead) -> str:
    if lead.state == "disqualified":
        return f"funnelctl reopen {lead.ref} takes it up again"
    if lead.state == "converted":
        return f"funnelctl opp list --all --lead {lead.ref} shows its opportunities"
    return f"funnelctl advance {lead.ref} goes on with it"


def _move(
    author: Author, lead: Lead, kind: str, start: str | None, end: str, state: str, *,
    detail: str | None = None, note: str | None = None,
) -> Move:  # fmt: skip
    return Move(
        author.next_id("move"), lead.id, None, kind, lead.funnel, start, end, state, detail, author.at, author.by,
        tidy_optional(note, "note", LONG),
    )  # fmt: skip
