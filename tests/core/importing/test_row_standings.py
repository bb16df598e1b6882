from __future__ import annotations

import os

import pytest

from funnelctl.core.funnel import Funnel
from funnelctl.core.importing.standing import Standing, Standings
from funnelctl.core.importing.words import UnknownWord, Words, plain
from funnelctl.errors import Invalid, NotFound
from funnelctl.workspace.places import shipped
from funnelctl.workspace.shelf import read_path

FUNNELS = {
    key: read_path(os.path.join(shipped("funnels"), f"{key}.yaml"))
    for key in ("consulting", "jm-sports", "seven-states")
}


def funnel_named(key: str | None) -> Funnel:
    if (key or "consulting") not in FUNNELS:
        raise NotFound(f"there is no funnel {key!r}", "look")
    return FUNNELS[key or "consulting"]


def sale(stage: str = "", outcome: str = "", status: str = "", funnel: str = "", **said: str) -> Standing:
    return Standings("opportunity", funnel_named, said).opportunity((funnel, stage, outcome, status))


def lead(stage: str = "", state: str = "", **said: str) -> Standing:
    return Standings("lead", funnel_named, said).lead(("", stage, state))


@pytest.mark.parametrize(
    "word", ["Service request", "request", "REQUEST", " Solicitud de servicio ", "Permintaan-layanan!"]
)
def test_keys_and_labels_of_stages_are_understood(word: str) -> None:
    found = sale(word)
    assert (found.funnel, found.stage, found.state, found.stage_said) == ("consulting", "request", "open", True)


@pytest.mark.parametrize("word", ["Won", "closed won", "Closed - Won", "WON!!", "Ganada", "menang"])
def test_a_won_one_stands_at_the_end_and_came_from_the_start(word: str) -> None:
    found = sale(word)
    assert (found.stage, found.entered, found.state, found.stage_said, found.said) == (
        "agreement", "request", "won", False, True,
    )  # fmt: skip


def test_a_lost_one_stands_where_it_was_lost_as_far_as_that_is_known() -> None:
    assert sale("Closed Lost")[2:6] == ("request", "lost", None, "request")
    assert sale("Proposal", "lost")[2:6] == ("proposal", "lost", None, "proposal")
    assert sale("Dead", dead="lost:agreement")[2:6] == ("agreement", "lost", None, "agreement")


def test_without_a_word_it_stands_at_the_start_and_nothing_was_said() -> None:
    assert (sale().stage, sale().state, sale().said) == ("request", "open", False)
    assert (lead().stage, lead().state, lead().said) == ("enquiry", "open", False)


def test_words_can_be_declared_and_declared_ones_win() -> None:
    said = {"In Talks": "proposal", "won": "lost", "Signed": "won", "New": "open"}
    assert [sale(word, **said).state for word in ("in  talks", "WON", "signed", "new")] == [
        "open",
        "lost",
        "won",
        "open",
    ]
    assert sale("In-Talks", **said).stage == "proposal"


@pytest.mark.parametrize("target", ["", "enquiry", "nowhere", "won:proposal", "lost:enquiry", "lost:", "converted"])
def test_a_word_can_only_mean_what_the_funnel_has(target: str) -> None:
    with pytest.raises(Invalid, match="neither a stage of consulting nor an outcome") as caught:
        sale(x=target)
    assert "request, proposal, agreement, open, won, lost, lost:STAGE" in caught.value.hint


def test_an_unknown_word_says_how_to_declare_it() -> None:
    with pytest.raises(UnknownWord, match='"Contract Sent" is no stage of consulting') as caught:
        sale("Contract Sent")
    assert caught.value.field == "stage"
    assert caught.value.option == "--stage 'Contract Sent=STAGE'"
    assert caught.value.hint == (
        "STAGE is one of request, proposal, agreement, open, won, lost, lost:STAGE;"
        " --stage '*=STAGE' is for all that are not named"
    )
    assert sale("Contract Sent", **{"*": "agreement"}).stage == "agreement"
    assert sale("Closed Won", **{"*": "agreement"}).state == "won"


def test_what_is_usual_for_a_program_counts_as_far_as_the_funnel_has_it() -> None:
    usual = {"Contract Sent": "agreement", "Signed": "won", "Dead": "lost:agreement", "Closed Won": "lost"}
    for key, known in (("consulting", True), ("jm-sports", False)):
        words = Words(FUNNELS[key], "opportunity", {}, usual)
        assert words.stage("Signed").state == "won"
        if known:
            assert words.stage("Contract Sent").stage == "agreement"
            assert words.stage("dead") == ("agreement", "lost")
        else:
            with pytest.raises(UnknownWord):
                words.stage("Contract Sent")
    assert Words(FUNNELS["consulting"], "opportunity", {"contract sent": "won"}, usual).stage("Contract Sent") == (
        None,
        "won",
    )


def test_a_sleeping_stage_is_no_place_to_be_put_into() -> None:
    with pytest.raises(UnknownWord):
        sale("postponed", funnel="seven-states")


def test_outcomes_in_a_column_of_their_own() -> None:
    assert (sale("proposal", "Won").stage, sale("proposal", "Won").state) == ("agreement", "won")
    assert sale("proposal", "open").state == "open"
    with pytest.raises(UnknownWord) as caught:
        sale("proposal", "perhaps")
    assert caught.value.field == "outcome"
    for stage, outcome in (("won", "lost"), ("won", "open"), ("closed lost", "won")):
        with pytest.raises(Invalid, match="the row says both"):
            sale(stage, outcome)


def test_a_status_may_be_an_outcome_or_one_of_the_funnel() -> None:
    assert sale(status="Won").state == "won"
    assert sale("proposal", status="In negotiation").status == "in-negotiation"
    assert sale("won", status="in review").status is None
    with pytest.raises(UnknownWord) as caught:
        sale(status="proposal sent")
    assert caught.value.field == "status"
    assert "--map '{column}=stage'" in caught.value.hint


def test_states_of_leads() -> None:
    assert lead("Junk Lead")[2:4] == ("enquiry", "disqualified")
    assert lead("Enquiry", "converted")[2:4] == ("enquiry", "converted")
    assert lead("x", x="disqualified:enquiry").state == "disqualified"
    with pytest.raises(UnknownWord):
        lead("proposal")
    with pytest.raises(Invalid, match="takes no leads"):
        Standings("lead", funnel_named, {}).lead(("seven-states", "", ""))


def test_a_row_may_name_its_funnel() -> None:
    assert sale("closing", funnel="JM-Sports").funnel == "jm-sports"
    assert sale("won", funnel="jm-sports").stage == "closing"
    with pytest.raises(UnknownWord) as caught:
        sale(funnel="nowhere")
    assert caught.value.field == "funnel"


def test_equal_standings_have_one_number() -> None:
    standings = Standings("opportunity", funnel_named, {})
    numbers = [standings.opportunity(("", word, "", "")).number for word in ("won", "Won!", "request", "closed won")]
    assert numbers == [0, 0, 1, 0]
    assert [one.number for one in standings.found] == [0, 1]


def test_reasons_are_the_funnel_s_own_where_it_has_them() -> None:
    standings = Standings("opportunity", funnel_named, {})
    assert standings.reason(("", "No Budget")) == "no-budget"
    assert standings.reason(("", "Too expensive")) == "Too expensive"
    assert standings.reason(("", " ")) is None


def test_words_compare_without_case_and_punctuation() -> None:
    assert plain("Closed-Won (Sales)!") == "closed won sales"
    assert Words(FUNNELS["consulting"], "lead", {}).is_outcome("Junk-Lead")


def test_a_word_that_was_declared_counts_in_every_column_that_says_where_a_record_stands() -> None:
    assert sale(status="In progress", **{"In progress": "proposal"})[2:4] == ("proposal", "open")
    assert sale(outcome="Dead", dead="lost:agreement")[2:4] == ("agreement", "lost")
    assert sale("request", "Signed", signed="won").state == "won"
    assert lead(state="Bad fit", **{"bad fit": "disqualified"}).state == "disqualified"
    with pytest.raises(Invalid, match="the row says both proposal and request"):
        sale("request", status="In progress", **{"In progress": "proposal"})
    with pytest.raises(UnknownWord):
        sale(outcome="proposal")  # a stage in a column of outcomes was not declared


def test_an_unknown_word_is_told_with_the_option_that_would_declare_it() -> None:
    for word in ({"stage": "Dead's end"}, {"outcome": "Dead's end"}, {"status": "Dead's end"}):
        with pytest.raises(UnknownWord) as caught:
            sale(**word)
        assert caught.value.option == "--stage 'Deads end=STAGE'"


def test_what_is_said_of_all_unknown_stages_declares_no_outcome() -> None:
    assert sale("---", **{"*": "proposal"}).stage == "proposal"
    for word in ({"outcome": "---"}, {"status": "---"}):
        with pytest.raises(UnknownWord):
            sale(**word, **{"*": "proposal"})
