"""The keys of a funnel file: the one table from which files are read and the JSON Schema is made.

``kind`` names how a value is read (``funnel_values.READERS``) and how the schema describes it
(``funnel_schema.SHAPES``). ``help`` is what an editor shows beside the key.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple


class Key(NamedTuple):
    """One key of a mapping in a funnel file."""

    name: str
    kind: str
    required: bool
    help: str


_MUST, _MAY = True, False

FUNNEL_KEYS = (
    Key("funnel", "slug", _MUST, "The funnel's own key: small letters, digits, hyphens. It never changes."),
    Key("label", "label", _MAY, "The funnel's name for people; made from its key where it is left out."),
    Key("currency", "currency", _MAY, "The ISO 4217 currency of new opportunities that name none: EUR."),
    Key("stages", "stages", _MUST, "The steps in order: first those that hold leads, then opportunities."),
    Key("statuses", "slugs", _MAY, "What a live opportunity may be doing inside its stage."),
    Key("lost_reasons", "reasons", _MAY, "The reasons for which an opportunity may be lost, at least one."),
    Key("project", "flag", _MAY, "true: an opportunity that is won opens a project."),
)

STAGE_KEYS = (
    Key("stage", "stage_slug", _MUST, "The stage's own key: small letters, digits, hyphens."),
    Key("label", "label", _MAY, "The stage's name for people; made from its key where it is left out."),
    Key("holds", "holds", _MUST, "What stands in the stage: lead or opportunity."),
    Key("why", "why", _MUST, "Why the stage is needed, in a sentence: it costs effort on every record."),
    Key("probability", "probability", _MAY, "Chance of winning from here, 0 to 1; your history takes over."),
    Key("stale_after", "age", _MAY, "The time in the stage after which a record is stale: 14d or 2w."),
    Key("requires", "requires", _MAY, "The fields that must be filled in before a record enters the stage."),
    Key("can_win", "flag", _MAY, "true: can be won from here. Left out: only the last stage can."),
    Key("follow_up", "follow_up", _MAY, "When to get in touch after a record has entered: [3d, 7d, 14d]."),
    Key("sleeping", "flag", _MAY, "true: the one stage where postponed opportunities wait, beside the walk."),
)

LABEL_KEYS = (
    Key("en", "text", _MUST, "In English; also shown for a language that is left out."),
    Key("es", "text", _MAY, "In Spanish."),
    Key("id", "text", _MAY, "In Indonesian."),
)

REQUIRABLE = {
    "lead": ("company", "email", "phone", "contact", "source", "note"),
    "opportunity": (
        *("value", "service", "close", "competitor", "note"),
        *("contact", "company", "email", "phone", "source"),  # of its lead
    ),
}
"""What a stage can require. ``contact`` is an e-mail or a phone, ``close`` the expected date of closing."""

LOST_REASONS = ("price", "no-budget", "no-decision", "competitor", "timing", "not-a-fit", "other")
RESERVED_STAGES = ("won", "lost", "open")  # outcomes: a stage of that name would be taken for one
MAX_STAGES = 40
MIN_WHY = 10  # characters; less says nothing
