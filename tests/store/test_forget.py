"""Forgetting a person: nothing of them stays in the file, no figure changes, and no undo brings them back."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from lived import live

from commandline import Cli, InProcess, Said
from funnelctl.core import leads
from funnelctl.core.change import edited
from funnelctl.core.records import Opportunity
from funnelctl.store.checks import check_book
from funnelctl.store.forget import compact, forget
from funnelctl.store.forgotten import stepped_over
from funnelctl.store.leftovers import person_of

ADA = (
    "Lovelace", "Analytical", "ada@example.com", "7946", "met at the fair", "vip", "early bird", "A-1", "Engine audit",
    "engine audit", "wants a discount", "urgent", "Second engine", "X-9", "signed at last",
)  # fmt: skip
GRACE = (
    "Hopper",
    "hopper",
    "grace@example.com",
    "555 0100",
    "+12125550100",
    "G-2",
    "compilers",
    "Compiler",
    "budget round",
)
NURIA = ("Núria", "núria", "93 123 45 67", "+34931234567", "moved to the coast", "says hello")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.fixture
def call(lived: Path, tmp_path: Path) -> Cli:
    return InProcess(tmp_path, Path(shutil.copy(lived, tmp_path / "funnel.db")))


def traces(book: Path, words: tuple[str, ...]) -> list[str]:
    """Which of ``words`` stand anywhere in the bytes of the book and of what SQLite keeps beside it."""
    found = b"".join(path.read_bytes() for path in book.parent.glob(f"{book.name}*") if path.is_file())
    return [word for word in words if word.encode() in found]


def failing(book: Path) -> list[tuple[str, tuple[str, ...]]]:
    results = check_book(str(book), lambda: None, lambda check: None)
    return [(result.check, result.findings) for result in results if result.status != "ok"]


def drop_backups(book: Path) -> None:
    shutil.rmtree(book.with_name("funnel-backups"), ignore_errors=True)


OF_CLIENT = ("client_company", "client_email", "client_phone", "client_key")
TELLING = ("title", "client", "name", "company", "note", "key", "tags", *OF_CLIENT)


def numbers(value: Any) -> Any:
    """An answer without the names in it: every figure, in its place."""
    if isinstance(value, dict):
        return {key: numbers(each) for key, each in value.items() if key not in TELLING}
    return [numbers(each) for each in value] if isinstance(value, list) else value


REPORTS = [
    "report",
    "report live",
    "report closed",
    "report --as-of 2026-02-05",
    "report --as-of 2026-02-20",
    "report --as-of 2026-03-06",
    "report --since 2026-02-01",
    "report --since 2026-01-01 --until 2026-03-01",
    "report --funnel consulting",
]


@pytest.mark.parametrize("who", ["ada", "L3", "L2"])
def test_p29_no_byte_of_them_stays_in_the_file(call: Cli, who: str) -> None:
    words = {"ada": ADA, "L3": GRACE, "L2": NURIA}[who]
    assert traces(call.book, words) == list(words)
    call(f"lead forget {who} --yes")
    assert traces(call.book, words) == []


def test_p29_nor_in_a_write_ahead_log(call: Cli) -> None:
    conn = sqlite3.connect(call.book)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.close()
    call("lead edit ada --note 'met at the fair, twice'")
    call("lead forget ada --yes")
    assert traces(call.book, ADA) == []


def test_p29_nor_in_the_free_parts_that_other_programs_have_left(call: Cli) -> None:
    conn = sqlite3.connect(call.book)
    conn.execute("PRAGMA secure_delete = OFF")
    conn.execute("CREATE TABLE own AS SELECT name, email, hex(zeroblob(3000)) AS more FROM lead")
    conn.commit()
    conn.execute("DROP TABLE own")
    conn.commit()
    conn.close()
    call("lead forget ada --yes")
    assert traces(call.book, ADA) == []


IMPORTED = {
    "leads": "name,company,email,phone,key,note,tags,stage,reason\n"
    "Emmy Noether,Ring Theory,emmy@example.com,+49 30 7654321,EN-1,symmetric,algebra,dropped,emigrated\n"
    "Sofia Other,,sofia@example.com,,,,,,\n"
    "Nameless Keyless,Nowhere,,,,,,,\n",
    "opportunities": "title,client,client_email,key,note,tags,value,currency\n"
    "Invariants,Emmy Noether,emmy@example.com,I-1,noted down,ideals,100,EUR\n"
    "Partial sums,Sofia Other,sofia@example.com,,,,,\n",
    "activities": "at,kind,text,client_email,key\n2026-03-01,call,spoke of chains,emmy@example.com,C-1\n"
    "2026-03-02,call,said nothing,emmy@example.com,\n",
}
EMMY = (
    "Noether", "noether", "Ring Theory", "emmy@example.com", "7654321", "EN-1", "symmetric", "algebra", "emigrated",
    "Invariants", "invariants", "I-1", "noted down", "ideals", "spoke of chains", "C-1", "said nothing",
)  # fmt: skip


@pytest.mark.parametrize("between", [[], ["undo 3", "redo 3"], ["lead edit emmy@example.com --company Fields"]])
def test_p29_nor_of_somebody_who_came_by_imports(call: Cli, between: list[str]) -> None:
    for kind, text in IMPORTED.items():
        (call.home / f"{kind}.csv").write_text(text)
        words = " --stage dropped=disqualified" if kind == "leads" else ""
        call(f"import {call.home / kind}.csv --as {kind}{words}")
    for command in between:
        call(command)
    fingerprints = sqlite3.connect(call.book).execute(
        "SELECT fingerprint FROM source_row JOIN activity ON activity.id = activity_id"
    )
    words = (*EMMY, *(fingerprint for (fingerprint,) in fingerprints))
    assert traces(call.book, words) == list(words)
    call("lead forget emmy@example.com --yes")
    assert traces(call.book, words) == []
    assert traces(call.book, ("Sofia Other", "Partial sums")) == ["Sofia Other", "Partial sums"]
    assert failing(call.book) == []
    call("undo")
    call("redo")
    assert failing(call.book) == []
    assert traces(call.book, words) == []


@pytest.mark.parametrize("who", ["L1", "L2", "L3", "L4", "L5"])
def test_no_figure_of_any_day_changes(call: Cli, who: str) -> None:
    before = {report: numbers(call.json(report)) for report in REPORTS}
    call(f"lead forget {who} --yes")
    assert {report: numbers(call.json(report)) for report in REPORTS} == before


def test_what_a_figure_is_made_of_stays(call: Cli) -> None:
    before, sales = call.row("lead show L1"), call.rows("opp list --all --sort id")
    moves = call.json("lead show L1")["moves"]
    call("lead forget L1 --yes")
    after = call.row("lead show L1")
    kept = ("id", "source", "funnel", "stage", "state", "created_at", "closed_at", "opportunities")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert after["name"] == "(forgotten)"
    assert not any(after[name] for name in ("company", "email", "phone", "note", "key", "reason", "tags", "also"))
    changed: dict[str, Any] = {"title": "(forgotten)", "client": "(forgotten)", "note": None, "key": None, "tags": []}
    changed |= dict.fromkeys(OF_CLIENT)
    for was, now in zip(sales, call.rows("opp list --all --sort id"), strict=True):
        assert now == ({**was, **{key: changed[key] for key in changed if key in was}} if was["lead"] == "L1" else was)
    assert [{**move, "note": None} for move in moves] == call.json("lead show L1")["moves"]


def test_others_are_left_as_they_are(call: Cli) -> None:
    others = [row for row in call.rows("lead list --all") if row["id"] != "L1"]
    call("lead forget L1 --yes")
    assert [row for row in call.rows("lead list --all") if row["id"] != "L1"] == others


@pytest.mark.parametrize("who", ["L1", "L2", "L3"])
def test_the_book_is_sound_afterwards(call: Cli, who: str) -> None:
    call(f"lead forget {who} --yes")
    assert failing(call.book) == []


@pytest.mark.parametrize("who", ["L1", "L2", "L3", "L5"])
def test_undoing_everything_brings_nobody_back(call: Cli, who: str) -> None:
    call(f"lead forget {who} --yes")
    undone = len(call.rows("undo 99"))
    assert undone > 15
    assert (
        traces(call.book, {"L1": ADA, "L2": NURIA, "L3": GRACE, "L5": ("株式会社", "Ünïcode", "snow@", "winter")}[who])
        == []
    )
    assert failing(call.book) == []
    assert call.rows("lead list --all") == []
    assert len(call.rows("redo 99")) == undone + 1  # one was undone already
    assert failing(call.book) == []
    assert call.row(f"lead show {who}")["name"] == "(forgotten)"


def test_it_is_in_the_history_without_a_value_and_undo_steps_over_it(call: Cli) -> None:
    former = call.rows("history --limit 1")
    call("lead forget ada --yes")
    row, before = call.rows("history --limit 2")
    assert (row["command"], row["kind"], row["changes"], row["target"]) == ("lead forget", "forget", 0, None)
    assert [before] == [{**former[0], "what": before["what"]}]
    assert call("undo").out.startswith("undone: ")
    assert call.row("lead show L1")["name"] == "(forgotten)"
    conn = sqlite3.connect(call.book)
    assert stepped_over(conn, before["id"]) == [(row["id"], "lead forget")]
    assert stepped_over(conn, row["id"]) == []
    conn.close()


def test_a_lead_that_was_merged_goes_with_the_one_that_stayed(call: Cli) -> None:
    call("lead forget L4 --yes")  # a part of L3 by now
    assert call.row("lead show L4")["id"] == "L3"
    assert traces(call.book, GRACE) == []


def test_a_merge_by_mistake_leaves_nothing_with_the_other(tmp_path: Path) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    call("lead add 'Ann Keep' --note 'hers stays'")
    call(
        "lead add 'Ben Other' --email ben@other.org --phone '+44 20 7946 0958' --note 'of ben' --tag benny"
        " --company Benco"
    )
    call("lead merge L1 L2 --yes")
    call("lead edit L1 --note 'of ben, later'")
    call("undo 2")
    theirs = ("Ben", "ben@other.org", "7946", "of ben", "benny", "Benco")
    assert traces(call.book, theirs) == list(theirs)
    call("lead forget L2 --yes")
    assert traces(call.book, (*theirs, "ben")) == []
    assert call.row("lead show L1")["note"] == "hers stays"
    assert failing(call.book) == []
    call("redo 2")
    assert failing(call.book) == []
    assert traces(call.book, theirs[1:3]) == []


def test_a_merge_into_one_that_was_merged_leaves_nothing_with_the_third(tmp_path: Path) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    for name in ("Ann", "Cyd"):
        call(f"lead add {name}")
    call("lead add 'Ben Other' --email ben@other.org --note 'of ben' --tag benny")
    call("lead merge Ann Ben --yes")
    call("lead merge Cyd Ann --yes")
    call("undo 2")
    call("lead forget L3 --yes")
    assert traces(call.book, ("Ben", "ben@other.org", "of ben", "benny")) == []
    assert failing(call.book) == []
    assert len(call.rows("undo 9")) == 3


def test_somebody_of_whom_only_the_history_tells_is_forgotten_by_the_number(call: Cli) -> None:
    call("lead add 'Typed Wrongly' --email wrong@example.org --note oops")
    call("opp add 'A wrong title' --lead Typed")
    number = call.row("lead show Typed")["id"]
    call("undo 2")
    call(["lead", "show", number], 3)
    assert traces(call.book, ("Wrongly", "wrong@example.org", "oops", "wrong title")) != []
    call(["lead", "forget", number, "--yes"])
    assert traces(call.book, ("Wrongly", "wrong@example.org", "oops", "wrong title")) == []
    assert failing(call.book) == []
    call("redo 2")
    assert call.row(f"lead show {number}")["name"] == "(forgotten)"
    assert failing(call.book) == []


def test_who_never_was_is_not_found(call: Cli) -> None:
    assert "L999" in call("lead forget L999 --yes", 3).message
    assert "Nobody" in call("lead forget Nobody --yes", 3).message


def test_an_imported_person_is_not_recognised_by_the_row(tmp_path: Path) -> None:
    """A row without key, e-mail and phone is known by a digest of its content, which tells who it was."""
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    (tmp_path / "leads.csv").write_text("name,note\nUna Known,eins\nTwo Known,zwei\n")
    call("import leads.csv --as leads")
    conn = sqlite3.connect(call.book)
    [(fingerprint,)] = conn.execute("SELECT fingerprint FROM source_row WHERE lead_id = 1").fetchall()
    conn.close()
    call("lead forget L1 --yes")
    assert traces(call.book, (fingerprint, "Una", "eins")) == []
    assert failing(call.book) == []
    assert len(call.rows("undo")) == 1


def test_a_dry_run_tells_and_changes_nothing(call: Cli) -> None:
    before = call.book.read_bytes()
    told = call.json("lead forget ada --dry-run")
    assert told["erased"]["lead"] == 1
    assert told["dry_run"] is True
    assert "L1: would be forgotten, in " in call("lead forget ada --dry-run").out
    assert call.book.read_bytes() == before
    assert not call.book.with_name("funnel-backups").exists()


def test_a_second_time_there_is_nothing_left(call: Cli) -> None:
    call("lead forget ada --yes")
    before = call.rows("history")
    assert call("lead forget L1 --yes").out == "L1: there was nothing left to forget\n"
    assert call.rows("history") == before


def test_what_is_added_later_is_forgotten_the_second_time(call: Cli) -> None:
    call("lead forget ada --yes")
    call("opp add 'A new idea' --lead L1")
    call("lead forget L1 --yes")
    assert traces(call.book, ("new idea",)) == []


def test_a_script_has_to_say_yes(call: Cli) -> None:
    before = call.book.read_bytes()
    said = call("lead forget ada", 2)
    assert "--yes" in said.hint
    assert "nothing was done" in said.message
    assert call.book.read_bytes() == before


def test_a_backup_from_before_is_kept_and_told(call: Cli) -> None:
    before = call.dump()["lead"]
    said: Said = call("lead forget ada --yes --json")
    [backup] = said.json["backups"]
    assert backup == str(call.book.with_name("funnel-backups") / "funnel-20261123T100000Z-before-forget.db")
    conn = sqlite3.connect(backup)
    assert sorted(map(repr, conn.execute("SELECT * FROM lead"))) == before
    conn.close()
    assert f"rm {backup}" in said.err


def test_backups_that_hold_the_person_are_listed_and_no_others(call: Cli, tmp_path: Path) -> None:
    elsewhere = tmp_path / "stick"
    elsewhere.mkdir()
    call(f"db backup {elsewhere / 'with-ada.db'}")
    call(f"db backup {tmp_path / 'one.db'}")
    call("lead forget L2 --yes")
    shutil.copy(call.book, elsewhere / "later.db")
    empty = InProcess(tmp_path, elsewhere / "empty.db")
    empty("init stick/empty.db")
    (elsewhere / "broken.db").write_text("no database")
    drop_backups(call.book)
    told = call.json(f"lead forget ada --yes --backups {elsewhere} --backups {tmp_path / 'one.db'}")
    own = str(call.book.with_name("funnel-backups") / "funnel-20261123T100000Z-before-forget.db")
    assert told["backups"] == [
        own,
        str(elsewhere / "later.db"),
        str(elsewhere / "with-ada.db"),
        str(tmp_path / "one.db"),
    ]
    assert told["unreadable"] == [str(elsewhere / "broken.db")]


def test_a_person_without_any_address_is_found_in_backups_by_the_name(call: Cli, tmp_path: Path) -> None:
    call("lead add Zoe")
    number = call.row("lead show Zoe")["id"]
    call("db backup with.db")
    call("undo")
    shutil.rmtree(call.book.with_name("funnel-backups"), ignore_errors=True)
    call("redo")
    assert str(Path("with.db")) in call.json(f"lead forget {number} --yes --backups with.db")["backups"]


def test_files_of_any_name_in_the_folder_are_looked_at(call: Cli) -> None:
    folder = call.book.with_name("funnel-backups")
    call(f"db backup {call.book.with_name('other')}")
    folder.mkdir(exist_ok=True)
    shutil.copy(call.book.with_name("other"), folder / "saved by hand")
    (folder / "funnel.db.77.new").write_bytes(call.book.read_bytes()[100:])
    (folder / "funnel.db-journal").write_bytes(b"\0ada@example.com\0")
    (folder / "funnel.db-wal").write_bytes(b"\0something\0")
    (folder / "empty").touch()
    (folder / "folder").mkdir()
    told = call.json("lead forget ada --yes")
    assert {Path(path).name for path in told["backups"]} == {
        "saved by hand", "funnel.db.77.new", "funnel.db-journal", "funnel-20261123T100000Z-before-forget.db",
        "other",  # beside the book itself
    }  # fmt: skip
    assert [Path(path).name for path in told["unreadable"]] == ["funnel.db-wal"]


def test_another_place_can_be_looked_at_when_the_person_is_gone(call: Cli) -> None:
    call("db backup with.db")
    call("lead forget ada --yes")
    drop_backups(call.book)
    shutil.copy(call.book, call.book.with_name("without.db"))
    said = call("lead forget L1 --yes --json --backups with.db --backups without.db")
    assert "with.db" in said.json["backups"]
    assert "without.db" not in said.json["backups"]
    assert "a backup holds somebody who was forgotten" in said.err


def test_p29_what_is_erased_is_overwritten_also_where_the_file_cannot_be_rewritten(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "funnel.db")
    person = desk.add_lead("Secret Person", email="secret@example.com", note="whispered")
    with desk.writing():
        forget(desk.conn, person_of(desk.conn, person.id), desk.at, "tester")
    desk.conn.close()
    assert traces(desk.path, ("Secret", "secret@example.com", "whispered")) == []


def test_a_mistyped_place_of_backups_is_told_before_anything_is_erased(call: Cli) -> None:
    before = call.book.read_bytes()
    call("lead forget ada --yes --backups nowhere", 3)
    assert call.book.read_bytes() == before


def test_where_others_texts_mention_the_person_is_told(call: Cli) -> None:
    call("lead edit L5 --note 'a friend of ada LOVELACE'")
    call("lead edit L5 --note 'a friend'")
    call("opp edit O3 --note 'ask ada@example.com'")
    call("lead edit L6 --note 'not Ada Lovelacey, nor nada@example.com'")
    told = call("lead forget ada --yes --json")
    assert told.json["mentions"] == ["L5", "O3"]
    assert "L5, O3" in told.err


def test_a_backup_that_brings_a_forgotten_person_back_says_so(call: Cli) -> None:
    call("db backup with.db")
    call("lead forget ada --yes")
    said = call("db restore with.db --yes")
    assert "L1 was forgotten since that backup" in said.err
    assert "funnelctl lead forget L1" in said.err
    assert call.row("lead show ada")["id"] == "L1"


# What the person was known by, each as somebody may type it again.
@pytest.mark.parametrize(
    "given",
    [
        "lead add Someone --email ADA@Example.com",
        "lead add Someone --phone '0044 20 7946 0958'",
        "lead add Someone --key A-1",
        "lead edit L5 --email ada@example.com",
        "opp add Idea --client Someone --email ada@example.com",
    ],
)
def test_who_was_forgotten_is_not_taken_in_again_unawares(call: Cli, given: str) -> None:
    said = call("lead forget ada --yes")
    before = call.dump()
    said = call(given, 4)
    assert "was forgotten on 2026-11-23; nothing was saved" in said.message
    assert call.dump() == before
    assert not {"Lovelace", "Analytical"} & set(said.err.split())
    assert said.hint.split(": ")[1].startswith("funnelctl privacy allow ")
    call(said.hint.split(": ")[1].removeprefix("funnelctl "))
    call(given)


def test_the_addresses_that_a_merge_left_are_known_too(call: Cli) -> None:
    call("lead forget L3 --yes")
    for given in ("--email hopper@example.org", "--email grace@example.com", "--phone '+1 212 555 0100'", "--key G-2"):
        assert "forgotten" in call(f"lead add Grace {given}", 4).message
    call("privacy allow grace@example.com")
    call("lead add Grace --key G-2")


def test_a_name_is_remembered_only_where_there_is_nothing_better(call: Cli) -> None:
    call("lead forget ada --yes")
    call("lead add 'Ada Lovelace' --company 'Analytical Engines'")  # others may have the same name
    call("lead add 'Solo Walker' --company 'Walks'")
    call("lead forget Solo --yes")
    call("lead add 'Solo Walker' --company 'Another'")
    said = call("lead add 'solo  WALKER' --company walks", 4)
    assert said.hint.endswith("privacy allow 'solo  WALKER' --company walks")
    call("privacy allow 'solo  WALKER' --company walks")
    call("lead add 'solo  WALKER' --company walks")


SALES = "key,title,client,value,created\nK1,Audit,Secret Person,100 EUR,2026-01-02\n"
KEYLESS = "title,client,value,created\nAudit,Secret Person,100 EUR,2026-01-02\n"


@pytest.mark.parametrize("sales", [SALES, KEYLESS])
@pytest.mark.parametrize("edit", ["--email secret@example.com", "--name 'Known Otherwise' --company Co"])
def test_the_file_that_brought_a_person_does_not_bring_them_again(tmp_path: Path, sales: str, edit: str) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    (tmp_path / "o.csv").write_text(sales)
    call("import o.csv --as opportunities")
    call(f"lead edit L1 {edit}")
    call("lead forget L1 --yes")
    assert "of a person who was forgotten (line 2)" in call("import o.csv --as opportunities").err
    assert [row["name"] for row in call.rows("lead list --all")] == ["(forgotten)"]
    assert traces(call.book, ("Secret", "secret")) == []
    call("privacy allow 'Secret Person'")
    call("import o.csv --as opportunities")
    assert call.row("lead show 'Secret Person'")["id"] == "L2"


@pytest.mark.parametrize("client", ["New Customer", "Known"])
def test_a_key_of_their_sale_is_refused_whosever_the_client_is_now(tmp_path: Path, client: str) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    call("opp add Audit --client 'Secret Person' --email secret@example.com --key K1")
    call("lead add Known")
    call("lead forget L1 --yes")
    (tmp_path / "o.csv").write_text(SALES.replace("Secret Person", client))
    assert "(line 2)" in call("import o.csv --as opportunities").err
    assert "was forgotten on" in call("opp add Audit --lead Known --key K1", 4).message
    assert [row["title"] for row in call.rows("opp list --all")] == ["(forgotten)"]
    call("privacy allow K1")
    call("opp add Audit --lead Known --key K1")


@pytest.mark.parametrize("former", ["--email old@example.com", "--phone '+44 20 7946 0958'", "--key OLD"])
def test_what_somebody_was_known_by_before_is_known_too(tmp_path: Path, former: str) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    call(f"lead add Ann {former}")
    call("lead edit Ann --email new@example.com --phone '+44 20 7946 0000' --key NEW")
    call("lead forget Ann --yes")
    assert "forgotten" in call(f"lead add Ann {former}", 4).message
    call("lead add Ann --email another@example.com")  # others may have the name


def test_what_was_theirs_by_mistake_and_is_another_ones_now_is_not_refused(tmp_path: Path) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    call("lead add Ann --email ann@example.com")
    call("lead edit Ann --key B-1")
    call("lead edit Ann --key A-1")
    call("lead add Ben --email ben@example.com --key B-1")
    call("lead merge Ann Ben --yes")
    call("undo")
    call("lead forget Ann --yes")
    call("lead edit Ben --email other@example.com --key B-2")
    call("lead edit Ben --email ben@example.com --key B-1")


def test_a_backup_from_when_they_were_known_by_another_address_holds_them(tmp_path: Path) -> None:
    call = InProcess(tmp_path, tmp_path / "funnel.db")
    call("init funnel.db")
    call("lead add Ann")
    call("db backup name.db")
    call("lead edit Ann --email old@example.com")
    call("db backup old.db")
    call("lead edit Ann --email new@example.com")
    told = call.json("lead forget Ann --yes --backups name.db --backups old.db")
    assert told["backups"][1:] == ["name.db", "old.db"]
    assert "L1 was forgotten since that backup" in call("db restore old.db --yes").err


def test_a_forgotten_name_does_not_stop_anything_else(call: Cli) -> None:
    call("lead add 'Solo Walker'")
    call("lead forget Solo --yes")
    call("lead edit L5 --name 'Solo Walker'")  # somebody who is known, under another name
    call("lead add '(forgotten)'")


def test_allowing_is_in_the_history_and_needs_somebody_to_allow(call: Cli) -> None:
    call("privacy allow nobody@example.com", 3)
    call("lead forget ada --yes")
    call("privacy allow nobody@example.com", 3)
    call("privacy allow ada@example.com")
    assert [row["command"] for row in call.rows("history --limit 2")] == ["privacy allow", "lead forget"]
    assert failing(call.book) == []
    call("privacy allow ada@example.com", 3)


def test_the_list_tells_nothing_and_leads_nowhere(call: Cli, tmp_path: Path, lived: Path) -> None:
    call("lead forget ada --yes")
    conn = sqlite3.connect(call.book)
    rows = conn.execute("SELECT * FROM forgotten").fetchall()
    columns = [column[0] for column in conn.execute("SELECT * FROM forgotten").description]
    conn.close()
    assert columns == ["id", "person", "kind", "hash", "salt", "at"]  # no number of a lead
    assert [row[2] for row in rows] == ["email", "phone", "key", "key"]  # her own, and that of an opportunity
    other = InProcess(tmp_path, Path(shutil.copy(lived, tmp_path / "other.db")))
    other("lead forget ada --yes")
    conn = sqlite3.connect(other.book)
    hashes = {row[0] for row in conn.execute("SELECT hash FROM forgotten")}
    conn.close()
    assert not hashes & {row[3] for row in rows}  # another salt


def test_a_reader_of_a_write_ahead_log_keeps_traces_and_that_is_told(call: Cli) -> None:
    reader = sqlite3.connect(call.book, isolation_level=None)
    reader.execute("PRAGMA journal_mode = WAL")
    call("lead edit ada --note 'met at the fair, twice'")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM lead").fetchall()
    said = call("lead forget ada --yes", 75, env={"FUNNELCTL_WAIT": "0"})
    assert "the person is erased" in said.message
    assert "nothing was saved" not in said.err
    reader.execute("ROLLBACK")
    reader.close()
    assert call.row("lead show L1")["name"] == "(forgotten)"
    call(said.message.split(": funnelctl ")[1])
    assert traces(call.book, ADA) == []


class Life:
    """A random life of a book in which every text is a word of its own, so that each tells whose it was."""

    def __init__(self, path: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.desk = Desk(path)
        self.words: dict[tuple[str, int], list[str]] = {}
        self.number = 0

    def word(self, table: str, row_id: int) -> str:
        self.number += 1
        word = f"word{self.number}x"
        self.words.setdefault((table, row_id), []).append(word)
        return word

    def rows(self, table: str) -> list[Any]:
        return self.desk.content()[table]

    def step(self) -> None:
        deed = self.chance.choice(
            ("add", "add", "sale", "sale", "edit", "edit", "note", "merge", "merge", "undo", "undo", "redo")
        )
        there = [row[0] for row in self.rows("lead")]
        if deed == "add" or not there:
            conn = self.desk.conn
            found = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'lead'").fetchone()
            number = (found[0] if found else 0) + 1
            raw = {"note": self.word("lead", number), "company": self.word("lead", number)}
            if self.chance.random() < 0.7:
                raw["email"] = f"{self.word('lead', number)}@example.com"
            if self.chance.random() < 0.4:
                raw["key"] = self.word("lead", number)
            raw["tags"] = [self.word("lead", number)]  # type: ignore[assignment]
            assert self.desk.add_lead(self.word("lead", number), **raw).id == number
        elif deed == "merge" and len(there) > 1:
            keep, other = (self._lead(number) for number in self.chance.sample(there, 2))
            self.desk.merge(keep, other)
        elif deed == "sale":
            found = self.desk.conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'opportunity'").fetchone()
            number = (found[0] if found else 0) + 1
            title, note = self.word("opportunity", number), self.word("opportunity", number)
            self.desk.add_sale(self._lead(self.chance.choice(there)), title, note=note)
        elif deed == "edit":
            lead = self._lead(self.chance.choice(there))
            fields = leads.fields_of({"note": self.word("lead", lead.id), "name": self.word("lead", lead.id)}, None)
            with self.desk.writing() as work:
                self.desk.do(work, "lead edit", leads.edit(lead, fields))
        elif deed == "note" and self.rows("opportunity"):
            sale = Opportunity._make(self.chance.choice(self.rows("opportunity")))
            noted = sale._replace(note=self.word("opportunity", sale.id))
            with self.desk.writing() as work:
                self.desk.do(work, "opp edit", edited(sale, noted))
        elif deed == "undo":
            self.desk.undo()
        elif deed == "redo":
            self.desk.redo()

    def _lead(self, number: int) -> Any:
        with self.desk.reading() as book:
            return book.lead(number)


@pytest.mark.parametrize("seed", range(25))
def test_whatever_has_happened_a_person_can_be_forgotten(tmp_path: Path, seed: int) -> None:
    life = Life(tmp_path / "funnel.db", seed)
    for _ in range(40):
        life.step()
    desk, conn = life.desk, life.desk.conn
    there = [row[0] for row in life.rows("lead")]
    who = life.chance.choice(there)
    ids = {who, *(int(row[3]) for row in life.rows("lead_alias") if row[1] == who and row[2] == "id")}
    sales = {row[0]: row[1] for row in life.rows("opportunity")}
    theirs = [word for number in ids for word in life.words.get(("lead", number), [])]
    theirs += [word for number, of in sales.items() if of == who for word in life.words[("opportunity", number)]]
    others = [row for row in life.rows("lead") if row[0] != who]
    assert theirs

    with desk.writing():
        forget(conn, person_of(conn, who), desk.at, "tester")
    compact(str(desk.path), f"L{who}", lambda: None)

    assert traces(desk.path, tuple(theirs)) == []
    assert failing(desk.path) == []
    assert [row for row in life.rows("lead") if row[0] != who] == others
    for number, of in sales.items():
        if of != who:
            assert conn.execute("SELECT title FROM opportunity WHERE id = ?", (number,)).fetchone() != ("(forgotten)",)
    while desk.undo():
        pass
    assert failing(desk.path) == []
    assert life.rows("lead") == []
    while desk.redo():
        pass
    assert failing(desk.path) == []
    assert traces(desk.path, tuple(theirs)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25, 400))
def test_whatever_has_happened_in_a_long_run(tmp_path: Path, seed: int) -> None:
    test_whatever_has_happened_a_person_can_be_forgotten(tmp_path, seed)
