"""``funnelctl import``: a file of another program becomes part of the book, as a whole or not at all."""

from __future__ import annotations

import hashlib
import random
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from commandline import PROGRAM, Cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "maven.yaml"

# The shape of the file that examples/maven.yaml is made for, with invented rows.
PIPELINE = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
AAAA1111,Some One,Basic,Cheers,Won,2016-10-20,2017-03-01,1054
BBBB2222,Some One,Basic,Cheers,Lost,2016-10-25,2017-03-11,0
CCCC3333,Some One,Pro,Globex,Engaging,2016-11-02,,
DDDD4444,Some One,Pro,,Engaging,2016-11-03,,
EEEE5555,Some One,Pro,Globex,Prospecting,,,
FFFF6666,Some One,Pro,,Prospecting,,,
"""


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    path = tmp_path / "sales_pipeline.csv"
    path.write_text(PIPELINE)
    return path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(run: Cli, text: str | bytes, name: str = "file.csv") -> None:
    (run.home / name).write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.mark.usefixtures("pipeline")
def test_the_worked_example(run: Cli) -> None:
    said = run(f"import sales_pipeline.csv --mapping {EXAMPLE}")
    assert said.out == "created 6 opportunities (and 4 leads) from 6 rows; undo takes it back\n"
    assert said.err == "2 rows without a date of creation: dated today\n"
    report = run.json("report")
    assert report["live"]["count"] == 4
    closed = report["closed"]
    assert (closed["won"]["count"], closed["won"]["totals"]) == (1, [{"minor": 105400, "currency": "USD"}])
    assert (closed["lost"]["count"], closed["lost"]["totals"]) == (1, [{"minor": 0, "currency": "USD"}])
    names = {row["title"]: row["client"] for row in run.rows("opp list --all") if row["key"] == "DDDD4444"}
    assert names == {"Pro": "DDDD4444"}
    before = digest(run.book)
    assert run(f"import sales_pipeline.csv --mapping {EXAMPLE}").out == (
        "nothing to change: the 6 rows are known already\n"
    )
    assert digest(run.book) == before


@pytest.mark.usefixtures("pipeline")
def test_what_programs_are_told(call: Cli) -> None:
    told = call.json(f"import sales_pipeline.csv --mapping {EXAMPLE}")
    assert told["schema"] == "funnelctl/import/1"
    counts = {
        "operation": 1, "created": 6, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 0, "rows_read": 6,
    }  # fmt: skip
    assert told | counts == told
    assert told["rows"] == [{**counts, "new_leads": 4}]
    assert told["also_created"] == {"leads": 4}
    assert (told["problems"], told["unmapped"]) == ([], [])
    again = call.json(f"import sales_pipeline.csv --mapping {EXAMPLE}")
    assert (again["operation"], again["created"], again["unchanged"]) == (None, 0, 6)


@pytest.mark.usefixtures("pipeline")
def test_undo_takes_an_import_back_and_redo_does_it_again(call: Cli) -> None:
    call("lead add Grace")
    before = call.dump()["lead"]
    call(f"import sales_pipeline.csv --mapping {EXAMPLE}")
    after = call.dump()
    assert call("undo").out == "undone: import (no. 2)\n"
    assert (call.dump()["lead"], call.dump()["opportunity"]) == (before, [])
    call("redo")
    assert [call.dump()[table] for table in ("lead", "opportunity", "move")] == [
        after[table] for table in ("lead", "opportunity", "move")
    ]


@pytest.mark.usefixtures("pipeline")
def test_a_dry_run_shows_the_first_rows_and_changes_nothing(call: Cli) -> None:
    before = digest(call.book)
    said = call(f"import sales_pipeline.csv --mapping {EXAMPLE} -n")
    assert "dry run: nothing was saved" in said.err
    assert "1,054 USD" in said.out
    told = call(f"import sales_pipeline.csv --mapping {EXAMPLE} -n --json").json
    assert (told["created"], told["dry_run"]) == (6, True)
    assert [row["key"] for row in told["first"]][:2] == ["AAAA1111", "BBBB2222"]
    assert digest(call.book) == before


def test_a_dry_run_of_a_first_write_makes_no_file(newcomer: Cli) -> None:
    write(newcomer, "name\nAda\n")
    newcomer("import file.csv --as leads -n")
    assert not newcomer.book.exists()


def test_a_file_that_is_none_makes_no_book(newcomer: Cli) -> None:
    write(newcomer, b"PK\x03\x04")
    newcomer("import file.csv --as leads", 65)
    newcomer("import missing.csv --as leads", 3)
    assert not newcomer.book.exists()


@pytest.mark.usefixtures("pipeline")
def test_what_is_said_on_the_command_line_wins(call: Cli) -> None:
    call(
        f"import sales_pipeline.csv --mapping {EXAMPLE} --currency EUR --stage Engaging=agreement"
        " --stage 'Lost=lost:proposal' --map sales_agent=note --map account= --at 2026-01-05"
    )
    found = {row["key"]: row for row in call.rows("opp list --all")}
    assert found["AAAA1111"]["value"] == {"minor": 105400, "currency": "EUR"}
    assert (found["CCCC3333"]["stage"], found["BBBB2222"]["stage"]) == ("agreement", "proposal")
    assert found["AAAA1111"]["client"] == "AAAA1111"
    assert found["EEEE5555"]["created_at"] == "2026-01-05T12:00:00Z"


def test_leads_by_the_usual_names_of_columns(call: Cli) -> None:
    write(call, "Full Name;E-mail;Organisation;Created;Shoe size\nAda;ada@example.com;Engines;02.04.2025;38\n")
    said = call("import file.csv --as leads --date-format DD.MM.YYYY")
    assert said.out == "created 1 lead from 1 row; undo takes it back\n"
    assert said.err == 'columns left out: "Shoe size"; --map COLUMN=FIELD takes one in\n'
    row = call.row("lead list")
    assert (row["name"], row["email"], row["company"], row["created_at"]) == (
        "Ada", "ada@example.com", "Engines", "2025-04-02T12:00:00Z",
    )  # fmt: skip


def test_standard_input(run: Cli) -> None:
    said = run("import - --as leads --map who=name", stdin="who\nAda\nZoë\n")
    assert said.out == "created 2 leads from 2 rows; undo takes it back\n"
    assert "standard input" in run("import - --as leads", 65, stdin="").message


def test_a_pipe_as_a_file(run: Cli) -> None:
    command = f"{PROGRAM} import <(printf 'name\\nAda\\n') --as leads"
    done = subprocess.run(["bash", "-c", command], env=run.env, cwd=run.home, capture_output=True, check=False)
    assert done.stdout == b"created 1 lead from 1 row; undo takes it back\n"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ("file.csv", 2, "say what the rows are"),
        ("file.csv --as deals", 2, "what the rows are cannot be 'deals'"),
        ("file.csv --as leads --map name", 2, '--map takes NAME=MEANING, not "name"'),
        ("file.csv --as leads --map =x", 2, '--map takes NAME=MEANING, not "=x"'),
        ("file.csv --as leads --map nmae=name", 2, 'the file has no column "nmae"'),
        ("file.csv --as leads --map name=shoe", 2, 'leads have no field "shoe"'),
        ("file.csv --as leads --stage x=y", 2, '"y" is neither a stage of consulting nor an outcome'),
        ("file.csv --as leads --date-format d/m", 2, '"d/m" is not a date format'),
        ("file.csv --as leads --decimal x", 2, "the decimal mark cannot be 'x'"),
        ("file.csv --as leads --delimiter xx", 2, '"xx" cannot divide columns'),
        ("file.csv --as leads --encoding utf-99", 2, "there is no encoding 'utf-99'"),
        ("file.csv --as leads --match shoe", 2, "what rows are matched by cannot be 'shoe'"),
        ("file.csv --as leads --match email", 2, "no column is mapped to email"),
        ("file.csv --as leads --on-duplicate x", 2, "what is done with a record that is known cannot be 'x'"),
        ("file.csv --as leads --currency EURO", 2, '"EURO" is not a currency'),
        ("file.csv --as leads --funnel nowhere", 3, "there is no funnel 'nowhere'"),
        ("file.csv --as leads --mapping missing.yaml", 3, "there is no file missing.yaml"),
        ("missing.csv --as leads", 3, "there is no file missing.csv"),
        (". --as leads", 65, "test_what_cannot_be_done_and_w"),
        ("file.csv --as opportunities --match email", 2, "opportunities are not matched by email"),
    ],
)
def test_what_cannot_be_done_and_why(call: Cli, words: str, code: int, message: str) -> None:
    write(call, "name,title\nAda,Audit\n")
    before = digest(call.book)
    assert call(f"import {words}", code).message.startswith(message)
    assert digest(call.book) == before


def test_problems_are_told_as_compilers_do_and_as_json(call: Cli) -> None:
    write(call, "name,email,stage\nAda,ada@,Nowhere\n,,\nZoe,zoe@example.com,Nowhere\n")
    said = call("import file.csv --as leads", 65)
    assert said.err.splitlines()[:3] == [
        "error: file.csv: 2 problems; nothing was saved",
        '  file.csv:2:email: "ada@" is not an e-mail address',
        '  file.csv:2:stage: "Nowhere" is no stage of consulting (2 rows)',
    ]
    assert "--stage 'Nowhere=STAGE'; STAGE is one of enquiry, open, converted, disqualified" in said.hint
    error = call("import file.csv --as leads --json", 65).error
    assert (error["code"], error["problems"][1]["line"], error["problems"][1]["column"]) == ("bad_data", 2, "stage")


def test_a_header_alone_has_no_rows(call: Cli) -> None:
    write(call, "name,email\n")
    assert call("import file.csv --as leads").out == "the file has no rows\n"


def test_quiet_prints_the_number_of_the_operation(call: Cli) -> None:
    write(call, "name\nAda\n")
    assert call.ids("import file.csv --as leads") == ["1"]
    assert call.ids("import file.csv --as leads") == []


def test_a_person_who_was_forgotten_is_not_taken_in_again(call: Cli) -> None:
    write(call, "key,name,email\n1,Ada,ada@example.com\n2,Bob,bob@example.com\n")
    write(
        call, "id,title,client,client email\nO1,Audit,Ada,ada@example.com\nO2,Course,Bob,bob@example.com\n", "sales.csv"
    )
    call("import file.csv --as leads")
    call("import sales.csv --as opportunities")
    call("lead forget L1 --yes")
    for name, kind in (("file.csv", "leads"), ("sales.csv", "opportunities")):
        said = call(f"import {name} --as {kind} --json")
        assert (said.json["created"], said.json["unchanged"], said.json["skipped"]) == (0, 1, 1)
        assert "1 row is of a person who was forgotten (line 2): left out" in said.err
    assert call("import file.csv --as leads").out == "nothing to change: 1 unchanged, 1 skipped from 2 rows\n"
    write(call, "key,name,email\n2,Bob,ada@example.com\n")
    assert "forgotten" in call("import file.csv --as leads --on-duplicate overwrite", 65).err
    assert "Ada" not in call("lead list --all --json").out
    call("db check")


def test_what_was_imported_passes_every_check(call: Cli, pipeline: Path) -> None:
    call(f"import {pipeline.name} --mapping {EXAMPLE}")
    write(call, "key,name,stage,created,closed\n1,Ada,junk,2025-01-01,2025-02-01\n2,Bob,converted,,\n3,Cleo,,,\n")
    call("import file.csv --as leads")
    changed = PIPELINE.replace("Engaging,2016-11-02", "Won,2016-11-02").replace("Lost,2016", "Engaging,2016")
    write(call, changed.replace("2017-03-11,0", ","))
    assert call(f"import file.csv --mapping {EXAMPLE} --on-duplicate overwrite").out.startswith("updated 2")
    call("db check")
    call("undo")
    call("db check")


def test_nothing_in_a_file_controls_the_terminal(call: Cli) -> None:
    write(call, "name,\x1b[2Jcolumn,stage\nAda,x,\x1b]0;title\x07\n")
    said = call("import file.csv --as leads", 65)
    assert "\x1b" not in said.err
    write(call, "name,\x1b[2Jcolumn\nAda \u202eada,x\n")
    said = call("import file.csv --as leads")
    assert "\x1b" not in said.err
    assert "\u202e" not in call("lead list").out


@pytest.mark.slow
def test_p01_a_kill_in_an_import_leaves_all_or_nothing(run: Cli) -> None:
    write(run, "key,name,email\n" + "".join(f"K{n},Lead {n},l{n}@example.com\n" for n in range(20_000)))
    for attempt in range(30):
        started = subprocess.Popen([PROGRAM, "import", "file.csv", "--as", "leads", "-q"], env=run.env, cwd=run.home)
        try:
            started.wait(random.Random(attempt).uniform(0.1, 1.5))
        except subprocess.TimeoutExpired:
            started.send_signal(signal.SIGKILL)
            started.wait()
        with sqlite3.connect(run.book) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
            assert conn.execute("SELECT count(*) FROM lead").fetchone()[0] in (0, 20_000)
        conn.close()
        if started.returncode == 0:
            run("undo")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Nombre;Apellidos;Empresa;Correo electrónico;Teléfono\nAda;Lovelace;Acme;ada@x.org;+34 600 000 001\n",
            "Ada Lovelace",
        ),
        ("Name;Vorname;Firma;E-Mail;Telefon\nLovelace;Ada;Acme;ada@x.org;+34 600 000 001\n", "Ada Lovelace"),
        ("Name;Vorname;Firma;E-Mail;Telefon\nAda Lovelace;Ada;Acme;ada@x.org;+34 600 000 001\n", "Ada Lovelace"),
        ("Name;Vorname;Nachname;Firma;E-Mail;Telefon\nA. L.;Ada;Lovelace;Acme;ada@x.org;+34 600 000 001\n", "A. L."),
        ("Nom;Prénom;Société;Adresse e-mail;Téléphone\nLovelace;Ada;Acme;ada@x.org;+34 600 000 001\n", "Ada Lovelace"),
        ("Nama;Perusahaan;Surel;Telepon\nAda Lovelace;Acme;ada@x.org;+34 600 000 001\n", "Ada Lovelace"),
    ],
)
def test_columns_of_people_in_other_languages(call: Cli, text: str, name: str) -> None:
    (call.home / "file.csv").write_text(text)
    call("import file.csv --as leads")
    lead = call.row("lead list")
    assert (lead["name"], lead["company"], lead["email"], lead["phone"]) == (
        name,
        "Acme",
        "ada@x.org",
        "+34 600 000 001",
    )


def test_a_client_may_be_named_by_an_e_mail(call: Cli) -> None:
    """Who has it is meant, and nobody is made who is called like it; a new one can be written to."""
    call("lead add Ada --email ada@example.com")
    rows = (
        "Audit,ADA@example.com,D1",
        "Course,bob@example.com,D2",
        "Plan,Studio@Night,D3",
        "Review,bob@example.com,D4",
    )
    (call.home / "deals.csv").write_text("\n".join(("title,client,key", *rows)))
    told = call.row("import deals.csv --as opportunities")
    assert (told["created"], told["new_leads"]) == (4, 2)
    found = [(row["title"], row["client"]) for row in call.rows("opp list --sort title")]
    assert found == [
        ("Audit", "Ada"), ("Course", "bob@example.com"), ("Plan", "Studio@Night"), ("Review", "bob@example.com"),
    ]  # fmt: skip
    assert [row["email"] for row in call.rows("lead list --all --sort id")] == [
        "ada@example.com",
        "bob@example.com",
        None,
    ]
    assert call.row("import deals.csv --as opportunities")["unchanged"] == 4


def test_a_lead_who_has_an_e_mail_for_a_name_is_found_by_it(call: Cli) -> None:
    """As it came by an earlier version, and comes back from our own lists."""
    call("lead add ada@example.com")
    call("opp add Audit --lead L1")
    call("export leads leads.csv")
    call("export opportunities sales.csv")
    call("init other.db")
    call("import leads.csv --db other.db")
    said = call("import sales.csv --db other.db")
    assert "otherwise" not in said.err
    assert [(row["id"], row["email"]) for row in call.rows("lead list --all --db other.db")] == [("L1", None)]
    assert call.rows("opp list --db other.db")[0]["lead"] == "L1"


def test_a_new_key_is_somebody_else_than_who_has_the_e_mail_for_a_name(call: Cli) -> None:
    """The strongest that a row gives decides."""
    call("lead add ada@example.com")
    (call.home / "sales.csv").write_text("title,client,client_key\nAudit,ada@example.com,K1\n")
    assert call.row("import sales.csv --as opportunities")["new_leads"] == 1
    assert call.rows("opp list")[0]["lead"] == "L2"


def test_a_move_may_name_the_client_of_a_new_opportunity_by_an_e_mail(call: Cli) -> None:
    call("lead add Ada --email ada@example.com")
    (call.home / "moves.csv").write_text(
        "key,title,client,stage,at\nD1,Audit,ada@example.com,request,2026-01-05\nD1,,,proposal,2026-02-05\n"
    )
    call("import moves.csv --as moves")
    assert call.row("opp show D1")["client"] == "Ada"
