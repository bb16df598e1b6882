"""What a stage requires on entry, and stages as people name them.

A lead or an opportunity advances on evidence: a stage names the fields that must be there, and the error names what is
missing together with the option that gives it.
"""

from __future__ import annotations

from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import Conflict, Invalid

_OPTIONS = {
    "value": "--value AMOUNT",
    "service": "--service NAME",
    "close": "--close DATE",
}


def require(stage: Stage, lead: Lead, opportunity: Opportunity | None = None) -> None:
    """See that all that ``stage`` requires is there.

    Raises:
        Conflict: something is missing; the hint is the command that gives it.
    """
    missing = [name for name in stage.requires if not _there(name, lead, opportunity)]
    if not missing:
        return
    record = opportunity or lead
    of_move = [_OPTIONS[name] for name in missing if name in _OPTIONS]
    of_opportunity = [f"--{name} TEXT" for name in missing if name in ("competitor", "note") and opportunity]
    of_lead = [
        f"--{'email' if name == 'contact' else name} TEXT"
        for name in missing
        if name not in _OPTIONS and not (opportunity and name in ("competitor", "note"))
    ]
    commands = []
    if of_lead:
        commands.append(f"funnelctl lead edit {lead.ref} {' '.join(of_lead)}")
    if of_opportunity:
        commands.append(f"funnelctl opp edit {record.ref} {' '.join(of_opportunity)}")
    if of_move:
        commands.append(f"add {' '.join(of_move)} to this command")
    raise Conflict(
        f"the stage {stage.key!r} requires {' and '.join(missing)}; nothing was saved",
        hint=", then ".join(commands),
    )


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
