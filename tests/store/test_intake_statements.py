"""What an import asks of SQLite does not grow with its rows: that is what keeps a million of them possible."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import Desk
from taking import FUNNELS, take_once

from funnelctl.core.importing import rows as reading

FILES = {
    "leads": ("key,name,email,phone,company,created", "K{0},Lead {0},l{0}@x.example,+34 600 000 {0},Acme,2025-01-01"),
    "opportunities": ("key,client,value,stage,created,close", "K{0},Client {0},{0}.50,{1},2025-01-01,2025-02-01"),
}
STAGES = ("request", "proposal", "won", "lost")


def statements(desk: Desk, kind: str, rows: int, *, straight: bool) -> int:
    """How many statements an import of this many rows takes, but for those that put the rows in."""
    header, row = FILES[kind]
    text = "\n".join([header, *(row.format(number, STAGES[number % 4]) for number in range(100, 100 + rows))])
    seen: list[str] = []
    desk.conn.set_trace_callback(seen.append)
    try:
        assert take_once(desk, text, kind, straight=straight).created == rows
    finally:
        desk.conn.set_trace_callback(None)
    filling = [sql for sql in seen if sql.startswith("INSERT") and "FROM (VALUES" in sql]
    assert 0 < len(filling) <= -(-rows // reading.TOGETHER)
    return len(seen) - len(filling)


@pytest.mark.parametrize(("kind", "straight"), [("leads", True), ("leads", False), ("opportunities", False)])
def test_ten_times_the_rows_take_as_many_statements(tmp_path: Path, kind: str, straight: bool) -> None:
    few, many = (
        statements(Desk(tmp_path / f"{rows}.db", FUNNELS[0]), kind, rows, straight=straight) for rows in (40, 400)
    )
    assert few == many


@pytest.mark.parametrize("kind", FILES)
def test_an_import_again_takes_no_more(tmp_path: Path, kind: str) -> None:
    desk = Desk(tmp_path / "book.db", FUNNELS[0])
    first = statements(desk, kind, 40, straight=False)
    header, row = FILES[kind]
    text = "\n".join([header, *(row.format(number, STAGES[number % 4]) for number in range(100, 140))])
    seen: list[str] = []
    desk.conn.set_trace_callback(seen.append)
    assert take_once(desk, text, kind, straight=False).unchanged == 40
    desk.conn.set_trace_callback(None)
    assert len(seen) < first
