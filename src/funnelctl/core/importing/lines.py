"""The lines of a text file, each with what is wrong with it."""

from __future__ import annotations

from functools import partial
from itertools import chain, islice

from funnelctl.core.text import quoted
from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

LONGEST_LINE = 1 << 24  # characters; more is no record
FEW = 10  # lines that are held in memory, however long they are
USUAL = ("cp1252", "cp1250", "mac-roman")  # of Windows in the West and in Central Europe, of old Macs
DIVIDERS = (b" ", b"\n", b"\r", b"\t", b",", b";", b'"', b"|")
WORD = 20  # bytes of one at most, on either side of what cannot be read


class Lines:
    """The lines of a text, each with its end, as the csv module takes them. They can be gone through once."""

    def __init__(self, text: TextIO, name: str, encoding: str) -> None:
        self._text = text
        self._name, self._encoding = name, encoding

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[list[str]]:
        """A few lines at once: looking at each by itself takes as long as reading it."""
        lines = iter(partial(self._text.readline, LONGEST_LINE), "")
        read = 0
        while True:
            block: list[str] = []
            failed = None
            try:
                block += islice(lines, FEW)  # those before one that cannot be read are kept
            except UnicodeError as error:
                failed = undecodable(error, read + len(block), self._name, self._encoding)
            text = "".join(block)
            if "\0" in text or len(text) >= LONGEST_LINE:
                yield from self._looked_at(block, read)
            else:
                yield block
            if failed:
                raise failed
            if len(block) < FEW:
                return
            read += FEW

    def _looked_at(self, block: list[str], read: int) -> Iterator[list[str]]:
        """The lines one by one, up to one that is none; ``read`` of the file have come out before."""
        for number, line in enumerate(block, read + 1):
            if "\0" in line:
                raise BadData(
                    f"{self._name}: line {number:,} holds a NUL character; nothing was saved",
                    "is it text at all? if a program wrote it as UTF-16: --encoding utf-16-le",
                )
            if len(line) == LONGEST_LINE:
                raise BadData(
                    f"{self._name}: line {number:,} is too long to be a record; nothing was saved",
                    "is it a CSV file, with a line a record?",
                )
            yield [line]


def undecodable(error: UnicodeError, read: int, name: str, encoding: str) -> BadData:
    """What is said of text that is not in its ``encoding``; ``read`` lines of the file have come out before.

    A block is decoded as a whole: the lines in it before the bad byte have not come out yet.
    """
    line = read + 1
    hint = "say how the file is encoded, for example --encoding cp1252 (Windows), or save it as UTF-8"
    if isinstance(error, UnicodeDecodeError):
        before = error.object[: error.start].decode(encoding, "replace")
        line += before.count("\n") or before.count("\r")
        if encoding in ("utf-8", "utf-8-sig"):
            hint = f"say how the file is encoded: {_readings(error.object, error.start)}; or save it as UTF-8"
    return BadData(
        f"{name}: line {line:,} is not {encoding.upper().removesuffix('-SIG')} text; nothing was saved",
        hint,
    )


def _readings(block: bytes, place: int) -> str:
    """How the word around a byte would read, so that it can be seen which encoding is right."""
    start = max(block.rfind(sign, max(place - WORD, 0), place) for sign in DIVIDERS) + 1
    ends = [end for sign in DIVIDERS if (end := block.find(sign, place, place + WORD)) >= 0]
    word = block[max(start, place - WORD) : min(ends, default=place + WORD)]
    return ", ".join(f"--encoding {name} reads {quoted(word.decode(name, 'replace'))}" for name in USUAL)
