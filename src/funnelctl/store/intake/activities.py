"""Taking in activities: each belongs to a lead who is there already, and may be about an opportunity."""

from __future__ import annotations

from funnelctl.core.change import edited
from funnelctl.core.importing.activity_rows import COLUMNS
from funnelctl.core.records import Activity
from funnelctl.store import journal
from funnelctl.store.intake import staging

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.store.book import Book
    from funnelctl.store.intake.logged import Logged

KIND = staging.Kind("activity", "activity_id", "", COLUMNS)

# By what a lead is known, strongest first: column of incoming, column of lead, kind of alias, field of the file.
_PEOPLE = (
    ("client_key", "key", "key", "client_key"),
    ("client_email_key", "email_key", "email", "client_email"),
    ("client_phone_key", "phone_key", "phone", "client_phone"),
    ("client_id", "id", "id", "lead"),
)
_NAMED = f"coalesce({', '.join(column for column, *_ in _PEOPLE)}, client_name_key)"


def match(conn: sqlite3.Connection) -> None:
    """Find the activities that the rows of ``incoming`` are already, by their key."""
    conn.execute(
        "INSERT INTO matched SELECT line, activity.id FROM incoming CROSS JOIN activity USING (key)"
        " WHERE fingerprint IS NULL"
    )


def find_records(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Find whose and about what the activities are; what is not there goes to ``problems``."""
    _find_opportunities(conn, columns, problems)
    _find_leads(conn, columns, problems)
    # One without a key is known by what it says, too, whichever file said it before: our own export, for one.
    conn.execute(
        "INSERT INTO matched SELECT line, min(activity.id) FROM incoming CROSS JOIN whose USING (line)"
        " LEFT JOIN about USING (line) CROSS JOIN activity ON activity.lead_id = whose.lead_id"
        " AND activity.at = incoming.at AND activity.kind = incoming.kind AND activity.text IS incoming.text"
        " AND activity.opportunity_id IS about.opportunity_id"
        " WHERE fingerprint IS NOT NULL AND line NOT IN (SELECT line FROM matched) GROUP BY line"
    )


def insert(conn: sqlite3.Connection, by: str) -> None:
    """Make activities of the fresh rows, and log them."""
    tops = {table: staging.newest(conn, table) for table in ("activity", "source_row")}
    conn.execute(
        "INSERT INTO activity (id, lead_id, opportunity_id, kind, at, text, key, by) SELECT fresh.id, whose.lead_id,"
        " about.opportunity_id, kind, at, text, key, ? FROM fresh CROSS JOIN incoming USING (line)"
        " CROSS JOIN whose USING (line) LEFT JOIN about USING (line) ORDER BY fresh.id",
        (by,),
    )
    staging.remember_sources(conn, KIND)
    for table, top in tops.items():
        journal.log_inserted(conn, table, top)


def update(book: Book, logged: Logged, *, overwrite: bool) -> int:
    """Bring the matched activities up to what the file says; how many have changed."""
    news = {column: f"incoming.{column}" for column in ("kind", "at", "text")}
    news["opportunity_id"] = "about.opportunity_id"
    lacks = "activity.{0} IS NOT {1}" if overwrite else "activity.{0} IS NULL"
    differs = " OR ".join(f"({new} IS NOT NULL AND {lacks.format(column, new)})" for column, new in news.items())
    rows = book.all(
        f"SELECT activity.*, {', '.join(news.values())} FROM matched CROSS JOIN incoming USING (line)"
        f" CROSS JOIN activity ON activity.id = matched.id LEFT JOIN about USING (line) WHERE {differs} ORDER BY line"
    )
    for row in rows:
        known = Activity._make(row[: len(Activity._fields)])
        said = dict(zip(news, row[len(Activity._fields) :], strict=True))
        fields = {name: new for name, new in said.items() if new and (overwrite or getattr(known, name) is None)}
        logged.begin()
        journal.apply(book.conn, edited(known, known._replace(**fields)))
    return len(rows)


def _find_opportunities(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Fill ``about``: the opportunity of that id, key or very title."""
    for table in ("about", "titled"):
        conn.execute(f"DROP TABLE IF EXISTS temp.{table}")
    conn.execute("CREATE TEMP TABLE about (line INTEGER PRIMARY KEY, opportunity_id INTEGER, lead_id INTEGER)")
    for column, known in (("about_id", "id"), ("about_key", "key")):
        conn.execute(
            "INSERT INTO about SELECT line, opportunity.id, opportunity.lead_id FROM incoming CROSS JOIN opportunity"
            f" ON opportunity.{known} = {column}"
        )
    waiting = "FROM incoming WHERE coalesce(about_id, about_key) IS NOT NULL AND line NOT IN (SELECT line FROM about)"
    conn.execute(  # one scan for all rows together: titles have no index
        "CREATE TEMP TABLE titled AS SELECT title_key, count(*) AS n, min(id) AS id, min(lead_id) AS lead_id"
        f" FROM opportunity WHERE title_key IN (SELECT about_title_key {waiting}) GROUP BY title_key"
    )
    conn.execute(
        f"INSERT INTO about SELECT line, titled.id, titled.lead_id FROM (SELECT line, about_title_key {waiting})"
        " CROSS JOIN titled ON title_key = about_title_key AND n = 1"
    )
    for line, number, n in conn.execute(
        f"SELECT line, about_id, n FROM (SELECT * {waiting}) LEFT JOIN titled ON title_key = about_title_key"
        " ORDER BY line"
    ).fetchall():
        what = f"{n:,} opportunities have this title" if n else "there is no opportunity of this key or title"
        problems.add(
            line,
            columns.named("opportunity"),
            what if number is None else f"there is no O{number}",
            "import the opportunities first, and name each by its key" if not n else "name it by its key or its id",
        )


def _find_leads(conn: sqlite3.Connection, columns: Columns, problems: Problems) -> None:
    """Fill ``whose``: the lead who is known by what a row gives, or whose the opportunity is."""
    conn.execute("DROP TABLE IF EXISTS temp.whose")
    conn.execute("CREATE TEMP TABLE whose (line INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL)")
    for column, known, alias, _ in _PEOPLE:
        missing = f"{column} IS NOT NULL AND line NOT IN (SELECT line FROM whose)"
        conn.execute(
            f"INSERT INTO whose SELECT line, lead.id FROM incoming CROSS JOIN lead ON lead.{known} = {column}"
            f" WHERE {missing}"
        )
        conn.execute(
            "INSERT INTO whose SELECT line, lead_alias.lead_id FROM incoming CROSS JOIN lead_alias"
            f" ON lead_alias.kind = '{alias}' AND lead_alias.key = CAST({column} AS TEXT) WHERE {missing}"
        )
    nameless = "line NOT IN (SELECT line FROM whose) AND client_name_key IS NOT NULL"
    named = (
        "SELECT line, min(lead.id) AS id, count(*) AS n FROM incoming CROSS JOIN lead ON name_key = client_name_key"
        f" WHERE {nameless} GROUP BY line"
    )
    conn.execute(f"INSERT INTO whose SELECT line, id FROM ({named}) WHERE n = 1")
    conn.execute(
        "INSERT INTO whose SELECT line, about.lead_id FROM incoming CROSS JOIN about USING (line)"
        f" WHERE {_NAMED} IS NULL"
    )
    given = " ".join(f"WHEN {column} IS NOT NULL THEN '{field}'" for column, _, _, field in _PEOPLE)
    for line, field, n in conn.execute(
        f"SELECT line, CASE {given} ELSE 'lead' END, n FROM incoming LEFT JOIN ({named}) USING (line)"
        f" WHERE line NOT IN (SELECT line FROM whose) AND {_NAMED} IS NOT NULL ORDER BY line"
    ).fetchall():
        problems.add(
            line,
            columns.named(field),
            f"{n:,} leads have this name" if n else "nobody who is known has this",
            "say which by e-mail, phone or key" if n else "import the people first: funnelctl import FILE --as leads",
        )
