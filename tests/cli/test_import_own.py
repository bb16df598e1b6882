"""The lists that ``export leads`` and ``export opportunities`` write come back, and nobody has to say how."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from commandline import Cli

LEAD = (
    "name",
    "company",
    "email",
    "phone",
    "source",
    "stage",
    "state",
    "tags",
    "key",
    "note",
    "created_at",
    "closed_at",
)

ENDINGS = ("csv", "jsonl", "json")
in_every_format = pytest.mark.parametrize("ending", ENDINGS)


@pytest.fixture
def exported(call: Cli, empty_book: Path) -> Cli:
    """``leads`` and ``opportunities`` in every format, and an empty book."""
    call(
        [
            "lead", "add", "=1+1", "--company", "'t Hooft", "--email", "ada@example.com", "--phone", "+34 600 111 222",
            "--source", "@x", "--tag", "a;b", "--tag", "-1", "--key", "'7", "--note", "-1\nline", "--at", "2026-10-01",
        ]
    )  # fmt: skip
    call("lead add Bob --at 2026-10-02")
    call("lead add Carl --email carl@example.com")
    call("lead drop Carl --reason '+no'")
    call("opp add =Audit --lead L1 --value '1234.50 EUR' --close 2027-01-31 --at 2026-10-03")
    call("opp edit O1 --probability 33.3%")
    call("opp add Training --lead L2 --value '120 JPY' --at 2026-10-04")
    call("lose O2 --reason price --to '@them' --at 2026-10-05")
    for ending in ENDINGS:
        call(f"export leads leads.{ending}")
        call(f"export opportunities opportunities.{ending}")
    shutil.copy(empty_book, call.home / "other.db")
    call.env["FUNNELCTL_DB"] = str(call.home / "other.db")
    return call


def of(cli: Cli, command: str, name: str, *fields: str) -> tuple[Any, ...]:
    [row] = [row for row in cli.rows(command) if name in (row.get("name"), row.get("title"))]
    return tuple(row[field] for field in fields)


@in_every_format
def test_leads_come_back(exported: Cli, ending: str) -> None:
    said = exported(f"import leads.{ending}")
    assert said.out == "created 3 leads from 3 rows; undo takes it back\n"
    assert said.err.startswith("recognised leads of funnelctl by the columns")
    assert "export all takes everything along" in said.err
    assert of(exported, "lead list --all", "=1+1", *LEAD) == (
        "=1+1", "'t Hooft", "ada@example.com", "+34 600 111 222", "@x", "enquiry", "converted", ["-1", "a;b"], "'7",
        "-1\nline", "2026-10-01T12:00:00Z", "2026-10-03T12:00:00Z",
    )  # fmt: skip
    assert of(exported, "lead list --all", "Carl", "state", "reason") == ("disqualified", "+no")
    assert exported(f"import leads.{ending}").out == "nothing to change: the 3 rows are known already\n"


@in_every_format
def test_opportunities_come_back_to_their_leads(exported: Cli, ending: str) -> None:
    exported(f"import leads.{ending}")
    said = exported(f"import opportunities.{ending}")
    assert said.out == "created 2 opportunities from 2 rows; undo takes it back\n"
    command = "opp list --all"
    assert of(exported, command, "=Audit", "lead", "client", "value", "expected_close", "own_probability") == (
        "L1", "=1+1", {"minor": 123450, "currency": "EUR"}, "2027-01-31", 0.333,
    )  # fmt: skip
    assert of(exported, command, "Training", "lead", "outcome", "reason", "competitor", "closed_at", "value") == (
        "L2", "lost", "price", "@them", "2026-10-05T12:00:00Z", {"minor": 120, "currency": "JPY"},
    )  # fmt: skip
    assert exported(f"import opportunities.{ending}").out == "nothing to change: the 2 rows are known already\n"


@in_every_format
def test_opportunities_alone_bring_their_clients(exported: Cli, ending: str) -> None:
    said = exported(f"import opportunities.{ending}")
    assert said.out == "created 2 opportunities (and 2 leads) from 2 rows; undo takes it back\n"
    assert of(exported, "lead list --all", "=1+1", "company", "email", "phone", "key") == (
        "'t Hooft", "ada@example.com", "+34 600 111 222", "'7",
    )  # fmt: skip
    exported(f"import leads.{ending}")
    assert len(exported.rows("lead list --all")) == 4  # nothing but his name says that Bob is Bob


def test_one_of_several_of_a_name_is_not_guessed(exported: Cli) -> None:
    exported("import leads.csv")
    exported("lead add Bob")
    said = exported("import opportunities.csv", 65)
    assert "opportunities.csv:3:client: 2 leads have the name of this client" in said.err


@in_every_format
def test_what_slept_is_awake(call: Cli, empty_book: Path, ending: str) -> None:
    call("opp add Audit --client Ada --funnel seven-states")
    call("opp add Course --client Bea --funnel consulting")
    call("postpone Audit --until +2w")
    call("postpone Course --until +2w")
    call(f"export opportunities o.{ending}")
    shutil.copy(empty_book, call.home / "other.db")
    call.env["FUNNELCTL_DB"] = str(call.home / "other.db")
    assert "who slept is awake" in call(f"import o.{ending}").err
    assert of(call, "opp list", "Audit", "stage", "status", "postponed_until") == ("new", None, None)
    assert of(call, "opp list", "Course", "stage", "status", "postponed_until") == ("request", None, None)


@pytest.mark.parametrize(("kind", "columns"), [("leads", 20), ("opportunities", 29)])
def test_no_file_but_ours_loses_an_apostrophe(exported: Cli, kind: str, columns: int) -> None:
    """Nor does ours when a column was taken out of it, or when it is said to be read plainly."""
    path = exported.home / f"{kind}.csv"
    with path.open(newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows[0]) == columns
    lacking = rows[0].index("days_in_stage")
    with (exported.home / "other.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([row[:lacking] + row[lacking + 1 :] for row in rows])
    plainly = {"leads": "--map phone=", "opportunities": "--map client_phone="}[kind]
    said = exported(f"import other.csv --as {kind} {plainly}")
    assert "recognised" not in said.err
    names = {row["name"] for row in exported.rows("lead list --all")}
    assert "'=1+1" in names
    exported("undo")
    exported(f"import {path.name} --as {kind} {plainly} --preset none")
    assert names == {row["name"] for row in exported.rows("lead list --all")}


@pytest.mark.parametrize("kind", ["leads", "opportunities"])
def test_tsv_is_for_programs_and_not_taken_for_csv(exported: Cli, kind: str) -> None:
    exported.env["FUNNELCTL_DB"] = str(exported.home / "book.db")
    exported(f"export {kind} {kind}.tsv")
    assert "'=1+1" not in (exported.home / f"{kind}.tsv").read_text()
    exported.env["FUNNELCTL_DB"] = str(exported.home / "other.db")
    assert exported(f"import {kind}.tsv", 2).message.startswith("say what the rows are")


HOSTILE = ("=1+1", "'=1+1", "''", "-1\nline", "@x", "\uff1d1", "plain", "-1")


def test_activities_of_a_book_are_known_there_whatever_they_say(call: Cli, empty_book: Path) -> None:
    """With its guard a text would be another one, and the activity there twice."""
    call("lead add Ada --email ada@example.com")
    with (call.home / "theirs.csv").open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["client_email", "kind", "at", "text", "key"])
        rows.writerows(["ada@example.com", "note", "2026-10-01", text, ""] for text in HOSTILE)
        rows.writerow(["ada@example.com", "call", "2026-10-02", "with a key", "@7"])
    call("import theirs.csv --as activities")
    call("export activities ours.csv")
    before = call("export activities").out
    assert call("import ours.csv").out == f"nothing to change: the {len(HOSTILE) + 1} rows are known already\n"
    assert call("export activities").out == before
    shutil.copy(empty_book, call.home / "other.db")
    call.env["FUNNELCTL_DB"] = str(call.home / "other.db")
    call("lead add Ada --email ada@example.com")
    assert call("import ours.csv").err.startswith("recognised activities of funnelctl by the columns")
    assert call("export activities").out == before
