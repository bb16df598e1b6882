"""P21 and P22: one person is one lead in every spelling, and no text is stored that nobody can see."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from anyhow import tried

from commandline import Cli, Installed

EMAILS = [
    "jose@example.com", "JOSE@EXAMPLE.COM", "jose@Example.Com", " jose@example.com ", "mailto:jose@example.com",
    "ｊｏｓｅ@example.com", "jose@ｅxample.com", "jo\u200bse@example.com", "jose@example.com\u200e",
    "jo\u00adse@example.com",
]  # fmt: skip
BEYOND_ASCII = ["josé@müller.example", "JOSE\u0301@MU\u0308LLER.EXAMPLE", "josé@xn--mller-kva.example"]
PHONES = ["+44 20 7946 0958", "+442079460958", "0044 20 7946-0958", "+44 (0)20 7946 0958", "tel:+44-20-7946-0958"]
NAMES = [
    "José Núñez", "JOSÉ NÚÑEZ", "josé núñez", "Jose\u0301 Nu\u0301n\u0303ez", " José  Núñez ", "José\u00a0Núñez",
    "Jo\u200bsé Núñez", "Ｊosé Núñez", "José Núñez\u200f", "José\tNúñez",
]  # fmt: skip


@pytest.mark.parametrize("again", EMAILS)
def test_p21_an_email_belongs_to_one_lead_in_every_spelling(call: Cli, again: str) -> None:
    call(["lead", "add", "José", "--email", EMAILS[0]])
    said = call(["lead", "add", "Another", "--email", again], 4)
    assert "L1 José" in said.message
    assert call.ids("lead list") == ["L1"]
    (call.home / "rows.csv").write_text(f"name,email\nAnother,{again}\n")
    assert call.json("import rows.csv --as leads")["created"] == 0


@pytest.mark.parametrize("again", BEYOND_ASCII)
def test_p21_so_does_one_beyond_ascii(call: Cli, again: str) -> None:
    call(["lead", "add", "José", "--email", BEYOND_ASCII[0]])
    call(["lead", "add", "Another", "--email", again], 4)


@pytest.mark.parametrize("again", PHONES)
def test_p21_a_phone_number_belongs_to_one_lead_in_every_spelling(call: Cli, again: str) -> None:
    call(["lead", "add", "José", "--phone", PHONES[0]])
    assert "L1 José" in call(["lead", "add", "Another", "--phone", again], 4).message


def test_p21_dots_and_tags_in_an_email_tell_people_apart(call: Cli) -> None:
    for email in ("jose@example.com", "jo.se@example.com", "jose+x@example.com", "jose@mail.example.com"):
        call(["lead", "add", "José", "--email", email])
    assert len(call.ids("lead list")) == 4


@pytest.mark.parametrize("again", NAMES)
def test_p21_a_name_is_found_in_every_spelling(call: Cli, again: str) -> None:
    call(["lead", "add", NAMES[0]])
    assert call(["lead", "show", again, "-q"]).out == "L1\n"
    call(["opp", "add", "Audit", "--client", again])
    assert call.ids("lead list --all") == ["L1"]
    assert call(["lead", "list", "--all", "--search", again, "-q"]).out == "L1\n"


def test_p21_other_people_are_other_people(call: Cli) -> None:
    for name in ("Jose Nunez", "José Núñez Jr", "J José Núñez"):
        call(["lead", "add", name])
    call(["lead", "show", "josé núñez jr"])
    assert call(["lead", "show", "josé núñez", "-q"], 4).message.count("José Núñez") >= 2


@pytest.mark.parametrize(
    "name", ["", " ", "\u200b", "\u2060\u200e", "\ufeff", "\x01", "\u202e", "\u00ad", "\u3164", "x" * 501]
)
@pytest.mark.parametrize("command", ["lead add", "opp add Audit --client"])
def test_p22_a_name_that_shows_nothing_or_has_no_end_is_refused(call: Cli, command: str, name: str) -> None:
    if name == "\u3164":
        pytest.skip("HANGUL FILLER is a letter to Unicode, though it shows nothing")
    before = call.dump()
    assert call([*command.split(), name], 2).message
    assert call.dump() == before


LOOKALIKES = ["Ad\u0430 Lovelace", "\u0410da", "M\u03bfra"]  # Cyrillic a, Cyrillic A, Greek omicron
OF_ONE_ALPHABET = [
    "Ada",
    "José Núñez",
    "Анна Каренина",
    "Ελένη",
    "株式会社 Ada",
    "Łukasz",
    "Анна Smith",
    "µ-lab",
    "Ada 2",
]


@pytest.mark.parametrize("name", LOOKALIKES)
def test_p21_a_name_of_two_alphabets_is_told(call: Cli, name: str) -> None:
    assert "the name of L1 mixes alphabets" in call(["lead", "add", name]).err
    first = name.split(maxsplit=1)[0]
    assert "the email of L2 mixes alphabets" in call(["lead", "add", "Bea", "--email", f"{first}@example.com"]).err
    assert "mixes" not in call(["lead", "edit", "L2", "--company", "Acme"]).err
    assert "the name of L2 mixes alphabets" in call(["lead", "edit", "L2", "--name", name]).err
    assert "the name of L3 mixes alphabets" in call(["opp", "add", "Audit", "--client", f"{name} Ltd"]).err
    (call.home / "rows.csv").write_text(f"name,email\nCleo,cleo@example.com\n{name} jr,\nDora,x{first}@example.com\n")
    told = call("import rows.csv --as leads").err
    assert "2 rows have a name or e-mail that mixes alphabets, as if mistyped or forged (lines 3, 4)" in told


@pytest.mark.parametrize("name", OF_ONE_ALPHABET)
def test_p21_words_of_one_alphabet_each_are_as_they_should_be(call: Cli, name: str) -> None:
    assert "alphabet" not in call(["lead", "add", name]).err


def test_p22_bytes_that_are_no_text_are_refused_everywhere(run: Installed) -> None:
    run("lead add Ada")
    for words in (
        [b"lead", b"add", b"Jos\xe9"],
        [b"lead", b"edit", b"L1", b"--note", b"\xff\xfe"],
        [b"opp", b"add", b"A\x80", b"--lead", b"L1"],
        [b"lead", b"list", b"--search", b"\xe9"],
        [b"lead", b"show", b"\xe9"],
        [b"lead", b"add", b"Eve", b"--tag", b"\xe9"],
    ):
        said = run(words, 2)
        assert "no text" in said.message or "not text" in said.message, words
    assert run.ids("lead list") == ["L1"]


def test_p22_a_nul_in_a_file_is_refused(call: Cli) -> None:
    for text in ("name\nA\0da\n", 'name,note\nAda,"x\0y"\n'):
        (call.home / "rows.csv").write_text(text)
        call("import rows.csv --as leads", 65)
    assert call.ids("lead list") == []


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30])
def test_p22_numbers_that_the_file_cannot_hold_are_refused(call: Cli, number: int) -> None:
    call("lead add Ada")
    before = call.dump()
    for words in (
        ["opp", "add", "Audit", "--lead", "L1", "--value", f"{number} EUR"],
        ["lead", "show", f"L{number}"],
        ["lead", "list", "--limit", str(number)],
        ["undo", str(number)],
        ["lead", "add", "Eve", "--at", f"-{number}d"],
    ):
        assert tried(call, words).code in (2, 3), words
    assert call.dump() == before


def test_p22_all_that_is_stored_is_composed_text_without_end_or_nul(call: Cli) -> None:
    decomposed = "Jose\u0301"
    call(["lead", "add", decomposed, "--note", f"{decomposed}\r\n\tx", "--company", decomposed, "--tag", decomposed])
    conn = sqlite3.connect(call.book)
    row = conn.execute("SELECT * FROM lead").fetchone()
    conn.close()
    for value in row:
        if isinstance(value, str):
            assert unicodedata.is_normalized("NFC", value)
            assert value.strip() == value
            assert "\0" not in value
