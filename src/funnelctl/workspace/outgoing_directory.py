"""A directory of files that is written for the user: there whole or not at all, readable by its owner alone, never in
the place of anything but its own like."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress

from funnelctl.errors import Conflict, Trouble
from funnelctl.workspace.outgoing import names_to_disk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from contextlib import AbstractContextManager
    from typing import BinaryIO


@contextmanager
def directory_whole(
    path: str, names: Collection[str], *, force: bool
) -> Iterator[Callable[[str], AbstractContextManager[BinaryIO]]]:
    """A function that gives a new file of a name as a stream. All of them are at ``path`` when no error has occurred.

    They are written under another name first. ``force`` lets the directory take the place of an older one that holds
    nothing but files of these ``names``; of anything else, or of a link, it never does.

    Raises:
        Conflict: there is something at ``path``.
        Trouble: it cannot be written there.
    """
    path = path.rstrip(os.sep) or os.sep
    _refuse_taken(path, names, force=force)
    unfinished = f"{path}.{os.urandom(4).hex()}.new"
    written: list[str] = []

    @contextmanager
    def create(name: str) -> Iterator[BinaryIO]:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        written.append(name)
        with os.fdopen(os.open(os.path.join(unfinished, name), flags, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())

    try:
        os.mkdir(unfinished, 0o700)
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}") from error
    try:
        yield create
        names_to_disk(unfinished)
        _appear(unfinished, path, names, force=force)
        names_to_disk(os.path.dirname(os.path.abspath(path)))
    except OSError as error:
        raise Trouble(f"{path} could not be written: {error.strerror}") from error
    finally:
        _removed(unfinished, written)


def _refuse_taken(path: str, names: Collection[str], *, force: bool) -> None:
    if not os.path.lexists(path):
        return
    if os.path.islink(path) or not os.path.isdir(path):
        raise Conflict(f"{path} is no directory; it was left as it is", hint="name one that is not there yet")
    if not force:
        raise _taken(path)
    try:
        strange = sorted(set(os.listdir(path)) - set(names))
    except OSError as error:
        raise Trouble(f"{path} cannot be read: {error.strerror}") from error
    if strange:
        raise Conflict(
            f"{path} holds {strange[0][:60]!r}, which is not from an export; it was left as it is",
            hint="name a directory that is not there yet",
        )


def _appear(unfinished: str, path: str, names: Collection[str], *, force: bool) -> None:
    if not os.path.lexists(path):
        os.rename(unfinished, path)  # fails where a directory with something in it has come meanwhile
        return
    _refuse_taken(path, names, force=force)
    old = f"{path}.{os.urandom(4).hex()}.old"
    os.rename(path, old)
    try:
        os.rename(unfinished, path)
    except OSError:
        os.rename(old, path)
        raise
    _removed(old, names)


def _removed(path: str, names: Collection[str]) -> None:
    """Take away a directory with its files of these ``names``; one that holds anything else stays."""
    for name in names:
        with suppress(OSError):
            os.unlink(os.path.join(path, name))
    with suppress(OSError):
        os.rmdir(path)


def _taken(path: str) -> Conflict:
    return Conflict(f"there is something at {path} already; it was left as it is", hint="--force writes it anew")
