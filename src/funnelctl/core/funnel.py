"""A funnel: the ordered stages that a business designed for itself, and what verbs ask of them.

A funnel that comes out of ``core.funnel_file.validate`` keeps these promises, and the code below rests
on them: keys of stages are unique; lead stages come before opportunity stages; at least one opportunity
stage is awake; the last one that is awake can be won from; at most one stage is sleeping, and it holds
opportunities.

The *walk* is what ``advance`` goes along: all stages but the sleeping one, which is entered by
postponing and left by waking. A record may stand in a stage that its funnel no longer has (the file was
edited since); nothing lies before or after such a stage.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

LANGUAGES = ("en", "es", "id")


class Label(NamedTuple):
    """A name for people in each language; keys never change with the language."""

    en: str
    es: str
    id: str

    def in_(self, lang: str) -> str:
        """The name in ``lang``; in English for a language that funnels do not speak."""
        return {"es": self.es, "id": self.id}.get(lang, self.en)


class Stage(NamedTuple):
    """One step of a funnel. Each costs effort, so each says ``why`` it is needed."""

    key: str
    funnel: str
    position: int  # its place in the file, from 0
    label: Label
    holds: str  # lead | opportunity
    why: str
    probability: float | None  # prior chance of winning from here, 0..1; None where the file does not say
    stale_after: int | None  # days in the stage after which a record is stale; None: never
    requires: tuple[str, ...]  # the fields that must be there on entry
    can_win: bool
    follow_up: tuple[int, ...]  # days after entering on which a next action is suggested
    sleeping: bool


class Funnel(NamedTuple):
    """The design of one funnel, as its file says."""

    key: str
    label: Label
    currency: str | None  # of new opportunities that name none
    stages: tuple[Stage, ...]
    statuses: tuple[str, ...]  # what a live opportunity may be doing inside its stage; empty: not used
    lost_reasons: tuple[str, ...]
    project: bool  # a win opens a project
    digest: str  # sha256 of the file's bytes, in hexadecimal
    retired: tuple[Stage, ...] = ()  # stages of former designs: history still speaks of them, nothing enters them

    def stage(self, key: str) -> Stage | None:
        """The stage of that key, sleeping or not."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def ever(self, key: str) -> Stage | None:
        """The stage of that key in this design, else in a former one."""
        return self.stage(key) or next((stage for stage in self.retired if stage.key == key), None)

    @property
    def lead_stages(self) -> tuple[Stage, ...]:
        """Where leads can stand; none in a funnel that takes opportunities only."""
        return tuple(stage for stage in self.stages if stage.holds == "lead")

    @property
    def opportunity_stages(self) -> tuple[Stage, ...]:
        """Where opportunities can stand, the sleeping stage included."""
        return tuple(stage for stage in self.stages if stage.holds == "opportunity")

    @property
    def walk(self) -> tuple[Stage, ...]:
        """The stages that ``advance`` goes along, in order: all but the sleeping one."""
        return tuple(stage for stage in self.stages if not stage.sleeping)

    @property
    def sleeping_stage(self) -> Stage | None:
        """Where postponed opportunities stand, in a funnel that has a stage for them."""
        return next((stage for stage in self.stages if stage.sleeping), None)

    @property
    def first_lead_stage(self) -> Stage | None:
        """Where a new lead stands; ``None`` in a funnel that takes opportunities only."""
        return next(iter(self.lead_stages), None)

    @property
    def first_opportunity_stage(self) -> Stage:
        """Where a new opportunity stands."""
        return next(stage for stage in self.walk if stage.holds == "opportunity")

    @property
    def last(self) -> Stage:
        """The end of the walk, from which an opportunity can be won."""
        return self.walk[-1]

    def after(self, key: str) -> Stage | None:
        """The next stage of the walk; ``None`` after its end and for a stage that is not on it."""
        return self._beside(key, +1)

    def before(self, key: str) -> Stage | None:
        """The stage of the walk before; ``None`` at its start and for a stage that is not on it."""
        return self._beside(key, -1)

    def between(self, start: str, end: str) -> tuple[Stage, ...]:
        """The stages that a step from ``start`` to ``end`` walks into, ``end`` included.

        Empty for a step back, and where one of the two is not on the walk.
        """
        keys = [stage.key for stage in self.walk]
        if start not in keys or end not in keys:
            return ()
        return self.walk[keys.index(start) + 1 : keys.index(end) + 1]

    def _beside(self, key: str, step: int) -> Stage | None:
        walk = self.walk
        here = next((index for index, stage in enumerate(walk) if stage.key == key), None)
        if here is None or not 0 <= here + step < len(walk):
            return None
        return walk[here + step]
