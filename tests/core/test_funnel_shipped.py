"""The funnels that come with the program are what the manual says they are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.workspace.funnel_source import read_funnel

FILES = {path.stem: path for path in (Path(__file__).parents[2] / "funnels").glob("*.yaml")}
KEYS = ["consulting", "geosama", "jm-sports", "jm-sports-consumer", "seven-states"]


def shipped(key: str) -> Funnel:
    return read_funnel(FILES[key].read_bytes(), FILES[key].name)


def holders(key: str) -> list[tuple[str, str]]:
    return [(stage.key, stage.holds) for stage in shipped(key).stages]


def winnable(key: str) -> list[str]:
    return [stage.key for stage in shipped(key).stages if stage.can_win]


def required(key: str) -> dict[str, tuple[str, ...]]:
    return {stage.key: stage.requires for stage in shipped(key).stages if stage.requires}


def test_these_are_shipped_each_under_its_own_key() -> None:
    assert sorted(FILES) == KEYS
    assert [shipped(key).key for key in KEYS] == KEYS


def test_jm_sports_has_the_five_stages_and_is_won_from_the_last() -> None:
    funnel = shipped("jm-sports")
    assert holders("jm-sports") == [
        ("prospecting", "lead"),
        ("leads", "lead"),
        ("opportunity", "opportunity"),
        ("qualification", "opportunity"),
        ("closing", "opportunity"),
    ]
    assert winnable("jm-sports") == ["closing"]
    assert required("jm-sports") == {"qualification": ("service", "value")}
    assert funnel.label == Label("JM Sports", "JM Sports", "JM Sports")
    assert funnel.statuses == ("proposed", "in-negotiation", "in-review", "postponed")
    assert funnel.lost_reasons == (
        *("price", "no-budget", "no-decision", "competitor"),
        *("timing", "not-a-fit", "other"),
    )
    assert (funnel.currency, funnel.project) == ("EUR", True)


def test_the_qualification_of_the_manual() -> None:
    assert shipped("jm-sports").stage("qualification") == Stage(
        key="qualification",
        funnel="jm-sports",
        position=3,
        label=Label("Qualification", "Calificación", "Kualifikasi"),
        holds="opportunity",
        why="The seller and the client settle which service it is; without that no proposal can be right.",
        probability=0.4,
        stale_after=14,
        requires=("service", "value"),
        can_win=False,
        follow_up=(3, 7, 14),
        sleeping=False,
    )


def test_consumer_goods_can_be_sold_in_qualification() -> None:
    assert holders("jm-sports-consumer") == holders("jm-sports")
    assert winnable("jm-sports-consumer") == ["qualification", "closing"]
    assert required("jm-sports-consumer") == {"qualification": ("service", "value")}
    assert not shipped("jm-sports-consumer").project


def test_seven_states_are_five_stages_and_two_outcomes() -> None:
    funnel = shipped("seven-states")
    keys = ["new", "proposed", "in-negotiation", "in-review", "postponed"]
    assert holders("seven-states") == [(key, "opportunity") for key in keys]
    assert [stage.key for stage in funnel.walk] == keys[:-1]
    assert funnel.sleeping_stage is not None
    assert funnel.sleeping_stage.key == "postponed"
    assert funnel.first_lead_stage is None
    assert required("seven-states") == {}


def test_a_service_request_is_an_opportunity_that_may_be_won_at_once() -> None:
    funnel = shipped("consulting")
    assert holders("consulting") == [
        ("enquiry", "lead"),
        ("request", "opportunity"),
        ("proposal", "opportunity"),
        ("agreement", "opportunity"),
    ]
    assert winnable("consulting") == ["request", "proposal", "agreement"]
    assert required("consulting") == {}
    assert funnel.statuses == ("waiting-for-client", "in-negotiation", "in-review")
    assert (funnel.currency, funnel.project) == ("EUR", True)


def test_geosama_is_lean_and_shows_its_client_a_project() -> None:
    funnel = shipped("geosama")
    assert holders("geosama") == [
        ("contact", "lead"),
        ("site-visit", "opportunity"),
        ("technical-proposal", "opportunity"),
        ("contract", "opportunity"),
    ]
    assert required("geosama") == {"technical-proposal": ("service",)}
    assert (funnel.currency, funnel.project) == ("EUR", True)


@pytest.mark.parametrize("key", KEYS)
def test_the_chance_of_winning_grows_along_the_walk(key: str) -> None:
    chances = [stage.probability for stage in shipped(key).walk]
    assert all(
        earlier is not None and later is not None and 0 < earlier < later < 1 for earlier, later in pairwise(chances)
    )


@pytest.mark.parametrize("key", KEYS)
def test_everything_has_a_name_in_each_language_and_a_reason(key: str) -> None:
    funnel = shipped(key)
    written = yaml.safe_load(FILES[key].read_text(encoding="utf-8"))
    for part in (written, *written["stages"]):
        assert set(part["label"]) == {"en", "es", "id"}
    assert all(len(stage.why) > 60 for stage in funnel.stages)
    for lang in ("en", "es", "id"):
        names = [stage.label.in_(lang) for stage in funnel.stages]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", KEYS)
def test_a_file_explains_itself_to_its_editor(key: str) -> None:
    lines = FILES[key].read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# yaml-language-server: $schema=funnel.schema.json"
    head = "\n".join(lines[1:20])
    for command in ("funnel schema > funnel.schema.json", "funnel new", "funnel check", "funnel migrate"):
        assert command in head
    assert max(map(len, lines)) <= 110
