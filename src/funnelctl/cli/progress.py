"""How far a long file was read, for people at a terminal."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from funnelctl.core.importing.sheet import Row

AFTER_SECONDS = 1.0
EVERY_SECONDS = 0.2
AT_ONCE = 500  # rows between two looks at the clock


def watched(rows: Iterator[Row], stream: BinaryIO, name: str, *, quiet: bool) -> Iterator[Row]:
    """The rows that come out of ``stream``, and on a terminal after a second how many were read, of how much."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return rows
    return _told(rows, stream, name)


def _told(rows: Iterator[Row], stream: BinaryIO, name: str) -> Iterator[Row]:
    from funnelctl.core.text import clean

    size = os.fstat(stream.fileno()).st_size
    due, is_shown = time.monotonic() + AFTER_SECONDS, False
    try:
        for number, row in enumerate(rows, 1):
            if number % AT_ONCE == 0 and time.monotonic() > due:
                share = f" ({min(100 * stream.tell() // size, 100)} %)" if size else ""
                sys.stderr.write(f"\r{clean(name)}: {number:,} rows read{share}")
                sys.stderr.flush()
                due, is_shown = time.monotonic() + EVERY_SECONDS, True
            yield row
    finally:
        if is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
