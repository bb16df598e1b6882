"""What a stage requires on entry, and stages as people name them.

A lead or an opportunity advances on evidence: a stage names the fields that must be there, and the error names what is
missing together with the option that gives it.
"""

from __future__ import annotations

from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import Conflict, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

OF_MOVE = ("value", "service", "close")  # what the options of ``advance`` give
OF_OPPORTUNITY = (*OF_MOVE, "competitor", "note")  # ... of ``opp add``
OF_LEAD = ("company", "email", "phone", "contact", "source", "note")  # ... of ``lead add``

_OPTIONS = {
    "value": "--value AMOUNT",
    "service": "--service NAME",
    "close": "--close DATE",
    "contact": "--email TEXT",
}


def require(
    stage: Stage,
    lead: Lead,
    opportunity: Opportunity | None = None,
    *,
    here: Collection[str] = OF_MOVE,
    made: bool = False,
) -> None:
    """See that all that ``stage`` requires is there.

    ``here`` names what this very command can give; ``made`` says that it is about to make ``opportunity``, which no
    other command can change yet.

    Raises:
        Conflict: something is missing; the hint names the options and the commands that give it.
    """
    missing = [name for name in stage.requires if not _there(name, lead, opportunity)]
    if missing:
        raise Conflict(
            f"the stage {stage.key!r} requires {' and '.join(missing)}; nothing was saved",
            hint=", then ".join(_remedies(missing, lead, None if made else opportunity, here)),
        )


def _remedies(missing: list[str], lead: Lead, opportunity: Opportunity | None, here: Collection[str]) -> Iterator[str]:
    elsewhere = [name for name in missing if name not in here]
    of_opportunity = [name for name in elsewhere if name == "competitor" or (opportunity and name == "note")]
    of_lead = [name for name in elsewhere if name not in of_opportunity]
    if of_lead:
        yield f"funnelctl lead edit {lead.ref} {_options(of_lead)}"
    if of_opportunity and not opportunity:
        yield f"funnelctl opp add TITLE --lead {lead.ref} {_options(of_opportunity)} instead of this command"
        return
    if of_opportunity and opportunity:
        yield f"funnelctl opp edit {opportunity.ref} {_options(of_opportunity)}"
    of_this = [name for name in missing if name in here]
    if of_this:
        yield f"add {_options(of_this)} to this command"


def _options(names: list[str]) -> str:
    return " ".join(_OPTIONS.get(name, f"--{name} TEXT") for name in names)


def stage_named(funnel: Funnel, key: str, holds: str | None = None) -> Stage:
    """The stage of ``funnel`` that somebody named; with ``holds``, one that holds such records.

    Raises:
        Invalid: the funnel has no such stage, or it is entered in another way.
    """
    stage = funnel.stage(key.strip().lower())
    stages = [one.key for one in funnel.walk if holds in (None, one.holds)]
    if stage is None or (holds and stage.holds != holds):
        what = f"{holds} stage" if holds else "stage"
        raise Invalid(f"the funnel {funnel.key!r} has no {what} {key[:60]!r}", "its stages are " + ", ".join(stages))
    if stage.sleeping:
        raise Invalid(
            f"{stage.key!r} is entered by postponing",
            hint="funnelctl postpone REF --until DATE; it wakes by itself",
        )
    return stage


def _there(name: str, lead: Lead, opportunity: Opportunity | None) -> bool:
    if name == "contact":
        return bool(lead.email or lead.phone)
    if opportunity is not None:
        found = {
            "value": opportunity.value_minor is not None,
            "service": opportunity.service is not None,
            "close": opportunity.expected_close is not None,
            "competitor": opportunity.competitor is not None,
            "note": bool(opportunity.note or lead.note),
        }
        if name in found:
            return found[name]
    return bool(getattr(lead, name, None))
