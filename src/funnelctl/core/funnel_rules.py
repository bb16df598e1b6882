"""What the stages of a funnel file must be to each other; every one of them alone has been read before.

A rule looks only at what could be read, so that one mistake is told once.
"""

from __future__ import annotations

from funnelctl.core.funnel_keys import REQUIRABLE
from funnelctl.errors import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.funnel_values import Draft


def broken_rules(stages: list[Draft]) -> Iterator[Problem]:
    """What is wrong with the stages beside each other."""
    yield from _keys_are_unique(stages)
    yield from _leads_come_first(stages)
    for stage in stages:
        yield from _fits_what_it_holds(stage)
    yield from _one_may_sleep(stages)
    if all("holds" in stage.values for stage in stages):  # else the end of the funnel is not known
        yield from _can_be_won(stages)


def last_awake(stages: list[Draft]) -> Draft | None:
    """The stage at the end of the walk: the last that holds opportunities and does not sleep."""
    awake = [
        stage for stage in stages if stage.values.get("holds") == "opportunity" and not stage.values.get("sleeping")
    ]
    return awake[-1] if awake else None


def _keys_are_unique(stages: list[Draft]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for stage in stages:
        key = stage.values.get("stage")
        if key in lines:
            yield _at(stage, "stage", f'the stage "{key}" is here twice; the first is in line {lines[key]}')
        elif key is not None:
            lines[key] = stage.nodes["stage"].line


def _leads_come_first(stages: list[Draft]) -> Iterator[Problem]:
    opportunities_began = False
    for stage in stages:
        holds = stage.values.get("holds")
        if holds == "lead" and opportunities_began:
            yield _at(stage, "holds", "a stage that holds leads comes after one that holds opportunities")
        opportunities_began = opportunities_began or holds == "opportunity"


def _fits_what_it_holds(stage: Draft) -> Iterator[Problem]:
    holds = stage.values.get("holds")
    if holds == "lead" and stage.values.get("can_win"):
        yield _at(stage, "can_win", "only an opportunity can be won, and this stage holds leads")
    if holds == "lead" and stage.values.get("sleeping"):
        yield _at(stage, "sleeping", "only an opportunity can be postponed, and this stage holds leads")
    fields = REQUIRABLE.get(holds or "")
    items = stage.nodes["requires"].value if "requires" in stage.values else None
    if fields and isinstance(items, list):
        for name, item in zip(stage.values["requires"], items, strict=True):
            if name not in fields:
                message = f'"{name}" is no field of a {holds}; expected one of {", ".join(fields)}'
                yield Problem(item.line, item.column, message)


def _one_may_sleep(stages: list[Draft]) -> Iterator[Problem]:
    sleeping = [stage for stage in stages if stage.values.get("sleeping")]
    for stage in sleeping[1:]:
        first = sleeping[0].nodes["sleeping"].line
        yield _at(stage, "sleeping", f"a second sleeping stage; the first is in line {first}")
    for stage in sleeping:
        if stage.values.get("can_win") and stage.values.get("holds") != "lead":
            yield _at(stage, "can_win", "nothing is won while it sleeps; expected false in a sleeping stage")


def _can_be_won(stages: list[Draft]) -> Iterator[Problem]:
    last = last_awake(stages)
    if last is None:
        asleep = any(stage.values["holds"] == "opportunity" for stage in stages)
        awake = " and is awake" if asleep else ""
        place = stages[-1].node
        yield Problem(place.line, place.column, f"no stage holds opportunities{awake}: nothing could be won")
    elif last.values.get("can_win") is False:
        yield _at(last, "can_win", "the last stage must be one from which is won; expected true")


def _at(stage: Draft, key: str, message: str) -> Problem:
    return Problem(stage.nodes[key].line, stage.nodes[key].column, message)
