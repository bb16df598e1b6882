"""The file itself from the command line: where it is, whether it is sound, backups, and SQL that only reads."""

from __future__ import annotations

import os
import pty
import shlex
import shutil
import signal
import sqlite3
import stat
import subprocess
import time
from pathlib import Path

import pytest

from commandline import PROGRAM, Cli, Said
from funnelctl.store.connection import PAGE

CHECKS = [
    "integrity", "references", "schema", "standing", "beginnings", "order", "stages", "money", "dates", "tags", "keys",
    "addresses", "operations", "undone", "changes", "log", "counters", "content",
]  # fmt: skip


@pytest.fixture
def lived(call: Cli) -> Cli:
    call("lead add 'Ada Lovelace' --email ada@example.com --note secret --at 2026-10-01")
    call("advance ada --title 'Engine audit' --value '12000 EUR' --service audit --at 2026-10-05")
    call("lead add Bob --at 2026-10-06")
    return call


def answered(call: Cli, command: str, code: int) -> Said:
    """A command that has an answer although it does not end with 0."""
    said = call._started(list(shlex.split(command)), call.env, "")
    assert said.code == code, said
    return said


def tamper(book: Path, *statements: str) -> None:
    conn = sqlite3.connect(book)
    for statement in statements:
        conn.execute(statement)
    conn.commit()
    conn.close()


def at_terminal(call: Cli, command: str, typed: str) -> tuple[int, str]:
    """Run the program where somebody sits at a terminal and types; its exit code and what the terminal shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *shlex.split(command)], stdin=theirs, stdout=theirs, stderr=theirs, env=call.env
    )
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = b""
    while True:
        try:
            more = os.read(ours, 4096)
        except OSError:  # the other end was closed
            break
        if not more:
            break
        shown += more
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def test_path_tells_where_the_file_is_or_would_be(call: Cli, newcomer: Cli) -> None:
    assert call("db path").out == f"{call.book}\n"
    assert call.row("db path") == {"path": str(call.book), "exists": True}
    assert newcomer.row("db path") == {"path": str(newcomer.book), "exists": False}
    assert not newcomer.book.parent.exists()


def test_a_sound_book_is_called_sound(lived: Cli) -> None:
    rows = lived.rows("db check")
    assert [row["check"] for row in rows] == CHECKS
    assert {row["status"] for row in rows} == {"ok"}
    assert {row["found"] for row in rows} == {0}
    assert lived("db check").err == ""


def test_two_books_that_say_the_same_have_one_digest(call: Cli) -> None:
    call("lead add Ada")
    call("db backup copy.db")
    own, copied = call.json("db check")["digest"], call.json("db check --db copy.db")["digest"]
    assert len(own) == 64
    assert own == copied
    assert own in call("db check").out
    call("lead edit Ada --note x")
    assert call.json("db check")["digest"] != own
    tamper(call.book, "UPDATE lead SET note = 'y'")
    assert answered(call, "db check --json", 74).json["digest"] is None


def test_what_is_wrong_is_listed_and_the_exit_code_tells(lived: Cli) -> None:
    tamper(lived.book, "UPDATE opportunity SET value_minor = 1 WHERE id = 1", "UPDATE lead SET note = 'x' WHERE id = 1")
    said = answered(lived, "db check", 74)
    assert "log  O1: the log says otherwise of value_minor" in said.out.replace("    ", "  ").replace("      ", "  ")
    assert "funnelctl db restore" in said.err
    rows = {row["check"]: row for row in answered(lived, "db check --json", 74).rows}
    assert (rows["log"]["status"], rows["log"]["found"]) == ("failed", 2)
    assert rows["log"]["detail"] == "L1: the log says otherwise of note; O1: the log says otherwise of value_minor"
    assert rows["money"]["status"] == "ok"


def test_every_format_gives_the_findings(lived: Cli) -> None:
    tamper(lived.book, "UPDATE opportunity SET value_minor = 1 WHERE id = 1")
    for fmt in ("table", "json", "jsonl", "csv", "tsv", "md"):
        assert "the log says otherwise of" in answered(lived, f"db check --format {fmt}", 74).out


def test_what_is_no_book_cannot_be_checked(call: Cli, tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("dear mother, " * 500)
    call("db check --db letter.db", 74)
    call("db check --db nothing.db", 3)
    assert not (tmp_path / "nothing.db").exists()


def test_a_backup_lies_beside_the_book_and_is_private(lived: Cli) -> None:
    row = lived.row("db backup")
    assert row["path"] == str(lived.book.with_name("book-backups") / "book-20261123T100000Z.db")
    made = Path(row["path"])
    assert row["size"] == made.stat().st_size
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    there = {**lived.env, "FUNNELCTL_DB": str(made)}
    assert lived.rows("lead list --all", env=there) == lived.rows("lead list --all")


def test_a_backup_goes_where_it_is_told(lived: Cli, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    assert lived("db backup mine.db").out.startswith("backed up to mine.db (")
    assert (tmp_path / "mine.db").exists()
    lived("db backup stick")
    assert [path.name for path in stick.iterdir()] == ["book-20261123T100000Z.db"]
    assert "left as it is" in lived("db backup mine.db", 4).message
    assert str(tmp_path / "nowhere") in lived("db backup nowhere/mine.db", 74).message


def test_a_dry_run_backs_nothing_up(lived: Cli, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    assert "would be backed up" in lived("db backup --dry-run").out
    assert sorted(tmp_path.iterdir()) == before


def test_restoring_brings_back_what_was_there(lived: Cli) -> None:
    backup = lived.row("db backup")["path"]
    before = lived.dump()
    lived("lead edit ada --note other")
    lived("lead add Zoe")
    now = lived.dump()
    said = lived(f"db restore {backup}")
    assert said.out == f"restored {lived.book} from {backup} (leads: 2, opportunities: 1)\n"
    assert lived.dump() == before
    former = said.err.split("as it was before: ")[1].splitlines()[0]
    lived(["db", "restore", former])
    assert lived.dump() == now


def test_restoring_where_there_is_no_book_makes_one(lived: Cli, newcomer: Cli) -> None:
    backup = lived.row("db backup")["path"]
    newcomer(f"db restore {backup}")
    assert stat.S_IMODE(newcomer.book.stat().st_mode) == 0o600
    assert newcomer.rows("lead list --all") == lived.rows("lead list --all")


def test_a_dry_run_restores_nothing(lived: Cli) -> None:
    backup = lived.row("db backup")["path"]
    lived("lead add Zoe")
    before = lived.book.read_bytes()
    assert "would become" in lived(f"db restore {backup} --dry-run").out
    assert lived.book.read_bytes() == before
    assert len(list(Path(backup).parent.iterdir())) == 1


def test_only_a_sound_backup_of_ours_is_restored(lived: Cli, tmp_path: Path) -> None:
    before = lived.book.read_bytes()
    for name in ("wrong", "newer", "foreign"):
        lived(f"db backup {name}.db")
    tamper(tmp_path / "wrong.db", "UPDATE lead SET name = 'Augusta' WHERE id = 1")
    tamper(tmp_path / "newer.db", "PRAGMA user_version = 99")
    tamper(tmp_path / "foreign.db", "PRAGMA application_id = 7")
    (tmp_path / "letter.db").write_text("dear mother")
    said = lived("db restore wrong.db", 74)
    assert "keys, log" in said.message
    assert "db check --db wrong.db" in said.hint
    lived("db restore newer.db", 74)
    lived("db restore foreign.db", 74)
    lived("db restore letter.db", 74)
    lived("db restore nothing.db", 3)
    lived(f"db restore {lived.book}", 4)
    assert lived.book.read_bytes() == before


def test_a_person_is_asked_before_the_book_is_replaced(lived: Cli) -> None:
    backup = lived.row("db backup")["path"]
    lived("lead add Zoe")
    code, shown = at_terminal(lived, f"db restore {backup}", "n\n")
    assert code == 1
    assert "Replace" in shown
    assert "nothing was restored" in shown
    assert lived.row("lead show Zoe")["name"] == "Zoe"
    code, shown = at_terminal(lived, f"db restore {backup}", "y\n")
    assert code == 0
    lived("lead show Zoe", 3)


def test_a_damaged_book_is_brought_back(lived: Cli) -> None:
    backup = lived.row("db backup")["path"]
    before = lived.dump()
    with lived.book.open("r+b") as file:
        file.seek(PAGE * 2)
        file.write(os.urandom(PAGE * 30))
    answered(lived, "db check", 74)
    said = lived(f"db restore {backup}")
    assert "-damaged.db" in said.err
    assert lived.dump() == before
    lived("db check")


def test_an_older_file_is_backed_up_before_it_is_changed(lived: Cli) -> None:
    tamper(lived.book, "PRAGMA user_version = 0")  # as an older program would have left it
    old = lived.dump()
    said = lived("report")
    [backup] = lived.book.with_name("book-backups").iterdir()
    assert backup.name == "book-20261123T100000Z-before-migration.db"
    assert f"from schema 0 to 4; as it was: {backup}" in said.err
    conn = sqlite3.connect(backup)
    assert conn.execute("PRAGMA user_version").fetchone() == (0,)
    conn.close()
    assert lived.dump() == old
    assert "from schema" not in lived("report").err
    assert len(list(backup.parent.iterdir())) == 1


def test_stats_count_the_rows_of_every_table(lived: Cli) -> None:
    told = lived.json("db stats")
    rows = {row["table"]: row["rows"] for row in told["rows"]}
    assert (rows["lead"], rows["opportunity"], rows["move"], rows["operation"]) == (2, 1, 4, 3)
    assert told["size"] == lived.book.stat().st_size
    assert (told["schema_version"], told["journal"], told["path"]) == (4, "delete", str(lived.book))
    assert str(lived.book) in lived("db stats").out


def test_sql_answers_in_every_format(lived: Cli) -> None:
    ask = "SELECT id, name, email, note IS NULL AS silent FROM lead ORDER BY id"
    assert lived(["db", "sql", ask]).out == (
        "id  name          email            silent\n"
        " 1  Ada Lovelace  ada@example.com       0\n"
        " 2  Bob                                 1\n"
    )
    told = lived(["db", "sql", ask, "--json"]).json
    assert told["total"] == 2
    assert told["rows"][1] == {"id": 2, "name": "Bob", "email": None, "silent": 1}
    assert lived(["db", "sql", ask, "--format", "csv"]).out == (
        "id,name,email,silent\n1,Ada Lovelace,ada@example.com,0\n2,Bob,,1\n"
    )


def test_sql_values_of_all_kinds(lived: Cli) -> None:
    ask = "SELECT 1.5 AS real, x'00ff' AS bytes, NULL AS missing, 1 AS x, 2 AS x, 9e999 AS endless, 'ü' AS [a b]"
    assert lived(["db", "sql", ask, "--json"]).rows == [
        {"real": 1.5, "bytes": "00ff", "missing": None, "x": 1, "x_2": 2, "endless": "inf", "a b": "ü"}
    ]
    assert lived(["db", "sql", "SELECT 1 WHERE 0"]).out == "no rows\n"


def test_sql_reads_functions_and_the_schema(lived: Cli) -> None:
    assert lived(["db", "sql", "SELECT value FROM json_each('[1, 2]')", "--json"]).rows == [{"value": 1}, {"value": 2}]
    assert len(lived(["db", "sql", "SELECT name FROM pragma_table_info('lead')", "--json"]).rows) == 20
    assert "CREATE TABLE lead" in lived(["db", "sql", "SELECT sql FROM sqlite_schema WHERE name = 'lead'"]).out
    assert lived(["db", "sql", "EXPLAIN QUERY PLAN SELECT * FROM lead"]).out


def test_sql_shows_a_screenful_and_gives_programs_all(lived: Cli) -> None:
    ask = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 120) SELECT n FROM n"
    said = lived(["db", "sql", ask])
    assert len(said.out.splitlines()) == 51
    assert "70 more" in said.err
    assert len(lived(["db", "sql", ask, "--json"]).rows) == 120
    assert lived(["db", "sql", ask, "--json", "--limit", "3"]).json["total"] == 120


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM lead",
        "WITH gone AS (SELECT 1) DELETE FROM lead",
        "INSERT INTO setting (name, value) VALUES ('a', 'b') RETURNING id",
        "UPDATE lead SET name = 'x'",
        "UPDATE sqlite_master SET sql = 'x'",
        "DROP TABLE lead",
        "CREATE TEMP TABLE own (x)",
        "ATTACH 'made.db' AS made",
        "VACUUM INTO 'made.db'",
        "VACUUM",
        "PRAGMA user_version = 5",
        "PRAGMA writable_schema = ON",
        "PRAGMA query_only = OFF",
        "BEGIN IMMEDIATE",
        "SELECT load_extension('made')",
        "SELECT 1; DELETE FROM lead",
        "SELECT nothing FROM lead",
        "SELEKT",
        "",
        "-- nothing",
    ],
)
def test_sql_can_do_nothing_but_read(lived: Cli, sql: str) -> None:
    before, files = lived.book.read_bytes(), sorted(os.listdir(lived.home))
    said = lived(["db", "sql", sql], 2)
    assert said.hint
    assert lived.book.read_bytes() == before
    assert sorted(os.listdir(lived.home)) == files


def test_sql_that_never_ends_can_be_interrupted(run: Cli) -> None:
    endless = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n"
    process = subprocess.Popen(
        [PROGRAM, "db", "sql", endless], env=run.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # a shell lets what it runs in the background ignore it, and children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no thread runs
    )  # fmt: skip
    try:
        time.sleep(2)  # long enough to be in the middle of it; if it is not, the outcome is the same
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert "interrupted" in err


def test_a_file_that_was_cut_short_is_told(lived: Cli, tmp_path: Path) -> None:
    short = Path(shutil.copy(lived.book, tmp_path / "short.db"))
    os.truncate(short, short.stat().st_size // 2)
    said = answered(lived, "db check --db short.db", 74)
    assert "cannot be read" in said.out + said.err
    assert "Traceback" not in said.err


def test_p23_the_names_of_columns_run_no_formula_either(call: Cli) -> None:
    call("lead add Ada")
    out = call(["db", "sql", 'SELECT 1 AS "=cmd()", 2 AS two', "--format", "csv"]).out
    assert out.splitlines()[0] == "'=cmd(),two"
