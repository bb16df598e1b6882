"""A whole book that goes out and comes back: ``export all``, and what ``import`` does with what that has written."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from funnelctl.core.period import instant
from funnelctl.core.table import Answer, Column, Table
from funnelctl.core.whole import read_header, read_rows, sealed
from funnelctl.render.objects import dumped
from funnelctl.store.reports.export_all import KEPT, all_rows, all_tables, header
from funnelctl.store.whole import TakenOver, take_over

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from funnelctl.cli.session import Session
    from funnelctl.core.whole import Header, Row
    from funnelctl.core.whole_tables import Manifest

COLUMNS = (Column("type", "text"), Column("rows", "int"))
NAMED = {"lead": "leads", "opportunity": "opportunities", "move": "moves", "activity": "activities"}


def written_to_directory(session: Session, path: str, *, force: bool) -> int:
    """Write the whole book to a new directory of CSV at ``path``; the number of its rows."""
    from funnelctl.core.whole_tables import MANIFEST, Manifest, file_of, written_table
    from funnelctl.render.separated import record
    from funnelctl.workspace.outgoing_directory import directory_whole

    names = [MANIFEST, *map(file_of, KEPT)]
    with session.reading() as book, directory_whole(path, names, force=force) as create:
        top, files = header(book.conn), {}
        for table, columns, rows in all_tables(book.conn):
            with create(file_of(table)) as stream:
                files[table] = written_table(columns, rows, record, stream.write)
        manifest = Manifest(top.version, top.counters, files)
        with create(MANIFEST) as stream:
            stream.write((dumped(manifest.as_object(), unicode=True, indent=2) + "\n").encode())
    return sum(top.rows.values())


def taken_from_directory(session: Session, path: str) -> Answer:
    """Take in the book that ``written_to_directory`` has written, as ``taken_over`` does."""
    from funnelctl.core.whole_tables import MANIFEST, check_seal, file_of, read_manifest, read_table
    from funnelctl.workspace.incoming_directory import opened_in, refuse_others, title_of

    name = title_of(path)
    with opened_in(path, MANIFEST) as stream:
        manifest = read_manifest(stream, name)
    files = {table: manifest.files[table] for table in KEPT if table in manifest.files}
    refuse_others(path, ".csv", {file_of(table) for table in files})
    for table, file in files.items():
        with opened_in(path, file_of(table)) as stream:
            check_seal(stream, file, f"{name}/{file_of(table)}")

    def rows() -> Iterator[Row]:
        for table, file in files.items():
            with opened_in(path, file_of(table)) as stream:
                yield from read_table(stream, table, file, f"{name}/{file_of(table)}")

    return _taken(session, manifest.header, rows(), name, lambda conn: _manifest_of(conn) == manifest)


def taken_over(session: Session, stream: BinaryIO, name: str) -> Answer:
    """Take the book in ``stream`` into an empty one, as one operation; into one that holds the very same, nothing.

    ``name`` is how messages call the file.
    """
    top, seal = read_header(stream, name)

    def is_same(conn: sqlite3.Connection) -> bool:
        own = header(conn)
        # on a terminal that knows no more than ASCII the same book is written in ASCII
        return own == top and any(_seal_of(conn, own, unicode=unicode) == seal for unicode in (True, False))

    return _taken(session, top, read_rows(stream, name), name, is_same)


def _seal_of(conn: sqlite3.Connection, top: Header, *, unicode: bool) -> str:
    return deque(sealed(top, all_rows(conn), partial(dumped, unicode=unicode)), maxlen=1)[0]


def _manifest_of(conn: sqlite3.Connection) -> Manifest:
    from funnelctl.core.whole_tables import Manifest, written_table
    from funnelctl.render.separated import record

    top = header(conn)
    files = {table: written_table(columns, rows, record, len) for table, columns, rows in all_tables(conn)}
    return Manifest(top.version, top.counters, files)


def _taken(
    session: Session, top: Header, rows: Iterable[Row], name: str, is_same: Callable[[sqlite3.Connection], bool]
) -> Answer:
    with session.writing("import", creates=True) as work:
        if is_same(work.book.conn):
            taken = TakenOver({}, None)
        else:
            said = ("import", instant(session.now), work.author.by)
            taken = take_over(work.book, top, rows, name, said)
    new, read = (sum(rows.get(table, 0) for table in ("lead", "opportunity")) for rows in (taken.rows, top.rows))
    more: dict[str, object] = {
        "operation": taken.operation, "created": new, "also_created": {}, "updated": 0, "unchanged": read - new,
        "skipped": 0, "rejected": 0, "rows_read": sum(top.rows.values()), "problems": [],
    }  # fmt: skip
    told = []
    for table, many in NAMED.items():
        number = taken.rows.get(table, 0)
        if table == "activity" and not number:
            continue
        told.append(f"{number:,} {table if number == 1 else many}")
    line = f"took in a whole book: {', '.join(told)}; undo takes it back"
    if session.dry_run:
        line = f"a whole book: {', '.join(told)}"
    if taken.operation is None:
        line = "nothing to change: the book holds all of it already"
    return Answer("import", Table(COLUMNS, tuple(taken.rows.items()), total=len(taken.rows)), line=line, more=more)
