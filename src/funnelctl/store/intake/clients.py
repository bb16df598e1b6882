"""Whose the opportunities of a file are: leads that are known, else new ones.

A row names its client by key, e-mail, phone or name. The strongest that it gives decides, and what one row makes the
next one finds, as though they were entered one after the other.
"""

from __future__ import annotations

import sqlite3

from funnelctl.store.connection import teach_fold
from funnelctl.store.intake.staging import FRESH, counted, first_few, newest, on_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems

BEFORE_LINES = 10**18  # with it, numbers of lines are as long as one another and sort as text
# What a client is known by, strongest first: kind of alias, column of lead, column of incoming, field of the file.
_KNOWN_BY = (
    ("key", "key", "client_key", "client_key"),
    ("email", "email_key", "client_email_key", "client_email"),
    ("phone", "phone_key", "client_phone_key", "client_phone"),
)
_FIELDS_OF_CLIENT = {"name": "name", "company": "company", "source": "source", "key": "client_key", "email": "e-mail",
                     "phone": "phone"}  # fmt: skip
# The rows with the leads that are their clients. Of the known ones those that name quite another client are told by
# ``strangers.other_clients``.
_OF_NEW = "SELECT line, lead_id FROM client"
_OF_KNOWN = (
    "SELECT line, lead_id FROM matched CROSS JOIN incoming USING (line) CROSS JOIN opportunity"
    " ON opportunity.id = matched.id CROSS JOIN lead ON lead.id = lead_id WHERE client_said"
    f" AND (client_name_key = lead.name_key OR {' OR '.join(f'{said} = lead.{of}' for _, of, said, _ in _KNOWN_BY)})"
)
# Fresh rows whose client is not found yet, joined with what else is asked for.
_WAITING = FRESH + " {} WHERE line NOT IN (SELECT line FROM client)"
_SAME_COMPANY = "coalesce(fold(lead.company), '') = {}.company_key"
_ALWAYS_GIVEN = {"name": "client_name", "name_key": "client_name_key", "funnel": "funnel", "stage": "client_stage"}
_MAY_BE_GIVEN = ("company", "email", "email_key", "phone", "phone_key", "source", "key")


def find_clients(conn: sqlite3.Connection, by: str, columns: Columns, problems: Problems) -> None:
    """Fill ``client`` (line, lead_id) for all fresh rows, making the leads that are missing; they are converted from
    the start. ``by`` is the author. What cannot be told goes to ``problems``."""
    conn.execute("DROP TABLE IF EXISTS temp.client")
    conn.execute("CREATE TEMP TABLE client (line INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL)")
    top = newest(conn, "lead")
    given = _given(conn)
    known_by = [known for known in _KNOWN_BY if known[1] in given]
    for kind, _, column, _ in known_by:
        _find(conn, known_by)
        if kind == "email":
            _find_called_by_email(conn)
        try:
            _make(conn, given, f"{column} IS NOT NULL", column)
        except sqlite3.IntegrityError:
            _tell_shared(conn, column, columns, problems)
            return
    _find(conn, known_by)
    _by_name(conn, given, columns, problems)
    _unnamed(conn)
    conn.execute(
        "INSERT INTO move (lead_id, kind, funnel, to_stage, state, at, by)"
        " SELECT id, 'enter', funnel, stage, 'converted', created_at, ? FROM lead WHERE id > ? ORDER BY id",
        (by, top),
    )


def namesakes(conn: sqlite3.Connection) -> list[str]:
    """Which leads were taken to be clients because of their names alone, and how many new ones are called as another
    lead is, as sentences."""
    taken = "FROM named CROSS JOIN lead ON lead.id = lead_id WHERE leads = 1 AND (company_key = '' OR company IS NULL)"
    rows = int(conn.execute(f"SELECT total(rows) {taken}").fetchone()[0])
    found = conn.execute(f"SELECT lead_id {taken} ORDER BY first LIMIT 6").fetchall()
    other = "EXISTS (SELECT 1 FROM lead WHERE lead.name_key = named.name_key AND lead.id <> lead_id)"
    new = conn.execute(f"SELECT count(*) FROM named WHERE leads = 0 AND {other}").fetchone()[0]
    told = []
    if rows:
        shown = first_few([f"L{lead_id}" for (lead_id,) in found])
        whose = f"the clients of {rows:,} rows are" if rows > 1 else "the client of 1 row is"
        told += [
            f"{whose} known by name alone: {shown}; an e-mail, a phone or a client_key beside it tells namesakes apart"
        ]
    if new:
        which = f"{new:,} new clients have the names of leads" if new > 1 else "1 new client has the name of a lead"
        told += [f"{which} of another company: lead dupes lists such pairs"]
    return told


def said_otherwise(conn: sqlite3.Connection, *, new: bool, known: bool) -> list[str]:
    """How many opportunities, ``new`` ones and ``known`` ones, say something of their client that is known otherwise,
    or stood otherwise in a row above, as a sentence: a lead has one of each, and the first stays."""
    clients = " UNION ALL ".join([_OF_NEW] * new + [_OF_KNOWN] * known)
    if not clients:
        return []
    theirs = {
        "name": "client_said AND client_name_key <> lead.name_key AND client_name IS NOT lead.company"
                + "".join(f" AND client_name IS NOT client_{other}" for other in ("email", "phone", "key")),
        **{name: f"client_{name} IS NOT NULL AND client_{name} IS NOT lead.{name} COLLATE NOCASE"
           for name in ("company", "source")},
        **{kind: f"{said} IS NOT NULL AND {said} IS NOT lead.{column} AND NOT EXISTS (SELECT 1 FROM lead_alias"
                 f" WHERE kind = '{kind}' AND lead_alias.key = {said}) AND {said} IS NOT lead.name_key"
           for kind, column, said, _ in _KNOWN_BY},
    }  # fmt: skip
    rows = (
        f"FROM (SELECT line, {', '.join(f'{differs} AS {name}' for name, differs in theirs.items())} FROM ({clients})"
        f" CROSS JOIN incoming USING (line) CROSS JOIN lead ON lead.id = lead_id) WHERE {' OR '.join(theirs)}"
    )
    count, lines = counted(conn, rows)
    if not count:
        return []
    counts = conn.execute(f"SELECT {', '.join(f'sum({name})' for name in theirs)} {rows}").fetchone()
    what = ", ".join(_FIELDS_OF_CLIENT[name] for name, times in zip(theirs, counts, strict=True) if times)
    say = f"{count:,} rows say otherwise of their clients" if count > 1 else "1 row says otherwise of its client"
    return [f"{say} than what is known, or stands above: {what} ({on_lines(lines)}); what came first stays"]


def called_alike(conn: sqlite3.Connection, top: int) -> list[str]:
    """How many new opportunities without a key are called as an open one of the same client, as a sentence. ``top`` is
    the highest id of those that were there before."""
    rows = (
        "FROM fresh CROSS JOIN incoming USING (line) CROSS JOIN client USING (line) WHERE fingerprint IS NOT NULL AND"
        " title_said AND EXISTS (SELECT 1 FROM opportunity AS known WHERE known.lead_id = client.lead_id"
        " AND known.title_key = incoming.title_key AND known.outcome = 'open' AND known.id <= ?)"
    )
    count, lines = counted(conn, rows, top)
    if not count:
        return []
    are = f"{count:,} new opportunities are called" if count > 1 else "1 new opportunity is called"
    return [
        f"{are} as an open one of the same client ({on_lines(lines)}): a row without a"
        " key is known by all that it says, so one that was edited comes in once more; a column of keys tells"
    ]


def _find(conn: sqlite3.Connection, known_by: list[tuple[str, str, str, str]]) -> None:
    """Give the rows that wait the lead that has their key, e-mail or phone, directly or since a merge."""
    for kind, of_lead, column, _ in known_by:
        found = _WAITING.format(f"CROSS JOIN lead ON lead.{of_lead} = {column}")
        conn.execute(f"INSERT INTO client SELECT line, lead.id FROM {found}")
        found = _WAITING.format(f"CROSS JOIN lead_alias ON lead_alias.kind = '{kind}' AND lead_alias.key = {column}")
        conn.execute(f"INSERT INTO client SELECT line, lead_alias.lead_id FROM {found}")


def _find_called_by_email(conn: sqlite3.Connection) -> None:
    """Give the rows that call their client by an e-mail, and by nothing else, the one lead who has it for a name."""
    found = _WAITING.format("CROSS JOIN lead ON lead.name_key = client_name_key")
    conn.execute(
        f"INSERT INTO client SELECT line, min(lead.id) FROM {found} AND client_name = client_email"
        " AND lead.email_key IS NULL GROUP BY line HAVING count(*) = 1"
    )


def _given(conn: sqlite3.Connection) -> dict[str, str]:
    """What the file says of clients at all: columns of lead, each with that of ``incoming``. Looking for the first
    value of a column that is empty throughout takes as long as that of any other."""
    counted = conn.execute(f"SELECT {', '.join(f'count(client_{column})' for column in _MAY_BE_GIVEN)} FROM incoming")
    found = zip(_MAY_BE_GIVEN, counted.fetchone(), strict=True)
    return _ALWAYS_GIVEN | {column: f"client_{column}" for column, rows in found if rows}


def _make(conn: sqlite3.Connection, given: dict[str, str], condition: str, column: str) -> None:
    """A new lead for each value of ``column`` among the rows that wait and meet ``condition``, in the file's order."""
    firsts = "".join(f", {_first(given[one])} AS given_{one}" for one in given if one not in _ALWAYS_GIVEN)
    values = [f"made.given_{one}" if one not in _ALWAYS_GIVEN else given[one] for one in given]
    conn.execute(
        f"INSERT INTO lead ({', '.join(given)}, state, tags, created_at, entered_at, closed_at)"
        f" SELECT {', '.join(values)}, 'converted', '[]', made.at, made.at, made.at"
        f" FROM (SELECT min(line) AS first, min(created_at) AS at{firsts} FROM {_WAITING.format('')} AND {condition}"
        f" GROUP BY {column}) AS made CROSS JOIN incoming ON line = made.first"
        " CROSS JOIN standing ON standing.id = incoming.standing ORDER BY made.first"
    )


def _first(column: str) -> str:
    """SQL for the first value that a group of rows has of ``column``, in the order of the file."""
    return f"substr(min(({BEFORE_LINES} + line) || {column}), {len(str(BEFORE_LINES)) + 1})"


def _by_name(conn: sqlite3.Connection, given: dict[str, str], columns: Columns, problems: Problems) -> None:
    """Rows that give no more than a name, and perhaps a company: the only lead of that name, else a new one.

    A name with several companies stands for several people, each known by name and company. With one company it stands
    for one, whom rows without a company mean too.
    """
    teach_fold(conn)
    conn.execute("DROP TABLE IF EXISTS temp.named")
    conn.execute(
        "CREATE TEMP TABLE named (name_key TEXT, company_key TEXT, alone INTEGER, first INTEGER, rows INTEGER,"
        " leads INTEGER, lead_id INTEGER, PRIMARY KEY (name_key, company_key)) WITHOUT ROWID"
    )
    company = "coalesce(fold(client_company), '')" if "company" in given else "''"
    conn.execute(
        f"INSERT INTO named WITH told AS (SELECT client_name_key AS name_key, {company} AS company_key,"
        f" min(line) AS first, count(*) AS rows FROM {_WAITING.format('')} AND client_said GROUP BY 1, 2),"
        " spread AS (SELECT name_key, count(nullif(company_key, '')) < 2 AS alone, max(company_key) AS only FROM told"
        " GROUP BY name_key),"
        " wanted AS (SELECT name_key, CASE WHEN alone THEN only ELSE company_key END AS company_key, alone,"
        " min(first), sum(rows) FROM told JOIN spread USING (name_key) GROUP BY 1, 2)"
        " SELECT wanted.*, count(lead.id), min(lead.id) FROM wanted LEFT JOIN lead ON lead.name_key = wanted.name_key"
        f" AND ({_SAME_COMPANY.format('wanted')} OR wanted.company_key = '' OR (lead.company IS NULL AND alone))"
        " GROUP BY wanted.name_key, wanted.company_key"
    )
    _tell_unclear(conn, columns, problems)
    group = "client_name_key"
    same = "named.name_key = client_name_key"
    if "company" in given:
        same += f" AND (alone OR company_key = {company})"
        group += f", (SELECT company_key FROM named WHERE {same})"
    top = newest(conn, "lead")
    _make(conn, given, f"client_said AND EXISTS (SELECT 1 FROM named WHERE {same} AND leads = 0)", group)
    conn.execute(
        "UPDATE named SET lead_id = (SELECT id FROM lead WHERE lead.name_key = named.name_key AND id > ?"
        f" AND ({_SAME_COMPANY.format('named')} OR alone)) WHERE leads = 0",
        (top,),
    )
    found = _WAITING.format(f"CROSS JOIN named ON {same}")
    conn.execute(f"INSERT INTO client SELECT line, lead_id FROM {found} AND client_said AND leads < 2")


def _tell_unclear(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Tell of the names that fit several leads, or several clients of the file."""
    unclear = "SELECT first, rows, leads FROM named WHERE leads > 1 OR (NOT alone AND company_key = '') ORDER BY first"
    for first, rows, leads in conn.execute(unclear).fetchall():
        several = f"{leads} leads have" if leads > 1 else "clients of several companies in this file have"
        problems.add(
            first,
            columns.named("lead"),
            f"{several} the name of this client ({rows:,} row{'s' if rows > 1 else ''})",
            "say which by e-mail, phone or key in a column of its own: --map COLUMN=client_email",
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
