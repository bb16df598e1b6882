"""Leads that go straight into their table: the same comes of a file either way, or nothing of the attempt is kept."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from desk import Desk, new_book
from hypothesis import given, settings
from hypothesis import strategies as st
from taking import FUNNELS, assert_sound, take, take_once

from funnelctl.errors import BadData
from funnelctl.store import turning
from funnelctl.store.intake.straight import NotAllNew

HEADER = "key,name,email,phone,stage,created,closed,reason,tags"
ADA = "1,Ada,ada@x.example,+34 600 000 001,enquiry,2025-01-01,,,a"
BOB = "2,Bob,bob@x.example,+34 600 000 002,,2025-01-02,,,b;c"


def text_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "book.db", *FUNNELS)


def come_straight(desk: Desk, *rows: str) -> int:
    return take_once(desk, text_of(*rows), straight=True).created


def test_new_leads_do_not_pass_through_the_waiting_room(desk: Desk) -> None:
    seen: list[str] = []
    desk.conn.set_trace_callback(seen.append)
    assert come_straight(desk, ADA, BOB, "3,Cy,,,junk,2025-01-03,,no-budget,", "4,Di,,,converted,,2025-02-01,,") == 4
    desk.conn.set_trace_callback(None)
    assert not [sql for sql in seen if "incoming" in sql]
    assert_sound(desk)


@pytest.mark.parametrize(
    ("there", "row"),
    [
        ("", "1,Adam,,,,,,,"),  # the key of a row above
        ("", "3,Adam,ADA@x.example,,,,,,"),  # its e-mail
        ("", "3,Adam,,0034 600 000 001,,,,,"),  # its phone number
        ("", ADA),
        ("", ",Adam,,,,,,,"),  # nothing that only one can have
        (ADA, "1,Ada,,,,,,,"),
        ("7,Else,ada@x.example,,,,,,", "3,Bob,,,,,,,"),
    ],
)
def test_an_attempt_that_meets_anything_but_new_leads_is_given_up(desk: Desk, there: str, row: str) -> None:
    if there:
        take(desk, text_of(there))
    before = desk.content()
    with pytest.raises(NotAllNew):
        come_straight(desk, ADA, row)
    assert desk.content() == before


def test_whoever_is_known_by_an_alias_or_was_forgotten_is_compared(desk: Desk) -> None:
    come_straight(desk, ADA, BOB)
    desk.conn.execute("INSERT INTO lead_alias (lead_id, kind, key, value) VALUES (1, 'key', '9', '9')")
    with pytest.raises(NotAllNew):
        come_straight(desk, "9,Ada,,,,,,,")
    assert take(desk, text_of("9,Ada,,,,,,,")).created == 0
    desk.conn.execute("DELETE FROM lead_alias")
    desk.conn.execute("INSERT INTO forgotten (person, kind, hash, salt, at) VALUES (1, 'name', 'x', 'y', '2025-01-01')")
    with pytest.raises(NotAllNew):
        come_straight(desk, "10,Eve,,,,,,,")
    assert take(desk, text_of("10,Eve,,,,,,,")).created == 1


def test_known_by_their_names_or_by_nothing_they_are_compared(desk: Desk) -> None:
    for name, declared in (("Ada", {}), ("Bob", {"match": "name"})):
        with pytest.raises(NotAllNew):
            take_once(desk, f"name\n{name}\n", straight=True, **declared)
    assert take(desk, "name\nAda\nAda\n").created == 2
    assert take(desk, "name\nAda\nAda\nAda\n").created == 1
    assert take(desk, "name\nBob\n", match="name").created == 1
    assert take(desk, "name\nBob\n", match="name").created == 0


def test_afterwards_every_value_is_looked_at_again(desk: Desk) -> None:
    come_straight(desk, ADA)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        desk.conn.execute("UPDATE lead SET state = 'gone'")
    with pytest.raises(NotAllNew):
        come_straight(desk, ADA)
    with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
        desk.conn.execute("UPDATE lead SET name = ''")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_book(tmp_path_factory.mktemp("empty") / "book.db")


some_rows = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", "4", "5", "6", ""]),
        st.sampled_from(["Ada", "Zoë  B", "Аdа Lovelace", "=1+1", ""]),
        st.sampled_from(["", "a@x.example", "A@x.example", "b@x.example", "c@x.example", "d@bücher.example"]),
        st.sampled_from(["", "", "+34 600 000 001", "+34 600 000 002", "12"]),
        st.sampled_from(["", "enquiry", "junk", "converted", "disqualified"]),
        st.sampled_from(["", "2025-01-01", "2025-06-01 10:00"]),
        st.sampled_from(["", "", "", "2025-07-01"]),
        st.sampled_from(["", "", "no-budget"]),
        st.sampled_from(["", "a", "b;a"]),
    ).map(",".join),
    max_size=6,
    unique_by=(lambda row: row.split(",")[0],),
)


def told(desk: Desk, text: str, *, straight: bool, match: str | None) -> str:
    """What becomes of a file, one way, or the other where that is none."""
    before = desk.content()
    try:
        return str(take_once(desk, text, straight=straight, match=match))
    except BadData as error:
        assert desk.content() == before
        return str((error.message, error.problems))
    except NotAllNew:
        assert desk.content() == before
        return told(desk, text, straight=False, match=match)


@given(first=some_rows, second=some_rows, match=st.sampled_from([None, "key", "email", "phone"]))
@settings(max_examples=150, deadline=None)
def test_the_same_comes_of_any_file_either_way(
    empty: Path, first: list[str], second: list[str], match: str | None
) -> None:
    desks = {}
    for straight in (True, False):
        path = empty.with_name(f"{straight}.db")
        shutil.copy(empty, path)
        desks[straight] = Desk(path, FUNNELS[0])
    for rows in (first, second):
        one, other = (told(desks[way], text_of(*rows), straight=way, match=match) for way in desks)
        assert one == other
        assert desks[True].content() == desks[False].content()
        assert_sound(desks[True])
    log = "SELECT command, first_change, last_change FROM operation"
    assert desks[True].conn.execute(log).fetchall() == desks[False].conn.execute(log).fetchall()
    while turning.undo(desks[True].conn, desks[True].at, "tester"):
        pass
    assert not desks[True].content()["lead"]
