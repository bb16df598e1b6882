"""The lines of a vCard: unfolded, divided and decoded, for versions 2.1, 3.0 and 4.0 together.

No kept library reads what address books really write without losing some of it. vobject cuts a name at a comma that
was not escaped, leaves ``http\\://`` as it is, and gives up a whole file for one broken photo. icalendar undoes escapes
before it is known which commas divide, and keeps one of several ``TYPE``. What is hard in it is in the standard
library: quoted-printable.
"""

from __future__ import annotations

from contextlib import suppress

from funnelctl.core.importing.encoding import codec_named
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

LARGEST_VALUE = 1 << 20  # characters
_DATA = ("BASE64", "ENCODING=B")  # how photos and keys are written


class ContentLine(NamedTuple):
    """``NAME;PARAM=value:value``, with the 1-based line on which it starts. Names are in capitals and without a group
    (``item1.``); a parameter without a name, as version 2.1 writes it, is a ``TYPE``. ``raw`` is not decoded yet."""

    line: int
    name: str
    params: dict[str, list[str]]
    raw: str

    @property
    def types(self) -> set[str]:
        """What kind of address it is, in capitals: ``HOME``, ``CELL``, ``PREF`` ..."""
        return {one.upper() for value in self.params.get("TYPE", ()) for one in value.split(",")}


def unfolded(lines: Iterable[str], wanted: Collection[str], name: str) -> Iterator[tuple[int, str]]:
    """Each content line with the number of its first line. Of what is not ``wanted`` by its name only the beginning is
    given: photos are long. ``name`` is how messages call the file.

    Raises ``BadData`` for a value that never ends.
    """
    start, parts, size = 0, [""], 0
    soft = keep = data = False
    for number, ended in enumerate(lines, 1):
        line = ended.rstrip("\r\n")
        if soft:
            continued = line
            parts[-1] = parts[-1].removesuffix("=")
            soft = line.endswith("=")
        elif start and line[:1] in (" ", "\t"):
            continued = line[1:]
        elif data and line and ":" not in line:
            continue  # base64 that is not folded, as some telephones write it
        else:
            if start:
                yield start, "".join(parts)
            start, parts, size = (number, [line], len(line)) if line.strip() else (0, [""], 0)
            head = line.partition(":")[0].upper()
            keep = head.partition(";")[0].rpartition(".")[2] in wanted
            soft = "QUOTED-PRINTABLE" in head and line.endswith("=")
            data = any(sign in head for sign in _DATA)
            continue
        size += len(continued)
        if keep or soft:
            parts.append(continued)
        if keep and size > LARGEST_VALUE:
            raise BadData(f"{name}: line {start:,} does not end; nothing was saved", "was the file cut or edited?")
    if start:
        yield start, "".join(parts)


def content_line(line: int, text: str) -> ContentLine:
    """The parts of an unfolded line. Raises ``Invalid`` where it has no value."""
    import re

    divided = re.fullmatch(r'((?:[^":]|"[^"]*")*):(.*)', text, re.DOTALL)
    head, value = divided.groups() if divided else text.partition(":")[::2]
    if ":" not in text:
        raise Invalid(f"{quoted(text)} is no line of a vCard: it has no colon", "was the file cut or edited?")
    name, *params = re.findall(r'(?:[^";]|"[^"]*"?)+', head) or [""]
    found: dict[str, list[str]] = {}
    for param in params:
        key, equals, said = param.partition("=")
        bare = "ENCODING" if key.upper() in ("QUOTED-PRINTABLE", "BASE64") else "TYPE"
        values = re.findall(r'"([^"]*)"|([^",]+)', said if equals else key)
        found.setdefault(key.strip().upper() if equals else bare, []).extend(one or other for one, other in values)
    return ContentLine(line, name.strip().rpartition(".")[2].upper(), found, value)


def decoded(one: ContentLine, encoding: str, version: str) -> tuple[str, bool]:
    """The value as text, its escapes still in it, and whether it is whole: bytes that are not in the character set
    that the line itself names are damaged, and stand as U+FFFD. ``encoding`` is that of the file, whose undecodable
    bytes are in the value as surrogates. A card of ``version`` 4.0 is UTF-8 whatever stands beside it.

    Raises ``Invalid`` for a character set that there is not, and for bytes that are not in that of the file.
    """
    import codecs
    from quopri import decodestring

    named = (one.params.get("CHARSET") or [""])[-1]
    printable = any(value.upper() == "QUOTED-PRINTABLE" for value in one.params.get("ENCODING", ()))
    if not printable and one.raw.isascii():
        return one.raw, True
    data = one.raw.encode(encoding, "surrogateescape")
    codec = _codec(named) if named else encoding
    data = decodestring(data) if printable else data
    for tried in ("utf-8", codec) if version == "4.0" and not encoding.startswith("utf") else (codec,):
        with suppress(UnicodeError):
            return codecs.decode(data, tried), True
    if named and printable:
        return codecs.decode(data, codec, "replace"), False
    raise Invalid(f"it is not {codec.upper()} text", "say how the file is encoded: --encoding cp1252")


def divided(value: str, sign: str) -> list[str]:
    """The pieces of a value between the ``sign`` that are not escaped, each without its escapes."""
    import re

    pieces = [""]
    for part in re.findall(rf"{sign}|(?:[^{sign}\\]|\\.|\\\Z)+", value, re.DOTALL):
        if part == sign:
            pieces.append("")
        else:
            pieces[-1] = unescaped(part)
    return pieces


def unescaped(value: str) -> str:
    """A text without its escapes: ``\\n`` is a new line, and a sign behind ``\\`` is itself."""
    import re

    def plain(found: re.Match[str]) -> str:
        char = found.group(1)
        return "\n" if char in "nN" else char if not char.isalnum() else found.group()

    return re.sub(r"\\(.)", plain, value, flags=re.DOTALL) if "\\" in value else value


def _codec(charset: str) -> str:
    if (found := codec_named(charset)) is None:
        raise Invalid(f"there is no character set {quoted(charset)}", "correct the line, or leave it out")
    return found
