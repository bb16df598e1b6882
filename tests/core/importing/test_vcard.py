"""vCards of every version and of real address books: nothing that a card says of a lead is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from opening import Opened, refused

REAL = os.environ.get("FUNNELCTL_REAL_DATA")


def card(*lines: str, version: str = "3.0", end: str = "\r\n") -> str:
    return end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def read(*lines: str, version: str = "3.0") -> dict[str, str]:
    found = Opened(card(*lines, version=version))
    assert found.problems == []
    assert found.form == "vcard"
    [row] = found.rows
    return {name: cell for name, cell in zip(found.header, row, strict=True) if cell}


def test_all_that_a_lead_has() -> None:
    lines = (
        "FN:Ada Lovelace", "N:Lovelace;Ada;;Countess;", "ORG:Engines Ltd;Research;Numbers", "EMAIL:ada@example.com",
        "TEL:+44 20 7946 0958", "NOTE:met in\\nLondon\\, twice", "UID:urn:uuid:1", "CATEGORIES:vip,a\\,b",
    )  # fmt: skip
    assert read(*lines) == {
        "name": "Ada Lovelace", "company": "Engines Ltd", "email": "ada@example.com", "phone": "+44 20 7946 0958",
        "note": "met in\nLondon, twice\ndepartment: Research, Numbers", "tags": "vip; a,b", "key": "urn:uuid:1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("FN: Ada  Lovelace ",), "Ada Lovelace"),
        (("FN:", "N:Lovelace;Ada;King;Countess of;FRS"), "Countess of Ada King Lovelace FRS"),
        (("N:Lovelace",), "Lovelace"),
        (("FN:Ada, Countess",), "Ada, Countess"),
        (("FN:one", "FN:two"), "one"),
        (("FN:Ada \\; \\\\ \\x",), "Ada ; \\ \\x"),
        (("n:Doe\\;Roe;J\\,K",), "J,K Doe;Roe"),
        (("FN:Ada\\nLovelace",), "Ada Lovelace"),
    ],
)
def test_what_a_card_is_called(lines: tuple[str, ...], name: str) -> None:
    assert read(*lines) == {"name": name}


@pytest.mark.parametrize("version", ["2.1", "3.0", "4.0"])
def test_lines_are_folded(version: str) -> None:
    assert read("FN:Ada Love", " lace", "NOTE:one", "\t two", version=version) == {
        "name": "Ada Lovelace",
        "note": "one two",
    }


def test_quoted_printable_and_character_sets() -> None:
    lines = (
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BCrgen=20=", "M=C3=BCller",
        "ORG;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:K=F6ln AG;Vertrieb",
        "NOTE;ENCODING=quoted-printable:a=0D=0Ab=3D=", "=0D=0Ac",
    )  # fmt: skip
    assert read(*lines, version="2.1") == {
        "name": "Jürgen Müller", "company": "Köln AG", "note": "a\nb=\nc\ndepartment: Vertrieb",
    }  # fmt: skip


def test_a_line_can_have_a_character_set_of_its_own() -> None:
    raw = card("FN;CHARSET=ISO-8859-1:JÜRGEN", "N:X").encode("latin-1")
    assert Opened(raw).column("name") == ["JÜRGEN"]
    raw = card("FN:Jürgen").encode("cp1252")
    assert Opened(raw).problems == [(3, "FN", "it is not UTF-8 text")]
    assert Opened(raw, encoding="cp1252").column("name") == ["Jürgen"]
    assert Opened(card("FN:Jürgen").encode("utf-16")).column("name") == ["Jürgen"]


def test_a_card_of_version_4_is_utf_8_whatever_stands_beside_it() -> None:
    new, old = card("FN:Zoë", version="4.0").encode(), card("FN:Jürgen", version="2.1").encode("cp1252")
    for raw, names in ((new + old, ["Zoë", "Jürgen"]), (old + new, ["Jürgen", "Zoë"])):
        assert Opened(raw, encoding="cp1252").column("name") == names
    assert Opened(new + old).problems == [(7, "FN", "it is not UTF-8 text")]
    assert Opened(card("FN:Jürgen", version="4.0").encode("cp1252"), encoding="cp1252").column("name") == ["Jürgen"]
    assert Opened(card("FN:Zoë", version="4.0").encode("utf-16")).column("name") == ["Zoë"]


def test_damaged_text_in_a_known_character_set_is_told() -> None:
    found = Opened(card("FN:Ada", "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:K=C3=B6ln=80", version="2.1"))
    assert found.column("company") == ["Köln\ufffd"]
    assert found.notes == ["1 row with damaged text, which stands as \ufffd: ORG"]


def test_the_preferred_address_is_taken_and_the_others_are_noted() -> None:
    assert read("FN:A", "EMAIL;TYPE=HOME:a@x.org", "item1.EMAIL;type=INTERNET;type=pref:b@x.org") == {
        "name": "A", "email": "b@x.org", "note": "other e-mail: a@x.org (home)",
    }  # fmt: skip
    assert read("FN:A", "EMAIL;PREF=2:a@x.org", "EMAIL;PREF=1:b@x.org", version="4.0")["email"] == "b@x.org"
    assert read("FN:A", "EMAIL;INTERNET:a@x.org", "EMAIL;PREF;INTERNET:b@x.org", version="2.1")["email"] == "b@x.org"


def test_the_number_at_which_somebody_answers() -> None:
    lines = ("TEL;WORK;FAX:030 111111", "TEL;HOME:030 222222", "TEL;WORK;VOICE:030 333333", "TEL;CELL:0170 444444")
    assert read("FN:A", *lines, version="2.1") == {
        "name": "A", "phone": "0170 444444",
        "note": "other phone: 030 111111 (fax, work)\nother phone: 030 222222 (home)\nother phone: 030 333333 (work)",
    }  # fmt: skip
    assert read("FN:A", lines[0]) == {"name": "A", "note": "other phone: 030 111111 (fax, work)"}
    found = read("FN:A", 'TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102', version="4.0")
    assert found["phone"] == "+1-418-656-9254;ext=102"


def test_what_is_no_address_is_kept_in_the_note() -> None:
    assert read("FN:A", "TEL;CELL:BusinessPhone", "TEL:*100#", "TEL;HOME:030 222222", "EMAIL:nobody") == {
        "name": "A", "phone": "030 222222",
        "note": "other e-mail: nobody\nother phone: BusinessPhone (cell)\nother phone: *100#",
    }  # fmt: skip


def test_a_number_that_an_earlier_card_has_is_noted() -> None:
    found = Opened(
        card("FN:A", "TEL:030 222222") + card("FN:B", "TEL;WORK:(030) 22-22-22") + card("FN:C", "TEL:030 3333")
    )
    assert found.column("phone") == ["030 222222", "", "030 3333"]
    assert found.column("note") == ["", "other phone: (030) 22-22-22 (work)", ""]
    assert found.notes == ["1 row with a phone number that an earlier card has: it is in the note"]


def test_what_a_lead_has_no_field_for_is_noted() -> None:
    lines = (
        "FN:A", "ORG:One", "ORG:Two;Sales", "TITLE:Head", "ROLE:boss", "NICKNAME:Al", "URL;TYPE=WORK:http\\://a.example",
        "ADR;TYPE=home:;;1 Main St;Town;;12345;Land", "NOTE:first", "NOTE:second", "BDAY:1980-01-01", "X-SKYPE:al",
    )  # fmt: skip
    assert read(*lines) == {
        "name": "A", "company": "One",
        "note": "first\nsecond\ntitle: Head\nrole: boss\nnickname: Al\nweb: http://a.example\n"
        "address: 1 Main St, Town, 12345, Land\nother company: Two, Sales",
    }  # fmt: skip


def test_photos_are_passed_over_however_they_are_written() -> None:
    photo = ["PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ", " SkZJRgABAQ", "AAAABBBBCCCC", "DDDD==", "", "FN:Ada"]
    assert read(*photo, version="2.1") == {"name": "Ada"}
    assert read("PHOTO;ENCODING=b:not base64 at all!", "FN:Ada") == {"name": "Ada"}
    assert read("PHOTO:data:image/jpeg;base64,AAAA", " BBBB", "FN:Ada", version="4.0") == {"name": "Ada"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_end_as_they_end(end: str) -> None:
    found = Opened(card("FN:Ada", "NOTE:x", " y", end=end) * 2)
    assert found.rows == [["Ada", "", "", "", "xy", "", ""]] * 2
    assert found.lines == [1, 7]


def test_parameters_in_quotes_and_in_lower_case() -> None:
    text = 'begin:vcard\nversion:4.0\nfn;x-a="b:c;d":Ada\nadr;label="1, Main^nTown":;;1 Main;;;;\nend:vcard\n'
    found = Opened(text)
    assert found.column("name") == ["Ada"]
    assert found.column("note") == ["address: 1 Main"]


def test_a_card_within_a_card_is_not_a_lead() -> None:
    inner = ["AGENT:", "BEGIN:VCARD", "FN:Secretary", "END:VCARD"]
    assert read("FN:Ada", *inner, "EMAIL:a@x.org", version="2.1") == {"name": "Ada", "email": "a@x.org"}


def test_a_broken_card_is_told_and_the_others_are_read() -> None:
    text = (
        "BEGIN:VCARD\nFN:one\n"  # no end
        "BEGIN:VCARD\nFN:two\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:three\nrubbish\nEND:VCARD\n"
        "outside\n"
        "BEGIN:VCARD\nFN;CHARSET=nonsense:f\u00fcnf\nEND:VCARD\n"
        "BEGIN:VCARD\nFN:six\n"
    )
    found = Opened(text)
    assert found.column("name") == ["two"]
    assert found.problems == [
        (1, "", "the card that begins here has no END:VCARD"),
        (8, "", '"rubbish" is no line of a vCard: it has no colon'),
        (10, "", "it stands outside of any card"),
        (12, "FN", 'there is no character set "nonsense"'),
        (14, "", "the card that begins here has no END:VCARD"),
    ]


def test_a_value_without_end_fills_no_memory() -> None:
    assert "line 2 does not end" in refused("BEGIN:VCARD\nNOTE:x\n" + (" " + "x" * 1000 + "\n") * 1100)
    assert "NUL" in refused("BEGIN:VCARD\nFN:a" + "x" * 70_000 + "\0\nEND:VCARD\n")


# --- the cards of ez-vcard, which real programs wrote


@pytest.fixture
def cards() -> Path:
    if not REAL:
        pytest.skip("needs FUNNELCTL_REAL_DATA")
    return Path(REAL) / "vcards-ez-vcard"


REAL_CARDS = {  # name, company, e-mail, phone of each card
    "John_Doe_ANDROID.vcf": [
        ("", "", "john.doe@company.com", ""),
        ("", "", "jane.doe@company.com", ""),
        ("Ñ Ñ Ñ Ñ Ñ", "", "", "123456789"),
        ("Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ", "", "", "123456"),
        ("Ñ Ñ Ñ Ñ", "Ñ" * 12, "bob@company.com", ""),  # the number of the card before
        ("ÑÑÑÑ", None, "henry@company.com", "55556666"),
    ],
    "John_Doe_BLACK_BERRY.vcf": [("John Doe", "Acme Solutions", "", "+96123456789")],
    "John_Doe_EVOLUTION.vcf": [("Mr. John Richter, James Doe Sr.", "IBM", "john.doe@ibm.com", "905-666-1234")],
    "John_Doe_GMAIL.vcf": [("Mr. John Richter, James Doe Sr.", "IBM", "john.doe@ibm.com", "905-555-1234")],
    "John_Doe_IPHONE.vcf": [("Mr. John Richter James Doe Sr.", "IBM", "john.doe@ibm.com", "905-555-1234")],
    "John_Doe_MAC_ADDRESS_BOOK.vcf": [("Mr. John Richter,James Doe Sr.", "IBM", "john.doe@ibm.com", "905-777-1234")],
    "gmail-list.vcf": [
        ("Arnold Smith", "", "asmithk@gmail.com", ""),
        ("Chris Beatle", "", "chrisy55d@yahoo.com", ""),
        ("Doug White", "", "dwhite@gmail.com", ""),
    ],
    "gmail-single.vcf": [("Greg Dartmouth", "TheCompany", "gdartmouth@hotmail.com", "555 555 1111")],
    "gmail-single2.vcf": [("VCard Test", "TheCompany", "email@example.com", "5555551115")],
    "issue114.vcf": [("Dummy, Dummy", "Dummy GmbH", "dummy.dummy@dummy.com", "+49 1234 56789")],
    "outlook-2003.vcf": [("John Doe III", "Company, The", "jdoe@hotmail.com", "")],
    "outlook-2007.vcf": [("Mr. Michael Angstadt Jr.", "TheCompany", "mike.angstadt@gmail.com", "(111) 555-4444")],
    "rfc2426-example.vcf": [
        ("Frank Dawson", "Lotus Development Corporation", "Frank_Dawson@Lotus.com", "+1-919-676-9515"),
        ("Tim Howes", "Netscape Communications Corp.", "howes@netscape.com", "+1-415-937-3419"),
    ],
    "rfc6350-example.vcf": [("Simon Perreault", "Viagenie", "simon.perreault@viagenie.ca", "+1-418-656-9254;ext=102")],
}


@pytest.mark.parametrize("name", REAL_CARDS)
def test_cards_of_real_address_books(cards: Path, name: str) -> None:
    found = Opened((cards / name).read_bytes())
    assert found.problems == []
    places = [found.header.index(column) for column in ("name", "company", "email", "phone")]
    rows = [tuple(row[place] for place in places) for row in found.rows]
    for row, expected in zip(rows, REAL_CARDS[name], strict=True):
        assert [one for one, other in zip(row, expected, strict=True) if other is not None] == [
            other for other in expected if other is not None
        ]


def test_details_of_real_cards(cards: Path) -> None:
    [note] = Opened((cards / "outlook-2003.vcf").read_bytes()).column("note")
    assert note.startswith("This is the note field!!\nSecond line\n\nThird line is empty\n")
    assert "address: TheOffice, 123 Main St, Austin, TX, 12345, United States of America\n" in note
    assert "department: TheDepartment\nother phone: BusinessPhone (work)\n" in note
    [note] = Opened((cards / "gmail-single2.vcf").read_bytes()).column("note")
    assert note.count("web: http://www.example") == 6
    assert note.count("other e-mail:") == 4
    assert note.count("other phone:") == 10
    found = Opened((cards / "John_Doe_ANDROID.vcf").read_bytes())
    assert found.column("tags") == ["My Contacts"] * 4 + ["", "My Contacts"]
    assert found.notes == [
        "1 row with a phone number that an earlier card has: it is in the note",
        "1 row with damaged text, which stands as \ufffd: ORG",
    ]
    found = Opened((cards / "John_Doe_EVOLUTION.vcf").read_bytes())
    assert (found.column("key"), found.column("tags")) == (["477343c8e6bf375a9bac1f96a5000837"], ["VIP"])
    [note] = found.column("note")
    assert note.startswith('THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY')
    assert "department: Accounting, Dungeon" in note
