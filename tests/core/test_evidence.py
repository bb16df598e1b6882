"""A record advances on evidence, and the error is the command that gives it."""

from __future__ import annotations

from typing import Any

import pytest

from funnelctl.core.evidence import require, stage_named
from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import Conflict, Invalid

NAME = Label("Stage", "Etapa", "Tahap")


def stage(key: str, position: int, holds: str, *requires: str, sleeping: bool = False) -> Stage:
    return Stage(key, "mine", position, NAME, holds, "a good reason", None, None, requires, True, (), sleeping)


FOUND, OFFER, ASLEEP = (
    stage("found", 0, "lead"),
    stage("offer", 1, "opportunity"),
    stage("asleep", 2, "opportunity", sleeping=True),
)
MINE = Funnel("mine", NAME, None, (FOUND, OFFER, ASLEEP), (), ("price",), False, "0" * 64)
LEAD = Lead._make((1, "Ada", "ada", *[None] * (len(Lead._fields) - 3)))
SALE = Opportunity._make((7, 1, "Audit", "audit", *[None] * (len(Opportunity._fields) - 4)))

GIVEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "contact": ({"phone": "12345"}, {}),
    "company": ({"company": "Engines"}, {}),
    "source": ({"source": "event"}, {}),
    "value": ({}, {"value_minor": 0, "currency": "EUR"}),
    "service": ({}, {"service": "audit"}),
    "close": ({}, {"expected_close": "2026-06-01"}),
    "competitor": ({}, {"competitor": "Delta"}),
    "note": ({}, {"note": "called"}),
}


@pytest.mark.parametrize("name", GIVEN)
def test_what_is_there_is_enough_and_what_is_missing_is_not(name: str) -> None:
    asked = stage("offer", 1, "opportunity", name)
    of_lead, of_sale = GIVEN[name]
    require(asked, LEAD._replace(**of_lead), SALE._replace(**of_sale))
    with pytest.raises(Conflict, match=f"the stage 'offer' requires {name}; nothing was saved"):
        require(asked, LEAD, SALE)


def test_an_e_mail_or_a_phone_number_is_a_contact() -> None:
    asked = stage("found", 0, "lead", "contact")
    require(asked, LEAD._replace(email="a@b"))
    require(asked, LEAD._replace(phone="12345"))


def test_a_note_on_the_lead_is_a_note() -> None:
    require(stage("offer", 1, "opportunity", "note"), LEAD._replace(note="called"), SALE)


@pytest.mark.parametrize(
    ("requires", "of_sale", "hint"),
    [
        (("value",), True, "add --value AMOUNT to this command"),
        (("service", "value", "close"), True, "add --service NAME --value AMOUNT --close DATE to this command"),
        (("contact",), True, "funnelctl lead edit L1 --email TEXT"),
        (("company", "source"), False, "funnelctl lead edit L1 --company TEXT --source TEXT"),
        (("note",), False, "funnelctl lead edit L1 --note TEXT"),
        (("competitor", "note"), True, "funnelctl opp edit O7 --competitor TEXT --note TEXT"),
        (
            ("contact", "competitor", "value"),
            True,
            "funnelctl lead edit L1 --email TEXT, then funnelctl opp edit O7 --competitor TEXT, then add --value AMOUNT"
            " to this command",
        ),
    ],
)
def test_the_hint_is_the_command_that_gives_what_is_missing(
    requires: tuple[str, ...], of_sale: bool, hint: str
) -> None:
    with pytest.raises(Conflict) as refused:
        require(stage("offer", 1, "opportunity", *requires), LEAD, SALE if of_sale else None)
    assert refused.value.hint == hint
    assert f"requires {' and '.join(requires)};" in refused.value.message


def test_only_what_is_missing_is_named() -> None:
    with pytest.raises(Conflict, match="requires value; nothing"):
        require(stage("offer", 1, "opportunity", "contact", "value"), LEAD._replace(email="a@b"), SALE)


def test_a_stage_that_requires_nothing_takes_everybody() -> None:
    require(OFFER, LEAD, SALE)
    require(FOUND, LEAD)


def test_a_stage_is_named_in_any_case() -> None:
    assert stage_named(MINE, " Offer ") is OFFER
    assert stage_named(MINE, "found", "lead") is FOUND


def test_a_stage_that_is_none_is_answered_with_those_that_are() -> None:
    with pytest.raises(Invalid, match="has no stage 'deal'") as refused:
        stage_named(MINE, "deal")
    assert refused.value.hint == "its stages are found, offer"
    with pytest.raises(Invalid, match="has no lead stage 'offer'") as refused:
        stage_named(MINE, "offer", "lead")
    assert refused.value.hint == "its stages are found"


def test_the_sleeping_stage_is_entered_by_postponing() -> None:
    with pytest.raises(Invalid, match="is entered by postponing") as refused:
        stage_named(MINE, "asleep", "opportunity")
    assert "postpone REF --until DATE" in refused.value.hint
