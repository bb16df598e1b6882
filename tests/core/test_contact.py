"""Addresses and numbers: one key for every way of writing the same one, a refusal for what cannot be one."""

from __future__ import annotations

import itertools
import random

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelctl.core.contact import parse_email, parse_phone, parse_region, plain_phones
from funnelctl.errors import Invalid


@pytest.mark.parametrize(
    ("text", "stored", "key"),
    [
        ("ann@example.com", "ann@example.com", "ann@example.com"),
        ("  Ann.Lee+crm@Example.COM\n", "Ann.Lee+crm@Example.COM", "ann.lee+crm@example.com"),
        ("mailto:ann@example.com", "ann@example.com", "ann@example.com"),
        ("MAILTO: ann@example.com", "ann@example.com", "ann@example.com"),
        ("o'brien@example.com", "o'brien@example.com", "o'brien@example.com"),
        ("a@localhost", "a@localhost", "a@localhost"),
        ("ann@münchen.de", "ann@münchen.de", "ann@xn--mnchen-3ya.de"),
        ("ann@XN--MNCHEN-3YA.de", "ann@XN--MNCHEN-3YA.de", "ann@xn--mnchen-3ya.de"),
        ("ann@mu\u0308nchen.de", "ann@münchen.de", "ann@xn--mnchen-3ya.de"),
        ("JOSÉ@example.com", "JOSÉ@example.com", "josé@example.com"),
        ("ann\u200b@example.com", "ann\u200b@example.com", "ann@example.com"),
        ("ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ann@example.com"),
        ("ann@例え.jp", "ann@例え.jp", "ann@xn--r8jz45g.jp"),
    ],
)
def test_an_address(text: str, stored: str, key: str) -> None:
    assert parse_email(text) == (stored, key)


LONGEST = "a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 63, "e" * 63])


def test_the_longest_address() -> None:
    assert parse_email(LONGEST) == (LONGEST, LONGEST)
    with pytest.raises(Invalid, match="is too long"):
        parse_email(f"{LONGEST}.f")


def test_dots_and_tags_tell_mailboxes_apart() -> None:
    written = ["annlee@example.com", "ann.lee@example.com", "annlee+a@example.com"]
    assert len({parse_email(text)[1] for text in written}) == 3


@pytest.mark.parametrize(
    "text",
    [
        *("ann", "@", "ann@", "@example.com", "ann@example.com@example.com", "a＠b@c", "mailto:"),
        *("ann lee@example.com", "ann@exam ple.com", "a@b.com, c@d.com", "a@b.com;c@d.com", '"ann"@b.com'),
        *("ann@b..com", "ann@.com", "ann@b.com.", "ann@b\tc", "a\nn@b.com", "a\u00a0n@b.com", "“ann”@b.com"),
        *("a\x00n@b.com", "a\x1bn@b.com", "a\x7fn@b.com", "a\x9bn@b.com", "a\udce9@b.com", "<ann@b.com"),
        *("a" * 65 + "@b.com", "a@" + "b" * 64 + ".com", "a@" + "é" * 64 + ".com", "a@" + "b." * 128 + "com"),
        *("a@" + "é" * 300, "", " ", "\u200b", "a@\u200b", "\u200b@b"),
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_email(text)
    assert refused.value.hint


def test_a_name_with_an_address_says_what_to_give() -> None:
    with pytest.raises(Invalid, match="is a name and an address") as refused:
        parse_email("Ann Lee <ann@example.com>")
    assert "between < and >" in refused.value.hint


@given(st.text() | st.text("aÉß@.。＠-+\u200b\u0301ü<x", max_size=12) | st.emails())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        stored, key = parse_email(text)
    except Invalid:
        return
    assert key.count("@") == 1
    assert key.partition("@")[2].isascii()
    assert parse_email(stored) == (stored, key)
    assert parse_email(key)[1] == key


@given(st.emails())
def test_case_and_space_make_no_difference(text: str) -> None:
    try:
        key = parse_email(text)[1]
    except Invalid:  # quoted local parts are refused
        return
    assert parse_email(f" {text.upper()} ")[1] == key


@pytest.mark.parametrize(
    "text",
    [
        *("+49 30 1234567", "+49301234567", "+49 (30) 123-45.67", "(+49) 30/1234567", "+49 (0)30 1234567"),
        *(
            "0049 30 1234567",
            "00 49 (30) 1234567",
            "+49\u00a030\u00a01234567",
            "+49 30\u20111234567",
            "tel:+49-30-1234567",
        ),
        *("＋４９ ３０ １２３４５６７", "+49 30 \u200b1234567"),
    ],
)
@pytest.mark.parametrize("region", [None, "DE", "US"])
def test_every_way_to_write_an_international_number_has_one_key(text: str, region: str | None) -> None:
    assert parse_phone(text, region) == (text.strip(), "+49301234567")


@pytest.mark.parametrize(
    ("text", "region", "key"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("(030) 123 45 67", "DE", "+49301234567"),
        ("555-010-9999", "US", "+15550109999"),
        ("1 555 010 9999", "US", "+15550109999"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("0812-3456-7890", "ID", "+6281234567890"),
        ("06 698 1234", "IT", "+39066981234"),
        ("011 49 30 1234567", "US", "+49301234567"),
        ("0011 49 30 1234567", "AU", "+49301234567"),
        ("+1 555 010 9999", "DE", "+15550109999"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
    ],
)
def test_a_number_of_a_region(text: str, region: str, key: str) -> None:
    assert parse_phone(text, region) == (text, key)


@pytest.mark.parametrize("text", ["555 0199", "555.0199", "555-0199", "(555) 0199", "5550199"])
@pytest.mark.parametrize("region", [None, "US", "ZZ"])
def test_a_number_that_no_region_completes_is_compared_by_its_digits(text: str, region: str | None) -> None:
    assert parse_phone(text, region) == (text, "local:5550199")


@pytest.mark.parametrize(
    "end",
    ["x12", " x 12", " ext 12", " ext. 12", " Ext.:12", ", ext. 12", " extension 12", ";ext=12", " #12"],
)
def test_an_extension_is_part_of_the_key(end: str) -> None:
    assert parse_phone(f"555-010-9999{end}", "US")[1] == "+15550109999;ext=12"
    assert parse_phone(f"5550199{end}", None)[1] == "local:5550199;ext=12"


@pytest.mark.parametrize(
    "text",
    [
        *("", "1234", "+", "----", "+1", "12-34", "call me", "1-800-FLOWERS", "555 010 9999 or 555 010 9998"),
        *(
            "030 1234567, 0171 1234567",
            "555-010-9999 ext",
            "555-010-9999 x",
            "x12345678",
            "5550199 ext 12345678",
        ),
        *(
            "+999 1234567890",
            "+49 3",
            "+49 30 12345678901234567890",
            "00",
            "0000000000",
            "+49+3012345",
            "++49301234567",
            "30 +49123456",
        ),
        *("ann@example.com", "5550199\x1b[0m!", "5" * 61, "5550199\0", "5550199 ext 1-2", "5550199,12"),
    ],
)
@pytest.mark.parametrize("region", [None, "US"])
def test_what_is_no_number(text: str, region: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        parse_phone(text, region)
    assert refused.value.hint


@given(
    st.text() | st.text("0123456789+-.()/ xext#٣", max_size=20),
    st.sampled_from([None, "DE", "US", "ID", "IT", "AU"]),
)
def test_any_text_is_a_number_or_refused(text: str, region: str | None) -> None:
    try:
        stored, key = parse_phone(text, region)
    except Invalid:
        return
    number, _, extension = key.partition(";ext=")
    assert number.removeprefix("local:").removeprefix("+").isdigit()
    assert number.startswith(("+", "local:"))
    assert not extension or extension.isdigit()
    assert key.isascii()
    assert parse_phone(stored, region) == (stored, key)


@given(
    st.integers(10**6, 10**9),
    st.lists(st.sampled_from([" ", "-", ".", "/", " - "]), min_size=10, max_size=10),
)
def test_separators_make_no_difference(number: int, separators: list[str]) -> None:
    written = "".join(digit + separator for digit, separator in zip(str(number), separators, strict=False))
    assert parse_phone(written, None)[1] == f"local:{number}"


def test_the_shortest_number_and_the_longest_extension() -> None:
    assert parse_phone("1-23-45", None) == ("1-23-45", "local:12345")
    assert parse_phone("12345 x1234567", None)[1] == "local:12345;ext=1234567"


def test_a_region() -> None:
    assert parse_region(" de ") == "DE"
    assert parse_region("GB") == "GB"


@pytest.mark.parametrize("text", ["", "UK", "DEU", "ZZ", "001", "49", "Ｄ\uff25"])
def test_what_is_no_region(text: str) -> None:
    with pytest.raises(Invalid, match="is not a region"):
        parse_region(text)


def _as_the_library_reads(digits: str) -> str | None:
    """The key of an international number by phonenumbers alone."""
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
@settings(max_examples=15, deadline=None)
@given(national=st.from_regex(r"[0189]?[0-9]{2,15}", fullmatch=True), gap=st.integers(1, 4), trunk=st.booleans())
def test_the_short_way_to_an_international_number_is_that_of_the_library(
    code: int, national: str, gap: int, trunk: bool
) -> None:
    typed = f"+{code} {'(0)' if trunk else ''}{national[:gap]}-{national[gap:]}"
    expected = _as_the_library_reads("".join(filter(str.isdigit, typed)))
    try:
        key = parse_phone(typed, None)[1]
    except Invalid:
        key = None
    if sum(map(str.isdigit, typed)) >= 5:
        assert key == expected


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_the_numbers_of_every_country_are_read_as_by_the_library(region: str) -> None:
    for kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE):
        example = phonenumbers.example_number_for_type(region, kind)
        if example is not None:
            typed = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
            assert parse_phone(typed, None)[1] == _as_the_library_reads("".join(filter(str.isdigit, typed)))


@given(
    st.lists(
        st.one_of(
            st.from_regex(r"[+]?[0-9]{1,4}[ ./()-]?[0-9]{0,4}[ -]?[0-9]{0,7}", fullmatch=True),
            st.from_regex(r"[+](34|49|44|1|62|39|7)[ ]?[0-9 ]{6,13}", fullmatch=True),
            st.sampled_from(["", " ", "-", "+34 612 345 678", " +49 30 1234567 ", "+44 (0)20 7946 0000", "+", "+34"]),
            st.text(max_size=12),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=500)
def test_a_column_of_plain_numbers_is_read_as_each_of_them(texts: list[str]) -> None:
    together = plain_phones(texts, None) if all(text.isascii() and text.isprintable() for text in texts) else None
    if together is not None:
        each = [parse_phone(text, None) if text.strip() else (None, None) for text in texts]
        assert list(zip(*together, strict=True)) == each


def test_plain_numbers_are_read_together() -> None:
    assert plain_phones(["+34 612 345 678", "", "+49 (30) 123-4567"], None) == (
        ["+34 612 345 678", None, "+49 (30) 123-4567"],
        ["+34612345678", None, "+49301234567"],
    )
    assert plain_phones(["+34 612 345 678", "612 345 678"], None) is None


@pytest.mark.parametrize("code", sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
def test_a_number_among_others_is_read_as_by_itself(code: int) -> None:
    """Whatever its length, and with whatever is dialled before it within its country."""
    for length, beginning in itertools.product(range(2, 18), ("0", "1", "06", "8", "00", "2", "9")):
        number = f"+{code}{(beginning + '123456789' * 2)[:length]}"
        alone = plain_phones([number], None)
        assert alone is None or list(zip(*alone, strict=True)) == [parse_phone(number, None)]
        others = ["+34 612 345 678", "+1 202 555 0100", "+49 30 123456"]
        for texts in (["+34 612 345 678", number, "", number], [number, *others], [*others, number]):
            together = plain_phones(texts, None)
            assert (together is None) == (alone is None)
            if together and alone:
                assert list(zip(*together, strict=True))[texts.index(number)] == (alone[0][0], alone[1][0])


def _dialled_in(digits: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    whole = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if whole else None


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_a_number_that_is_dialled_within_its_country_is_read_as_by_the_library(region: str) -> None:
    """Together with others or by itself, whole or not, with what is dialled before it or without."""
    chance = random.Random(region)
    rules = phonenumbers.PhoneMetadata.metadata_for_region(region)
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in range(11)]
    numbers = {str(example.national_number) for example in examples if example}
    numbers |= {"".join(chance.choices("0123456789", k=length)) for length in range(5, 14)}
    for before in ("", "0", "1", rules.national_prefix or "8", str(rules.country_code)):
        for digits in sorted(f"{before}{number}"[:length] for number in numbers for length in (9, 10, 15)):
            if digits.startswith("00") or len(digits) < 5:
                continue
            expected = _dialled_in(digits, region)
            assert parse_phone(digits, region)[1] == (expected or f"local:{digits}")
            assert plain_phones([digits], region) in (None, ([digits], [expected]))


def test_plain_numbers_of_a_country_are_read_together() -> None:
    assert plain_phones(["600 000 001", "+34 600 000 002", ""], "ES") == (
        ["600 000 001", "+34 600 000 002", None],
        ["+34600000001", "+34600000002", None],
    )
    assert plain_phones(["030 123456", "(030) 12-34"], "DE") == (
        ["030 123456", "(030) 12-34"],
        ["+4930123456", "+49301234"],
    )
    assert plain_phones(["030 123456"], "IT") == (["030 123456"], ["+39030123456"])  # where the 0 is part of it
    assert plain_phones(["600 000 001", "12"], "ES") is None
