"""A book that was exported whole and taken in again is the same book, whatever was written in it."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from commandline import NOW, Cli
from funnelctl.cli import export, lead, opp, report
from funnelctl.cli.apply import apply
from funnelctl.cli.export import all_
from funnelctl.cli.import_ import import_
from funnelctl.cli.log import redo, undo
from funnelctl.cli.session import Session
from funnelctl.core.importing.sheet_errors import errors_of
from funnelctl.core.table import Answer
from funnelctl.core.text import fold
from funnelctl.store.checks import check_book

HARD = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "-1",
    "+34 600",
    "@x",
    "＝1",
    "'x",
    "''",
    "'=1",
    "'",
    ";=1+1",
    'a "b", c',
    "[/]",
    "\x1b[31mred",
    "a\r\nb",
    "\u2028",
    "株式会社",
    "E\u0301",
    "\u202egnp",
    "שלום",
    "\u2067مرحبا\u2069",
    '"};',
    "\\u0041",
    "🧑‍🚀",
)
VERBS = ("advance", "status", "lose", "postpone", "win", "reopen", "drop", "merge", "add")
TABLES = ("setting", "stage", "lead", "lead_alias", "opportunity", "move", "activity", "source_row", "forgotten")

anything = st.sampled_from(HARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8
)
texts = anything.filter(lambda text: bool(fold(text)) and bool(text.strip()))
tags = st.lists(texts.filter(lambda text: "," not in text), max_size=2)
people = st.fixed_dictionaries(
    {"name": texts}, optional={"company": texts, "note": texts, "source": texts, "tag": tags}
)
sales = st.fixed_dictionaries(
    {"title": texts, "funnel": st.sampled_from(["consulting", "jm-sports", "seven-states"])},
    optional={
        "value": st.sampled_from(["0 EUR", "12.50 EUR", "999999999999999 JPY", "1.234 KWD"]),
        "probability": st.sampled_from(["0", "1", "0.1", "33.333%", "1.1%", "0.12345678"]),
        "close": st.dates().filter(lambda day: 1900 <= day.year <= 2200).map(str),
        "service": texts,
        "note": texts,
        "competitor": texts,
    },
)
LOST_IN_LISTS = ("id", "lead", "referred_by", "also", "opportunities", "days_in_stage")
LOST_IN_SLEEP = ("stage", "stage_label", "status", "probability", "postponed_until")
LONG_NOTE = "='\"\r\n" * 20_000
moves = st.lists(st.tuples(st.sampled_from(VERBS), texts), max_size=6)


@cache
def empty_book() -> str:
    path = os.path.join(tempfile.mkdtemp(prefix="funnelctl-roundtrip-"), "empty.db")
    Session(db=path).create(path)
    return path


def lines(people: list[dict[str, Any]], sales: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leads who have sent one another round in a ring, and their opportunities."""
    found: list[dict[str, Any]] = []
    for number, person in enumerate(people):
        found.append({"do": "add", **person, "email": f"é{number}@example.com", "key": f"\t{number}"})
    for number, _ in enumerate(people):
        sender = (number + 1) % len(people)
        if sender != number:
            found.append({"do": "edit", "ref": f"L{number + 1}", "referred-by": f"L{sender + 1}"})
    for number, sale in enumerate(sales):
        found.append({"do": "opp add", **sale, "lead": f"L{number % len(people) + 1}"})
    return found


def done(path: str, commands: list[dict[str, Any]]) -> None:
    """Apply the commands to the book, in a file of their own each where they may fail."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(command) + "\n" for command in commands))
        file.flush()
        apply(Session(db=path), file.name)


def tried(path: str, move: tuple[str, str], number: int, leads: int, sales: int) -> None:
    from funnelctl.errors import FunnelctlError

    verb, text = move
    ref = f"O{number % sales + 1}" if sales else "O1"
    more: dict[str, dict[str, str]] = {
        "advance": {"ref": ref, "note": text},
        "lose": {"ref": ref, "reason": "price", "to": text, "note": text},
        "postpone": {"ref": ref, "until": "+3w", "because": text},
        "win": {"ref": ref},
        "reopen": {"ref": ref},
        "add": {"name": text},
        "status": {"ref": ref, "status": "proposed"},
        "drop": {"ref": f"L{number % leads + 1}", "reason": text},
        "merge": {"keep": f"L{number % leads + 1}", "other": f"L{(number + 1) % leads + 1}"},
    }
    try:
        done(path, [{"do": verb, **more[verb]}])
        if verb == "add":  # an id that was given, and is not there
            undo(Session(db=path))
    except FunnelctlError:
        return  # it was refused, and nothing was done


def exported(path: str) -> bytes:
    file = f"{path}.jsonl"
    all_(Session(db=path), file, force=True)
    return Path(file).read_bytes()


def exported_tables(path: str) -> dict[str, bytes]:
    """By name, the files of a directory of CSV."""
    directory = Path(f"{path}.tables")
    all_(Session(db=path), f"{directory}/", force=True)
    return {file.name: file.read_bytes() for file in directory.iterdir()}


def taken_in(path: str, content: bytes | dict[str, bytes]) -> Any:
    source = Path(f"{path}.in")
    if isinstance(content, bytes):
        source.write_bytes(content)
    else:
        source = Path(f"{path}.in-tables")
        source.mkdir(exist_ok=True)
        for name, raw in content.items():
            (source / name).write_bytes(raw)
    return import_(Session(db=path), str(source)).more


def listed(path: str, what: str, asleep: set[int] | None = None) -> list[dict[str, str]]:
    """The rows of a list in CSV, without what such a list cannot bring back; ``asleep`` are numbers of rows that had
    to wake up."""
    file = f"{path}.{what}.csv"
    command = {"leads": export.leads, "opportunities": export.opportunities}[what]
    command(Session(db=path), file, force=True)
    with open(file, encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    for number, row in enumerate(found):
        for name in LOST_IN_LISTS + (LOST_IN_SLEEP if number in (asleep or ()) else ()):
            row.pop(name, None)
        if row.get("outcome") in ("won", "lost"):  # what was thought before is not taken in
            row.pop("own_probability")
    return found


def rows(path: str) -> dict[str, list[tuple[Any, ...]]]:
    with sqlite3.connect(path) as conn:
        found = {table: conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES}
        counters = "SELECT * FROM sqlite_sequence WHERE name NOT IN ('operation', 'entry') AND seq > 0 ORDER BY 1"
        found["counters"] = conn.execute(counters).fetchall()
    conn.close()
    return found


def told(path: str) -> list[Answer]:
    """What reports and lists say of the book, now and on an earlier day."""
    return [
        report.report(Session(db=path)),
        report.report(Session(db=path), as_of="-1w"),
        report.closed(Session(db=path)),
        lead.list_(Session(db=path), all_=True),
        opp.list_(Session(db=path), all_=True),
    ]


@pytest.fixture(autouse=True, scope="module")
def clock() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FUNNELCTL_NOW", NOW)
        yield


@settings(max_examples=8, deadline=None)
@given(st.lists(people, min_size=1, max_size=4), st.lists(sales, max_size=3), moves)
@example([{"name": "Ada"}, {"name": "ada"}], [{"title": "x", "funnel": "consulting"}], [("merge", "x"), ("win", "x")])
@example([{"name": "Ada", "note": LONG_NOTE}], [{"title": "x", "funnel": "consulting", "note": LONG_NOTE}], [])
def test_it_comes_back_as_it_was(
    people: list[dict[str, Any]], sales: list[dict[str, Any]], moves: list[tuple[str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        path, other, third = (str(shutil.copy(empty_book(), os.path.join(home, f"{name}.db"))) for name in "abc")
        done(path, lines(people, sales))
        for number, move in enumerate(moves):
            tried(path, move, number, len(people), len(sales))
        content, tables = exported(path), exported_tables(path)
        assert taken_in(other, content)["operation"] == 1
        assert taken_in(third, tables)["operation"] == 1
        for copy in (other, third):
            assert exported(copy) == content
            assert exported_tables(copy) == tables
            assert rows(copy) == rows(path)
            assert told(copy) == told(path)
            checked = check_book(copy, lambda: None, lambda check: None)
            assert [result for result in checked if result.status != "ok"] == []
            assert taken_in(copy, content)["operation"] is None  # a second time it changes nothing
            assert taken_in(copy, tables)["operation"] is None
            undo(Session(db=copy))
            assert rows(copy)["lead"] == []
            redo(Session(db=copy))
            assert exported(copy) == content


@settings(max_examples=4, deadline=None)
@given(st.lists(people, min_size=1, max_size=4), st.lists(sales, max_size=3), moves)
@example([{"name": "'=1", "tag": ["'=x", "-y", "a;b", "''"]}], [{"title": "-1", "funnel": "consulting"}], [])
@example([{"name": "Ada"}], [{"title": "x", "funnel": "seven-states"}], [("postpone", "x")])
def test_so_do_the_lists_of_leads_and_opportunities_as_csv(
    people: list[dict[str, Any]], sales: list[dict[str, Any]], moves: list[tuple[str, str]]
) -> None:
    """What people and opportunities are; their history, ids and who sent whom are in a whole book alone. A list is read
    as any sheet is, in which nobody is called ``#REF!``."""
    assume(not any(sign in repr((people, sales, moves)) for sign in errors_of("csv")))
    with tempfile.TemporaryDirectory() as home:
        path, other = (str(shutil.copy(empty_book(), os.path.join(home, f"{name}.db"))) for name in "ab")
        done(path, lines(people, sales))
        for number, move in enumerate(moves):
            tried(path, move, number, len(people), len(sales))
        listed(path, "leads")
        asleep = {
            number for number, row in enumerate(listed(path, "opportunities")) if row.get("status") == "postponed"
        }
        for what in ("leads", "opportunities"):
            import_(Session(db=other), f"{path}.{what}.csv")
        for what in ("leads", "opportunities"):
            assert listed(other, what, asleep) == listed(path, what, asleep)
        for what in ("leads", "opportunities"):
            assert import_(Session(db=other), f"{path}.{what}.csv").more["operation"] is None


def test_on_another_machine_the_copies_of_funnels_serve(call: Cli, tmp_path: Path) -> None:
    call("funnel new mine --from jm-sports")
    call("opp add Course --client Ada --funnel mine --value '10 EUR'")
    call("config set region ES")
    call("opp add Course --client Bea --phone '600 111 222' --funnel mine")
    before, cards = call.json("report"), call("export vcard").out
    call("export all book.jsonl")
    call("init other.db")
    shutil.rmtree(tmp_path / "config")
    taken_in(str(tmp_path / "other.db"), (tmp_path / "book.jsonl").read_bytes())
    call.env["FUNNELCTL_DB"] = str(tmp_path / "other.db")
    call("export all other.jsonl")
    assert (tmp_path / "other.jsonl").read_bytes() == (tmp_path / "book.jsonl").read_bytes()
    assert call.json("report") == before
    assert call("export vcard").out == cards
    call("advance O1 --to closing --service x --close +1w")
    assert call("lead add X --phone 600111222", 4).message.startswith("the phone number belongs to L2 Bea")


def test_ids_that_were_given_once_are_not_given_again(call: Cli, tmp_path: Path) -> None:
    call("lead add Ada")
    call("lead add Bob")
    call("undo")
    call("export all book.jsonl")
    call("init other.db")
    taken_in(str(tmp_path / "other.db"), (tmp_path / "book.jsonl").read_bytes())
    call.env["FUNNELCTL_DB"] = str(tmp_path / "other.db")
    assert call.row("lead add Bob")["id"] == "L3"


def test_who_was_forgotten_stays_so(call: Cli, tmp_path: Path) -> None:
    call("lead add Ada --email ada@example.com")
    call("lead forget Ada --yes")
    call("export all book.jsonl")
    text = (tmp_path / "book.jsonl").read_text().lower()
    assert '"ada' not in text  # a hash may have the three letters
    assert "ada@" not in text
    call("init other.db")
    content = (tmp_path / "book.jsonl").read_bytes()
    taken_in(str(tmp_path / "other.db"), content)
    call.env["FUNNELCTL_DB"] = str(tmp_path / "other.db")
    assert "forgotten" in call("lead add Ada --email ada@example.com", 4).message
    call("undo")
    taken_in(str(tmp_path / "other.db"), content)  # the list was there still
    assert "forgotten" in call("lead add Ada --email ada@example.com", 4).message
