"""An Excel workbook (.xlsx) as a sheet: what its cells show, as text, and never the whole of it in memory.

openpyxl reads it. What it must not be given is looked at before: archives that unpack to more than anybody's workbook,
and XML that declares entities, which can grow without end.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain, count, islice

from funnelctl.core.currencies import EXPONENT, SHARED, SYMBOL
from funnelctl.core.importing.edges import LOOKED_AT, MOST_TITLES, above_footer, below_titles
from funnelctl.core.importing.sheet import Sheet, fitting, names_of, without_reasons
from funnelctl.core.importing.sheet_errors import NOT_CALCULATED
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO
    from zipfile import ZipFile, ZipInfo

    from funnelctl.core.importing.problems import Problems

LARGEST = 1 << 31  # bytes that all parts unpack to: twice a sheet of a million rows and ten columns
LARGEST_WHOLE = 1 << 28  # bytes of a part that is read as a whole, such as the texts that cells share
STEEPEST = 300  # times that a part of more than a megabyte may grow; real ones grow by 5 to 30
MOST_PARTS = 10_000
AT_ONCE = 100  # rows
MOST_ROWS = 1_048_576  # of any sheet in Excel
DIGITS = 15  # of a number that Excel knows; a float has some more, that nobody wrote

_OTHERS = {  # what other zip archives hold
    "word/": "a Word document",
    "ppt/": "a PowerPoint presentation",
    "content.xml": "an OpenDocument file",
    "xl/workbook.bin": "a binary Excel workbook (.xlsb)",
    "Index/": "a Numbers or Pages document",
}
_SAVE = "open it and save the table as .xlsx or as CSV (UTF-8)"


def read_workbook(
    stream: BinaryIO, name: str, problems: Problems, wanted: str | None, decimal: str, footer: tuple[str, ...] = ()
) -> Sheet:
    """The sheet that is called ``wanted``, else the first visible one in which anything stands. Its first row, below
    titles, names the columns; it ends above a row that begins as one of ``footer`` does. ``name`` is how messages call
    the file, ``decimal`` is the mark with which fractions are written.

    Raises ``BadData`` where it is no workbook, ``NotFound`` where it has no such sheet.
    """
    book = _Book(stream, name, _examine(stream, name), decimal)
    first, records = below_titles(_level(_opened(book, name, wanted, problems)), problems)
    if first is None:
        raise BadData(f"{name} is empty; nothing was saved", "its first row must name the columns")
    names = names_of(first)
    if footer:
        records = above_footer(records, footer, problems)
    return Sheet(names, fitting(_padded(records, len(names)), len(names), problems), "xlsx", source=book)


def records_of(
    stream: BinaryIO, name: str, wanted: str | None, decimal: str, header: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    """Every row of the sheet that ``read_workbook`` reads, whether it fits or not, beginning with the one that names
    the columns, which are ``header``."""
    records = _opened(_Book(stream, name, _examine(stream, name), decimal), name, wanted)
    yield next(each for each in records if names_of(each[1]) == header)
    yield from records


def _opened(
    book: _Book, name: str, wanted: str | None, problems: Problems | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The rows of the sheet that is meant; ``problems`` are told of others that hold something too, if none was."""
    if wanted is None:
        titles = [title for title, is_visible in book.sheets.items() if is_visible]
    else:
        titles = [title for title in book.sheets if title.strip().lower() == wanted.strip().lower()]
        if not titles:
            raise NotFound(
                f"{name} has no sheet {quoted(wanted)}; nothing was saved",
                f"its sheets are {', '.join(map(quoted, list(book.sheets)[:40]))}",
            )
    for place, title in enumerate(titles):
        records = _records(book, title)
        if first := next(records, None):
            others = [quoted(one) for one in titles[place + 1 :] if problems and next(_records(book, one), None)]
            if problems and others:
                problems.note(f"the sheet {quoted(title)} is read; --sheet takes another: {', '.join(others)}")
            return without_reasons(chain((first,), records), guards=False)
    return iter(())


def _level(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows, of which the first have as many cells each: among them the one that names the columns is found."""
    first = list(islice(records, MOST_TITLES + LOOKED_AT))
    width = max((len(cells) for _, cells in first), default=0)
    return chain(_padded(iter(first), width), records)


def _examine(stream: BinaryIO, name: str) -> bool:
    """Whether there are formulas in it. Raises ``BadData`` for what is no workbook, or one that would fill the
    memory."""
    from zipfile import BadZipFile, ZipFile

    try:
        archive = ZipFile(stream)
        parts = archive.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise BadData(f"{name} is a damaged Excel workbook or zip archive; nothing was saved", _SAVE) from error
    names = [part.filename for part in parts]
    if not any(one.startswith("xl/workbook") and one.endswith(".xml") for one in names):
        what = next((what for sign, what in _OTHERS.items() if any(sign in one for one in names)), "a zip archive")
        hint = "unpack it, and import the file that is in it" if what == "a zip archive" else _SAVE
        raise BadData(f"{name} is {what}, not an Excel workbook; nothing was saved", hint)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST or any(map(_grows, parts)):
        raise BadData(f"{name} unpacks to more than a workbook holds; nothing was saved", _SAVE)
    for one in names:
        if one.endswith((".xml", ".rels")):
            _refuse_entities(archive, one, name)
    with _reading(name):
        return any(_has_formulas(archive, one) for one in names if "worksheets/" in one and one.endswith(".xml"))


def _grows(part: ZipInfo) -> bool:
    """Whether a part unpacks to so much that it was made for that."""
    is_steep = part.file_size > 1 << 20 and part.file_size > max(part.compress_size, 1) * STEEPEST
    return is_steep or (part.file_size > LARGEST_WHOLE and "worksheets/" not in part.filename)


def _has_formulas(archive: ZipFile, part: str) -> bool:
    import re

    formula, kept = re.compile(rb"<(?:\w+:)?f[ />]"), b""
    with archive.open(part) as content:
        while chunk := content.read(1 << 16):
            if formula.search(kept + chunk):
                return True
            kept = chunk[-20:]
    return False


def _refuse_entities(archive: ZipFile, part: str, name: str) -> None:
    """Raise ``BadData`` for a part with a document type, in which entities are declared; it stands before the root."""
    import zlib
    from xml.parsers.expat import ExpatError, ParserCreate
    from zipfile import BadZipFile

    class Root(Exception):
        """The root has begun."""

    class Doctype(Exception):
        """There is a document type."""

    def begun(*_: object) -> None:
        raise Root

    def declared(*_: object) -> None:
        raise Doctype

    parser = ParserCreate()
    parser.StartElementHandler = begun
    parser.StartDoctypeDeclHandler = declared
    try:
        with archive.open(part) as content:
            while chunk := content.read(1 << 12):
                parser.Parse(chunk)
    except Root:
        return
    except Doctype:
        message = f"{name} declares entities in {quoted(part)}, which no workbook does; nothing was saved"
        raise BadData(message, _SAVE) from None
    except (ExpatError, BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise _damaged(name) from None


def _damaged(name: str) -> BadData:
    return BadData(f"{name} is a damaged Excel workbook, or needs a password; nothing was saved", _SAVE)


def _records(book: _Book, title: str) -> Iterator[tuple[int, list[str]]]:
    """The rows in which anything stands, each with its number."""
    for number, cells in enumerate(book.rows(title), 1):
        texts = [book.text(*pair) for pair in cells]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts:
            yield number, texts


def _padded(records: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Excel keeps no empty cells at the end of a row."""
    for number, cells in records:
        yield number, cells + [""] * (width - len(cells))


class _Book:
    """A workbook that is open for reading, twice where it has formulas: openpyxl gives their results or themselves."""

    def __init__(self, stream: BinaryIO, name: str, calculated: bool, decimal: str) -> None:
        from openpyxl import load_workbook

        self._name, self._decimal = name, decimal
        self._signs: dict[str, str] = {}
        self._books = []
        for data_only in (True, False)[: 2 if calculated else 1]:
            stream.seek(0)
            with _reading(name):
                self._books.append(load_workbook(stream, read_only=True, data_only=data_only, keep_links=False))

    @property
    def sheets(self) -> dict[str, bool]:
        """The names of the sheets, and whether each can be seen."""
        return {sheet.title: sheet.sheet_state == "visible" for sheet in self._books[0].worksheets}

    def rows(self, title: str) -> Iterator[list[tuple[Any, Any]]]:
        """The cells of each row, each with its formula's cell, if any."""
        found = []
        for book in self._books:
            sheet = book[title]
            sheet.reset_dimensions()  # what programs write there is often wrong
            found.append(sheet.iter_rows(max_row=MOST_ROWS + 1))
        for done in count(0, AT_ONCE):
            with _reading(self._name):
                rows = [list(islice(each, AT_ONCE)) for each in found]
            if (
                done + len(rows[0]) > MOST_ROWS
            ):  # openpyxl makes the rows that are missing before one with a large number
                raise _damaged(self._name)
            if not rows[0]:
                return
            for cells, formulas in zip(rows[0], rows[-1], strict=False):
                yield list(zip(cells, formulas, strict=False))

    def text(self, cell: Any, formula: Any) -> str:
        """What a cell shows, as text."""
        value: Any = cell.value
        if value is None:
            return NOT_CALCULATED if formula.data_type == "f" and cell.data_type != "str" else ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            sign = self._sign(cell.number_format)
            text = _number(value, 2 if sign == "%" else 0).replace(".", self._decimal)
            return f"{text} {sign}".strip()
        return _text(value)

    def _sign(self, shown_as: str) -> str:
        """The currency with which a number is shown, or the sign of per cent."""
        if shown_as not in self._signs:
            self._signs[shown_as] = _sign_in(shown_as)
        return self._signs[shown_as]


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Where openpyxl works: whatever a damaged part leads it to is a damaged workbook."""
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that it does not know
            yield
    except Exception:
        raise _damaged(name) from None


def _text(value: Any) -> str:
    """A value without how it is formatted: a day as 2026-11-23, and without the time where it is midnight."""
    from datetime import date, datetime

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        text = value.replace(microsecond=0).isoformat()
        return text.removesuffix("T00:00:00")
    return str(value.isoformat() if isinstance(value, date) else value)


def _number(value: float, places: int = 0) -> str:
    """All digits that Excel knows, moved by so many places to the left of the mark, and no exponent."""
    from decimal import Decimal

    if isinstance(value, int):
        return str(value * 10**places)
    return f"{Decimal(f'{value:.{DIGITS}g}').scaleb(places):f}"


def _sign_in(shown_as: str) -> str:
    import re

    named = re.search(r"\[\$([^\]-]+)", shown_as)
    if named:
        return named.group(1).strip()
    bare = re.sub(r"\[[^\]]*\]", "", shown_as.partition(";")[0])
    if "%" in re.sub(r'"[^"]*"|\\.', "", bare):
        return "%"
    written = "".join(map("".join, re.findall(r'"([^"]*)"|\\(.)|([$€£¥₹₽₩₫₺])', bare))).strip()
    return written if written.lower() in SHARED or written in SYMBOL or written.upper() in EXPONENT else ""
