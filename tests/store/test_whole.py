"""What is no whole book of ours, or not all of one, is not taken in; and nothing that a book holds is left out."""

from __future__ import annotations

import io
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from desk import Desk

from funnelctl.core.whole import Header, is_whole, read_header, read_rows, sealed
from funnelctl.errors import BadData, Conflict
from funnelctl.store.reports.export_all import KEPT, LOG, all_rows, header
from funnelctl.store.whole import POINTS_TO_ITSELF, TakenOver, take_over

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Rows = list[tuple[str, dict[str, Any]]]

SAID = ("import", "2026-03-02T12:00:00Z", "tester")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A book with something in it."""
    found = Desk(tmp_path / "a.db")
    ada = found.add_lead("Ada", email="ada@example.com", tags=["vip"], note="x\ny")
    bob = found.add_lead("Bob", email="bob@example.com")
    found.add_sale(ada, "Audit", value="10 EUR", probability="33.3%")
    found.add_activity(bob, "call", "asked for\na price", key="C-1")
    found.merge(ada, bob)
    return found


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "b.db")


def content(desk: Desk) -> tuple[Header, Rows]:
    with desk.reading() as book:
        return header(book.conn), list(all_rows(book.conn))


def written(top: Header, rows: Rows) -> bytes:
    return "".join(sealed(top, rows, json.dumps)).encode()


def take(desk: Desk, raw: bytes) -> TakenOver:
    stream = io.BytesIO(raw)
    top, _ = read_header(stream, "in")
    with desk.writing() as work:
        return take_over(work.book, top, read_rows(stream, "in"), "in", SAID)


def refused(desk: Desk, raw: bytes) -> BadData:
    before = desk.content()
    with pytest.raises(BadData, match="nothing was saved") as caught:
        take(desk, raw)
    assert desk.content() == before
    return caught.value


def test_every_table_is_exported_or_known_to_be_left_out(desk: Desk) -> None:
    """Parents first: a row must find those that it points to."""
    conn = desk.conn
    tables = {row[1] for row in conn.execute("PRAGMA table_list") if row[0] == "main" and row[2] == "table"}
    own = {name for name in tables if not name.startswith(("sqlite_", "_"))}
    assert own == {*KEPT, *LOG}
    itself = {}
    order = list(KEPT)
    for table in KEPT:
        for _, _, parent, column, *_ in conn.execute(f"PRAGMA foreign_key_list({table})"):
            if parent == table:
                itself[table] = column
            else:
                assert order.index(parent) < order.index(table)
    assert itself == POINTS_TO_ITSELF


def test_all_but_the_place_of_funnel_files_is_exported(desk: Desk) -> None:
    for table, row in content(desk)[1]:
        columns = {info[1] for info in desk.conn.execute(f"PRAGMA table_info({table})")}
        assert columns - set(row) == ({"stamp"} if table == "funnel" else set())


def test_it_is_taken_in_as_one_operation(desk: Desk, empty: Desk) -> None:
    top, rows = content(desk)
    taken = take(empty, written(top, rows))
    assert taken.operation == 1
    assert taken.rows == {table: number for table, number in top.rows.items() if number}
    assert content(empty) == (top, rows)
    assert empty.undo() is not None
    assert empty.content()["lead"] == []


def test_what_the_first_schema_exported_is_taken_in(desk: Desk, empty: Desk) -> None:
    """It knew no activities, and so no rows that had become one."""
    top, rows = content(desk)
    rows = [(table, row) for table, row in rows if table != "activity"]
    old = [(table, {name: value for name, value in row.items() if name != "activity_id"}) for table, row in rows]
    known = {table: number for table, number in top.rows.items() if table != "activity"}
    take(empty, written(top._replace(version=1, rows=known), old))
    assert content(empty)[1] == rows


def test_only_where_nothing_is_yet(desk: Desk, empty: Desk) -> None:
    raw = written(*content(desk))
    empty.add_lead("Carl")
    before = empty.content()
    with pytest.raises(Conflict, match="where nothing is yet; nothing was saved"):
        take(empty, raw)
    assert empty.content() == before


def test_only_a_whole_file(desk: Desk, empty: Desk) -> None:
    """Cut off after any line, or anywhere within one."""
    raw = written(*content(desk))
    ends = [place + 1 for place, byte in enumerate(raw) if byte == 10]
    for end in [*ends[:-1], *(end + 5 for end in ends[:-1]), len(raw) - 1]:
        with pytest.raises(BadData, match="is cut off after line"):
            read_header(io.BytesIO(raw[:end]), "in")


def test_only_an_unaltered_file(desk: Desk) -> None:
    raw = written(*content(desk))
    lines = raw.splitlines(keepends=True)
    altered = [
        raw.replace(b"ada@", b"adb@", 1),
        b"".join([*lines[:3], *lines[4:]]),
        b"".join([*lines[:3], lines[4], lines[3], *lines[5:]]),
        raw.replace(b"\n", b"\r\n"),
    ]
    for one in altered:
        with pytest.raises(BadData, match="was altered after it was written; nothing was saved"):
            read_header(io.BytesIO(one), "in")


def test_another_file_is_none() -> None:
    for raw in (b"", b"name,email\n", b'{"do": "add"}\n', b'{"schema":"funnelctl/lead-list/1"}\n'):
        stream = io.BytesIO(raw)
        assert is_whole(stream) is False
        assert stream.read() == raw


def test_a_newer_file_is_left_alone(desk: Desk, empty: Desk) -> None:
    top, rows = content(desk)
    assert "newer" in refused(empty, written(top._replace(version=99), rows)).message
    assert "newer" in refused(empty, written(top._replace(rows={**top.rows, "project": 0}), rows)).message
    raw = "".join(sealed(top, rows, json.dumps)).replace("export-all/1", "export-all/2")
    lines = raw.splitlines(keepends=True)
    from hashlib import sha256

    end = {**json.loads(lines[-1]), "sha256": sha256("".join(lines[:-1]).encode()).hexdigest()}
    newer = "".join(lines[:-1]) + json.dumps(end) + "\n"
    assert "newer" in refused(empty, newer.encode()).message


def changed(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda row: row.update(values)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("lead", changed(id="1")),
        ("lead", changed(id=True)),
        ("lead", changed(id=0)),
        ("lead", changed(id=-1)),
        ("lead", changed(id=None)),
        ("lead", changed(id=1.5)),
        ("lead", changed(id=2**63)),
        ("lead", lambda row: row.pop("id")),
        ("lead", lambda row: row.pop("name")),
        ("lead", changed(name=None)),
        ("lead", changed(name="")),
        ("lead", changed(name=["Ada"])),
        ("lead", changed(name="\ud800")),
        ("lead", changed(tags="{}")),
        ("lead", changed(tags="[1]")),
        ("lead", changed(state="sleeping")),
        ("lead", changed(stage="proposal")),
        ("lead", changed(referred_by=7)),
        ("lead", changed(nickname="Countess")),
        ("lead", changed(**{"id) VALUES (1); DROP TABLE lead; --": 1})),
        ("opportunity", changed(lead_id=7)),
        ("opportunity", changed(currency="XXZ")),
        ("opportunity", changed(value_minor=-1)),
        ("opportunity", changed(probability=2)),
        ("opportunity", changed(probability=0.12345678901234567)),
        ("opportunity", changed(outcome="won")),
        ("move", changed(opportunity_id=1, lead_id=1)),
        ("move", changed(kind="advance")),
        ("opportunity", changed(entered_at="2027-01-01T00:00:00Z")),
        ("stage", changed(follow_up="soon")),
        ("lead_alias", changed(kind="nickname")),
    ],
)
def test_a_row_that_no_book_can_hold_is_refused(
    desk: Desk, empty: Desk, table: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Also where somebody has sealed the file anew."""
    top, rows = content(desk)
    change(next(row for kind, row in rows if kind == table))
    refused(empty, written(top, rows))


def test_other_rows_than_the_header_counts_are_refused(desk: Desk, empty: Desk) -> None:
    top, rows = content(desk)
    refused(empty, written(top, [*rows, ("lead", {**rows[-1][1]})]))
    refused(empty, written(top, [*rows, ("operation", {"id": 1})]))
    refused(empty, written(top, [*rows, ("sqlite_sequence", {"name": "lead"})]))
    refused(empty, written(top, [(kind, row) for kind, row in rows if kind != "lead_alias"]))
    refused(empty, written(top._replace(counters={"lead": "x"}), rows))  # type: ignore[dict-item]


def test_a_word_of_the_file_is_never_part_of_a_statement(desk: Desk, empty: Desk) -> None:
    top, rows = content(desk)
    raw = written(top, [*rows, ("lead; DROP TABLE lead", {"id": 1})])
    assert "no table of a book" in refused(empty, raw).problems[0].message
    with sqlite3.connect(empty.path) as conn:
        assert conn.execute("SELECT count(*) FROM lead").fetchone() == (0,)
    conn.close()


def test_an_empty_book_is_taken_in_without_an_operation(empty: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "c.db")
    assert take(other, written(*content(empty))) == TakenOver({}, None)
