"""Indexes of tables that grow manifold are made anew at the end, sorted, in place of being kept up row by row."""

from __future__ import annotations

from contextlib import contextmanager

from funnelctl.store.intake.staging import newest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

FEW = 5_000  # rows for which it is not worth it


@contextmanager
def made_anew(conn: sqlite3.Connection, tables: tuple[str, ...], rows: int) -> Iterator[None]:
    """Around the inserting of ``rows`` rows. Indexes that keep something unique stay."""
    grown = [table for table in tables if rows >= max(FEW, newest(conn, table))]
    dropped = []
    for table in grown:
        dropped += conn.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
            " AND sql NOT LIKE 'CREATE UNIQUE%'",
            (table,),
        ).fetchall()
    for name, _ in dropped:
        conn.execute(f"DROP INDEX {name}")
    yield
    for _, sql in dropped:
        conn.execute(sql)
