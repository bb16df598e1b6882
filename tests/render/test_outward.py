"""Calendars and address books, read back by other programs' eyes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
import vobject
from hard import TEXTS
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.outward import Card, Entry
from funnelctl.render.calendar import calendar
from funnelctl.render.vcard import vcards

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
OF_CALENDAR = "BEGIN VERSION PRODID METHOD BEGIN SUMMARY DTSTART DTEND DTSTAMP UID DESCRIPTION TRANSP END END "
ENDS = ("\r\n", "\r", "\u2028", "\u2029", "\x85")

anything = st.sampled_from(TEXTS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def plain(text: str) -> str:
    """What is left of a text: no control characters, and one way to end a line."""
    for end in ENDS:
        text = text.replace(end, "\n")
    return "".join(char for char in text if char in "\n\t" or not (ord(char) < 32 or 127 <= ord(char) < 160))


def check_lines(text: str) -> None:
    """Of at most 75 bytes, ended by CR and LF, without a control character: what both formats ask for."""
    assert text.endswith("\r\n")
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        assert not {*range(9), *range(10, 32), 127} & set(line)


def names_in(text: str) -> list[str]:
    return [line.split(":")[0].split(";")[0] for line in text.replace("\r\n ", "").split("\r\n")]


def value_of(name: str, text: str) -> str:
    [line] = [line for line in text.replace("\r\n ", "").split("\r\n") if line.startswith(f"{name}:")]
    return line.removeprefix(f"{name}:")


def unescaped(value: str) -> str:
    parts = value.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";") for part in parts)


@given(anything, anything)
def test_an_entry_comes_back_and_starts_no_line_of_its_own(summary: str, description: str) -> None:
    text = calendar([Entry("uid-1", "2026-12-31", summary, description)], NOW)
    check_lines(text)
    assert sorted(names_in(text)) == sorted(OF_CALENDAR.split(" "))
    events: list[Any] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    [event] = events
    assert str(event["summary"]) == plain(summary)
    assert str(event["description"]) == plain(description)
    assert str(event["uid"]) == "uid-1"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2026, 12, 31), date(2027, 1, 1))
    assert event["dtstamp"].dt == NOW


def test_a_calendar_without_entries_is_one() -> None:
    found = icalendar.Calendar.from_ical(calendar([], NOW))
    assert (found.walk("VEVENT"), str(found["version"])) == ([], "2.0")


@given(anything, anything, st.lists(anything, max_size=2))
def test_a_card_comes_back_and_starts_no_line_of_its_own(name: str, company: str, tags: list[str]) -> None:
    phones = (("+34 600 111 222", "+34600111222"), ("12345 678", "local:12345678"))
    text = vcards([Card("u-1", name, company, ("a,b;c@example.com",), phones, tuple(tags))])
    check_lines(text)
    expected = ["BEGIN", "VERSION", "PRODID", "UID", "FN", "EMAIL", "TEL", "TEL", "END", ""]
    expected += (["ORG"] if company else []) + (["CATEGORIES"] if tags else [])
    assert sorted(names_in(text)) == sorted(expected)
    assert unescaped(value_of("FN", text)) == plain(name)
    assert not tags or len(value_of("CATEGORIES", text).replace("\\\\", "").replace("\\,", "").split(",")) == len(tags)


@pytest.mark.parametrize("text", [text for text in TEXTS if text])
def test_another_library_reads_the_same_in_a_card(text: str) -> None:
    card = Card("u-1", text, text, ("ada@example.com", "al@example.com"), (("+34 600", "+34600111222"),), ("vip",))
    found = vobject.readOne(vcards([card]))
    assert found.version.value == "4.0"
    assert found.uid.value == "urn:uuid:u-1"
    assert found.fn.value == plain(text)
    assert found.org.value == [plain(text)]
    assert [line.value for line in found.contents["email"]] == ["ada@example.com", "al@example.com"]
    assert (found.tel.value, found.tel.params) == ("tel:+34600111222", {"VALUE": ["uri"]})


def test_all_cards_come_one_after_the_other() -> None:
    text = vcards([Card(f"u-{number}", f"Guest {number}", None, (), (), ()) for number in range(3)])
    assert [card.fn.value for card in vobject.readComponents(text)] == ["Guest 0", "Guest 1", "Guest 2"]
    assert vcards([]) == ""
