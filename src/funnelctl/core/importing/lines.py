"""The lines of a text file, each with what is wrong with it."""

from __future__ import annotations

from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

LONGEST_LINE = 1 << 24  # characters; more is no record


class Lines:
    """The lines of a text, each with its end, as the csv module takes them."""

    def __init__(self, text: TextIO, name: str, encoding: str) -> None:
        self._next = text.readline
        self._name, self._encoding = name, encoding
        self._read = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        try:
            line = self._next(LONGEST_LINE)
        except UnicodeError as error:
            raise undecodable(error, self._read, self._name, self._encoding) from None
        if not line:
            raise StopIteration
        self._read += 1
        if "\0" in line:
            raise BadData(
                f"{self._name}: line {self._read:,} holds a NUL character; nothing was saved",
                "is it text at all? if a program wrote it as UTF-16: --encoding utf-16-le",
            )
        if len(line) == LONGEST_LINE:
            raise BadData(
                f"{self._name}: line {self._read:,} is too long to be a record; nothing was saved",
                "is it a CSV file, with a line a record?",
            )
        return line


def undecodable(error: UnicodeError, read: int, name: str, encoding: str) -> BadData:
    """What is said of text that is not in its ``encoding``; ``read`` lines of the file have come out before.

    A block is decoded as a whole: the lines in it before the bad byte have not come out yet.
    """
    line = read + 1
    if isinstance(error, UnicodeDecodeError):
        before = error.object[: error.start].decode(encoding, "replace")
        line += before.count("\n") or before.count("\r")
    return BadData(
        f"{name}: line {line:,} is not {encoding.upper().removesuffix('-SIG')} text; nothing was saved",
        "say how the file is encoded, for example --encoding cp1252 (Windows), or save it as UTF-8",
    )
