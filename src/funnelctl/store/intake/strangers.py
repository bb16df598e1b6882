"""Rows that bear the key of a record and are of another one: two programs that both count from 1, or two lists of one
program. Taking them for the same would mix two people, and lose one.

A key is a strong sign, and people do change their names. So one row is refused only where its name and an address, or
the day on which a sale was made, speak against the key; where no more than names do, it takes half of the file.
"""

from __future__ import annotations

from funnelctl.core.records import Lead, Opportunity
from funnelctl.store.intake.staging import on_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from typing import Any

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.store.intake.staging import Kind

PAGE = 500  # rows that are held at once
HINT = "if they are the same: --on-duplicate overwrite; if not, keep the keys of this file apart: --key-prefix TEXT"


def refuse_strangers(conn: sqlite3.Connection, kind: Kind, columns: Columns, problems: Problems, matched: int) -> None:
    """Tell the rows that were found by a key and are of another record, of the ``matched`` ones."""
    strange = list(_strange_leads(conn, kind) if kind.table == "lead" else _strange_sales(conn, kind))
    if any(certain for *_, certain in strange) or len(strange) > max(1, matched // 2):
        for line, whose, _ in strange:
            problems.add(line, columns.named("key"), f"the key is that of {whose}", HINT)


def other_clients(conn: sqlite3.Connection, kind: Kind) -> list[str]:
    """Which known opportunities have another client than their rows name, as a sentence: an import moves none."""
    lines = [
        row["line"]
        for row, found in _matched(
            conn, kind, "client_said AND client_name_key <> (SELECT name_key FROM lead WHERE lead.id = record.lead_id)"
        )
        if not _same_client(conn, Opportunity._make(found), row)
    ]
    if not lines:
        return []
    rows = f"{len(lines):,} rows name" if len(lines) > 1 else "1 row names"
    return [
        f"{rows} another client than the opportunity has, which stays ({on_lines(lines)}):"
        " funnelctl opp edit REF --lead LEAD gives it to another"
    ]


def _strange_leads(conn: sqlite3.Connection, kind: Kind) -> Iterator[tuple[int, str, bool]]:
    """Rows of other people than the leads that have their keys: line, whose it is, and whether that is certain."""
    for row, found in _renamed(conn, kind, "name"):
        lead = Lead._make(found)
        same = [row[column] == getattr(lead, column) for column in ("email_key", "phone_key", "company") if row[column]]
        if not any(same) and not _share_a_word(row["name_key"], lead.name_key):
            addresses = [column for column in ("email_key", "phone_key") if row[column] and getattr(lead, column)]
            yield row["line"], f"{lead.ref}, who has another name and nothing else of this row", bool(addresses)


def _strange_sales(conn: sqlite3.Connection, kind: Kind) -> Iterator[tuple[int, str, bool]]:
    """Rows of other sales than the opportunities that have their keys, in the same way."""
    for row, found in _renamed(conn, kind, "title"):
        sale = Opportunity._make(found)
        other_day = not row["dated"] and row["created_at"][:10] != sale.created_at[:10]
        if other_day and not _same_client(conn, sale, row):
            yield row["line"], f"{sale.ref}, which has another title, client and day of creation", True


def _renamed(conn: sqlite3.Connection, kind: Kind, name: str) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
    """The matched rows that call their record as it was never called, each with it. What was merged is left out: it is
    known by the keys of both."""
    return _matched(
        conn,
        kind,
        f"record.key = incoming.key AND {name}_said AND record.{name}_key <> incoming.{name}_key"
        f" AND incoming.{name}_key NOT IN (SELECT {name}_key FROM {kind.table}_came WHERE id = record.id"
        " UNION ALL SELECT value FROM entry"
        f" CROSS JOIN json_each(json_array(json_extract(before, '$.{name}_key'), json_extract(after, '$.{name}_key')))"
        f" WHERE table_name = '{kind.table}' AND row_id = record.id AND value IS NOT NULL)",
    )


def _matched(conn: sqlite3.Connection, kind: Kind, where: str) -> Iterator[tuple[dict[str, Any], tuple[Any, ...]]]:
    """The matched rows that meet ``where``, each with its record. In pages: an import may have a million."""
    sql = (
        f"SELECT incoming.*, record.* FROM matched CROSS JOIN incoming USING (line) CROSS JOIN {kind.table} AS record"
        f" ON record.id = matched.id WHERE line > ? AND {where} ORDER BY line LIMIT {PAGE}"
    )
    last = 0
    while page := conn.execute(sql, (last,)).fetchall():
        for found in page:
            row = dict(zip(kind.columns, found, strict=False))
            last = row["line"]
            yield row, found[len(kind.columns) :]


def _same_client(conn: sqlite3.Connection, sale: Opportunity, row: Mapping[str, Any]) -> bool:
    client = Lead._make(conn.execute("SELECT * FROM lead WHERE id = ?", (sale.lead_id,)).fetchone())
    for column in ("key", "email_key", "phone_key", "company"):
        if row[f"client_{column}"] and row[f"client_{column}"] == getattr(client, column):
            return True
    return row["client_said"] and _share_a_word(row["client_name_key"], client.name_key)


def _share_a_word(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split()))
