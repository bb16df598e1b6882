"""The rows that an import has left out, written so that they can be mended and imported again with the same command.

They keep their header, delimiter, encoding and every cell; in front stands a column that says what is wrong with each.
It stands in front because a row may have more cells than the header. What is no CSV file comes back as one.
"""

from __future__ import annotations

from itertools import chain

from funnelctl.core.importing.columns import REASONS
from funnelctl.core.importing.delimited import DELIMITERS, records_of
from funnelctl.core.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.errors import Problem


def write_rejects(out: BinaryIO, stream: BinaryIO, sheet: Sheet, name: str, wrong: Mapping[int, list[Problem]]) -> None:
    """Write the rows of ``sheet``, of which none was read yet, that start on the lines in ``wrong``.

    ``stream`` is the file that it comes from, called ``name``.
    """
    import csv
    import io

    if sheet.delimiter:
        delimiter, encoding = sheet.delimiter, sheet.encoding
        stream.seek(0)
        records = records_of(stream, sheet, name)
    else:
        delimiter, encoding, records = ",", "utf-8", chain([(0, list(sheet.header))], sheet.rows)
    text = io.TextIOWrapper(out, encoding, errors="replace", newline="")  # of a reason: the cells come from there
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    if delimiter not in DELIMITERS:
        text.write(f"sep={delimiter}\r\n")
    header = next(records)[1]
    before = {place for place, name in enumerate(header) if name.strip() == REASONS}
    writer.writerow([REASONS, *_without(before, header)])
    for line, cells in records:
        if line in wrong:
            writer.writerow([_reasons(line, wrong[line]), *_without(before, cells)])
    text.detach()


def _without(places: set[int], cells: list[str]) -> list[str]:
    return [cell for place, cell in enumerate(cells) if place not in places]


def _reasons(line: int, problems: list[Problem]) -> str:
    # It begins with a word of ours, so that no spreadsheet takes it for a formula.
    told = [f"{each.column}: {each.message}" if each.column else each.message for each in problems]
    return clean(f"line {line}: {'; '.join(told)}")
