"""How large is the book, and what is it like as a file?"""

from __future__ import annotations

from funnelctl.core.table import Column, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.store.book import Book

COLUMNS = (Column("table", "text"), Column("rows", "int"))


def rows(book: Book) -> Table:
    """How many rows each table has."""
    tables = book.all(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    counted = []
    for (table,) in tables:
        quoted = table.replace('"', '""')
        counted.append((table, book.one(f'SELECT count(*) FROM "{quoted}"')[0]))
    return Table(COLUMNS, tuple(counted), total=len(counted))


def facts(book: Book) -> dict[str, Any]:
    """The size in bytes, how much of it is free, the schema's number, the journal mode, and the version of SQLite."""

    def pragma(name: str) -> Any:
        return book.one(f"PRAGMA {name}")[0]

    page = pragma("page_size")
    return {
        "size": pragma("page_count") * page,
        "free": pragma("freelist_count") * page,
        "schema_version": pragma("user_version"),
        "journal": pragma("journal_mode"),
        "sqlite": book.one("SELECT sqlite_version()")[0],
    }
