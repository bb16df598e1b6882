"""What verbs ask of a funnel."""

from __future__ import annotations

from funnelctl.core.funnel import Funnel, Label, Stage

NAME = Label("Stage", "Etapa", "Tahap")


def stage(key: str, position: int, holds: str = "opportunity", *, sleeping: bool = False) -> Stage:
    why = "a reason that is long enough"
    return Stage(key, "mine", position, NAME, holds, why, None, None, (), False, (), sleeping)


def funnel(*stages: Stage) -> Funnel:
    return Funnel("mine", NAME, None, stages, (), ("price",), False, "0" * 64)


FOUND = stage("found", 0, "lead")
KNOWN = stage("known", 1, "lead")
OFFER = stage("offer", 2)
ASLEEP = stage("asleep", 3, sleeping=True)
DEAL = stage("deal", 4)
FULL = funnel(FOUND, KNOWN, OFFER, ASLEEP, DEAL)
NO_LEADS = funnel(ASLEEP, OFFER, DEAL)


def test_a_label_is_given_in_its_language_and_else_in_english() -> None:
    assert [NAME.in_(lang) for lang in ("en", "es", "id", "fr", "")] == [
        "Stage",
        "Etapa",
        "Tahap",
        "Stage",
        "Stage",
    ]


def test_a_stage_is_found_by_its_key_asleep_or_not() -> None:
    assert FULL.stage("known") == KNOWN
    assert FULL.stage("asleep") == ASLEEP
    assert FULL.stage("Known") is None


def test_stages_by_what_they_hold() -> None:
    assert FULL.lead_stages == (FOUND, KNOWN)
    assert FULL.opportunity_stages == (OFFER, ASLEEP, DEAL)
    assert FULL.walk == (FOUND, KNOWN, OFFER, DEAL)
    assert FULL.sleeping_stage == ASLEEP
    assert funnel(OFFER).sleeping_stage is None


def test_where_records_start_and_end() -> None:
    assert FULL.first_lead_stage == FOUND
    assert FULL.first_opportunity_stage == OFFER
    assert FULL.last == DEAL


def test_a_funnel_without_leads_starts_with_the_first_stage_that_is_awake() -> None:
    assert NO_LEADS.first_lead_stage is None
    assert NO_LEADS.lead_stages == ()
    assert NO_LEADS.first_opportunity_stage == OFFER


def test_a_sleeping_stage_at_the_end_is_not_the_last() -> None:
    assert funnel(OFFER, stage("asleep", 1, sleeping=True)).last == OFFER


def test_the_next_stage_passes_over_the_sleeping_one() -> None:
    assert [FULL.after(key) for key in ("found", "known", "offer", "deal")] == [KNOWN, OFFER, DEAL, None]
    assert [FULL.before(key) for key in ("found", "known", "offer", "deal")] == [None, FOUND, KNOWN, OFFER]


def test_nothing_lies_beside_a_stage_that_is_not_on_the_walk() -> None:
    for key in ("asleep", "gone"):
        assert FULL.after(key) is None
        assert FULL.before(key) is None


def test_a_step_walks_into_the_stages_up_to_and_with_its_end() -> None:
    assert FULL.between("found", "deal") == (KNOWN, OFFER, DEAL)
    assert FULL.between("offer", "deal") == (DEAL,)


def test_a_step_that_does_not_go_forward_walks_into_nothing() -> None:
    assert FULL.between("deal", "found") == ()
    assert FULL.between("offer", "offer") == ()
    assert FULL.between("gone", "deal") == ()
    assert FULL.between("found", "asleep") == ()
    assert FULL.between("asleep", "deal") == ()
