"""The invented year: the same for everybody, never in the future, and possible from beginning to end."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from funnelctl.core.demo import CLIENTS, Deed, year

TODAY = date(2026, 11, 23)
DAYS = [TODAY, date(2024, 2, 29), date(2027, 1, 1), date(2026, 3, 30)]


def deeds(today: date = TODAY) -> list[Deed]:
    return year(today, Random(31))


@pytest.mark.parametrize("today", DAYS)
def test_it_is_the_same_year_on_every_day_but_for_its_dates(today: date) -> None:
    moved = today - TODAY
    assert [(deed.day + moved, deed.verb, deed.who, deed.which) for deed in deeds()] == [
        (deed.day, deed.verb, deed.who, deed.which) for deed in deeds(today)
    ]


def test_nothing_of_it_lies_ahead_or_longer_ago_than_a_year() -> None:
    found = deeds()
    assert [deed.day for deed in found] == sorted(deed.day for deed in found)
    assert TODAY - timedelta(days=366) <= found[0].day
    assert found[-1].day <= TODAY


def test_nobody_does_anything_before_arriving_and_nothing_happens_after_a_close() -> None:
    arrived: set[int] = set()
    dropped: set[int] = set()
    live: dict[int, int] = {}
    closed: set[int] = set()
    for deed in deeds():
        if deed.verb == "lead":
            assert deed.who not in arrived
            arrived.add(deed.who)
            continue
        assert deed.who in arrived - dropped
        if deed.verb == "drop":
            dropped.add(deed.who)
        elif deed.verb == "request":
            assert deed.which not in live
            live[deed.which] = deed.who
        else:
            assert live[deed.which] == deed.who
            assert deed.which not in closed
            if deed.verb in ("win", "lose"):
                closed.add(deed.which)


def test_it_shows_something_of_everything() -> None:
    verbs = [deed.verb for deed in deeds()]
    for verb in ("lead", "drop", "request", "advance", "win", "lose", "postpone"):
        assert verb in verbs, verb
    assert verbs.count("lead") == len(CLIENTS)
    assert verbs.count("win") >= 5
    assert verbs.count("lose") >= 5
    sleeps = [deed.words["until"] for deed in deeds() if deed.verb == "postpone"]
    assert all(until > TODAY for until in sleeps)


def test_the_people_are_all_different() -> None:
    names, companies, _ = zip(*CLIENTS, strict=True)
    assert len(set(names)) == len(set(companies)) == len(CLIENTS)
