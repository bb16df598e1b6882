"""What can be done with an opportunity: records in, changes out."""

from __future__ import annotations

from funnelctl.core.author import Author
from funnelctl.core.change import Change, added, edited
from funnelctl.core.funnel import Funnel, Stage
from funnelctl.core.money import Money, parse_money
from funnelctl.core.period import day_of, parse_day
from funnelctl.core.records import Move, Opportunity
from funnelctl.core.text import LINE, LONG, fold, tags_of, tidy, tidy_optional
from funnelctl.errors import Conflict, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from typing import Any


def fields_of(raw: Mapping[str, Any], currency: str | None, today: date) -> dict[str, Any]:
    """The columns that the given words fill: only those that ``raw`` names, so that an edit touches nothing else.

    ``raw`` maps ``title value service close probability competitor note key tags`` to text (``tags``: to texts); an
    empty text clears a field. ``currency`` is that of a value which names none.

    Raises:
        Invalid: a value is not what its field may hold.
    """
    fields: dict[str, Any] = {}
    for name, value in raw.items():
        if name == "title":
            fields["title"] = tidy(value, "title")
            fields["title_key"] = fold(fields["title"])
        elif name == "value":
            money = parse_money(value, currency) if value else None
            fields["value_minor"], fields["currency"] = money or (None, None)
        elif name == "close":
            fields["expected_close"] = parse_day(value, today).isoformat() if value else None
        elif name == "probability":
            fields["probability"] = parse_probability(value) if value else None
        elif name == "tags":
            fields["tags"] = tags_of(value)
        else:
            fields[name] = tidy_optional(value, name, LONG if name == "note" else LINE)
    return fields


def parse_probability(text: str) -> float:
    """A chance of winning as ``0.4`` or ``40%``, from 0 to 1.

    Raises:
        Invalid: it is neither, or lies outside.
    """
    number = text.strip()
    percent = number.endswith("%")
    digits = number[:-1].strip() if percent else number
    whole, _, part = digits.partition(".")
    if (whole + part).isascii() and (whole + part).isdigit() and len(digits) <= 10:
        # 1.1 / 100 is 0.011000000000000001, which the log's JSON would not give back
        chance = round(float(digits) / 100, 12) if percent else float(digits)
        if 0 <= chance <= 1:
            return chance
    raise Invalid(f"{text[:60]!r} is no probability", hint="write 0.4 or 40%; it lies from 0 to 1")


def value_of(opportunity: Opportunity) -> Money | None:
    """What it is worth, where somebody said."""
    if opportunity.value_minor is None or opportunity.currency is None:
        return None
    return Money(opportunity.value_minor, opportunity.currency)


def asleep(opportunity: Opportunity, today: date) -> bool:
    """Whether it is postponed still; it wakes by itself on the morning of ``postponed_until``."""
    return opportunity.postponed_until is not None and opportunity.postponed_until > today.isoformat()


def add(author: Author, fields: Mapping[str, Any], lead_id: int, stage: Stage) -> tuple[Opportunity, list[Change]]:
    """A new opportunity of a lead, standing in ``stage``."""
    empty = dict.fromkeys(Opportunity._fields)
    opportunity = Opportunity(
        **{
            **empty, "tags": "[]", **fields,
            "id": author.next_id("opportunity"), "lead_id": lead_id, "funnel": stage.funnel, "stage": stage.key,
            "outcome": "open", "furthest": stage.key, "created_at": author.at, "entered_at": author.at,
        }
    )  # fmt: skip
    return opportunity, [added(opportunity), added(_move(author, opportunity, "enter", None, stage.key))]


def edit(opportunity: Opportunity, fields: Mapping[str, Any]) -> list[Change]:
    """Give some fields new values."""
    return edited(opportunity, opportunity._replace(**fields))


def walk(
    author: Author, opportunity: Opportunity, funnel: Funnel, to: Stage, fields: Mapping[str, Any], note: str | None,
    *, back: bool = False,
) -> list[Change]:  # fmt: skip
    """Take a live opportunity to another stage; a sleeping one wakes."""
    kind = "back" if back else "advance"
    return [
        *edited(
            opportunity,
            _standing(opportunity, funnel, to, author.at)._replace(**fields, postponed_until=None),
        ),
        added(_move(author, opportunity, kind, opportunity.stage, to.key, note=note)),
    ]


def set_status(author: Author, opportunity: Opportunity, funnel: Funnel, status: str, note: str | None) -> list[Change]:
    """Say what a live opportunity is doing inside its stage; an empty ``status`` clears it.

    Raises:
        Conflict: it is closed, or the status is set already.
        Invalid: the funnel knows no such status.
    """
    check_live(opportunity)
    status = status.strip().lower()
    known = [one for one in funnel.statuses if one != "postponed"]
    if status == "postponed":
        raise Invalid(
            "an opportunity is postponed until a day",
            hint=f"funnelctl postpone {opportunity.ref} --until DATE",
        )
    if status and status not in known:
        hint = "it has " + ", ".join(known) if known else "its file names none under statuses"
        raise Invalid(f"the funnel {funnel.key!r} has no status {status[:60]!r}", hint)
    if status == (opportunity.status or ""):
        raise Conflict(
            f"{opportunity.ref} has {f'the status {status!r}' if status else 'no status'} already",
            hint=f"funnelctl opp show {opportunity.ref}",
        )
    move = _move(author, opportunity, "status", opportunity.stage, opportunity.stage, detail=status or None, note=note)
    return [*edited(opportunity, opportunity._replace(status=status or None)), added(move)]


def win(
    author: Author, opportunity: Opportunity, funnel: Funnel, fields: Mapping[str, Any], note: str | None
) -> list[Change]:
    """Close it as won. Where the funnel allows that before its end, the remaining stages are recorded as passed.

    Raises:
        Conflict: it is closed, or its stage is not one that can be won from.
    """
    check_live(opportunity)
    stage = funnel.stage(opportunity.stage)
    if stage is None or not stage.can_win:
        winnable = [one.key for one in funnel.walk if one.can_win]
        raise Conflict(
            f"{opportunity.ref} stands in {opportunity.stage!r}, from where the funnel {funnel.key!r} lets none be won;"
            " nothing was saved",
            hint=f"funnelctl advance {opportunity.ref} --to {winnable[0]}, then win it",
        )
    last = funnel.last
    won = _standing(opportunity, funnel, last, author.at) if last.key != opportunity.stage else opportunity
    changes = edited(
        opportunity,
        won._replace(**fields, outcome="won", closed_at=author.at, postponed_until=None, status=None, reason=None),
    )
    here = opportunity.stage
    for passed in funnel.between(opportunity.stage, last.key):
        changes.append(added(_move(author, opportunity, "advance", here, passed.key)))
        here = passed.key
    return [*changes, added(_move(author, opportunity, "win", here, here, state="won", note=note))]


def lose(
    author: Author,
    opportunity: Opportunity,
    funnel: Funnel,
    reason: str | None,
    competitor: str | None,
    note: str | None,
) -> list[Change]:
    """Close it as lost, in the stage in which it stands.

    Raises:
        Conflict: it is closed already.
        Invalid: the reason is missing, or not one of the funnel's ``lost_reasons``.
    """
    check_live(opportunity)
    if reason is None and competitor and "competitor" in funnel.lost_reasons:
        reason = "competitor"
    if (reason or "").strip().lower() not in funnel.lost_reasons:
        said = f"{reason[:60]!r} is no reason of the funnel {funnel.key!r}" if reason else "a loss needs a reason"
        raise Invalid(said, hint="--reason takes one of " + ", ".join(funnel.lost_reasons))
    assert reason is not None
    reason = reason.strip().lower()
    lost = opportunity._replace(
        outcome="lost", reason=reason, closed_at=author.at, postponed_until=None, status=None,
        competitor=tidy_optional(competitor, "competitor") or opportunity.competitor,
    )  # fmt: skip
    move = _move(
        author,
        opportunity,
        "lose",
        opportunity.stage,
        opportunity.stage,
        state="lost",
        detail=reason,
        note=note,
    )
    return [*edited(opportunity, lost), added(move)]


def postpone(author: Author, opportunity: Opportunity, until: date, because: str | None) -> list[Change]:
    """Let a live opportunity sleep; it wakes by itself on the morning of ``until``.

    Raises:
        Conflict: it is closed.
        Invalid: the day is not ahead.
    """
    check_live(opportunity)
    since = day_of(author.at) if author.backdated else author.today
    if until <= since:
        named = since if author.backdated else "today"
        raise Invalid(f"{until} is not ahead of {named}", hint="--until takes a day to come, such as +3w or 2027-01-15")
    day = until.isoformat()
    move = _move(author, opportunity, "postpone", opportunity.stage, opportunity.stage, detail=day, note=because)
    return [*edited(opportunity, opportunity._replace(postponed_until=day)), added(move)]


def reopen(author: Author, opportunity: Opportunity, funnel: Funnel, note: str | None) -> list[Change]:
    """Take a closed opportunity up again, in the stage in which it was closed; its history keeps how it had ended.

    Where its funnel no longer has that stage, it goes on to the first one that holds opportunities.

    Raises:
        Conflict: it is open.
    """
    if opportunity.outcome == "open":
        raise Conflict(
            f"{opportunity.ref} is open; only a won or lost opportunity can be reopened",
            hint=f"funnelctl advance {opportunity.ref} goes on with it",
        )
    reopened = opportunity._replace(outcome="open", closed_at=None, reason=None, entered_at=author.at)
    move = _move(author, opportunity, "reopen", opportunity.stage, opportunity.stage, note=note)
    changes = [*edited(opportunity, reopened), added(move)]
    if funnel.stage(opportunity.stage) is None:
        first = funnel.first_opportunity_stage
        changes += move_to_funnel(author, reopened, first, funnel.stage(opportunity.furthest) or first)
    return changes


def move_to_funnel(author: Author, opportunity: Opportunity, to: Stage, furthest: Stage) -> list[Change]:
    """Put an opportunity into a stage of another design; its moves so far keep the names of the old one.

    ``furthest`` is what the furthest stage that it reached is in the new design.
    """
    moved = opportunity._replace(funnel=to.funnel, stage=to.key, furthest=furthest.key)
    move = _move(author, moved, "migrate", opportunity.stage, to.key, state=opportunity.outcome)
    return [*edited(opportunity, moved), added(move)]


def check_live(opportunity: Opportunity) -> None:
    """See that it is open.

    Raises:
        Conflict: it is won or lost.
    """
    if opportunity.outcome != "open":
        raise Conflict(
            f"{opportunity.ref} is {opportunity.outcome} already; nothing was saved",
            hint=f"funnelctl reopen {opportunity.ref} takes it up again",
        )


def _standing(opportunity: Opportunity, funnel: Funnel, to: Stage, at: str) -> Opportunity:
    furthest = funnel.stage(opportunity.furthest)
    reached = to.key if furthest is None or to.position > furthest.position else opportunity.furthest
    # a status says what it does inside a stage: it ends with the stage
    return opportunity._replace(stage=to.key, furthest=reached, entered_at=at, status=None)


def _move(
    author: Author, opportunity: Opportunity, kind: str, start: str | None, end: str, *, state: str = "open",
    detail: str | None = None, note: str | None = None,
) -> Move:  # fmt: skip
    return Move(
        author.next_id("move"), None, opportunity.id, kind, opportunity.funnel, start, end, state, detail,
        author.at, author.by, tidy_optional(note, "note", LONG),
    )  # fmt: skip
