"""The schema as it is released, written out: a change of it has to be meant, and to be a step of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils
from desk import Desk, new_book, nobody

from funnelctl.core.records import TABLES
from funnelctl.store.connection import APPLICATION_ID, Transaction, connect
from funnelctl.store.schema import NEWEST, migrate, migrations, version

# column TYPE, with ! where it may not be NULL
TABLES_AS_RELEASED = {
    "setting": "id INTEGER, name TEXT!, value TEXT!",
    "funnel": "key TEXT!, label_en TEXT!, label_es TEXT!, label_id TEXT!, currency TEXT, statuses TEXT!,"
    " lost_reasons TEXT!, project INTEGER!, digest TEXT!, stamp TEXT!",
    "stage": "funnel TEXT!, key TEXT!, position INTEGER!, label_en TEXT!, label_es TEXT!, label_id TEXT!, holds TEXT!,"
    " why TEXT!, probability REAL, stale_after INTEGER, requires TEXT!, follow_up TEXT!, can_win INTEGER!,"
    " sleeping INTEGER!",
    "lead": "id INTEGER, name TEXT!, name_key TEXT!, company TEXT, email TEXT, email_key TEXT, phone TEXT,"
    " phone_key TEXT, source TEXT, referred_by INTEGER, funnel TEXT!, stage TEXT!, state TEXT!, reason TEXT, note TEXT,"
    " tags TEXT!, key TEXT, created_at TEXT!, entered_at TEXT!, closed_at TEXT",
    "lead_alias": "id INTEGER, lead_id INTEGER!, kind TEXT!, key TEXT!, value TEXT!",
    "opportunity": "id INTEGER, lead_id INTEGER!, title TEXT!, title_key TEXT!, value_minor INTEGER, currency TEXT,"
    " service TEXT, funnel TEXT!, stage TEXT!, status TEXT, outcome TEXT!, reason TEXT, competitor TEXT,"
    " probability REAL, expected_close TEXT, postponed_until TEXT, note TEXT, tags TEXT!, key TEXT, furthest TEXT!,"
    " created_at TEXT!, entered_at TEXT!, closed_at TEXT",
    "move": "id INTEGER, lead_id INTEGER, opportunity_id INTEGER, kind TEXT!, funnel TEXT!, from_stage TEXT,"
    " to_stage TEXT!, state TEXT!, detail TEXT, at TEXT!, by TEXT!, note TEXT",
    "activity": "id INTEGER, lead_id INTEGER!, opportunity_id INTEGER, kind TEXT!, at TEXT!, text TEXT, key TEXT,"
    " by TEXT!",
    "source_row": "id INTEGER, fingerprint TEXT!, lead_id INTEGER, opportunity_id INTEGER, activity_id INTEGER",
    "operation": "id INTEGER, kind TEXT!, command TEXT!, at TEXT!, by TEXT!, target INTEGER, undone INTEGER!,"
    " first_change INTEGER!, last_change INTEGER!",
    "entry": "id INTEGER, table_name TEXT!, row_id INTEGER!, before TEXT, after TEXT",
    "forgotten": "id INTEGER, person INTEGER!, kind TEXT!, hash TEXT!, salt TEXT!, at TEXT!",
}
# Of each table with records of the domain, one that keeps its rows as they came, under the numbers of their changes.
TABLES_AS_RELEASED |= {
    f"{table}_came": f"change INTEGER, {TABLES_AS_RELEASED[table].replace('!', '')}" for table in TABLES.values()
}
INDEXES_AS_RELEASED = {
    "lead_by_name": "lead (name_key)",
    "lead_open": "lead (entered_at, funnel, stage, state) WHERE state = 'open'",
    "lead_by_referrer": "lead (referred_by) WHERE referred_by IS NOT NULL",
    "lead_alias_by_lead": "lead_alias (lead_id)",
    "opportunity_by_lead": "opportunity (lead_id)",
    "opportunity_live": "opportunity (funnel, stage, currency, value_minor, probability, postponed_until, entered_at,"
    " outcome) WHERE outcome = 'open'",
    "opportunity_closed": "opportunity (closed_at, outcome, funnel, currency, value_minor) WHERE outcome <> 'open'",
    "move_by_opportunity": "move (opportunity_id) WHERE opportunity_id IS NOT NULL",
    "move_by_lead": "move (lead_id) WHERE lead_id IS NOT NULL",
    "activity_by_lead": "activity (lead_id, at)",
    "activity_by_opportunity": "activity (opportunity_id) WHERE opportunity_id IS NOT NULL",
    "source_row_by_activity": "source_row (activity_id) WHERE activity_id IS NOT NULL",
    "source_row_by_lead": "source_row (lead_id) WHERE lead_id IS NOT NULL",
    "source_row_by_opportunity": "source_row (opportunity_id) WHERE opportunity_id IS NOT NULL",
    "operation_done": "operation (id) WHERE kind = 'do' AND undone = 0",
    "operation_whole": "operation (kind, command, at, by, target, undone, first_change, last_change)",
    "forgotten_whole": "forgotten (person, kind, hash, salt, at)",
}
UNIQUE_AS_RELEASED = {
    "setting (name)", "lead (email_key)", "lead (phone_key)", "lead (key)", "lead_alias (kind, key)",
    "opportunity (key)", "activity (key)", "source_row (fingerprint)", "funnel (key)", "stage (funnel, key)",
    "forgotten (kind, hash)",
}  # fmt: skip
REFERENCES_AS_RELEASED = {
    "stage.funnel -> funnel.key",
    "lead.referred_by -> lead.id",
    "lead_alias.lead_id -> lead.id",
    "opportunity.lead_id -> lead.id",
    "move.lead_id -> lead.id",
    "move.opportunity_id -> opportunity.id",
    "source_row.lead_id -> lead.id",
    "source_row.opportunity_id -> opportunity.id",
    "source_row.activity_id -> activity.id",
    "activity.lead_id -> lead.id",
    "activity.opportunity_id -> opportunity.id",
    "operation.target -> operation.id",
}
# Whose ids count up and are never used again.
COUNTED = {
    "setting", "lead", "lead_alias", "opportunity", "move", "activity", "source_row", "operation", "entry",
    "forgotten",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "funnel.db")


def test_the_tables_are_those_that_were_released(desk: Desk) -> None:
    own = "type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_%' ESCAPE '\\'"
    found = {}
    for (table,) in desk.conn.execute(f"SELECT name FROM sqlite_schema WHERE {own}").fetchall():
        columns = desk.conn.execute(f"PRAGMA table_info({table})").fetchall()
        found[table] = ", ".join(f"{name} {kind}{'!' if notnull else ''}" for _, name, kind, notnull, *_ in columns)
    assert found == TABLES_AS_RELEASED


def test_all_of_them_are_strict_and_count_up(desk: Desk) -> None:
    listed = desk.conn.execute("PRAGMA table_list").fetchall()
    assert {name for _, name, _, _, _, strict in listed if strict} == set(TABLES_AS_RELEASED)
    counted = desk.conn.execute("SELECT name FROM sqlite_schema WHERE sql LIKE '%AUTOINCREMENT%'").fetchall()
    assert {name for (name,) in counted} == COUNTED


def test_the_indexes_are_those_that_were_released(desk: Desk) -> None:
    own = "type = 'index' AND sql IS NOT NULL AND tbl_name <> '_sqlite_migrations'"
    rows = desk.conn.execute(f"SELECT name, sql FROM sqlite_schema WHERE {own}").fetchall()
    found = {name: " ".join(sql.split()).removeprefix(f"CREATE INDEX {name} ON ") for name, sql in rows}
    assert found == INDEXES_AS_RELEASED


def test_what_is_unique_is_what_was_released(desk: Desk) -> None:
    found = set()
    for table in TABLES_AS_RELEASED:
        for _, index, unique, *_ in desk.conn.execute(f"PRAGMA index_list({table})").fetchall():
            if unique:
                columns = desk.conn.execute(f"PRAGMA index_info({index})").fetchall()
                found.add(f"{table} ({', '.join(column[2] for column in columns)})")
    assert found == UNIQUE_AS_RELEASED


def test_the_references_are_those_that_were_released(desk: Desk) -> None:
    found = set()
    for table in TABLES_AS_RELEASED:
        for _, _, parent, start, end, on_update, on_delete, _ in desk.conn.execute(f"PRAGMA foreign_key_list({table})"):
            found.add(f"{table}.{start} -> {parent}.{end}")
            assert (on_update, on_delete) == ("NO ACTION", "NO ACTION"), (
                "nothing may vanish without a change of its own"
            )
    assert found == REFERENCES_AS_RELEASED


def test_there_are_neither_triggers_nor_views(desk: Desk) -> None:
    kinds = desk.conn.execute("SELECT DISTINCT type FROM sqlite_schema ORDER BY type").fetchall()
    assert kinds == [("index",), ("table",)]


def test_a_record_is_a_row_field_by_field(desk: Desk) -> None:
    for record, table in TABLES.items():
        columns = tuple(row[1] for row in desk.conn.execute(f"PRAGMA table_info({table})"))
        assert record._fields == columns


def test_the_file_says_whose_it_is_and_which_schema_it_has(desk: Desk) -> None:
    assert desk.conn.execute("PRAGMA application_id").fetchone() == (0x46554E4C,)
    assert desk.path.read_bytes()[68:72] == b"FUNL"
    assert desk.conn.execute("PRAGMA page_size").fetchone() == (8192,)
    assert version(desk.conn) == NEWEST
    database = sqlite_utils.Database(desk.conn, execute_plugins=False)
    steps = ["first_tables", "activities", "rows_as_they_came", "leads_by_day"]
    assert [step.name for step in migrations().applied(database)] == steps
    assert NEWEST == 4


def test_doing_the_steps_again_changes_nothing(desk: Desk) -> None:
    desk.add_lead()
    before = desk.path.read_bytes()
    with Transaction(desk.conn, "IMMEDIATE", nobody):
        migrate(desk.conn, APPLICATION_ID)
    # The counter of transactions in the header is all that moves.
    after = desk.path.read_bytes()
    assert (after[:24], after[28:92], after[100:]) == (before[:24], before[28:92], before[100:])


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "funnel.db")
    desk.conn.execute("DELETE FROM _sqlite_migrations")  # so that the first step meets its own tables
    before = desk.path.read_bytes()
    with pytest.raises(sqlite3.OperationalError, match="already exists"), Transaction(desk.conn, "IMMEDIATE", nobody):
        migrate(desk.conn, APPLICATION_ID)
    assert desk.path.read_bytes() == before


IMPOSSIBLE = {
    "a lead without a name": "UPDATE lead SET name = ''",
    "a lead in an unknown state": "UPDATE lead SET state = 'sleepy'",
    "an open lead that was closed": "UPDATE lead SET state = 'open'",
    "a client since never": "UPDATE lead SET closed_at = NULL",
    "tags that are no list": "UPDATE lead SET tags = 'vip'",
    "bytes for text": "UPDATE lead SET created_at = x'00'",
    "referred by nobody": "UPDATE lead SET referred_by = 9",
    "a lead of whom there are moves": "DELETE FROM lead",
    "an opportunity of nobody": "UPDATE opportunity SET lead_id = 9",
    "an opportunity without a title": "UPDATE opportunity SET title = ''",
    "less than nothing": "UPDATE opportunity SET value_minor = -1",
    "half a cent": "UPDATE opportunity SET value_minor = 1.5",
    "a value without its currency": "UPDATE opportunity SET currency = NULL",
    "a currency without its value": "UPDATE opportunity SET value_minor = NULL",
    "surer than sure": "UPDATE opportunity SET probability = 1.01",
    "won and never closed": "UPDATE opportunity SET outcome = 'won'",
    "lost and asleep": "UPDATE opportunity SET outcome = 'lost', closed_at = 'x', postponed_until = 'y'",
    "a move of nothing": "UPDATE move SET lead_id = NULL",
    "a move of two": "UPDATE move SET lead_id = 1, opportunity_id = 1",
    "an unknown move": "UPDATE move SET kind = 'jump'",
    "a call of nobody": "UPDATE activity SET lead_id = NULL",
    "a kind in capitals": "UPDATE activity SET kind = 'Call'",
    "nothing said": "UPDATE activity SET text = ''",
    "a source of two": "UPDATE source_row SET lead_id = 1",
    "a change of nothing": "UPDATE entry SET before = NULL, after = NULL",
    "a deed that takes something back": "UPDATE operation SET target = 1",
}


@pytest.mark.parametrize("sql", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_be_is_refused_by_the_database_itself(desk: Desk, sql: str) -> None:
    lead = desk.add_lead()
    desk.add_sale(lead, value="1200 EUR")
    desk.add_activity(lead, "call", "asked for a price")
    desk.conn.execute("INSERT INTO source_row (fingerprint, activity_id) VALUES ('f', 1)")
    with pytest.raises(sqlite3.IntegrityError):
        desk.conn.execute(sql)


def test_the_path_of_a_new_book_holds_nothing_else(tmp_path: Path) -> None:
    new_book(tmp_path / "funnel.db")
    assert [path.name for path in tmp_path.iterdir()] == ["funnel.db"]
    conn = connect(str(tmp_path / "funnel.db"))
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    conn.close()
