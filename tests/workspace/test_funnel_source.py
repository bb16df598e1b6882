"""The bytes of a file become a funnel, or one error with all that is wrong."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelctl.core.funnel import Funnel
from funnelctl.errors import BadData
from funnelctl.workspace.funnel_source import read_funnel

SMALLEST = b"funnel: mine\nstages: [{stage: a, holds: opportunity, why: because of it}]\n"
LARGE = (Path(__file__).parents[2] / "funnels" / "jm-sports.yaml").read_text(encoding="utf-8")


def refused(text: str) -> tuple[str, list[str]]:
    with pytest.raises(BadData) as caught:
        read_funnel(text.encode(), "my.yaml")
    problems = [f"{problem.line}:{problem.column}: {problem.message}" for problem in caught.value.problems]
    return caught.value.message, problems


def test_the_digest_is_of_the_bytes_in_the_file() -> None:
    assert read_funnel(SMALLEST, "f").digest == hashlib.sha256(SMALLEST).hexdigest()
    changed = SMALLEST + b"# a word\n"
    assert read_funnel(changed, "f").digest == hashlib.sha256(changed).hexdigest()


def test_what_is_wrong_as_yaml_and_as_a_funnel_is_told_together() -> None:
    message, problems = refused(
        """\
funnel: &f mine
currency: euro
stages:
  - stage: a
    holds: opportunity
    holds: lead
    why: because of it
    requires: *fields
    can_win: no
"""
    )
    assert message == "my.yaml: 5 problems"
    assert problems == [
        "1:9: the anchor &f is not read; leave it out",
        '2:11: expected the ISO 4217 code of a currency, such as EUR, found the text "euro"',
        '6:5: the key "holds" is here twice; the first is in line 5',
        "8:15: the alias *fields is not read; write the value out",
        '9:14: expected true or false, found the text "no"',
    ]


def test_a_file_that_is_wrong_only_as_yaml_is_refused_too() -> None:
    text = SMALLEST.decode() + "project: &p true\n"
    assert refused(text) == ("my.yaml: 1 problem", ["3:10: the anchor &p is not read; leave it out"])


def test_behind_a_syntax_error_nothing_is_guessed() -> None:
    assert refused("funnel: [\n") == (
        "my.yaml: 1 problem",
        ["2:1: not valid YAML: expected the node content, but found '<stream end>'"],
    )


def test_the_error_says_what_to_do_and_exits_as_bad_data() -> None:
    with pytest.raises(BadData) as caught:
        read_funnel(b"", "my.yaml")
    assert caught.value.exit_code == 65
    assert "funnelctl funnel check" in caught.value.hint


def keeps_its_promises(funnel: Funnel) -> None:
    """What ``core.funnel`` says of every funnel that was read."""
    keys = [stage.key for stage in funnel.stages]
    assert len(set(keys)) == len(keys)
    assert funnel.stages == (*funnel.lead_stages, *funnel.opportunity_stages)
    assert funnel.first_opportunity_stage.holds == funnel.last.holds == "opportunity"
    assert funnel.last.can_win
    assert [stage.holds for stage in funnel.stages if stage.sleeping] in ([], ["opportunity"])


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(LARGE)),
    st.integers(0, 30),
    st.text(st.sampled_from("abc:-[]{}&*!|>'\"?#%\\0.1 \n\t\x1bé€"), max_size=8),
)
def test_a_file_with_anything_in_it_is_a_funnel_or_is_refused_with_places(at: int, cut: int, typed: str) -> None:
    text = LARGE[:at] + typed + LARGE[at + cut :]
    try:
        result: Funnel | BadData = read_funnel(text.encode(), "f")
    except BadData as error:
        result = error
    if isinstance(result, Funnel):
        keeps_its_promises(result)
        return
    places = [(problem.line, problem.column) for problem in result.problems]
    assert places
    assert places == sorted(places)
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in result.problems)
