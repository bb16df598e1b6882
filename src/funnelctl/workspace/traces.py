"""Looking for words in the bytes of a file that is no book: a journal, or a copy that was not finished."""

from __future__ import annotations

import os


def holds_none(path: str) -> bool:
    """Whether the file is empty."""
    return os.path.getsize(path) == 0


def found_in(path: str, words: list[str]) -> bool:
    """Whether one of ``words`` stands in the file. That none does says nothing: it may be compressed, or lie in two
    places."""
    import mmap

    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(word.encode()) >= 0 for word in words)
