"""E-mail addresses and telephone numbers: as they are kept, and recognised when written another way."""

from __future__ import annotations

import unicodedata
from contextlib import suppress

from funnelctl.core.text import fold, quoted, tidy
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from phonenumbers import PhoneNumber

EMAIL_HINT = "write it as name@example.com"
PHONE_HINT = "write it with its country code: +49 30 1234567"

PHONE_LIMIT = 60  # characters
FEWEST_DIGITS = 5  # of a telephone number
_NOT_IN_EMAIL = frozenset(' ,;<>"“”')
_PHONE_SIGNS = frozenset("+-.()/ ‐–—−ー")
_WITHOUT_SIGNS = str.maketrans("", "", "-.()/ ")
_EXTENSION_MARKS = frozenset(("x", "ext", "extn", "extension", "#"))


def parse_email(text: str) -> tuple[str, str]:
    """An address as it is stored, and its key.

    Space around it and a leading ``mailto:`` are dropped. There must be exactly one ``@``; before it at most
    64 characters, after it a domain of at most 255 in labels of at most 63, neither empty; no space, control
    character, comma, semicolon, angle bracket or double quote. The key is the whole address in NFKC,
    case-folded, without format characters, a domain that is not ASCII in its ``xn--`` form. Dots and
    ``+tags`` before the ``@`` are kept: two mailboxes may differ by them. Raises ``Invalid`` for everything
    else, ``Name <a@b>`` included.
    """
    stored = text.strip()
    if stored[:7].lower() == "mailto:":
        stored = stored[7:].strip()
    if stored and stored.isascii() and stored.isprintable():  # nearly all, and quick
        key = stored.lower()
    else:
        stored, key = _unusual(stored)
    local, _, domain = key.partition("@")
    if "<" in local and domain.endswith(">"):
        raise Invalid(f"{quoted(stored)} is a name and an address", "give only what is between < and >")
    if not local or not domain or "@" in domain:
        raise Invalid(f"{quoted(stored)} is not an e-mail address", EMAIL_HINT)
    if not _NOT_IN_EMAIL.isdisjoint(key):
        raise Invalid(f"{quoted(stored)} holds what an e-mail address may not hold", EMAIL_HINT)
    if not domain.isascii() and len(domain) <= 255:
        domain = _ascii_domain(domain, stored)
    if len(local) > 64 or len(domain) > 255:
        raise Invalid(f"{quoted(stored)} is too long for an e-mail address", EMAIL_HINT)
    labels = domain.split(".")
    if not all(labels) or max(map(len, labels)) > 63:
        raise Invalid(f"{quoted(stored)} has no proper domain", EMAIL_HINT)
    return stored, f"{local}@{domain}"


def parse_phone(text: str, region: str | None) -> tuple[str, str]:
    """A number as it is stored (as typed), and its key.

    The key is the number in E.164, ``+493012345678``, and ``;ext=12`` where there is an extension. A number
    with ``+`` or ``00`` is read as an international one; any other is read as one of ``region`` (ISO 3166),
    and where there is no region or the number is not complete there, the key is ``local:`` and its digits.
    Raises ``Invalid`` for fewer than 5 digits, for letters other than those of an extension, and for an
    international number that cannot exist.
    """
    stored = tidy(text, "phone", PHONE_LIMIT)
    key = stored.translate(_WITHOUT_SIGNS)
    if key.isascii() and key.isprintable():
        line = _with_country(f"{key}\n", region)
        if _are_international(line):
            return stored, line[:-1]
    typed = fold(stored).removeprefix("tel:").strip()
    number, extension = _without_extension(typed, stored)
    digits = "".join([str(int(char)) for char in number if char.isdecimal()])
    if len(digits) < FEWEST_DIGITS:
        raise Invalid(f"{quoted(stored)} has too few digits for a telephone number", PHONE_HINT)
    return stored, _number_key(number, digits, region, stored) + (f";ext={extension}" if extension else "")


def parse_region(text: str) -> str:
    """A country or territory with telephone numbers of its own, as ISO 3166 alpha-2 in capitals: ``DE``."""
    from phonenumbers import SUPPORTED_REGIONS

    region = text.strip().upper()
    if region not in SUPPORTED_REGIONS:
        raise Invalid(f"{quoted(text)} is not a region", "give two letters of ISO 3166: DE, ES, ID, GB, US")
    return region


def _unusual(text: str) -> tuple[str, str]:
    """An address beyond ASCII as it is stored, and folded."""
    stored = tidy(text, "e-mail", 320)
    if any(unicodedata.category(char) == "Cc" for char in stored):
        raise Invalid(f"{quoted(stored)} holds what an e-mail address may not hold", EMAIL_HINT)
    return stored, fold(stored)


def email_in(name: str) -> tuple[str, str] | None:
    """The e-mail that a name is itself, with its key; without a dot behind the ``@`` it may be what people call
    themselves."""
    if "." in name.partition("@")[2]:
        with suppress(Invalid):
            return parse_email(name)
    return None


def called_by_email(
    name: str | None, email: tuple[str | None, str | None]
) -> tuple[str | None, tuple[str | None, str | None]]:
    """A name, and an e-mail with its key. A name that is an e-mail itself is none, where nothing else is the e-mail."""
    found = email_in(name) if name and email[0] is None else None
    return (None, found) if found else (name, email)


def _ascii_domain(domain: str, stored: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise Invalid(f"{quoted(stored)} has no proper domain", EMAIL_HINT) from None


def _without_extension(typed: str, stored: str) -> tuple[str, str]:
    """The number proper, and the digits of its extension."""
    end = next((place for place, char in enumerate(typed) if not _is_of_number(char)), len(typed))
    number, rest = typed[:end], typed[end:]
    mark = rest.rstrip("0123456789")
    extension = rest[len(mark) :]
    if rest and (mark.strip(" ,;.:=") not in _EXTENSION_MARKS or not 1 <= len(extension) <= 7):
        raise Invalid(f"{quoted(stored)} is not a telephone number", PHONE_HINT)
    if "+" in number.lstrip("( ")[1:]:
        raise Invalid(f"{quoted(stored)} is not one telephone number", PHONE_HINT)
    return number, extension


def _is_of_number(char: str) -> bool:
    return char in _PHONE_SIGNS or char.isdecimal()


def _number_key(number: str, digits: str, region: str | None, stored: str) -> str:
    if number.lstrip("( ").startswith("+"):
        key = _possible(f"+{digits}", None)
    elif digits.startswith("00"):
        key = _dialled_abroad(digits, region) or _possible(f"+{digits[2:]}", None)
    else:
        key = (_possible(digits, region) if region else None) or f"local:{digits}"
    if key is None:
        raise Invalid(f"{quoted(stored)} is not a possible telephone number", PHONE_HINT)
    return key


def plain_phones(texts: Sequence[str], region: str | None) -> tuple[list[str | None], list[str | None]] | None:
    """Numbers of which nothing but signs has to go, as ``parse_phone`` gives them, and their keys; twice ``None`` for
    an empty text. ``texts`` are of printable ASCII. ``None`` where it takes the library to tell of any: that gives the
    same answers at thirty times the cost, which an import pays for every row."""
    if max(map(len, texts)) > PHONE_LIMIT:
        return None
    lines = _with_country("\n".join((*texts, "")).translate(_WITHOUT_SIGNS), region)
    if not _are_international(lines.lstrip("\n")):
        return None
    keys = lines.split("\n")[:-1]
    if any(text and not text.isspace() for text, key in zip(texts, keys, strict=True) if not key):
        return None
    return [text.strip() or None for text in texts], [key or None for key in keys]


def _with_country(keys: str, region: str | None) -> str:
    """The same keys, a line each, with the country's code in front of those that are whole numbers of ``region``."""
    if region is None:
        return keys
    if region not in _nationals:
        _nationals[region] = _nationals_of(region)
    nationals = _nationals[region]
    return nationals[0].sub(nationals[1], keys) if nationals else keys


_nationals: dict[str, tuple[re.Pattern[str], str] | None] = {}  # by their region, and what each becomes


def _nationals_of(region: str) -> tuple[re.Pattern[str], str] | None:
    """The pattern of a number of ``region`` as it is dialled there, wherever that can be told from its digits alone,
    and what it becomes. ``None`` where numbers are changed by more than taking digits from before them."""
    import re

    from phonenumbers import PhoneMetadata

    rules = PhoneMetadata.metadata_for_region(region)
    if rules is None or rules.general_desc is None or rules.national_prefix_transform_rule:
        return None
    trunk, code = rules.national_prefix_for_parsing or "", rules.country_code
    if trunk and not trunk.isdigit():
        return None
    lengths = "|".join(f"[0-9]{{{length}}}" for length in rules.general_desc.possible_length if length >= FEWEST_DIGITS)
    # Left to the library: what may be dialled abroad, what may have the country's code without its sign, and digits
    # before a number that may be its own.
    begins = rf"(?!00|{code}|{rules.international_prefix})"
    if trunk:
        begins += rf"(?:(?!{trunk})|(?!(?:{rules.general_desc.national_number_pattern})$){trunk})"
    return re.compile(rf"^{begins}({lengths})$", re.MULTILINE), rf"+{code}\1"


def _are_international(keys: str) -> bool:
    """Whether these are numbers with their country's code, each with a line break behind it, and nothing that is
    dialled within a country only. Behind the first of them there may be empty lines."""
    place = 0
    while place < len(keys):
        first = keys[place + 1 : place + 4]
        if keys[place] != "+" or not first.isdigit():
            return False
        if first not in _numbers:
            _numbers[first] = _numbers_of(first)
        numbers = _numbers[first]
        run = numbers and numbers.match(keys, place)
        if not run:
            return False
        place = run.end()
    return True


_numbers: dict[str, re.Pattern[str] | None] = {}  # of a country, by their first three digits


def _numbers_of(first: str) -> re.Pattern[str] | None:
    """The pattern of one or more numbers of the country with whose code ``first`` begins, a line each: as many digits
    as there may be, and not before them what is dialled within the country, which is no part of them. ``None`` where
    there is no such code."""
    import re

    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    codes = [int(first[:length]) for length in (1, 2, 3)]
    number = next((code for code in codes if code in COUNTRY_CODE_TO_REGION_CODE), None)
    if first.startswith("0") or number is None:
        return None
    region = COUNTRY_CODE_TO_REGION_CODE[number][0]
    if region == "001":  # of no country, such as freephone numbers of the world
        rules = PhoneMetadata.metadata_for_nongeo_region(number)
    else:
        rules = PhoneMetadata.metadata_for_region(region)
    if rules is None or rules.general_desc is None:
        return None
    lengths, trunk = rules.general_desc.possible_length, rules.national_prefix_for_parsing
    few, most = min(lengths), max(lengths)
    never = [rf"[0-9]{{{length}}}\n" for length in range(few, most) if length not in lengths]
    never += [trunk] if trunk else []
    not_these = f"(?!{'|'.join(never)})" if never else ""
    return re.compile(rf"(?:\+{number}{not_these}[0-9]{{{few},{most}}}\n+)+", re.MULTILINE)


def _dialled_abroad(digits: str, region: str | None) -> str | None:
    """The key of a number as ``region`` dials it abroad: Australia's ``0011`` is not ``00`` and 11."""
    from phonenumbers import CountryCodeSource, NumberParseException, parse

    try:
        number = parse(digits, region, keep_raw_input=True)
    except NumberParseException:
        return None
    dialled = number.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD
    return _e164(number) if dialled else None


def _possible(digits: str, region: str | None) -> str | None:
    from phonenumbers import NumberParseException, ValidationResult, is_possible_number_with_reason, parse

    try:
        number = parse(digits, region)
    except NumberParseException:
        return None
    # Without its area code a national number is not yet one of the world's.
    if region and is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return None
    return _e164(number)


def _e164(number: PhoneNumber) -> str | None:
    from phonenumbers import PhoneNumberFormat, format_number, is_possible_number

    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else None
