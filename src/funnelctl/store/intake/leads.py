"""Taking in leads."""

from __future__ import annotations

import sqlite3

from funnelctl.core.importing.declared import MATCHES
from funnelctl.core.importing.lead_rows import COLUMNS
from funnelctl.store import journal
from funnelctl.store.intake import staging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems

KIND = staging.Kind("lead", "lead_id", "state", COLUMNS)

FOUND_BY = {"key": "key", "email": "e-mail", "phone": "phone number"}


def match(conn: sqlite3.Connection, by: str, columns: Columns, problems: Problems) -> None:
    """Find the leads that the rows of ``incoming`` are already, ``by`` key, e-mail, phone or name."""
    column = MATCHES[by]
    if by == "name":
        named = (
            "SELECT line, min(lead.id), count(*) AS n FROM incoming CROSS JOIN lead USING (name_key)"
            " WHERE fingerprint IS NULL GROUP BY line"
        )
        conn.execute(f'INSERT INTO matched SELECT line, "min(lead.id)" FROM ({named}) WHERE n = 1')
        for line, _, n in conn.execute(f"SELECT * FROM ({named}) WHERE n > 1 ORDER BY line").fetchall():
            problems.add(
                line, columns.named("name"), f"{n} leads have this name", "tell them apart: --match email, phone or key"
            )
        return
    conn.execute(
        f"INSERT INTO matched SELECT line, lead.id FROM incoming CROSS JOIN lead USING ({column})"
        " WHERE fingerprint IS NULL"
    )
    conn.execute(  # what merges have left: known once, found for ever
        "INSERT OR IGNORE INTO matched SELECT line, lead_id FROM incoming CROSS JOIN lead_alias"
        f" ON lead_alias.kind = ? AND lead_alias.key = incoming.{column} WHERE fingerprint IS NULL",
        (by,),
    )


def insert(conn: sqlite3.Connection, by: str, columns: Columns, problems: Problems) -> None:
    """Make leads of the fresh rows, with their moves, and log them. Where an e-mail, phone number or key is that of
    another lead nothing is inserted, and ``problems`` tells."""
    tops = newest(conn)
    if conn.execute("SELECT EXISTS (SELECT 1 FROM lead_alias)").fetchone()[0]:
        _clashes(conn, "lead_alias", "lead_id", columns, problems)
    try:
        conn.execute(
            "INSERT INTO lead (id, name, name_key, company, email, email_key, phone, phone_key, source, funnel, stage,"
            " state, reason, note, tags, key, created_at, entered_at, closed_at) SELECT fresh.id, name, name_key,"
            " company, email, email_key, phone, phone_key, source, funnel, stage, state, reason, note, tags, key,"
            f" created_at, created_at, {staging.CLOSED} FROM {staging.FRESH} ORDER BY fresh.id"
        )
    except sqlite3.IntegrityError:
        _clashes(conn, "lead", "id", columns, problems)
        _clashes_within(conn, columns, problems)
        return
    staging.remember_sources(conn, KIND)
    complete(conn, by, tops)


def newest(conn: sqlite3.Connection) -> dict[str, int]:
    """The highest ids of the tables into which leads come."""
    return {table: staging.newest(conn, table) for table in ("lead", "move", "source_row")}


def first(conn: sqlite3.Connection, tops: Mapping[str, int]) -> list[int]:
    """The ids of the first ten leads above ``tops``."""
    found = conn.execute("SELECT id FROM lead WHERE id > ? ORDER BY id LIMIT 10", (tops["lead"],))
    return [row[0] for row in found.fetchall()]


def complete(conn: sqlite3.Connection, by: str, tops: Mapping[str, int], *, are_open: bool = False) -> None:
    """Give the leads above ``tops["lead"]`` their moves, and log all that is new above ``tops``. ``are_open``: none of
    them was closed, so that there is no second move to look for."""
    top = tops["lead"]
    conn.execute(
        "INSERT INTO move (lead_id, kind, funnel, to_stage, state, at, by)"
        " SELECT id, 'enter', funnel, stage, 'open', created_at, ? FROM lead WHERE id > ? ORDER BY id",
        (by, top),
    )
    if not are_open:
        conn.execute(
            "INSERT INTO move (lead_id, kind, funnel, from_stage, to_stage, state, detail, at, by) SELECT id,"
            " CASE state WHEN 'converted' THEN 'convert' ELSE 'drop' END, funnel, stage, stage, state, reason,"
            " closed_at, ? FROM lead WHERE id > ? AND state <> 'open' ORDER BY id",
            (by, top),
        )
    for table, top in tops.items():
        journal.log_inserted(conn, table, top)


def _clashes(conn: sqlite3.Connection, table: str, owner: str, columns: Columns, problems: Problems) -> None:
    """Fresh rows with something that belongs to a lead of the book; ``table`` is ``lead`` or ``lead_alias``."""
    for kind, what in FOUND_BY.items():
        column = MATCHES[kind]
        same = f"{table}.{column if table == 'lead' else 'key'} = incoming.{column}"
        if table == "lead_alias":
            same += f" AND lead_alias.kind = '{kind}'"
        clashing = conn.execute(
            f"SELECT line, {table}.{owner} FROM fresh CROSS JOIN incoming USING (line) CROSS JOIN {table} ON {same}"
            " ORDER BY line"
        ).fetchall()
        for line, lead_id in clashing:
            problems.add(
                line,
                columns.named(kind),
                f"the {what} belongs to L{lead_id} already",
                f"if it is the same one: --match {kind}",
            )


def _clashes_within(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Fresh rows that share what can belong to one lead only."""
    for kind, what in FOUND_BY.items():
        column = MATCHES[kind]
        clashing = conn.execute(
            f"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {column}) AS first FROM fresh"
            f" CROSS JOIN incoming USING (line) WHERE {column} IS NOT NULL) WHERE line > first ORDER BY line"
        ).fetchall()
        for line, first in clashing:
            problems.add(
                line,
                columns.named(kind),
                f"the {what} is that of line {first:,} already",
                f"if both are the same lead: --match {kind}",
            )
