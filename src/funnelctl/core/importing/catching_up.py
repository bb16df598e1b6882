"""How a record that is known catches up with what a file says of it: in fields, and in moves made today.

Under ``fill`` only what is empty is filled. Under ``overwrite`` what the file says wins, an empty cell says nothing,
and a record that stands elsewhere in the file moves there; its history stays as it was.
"""

from __future__ import annotations

from funnelctl.core import leads, opportunities
from funnelctl.core.change import Change, added, edited
from funnelctl.core.records import TABLES, Lead, Move, Opportunity
from funnelctl.core.text import NO_TAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeVar

    from funnelctl.core.author import Author
    from funnelctl.core.funnel import Funnel

    R = TypeVar("R", Lead, Opportunity)

# Fields that go together: what a value is in, under which key a name is found.
LEAD_FIELDS = (
    ("name", "name_key"), ("company",), ("email", "email_key"), ("phone", "phone_key"), ("source",), ("note",),
    ("tags",), ("key",), ("reason",),
)  # fmt: skip
OPPORTUNITY_FIELDS = (
    ("title", "title_key"), ("value_minor", "currency"), ("service",), ("competitor",), ("probability",),
    ("expected_close",), ("note",), ("tags",), ("reason",),
)  # fmt: skip


def fields_for(record: Lead | Opportunity, row: Mapping[str, Any], *, overwrite: bool) -> dict[str, Any]:
    """The columns of ``record`` that a row gives another value."""
    is_lead = isinstance(record, Lead)
    fields: dict[str, Any] = {}
    for columns in LEAD_FIELDS if is_lead else OPPORTUNITY_FIELDS:
        first = columns[0]
        here, there = getattr(record, first), row[first]
        empty = here in (None, NO_TAGS)
        if there in (None, NO_TAGS) or not (overwrite or empty):
            continue
        if first in ("name", "title") and not row[f"{first}_said"]:
            continue
        if first == "reason" and _state(record) not in ("disqualified", "lost"):
            continue
        if first == "probability" and _state(record) != "open":
            continue
        fields.update({column: row[column] for column in columns if row[column] != getattr(record, column)})
    return fields


def lead_steps(author: Author, lead: Lead, funnel: Funnel, row: Mapping[str, Any]) -> list[Change]:
    """The moves that take a lead to where a row says that it stands. A client stays a client."""
    if lead.state == "converted" or (lead.state == "disqualified" and row["state"] == "disqualified"):
        return []
    changes: list[Change] = []
    if lead.state == "disqualified" and row["state"] == "open":
        changes += leads.reopen(author, lead, funnel, None)
    stage = funnel.stage(row["stage"])
    here = resulting(lead, changes)
    if row["stage_said"] and stage is not None and here.state == "open" and stage.key != here.stage:
        changes += leads.walk(author, here, stage, None, back=_behind(funnel, stage.position, here.stage))
    here = resulting(lead, changes)
    if row["state"] == "converted":
        changes += leads.convert(author, here)
    elif row["state"] == "disqualified":
        changes += leads.drop(author, here, row["reason"] or "disqualified", None)
    return changes


def opportunity_steps(author: Author, opportunity: Opportunity, funnel: Funnel, row: Mapping[str, Any]) -> list[Change]:
    """The moves that take an opportunity to where a row says that it stands."""
    changes: list[Change] = []
    if opportunity.outcome != "open" and opportunity.outcome != row["state"]:
        changes += opportunities.reopen(author, opportunity, funnel, None)
    here = resulting(opportunity, changes)
    if here.outcome != "open":
        return []
    stage = funnel.stage(here.stage)
    target = funnel.stage(row["stage"]) if row["stage_said"] and row["state"] != "won" else None
    if row["state"] == "won" and (stage is None or not stage.can_win):
        target = funnel.last
    if target is not None and target.key != here.stage:
        back = _behind(funnel, target.position, here.stage)
        changes += opportunities.walk(author, here, funnel, target, {}, None, back=back)
    here = resulting(opportunity, changes)
    if row["state"] == "won":
        changes += opportunities.win(author, here, funnel, {}, None)
    elif row["state"] == "lost":
        changes += _lose(author, here, row["reason"])
    elif row["status"] is not None and row["status"] != here.status:
        changes += opportunities.set_status(author, here, funnel, row["status"], None)
    return changes


def resulting(record: R, changes: list[Change]) -> R:
    """The record as it is after ``changes``."""
    for change in changes:
        if change.after and (change.table, change.row_id) == (TABLES[type(record)], record.id):
            record = record._replace(**change.after)
    return record


def _lose(author: Author, opportunity: Opportunity, reason: str | None) -> list[Change]:
    # The verb insists on one of the funnel's reasons; a file may know another one, or none.
    lost = opportunity._replace(outcome="lost", reason=reason, closed_at=author.at, postponed_until=None, status=None)
    move = Move(
        author.next_id("move"), None, opportunity.id, "lose", opportunity.funnel, opportunity.stage, opportunity.stage,
        "lost", reason, author.at, author.by, None,
    )  # fmt: skip
    return [*edited(opportunity, lost), added(move)]


def _behind(funnel: Funnel, position: int, here: str) -> bool:
    stage = funnel.stage(here)
    return stage is not None and position < stage.position


def _state(record: Lead | Opportunity) -> str:
    return record.state if isinstance(record, Lead) else record.outcome
