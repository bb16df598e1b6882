"""``funnelctl import --dry-run``: what each row would do, and progress for people."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from funnelctl.cli import progress

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commandline import Cli

DRY = "import file.csv --as leads -n --on-error skip"


@pytest.fixture
def known(call: Cli) -> Cli:
    """Two leads are known; the file fills one, says nothing new of the other, and has three more rows."""
    (call.home / "file.csv").write_text("key,name,email,company\n1,Ada,,Old\n2,Bob,bob@example.com,\n")
    call("import file.csv --as leads")
    (call.home / "file.csv").write_text(
        "key,name,email,company\n1,Ada,ada@example.com,New\n2,Bob,,\n3,Cy,,\n3,Cy,,\n4,Di,di@,\n"
    )
    return call


def plan(run: Cli, words: str = "") -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in run.json(f"{DRY} {words}")["plan"]]


def test_each_row_says_what_it_would_do(known: Cli) -> None:
    before = known.dump()
    assert plan(known) == [
        (2, "fill", "L1", "email: - -> ada@example.com; says otherwise: company"),
        (3, "unchanged", "L2", None),
        (4, "create", "L3", None),
        (5, "skip", None, "a line above says the same"),
        (6, "conflict", None, 'email: "di@" is not an e-mail address'),
    ]
    assert known.dump() == before


def test_what_is_done_with_known_records_shows(known: Cli) -> None:
    assert plan(known, "--on-duplicate overwrite")[0] == (
        2, "overwrite", "L1", "company: Old -> New; email: - -> ada@example.com",
    )  # fmt: skip
    assert plan(known, "--on-duplicate skip")[:2] == [
        (2, "skip", "L1", "says otherwise: company, email"),
        (3, "skip", "L2", None),
    ]


def test_the_screen_shows_as_many_rows_as_are_asked_for(known: Cli) -> None:
    said = known(f"{DRY} --limit 2")
    assert "what each row would do" in said.out
    assert "create" not in said.out.split("what each row would do")[1]
    assert "what 3 more rows would do: --limit 5 shows all\n" in said.err
    assert known.json(f"{DRY} --limit 2")["plan_total"] == 5


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def rows(number: int) -> Iterator[tuple[int, list[str]]]:
    for line in range(number):
        yield line, []


def test_progress_is_for_terminals_and_for_long_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file.csv").write_bytes(b"x" * 100)
    with (tmp_path / "file.csv").open("rb") as stream:
        stream.read(40)
        for screen, quiet in ((Screen(), True), (io.StringIO(), False), (Screen(), False)):
            monkeypatch.setattr(sys, "stderr", screen)
            assert len(list(progress.watched(rows(2000), stream, "file.csv", quiet=quiet))) == 2000
            assert screen.getvalue() == ""
        monkeypatch.setattr(progress, "AFTER_SECONDS", -1.0)
        assert len(list(progress.watched(rows(600), stream, "file.csv", quiet=False))) == 600
    assert screen.getvalue() == "\rfile.csv: 500 rows read (40 %)\r\x1b[K"


def test_a_file_of_which_only_the_columns_are_there(call: Cli) -> None:
    (call.home / "file.csv").write_text("name,email\n")
    assert "the file has no rows" in call("import file.csv --as leads --dry-run").err
    assert call("import file.csv --as leads --format table").out == "the file has no rows\n"
