"""``funnelctl import`` of a whole book: what ``export all`` has written, as a file or as a directory of CSV, comes back
into an empty one."""

from __future__ import annotations

import json
import os
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from commandline import Cli, InProcess

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, empty_book: Path) -> Path:
    """Where a book was exported to ``book.jsonl`` and to ``book``."""
    home = tmp_path_factory.mktemp("written")
    call = InProcess(home, Path(shutil.copy(empty_book, home / "book.db")))
    call("lead add Ada --email ada@example.com --note =1+1 --at 2026-10-01")
    call("advance Ada --title Audit --value '10 EUR' --at 2026-10-02")
    call("opp edit Audit --probability 33.3%")
    call("lead add Bob")
    call("export all book.jsonl")
    call("export all book/")
    return home


@pytest.fixture
def exported(call: Cli, written: Path) -> Cli:
    """An empty book, and these files beside it."""
    shutil.copy(written / "book.jsonl", call.home)
    shutil.copytree(written / "book", call.home / "book")
    return call


def test_it_comes_back_in_one_step(exported: Cli) -> None:
    content = (exported.home / "book.jsonl").read_text()
    said = exported("import -", stdin=content)
    assert said.out == "took in a whole book: 2 leads, 1 opportunity, 4 moves; undo takes it back\n"
    assert exported("export all").out == content
    before = exported.dump()
    for form in ("book.jsonl", "book", "./book/"):
        assert exported(f"import {form}").out == "nothing to change: the book holds all of it already\n"
    assert exported.dump() == before
    exported("undo")
    assert exported.dump()["lead"] == []
    exported("redo")
    assert exported("export all").out == content


def test_so_does_a_directory(exported: Cli) -> None:
    said = exported("import book")
    assert said.out == "took in a whole book: 2 leads, 1 opportunity, 4 moves; undo takes it back\n"
    assert exported("export all").out == (exported.home / "book.jsonl").read_text()
    exported("undo")
    assert exported.dump()["lead"] == []


def test_a_file_for_a_terminal_without_unicode_is_the_same_book(exported: Cli) -> None:
    exported("lead add Zoë")
    content = re.sub(r"[^\x00-\x7f]", lambda found: f"\\u{ord(found[0]):04x}", exported("export all").out)
    lines = content.splitlines(keepends=True)
    end = {**json.loads(lines[-1]), "sha256": sha256("".join(lines[:-1]).encode()).hexdigest()}
    content = "".join(lines[:-1]) + json.dumps(end, separators=(",", ":")) + "\n"
    assert "nothing to change" in exported("import -", stdin=content).out


@pytest.mark.parametrize("form", ["book.jsonl", "book"])
def test_what_programs_are_told(exported: Cli, form: str) -> None:
    told = exported.json(f"import {form}")
    assert (told["created"], told["also_created"], told["unchanged"], told["operation"]) == (3, {}, 0, 1)
    again = exported.json(f"import {form}")
    assert (again["created"], again["unchanged"], again["operation"]) == (0, 3, None)


@pytest.mark.parametrize("form", ["book.jsonl", "book"])
def test_a_dry_run_changes_nothing(exported: Cli, form: str) -> None:
    before = exported.dump()
    said = exported(f"import {form} --dry-run")
    assert said.out == "a whole book: 2 leads, 1 opportunity, 4 moves\n"
    assert exported.dump() == before


@pytest.mark.parametrize("form", ["book.jsonl", "book"])
def test_a_book_with_something_in_it_is_left_alone(exported: Cli, form: str) -> None:
    exported("lead add Carl")
    before = exported.dump()
    assert "where nothing is yet" in exported(f"import {form}", 4).message
    assert exported.dump() == before


def test_a_file_that_was_cut_off_or_altered_is_refused(exported: Cli) -> None:
    before = exported.dump()
    content = (exported.home / "book.jsonl").read_bytes()
    for name, other, why in (
        ("cut.jsonl", content[:-70], "is cut off after line"),
        ("changed.jsonl", content.replace(b"ada@", b"eve@"), "was altered after it was written"),
        ("windows.jsonl", b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"), "was altered after it was written"),
        ("spaced.jsonl", content.replace(b'":', b'": '), "was altered after it was written"),
    ):
        (exported.home / name).write_bytes(other)
        assert f"{name} {why}" in exported(f"import {name}", 65).message
    assert exported.dump() == before


@pytest.mark.parametrize("form", ["book.jsonl", "book"])
@pytest.mark.parametrize("said", ["--as leads", "--at 2026-01-01", "--match email", "--map name=name"])
def test_what_says_how_to_read_it_is_refused(exported: Cli, form: str, said: str) -> None:
    assert "says itself what everything is" in exported(f"import {form} {said}", 2).message


# --- a directory that is not as it was written


def altered(old: str, new: str, file: str = "lead.csv") -> Callable[[Path], None]:
    def alter(book: Path) -> None:
        path = book / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return alter


def linked(book: Path) -> None:
    shutil.move(book / "lead.csv", book.parent / "elsewhere.csv")
    (book / "lead.csv").symlink_to(book.parent / "elsewhere.csv")


def manifest_linked(book: Path) -> None:
    shutil.move(book / "manifest.json", book.parent / "elsewhere.json")
    (book / "manifest.json").symlink_to(book.parent / "elsewhere.json")


def piped(book: Path) -> None:
    (book / "lead.csv").unlink()
    os.mkfifo(book / "lead.csv")


@pytest.mark.parametrize(
    ("alter", "why"),
    [
        (altered("ada@", "eve@"), "book/lead.csv was altered after it was written"),
        (altered("Ada", '"Ada"'), "book/lead.csv was altered after it was written"),
        (altered('"lead": 2', '"lead": 9', "manifest.json"), "book: manifest.json was altered after it was written"),
        (altered("csv/1", "csv/2", "manifest.json"), "book was written by a newer funnelctl"),
        (altered("funnelctl", "other", "manifest.json"), "book is no book that was exported"),
        (altered("{", "[", "manifest.json"), "book is no book that was exported"),
        (lambda book: (book / "move.csv").unlink(), "book/move.csv is not there"),
        (lambda book: (book / "manifest.json").unlink(), "book is a directory without manifest.json"),
        (lambda book: (book / "leads.csv").write_text("id\n"), "book holds 'leads.csv', which was not exported"),
        (linked, "book/lead.csv is a link"),
        (manifest_linked, "book/manifest.json is a link"),
        (piped, "book/lead.csv is no plain file"),
    ],
)
def test_a_directory_that_is_not_as_it_was_written_is_refused(
    exported: Cli, alter: Callable[[Path], None], why: str
) -> None:
    before = exported.dump()
    alter(exported.home / "book")
    message = exported("import book", 65).message
    assert message.startswith(why)
    assert message.endswith("nothing was saved")
    assert exported.dump() == before


def sealed_anew(book: Path, change: Callable[[dict[str, Any]], None] = lambda found: None) -> None:
    """As somebody would who knows how the manifest is made."""
    manifest = book / "manifest.json"
    found = json.loads(manifest.read_text())
    for name, file in found["files"].items():
        file["sha256"] = sha256((book / name).read_bytes()).hexdigest()
    change(found)
    del found["sha256"]
    found["sha256"] = sha256(json.dumps(found, separators=(",", ":")).encode()).hexdigest()
    manifest.write_text(json.dumps(found))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1,Ada", "1.0,Ada"),
        ("1,Ada", "01,Ada"),
        ("1,Ada", ",Ada"),
        ("1,Ada", "-1,Ada"),
        ("1,Ada", f"{'9' * 5000},Ada"),
        ("Ada,", ","),
        ("Ada,", "',"),
        ("Ada,", '"Ada'),
        ("Ada,", "Ada,,"),
        ("Ada,", "A\0da,"),
        ("id,name", "id,nome"),
        ("id,name", "id,id"),
        ("[]", "{}"),
        ("enquiry", "nowhere"),
    ],
)
def test_nor_is_a_row_that_no_book_can_hold(exported: Cli, old: str, new: str) -> None:
    before = exported.dump()
    altered(old, new)(exported.home / "book")
    sealed_anew(exported.home / "book")
    assert "nothing was saved" in exported("import book", 65).message
    assert exported.dump() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found.update(version=99),
        lambda found: found.update(version="1"),
        lambda found: found.update(counters={"lead": "x"}),
        lambda found: found.update(files=[]),
        lambda found: found["files"].update({"../../etc/passwd.csv": found["files"]["lead.csv"]}),
        lambda found: found["files"].update({"operation.csv": found["files"]["lead.csv"]}),
        lambda found: found["files"]["lead.csv"].update(rows=1),
        lambda found: found["files"]["lead.csv"].update(rows=True),
        lambda found: found["files"]["lead.csv"].update(columns=["id"]),
        lambda found: found["files"]["lead.csv"]["columns"].update(id="TEXT"),
        lambda found: found["files"]["lead.csv"]["columns"].update(id=["INTEGER"]),
        lambda found: found["files"]["lead.csv"].update(more=1),
        lambda found: found["files"].pop("lead.csv"),
    ],
)
def test_nor_a_manifest_that_says_anything_else(exported: Cli, change: Callable[[dict[str, Any]], None]) -> None:
    before = exported.dump()
    sealed_anew(exported.home / "book", change)
    assert "nothing was saved" in exported("import book", 65).message
    assert exported.dump() == before


def test_a_directory_of_something_else(exported: Cli) -> None:
    said = exported("import .", 65)
    assert said.message.endswith("is a directory without manifest.json; nothing was saved")
    assert said.hint == "name the file to import; of directories only those that export all has written come in"
