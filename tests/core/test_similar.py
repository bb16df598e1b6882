"""Which leads look like one, and which do not."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.dupes import LEAST, LIKELY, Known, Pair, likely_pairs
from funnelctl.core.similar import alike, words_of


def known(*leads: str | tuple[str, str | None] | tuple[str, str | None, str | None]) -> list[Known]:
    """Leads by name, company and e-mail."""
    found = []
    for number, lead in enumerate(leads, 1):
        name, company, email = (*((lead,) if isinstance(lead, str) else lead), None, None)[:3]
        found.append(Known(number, str(name), company, email, None))
    return found


def pair_of(
    *leads: str | tuple[str, str | None] | tuple[str, str | None, str | None], threshold: int = LIKELY
) -> Pair | None:
    found = likely_pairs(known(*leads), threshold)
    assert len(found) < 2
    return found[0] if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "ada  LOVELACE"),
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Ada Lovelace", "Ada B. Lovelace"),
        ("Ada Lovelace", "Dr. Ada Lovelace"),
        ("José Núñez", "Jose Nunez"),
        ("Jose\u0301", "José"),
        ("O'Hara Scarlett", "OHara Scarlett"),
        ("Acme", "Acme Inc"),
        ("Acme Inc.", "ACME, S.L."),
        ("Acme GmbH", "Acme, Ltd"),
        ("PT Maju Jaya", "Maju Jaya Tbk"),
        ("ＡＣＭＥ", "acme"),
        ("Straße 7", "STRASSE 7"),
    ],
)
def test_the_same_name_written_in_another_way(one: str, other: str) -> None:
    pair = pair_of(one, other)
    assert pair is not None
    assert (pair.score, pair.reasons) == (100, ("same name",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "Ada Lovelase"),
        ("Jon Smith", "John Smith"),
        ("Müller & Partner", "Mueller Partner"),
        ("Microsoft", "Mircosoft"),
        ("Acme Tech", "Acme Technologies"),
        ("Rob Miller", "Robert Miller"),
        ("María García", "Maria Garcia Lopez"),
    ],
)
def test_similar_names(one: str, other: str) -> None:
    pair = pair_of(one, other)
    assert pair is not None
    assert LIKELY <= pair.score < 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "Charles Babbage"),
        ("Ada Lovelace", "Ada Byron"),
        ("John Smith", "Joan Smith"),
        ("Acme Technologies", "Apex Technologies"),
        ("Acme", "Acme Tools"),
        ("Bo", "Al"),
        ("Bo", "Bob"),
        ("Ann", "Ana"),
        ("Li Wei", "Li Na"),
        ("J. Smith", "John Smith"),
        ("Lovelace", "Ada Lovelace"),
        ("GmbH", "Inc"),
        ("...", "!!!"),
        ("王伟", "王芳"),
        ("Guest 1234", "Guest 1235"),
        ("Guest 123", "Guest 1234"),
    ],
)
def test_different_people(one: str, other: str) -> None:
    assert pair_of(one, other) is None


def test_what_they_share_makes_it_likelier() -> None:
    alone = pair_of("Bob Smith", "Robert Smith", threshold=LEAST)
    company = pair_of(("Bob Smith", "Acme Inc"), ("Robert Smith", "ACME"), threshold=LEAST)
    both = pair_of(("Bob Smith", "Acme", "bob@acme.example"), ("Robert Smith", "Acme", "rs@acme.example"))
    assert alone is None
    assert company is not None
    assert both is not None
    assert company.reasons == ("similar names", "same company")
    assert both.reasons == ("similar names", "same company", "same mail domain acme.example")
    assert company.score < both.score < 100


def test_a_free_mail_provider_is_nothing_to_share() -> None:
    pair = pair_of(("Jon Smith", None, "jon@gmail.com"), ("John Smith", None, "john@gmail.com"))
    assert pair is not None
    assert pair.reasons == ("similar names",)


def test_one_mailbox_written_in_two_ways_tells_under_any_names() -> None:
    pair = pair_of(("Ada Lovelace", None, "a.lovelace+crm@gmail.com"), ("Countess", None, "alovelace@gmail.com"))
    assert pair is not None
    assert "same mailbox" in pair.reasons


def test_one_number_with_and_without_its_country() -> None:
    one = Known(1, "Bob Smith", None, None, "+34600111222")
    other = Known(2, "Robert Smith", None, None, "local:600111222;ext=5")
    [pair] = likely_pairs([one, other], LEAST)
    assert "phone numbers that end alike" in pair.reasons


def test_two_of_one_name_in_two_places_are_less_likely_one() -> None:
    alone, elsewhere = pair_of("Ana Gil", "Ana Gil"), pair_of(("Ana Gil", "Acme"), ("Ana Gil", "Babbage & Co"))
    assert alone is not None
    assert elsewhere is not None
    assert LIKELY <= elsewhere.score < alone.score


def test_the_likeliest_come_first_and_the_older_of_each_pair() -> None:
    leads = known("Jon Smith", "Ada Lovelace", "John Smith", "Ada Lovelace")
    found = likely_pairs(leads[::-1])
    assert [(pair.one.id, pair.other.id) for pair in found] == [(2, 4), (1, 3)]


def test_ten_thousand_of_one_name_are_paired_with_the_first() -> None:
    found = likely_pairs(known(*["Ada Lovelace"] * 10_000))
    assert len(found) == 9_999
    assert {pair.one.id for pair in found} == {1}


people = st.tuples(
    st.sampled_from(["Ada Lovelace", "Ada Lovelase", "A. Lovelace", "Ada", "Acme Inc", "Acme Tech", "王伟", "-", "Bo"])
    | st.text(max_size=6),
    st.none() | st.sampled_from(["Acme", "ACME Ltd", "Engines"]),
    st.none() | st.sampled_from(["a@acme.example", "a+b@acme.example", "b@gmail.com"]),
)


@given(st.lists(people, max_size=8))
def test_a_higher_threshold_never_tells_of_more(leads: list[tuple[str, str | None, str | None]]) -> None:
    told = [set(likely_pairs(known(*leads), threshold)) for threshold in (0, 60, 75, 85, 95, 100)]
    for lower, higher in pairwise(told):
        assert higher <= lower


@given(st.lists(people, max_size=8), st.randoms())
def test_the_order_of_the_leads_does_not_matter(
    leads: list[tuple[str, str | None, str | None]], chance: random.Random
) -> None:
    """No pair comes twice, and no lead is paired with itself."""
    found = likely_pairs(known(*leads), LEAST)
    shuffled = known(*leads)
    chance.shuffle(shuffled)
    assert likely_pairs(shuffled, LEAST) == found
    assert len({(pair.one, pair.other) for pair in found}) == len(found)
    assert all(pair.one.id < pair.other.id for pair in found)


@given(st.text(max_size=20), st.text(max_size=20))
def test_alike_is_the_same_in_both_directions(one: str, other: str) -> None:
    there, back = alike(words_of(one), words_of(other)), alike(words_of(other), words_of(one))
    assert there == back
    assert 0 <= there[0] <= 100
    assert alike(words_of(one), words_of(one))[0] == 100
