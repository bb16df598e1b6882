"""Cards that an import has left out, byte for byte as they stood in their file, each with a line that tells why."""

from __future__ import annotations

from funnelctl.core.importing.lines import Lines
from funnelctl.core.importing.sheet import CARD_REASON
from funnelctl.core.importing.vcard import pieces, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO, TextIO

    from funnelctl.core.importing.sheet import Sheet

_AFTER_ALL = 1 << 62  # no line has a larger number


def write_cards(out: TextIO, stream: BinaryIO, sheet: Sheet, name: str, reason: Callable[[int], str]) -> None:
    """Write the cards, and what stands outside of any, for which there is a ``reason``, by the line on which they
    begin; ``stream`` is called ``name``."""
    text = text_of(stream, sheet.encoding)
    for start, lines in _as_written(Lines(text, name, sheet.encoding), name):
        if why := reason(start):
            end = lines[0][len(lines[0].rstrip("\r\n")) :] or "\n"
            # what begins a card has to come first, and its version next
            place = next((n for n, line in enumerate(lines) if not line.upper().startswith(("BEGIN:", "VERSION:"))), 1)
            said = f"{CARD_REASON}:{why}".encode(sheet.encoding, "replace").decode(sheet.encoding)
            out.writelines([*lines[:place], f"{said}{end}", *lines[place:]])
            out.write("" if lines[-1].endswith(("\r", "\n")) else end)
    text.detach()


def _as_written(lines: Lines, name: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which each piece of the file begins, and its lines as they are, without older reasons."""
    seen: list[tuple[int, str]] = []

    def watched() -> Iterator[str]:
        for number, line in enumerate(lines, 1):
            seen.append((number, line))
            yield line

    def up_to(end: int) -> list[str]:
        found = [line for number, line in seen if number < end]
        del seen[: len(found)]
        kept, older = [], False
        for line in found:
            older = line.upper().startswith(CARD_REASON) or (older and line.startswith((" ", "\t")))
            if not older:
                kept.append(line)
        return kept

    start = 0
    for piece in pieces(watched(), name):
        before = up_to(piece.start)
        if start:
            yield start, before
        start = piece.start
    if start:
        yield start, up_to(_AFTER_ALL)
