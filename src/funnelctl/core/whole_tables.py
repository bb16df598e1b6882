"""A whole book as a directory of CSV: a file a table, and a manifest that seals them all.

The manifest says of each file what its columns hold, how many rows it has, and its digest; a digest of its own closes
it. A cell is a text that no spreadsheet runs (``guard``), a whole number or a decimal; an empty one is no value at all,
and ``'`` by itself is the empty text.
"""

from __future__ import annotations

from funnelctl.core.guard import guarded, unguarded
from funnelctl.core.record import NamedTuple
from funnelctl.core.whole import AGAIN, Header, Row, are_numbers, json_object, refused
from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, BinaryIO

SCHEMA = "funnelctl/export-all-csv/1"
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1_000_000  # bytes
SEAL = "sha256"
BLOCK = 1 << 20


class Sealed(NamedTuple):
    """What the manifest says of one file. ``columns`` gives their types in their order: ``TEXT``, ``INTEGER`` or
    ``REAL``."""

    columns: dict[str, str]
    rows: int
    sha256: str


class Manifest(NamedTuple):
    """``version`` is that of the tables, ``counters`` the highest ids ever given, ``files`` goes by table."""

    version: int
    counters: dict[str, int]
    files: dict[str, Sealed]

    @property
    def header(self) -> Header:
        """The same as at the beginning of a single file."""
        return Header(self.version, self.counters, {table: file.rows for table, file in self.files.items()})

    def as_object(self) -> dict[str, Any]:
        """As it is written."""
        files = {file_of(table): file._asdict() for table, file in self.files.items()}
        whole = {"schema": SCHEMA, "version": self.version, "counters": self.counters, "files": files}
        return {**whole, SEAL: _digest(whole)}


def file_of(table: str) -> str:
    """How the file of a table is called."""
    return f"{table}.csv"


def written_table(
    columns: dict[str, str],
    rows: Iterable[tuple[Any, ...]],
    record: Callable[[Iterable[str]], str],
    write: Callable[[bytes], object],
) -> Sealed:
    """Write a table, and say how it was sealed. ``record`` makes a line of CSV from cells."""
    from hashlib import sha256

    seal = sha256()

    def put(cells: Iterable[str]) -> None:
        line = record(cells).encode()
        seal.update(line)
        write(line)

    put(columns)
    number = 0
    for row in rows:
        number += 1
        put(map(_cell, row))
    return Sealed(columns, number, seal.hexdigest())


def read_manifest(stream: BinaryIO, name: str) -> Manifest:
    """The manifest of the directory that messages call ``name``.

    Raises:
        BadData: it was altered, or a newer funnelctl wrote it.
    """
    raw = stream.read(LARGEST_MANIFEST + 1)
    found = (json_object(raw) if len(raw) <= LARGEST_MANIFEST else None) or {}
    if found.get("schema") != SCHEMA:
        if str(found.get("schema")).startswith(SCHEMA.rstrip("1")):
            raise _newer(name)
        raise BadData(f"{name} is no book that was exported; nothing was saved", "export one: export all DIR/")
    seal = found.pop(SEAL, None)
    if seal != _digest(found):
        raise BadData(f"{name}: {MANIFEST} was altered after it was written; nothing was saved", AGAIN)
    files = _files(found.get("files"))
    if files is None or not isinstance(found.get("version"), int) or not are_numbers(found.get("counters")):
        raise BadData(f"{name}: {MANIFEST} is not one that funnelctl writes; nothing was saved", AGAIN)
    return Manifest(found["version"], found["counters"], files)


def check_seal(stream: BinaryIO, file: Sealed, name: str) -> None:
    """See that the file of a table is as it was written; it is read from its start again afterwards.

    Raises:
        BadData: it is not.
    """
    from hashlib import sha256

    seal = sha256()
    while block := stream.read(BLOCK):
        seal.update(block)
    stream.seek(0)
    if seal.hexdigest() != file.sha256:
        raise BadData(f"{name} was altered after it was written; nothing was saved", AGAIN)


def read_table(stream: BinaryIO, table: str, file: Sealed, name: str) -> Iterator[Row]:
    """The rows of a table; ``name`` is how messages call its file, which is closed afterwards.

    Raises:
        BadData: a row is none that funnelctl writes.
    """
    from funnelctl.core.importing.delimited import read_sheet
    from funnelctl.core.importing.problems import Problems

    problems = Problems()
    sheet = read_sheet(stream, name, problems, encoding="utf-8", delimiter=",")
    try:
        if sheet.header != tuple(file.columns):
            raise refused(name, 1, f"the columns are not those that {MANIFEST} names")
        for line, cells in sheet.rows:
            try:
                values = {
                    column: _value(cell, kind) for cell, (column, kind) in zip(cells, file.columns.items(), strict=True)
                }
            except ValueError:
                raise refused(name, line, f"a cell holds no number where {MANIFEST} says that it does") from None
            yield Row(line, table, values, name)
        problems.refuse(name)
    finally:
        stream.close()  # before what reads text from it goes


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return guarded(value) or "'" if isinstance(value, str) else repr(value)


def _value(cell: str, kind: str) -> Any:
    if cell == "":
        return None
    if kind == "TEXT":
        return unguarded(cell)
    value: int | float = int(cell) if kind == "INTEGER" else float(cell)
    if repr(value) != cell:  # 007, 1_000, nan
        raise ValueError
    return value


def _digest(found: object) -> str:
    import json
    from hashlib import sha256

    return sha256(json.dumps(found, separators=(",", ":")).encode()).hexdigest()


def _files(found: object) -> dict[str, Sealed] | None:
    """What the manifest says of the files by table, ``None`` where it says anything else."""
    if not isinstance(found, dict):
        return None
    files = {}
    for file, sealed in found.items():
        if not isinstance(sealed, dict) or sealed.keys() != set(Sealed._fields):
            return None
        if not isinstance(sealed["columns"], dict) or not are_numbers({"rows": sealed["rows"]}):
            return None
        files[file.removesuffix(".csv")] = Sealed(**sealed)
    return files


def _newer(name: str) -> BadData:
    return BadData(f"{name} was written by a newer funnelctl; nothing was saved", "upgrade funnelctl to read it")
