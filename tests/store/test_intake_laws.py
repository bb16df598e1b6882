"""What holds of every import: sound, repeatable, undone as a whole, and flat in memory."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk import Desk, new_book
from hypothesis import given, settings
from hypothesis import strategies as st
from taking import FUNNELS, all_leads, assert_sound, refused, take

from funnelctl.errors import BadData, Conflict

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "book.db", *FUNNELS)


def test_hostile_cells_come_in_as_they_are_or_not_at_all(desk: Desk) -> None:
    nasty = ["=HYPERLINK(1)", "\x1b[31mred", "\u202eknil", "'; DROP TABLE lead; --", "[/bold]", "%s {0}", "株式会社"]
    assert take(desk, "name\n" + "".join(f'"{name}"\n' for name in nasty)).created == len(nasty)
    assert [lead.name for lead in all_leads(desk)] == nasty
    long = "x" * 200 * 1024
    assert take(desk, f"name,note\nAda,{long}\n").created == 1
    assert all_leads(desk)[-1].note == long
    assert refused(desk, f"name,note\nAda,{'x' * 1_000_001}\n") == [
        (2, "note", "the note has 1000001 characters, at most 1000000 fit")
    ]
    assert refused(desk, "title,value\nA," + "9" * 30 + "\n", "opportunities")[0][:2] == (2, "value")


def test_a_thousand_rows_that_come_in_by_indexes_made_anew(desk: Desk) -> None:
    rows = "".join(f"K{number},Lead {number},l{number}@example.com\n" for number in range(6_000))
    indexes = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    before = desk.conn.execute(indexes).fetchall()
    assert take(desk, f"key,name,email\n{rows}").created == 6_000
    assert desk.conn.execute(indexes).fetchall() == before
    assert desk.conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert take(desk, f"key,name,email\n{rows}").unchanged == 6_000


def test_what_changed_since_is_not_undone_over(desk: Desk) -> None:
    take(desk, "name\nAda\n")
    desk.conn.execute("UPDATE lead SET company = 'by another program' WHERE id = 1")
    with pytest.raises(Conflict):
        desk.undo()


names = st.sampled_from(["Ada", "ada ", "Bob", "Zoë", ""])
emails = st.sampled_from(["", "", "a@x.example", "A@x.example", "b@x.example"])
keys = st.sampled_from(["", "1", "2", "3"])
stages = st.sampled_from(["", "enquiry", "junk", "converted"])
sale_stages = st.sampled_from(["", "request", "proposal", "won", "lost"])
days = st.sampled_from(["", "2025-01-01", "2025-06-01"])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    if draw(st.booleans()):
        rows = draw(st.lists(st.tuples(keys, names, emails, stages, days), max_size=6))
        return "leads", "key,name,email,stage,created\n" + "".join(f"{','.join(row)}\n" for row in rows)
    rows = draw(st.lists(st.tuples(keys, names, emails, sale_stages, days), max_size=6))
    return "opportunities", "key,client,client_email,stage,created\n" + "".join(f"{','.join(row)}\n" for row in rows)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that can be copied, which is ten times as fast as making one."""
    return new_book(tmp_path_factory.mktemp("empty") / "book.db")


@given(first=files(), second=files(), policy=st.sampled_from(["fill", "overwrite", "skip"]))
@settings(max_examples=40, deadline=None)
def test_any_file_comes_in_soundly_again_without_a_change_and_goes_by_undo(
    empty: Path, first: tuple[str, str], second: tuple[str, str], policy: str
) -> None:
    path = empty.with_name("copy.db")
    shutil.copy(empty, path)
    desk = Desk(path, FUNNELS[0])
    for kind, text in (first, second):
        before = desk.content()
        try:
            taken = take(desk, text, kind, on_duplicate=policy)
        except BadData:
            assert desk.content() == before
            continue
        after = desk.content()
        assert_sound(desk)
        again = take(desk, text, kind, on_duplicate=policy)
        assert (again.created, again.operation) == (0, None)
        assert desk.content() == after
        if taken.operation is not None:
            desk.undo()
            assert desk.content() == before
            desk.redo()
            assert desk.content() == after
    desk.conn.close()


def _lines(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"K{number},Lead {number}\n"


@pytest.mark.slow
def test_memory_stays_flat(desk: Desk) -> None:
    import tracemalloc

    def peak(count: int) -> int:
        text = "key,name\n" + "".join(_lines(count))
        tracemalloc.start()
        take(desk, text, on_duplicate="skip")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found - 2 * len(text)

    assert peak(40_000) < 3 * peak(10_000)
