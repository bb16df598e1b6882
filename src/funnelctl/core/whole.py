"""A whole book as one file of JSON Lines: a header, every row with its type, and an end that seals it.

The seal is a digest of all that comes before it, so that a file which was cut off or altered is noticed before anything
is taken from it. Nothing in the file depends on when or where it was written: the same book gives the same bytes.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.errors import BadData, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

SCHEMA = "funnelctl/export-all/1"
TYPE = "type"  # no table has a column of that name
END = "end"
LONGEST = 10_000_000  # bytes of a line, of which the longest note takes 600,000
_BEGINNING = b'{"schema":"funnelctl/export-all/'
AGAIN = "export it again: funnelctl export all FILE"


class Header(NamedTuple):
    """``version`` is that of the tables; ``counters`` are the highest ids ever given, ``rows`` the numbers of rows."""

    version: int
    counters: dict[str, int]
    rows: dict[str, int]


class Row(NamedTuple):
    """A row of the table ``kind``, and where it stands: a line, and how messages call its file."""

    line: int
    kind: str
    values: dict[str, Any]
    file: str


def sealed(header: Header, rows: Iterable[tuple[str, dict[str, Any]]], dumps: Callable[[Any], str]) -> Iterator[str]:
    """The lines of the file. ``dumps`` writes an object as JSON on one line."""
    from hashlib import sha256

    seal = sha256()
    number = 0
    line = dumps({"schema": SCHEMA, **header._asdict()}) + "\n"
    seal.update(line.encode())
    yield line
    for kind, values in rows:
        number += 1
        line = dumps({TYPE: kind, **values}) + "\n"
        seal.update(line.encode())
        yield line
    yield dumps({TYPE: END, "rows": number, "sha256": seal.hexdigest()}) + "\n"


def is_whole(stream: BinaryIO) -> bool:
    """Whether a file begins as a whole book does, also where another program has laid it out anew; it is read from its
    start again afterwards."""
    found = stream.read(200).removeprefix(b"\xef\xbb\xbf").replace(b" ", b"").startswith(_BEGINNING)
    stream.seek(0)
    return found


def read_header(stream: BinaryIO, name: str) -> tuple[Header, str]:
    """The header of a file whose seal is unbroken, and the line that seals it; ``name`` is how messages call the file.

    Raises:
        BadData: the file was cut off or altered, or a newer funnelctl wrote it.
    """
    from hashlib import sha256

    seal = sha256()
    number = 0
    line = last = b""
    while line := stream.readline(LONGEST):
        number += 1
        if last:
            seal.update(last)
        last = line
    stream.seek(0)
    end = json_object(last) or {}
    if end.get(TYPE) != END or not last.endswith(b"\n"):
        raise BadData(f"{name} is cut off after line {number:,}: its end is missing; nothing was saved", AGAIN)
    if end.get("sha256") != seal.hexdigest():
        raise BadData(f"{name} was altered after it was written; nothing was saved", AGAIN)
    header = json_object(stream.readline(LONGEST)) or {}
    stream.seek(0)
    if header.get("schema") != SCHEMA or not isinstance(header.get("version"), int):
        raise BadData(f"{name} was written by a newer funnelctl; nothing was saved", "upgrade funnelctl to read it")
    if not are_numbers(header.get("counters")) or not are_numbers(header.get("rows")):
        raise refused(name, 1, "the header is not one that funnelctl writes")
    return Header(header["version"], header["counters"], header["rows"]), last.decode()


def read_rows(stream: BinaryIO, name: str) -> Iterator[Row]:
    """The rows of a file whose header was read.

    Raises:
        BadData: a line is none that funnelctl writes.
    """
    stream.seek(0)
    stream.readline(LONGEST)
    number = 1
    while line := stream.readline(LONGEST):
        number += 1
        values = json_object(line)
        kind = values.pop(TYPE, None) if values else None
        if not isinstance(kind, str) or values is None:
            raise refused(name, number, "the line is no row of a book")
        if kind == END:
            return
        yield Row(number, kind, values, name)


def refused(name: str, line: int, why: str) -> BadData:
    """The error of a line that a book cannot hold."""
    return BadData(f"{name}: 1 problem; nothing was saved", "", (Problem(line, "", why),), name)


def json_object(line: bytes) -> dict[str, Any] | None:
    """The object that a line of JSON holds, ``None`` where there is none."""
    import json

    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def are_numbers(value: object) -> bool:
    """Whether it is an object of counts or ids."""
    return isinstance(value, dict) and all(type(number) is int and 0 <= number < 2**62 for number in value.values())
