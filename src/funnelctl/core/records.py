"""The nouns of the book, each in one immutable record, fields in the order of its table's columns.

Instants are UTC text (``2026-11-23T10:00:00Z``), dates are local days (``2026-11-23``), money is whole minor units
beside an ISO 4217 code. ``*_key`` fields hold the folded form under which a value is compared and found.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Record(Protocol):
        """What ``Change`` needs to know of a row."""

        @property
        def _fields(self) -> tuple[str, ...]: ...
        @property
        def id(self) -> int: ...
        def _asdict(self) -> dict[str, Any]: ...
        def __iter__(self) -> Any: ...


def number_in(ref: str, letter: str) -> int | None:
    """The id in a reference such as ``L12``; ``None`` where it is none of that ``letter``."""
    digits = ref.strip()[1:]
    fits = ref.strip()[:1].upper() == letter and digits.isascii() and digits.isdigit() and len(digits) < 19
    return int(digits) if fits else None


class Lead(NamedTuple):
    """A person or an organisation that has arrived and may be interested: the *who* of every opportunity."""

    id: int
    name: str
    name_key: str
    company: str | None
    email: str | None
    email_key: str | None
    phone: str | None
    phone_key: str | None
    source: str | None
    referred_by: int | None  # another lead
    funnel: str
    stage: str
    state: str  # open | converted | disqualified
    reason: str | None  # why it was disqualified
    note: str | None
    tags: str  # JSON list of text, sorted
    key: str | None  # its id in the program or file that it came from
    created_at: str
    entered_at: str  # when it entered its present stage
    closed_at: str | None  # when it was converted or disqualified

    @property
    def ref(self) -> str:
        return f"L{self.id}"


class Opportunity(NamedTuple):
    """A possible sale to a lead. ``outcome`` is apart from ``stage``: a lost one keeps the stage in which it was lost.

    ``probability`` is its own chance of winning, 0..1, where somebody set one; else its stage's prior holds.
    ``postponed_until`` is the first day on which it is awake again.
    """

    id: int
    lead_id: int
    title: str
    title_key: str
    value_minor: int | None
    currency: str | None  # there exactly where a value is
    service: str | None
    funnel: str
    stage: str
    status: str | None
    outcome: str  # open | won | lost
    reason: str | None
    competitor: str | None
    probability: float | None
    expected_close: str | None
    postponed_until: str | None
    note: str | None
    tags: str
    key: str | None
    furthest: str  # the furthest stage it ever reached
    created_at: str
    entered_at: str
    closed_at: str | None

    @property
    def ref(self) -> str:
        return f"O{self.id}"


class Move(NamedTuple):
    """One passage of a lead or an opportunity, kept for good: reports of the past are made from these.

    ``state`` is what the record was after it (a lead's ``state``, an opportunity's ``outcome``). ``detail`` is the
    reason of a loss or a drop, the day until which it sleeps of a postponing, the status of a change of status.
    """

    id: int
    lead_id: int | None  # exactly one of the two is there
    opportunity_id: int | None
    kind: str  # enter | advance | back | convert | status | postpone | win | lose | drop | reopen | merge | migrate
    funnel: str
    from_stage: str | None
    to_stage: str
    state: str
    detail: str | None
    at: str
    by: str
    note: str | None


class Activity(NamedTuple):
    """Something that happened with a lead: a call, a meeting, an e-mail, a note, a proposal sent."""

    id: int
    lead_id: int  # with whom
    opportunity_id: int | None  # about what, where it was about one
    kind: str  # a slug: call | meeting | email | note | proposal | task | whatever else people record
    at: str
    text: str | None
    key: str | None  # its id in the program or file that it came from
    by: str


class Alias(NamedTuple):
    """Another e-mail, phone, key or id under which a lead is known, left by a merge."""

    id: int
    lead_id: int
    kind: str  # email | phone | key | id
    key: str
    value: str


class SourceRow(NamedTuple):
    """Which record an imported row without a key became; ``fingerprint`` is a digest of the row's content."""

    id: int
    fingerprint: str
    lead_id: int | None  # exactly one of the three is there
    opportunity_id: int | None
    activity_id: int | None


class Setting(NamedTuple):
    """One of the book's own settings."""

    id: int
    name: str
    value: str


TABLES: dict[type[Any], str] = {
    Lead: "lead",
    Opportunity: "opportunity",
    Move: "move",
    Activity: "activity",
    Alias: "lead_alias",
    SourceRow: "source_row",
    Setting: "setting",
}
