"""db check finds each kind of damage by its name, names no value, and calls a sound book sound."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from lived import live

from commandline import InProcess
from funnelctl.core.records import TABLES as RECORDS
from funnelctl.errors import NotFound, Trouble
from funnelctl.store.checks import DOMAIN, FILE, Result, check_book
from funnelctl.store.connection import PAGE

TABLES = (
    "setting",
    "lead",
    "lead_alias",
    "opportunity",
    "move",
    "activity",
    "source_row",
    "operation",
    "entry",
    "forgotten",
    *(f"{table}_came" for table in RECORDS.values()),
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def book(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(lived, tmp_path / "book.db"))


def checked(book: Path) -> dict[str, Result]:
    return {result.check: result for result in check_book(str(book), lambda: None, lambda check: None)}


def failed(book: Path) -> dict[str, tuple[str, ...]]:
    return {name: result.findings for name, result in checked(book).items() if result.status == "failed"}


def tamper(book: Path, *statements: str) -> None:
    """Change the file as another program would: nothing of ours sees it."""
    conn = sqlite3.connect(book)
    for statement in statements:
        conn.execute(statement)
    conn.commit()
    conn.close()


def test_a_book_somebody_lives_with_is_sound(lived: Path) -> None:
    results = checked(lived)
    assert list(results) == [*FILE, *DOMAIN]
    assert {result.status for result in results.values()} == {"ok"}
    assert not any(result.findings or result.found for result in results.values())


def test_an_empty_book_is_sound(empty_book: Path) -> None:
    assert failed(empty_book) == {}


def test_checking_changes_nothing(book: Path) -> None:
    before = book.read_bytes()
    checked(book)
    assert book.read_bytes() == before


# What another program does to the file, the check that has to find it, and what its finding has to name.
PLANTED = [
    ("operations", "kind", "UPDATE operation SET kind = 'forget' WHERE id = 1", "operation 1"),
    ("operations", "command", "UPDATE operation SET command = 'lead forget' WHERE id = 1", "operation 1"),
    (
        "references",
        "nobody's",
        "INSERT INTO lead_alias (lead_id, kind, key, value) VALUES (99, 'key', 'x', 'x')",
        "lead",
    ),
    ("schema", "an index is gone", "DROP INDEX lead_by_name", "lead_by_name"),
    ("schema", "a table is another", "ALTER TABLE lead ADD COLUMN colour TEXT", "lead"),
    (
        "schema",
        "a trigger",
        "CREATE TRIGGER spy AFTER UPDATE ON lead BEGIN UPDATE lead SET note = 'x' WHERE id = NEW.id; END",
        "a trigger of another program's stands on lead",
    ),
    (
        "schema",
        "an index",
        "CREATE UNIQUE INDEX mine ON lead (id, company)",
        "an index of another program's stands on lead",
    ),
    ("schema", "a step is called otherwise", "UPDATE _sqlite_migrations SET name = 'other' WHERE id = 2", "steps"),
    ("schema", "a step is missing", "DELETE FROM _sqlite_migrations", "0 steps"),
    ("standing", "stage", "UPDATE lead SET stage = 'contacted' WHERE id = 2", "L2"),
    ("standing", "state", "UPDATE lead SET state = 'disqualified', closed_at = entered_at WHERE id = 2", "L2"),
    ("standing", "funnel", "UPDATE opportunity SET funnel = 'geosama' WHERE id = 2", "O2"),
    ("standing", "outcome", "UPDATE opportunity SET outcome = 'won' WHERE id = 2", "O2"),
    ("standing", "since when", "UPDATE opportunity SET entered_at = '2020-01-01T12:00:00Z' WHERE id = 1", "O1"),
    ("standing", "closed when", "UPDATE opportunity SET closed_at = '2020-01-01T12:00:00Z' WHERE id = 1", "O1"),
    ("standing", "since when, merged", "UPDATE lead SET entered_at = '2020-01-01T12:00:00Z' WHERE id = 3", "L3"),
    ("standing", "a move", "UPDATE move SET to_stage = 'request' WHERE id = (SELECT max(id) FROM move)", "L"),
    ("beginnings", "no moves", "DELETE FROM move WHERE lead_id = 5", "L5"),
    ("beginnings", "no entering", "UPDATE move SET kind = 'back' WHERE kind = 'enter' AND opportunity_id = 2", "O2"),
    ("order", "a date", "UPDATE move SET at = '2020-01-01T12:00:00Z' WHERE kind = 'win'", "move"),
    ("stages", "unknown", "UPDATE lead SET stage = 'nowhere' WHERE id = 5", "L5"),
    ("stages", "known no more", "DELETE FROM stage WHERE key = 'enquiry'", "L5"),
    ("money", "currency", "UPDATE opportunity SET currency = 'XXX' WHERE id = 1", "O1"),
    ("dates", "a time", "UPDATE lead SET created_at = '2026-01-05' WHERE id = 1", "L1"),
    ("dates", "no time", "UPDATE operation SET at = 'now' WHERE id = 1", "operation 1"),
    ("dates", "a day", "UPDATE opportunity SET expected_close = '2026-02-31' WHERE id = 1", "O1"),
    ("tags", "a word", "UPDATE lead SET tags = '[winter]' WHERE id = 5", "L5"),
    ("tags", "a number", "UPDATE opportunity SET tags = '[5]' WHERE id = 1", "O1"),
    ("keys", "name", "UPDATE lead SET name_key = 'augusta' WHERE id = 1", "L1"),
    ("keys", "e-mail", "UPDATE lead SET email_key = 'augusta@example.com' WHERE id = 1", "L1"),
    ("keys", "e-mail gone", "UPDATE lead SET email = NULL WHERE id = 1", "L1"),
    ("keys", "phone", "UPDATE lead SET phone_key = '+34931234568' WHERE id = 2", "L2"),
    ("keys", "title", "UPDATE opportunity SET title = 'Other' WHERE id = 1", "O1"),
    ("keys", "alias", "UPDATE lead_alias SET value = 'other@example.com' WHERE kind = 'email'", "lead_alias"),
    ("addresses", "twice", "UPDATE lead SET email_key = 'hopper@example.org' WHERE id = 5", "L5 and L3"),
    ("operations", "a gap", "UPDATE operation SET last_change = last_change - 1 WHERE id = 3", "operation 4"),
    ("operations", "one is gone", "DELETE FROM operation WHERE id = 7", "operation 8"),
    ("operations", "the end is gone", "DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)", "end with"),
    ("operations", "the middle is gone", "DELETE FROM entry WHERE id = 5", "1 entries"),
    ("operations", "a row that came is gone", "DELETE FROM lead_came WHERE id = 9", "1 entries"),
    ("operations", "two of one number", "UPDATE lead_came SET change = 5 WHERE id = 9", "no number of their own"),
    (
        "operations",
        "two of one number, in all as many",
        "UPDATE move_came SET change = 5 WHERE id = (SELECT max(id) FROM move_came)",
        "no number of their own",
    ),
    ("operations", "before all others", "UPDATE entry SET id = -5 WHERE id = 5", "1 entries"),
    ("undone", "marked", "UPDATE operation SET undone = 1 WHERE id = 2", "operation 2"),
    ("undone", "twice", "UPDATE operation SET kind = 'undo' WHERE kind = 'redo'", "operation"),
    ("changes", "no JSON", "UPDATE entry SET after = 'gone' WHERE id = 4", "change 4"),
    ("changes", "no object", "UPDATE entry SET after = '5' WHERE id = 4", "change 4"),
    ("changes", "no table", "UPDATE entry SET table_name = 'leads' WHERE id = 4", "change 4"),
    ("log", "an amount", "UPDATE opportunity SET value_minor = value_minor + 1 WHERE id = 1", "O1"),
    ("log", "a note", "UPDATE lead SET note = 'something else' WHERE id = 1", "L1: the log says otherwise of note"),
    ("log", "a new row", "INSERT INTO setting (name, value) VALUES ('colour', 'red')", "setting 2 is not in the log"),
    ("log", "a lost row", "DELETE FROM lead_alias WHERE kind = 'id'", "lead_alias"),
    ("log", "a past value", "UPDATE entry SET after = replace(after, 'winter', 'summer')", "L5"),
    (
        "log",
        "a field",
        "UPDATE entry SET after = replace(after, '\"note\":null', '\"not\":null') WHERE id = 5",
        "speaks",
    ),
    ("log", "who it is of", "UPDATE entry SET row_id = 77 WHERE table_name = 'lead' AND row_id = 5", "L77"),
    (
        "log",
        "a value that came",
        "UPDATE lead_came SET company = 'Other' WHERE id = 9",
        "L9: change",
    ),
    ("log", "who came", "UPDATE lead_came SET id = 77 WHERE id = 9", "L77"),
    (
        "log",
        "what came is bytes",
        "UPDATE move_came SET note = CAST(x'C328' AS TEXT) WHERE id = (SELECT min(id) FROM move_came)",
        "move",
    ),
    ("counters", "too low", "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'opportunity'", "opportunity"),
    ("counters", "of changes", "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'entry'", "entry"),
    (
        "counters",
        "forgetful",
        "UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM lead) WHERE name = 'lead'",
        "lead",
    ),
    ("counters", "no number", "UPDATE sqlite_sequence SET seq = 'many' WHERE name = 'lead'", "lead"),
]


@pytest.mark.parametrize(("check", "what", "damage", "named"), PLANTED, ids=[f"{row[0]}: {row[1]}" for row in PLANTED])
def test_each_kind_of_damage_is_found_by_its_check(book: Path, check: str, what: str, damage: str, named: str) -> None:
    tamper(book, damage)
    found = failed(book)
    assert check in found
    assert any(named in finding for finding in found[check]), found[check]


def test_tables_and_views_of_ones_own_are_no_damage(book: Path) -> None:
    tamper(
        book,
        "CREATE TABLE own (x UNIQUE)",
        "CREATE INDEX own_by_x ON own (x)",
        "CREATE VIEW own_leads AS SELECT name FROM lead",
    )
    assert failed(book) == {}


def test_an_index_that_lost_a_row_is_found(book: Path) -> None:
    tamper(
        book,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX lead_by_name ON lead (company)' WHERE name = 'lead_by_name'",
    )
    assert "integrity" in failed(book)


def test_damaged_pages_are_found_and_the_rest_is_not_guessed(book: Path) -> None:
    with book.open("r+b") as file:
        file.seek(PAGE * 3)
        file.write(b"\xff" * PAGE)
    results = checked(book)
    assert results["integrity"].status == "failed"
    assert {results[name].status for name in DOMAIN} == {"skipped"}


def test_text_that_is_no_utf8_is_a_finding_and_no_crash(book: Path) -> None:
    tamper(book, "UPDATE lead SET note = CAST(x'C3284142' AS TEXT) WHERE id = 1")
    assert failed(book)["log"] == ("L1: the log says otherwise of note",)


def test_a_schema_that_cannot_be_read_is_a_finding_and_no_crash(book: Path) -> None:
    tamper(
        book,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = CAST(x'4352454154452054C3280A' AS TEXT) WHERE name = 'move'",
    )
    results = checked(book)
    assert results["integrity"].status == "failed"
    assert results["log"].status == "skipped"


@pytest.mark.parametrize("damage", [row[2] for row in PLANTED])
def test_a_finding_names_no_value(book: Path, damage: str) -> None:
    """What is wrong may be somebody's name."""
    private = {"Lovelace", "ada@", "augusta", "hopper", "fair", "7946", "compilers", "12000", "moved to the coast"}
    tamper(book, damage)
    told = " ".join(" ".join(result.findings) for result in checked(book).values())
    assert told
    assert not [word for word in private if word in told]


def test_many_findings_are_counted_and_the_first_few_named(book: Path) -> None:
    tamper(book, "UPDATE lead SET name_key = 'x' || id")
    result = checked(book)["keys"]
    conn = sqlite3.connect(book)
    assert result.found == conn.execute("SELECT count(*) FROM lead").fetchone()[0]
    conn.close()
    assert len(result.findings) == 5


def test_a_file_of_an_older_schema_is_checked_as_a_file(book: Path) -> None:
    tamper(book, "DELETE FROM _sqlite_migrations", "PRAGMA user_version = 0")
    results = checked(book)
    assert {results[name].status for name in FILE} == {"ok"}
    assert {results[name].status for name in DOMAIN} == {"skipped"}


def test_no_file_and_no_file_of_ours_are_errors(tmp_path: Path, book: Path) -> None:
    with pytest.raises(NotFound):
        checked(tmp_path / "nothing.db")
    tamper(book, "PRAGMA application_id = 5")
    with pytest.raises(Trouble):
        checked(book)


def test_a_phone_number_stays_found_when_the_country_of_the_book_changes(tmp_path: Path, book: Path) -> None:
    call = InProcess(tmp_path, book)
    call("config set region ID")
    call("lead add 'Dewi' --phone '021 555 0123'")
    call("config set region ''")
    assert failed(book) == {}


def test_a_national_number_whose_country_the_log_does_not_tell_is_no_damage(book: Path) -> None:
    """As in a book that came from an export, which starts a log of its own."""
    tamper(book, "DELETE FROM entry WHERE table_name = 'setting'", "DELETE FROM setting")
    assert "keys" not in failed(book)


def _content(book: Path) -> list[list[tuple[object, ...]]] | None:
    """Every row of the domain and of its log, byte for byte; ``None`` where SQLite cannot read them."""
    conn = sqlite3.connect(f"file:{book}?mode=ro&immutable=1", uri=True)
    conn.text_factory = bytes
    try:
        return [conn.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in TABLES]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None
    finally:
        conn.close()


def _rot(lived: Path, book: Path, times: int, seed: int) -> int:
    """Overwrite 16 bytes anywhere, ``times`` times; how often that changed the content. Each has to be noticed."""
    chance = random.Random(seed)
    sound, content = lived.read_bytes(), _content(lived)
    changed = 0
    for _ in range(times):
        at = chance.randrange(len(sound) - 16)
        book.write_bytes(sound[:at] + chance.randbytes(16) + sound[at + 16 :])
        if _content(book) == content:
            continue
        changed += 1
        try:
            noticed = bool(failed(book))
        except Trouble:
            noticed = True
        assert noticed, f"16 bytes at {at} (seed {seed})"
    return changed


def test_p10_no_damage_to_the_content_goes_unnoticed(lived: Path, book: Path) -> None:
    assert _rot(lived, book, 300, 10) > 40


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_p10_no_damage_goes_unnoticed_in_a_long_run(lived: Path, book: Path, seed: int) -> None:
    assert _rot(lived, book, 1500, seed) > 200
