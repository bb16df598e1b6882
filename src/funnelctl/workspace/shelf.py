"""The funnel files: the user's own before those that were shipped, each known by the key that it declares."""

from __future__ import annotations

import os

from funnelctl.core.record import NamedTuple
from funnelctl.errors import Conflict, NotFound, Trouble
from funnelctl.workspace import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.funnel import Funnel

LARGEST = 64 * 1024


class Source(NamedTuple):
    """One funnel file. ``shipped`` tells ours from the user's own, which win over ours of the same key."""

    key: str
    path: str
    shipped: bool


class Shelf:
    """All funnel files that there are; read once a command."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] | None = None

    def sources(self) -> list[Source]:
        """All funnels by key."""
        if self._sources is None:
            found: dict[str, Source] = {}
            for directory in places.funnel_directories():
                for path in yaml_files(directory):
                    key = declared_key(path)
                    found.setdefault(key, Source(key, path, shipped=False))
            for path in yaml_files(places.shipped("funnels")):
                key = _stem(path)
                found.setdefault(key, Source(key, path, shipped=True))
            self._sources = found
        return [self._sources[key] for key in sorted(self._sources)]

    def find(self, key: str) -> Source | None:
        """The file of that key."""
        return next((source for source in self.sources() if source.key == key), None)

    def stamp(self, key: str) -> str | None:
        """A text that changes when the file of that key does; ``None`` where there is no file."""
        source = self.find(key)
        if source is None:
            return None
        try:
            status = os.stat(source.path)
        except OSError:
            return None
        return f"{source.path}:{status.st_mtime_ns}:{status.st_size}:{status.st_ino}"

    def read(self, key: str) -> Funnel:
        """The funnel of that key.

        Raises:
            NotFound: no file has the key.
            BadData: the file is not valid; all problems at once.
        """
        source = self.find(key)
        if source is None:
            raise NotFound(f"there is no funnel {key!r}", hint="funnelctl funnel list shows those that there are")
        return read_path(source.path)


def read_path(path: str) -> Funnel:
    """The funnel in the file at ``path``.

    Raises:
        NotFound: there is no such file.
        BadData: it is not valid; all problems at once.
    """
    from funnelctl.workspace.funnel_source import read_funnel

    return read_funnel(bytes_of(path), path)


def bytes_of(path: str) -> bytes:
    """The bytes of a small file; one byte more than the largest allowed, so that the reader can refuse it.

    Raises:
        NotFound: there is no such file.
        Trouble: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            return file.read(LARGEST + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", hint="is it spelt right? a path starts where you are") from None
    except OSError as error:
        raise Trouble(
            f"{path} cannot be read: {error.strerror}", hint="see that it is a file that you may read"
        ) from error


def write_new(path: str, data: bytes) -> None:
    """Write a file that is not there yet, for its owner alone.

    Raises:
        Conflict: there is something at ``path`` already.
        Trouble: it cannot be written.
    """
    places.make_directory_of(path)
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)
    except FileExistsError:
        raise Conflict(f"there is a file {path} already; it was left as it is", hint="choose another name") from None
    except OSError as error:
        raise Trouble(f"{path} cannot be written: {error.strerror}") from error


def declared_key(path: str) -> str:
    """The key that a funnel file declares, by its ``funnel:`` line alone; the name of the file where there is none."""
    try:
        text = bytes_of(path).decode("utf-8-sig", "replace")
    except (NotFound, Trouble):
        return _stem(path)
    for line in text.splitlines():
        if line.startswith("funnel:"):
            value = line.removeprefix("funnel:").split(" #", 1)[0].strip().strip("'\"")
            return value or _stem(path)
    return _stem(path)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def yaml_files(directory: str) -> list[str]:
    """The YAML files in a directory, by name; none where it cannot be read."""
    try:
        names = os.listdir(directory)
    except OSError:
        return []
    return [os.path.join(directory, name) for name in sorted(names) if name.endswith((".yaml", ".yml"))]
