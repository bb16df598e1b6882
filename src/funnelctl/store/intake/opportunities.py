"""Taking in opportunities, each with its client."""

from __future__ import annotations

from funnelctl.core import leads
from funnelctl.core.importing.opportunity_rows import COLUMNS
from funnelctl.core.importing.passages import Step
from funnelctl.core.records import Lead
from funnelctl.store import journal
from funnelctl.store.intake import staging
from funnelctl.store.intake.clients import find_clients

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from funnelctl.core.author import Author
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.store.book import Book

KIND = staging.Kind("opportunity", "opportunity_id", "outcome", COLUMNS)

_COLUMNS_OF_RECORD = (
    "id, lead_id, title, title_key, value_minor, currency, service, funnel, stage, status, outcome, reason, competitor,"
    " probability, expected_close, note, tags, key, furthest, created_at, entered_at, closed_at"
)

_OF_STEP = "json_extract(step.value, '$[{}]')"
_STEP = [Step._fields.index(name) for name in ("kind", "from_stage", "to_stage", "state", "detail", "at", "note")]


def match(conn: sqlite3.Connection) -> None:
    """Find the opportunities that the rows of ``incoming`` are already, by their key."""
    conn.execute(
        "INSERT INTO matched SELECT line, opportunity.id FROM incoming CROSS JOIN opportunity USING (key)"
        " WHERE fingerprint IS NULL"
    )


def insert(book: Book, author: Author, columns: Columns, problems: Problems) -> int:
    """Make opportunities of the fresh rows, with their moves and clients, and log them. Returns the number of leads
    that were made; where ``problems`` told something, what was inserted is not to be kept."""
    conn = book.conn
    tops = {table: staging.newest(conn, table) for table in ("lead", "opportunity", "move", "source_row")}
    find_clients(conn, author.by, columns, problems)
    if problems.count:
        return 0
    conn.execute(
        f"INSERT INTO opportunity ({_COLUMNS_OF_RECORD}) SELECT fresh.id, lead_id, title, title_key, value_minor,"
        " currency, service, funnel, stage, status, state, reason, competitor, probability, expected_close, note, tags,"
        " key, coalesce(json_extract(history, '$.furthest'), stage), created_at, coalesce(json_extract(history,"
        f" '$.entered'), CASE WHEN stage <> entered THEN {staging.CLOSED} ELSE created_at END),"
        f" {staging.CLOSED} FROM {staging.FRESH} CROSS JOIN client USING (line) ORDER BY fresh.id"
    )
    _moves(conn, author.by)
    staging.remember_sources(conn, KIND)
    for table, top in tops.items():
        journal.log_inserted(conn, table, top)
    _convert(book, author, tops["lead"])
    made: int = book.one("SELECT count(*) FROM lead WHERE id > ?", tops["lead"])[0]
    return made


def _moves(conn: sqlite3.Connection, by: str) -> None:
    """What is known of the way: its history where the file tells that, else entering, what it is doing there, and how
    it ended. Stages between are not made up."""
    conn.execute(
        "INSERT INTO move (opportunity_id, funnel, by, kind, from_stage, to_stage, state, detail, at, note)"
        f" SELECT fresh.id, funnel, ?, {', '.join(map(_OF_STEP.format, _STEP))} FROM {staging.FRESH}"
        " CROSS JOIN json_each(history, '$.steps') AS step WHERE history IS NOT NULL ORDER BY fresh.id, step.id",
        (by,),
    )
    fresh = f"FROM {staging.FRESH} WHERE history IS NULL"
    conn.execute(
        "INSERT INTO move (opportunity_id, kind, funnel, to_stage, state, at, by)"
        f" SELECT fresh.id, 'enter', funnel, entered, 'open', created_at, ? {fresh} ORDER BY fresh.id",
        (by,),
    )
    conn.execute(
        "INSERT INTO move (opportunity_id, kind, funnel, from_stage, to_stage, state, detail, at, by)"
        " SELECT fresh.id, 'status', funnel, stage, stage, 'open', status, created_at, ?"
        f" {fresh} AND status IS NOT NULL ORDER BY fresh.id",
        (by,),
    )
    conn.execute(
        "INSERT INTO move (opportunity_id, kind, funnel, from_stage, to_stage, state, detail, at, by)"
        " SELECT fresh.id, CASE state WHEN 'won' THEN 'win' ELSE 'lose' END, funnel, entered, stage, state, reason,"
        f" {staging.CLOSED}, ? {fresh} AND state <> 'open' ORDER BY fresh.id",
        (by,),
    )


def _convert(book: Book, author: Author, last_known: int) -> None:
    """Leads that were known and have their first opportunity now have become clients on the day of it."""
    found = book.all(
        "SELECT client.lead_id, min(incoming.created_at) FROM client CROSS JOIN incoming USING (line)"
        " CROSS JOIN lead ON lead.id = client.lead_id WHERE lead.state <> 'converted' AND lead.id <= ?"
        " GROUP BY client.lead_id ORDER BY client.lead_id",
        last_known,
    )
    for lead_id, at in found:
        lead = Lead._make(book.one("SELECT * FROM lead WHERE id = ?", lead_id))
        then = author._replace(at=at, backdated=False).after(book.last_move(lead))
        journal.apply(book.conn, leads.convert(then, lead))
