"""The tables, as the sequence of steps that made them; a step that was released is never changed."""

from __future__ import annotations

FIRST_TABLES = """
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

-- Where an import writes a hundred thousand rows, choices are told with OR: SQLite makes the list of an IN of three or
-- more anew for every row, which takes as long as writing it.
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
"""

# Calls, meetings and the like are rows of their own. An imported one without a key is known again by its content, so
# that the table of sources is made anew with a third owner; its rows and its counter stay what they were.
ACTIVITIES = """
CREATE TABLE activity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  lead_id INTEGER NOT NULL REFERENCES lead (id),
  opportunity_id INTEGER REFERENCES opportunity (id),
  kind TEXT NOT NULL CHECK (kind <> '' AND kind NOT GLOB '*[^a-z0-9-]*'),
  at TEXT NOT NULL,
  text TEXT CHECK (text <> ''),
  key TEXT UNIQUE,
  by TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_lead ON activity (lead_id, at);
CREATE INDEX activity_by_opportunity ON activity (opportunity_id) WHERE opportunity_id IS NOT NULL;

ALTER TABLE source_row RENAME TO source_row_before;
DROP INDEX source_row_by_lead;
DROP INDEX source_row_by_opportunity;
CREATE TABLE source_row (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL UNIQUE,
  lead_id INTEGER REFERENCES lead (id),
  opportunity_id INTEGER REFERENCES opportunity (id),
  activity_id INTEGER REFERENCES activity (id),
  CHECK ((lead_id IS NOT NULL) + (opportunity_id IS NOT NULL) + (activity_id IS NOT NULL) = 1)
) STRICT;
INSERT INTO source_row (id, fingerprint, lead_id, opportunity_id) SELECT * FROM source_row_before;
DELETE FROM sqlite_sequence WHERE name = 'source_row';
UPDATE sqlite_sequence SET name = 'source_row' WHERE name = 'source_row_before';
DROP TABLE source_row_before;
CREATE INDEX source_row_by_lead ON source_row (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX source_row_by_opportunity ON source_row (opportunity_id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX source_row_by_activity ON source_row (activity_id) WHERE activity_id IS NOT NULL;
"""

# An import writes a hundred thousand rows at once. To copy each as it is costs a third of what making JSON of it does,
# and less room: so the log keeps rows that came set-wise in tables like their own, and all else in ``entry``. Their
# changes share one count, that of ``entry``, which is there from the beginning; ``log.LOG`` reads both as one.
ROWS_AS_THEY_CAME = """
ALTER TABLE change RENAME TO entry;
INSERT INTO sqlite_sequence (name, seq) SELECT 'entry', 0 WHERE NOT EXISTS (
  SELECT 1 FROM sqlite_sequence WHERE name = 'entry'
);

CREATE TABLE lead_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, name TEXT, name_key TEXT, company TEXT, email TEXT, email_key TEXT, phone TEXT, phone_key TEXT,
  source TEXT, referred_by INTEGER, funnel TEXT, stage TEXT, state TEXT, reason TEXT, note TEXT, tags TEXT, key TEXT,
  created_at TEXT, entered_at TEXT, closed_at TEXT
) STRICT;
CREATE TABLE opportunity_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, lead_id INTEGER, title TEXT, title_key TEXT, value_minor INTEGER, currency TEXT, service TEXT,
  funnel TEXT, stage TEXT, status TEXT, outcome TEXT, reason TEXT, competitor TEXT, probability REAL,
  expected_close TEXT, postponed_until TEXT, note TEXT, tags TEXT, key TEXT, furthest TEXT, created_at TEXT,
  entered_at TEXT, closed_at TEXT
) STRICT;
CREATE TABLE move_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, lead_id INTEGER, opportunity_id INTEGER, kind TEXT, funnel TEXT, from_stage TEXT, to_stage TEXT,
  state TEXT, detail TEXT, at TEXT, by TEXT, note TEXT
) STRICT;
CREATE TABLE activity_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, lead_id INTEGER, opportunity_id INTEGER, kind TEXT, at TEXT, text TEXT, key TEXT, by TEXT
) STRICT;
CREATE TABLE lead_alias_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, lead_id INTEGER, kind TEXT, key TEXT, value TEXT
) STRICT;
CREATE TABLE source_row_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, fingerprint TEXT, lead_id INTEGER, opportunity_id INTEGER, activity_id INTEGER
) STRICT;
CREATE TABLE setting_came (
  change INTEGER PRIMARY KEY,
  id INTEGER, name TEXT, value TEXT
) STRICT;
"""

# Of leads that an import brings nearly all stand in one stage, so that an index which begins with it sorts a hundred
# thousand rows by what they have in common. By their day first it is made in three fifths of the time.
LEADS_BY_DAY = """
DROP INDEX lead_open;
CREATE INDEX lead_open ON lead (entered_at, funnel, stage, state) WHERE state = 'open';
"""
