"""Opening a file of any format as an import does."""

from __future__ import annotations

import io

from funnelctl.core.importing.declared import Declared
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.importing.sheet import Sheet
from funnelctl.errors import BadData


class Opened:
    """What a file gives: its sheet, all its rows, and what is wrong with it as (line, column, message)."""

    def __init__(self, data: bytes | str, name: str = "file", **declared: str) -> None:
        raw = data if isinstance(data, bytes) else data.encode()
        problems = Problems()
        self.sheet: Sheet = open_sheet(io.BytesIO(raw), name, problems, Declared(**declared))
        self.form = self.sheet.form
        self.header = self.sheet.header
        self.lined = list(self.sheet.rows)
        self.rows = [row for _, row in self.lined]
        self.lines = [line for line, _ in self.lined]
        self.problems = [(one.line, one.column, one.message) for one in problems.shown]
        self.notes = problems.notes

    def column(self, name: str) -> list[str]:
        """The cells of a column."""
        return [row[self.header.index(name)] for row in self.rows]


def refused(data: bytes | str, name: str = "file", **declared: str) -> str:
    """What is said of a file that gives no rows."""
    try:
        Opened(data, name, **declared)
    except BadData as error:
        assert error.message.startswith(name)
        assert "nothing was saved" in error.message
        return error.message
    raise AssertionError("it was read")
