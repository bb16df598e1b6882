"""From one design of a funnel to another: where the live records of each stage go."""

from __future__ import annotations

from funnelctl.core import leads, opportunities
from funnelctl.core.author import Author
from funnelctl.core.change import Change
from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.records import Lead, Move, Opportunity
from funnelctl.errors import Conflict, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def destinations(
    before: Funnel, design: Funnel, standing: Mapping[str, int], wanted: Mapping[str, str]
) -> dict[str, Stage]:
    """The stage of ``design`` for each stage of ``before``: the one that ``wanted`` says, else that of the same name.

    ``standing`` counts the live records by stage; each such stage must have a destination.

    Raises:
        Invalid: ``wanted`` names a stage that is not there.
        Conflict: a stage with live records has no destination, or one that holds other records.
    """
    for stage in wanted:
        if before.stage(stage) is None and stage not in standing:
            raise _unknown(before, stage)
    found: dict[str, Stage] = {}
    missing = []
    for stage in {**dict.fromkeys(one.key for one in before.stages), **standing}:
        target = design.stage(wanted.get(stage, stage))
        if target is None and stage in wanted:
            raise _unknown(design, wanted[stage])
        if target is None:
            missing += [stage] if standing.get(stage) else []
            continue
        was = before.stage(stage)
        if was is not None and (was.holds != target.holds or was.sleeping != target.sleeping):
            if stage not in wanted and not standing.get(stage):
                continue  # the same name for another thing, and nobody stands there
            raise Conflict(f"{stage!r} holds other records than {target.key!r} does", hint="choose another --map")
        found[stage] = target
    if missing:
        raise Conflict(
            f"live records stand in stages that the funnel {design.key!r} does not have: {', '.join(missing)}",
            hint=f"add {' '.join(f'--map {stage}=STAGE' for stage in missing)}; its stages are "
            + ", ".join(one.key for one in design.stages),
        )
    return found


def moved(
    author: Author,
    theirs: Iterable[Lead],
    sales: Iterable[Opportunity],
    found: Mapping[str, Stage],
    last_moves: Mapping[str, Move],
) -> list[Change]:
    """The changes that take live records to their destinations; ``last_moves`` by reference."""
    changes: list[Change] = []
    for lead in theirs:
        changes += leads.move_to_funnel(author.after(last_moves[lead.ref]), lead, found[lead.stage])
    for one in sales:
        stage = found[one.stage]
        furthest = found.get(one.furthest, stage)
        changes += opportunities.move_to_funnel(author.after(last_moves[one.ref]), one, stage, furthest)
    return changes


def _unknown(funnel: Funnel, stage: str) -> Invalid:
    hint = "its stages are " + ", ".join(one.key for one in funnel.stages)
    return Invalid(f"the funnel {funnel.key!r} has no stage {stage[:60]!r}", hint)
