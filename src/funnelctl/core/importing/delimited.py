"""CSV and TSV as a sheet: strictly, with the line of every record, and never more in memory than one record.

Spreadsheets leave traces that lose nothing when they are passed over: blank lines, lines of delimiters only, empty
cells behind the last named column. Everything else that does not fit is a problem with its line.
"""

from __future__ import annotations

from collections import Counter

from funnelctl.core.importing.encoding import HEAD, encoding_of
from funnelctl.core.importing.sheet import Sheet
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO, TextIO

    from funnelctl.core.importing.problems import Problems

LARGEST_CELL = 1 << 20  # characters; more is a quote that was never closed
LONGEST_LINE = 1 << 24
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def read_sheet(
    stream: BinaryIO, name: str, problems: Problems, *, encoding: str | None = None, delimiter: str | None = None
) -> Sheet:
    """The sheet in a seekable ``stream``; ``name`` is how messages call the file. Its rows are read as they are taken,
    and add to ``problems`` what does not fit.

    ``encoding`` and ``delimiter`` are declared where what the file's mark, its ``sep=`` line or its header says is not
    right. Raises ``BadData`` where it is no such file or has no proper header.
    """
    import csv
    import io

    head = stream.read(HEAD)
    stream.seek(0)
    encoding = encoding_of(head, name, encoding)
    start = head.decode(encoding, "replace")
    stated = _stated_delimiter(start)
    delimiter = delimiter or stated or _delimiter_of(start)
    csv.field_size_limit(LARGEST_CELL)
    text = io.TextIOWrapper(stream, encoding, newline="")
    lines = _Lines(text, name, encoding)
    if stated:
        next(lines)
    records = _records(csv.reader(lines, delimiter=delimiter, strict=True), name, skipped=1 if stated else 0)
    first = next(records, None)
    if first is None:
        raise BadData(f"{name} is empty; nothing was saved", "its first line must name the columns")
    names = _names(first[1], name)
    return Sheet(names, _fitting(records, len(names), problems), source=text)


def parse_delimiter(text: str) -> str:
    """A delimiter as it is declared: the character itself, or its name. Raises ``Invalid`` for anything else."""
    sign = {name: sign for sign, name in DELIMITERS.items()}.get(text.strip().lower(), text)
    sign = "\t" if sign == "\\t" else sign
    if len(sign) == 1 and not sign.isalnum() and sign not in "\"'\r\n\0 " and sign.isascii():
        return sign
    raise Invalid(f"{quoted(text)} cannot divide columns", f"write one character, or {', '.join(DELIMITERS.values())}")


class _Lines:
    """The lines of a text, each with its end, as the csv module takes them."""

    def __init__(self, text: TextIO, name: str, encoding: str) -> None:
        self._next = text.readline
        self._name, self._encoding = name, encoding
        self._read = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._next(LONGEST_LINE)
        except UnicodeError as error:
            raise self._undecodable(error) from None
        if not line:
            raise StopIteration
        self._read += 1
        if "\0" in line:
            raise BadData(
                f"{self._name}: line {self._read:,} holds a NUL character; nothing was saved",
                "is it text at all? if a program wrote it as UTF-16: --encoding utf-16-le",
            )
        if len(line) == LONGEST_LINE:
            raise BadData(
                f"{self._name}: line {self._read:,} is too long to be a record; nothing was saved",
                "is it a CSV file, with a line a record?",
            )
        return line

    def _undecodable(self, error: UnicodeError) -> BadData:
        # A block is decoded as a whole: the lines in it before the bad byte have not come out yet.
        line = self._read + 1
        if isinstance(error, UnicodeDecodeError):
            before = error.object[: error.start].decode(self._encoding, "replace")
            line += before.count("\n") or before.count("\r")
        return BadData(
            f"{self._name}: line {line:,} is not {self._encoding.upper().removesuffix('-SIG')} text; nothing was saved",
            "say how the file is encoded, for example --encoding cp1252 (Windows), or save it as UTF-8",
        )


def _stated_delimiter(start: str) -> str | None:
    """What Excel's own first line says: ``sep=;``."""
    line = start.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r").strip("\"' ")
    return line[4] if line[:4].lower() == "sep=" and len(line) == 5 and not line[4].isalnum() else None


def _delimiter_of(start: str) -> str:
    """The delimiter that divides the header into most columns."""
    import csv
    import io

    def width(delimiter: str) -> int:
        reader = csv.reader(io.StringIO(start.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
        try:
            return len(next(record for record in reader if any(record)))
        except (csv.Error, StopIteration):
            return 0

    return max(DELIMITERS, key=width)


def _records(reader: Any, name: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it starts; ``skipped`` lines stand before the first."""
    import csv

    line = skipped + 1
    try:
        for record in reader:
            if any(map(str.strip, record)):
                yield line, record
            line = reader.line_num + skipped + 1
    except csv.Error as error:
        message, hint = _unreadable(str(error))
        raise BadData(f"{name}: line {line:,}: {message}; nothing was saved", hint) from None


def _unreadable(said: str) -> tuple[str, str]:
    if "unexpected end" in said or "field limit" in said:
        return (
            "a quote is opened here and never closed",
            'a " within a cell is written twice, and the whole cell in quotes: "a 5"" pipe"',
        )
    if "expected after" in said:
        return (
            "there is something after the closing quote of a cell",
            'a " within a cell is written twice: "a 5"" pipe"; or the delimiter is another: --delimiter ";"',
        )
    return "it cannot be read as CSV", "open it in a spreadsheet and save it as CSV"


def _names(header: list[str], name: str) -> tuple[str, ...]:
    names = [cell.strip() for cell in header]
    while not names[-1]:
        names.pop()
    names = [cell or f"column {place}" for place, cell in enumerate(names, 1)]
    doubled = sorted(cell for cell, times in Counter(names).items() if times > 1)
    if doubled:
        raise BadData(
            f"{name}: several columns are called {', '.join(map(quoted, doubled[:5]))}; nothing was saved",
            "give each column a name of its own in the first line",
        )
    return tuple(names)


def _fitting(
    records: Iterator[tuple[int, list[str]]], width: int, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    """The records that have a cell for each column."""
    for line, record in records:
        if len(record) != width:
            if len(record) > width and not any(map(str.strip, record[width:])):
                del record[width:]
            else:
                problems.add(
                    line,
                    "",
                    f"{len(record)} cells, and the first line names {width} columns",
                    "a cell that holds the delimiter must be in quotes, and every column needs a name",
                )
                continue
        yield line, record
