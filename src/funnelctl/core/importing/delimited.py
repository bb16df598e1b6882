"""CSV and TSV as a sheet: strictly, with the line of every record, and never more in memory than one record.

Spreadsheets leave traces that lose nothing when they are passed over: blank lines, lines of delimiters only, empty
cells behind the last named column. Titles above the table, and below it what was said to be its footer, are left out
and told. Everything else that does not fit is a problem with its line.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from funnelctl.core.importing.edges import above_footer, below_titles
from funnelctl.core.importing.encoding import HEAD, encoding_of
from funnelctl.core.importing.lines import Lines
from funnelctl.core.importing.sheet import Sheet, fitting, names_of, without_reasons
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from typing import Any, BinaryIO

    from funnelctl.core.importing.problems import Problems

LARGEST_CELL = 1 << 20  # characters; more is a quote that was never closed
LOOKED_AT = 20  # records of which the delimiter must divide most
NOTES = "notes:"  # above the table in an archive of LinkedIn
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def read_sheet(
    stream: BinaryIO,
    name: str,
    problems: Problems,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    footer: tuple[str, ...] = (),
) -> Sheet:
    """The sheet in a seekable ``stream``; ``name`` is how messages call the file. Its rows are read as they are taken,
    and add to ``problems`` what does not fit.

    ``encoding`` and ``delimiter`` are declared where what the file's mark, its ``sep=`` line or its header says is not
    right. The table ends where the first filled cell of a record begins as one of ``footer`` does. Raises ``BadData``
    where it is no such file or has no proper header.
    """
    text, records, delimiter = _opened(stream, name, encoding, delimiter)
    first, records = below_titles(records, problems)
    if first is None:
        raise BadData(f"{name} is empty; nothing was saved", "its first line must name the columns")
    names = names_of(first)
    if len(names) == 1 and names[0].casefold() == NOTES:
        raise BadData(
            f"{name} holds notes, and no table below them: there is nothing to import; nothing was saved",
            "is the export empty, or was it cut off?",
        )
    if footer:
        records = above_footer(records, footer, problems)
    form = "tsv" if delimiter == "\t" else "csv"
    return Sheet(names, fitting(records, len(names), problems), form, text.encoding, delimiter, text)


def records_of(stream: BinaryIO, sheet: Sheet, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every record of the file from which ``sheet`` was read, whether it fits or not, beginning with the one that names
    the columns. ``stream`` is at its start."""
    text, records, _ = _opened(stream, name, sheet.encoding, sheet.delimiter)
    try:
        yield next(each for each in records if names_of(each[1]) == sheet.header)
        yield from records
    finally:
        text.detach()  # else it would close the stream


def needs_stating(header: list[str], delimiter: str) -> bool:
    """Whether a line ``sep=`` has to say what divides the columns of a file with this ``header``."""
    import csv
    import io

    line = io.StringIO()
    csv.writer(line, delimiter=delimiter).writerow(header)
    return _delimiter_of(line.getvalue()) != delimiter


def _opened(
    stream: BinaryIO, name: str, encoding: str | None, delimiter: str | None
) -> tuple[TextIOWrapper, Iterator[tuple[int, list[str]]], str]:
    """The text, its records with the line on which each starts, and what divides their cells."""
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
    lines = iter(Lines(text, name, encoding))
    if stated:
        next(lines)
    records = _records(csv.reader(lines, delimiter=delimiter, strict=True), name, skipped=1 if stated else 0)
    return text, without_reasons(records, guards=True), delimiter


def parse_delimiter(text: str) -> str:
    """A delimiter as it is declared: the character itself, or its name. Raises ``Invalid`` for anything else."""
    sign = {name: sign for sign, name in DELIMITERS.items()}.get(text.strip().lower(), text)
    sign = "\t" if sign == "\\t" else sign
    if len(sign) == 1 and not sign.isalnum() and sign not in "\"'\r\n\0 " and sign.isascii():
        return sign
    raise Invalid(f"{quoted(text)} cannot divide columns", f"write one character, or {', '.join(DELIMITERS.values())}")


def _stated_delimiter(start: str) -> str | None:
    """What Excel's own first line says: ``sep=;``."""
    line = start.lstrip("\ufeff").split("\n", 1)[0].rstrip("\r").strip("\"' ")
    return line[4] if line[:4].lower() == "sep=" and len(line) == 5 and not line[4].isalnum() else None


def _delimiter_of(start: str) -> str:
    """The delimiter that divides the header into most columns; where none does, which may be a title, the one that
    divides most of what follows."""
    import csv
    import io

    def widths(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(start.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)
        found: list[int] = []
        with suppress(csv.Error):
            found += (len(record) for record in islice(filter(any, reader), LOOKED_AT))
        return (found[0], sum(width > 1 for width in found)) if found else (0, 0)

    return max(DELIMITERS, key=widths)


def _records(reader: Any, name: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it starts; ``skipped`` lines stand before the first."""
    import csv

    line = first = skipped + 1
    try:
        for record in reader:
            if record and (record[0].strip() or any(map(str.strip, record))):
                yield line, record
            line = reader.line_num + first
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
