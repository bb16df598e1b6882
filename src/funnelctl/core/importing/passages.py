"""From passages, what a file says of when a record stood where, to the moves of an opportunity and where it ends.

A passage says less than a move: at that time it stood there. What kind of move took it there follows from where it
stood before, and a passage that says no more than the one before it is none.
"""

from __future__ import annotations

from funnelctl.core.period import day_of, is_noon
from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funnelctl.core.funnel import Funnel
    from funnelctl.core.records import Move, Opportunity

MOST = 10_000  # passages of one record: no sale has so many, and they are held at once
_STAYS = ("status", "postpone")  # moves in which a record stays where it stands


class Passage(NamedTuple):
    """``stage`` is ``None`` where none is said: it stands where it stood. ``state`` is open, won or lost; ``detail``
    the reason of a loss. ``kind`` is there for moves in which a record stays, ``by`` where somebody has recorded it."""

    at: str
    stage: str | None
    state: str
    detail: str | None = None
    note: str | None = None
    kind: str | None = None
    by: str | None = None


class Step(NamedTuple):
    """A move of an opportunity without its number; ``by`` is ``None`` for a new one."""

    kind: str
    from_stage: str | None
    to_stage: str
    state: str
    detail: str | None
    at: str
    by: str | None
    note: str | None


class Standing(NamedTuple):
    """The columns of an opportunity that follow from its moves."""

    stage: str
    outcome: str
    reason: str | None
    status: str | None
    postponed_until: str | None
    furthest: str
    created_at: str
    entered_at: str
    closed_at: str | None


class Way(NamedTuple):
    """The moves of an opportunity from its entering on, and where they have led."""

    steps: list[Step]
    end: Standing


def walked(funnel: Funnel, passages: Iterable[Passage], created: str | None = None) -> Way:
    """The way of an opportunity through ``passages``, of which there is one at least, in the order of their times.

    ``created`` is when it began, where that is known and earlier. On the day on which it is first known to stand
    somewhere it began there; before that day it stood in the first stage, for what is told of a time is not moved.
    """
    walk = _Walk(funnel)
    told = list(passages)
    if created is not None and created < told[0].at:
        began = funnel.first_opportunity_stage.key
        there = told[0].state == "open" and (told[0].stage == began or day_of(created) == day_of(told[0].at))
        told[:1] = [told[0]._replace(at=created)] if there else [Passage(created, began, "open"), told[0]]
    for passage in told:
        walk.go(passage)
    return Way(walk.steps, walk.end())


def joined(moves: Sequence[Move], told: Sequence[Passage], opportunity: Opportunity) -> list[Passage] | None:
    """The passages of a known opportunity together with those that a file has ``told``, both in the order of their
    times; ``None`` where the file tells nothing new.

    An opportunity of which no more is known than that it entered, and how it ended, may come from a file without
    history. A file that tells how it began knows better in which stage that was.
    """
    if not any(lacking(moves, told)):
        return None
    known = [_passage(move) for move in moves]
    last = []
    if _is_bare(moves) and _tells_of_the_beginning(told[0].at, moves[0].at):
        moves, known = moves[1:], [one._replace(stage=None) for one in known[1:]]
        if opportunity.outcome == told[-1].state == "open" and opportunity.stage not in [one.stage for one in told]:
            last = [Passage(told[-1].at, opportunity.stage, "open")]
    # Of what happened in one second the file knows the order, as far as it tells of it. What it tells is put in also
    # where the moves say it already: with others between them they may do so no more.
    places = {_mark(one): place for place, one in enumerate(told)}
    new = lacking(moves, told)
    matched = {_mark(one) for one in known}
    ranked = [(one.at, places.get(_mark(one), -0.5) - 0.5, one) for one in known]
    for place, one in enumerate(told):
        ranked.append((one.at, place if new[place] or _mark(one) in matched else -2.0, one))
    ranked += [(one.at, float(len(told)), one) for one in last]
    return [one for *_, one in sorted(ranked, key=lambda ranks: ranks[:2])]


def closed_twice(moves: Sequence[Move], told: Sequence[Passage]) -> bool:
    """Whether both know of one closing, of the same outcome, and moves lie between the times that they give it: it is
    one all the same, and was not reopened in between."""
    closings = [move for move in moves if move.state != "open" and move.kind not in _STAYS]
    told_closings = [one for one in told if one.state != "open"]
    return (
        len(closings) == len(told_closings) == 1
        and moves[-1] is closings[0]
        and told[-1] is told_closings[0]
        and closings[0].state == told[-1].state
        and any(move.at > told[-1].at for move in moves[:-1])
    )


def lacking(moves: Sequence[Move], told: Sequence[Passage]) -> list[bool]:
    """Of each passage whether the moves lack it: they do not say that it stood there at that time."""
    from bisect import bisect_left, bisect_right

    times = [move.at for move in moves]
    new = []
    for one in told:
        # In one second it may have stood in several places, the first of them where the last move before took it.
        first = max(bisect_left(times, one.at) - 1, 0)
        new.append(not any(_agree(move, one) for move in moves[first : bisect_right(times, one.at)]))
    return new


def _agree(move: Move, one: Passage) -> bool:
    return move.state == one.state and (one.state == "won" or one.stage in (None, move.to_stage))


def _mark(one: Passage) -> tuple[str, str, str | None]:
    return (one.at, one.state, one.stage if one.state == "open" else None)


def _passage(move: Move) -> Passage:
    stays = move.kind in _STAYS
    return Passage(
        move.at, None if stays else move.to_stage, move.state, move.detail, move.note, move.kind if stays else None,
        move.by,
    )  # fmt: skip


def _is_bare(moves: Sequence[Move]) -> bool:
    return [move.kind for move in moves[:1]] == ["enter"] and all(move.kind in ("win", "lose") for move in moves[1:])


def _tells_of_the_beginning(first: str, entered: str) -> bool:
    return first <= entered or (day_of(first) == day_of(entered) and is_noon(entered))


class _Walk:
    """Goes through passages and makes the moves."""

    def __init__(self, funnel: Funnel) -> None:
        self._funnel = funnel
        self._positions = {stage.key: stage.position for stage in funnel.stages}
        self.steps: list[Step] = []
        self._stage = self._furthest = ""
        self._state = "open"
        self._entered = ""
        self._closed: str | None = None
        self._reason: str | None = None
        self._status: str | None = None
        self._sleeps: str | None = None

    def go(self, one: Passage) -> None:
        """What ``one`` says, in as many moves as that takes."""
        before = len(self.steps)
        if not self.steps:
            first = self._funnel.first_opportunity_stage.key
            self._move(one, "enter", (None if one.state == "won" else one.stage) or first)
        elif self._state != "open" and not self._stands(one):
            self._move(one, "reopen", self._stage)
        if self._state == "open":
            self._on(one)
        if one.note and len(self.steps) == before and self.steps[-1].note != one.note:
            last = self.steps[-1]  # nothing of what was said is to be lost
            self.steps[-1] = last._replace(note=f"{last.note}\n{one.note}" if last.note else one.note)

    def end(self) -> Standing:
        is_open = self._state == "open"
        return Standing(
            self._stage, self._state, self._reason if self._state == "lost" else None,
            self._status if is_open else None, self._sleeps if is_open else None, self._furthest, self.steps[0].at,
            self._entered, None if is_open else self._closed,
        )  # fmt: skip

    def _stands(self, one: Passage) -> bool:
        return one.state == self._state and (one.state == "won" or one.stage in (None, self._stage))

    def _on(self, one: Passage) -> None:
        if one.kind is not None:
            self._move(one, one.kind, self._stage)
            return
        if one.state != "won" and one.stage is not None and one.stage != self._stage:
            behind = self._position(one.stage) < self._position(self._stage)
            self._move(one, "back" if behind else "advance", one.stage)
        if one.state == "won":
            self._move(one, "win", self._funnel.last.key)
        elif one.state == "lost":
            self._move(one, "lose", self._stage)

    def _move(self, one: Passage, kind: str, to: str) -> None:
        state = {"win": "won", "lose": "lost"}.get(kind, "open")
        detail = one.detail if kind in ("lose", *_STAYS) else None
        # What is told of a passage is told of the last of its moves.
        told = state == one.state and not (kind == "reopen" and one.stage not in (None, to))
        start = self._stage or None
        self.steps.append(Step(kind, start, to, state, detail, one.at, one.by, one.note if told else None))
        if to != start or kind == "reopen":
            self._entered = one.at
        if kind == "status":
            self._status = detail
        elif kind == "postpone":
            self._sleeps = detail
        else:
            self._status = self._sleeps = None
        if state != "open":
            self._closed, self._reason = one.at, detail
        self._stage, self._state = to, state
        if not self._furthest or self._position(to) > self._position(self._furthest):
            self._furthest = to

    def _position(self, stage: str) -> int:
        return self._positions.get(stage, -1)
