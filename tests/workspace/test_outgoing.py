"""A file that is written for the user is there whole or not at all, for its owner alone, and over nothing unawares."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from funnelctl.errors import Conflict, Trouble
from funnelctl.workspace.outgoing import written_whole


def write(path: Path, content: bytes = b"new", *, force: bool = False, never: str = "") -> None:
    with written_whole(str(path), force=force, never=never) as stream:
        stream.write(content)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_it_is_there_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path / "a.csv")
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600
    assert names(tmp_path) == ["a.csv"]


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")

    def interrupted() -> None:
        with written_whole(str(tmp_path / "a.csv"), force=True, never="") as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


def test_what_is_there_is_left_unless_forced(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"old")
    with pytest.raises(Conflict, match="left as it is"):
        write(tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    write(tmp_path / "a.csv", force=True)
    assert (tmp_path / "a.csv").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a.csv").stat().st_mode) == 0o600


def test_what_appears_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def overtaken() -> None:
        with written_whole(str(path), force=False, never="") as stream:
            stream.write(b"new")
            path.write_bytes(b"of another program")

    with pytest.raises(Conflict):
        overtaken()
    assert path.read_bytes() == b"of another program"
    assert names(tmp_path) == ["a.csv"]


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"precious")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("link", "dangling"):
        with pytest.raises(Conflict):
            write(tmp_path / name)
        write(tmp_path / name, force=True)
        assert not (tmp_path / name).is_symlink()
    assert (tmp_path / "target").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()


def test_the_book_and_directories_are_never_replaced(tmp_path: Path) -> None:
    book = tmp_path / "book.db"
    book.write_bytes(b"precious")
    (tmp_path / "link").symlink_to(book)
    os.link(book, tmp_path / "hard")
    for path in (book, tmp_path / "link", tmp_path / "hard", tmp_path):
        with pytest.raises(Conflict):
            write(path, force=True, never=str(book))
    assert book.read_bytes() == b"precious"


def test_where_nobody_can_write(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="No such file or directory"):
        write(tmp_path / "no" / "a.csv")
