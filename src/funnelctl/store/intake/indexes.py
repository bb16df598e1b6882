"""Indexes of tables that grow manifold are made anew at the end, sorted, in place of being kept up row by row."""

from __future__ import annotations

from contextlib import contextmanager

from funnelctl.store.intake.staging import newest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

FEW = 5_000  # rows for which it is not worth it


class Growing:
    """The indexes of one table while rows come into it. Those stay that keep something unique, and those that none of
    the rows enters, because the column ``empty`` is empty in them: making these anew reads all rows for nothing."""

    def __init__(self, conn: sqlite3.Connection, table: str, empty: str = "") -> None:
        self._conn, self._table, self._empty = conn, table, empty
        self._manifold = max(FEW, newest(conn, table))
        self._dropped: list[tuple[str, str]] | None = None

    def by(self, rows: int) -> None:
        """So many rows come, or have come so far: where that is a multiple of what was there, the indexes go."""
        if self._dropped is not None or rows < self._manifold:
            return
        self._dropped = self._conn.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
            " AND sql NOT LIKE 'CREATE UNIQUE%' AND sql NOT LIKE '% WHERE ' || ? || ' IS NOT NULL'",
            (self._table, self._empty),
        ).fetchall()
        for name, _ in self._dropped:
            self._conn.execute(f"DROP INDEX {name}")

    def grown(self) -> None:
        """All rows are there: the indexes come back."""
        for _, sql in self._dropped or ():
            self._conn.execute(sql)


@contextmanager
def made_anew(conn: sqlite3.Connection, tables: dict[str, str], rows: int) -> Iterator[None]:
    """Around the inserting of ``rows`` rows into each of ``tables``, given with the column that is empty in them."""
    growing = [Growing(conn, table, empty) for table, empty in tables.items()]
    for one in growing:
        one.by(rows)
    yield
    for one in growing:
        one.grown()
