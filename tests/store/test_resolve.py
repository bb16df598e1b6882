"""From what people type to the record that they mean: exactly one, or an error that lists what it may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk

from funnelctl.core import leads, opportunities
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import Conflict, NotFound
from funnelctl.store.resolve import lead_of, lead_or_opportunity, opportunity_of, record_of


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db")


def lead(desk: Desk, ref: str) -> str:
    with desk.reading() as book:
        return lead_of(book, ref).ref


def opportunity(desk: Desk, ref: str, *, live: bool | None = True) -> str:
    with desk.reading() as book:
        return opportunity_of(book, ref, live=live).ref


def either(desk: Desk, ref: str) -> str:
    with desk.reading() as book:
        return lead_or_opportunity(book, ref).ref


def record(desk: Desk, ref: str) -> str:
    with desk.reading() as book:
        return record_of(book, ref).ref


def close(desk: Desk, sale: Opportunity, *, won: bool) -> None:
    with desk.writing() as work:
        known = work.book.opportunity(sale.id)
        assert known is not None
        funnel = work.book.funnel(known.funnel)
        changes = (
            opportunities.win(work.author, known, funnel, {}, None)
            if won
            else opportunities.lose(work.author, known, funnel, "price", None, None)
        )
        desk.do(work, "close", changes)


def drop(desk: Desk, one: Lead) -> None:
    with desk.writing() as work:
        desk.do(work, "lead drop", leads.drop(work.author, one, "too small", None))


@pytest.mark.parametrize(
    "ref",
    ["L1", "l1", " L1 ", "L01", "ada@example.com", "ADA@Example.COM", "mailto:ada@example.com", "CRM-77",
     "Ada Lovelace", "ada lovelace", "  ADA   lovelace ", "Ａｄａ Lovelace", "lovel", "a l"],
)  # fmt: skip
def test_a_lead_is_found_by_all_that_it_is_known_by(desk: Desk, ref: str) -> None:
    desk.add_lead("Ada Lovelace", email="Ada@example.com", key="CRM-77")
    desk.add_lead("Bea Potter", email="bea@example.com", key="CRM-78")
    assert lead(desk, ref) == "L1"


@pytest.mark.parametrize(
    "ref", ["L9", "nobody", "nobody@example.com", "crm-77", "", " ", "%", "_", "\\", "L0", "L" + "9" * 30]
)
def test_what_fits_nothing_is_not_found(desk: Desk, ref: str) -> None:
    desk.add_lead("Ada Lovelace", email="ada@example.com", key="CRM-77")
    with pytest.raises(NotFound) as refused:
        lead(desk, ref)
    assert refused.value.hint == "funnelctl lead list --all shows what there is"


@pytest.mark.parametrize("ref", ["100%", "a_b", "back\\slash"])
def test_signs_that_mean_something_to_like_mean_themselves(desk: Desk, ref: str) -> None:
    desk.add_lead("100 percent, axb, backslash")
    expected = desk.add_lead(f"We are {ref} sure")
    assert lead(desk, ref) == expected.ref


def test_a_name_that_fits_exactly_wins_over_names_that_contain_it(desk: Desk) -> None:
    desk.add_lead("Ada Lovelace")
    desk.add_lead("Ada")
    assert lead(desk, "ada") == "L2"
    with pytest.raises(Conflict):
        lead(desk, "ad")


def test_a_name_of_several_is_a_conflict_that_lists_them(desk: Desk) -> None:
    for name in ("Ada Lovelace", "Ada Yonath", "Bea Potter"):
        desk.add_lead(name)
    with pytest.raises(Conflict) as refused:
        lead(desk, "ada")
    assert refused.value.message == "'ada' fits 2 records: L1 Ada Lovelace; L2 Ada Yonath"
    assert refused.value.hint == "name one by its id"


def test_a_long_list_is_cut(desk: Desk) -> None:
    for number in range(13):
        desk.add_lead(f"Guest {number:02}")
    with pytest.raises(Conflict) as refused:
        lead(desk, "guest")
    assert refused.value.message.startswith("'guest' fits 13 records: L1 Guest 00; ")
    assert refused.value.message.endswith("L10 Guest 09; and 3 more")


def test_what_was_typed_is_repeated_shortened(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        lead(desk, "x" * 500)
    assert refused.value.message == f"no lead fits {'x' * 60!r}"


def test_the_id_of_an_opportunity_stands_for_its_lead(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.add_sale(desk.add_lead("Bea"))
    assert lead(desk, "O1") == "L2"


@pytest.mark.parametrize("ref", ["L12", "l12", "O12", " o12 "])
def test_an_id_that_is_gone_is_never_taken_for_a_part_of_a_name(desk: Desk, ref: str) -> None:
    desk.add_sale(desk.add_lead("HAL12 and O12 Ltd"), "PROTOCOL12 for O12")
    with pytest.raises(NotFound):
        lead(desk, ref)
    with pytest.raises(NotFound):
        opportunity(desk, ref)
    with pytest.raises(NotFound):
        either(desk, ref)
    with pytest.raises(NotFound):
        record(desk, ref)


def test_a_key_or_a_whole_name_may_look_like_an_id(desk: Desk) -> None:
    desk.add_lead("Ada", key="L500")
    desk.add_lead("O2")
    assert lead(desk, "L500") == "L1"
    assert lead(desk, "o2") == "L2"


def test_an_id_wins_over_a_key_that_looks_like_it(desk: Desk) -> None:
    desk.add_lead("Ada", key="L2")
    desk.add_lead("Bea")
    assert lead(desk, "L2") == "L2"


def test_what_a_merged_lead_was_known_by_finds_the_one_that_stayed(desk: Desk) -> None:
    ada = desk.add_lead("Ada", email="ada@example.com", key="K1", phone="+49 30 123456")
    twin = desk.add_lead("A. Lovelace", email="al@example.com", key="K2", phone="+49 30 654321")
    desk.merge(ada, twin)
    for ref in ("L1", "L2", "ada@example.com", "AL@example.com", "K1", "K2", "ada"):
        assert lead(desk, ref) == "L1"
    with pytest.raises(NotFound):
        lead(desk, "lovelace")  # a name is of one lead only


def test_an_opportunity_is_found_by_id_key_and_title(desk: Desk) -> None:
    desk.add_sale(desk.add_lead("Ada"), "Engine audit", key="D-1")
    desk.add_sale(desk.add_lead("Bea"), "Audit of tales")
    for ref in ("O1", "o1", "D-1", "Engine Audit", "engine"):
        assert opportunity(desk, ref) == "O1"
    with pytest.raises(Conflict, match="fits 2 records: O1 Engine audit; O2 Audit of tales"):
        opportunity(desk, "audit")


def test_a_leads_reference_stands_for_its_only_live_opportunity(desk: Desk) -> None:
    ada = desk.add_lead("Ada", email="ada@example.com")
    close(desk, desk.add_sale(ada, "First"), won=True)
    desk.add_sale(ada, "Second")
    for ref in ("L1", "ada", "ada@example.com"):
        assert opportunity(desk, ref) == "O2"
    assert opportunity(desk, "L1", live=False) == "O1"
    desk.add_sale(ada, "Third")
    with pytest.raises(Conflict, match="O2 Second; O3 Third"):
        opportunity(desk, "L1")
    with pytest.raises(Conflict, match="O1 First; O2 Second; O3 Third"):
        opportunity(desk, "L1", live=None)


def test_a_lead_without_a_live_opportunity_is_told_apart_from_none_at_all(desk: Desk) -> None:
    ada = desk.add_lead("Ada")
    with pytest.raises(NotFound) as refused:
        opportunity(desk, "L1")
    assert (refused.value.message, refused.value.hint) == (
        "L1 has no live opportunity",
        "funnelctl advance L1 takes it on to become one",
    )
    close(desk, desk.add_sale(ada), won=False)
    with pytest.raises(NotFound) as refused:
        opportunity(desk, "Ada")
    assert refused.value.hint == "it has O1 (lost)"


def test_the_id_of_a_closed_opportunity_is_that_opportunity(desk: Desk) -> None:
    close(desk, desk.add_sale(desk.add_lead("Ada")), won=False)
    assert opportunity(desk, "O1") == "O1"


def test_of_two_with_one_title_the_live_one_is_meant(desk: Desk) -> None:
    close(desk, desk.add_sale(desk.add_lead("Ada"), "Audit"), won=True)
    desk.add_sale(desk.add_lead("Bea"), "Audit")
    assert opportunity(desk, "audit") == "O2"
    assert opportunity(desk, "audit", live=False) == "O1"


def test_an_open_lead_is_itself_and_a_client_stands_for_the_opportunity(desk: Desk) -> None:
    desk.add_lead("Ada")
    desk.add_sale(desk.add_lead("Bea"), "Audit")
    assert [either(desk, ref) for ref in ("L1", "ada", "L2", "bea", "audit", "O1")] == [
        "L1",
        "L1",
        "O1",
        "O1",
        "O1",
        "O1",
    ]


def test_a_name_shared_by_a_lead_and_an_opportunity_is_a_conflict(desk: Desk) -> None:
    desk.add_lead("Audit Ltd")
    desk.add_sale(desk.add_lead("Bea"), "Audit of tales")
    with pytest.raises(Conflict, match="L1 Audit Ltd; O1 Audit of tales"):
        either(desk, "audit")
    with pytest.raises(Conflict, match="L1 Audit Ltd; O1 Audit of tales"):
        record(desk, "audit")


def test_a_record_is_itself_whatever_became_of_it(desk: Desk) -> None:
    ada = desk.add_lead("Ada")
    drop(desk, ada)
    close(desk, desk.add_sale(desk.add_lead("Bea"), "Audit"), won=True)
    found = [record(desk, ref) for ref in ("L1", "ada", "L2", "bea", "O1", "audit")]
    assert found == ["L1", "L1", "L2", "L2", "O1", "O1"]
