"""From the nodes of a funnel file to a funnel, or to everything that is wrong with the file."""

from __future__ import annotations

from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.funnel_keys import FUNNEL_KEYS, LOST_REASONS
from funnelctl.core.funnel_rules import broken_rules, last_awake
from funnelctl.core.funnel_values import read_mapping
from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from funnelctl.core.funnel_values import Draft
    from funnelctl.core.nodes import Node
    from funnelctl.errors import Problem


def validate(root: Node, digest: str) -> Funnel:
    """The funnel that the file describes; ``digest`` is the sha256 of its bytes.

    Raises ``BadData`` with all problems, sorted by place.
    """
    problems: list[Problem] = []
    values = read_mapping(root, FUNNEL_KEYS, problems)
    drafts: list[Draft] = values.get("stages", [])
    if drafts:
        problems.extend(broken_rules(drafts))
    if problems:
        raise refusal("the funnel", problems)
    last = last_awake(drafts)
    stages = (_stage(values["funnel"], place, draft, draft is last) for place, draft in enumerate(drafts))
    return Funnel(
        key=values["funnel"],
        label=values.get("label") or _label_of(values["funnel"]),
        currency=values.get("currency"),
        stages=tuple(stages),
        statuses=values.get("statuses", ()),
        lost_reasons=values.get("lost_reasons", LOST_REASONS),
        project=values.get("project", False),
        digest=digest,
    )


def refusal(name: str, problems: Iterable[Problem]) -> BadData:
    """The error for a file with these problems, which it holds sorted by place."""
    ordered = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))
    count = "1 problem" if len(ordered) == 1 else f"{len(ordered)} problems"
    hint = "correct the file, then: funnelctl funnel check FILE; an editor helps with: funnelctl funnel schema"
    return BadData(f"{name}: {count}", hint, ordered, source=name)


def _stage(funnel: str, position: int, draft: Draft, is_last: bool) -> Stage:
    values: dict[str, Any] = draft.values
    return Stage(
        key=values["stage"],
        funnel=funnel,
        position=position,
        label=values.get("label") or _label_of(values["stage"]),
        holds=values["holds"],
        why=values["why"],
        probability=values.get("probability"),
        stale_after=values.get("stale_after"),
        requires=values.get("requires", ()),
        can_win=values.get("can_win", is_last),
        follow_up=values.get("follow_up", ()),
        sleeping=values.get("sleeping", False),
    )


def _label_of(key: str) -> Label:
    text = key.replace("-", " ").title()
    return Label(text, text, text)
