"""The rows that an import has left out, written in the format of their file, so that they can be mended and imported
again.

Tables keep their header and every cell, also of rows that have too many or too few. In front stands a column that says
what is wrong with each; in CSV it also tells that a ``'`` guards what a spreadsheet would run as a formula.
"""

from __future__ import annotations

from funnelctl.core.endings import ending_of, misnamed
from funnelctl.core.guard import guarded
from funnelctl.core.importing import rejected_objects
from funnelctl.core.importing.rejected_cards import write_cards
from funnelctl.core.importing.sheet import REASONS
from funnelctl.core.text import clean
from funnelctl.errors import Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import BinaryIO, TextIO

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.errors import Problem

    Wrong = Mapping[int, list[Problem]]
    Reason = Callable[[int], str]

SHEET = "rejects"  # in a workbook
_ALIKE = {"csv": ("tsv",), "tsv": ("csv",), "jsonl": ("json",)}  # what the name of a file may say, too


def refuse_ending(path: str, form: str) -> None:
    """Raise ``Usage`` where the name of a file for rejects says that it holds something else than the ``form`` of the
    rows."""
    forms = ("json",) if form == "trello" else (form, *_ALIKE.get(form, ()))
    if better := misnamed(path, *forms):
        raise Usage(
            f"rejects are written in the format of their file, which is no {ending_of(path)}; nothing was saved",
            hint=f"--rejects {better}",
        )


def write_rejects(out: BinaryIO, stream: BinaryIO, sheet: Sheet, name: str, wrong: Wrong, said: Declared) -> None:
    """Write the rows of ``sheet`` that start on the lines in ``wrong``.

    ``stream`` is the file that it comes from, called ``name``, at its start; ``said`` is what was declared of it.
    """
    import io

    if sheet.form == "xlsx":
        _write_workbook(out, stream, sheet, name, wrong, said)
        return
    # of a reason alone something may be missing in the encoding: all else comes from there
    errors = "surrogateescape" if sheet.form == "vcard" else "replace"
    text = io.TextIOWrapper(out, sheet.encoding, errors=errors, newline="")
    writer = {
        "json": rejected_objects.write_list,
        "jsonl": rejected_objects.write_lines,
        "trello": rejected_objects.write_board,
        "vcard": write_cards,
    }.get(sheet.form, _write_delimited)
    writer(text, stream, sheet, name, lambda line: _reasons(line, wrong.get(line)))
    text.detach()


def _reasons(line: int, problems: list[Problem] | None) -> str:
    """What is wrong with the row on that line, in one line; nothing where nothing is."""
    # It begins with a word of ours, so that no spreadsheet takes it for a formula.
    told = [f"{each.column}: {each.message}" if each.column else each.message for each in problems or ()]
    return clean(f"line {line}: {'; '.join(told)}") if told else ""


def _write_delimited(out: TextIO, stream: BinaryIO, sheet: Sheet, name: str, reason: Reason) -> None:
    import csv
    import io

    from funnelctl.core.importing.delimited import needs_stating, records_of

    end = _line_end(stream, sheet.encoding)

    def write(cells: list[str]) -> None:
        # What ends a line of the writer decides which cells stand in quotes: a \r in a cell has to.
        line = io.StringIO()
        csv.writer(line, delimiter=sheet.delimiter, lineterminator="\r\n").writerow(cells)
        out.write(line.getvalue().removesuffix("\r\n") + end)

    records = records_of(stream, sheet, name)
    header = [REASONS, *map(guarded, next(records)[1])]
    if needs_stating(header, sheet.delimiter):
        out.write(f"sep={sheet.delimiter}{end}")
    write(header)
    for line, cells in records:
        if why := reason(line):
            write([why, *map(guarded, cells)])


def _line_end(stream: BinaryIO, encoding: str) -> str:
    """What ends the first record of a table, which may have line breaks in its cells; ``stream`` is at its start, and
    there again afterwards."""
    import io

    text = io.TextIOWrapper(stream, encoding, newline="")
    quotes, line = 0, ""
    for line in text:
        quotes += line.count('"')
        if quotes % 2 == 0:
            break
    text.detach()
    stream.seek(0)
    return "\n" if line.endswith("\n") and not line.endswith("\r\n") else "\r\n"


def _write_workbook(out: BinaryIO, stream: BinaryIO, sheet: Sheet, name: str, wrong: Wrong, said: Declared) -> None:
    """All cells are texts: what they have shown."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    from funnelctl.core.importing.workbook import records_of

    book = Workbook(write_only=True)
    table = book.create_sheet(SHEET)

    def write(cells: list[str]) -> None:
        row = [WriteOnlyCell(table, cell) for cell in cells]
        for cell in row:
            cell.data_type = "s"  # also of what begins as a formula does
        table.append(row)

    records = records_of(stream, name, said.sheet, said.decimal or ".", sheet.header)
    write([REASONS, *next(records)[1]])
    for line, cells in records:
        if line in wrong:
            write([_reasons(line, wrong[line]), *cells])
    book.save(out)
