"""A directory that is written for the user: whole or not at all, for its owner alone, never in another's place."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from funnelctl.errors import Conflict, Trouble
from funnelctl.workspace.outgoing_directory import directory_whole

NAMES = ("a.csv", "b.csv")


def write(path: Path | str, text: str = "x", *, force: bool = False) -> None:
    with directory_whole(str(path), NAMES, force=force) as create:
        for name in NAMES:
            with create(name) as stream:
                stream.write(text.encode())


def content(path: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in path.iterdir()}


def test_it_is_there_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    write(f"{tmp_path}/book/")
    assert content(tmp_path / "book") == {"a.csv": "x", "b.csv": "x"}
    assert stat.S_IMODE((tmp_path / "book").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "book").iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_or_not_at_all(tmp_path: Path, error: type[BaseException]) -> None:
    def interrupted(path: Path, *, force: bool) -> None:
        with directory_whole(str(path), NAMES, force=force) as create, create("a.csv") as stream:
            stream.write(b"half")
            raise error

    write(tmp_path / "old")
    for path, force in ((tmp_path / "book", False), (tmp_path / "old", True)):
        with pytest.raises(error):
            interrupted(path, force=force)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert content(tmp_path / "old") == {"a.csv": "x", "b.csv": "x"}


def test_a_disk_that_is_full_is_told(tmp_path: Path) -> None:
    def filled() -> None:
        with directory_whole(str(tmp_path / "book"), NAMES, force=False) as create, create("a.csv"):
            raise OSError(28, "No space left on device")

    with pytest.raises(Trouble, match="book could not be written: No space left"):
        filled()
    assert list(tmp_path.iterdir()) == []


def test_force_puts_it_in_the_place_of_an_older_one_alone(tmp_path: Path) -> None:
    book = tmp_path / "book"
    write(book)
    with pytest.raises(Conflict, match=r"something at .*book already"):
        write(book, "y")
    write(book, "y", force=True)
    assert content(book) == {"a.csv": "y", "b.csv": "y"}
    (book / "mine.txt").write_text("mine")
    with pytest.raises(Conflict, match=r"holds 'mine\.txt', which is not from an export"):
        write(book, "z", force=True)
    assert content(book) == {"a.csv": "y", "b.csv": "y", "mine.txt": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


def test_what_comes_meanwhile_stays(tmp_path: Path) -> None:
    book = tmp_path / "book"

    def overtaken() -> None:
        with directory_whole(str(book), NAMES, force=False):
            book.mkdir()
            (book / "mine.txt").write_text("mine")

    with pytest.raises(Conflict):
        overtaken()
    assert content(book) == {"mine.txt": "mine"}
    assert [path.name for path in tmp_path.iterdir()] == ["book"]


@pytest.mark.parametrize("force", [False, True])
def test_a_file_or_a_link_is_no_place_for_it(tmp_path: Path, force: bool) -> None:
    (tmp_path / "file").write_text("mine")
    write(tmp_path / "old")
    (tmp_path / "link").symlink_to(tmp_path / "old")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link", "dangling", "link/"):
        with pytest.raises(Conflict, match="is no directory; it was left as it is"):
            write(f"{tmp_path}/{name}", "y", force=force)
    assert content(tmp_path / "old") == {"a.csv": "x", "b.csv": "x"}
    assert not (tmp_path / "nowhere").exists()


def test_a_place_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be written: No such file"):
        write(tmp_path / "nowhere" / "book")
