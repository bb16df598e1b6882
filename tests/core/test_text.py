"""Text: what is kept, what it is found under, what a terminal may see."""

from __future__ import annotations

import json
import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.text import (
    LONG,
    are_plain,
    clean,
    fold,
    fold_all,
    parts_like,
    quoted,
    slug_ok,
    tags_in,
    tags_of,
    tidy,
    tidy_optional,
)
from funnelctl.errors import Invalid

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# Dense in what folding is about, which random text is not.
tricky = st.text("aAéÉßẞſıİΑαᾳͅς株Ｗﬁ²\u0301\u0308\u0345\u200b\u200d\u00ad\u202e\u00a0\u3000\t\n\x1b ", max_size=12)


@pytest.mark.parametrize(
    "variant",
    [
        "josé núñez",
        "JOSÉ NÚÑEZ",
        "  José \t Núñez \n",
        "Jose\u0301 Nu\u0301n\u0303ez",
        "Jose\u200b\u0301 Núñez",
        "José\u00a0Núñez",
        "José\u3000Núñez",
        "Jo\u200bsé N\ufeffúñez",
        "\u202eJosé Núñez\u202c",
        "Jo\u00adsé Núñez\x07",
        "Ｊｏｓé Ｎúñez",
    ],
)
def test_every_way_to_type_one_name_has_one_key(variant: str) -> None:
    assert fold(variant) == "josé núñez"


@pytest.mark.parametrize(("text", "key"), [("Straße", "strasse"), ("Ａ１", "a1"), ("ﬁne", "fine"), ("A  b", "a b")])
def test_key(text: str, key: str) -> None:
    assert fold(text) == key


@pytest.mark.parametrize(
    ("one", "other"), [("Jose", "José"), ("Jon", "John"), ("Anna", "Аnna"), ("A B", "AB"), ("a\ue000", "a")]
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text() | tricky)
def test_folding_a_key_leaves_it(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text() | tricky)
def test_composition_makes_no_difference(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(tricky, st.integers(0, 12), st.sampled_from("\u200b\u200d\ufeff\u202e\u2069\u00ad\x00\x1b\x7f\x9b"))
def test_an_invisible_character_makes_no_difference(text: str, place: int, char: str) -> None:
    assert fold(text[:place] + char + text[place:]) == fold(text)


@given(
    st.lists(
        st.one_of(
            st.text(), st.text("aÉßẞıİΑαᾳς株Ｗﬁ²¨ "), st.sampled_from(["Σίσυφος", "ﬁ", "´x", "x ¨", "a  b", " a", ""])
        )
    )
)
def test_keys_that_are_made_together_are_the_same(some: list[str]) -> None:
    printable = [text for text in some if text.isprintable()]
    assert fold_all(printable) in (None, [fold(text) for text in printable])


def test_keys_are_made_together_unless_spaces_are_to_be_settled() -> None:
    assert fold_all(["Zoë", "STRASSE", "Straße"]) == ["zoë", "strasse", "strasse"]
    for other in ("a  b", " a", "a ", "´", ""):
        assert fold_all(["Zoë", other]) == (None if other else ["zoë", ""])


def test_plain_is_what_is_printable_ascii() -> None:
    plain = [chr(code) for code in range(0x250) if are_plain(chr(code))]
    assert "".join(plain) == "".join(map(chr, range(0x20, 0x7F)))
    assert are_plain("")
    assert not are_plain("\ud800")  # half a character of a broken file, which cannot be encoded


def test_tidy_composes_and_strips() -> None:
    assert tidy(" \tJose\u0301\u3000\n", "name") == "Jos\u00e9"


@pytest.mark.parametrize("kept", ["a\u202eb", "a\x1b[31m", "two\nlines", "👩\u200d🔬", "ｗｉｄｅ", "株式"])
def test_tidy_loses_nothing(kept: str) -> None:
    assert tidy(kept, "note") == kept


@pytest.mark.parametrize("empty", ["", " \t\n", "\u3000\u00a0", "\u200b\ufeff", "\x1b\x07", "\u202e"])
def test_what_shows_nothing_is_empty(empty: str) -> None:
    with pytest.raises(Invalid, match=r"^the name is empty$"):
        tidy(empty, "name")


@pytest.mark.parametrize("bad", ["a\0b", "\0a", "é\0", "caf\udce9", "\ud800x"])
def test_what_cannot_be_stored_is_refused(bad: str) -> None:
    with pytest.raises(Invalid, match=r"^the name holds "):
        tidy(bad, "name")


def test_the_limit_counts_what_is_stored() -> None:
    assert tidy("  " + "e\u0301" * 500 + "  ", "name") == "é" * 500
    with pytest.raises(Invalid, match=r"501 characters, at most 500"):
        tidy("x" * 501, "name")
    assert len(tidy("x" * LONG, "note", LONG)) == 1_000_000


@given(storable)
def test_tidy_gives_what_sqlite_gives_back(text: str) -> None:
    try:
        kept = tidy(text, "name")
    except Invalid:
        return
    assert tidy(kept, "name") == kept
    assert fold(kept) == fold(text)
    assert sqlite3.connect(":memory:").execute("SELECT ?", (kept,)).fetchone() == (kept,)


def test_optional_text() -> None:
    assert tidy_optional(None, "note") is None
    assert tidy_optional(" \n", "note") is None
    assert tidy_optional(" x ", "note") == "x"
    with pytest.raises(Invalid, match="the note has 6 characters"):
        tidy_optional("x" * 6, "note", 5)


HARMFUL = [
    *map(chr, range(0x09)),
    *map(chr, range(0x0B, 0x20)),
    *map(chr, range(0x7F, 0xA0)),
    *"\u061c\u200b\u200c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
    "\ud800",
    "\udcff",
]


@pytest.mark.parametrize("char", HARMFUL, ids=ascii)
def test_what_controls_a_terminal_is_shown_as_unknown(char: str) -> None:
    assert clean(f"a{char}é") == "a\ufffdé"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ana María 株式会社", "Ana María 株式会社"),
        ("👩\u200d🔬 مرحبا", "👩\u200d🔬 مرحبا"),
        ("a\u00a0b\u202fc\u3000d", "a\u00a0b\u202fc\u3000d"),
        ("one\ntwo\r\nthree", "one⏎two⏎three"),
        ("a\tb", "a b"),
        ("a\rb", "a\ufffdb"),
        ("\x1b\u2027\u202f\u2070\ufff8\ufffc", "\ufffd\u2027\u202f\u2070\ufff8\ufffc"),
        ("\x1b]8;;http://x\x07y", "\ufffd]8;;http://x\ufffdy"),
        ("", ""),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_clean_can_keep_the_lines() -> None:
    assert clean("one\r\ntwo\x1b\n", newline="\n") == "one\ntwo\ufffd\n"


@given(st.text() | tricky)
def test_nothing_harmful_is_left(text: str) -> None:
    shown = clean(text)
    assert not set(shown) & {*HARMFUL, "\n", "\t"}
    assert not any("\ud800" <= char <= "\udfff" for char in shown)
    shown.encode()
    assert clean(shown) == shown


def test_a_quoted_value_is_short_and_harmless() -> None:
    assert quoted("a\x1bb\nc") == '"a\ufffdb⏎c"'
    assert quoted("x" * 60) == '"' + "x" * 60 + '"'
    assert quoted("x" * 61) == '"' + "x" * 59 + '…"'


@pytest.mark.parametrize("slug", ["a", "7", "in-review", "a-1-b", "x" * 40])
def test_a_slug(slug: str) -> None:
    assert slug_ok(slug)


@pytest.mark.parametrize(
    "text", ["", "-", "-a", "a-", "a--b", "A", "é", "a_b", "a b", "a\n", "x" * 41, "²", "٣", "a.b"]
)
def test_no_slug(text: str) -> None:
    assert not slug_ok(text)


def test_tags_are_sorted_and_each_is_there_once_as_it_came_first() -> None:
    assert tags_of(["vip", "Événement", " ACME ", "VIP", "e\u0301vénement", "acme"]) == '["ACME", "vip", "Événement"]'
    assert tags_in('["ACME", "vip", "Événement"]') == ("ACME", "vip", "Événement")


def test_no_tags() -> None:
    assert tags_of([]) == "[]"
    assert tags_in("[]") == ()


@pytest.mark.parametrize("tag", ["a,b", ",", " ", "x" * 61, "a\0", "\udce9"])
def test_a_tag_that_is_refused(tag: str) -> None:
    with pytest.raises(Invalid, match="tag"):
        tags_of(["good", tag])


@given(st.lists(storable))
def test_stored_tags_come_back_and_stay(texts: list[str]) -> None:
    try:
        stored = tags_of(texts)
    except Invalid:
        return
    assert tags_of(tags_in(stored)) == stored
    assert list(tags_in(stored)) == json.loads(stored)
    assert {fold(tag) for tag in tags_in(stored)} == {fold(text) for text in texts}


@given(st.text("a%_\\b", max_size=6), st.text("a%_\\b", max_size=4))
def test_a_pattern_finds_exactly_the_texts_that_hold_the_part(text: str, part: str) -> None:
    found = sqlite3.connect(":memory:").execute(r"SELECT ? LIKE ? ESCAPE '\'", (text, parts_like(part))).fetchone()
    assert bool(found[0]) == (part in text)


@given(st.text())
def test_a_message_stays_one_short_line_whatever_it_repeats(text: str) -> None:
    assert len(quoted(text)) <= 62
    assert "\n" not in quoted(text)
