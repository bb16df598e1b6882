"""Text as people type it: as it is kept, as it is found, and as a terminal may see it."""

from __future__ import annotations

import unicodedata

from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

LINE = 500  # characters of a name, a title, a company
LONG = 1_000_000  # characters of a note: a cell of 200 KiB fits, a file without end does not
TAG_LIMIT = 60
QUOTE_LIMIT = 60  # characters of a value that a message repeats
SOUGHT_LIMIT = 10_000  # characters of a text that is looked for: SQLite refuses a pattern of more than 50,000 bytes
NO_TAGS = "[]"

_UNKNOWN = "\ufffd"
_PLAIN = bytes(range(ord(" "), ord("~") + 1))
# Of UTF-8, all but the bytes with which their letters begin.
_NEITHER_GREEK_NOR_CYRILLIC = bytes(set(range(0x100)) - set(range(0xCD, 0xD5)))
# What moves the cursor, hides, or turns the direction of what follows. The zero-width joiner (200D) is not
# among them: emoji are made with it.
_HARMFUL: dict[int, str] = dict.fromkeys(
    (
        *range(0x20),
        *range(0x7F, 0xA0),
        0x061C,
        *(0x200B, 0x200C, 0x200E, 0x200F),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ),
    _UNKNOWN,
)
_HARMFUL[0x09] = " "


def are_plain(texts: str) -> bool:
    """Whether texts that were joined to this one hold nothing but printable ASCII."""
    # A seventh of the time that isprintable takes, which asks for each character what Unicode says of it.
    return texts.isascii() and not texts.encode().translate(None, _PLAIN)


def are_tidy(texts: str) -> bool:
    """Whether texts that were joined to this one are stored as they are, but for the spaces around them."""
    return are_plain(texts) or (texts.isprintable() and unicodedata.is_normalized("NFC", texts))


def fold(text: str) -> str:
    """The key under which ``text`` is compared and found: equal for every way of typing the same name.

    Case, accents as one or two characters, full-width letters, control and zero-width characters and the
    width of spaces make no difference; accents themselves do. Folding a key again leaves it as it is.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    return " ".join(_folded("".join([char for char in text if char.isprintable() or not _is_ignored(char)])).split())


def fold_all(texts: Iterable[str]) -> list[str] | None:
    """The keys of texts of printable characters, made together, which takes a tenth of the time; ``None`` where the
    spaces in any of them are to be settled one by one."""
    lines = "\n".join(("", *texts, ""))
    keys = lines.lower() if lines.isascii() else _folded(lines)
    if "  " in keys or " \n" in keys or "\n " in keys:
        return None
    return keys.split("\n")[1:-1]


def tidy(text: str, what: str, limit: int = LINE) -> str:
    """``text`` as it will be stored: composed (NFC), without space around it. ``what`` is a noun: ``"name"``.

    Control and direction characters are kept, for nothing that was typed may be lost; ``clean`` shows them
    harmlessly.

    Raises ``Invalid`` where nothing visible is there, where it is longer than ``limit`` characters, and where
    it holds what cannot be stored: a NUL or half a surrogate pair (bytes that are no UTF-8).
    """
    if not text.isascii():
        text = _composed(text, what)
    text = text.strip()
    if not text or (not text.isprintable() and not fold(text)):
        raise Invalid(f"the {what} is empty", "give it some text, or leave it out")
    if len(text) > limit:
        raise Invalid(f"the {what} has {len(text)} characters, at most {limit} fit", "shorten it")
    if "\0" in text:
        raise Invalid(f"the {what} holds a NUL character", "remove it; was this a binary file?")
    return text


def tidy_optional(text: str | None, what: str, limit: int = LINE) -> str | None:
    """As ``tidy``; ``None`` where there is no text or only space."""
    if text is None or not text.strip():
        return None
    return tidy(text, what, limit)


def clean(text: str, newline: str = "⏎") -> str:
    """``text`` as a terminal may see it: U+FFFD for what could control it, ``newline`` for a line break."""
    if text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    return newline.join([line if line.isprintable() else _harmless(line) for line in lines])


def quoted(text: str) -> str:
    """A value as a message repeats it: harmless, in quotation marks, at most 60 characters."""
    if len(text) > QUOTE_LIMIT:
        text = text[: QUOTE_LIMIT - 1] + "…"
    return f'"{clean(text)}"'


def mixes_alphabets(text: str) -> bool:
    """Whether a word of ``text`` has Latin letters beside Greek or Cyrillic ones, many of which look the same: whoever
    types it again with one alphabet writes another name. Words that are wholly of one are as they should be."""
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _NEITHER_GREEK_NOR_CYRILLIC):
        return False
    return any(len({found for char in word if (found := _alphabet(char))}) > 1 for word in text.split())


def slug_ok(text: str) -> bool:
    """Whether ``text`` may be a key in a funnel: at most 40 of ``a-z0-9``, single hyphens between them."""
    return (
        len(text) <= 40 and text.isascii() and text == text.lower() and all(part.isalnum() for part in text.split("-"))
    )


def tags_of(texts: Iterable[str]) -> str:
    """Tags as they are stored: a JSON list, sorted, each tag once in the spelling that came first.

    Raises ``Invalid`` for a tag that is empty, longer than 60 characters or holds a comma (imports split at
    commas).
    """
    tags: dict[str, str] = {}
    for text in texts:
        tag = tidy(text, "tag", TAG_LIMIT)
        if "," in tag:
            raise Invalid(f"a tag holds no comma: {quoted(tag)}", "give each tag by itself")
        tags.setdefault(fold(tag), tag)
    if not tags:
        return NO_TAGS
    import json

    return json.dumps([tags[key] for key in sorted(tags)], ensure_ascii=False)


def tags_in(stored: str) -> tuple[str, ...]:
    """The tags in what ``tags_of`` made."""
    if stored == NO_TAGS:
        return ()
    import json

    return tuple(json.loads(stored))


def parts_like(text: str) -> str:
    r"""The pattern that finds ``text`` anywhere in a column, for ``LIKE ? ESCAPE '\'``.

    Raises ``Invalid`` for what is too long to be looked for.
    """
    if len(text) > SOUGHT_LIMIT:
        raise Invalid(f"a text of {len(text):,} characters is too long to be looked for", "a part of it will do")
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _folded(visible: str) -> str:
    # Case folding can leave a form that is not normal, such as the small letters of an iota subscript.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())


def _alphabet(char: str) -> str | None:
    """Of those whose letters are taken for one another."""
    if char.isalpha():
        for first, last, name in (
            ("A", "\u024f", "Latin"),
            ("\u0370", "\u03ff", "Greek"),
            ("\u0400", "\u052f", "Cyrillic"),
        ):
            if first <= char <= last:
                return name
    return None


def _is_ignored(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf") and not char.isspace()


def _composed(text: str, what: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid(f"the {what} holds bytes that are no text", "give it in UTF-8") from None
    return unicodedata.normalize("NFC", text)


def _harmless(line: str) -> str:
    line = line.translate(_HARMFUL)
    if line.isprintable():
        return line
    return "".join([_UNKNOWN if "\ud800" <= char <= "\udfff" else char for char in line])
