"""Books of older schemas: the first is written out, so that no later step can change what old files look like."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from funnelctl.core.records import TABLES
from funnelctl.store import steps

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """
CREATE TABLE setting (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

-- The book's own copy of the funnel files it uses: `stamp` tells whether a file has changed since.
CREATE TABLE funnel (
  key TEXT PRIMARY KEY,
  label_en TEXT NOT NULL, label_es TEXT NOT NULL, label_id TEXT NOT NULL,
  currency TEXT,
  statuses TEXT NOT NULL, lost_reasons TEXT NOT NULL, -- slugs, joined by commas
  project INTEGER NOT NULL CHECK (project IN (0, 1)),
  digest TEXT NOT NULL,
  stamp TEXT NOT NULL
) STRICT;

CREATE TABLE stage (
  funnel TEXT NOT NULL REFERENCES funnel (key),
  key TEXT NOT NULL,
  position INTEGER NOT NULL,
  label_en TEXT NOT NULL, label_es TEXT NOT NULL, label_id TEXT NOT NULL,
  holds TEXT NOT NULL CHECK (holds IN ('lead', 'opportunity')),
  why TEXT NOT NULL,
  probability REAL CHECK (probability BETWEEN 0 AND 1),
  stale_after INTEGER,
  requires TEXT NOT NULL, follow_up TEXT NOT NULL, -- joined by commas
  can_win INTEGER NOT NULL CHECK (can_win IN (0, 1)),
  sleeping INTEGER NOT NULL CHECK (sleeping IN (0, 1)),
  PRIMARY KEY (funnel, key)
) STRICT;

CREATE TABLE lead (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL CHECK (name <> ''),
  name_key TEXT NOT NULL,
  company TEXT,
  email TEXT,
  email_key TEXT UNIQUE,
  phone TEXT,
  phone_key TEXT UNIQUE,
  source TEXT,
  referred_by INTEGER REFERENCES lead (id),
  funnel TEXT NOT NULL,
  stage TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state = 'open' OR state = 'converted' OR state = 'disqualified'),
  reason TEXT,
  note TEXT,
  tags TEXT NOT NULL CHECK (tags = '[]' OR tags GLOB '[[]*]'),
  key TEXT UNIQUE,
  created_at TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  closed_at TEXT CHECK ((closed_at IS NULL) = (state = 'open'))
) STRICT;
CREATE INDEX lead_by_name ON lead (name_key);
-- An index that is to answer by itself holds the column of its own condition too: else SQLite looks up each row.
CREATE INDEX lead_open ON lead (funnel, stage, entered_at, state) WHERE state = 'open';
CREATE INDEX lead_by_referrer ON lead (referred_by) WHERE referred_by IS NOT NULL;

-- Other e-mails, phones, keys and ids of a lead, left by merges: what was known once is found for ever.
CREATE TABLE lead_alias (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lead_id INTEGER NOT NULL REFERENCES lead (id),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'key', 'id')),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (kind, key)
) STRICT;
CREATE INDEX lead_alias_by_lead ON lead_alias (lead_id);

CREATE TABLE opportunity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lead_id INTEGER NOT NULL REFERENCES lead (id),
  title TEXT NOT NULL CHECK (title <> ''),
  title_key TEXT NOT NULL,
  value_minor INTEGER CHECK (value_minor >= 0),
  currency TEXT CHECK ((currency IS NULL) = (value_minor IS NULL)),
  service TEXT,
  funnel TEXT NOT NULL,
  stage TEXT NOT NULL,
  status TEXT,
  outcome TEXT NOT NULL CHECK (outcome = 'open' OR outcome = 'won' OR outcome = 'lost'),
  reason TEXT,
  competitor TEXT,
  probability REAL CHECK (probability BETWEEN 0 AND 1),
  expected_close TEXT,
  postponed_until TEXT CHECK (postponed_until IS NULL OR outcome = 'open'),
  note TEXT,
  tags TEXT NOT NULL CHECK (tags = '[]' OR tags GLOB '[[]*]'),
  key TEXT UNIQUE,
  furthest TEXT NOT NULL,
  created_at TEXT NOT NULL,
  entered_at TEXT NOT NULL,
  closed_at TEXT CHECK ((closed_at IS NULL) = (outcome = 'open'))
) STRICT;
CREATE INDEX opportunity_by_lead ON opportunity (lead_id);
CREATE INDEX opportunity_live ON opportunity
  (funnel, stage, currency, value_minor, probability, postponed_until, entered_at, outcome) WHERE outcome = 'open';
CREATE INDEX opportunity_closed ON opportunity (closed_at, outcome, funnel, currency, value_minor)
  WHERE outcome <> 'open';

-- Every passage of a lead or an opportunity. Reports of the past are made from these, never from the log of operations.
CREATE TABLE move (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lead_id INTEGER REFERENCES lead (id),
  opportunity_id INTEGER REFERENCES opportunity (id),
  kind TEXT NOT NULL CHECK (
    kind = 'enter' OR kind = 'advance' OR kind = 'back' OR kind = 'convert' OR kind = 'status'
    OR kind = 'postpone' OR kind = 'win' OR kind = 'lose' OR kind = 'drop'
    OR kind = 'reopen' OR kind = 'merge' OR kind = 'migrate'
  ),
  funnel TEXT NOT NULL,
  from_stage TEXT,
  to_stage TEXT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  note TEXT,
  CHECK ((lead_id IS NULL) <> (opportunity_id IS NULL))
) STRICT;
CREATE INDEX move_by_opportunity ON move (opportunity_id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX move_by_lead ON move (lead_id) WHERE lead_id IS NOT NULL;

-- Which record an imported row without a key became, so that importing it again changes nothing.
CREATE TABLE source_row (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL UNIQUE,
  lead_id INTEGER REFERENCES lead (id),
  opportunity_id INTEGER REFERENCES opportunity (id),
  CHECK ((lead_id IS NULL) <> (opportunity_id IS NULL))
) STRICT;
CREATE INDEX source_row_by_lead ON source_row (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX source_row_by_opportunity ON source_row (opportunity_id) WHERE opportunity_id IS NOT NULL;

-- The log: one operation a command, with every row as it was and as it became. Undo is itself an operation.
CREATE TABLE operation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('do', 'undo', 'redo', 'forget')), -- a 'forget' cannot be undone and has no changes
  command TEXT NOT NULL,
  at TEXT NOT NULL,
  by TEXT NOT NULL,
  target INTEGER REFERENCES operation (id) CHECK ((target IS NULL) = (kind IN ('do', 'forget'))),
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1)),
  first_change INTEGER NOT NULL,
  last_change INTEGER NOT NULL
) STRICT;
CREATE INDEX operation_done ON operation (id) WHERE kind = 'do' AND undone = 0;
-- Rows of the domain are in the log too, so that damage to either shows. Those of the log itself are twice in the file
-- by this index, and integrity_check compares the two.
CREATE INDEX operation_whole ON operation (kind, command, at, by, target, undone, first_change, last_change);

CREATE TABLE change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  before TEXT, -- JSON: all columns of a row that goes, the differing ones of an edit
  after TEXT,
  CHECK (before IS NOT NULL OR after IS NOT NULL)
) STRICT;

-- By what a person was known who has been forgotten, as salted hashes, so that nobody takes them in again unawares.
-- Nothing leads from here to the records that were theirs.
CREATE TABLE forgotten (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person INTEGER NOT NULL, -- the first id among the rows of one person
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'key', 'name')),
  hash TEXT NOT NULL,
  salt TEXT NOT NULL, -- the same in all rows, random
  at TEXT NOT NULL,
  UNIQUE (kind, hash)
) STRICT;
CREATE INDEX forgotten_whole ON forgotten (person, kind, hash, salt, at);

CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
INSERT INTO "_sqlite_migrations" VALUES (1, 'funnelctl', 'first_tables', '2026-11-01 09:00:00.000000+00:00');
PRAGMA application_id=0x46554E4C;
PRAGMA user_version=1;
"""

SECOND_STEP = """
INSERT INTO "_sqlite_migrations" VALUES (2, 'funnelctl', 'activities', '2026-11-02 09:00:00.000000+00:00');
PRAGMA user_version=2;
"""

THIRD_STEP = """
INSERT INTO "_sqlite_migrations" VALUES (3, 'funnelctl', 'rows_as_they_came', '2026-11-03 09:00:00.000000+00:00');
PRAGMA user_version=3;
"""

LOG = {1: "change", 2: "change", 3: "entry"}  # the table of each schema that holds the log


def old_book(path: Path, schema: int, newer: Path | None = None) -> Path:
    """A book of schema 1, 2 or 3 at ``path``: empty, or with what ``newer`` says in the columns that there were."""
    conn = sqlite3.connect(path)
    conn.executescript(SCHEMA)
    if schema >= 2:
        conn.executescript(steps.ACTIVITIES)  # which a test holds to be what was released
        conn.executescript(SECOND_STEP)
    if schema == 3:
        conn.executescript(steps.ROWS_AS_THEY_CAME)
        conn.executescript(THIRD_STEP)
    if newer is not None:
        conn.execute("ATTACH ? AS newer", (str(newer),))
        tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"
        for (table,) in conn.execute(tables).fetchall():
            columns = ", ".join(row[1] for row in conn.execute(f"PRAGMA main.table_info({table})"))
            conn.execute(f"DELETE FROM {table}")
            if table != "change":
                conn.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM newer.{table}")
        if LOG[schema] == "change":
            _log_in_one_table(conn)
        if schema == 1:
            for side in ("before", "after"):
                conn.execute(
                    f"UPDATE change SET {side} = json_remove({side}, '$.activity_id') WHERE table_name = 'source_row'"
                )
            conn.execute("DELETE FROM sqlite_sequence WHERE name = 'activity'")
        conn.commit()
    conn.close()
    return path


def _log_in_one_table(conn: sqlite3.Connection) -> None:
    """As it was before the third schema: of rows that came set-wise what is NULL was not written."""
    conn.execute("INSERT INTO change SELECT * FROM newer.entry")
    for table, columns in _columns(conn).items():
        fields = ", ".join(f"'{column}', {column}" for column in columns)
        conn.execute(
            f"INSERT INTO change SELECT change, '{table}', id, NULL, json_patch('{{}}', json_object({fields}))"
            f" FROM newer.{table}_came"
        )
    conn.execute("DELETE FROM sqlite_sequence WHERE name IN ('entry', 'change')")
    conn.execute("INSERT INTO sqlite_sequence (name, seq) SELECT 'change', max(id) FROM change")


def _columns(conn: sqlite3.Connection) -> dict[str, list[str]]:
    return {table: [row[1] for row in conn.execute(f"PRAGMA newer.table_info({table})")] for table in TABLES.values()}
