"""The bytes of a file to be imported, or of what is piped in."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

from funnelctl.errors import NotFound, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file at ``path``, ``-`` for standard input, as a stream that can be read from its start again.

    What comes through a pipe is kept in an unnamed temporary file first: it may come slowly, and must not hold the
    book's lock while it does.

    Raises ``NotFound`` where there is no such file, ``Trouble`` where it cannot be read.
    """
    try:
        source = sys.stdin.buffer if path == "-" else open(path, "rb")  # noqa: SIM115 - closed below
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", "- reads standard input") from None
    except OSError as error:
        raise Trouble(
            f"{path} cannot be read: {error.strerror}", hint="see that it is a file that you may read"
        ) from error
    try:
        if path != "-" and source.seekable():
            yield source
        else:
            import shutil
            import tempfile

            with tempfile.TemporaryFile() as kept:
                shutil.copyfileobj(source, kept)
                kept.seek(0)
                yield kept
    finally:
        if path != "-":
            source.close()


def name_of(path: str) -> str:
    """How messages call it."""
    return "standard input" if path == "-" else os.path.basename(path)
