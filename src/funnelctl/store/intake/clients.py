"""Whose the opportunities of a file are: leads that are known, else new ones.

A row names its client by key, e-mail, phone or name. The strongest that it gives decides, and what one row makes the
next one finds, as though they were entered one after the other.
"""

from __future__ import annotations

import sqlite3

from funnelctl.store.intake.staging import FRESH, newest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems

# What a client is known by, strongest first: kind of alias, column of lead, column of incoming, field of the file.
_KNOWN_BY = (
    ("key", "key", "client_key", "client_key"),
    ("email", "email_key", "client_email_key", "client_email"),
    ("phone", "phone_key", "client_phone_key", "client_phone"),
)
# Fresh rows whose client is not found yet, joined with what else is asked for.
_WAITING = FRESH + " {} WHERE line NOT IN (SELECT line FROM client)"
_OF_CLIENT = (
    "client_name", "client_name_key", "client_company", "client_email", "client_email_key", "client_phone",
    "client_phone_key", "client_source", "funnel", "client_stage", "client_key",
)  # fmt: skip


def find_clients(conn: sqlite3.Connection, by: str, columns: Columns, problems: Problems) -> None:
    """Fill ``client`` (line, lead_id) for all fresh rows, making the leads that are missing; they are converted from
    the start. ``by`` is the author. What cannot be told goes to ``problems``."""
    conn.execute("DROP TABLE IF EXISTS temp.client")
    conn.execute("CREATE TEMP TABLE client (line INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL)")
    top = newest(conn, "lead")
    mapped = [known for known in _KNOWN_BY if known[3] in columns.places]
    for _, _, column, _ in mapped:
        _find(conn, mapped)
        try:
            _make(conn, f"{column} IS NOT NULL", column)
        except sqlite3.IntegrityError:
            _tell_shared(conn, column, columns, problems)
            return
    _find(conn, mapped)
    _by_name(conn, columns, problems)
    _unnamed(conn)
    conn.execute(
        "INSERT INTO move (lead_id, kind, funnel, to_stage, state, at, by)"
        " SELECT id, 'enter', funnel, stage, 'converted', created_at, ? FROM lead WHERE id > ? ORDER BY id",
        (by, top),
    )


def _find(conn: sqlite3.Connection, mapped: list[tuple[str, str, str, str]]) -> None:
    """Give the rows that wait the lead that has their key, e-mail or phone, directly or since a merge."""
    for kind, of_lead, column, _ in mapped:
        found = _WAITING.format(f"CROSS JOIN lead ON lead.{of_lead} = {column}")
        conn.execute(f"INSERT INTO client SELECT line, lead.id FROM {found}")
        found = _WAITING.format(f"CROSS JOIN lead_alias ON lead_alias.kind = '{kind}' AND lead_alias.key = {column}")
        conn.execute(f"INSERT INTO client SELECT line, lead_alias.lead_id FROM {found}")


def _make(conn: sqlite3.Connection, condition: str, column: str) -> None:
    """A new lead for each value of ``column`` among the rows that wait and meet ``condition``, in the file's order."""
    conn.execute(
        "INSERT INTO lead (name, name_key, company, email, email_key, phone, phone_key, source, funnel, stage, key,"
        f" state, tags, created_at, entered_at, closed_at) SELECT {', '.join(map(_first, _OF_CLIENT))}, 'converted',"
        f" '[]', min(created_at), min(created_at), min(created_at) FROM {_WAITING.format('')} AND {condition}"
        f" GROUP BY {column} ORDER BY min(line)"
    )


def _first(column: str) -> str:
    """SQL for the first value that a group of rows has of ``column``, in the order of the file."""
    return f"substr(min(printf('%019d', line) || {column}), 20)"


def _by_name(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Rows that give no more than a name: the only lead of that name, else a new one."""
    conn.execute("DROP TABLE IF EXISTS temp.named")
    conn.execute(
        "CREATE TEMP TABLE named AS SELECT wanted.*, count(lead.id) AS leads, min(lead.id) AS lead_id"
        " FROM (SELECT client_name_key AS name_key, min(line) AS first, count(*) AS rows"
        f" FROM {_WAITING.format('')} AND client_said GROUP BY client_name_key) AS wanted"
        " LEFT JOIN lead ON lead.name_key = wanted.name_key GROUP BY wanted.name_key"
    )
    several = "SELECT first, rows, leads FROM named WHERE leads > 1 ORDER BY first"
    for first, rows, leads in conn.execute(several).fetchall():
        problems.add(
            first,
            columns.named("lead"),
            f"{leads} leads have the name of this client ({rows:,} row{'s' if rows > 1 else ''})",
            "say which by e-mail, phone or key in a column of its own: --map COLUMN=client_email",
        )
    _make(conn, "client_said AND client_name_key IN (SELECT name_key FROM named WHERE leads = 0)", "client_name_key")
    found = _WAITING.format("CROSS JOIN named ON named.name_key = client_name_key")
    # The name of a new lead is that of one lead only, so its id need not be kept: it is found by the name.
    conn.execute(
        "INSERT INTO client SELECT line, coalesce(lead_id, (SELECT id FROM lead WHERE lead.name_key = named.name_key))"
        f" FROM {found} AND client_said AND leads < 2"
    )


def _unnamed(conn: sqlite3.Connection) -> None:
    """Rows that name no client at all get a lead each, called as the opportunity is."""
    conn.execute(
        f"INSERT INTO client SELECT line, ? + row_number() OVER (ORDER BY line) FROM {_WAITING.format('')}"
        " AND NOT client_said",
        (_last_given(conn),),
    )
    conn.execute(
        "INSERT INTO lead (id, name, name_key, source, funnel, stage, state, tags, created_at, entered_at, closed_at)"
        " SELECT lead_id, client_name, client_name_key, client_source, funnel, client_stage, 'converted', '[]',"
        " created_at, created_at, created_at FROM client CROSS JOIN incoming USING (line) CROSS JOIN standing ON"
        " standing.id = incoming.standing WHERE NOT client_said"
        " ORDER BY lead_id"
    )


def _last_given(conn: sqlite3.Connection) -> int:
    """The last id that a lead was ever given."""
    found = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'lead'").fetchone()
    return found[0] if found else 0


def _tell_shared(conn: sqlite3.Connection, column: str, columns: Columns, problems: Problems) -> None:
    """Tell the rows of different clients, told apart by ``column``, that share an e-mail or phone number."""
    for _, _, other, field in _KNOWN_BY[1:]:
        shared = conn.execute(
            f"SELECT max(line) FROM {_WAITING.format('')} AND {column} IS NOT NULL AND {other} IS NOT NULL"
            f" GROUP BY {other} HAVING count(DISTINCT {column}) > 1 ORDER BY 1"
        ).fetchall()
        for (line,) in shared:
            problems.add(
                line,
                columns.named(field),
                "it is also that of another client in the file",
                f"give both one client_key, or leave the column out: --map '{columns.named(field)}='",
            )
