"""A file that is written for the user: there whole or not at all, readable by its owner alone, never over another one
unawares."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from funnelctl.errors import Conflict, Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@contextmanager
def written_whole(path: str, *, force: bool | None, never: str) -> Iterator[BinaryIO]:
    """A stream whose content is at ``path`` when it was closed without an error, and brought to the disk.

    It is written under another name first. ``force`` lets it take the place of a file, or of a link, whose target
    stays; of the file ``never`` and of a directory it doesn't in any case. ``None`` where nothing could force it.

    Raises:
        Conflict: there is something at ``path``.
        Trouble: it cannot be written there.
    """
    refuse_taken(path, force=force, never=never)
    unfinished = f"{path}.{os.urandom(4).hex()}.new"
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(unfinished, flags, 0o600)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        _appear(unfinished, path, force=force)
    except OSError as error:
        raise Trouble(f"{path} could not be written: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)


def refuse_taken(path: str, *, force: bool | None, never: str) -> None:
    """See that ``written_whole`` would find its place free. Raises ``Conflict``."""
    if os.path.isdir(path):
        raise Conflict(f"{path} is a directory", hint="name a file in it")
    if os.path.exists(path) and os.path.exists(never) and os.path.samefile(path, never):
        raise Conflict(f"{path} is the book itself; it was left as it is")
    if os.path.lexists(path) and not force:
        raise _taken(path, force)


def taken_away(path: str) -> None:
    """Remove what was written, since what it belongs to has not come to be."""
    with suppress(OSError):
        os.unlink(path)


def _appear(unfinished: str, path: str, *, force: bool | None) -> None:
    if force:
        os.replace(unfinished, path)
    else:
        try:
            os.link(unfinished, path)  # fails where the name is taken meanwhile
        except FileExistsError:
            raise _taken(path, force) from None
        except OSError:  # a memory stick may know no links
            if os.path.lexists(path):
                raise _taken(path, force) from None
            os.rename(unfinished, path)
    names_to_disk(os.path.dirname(os.path.abspath(path)))


def names_to_disk(directory: str) -> None:
    """Bring to the disk which files a directory has."""
    if os.name == "posix":
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _taken(path: str, force: bool | None) -> Conflict:
    hint = "name another file" if force is None else "--force writes over it"
    return Conflict(f"there is something at {path} already; it was left as it is", hint)
