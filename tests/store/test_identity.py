"""One person, one lead: in every spelling, and since every merge."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

from funnelctl.core import leads
from funnelctl.errors import Conflict
from funnelctl.store.identity import refuse_known, refuse_known_key


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    found = Desk(tmp_path / "funnel.db")
    found.add_lead("Ada", email="Ada@Bücher.example", phone="+49 (30) 1234-567", key="K1")
    return found


def known(desk: Desk, raw: dict[str, str], own: int | None = None) -> None:
    with desk.reading() as book:
        refuse_known(book, leads.fields_of(raw, None), own)


@pytest.mark.parametrize(
    "raw",
    [
        {"email": "ada@bücher.example"},
        {"email": "ADA@BÜCHER.EXAMPLE"},
        {"email": "ada@bu\u0308cher.example"},
        {"email": "mailto:ada@xn--bcher-kva.example"},
        {"email": "ada@b\u200bücher.example"},
        {"email": "ａｄａ@bücher.example"},
        {"phone": "+49301234567"},
        {"phone": "0049 30 1234567"},
        {"phone": "tel:+49-30-123.45.67"},
        {"key": "K1"},
    ],
    ids=str,
)
def test_p21_what_is_known_is_refused_in_every_spelling_and_the_owner_named(desk: Desk, raw: dict[str, str]) -> None:
    with pytest.raises(Conflict, match="belongs to L1 Ada already; nothing was saved") as refused:
        known(desk, raw)
    assert refused.value.hint == "funnelctl lead show L1"


def test_what_nobody_has_is_free(desk: Desk) -> None:
    known(desk, {"email": "ada@bucher.example", "phone": "+49 30 1234568", "key": "k1"})
    known(desk, {"name": "Ada", "company": "the same name and company are no identity"})


def test_a_lead_may_keep_what_is_its_own(desk: Desk) -> None:
    known(desk, {"email": "ada@bücher.example", "phone": "+49301234567", "key": "K1"}, own=1)


def test_another_lead_is_told_that_they_may_be_one(desk: Desk) -> None:
    desk.add_lead("Bea")
    with pytest.raises(Conflict) as refused:
        known(desk, {"email": "ada@bücher.example"}, own=2)
    assert refused.value.hint == "funnelctl lead show L1, or lead merge L1 L2"


@pytest.mark.parametrize("raw", [{"email": "bea@example.com"}, {"phone": "+34 600 123 456"}, {"key": "K2"}], ids=str)
def test_what_a_merge_left_behind_stays_taken(desk: Desk, raw: dict[str, str]) -> None:
    twin = desk.add_lead("Ada L.", email="bea@example.com", phone="+34 600123456", key="K2")
    desk.merge(desk.add_lead("Ada again", email="again@example.com", phone="+34 600123457", key="K3"), twin)
    with pytest.raises(Conflict, match="belongs to L3 Ada again"):
        known(desk, raw)


def test_what_was_given_up_is_free_again(desk: Desk) -> None:
    with desk.writing() as work:
        lead = work.book.lead(1)
        assert lead is not None
        desk.do(work, "lead edit", leads.edit(lead, leads.fields_of({"email": ""}, None)))
    known(desk, {"email": "ada@bücher.example"})


def test_the_key_of_an_opportunity_is_its_own(desk: Desk) -> None:
    desk.add_sale(desk.add_lead("Bea"), key="D-1")
    with desk.reading() as book:
        refuse_known_key(book, "D-1", own=1)
        refuse_known_key(book, "D-2")
        refuse_known_key(book, None)
        with pytest.raises(Conflict, match="the key belongs to O1 already") as refused:
            refuse_known_key(book, "D-1")
    assert refused.value.hint == "funnelctl opp show O1"
