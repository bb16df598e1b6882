"""A directory of files that are read together: plain files of its own, never what a link leads to."""

from __future__ import annotations

import os
from contextlib import contextmanager
from stat import S_ISREG

from funnelctl.errors import BadData, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import BinaryIO

MADE_BY = "name the file to import; of directories only those that export all has written come in"


def is_directory(path: str, name: str) -> bool:
    """Whether there is a directory at ``path``, in which there is something called ``name``.

    Raises:
        BadData: there is another directory.
    """
    if not os.path.isdir(path):
        return False
    if not os.path.lexists(os.path.join(path, name)):
        raise BadData(f"{title_of(path)} is a directory without {name}; nothing was saved", MADE_BY)
    return True


def title_of(path: str) -> str:
    """How messages call it."""
    return os.path.basename(os.path.abspath(path)) or path


def refuse_others(path: str, ending: str, known: Collection[str]) -> None:
    """See that the directory has no file with this ending but those that are ``known``.

    Raises:
        BadData: it has.
    """
    try:
        strange = sorted(name for name in os.listdir(path) if name.endswith(ending) and name not in known)
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}") from error
    if strange:
        raise BadData(
            f"{title_of(path)} holds {strange[0][:60]!r}, which was not exported with the rest; nothing was saved",
            "take it out of the directory",
        )


@contextmanager
def opened_in(path: str, name: str) -> Iterator[BinaryIO]:
    """The file ``name``, which is no path, in the directory at ``path``.

    Raises:
        BadData: it is not there, or no plain file.
        Trouble: it cannot be read.
    """
    whole = os.path.join(path, name)
    wrong = f"{title_of(path)}/{name[:60]}"
    # A pipe must not be waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if os.path.islink(whole):
        raise BadData(f"{wrong} is a link; nothing was saved", "put the file itself there")
    try:
        handle = os.open(whole, flags)
    except FileNotFoundError:
        raise BadData(
            f"{wrong} is not there; nothing was saved", "is it the directory that export all has written?"
        ) from None
    except OSError as error:
        raise Trouble(f"{wrong} cannot be read: {error.strerror}") from error
    with os.fdopen(handle, "rb") as stream:
        if not S_ISREG(os.fstat(handle).st_mode):
            raise BadData(f"{wrong} is no plain file; nothing was saved", "export the book again")
        yield stream
