"""From the first bytes of a file to how its text is encoded; and what is no text at all is refused by its name."""

from __future__ import annotations

from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

HEAD = 64 * 1024  # bytes that are looked at before reading starts
FEWEST_IN_UTF16 = 20  # of so many bytes at least one is NUL, wherever there are names of columns and numbers

_MARKS = (  # UTF-32 before UTF-16, whose mark it starts with
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_EXPORT = "export the table itself as CSV"
_NO_TEXT = (
    (
        b"\xd0\xcf\x11\xe0", "an old Excel workbook or Word document, or one with a password",
        "save the table as .xlsx without a password, or as CSV",
    ),
    (b"%PDF", "a PDF", _EXPORT),
    (b"\x1f\x8b", "compressed", "decompress it: gunzip -c FILE | funnelctl import - ..."),
    *((sign, "compressed", "decompress it first") for sign in (b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")),
    *((sign, "an archive", "unpack it, and import the file that is in it") for sign in (b"7z\xbc\xaf", b"Rar!\x1a")),
    (b"SQLite format 3", "a SQLite database", "export a table of it as CSV"),
    *((sign, "a picture", _EXPORT) for sign in (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")),
    (b"{\\rtf", "a document (RTF)", _EXPORT),
    (b"%!PS", "a document (PostScript)", _EXPORT),
    (b"BEGIN:VCALENDAR", "a calendar", "it holds no people, and no sales: export these as CSV or vCard"),
)  # fmt: skip
_PAGE = ("<!doctype", "<html", "<?xml", "<head", "<meta", "<body", "<table", "<div", "<script", "<style", "<!--")


def encoding_of(head: bytes, name: str, declared: str | None) -> str:
    """The encoding of a file that starts with ``head``: as declared, else as its mark says, else UTF-8.

    Raises ``BadData`` for what holds no rows of text: nothing, an archive, a PDF, a web page, binary data. ``Invalid``
    for a declared encoding that there is not.
    """
    for start, what, hint in _NO_TEXT:
        if head.startswith(start):
            raise BadData(f"{name} is {what}; nothing was saved", hint)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)
    encoding = _known(declared) if declared else "utf-8"
    family = "-".join(encoding.split("-")[:2])
    if marked and (declared is None or marked.startswith(family)):
        encoding = marked
    elif marked == "utf-8-sig":
        raise BadData(
            f"{name} begins with the mark of UTF-8, and was said to be {encoding}; nothing was saved",
            "leave out --encoding, or say --encoding utf-8",
        )
    if b"\0" in head and not encoding.startswith(("utf-16", "utf-32")):
        if head.count(b"\0") * FEWEST_IN_UTF16 < len(head):
            raise BadData(f"{name} holds NUL bytes: it is no text; nothing was saved", "export the table as CSV")
        raise BadData(
            f"{name} holds NUL bytes: it is no text, or UTF-16 without its mark; nothing was saved",
            "if a program wrote it as UTF-16: --encoding utf-16-le",
        )
    start_of_text = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n,;|")
    if not start_of_text:
        raise BadData(f"{name} is empty; nothing was saved", "its first line must name the columns")
    if start_of_text[:100].lower().startswith(_PAGE):
        raise BadData(
            f"{name} is a web page or XML; nothing was saved",
            "a log-in page is easily saved in place of the export: open it in a browser to see",
        )
    return encoding


def is_utf8(stream: BinaryIO) -> bool:
    """Whether all of a seekable ``stream`` is UTF-8, or says by its mark what else it is. It is read from its start,
    and back there afterwards."""
    return _is_utf8(iter(lambda: stream.read(HEAD), b""), stream)


def starts_as_utf8(stream: BinaryIO) -> bool:
    """The same of what is looked at before reading starts."""
    return _is_utf8(iter([stream.read(HEAD)]), stream, whole=False)


def _is_utf8(blocks: Iterator[bytes], stream: BinaryIO, *, whole: bool = True) -> bool:
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")()
    try:
        for number, block in enumerate(blocks):
            if not number and block.startswith(tuple(mark for mark, _ in _MARKS)):
                return True
            decoder.decode(block)
        decoder.decode(b"", final=whole)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def codec_named(name: str) -> str | None:
    """What Python calls an encoding of files; ``None`` where there is none of that name."""
    import codecs

    try:
        found = codecs.lookup(name.strip()).name
        "a".encode(found).decode(found, "replace")  # some codecs are for other things than text
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if "escape" in found else found


def _known(declared: str) -> str:
    if (found := codec_named(declared)) is None:
        raise Invalid(
            f"there is no encoding {declared[:60]!r}", "usual ones: utf-8, utf-16, cp1252 (Windows), latin-1, mac-roman"
        )
    return found
