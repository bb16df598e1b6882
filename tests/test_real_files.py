"""Every command that ``docs/import.md`` gives for a real file answers what it says there, and what comes in is right.

The files are no part of the project: ``FUNNELCTL_REAL_DATA`` names the directory that they lie in.
"""

from __future__ import annotations

import gzip
import os
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commandline import Cli, InProcess, Installed

ROOT = Path(__file__).parents[1]
DOCUMENT = (ROOT / "docs" / "import.md").read_text().partition("## Files that were tried")[2]
REAL = os.environ.get("FUNNELCTL_REAL_DATA")
FOLDERS = {
    "Made after documented headers": "made-from-documented-headers",
    "vCards of many programs": "vcards-ez-vcard",
    "HubSpot": "hubspot-dummy-export",
    "Zoho": "zoho-crm-sample-export",
    "Maven Analytics": "maven-crm-sales-opportunities",
    "Olist": "olist-marketing-funnel",
    "X Education": "xeducation-lead-scoring",
    "Loans of a bank": "bpi-2012-loan-funnel",
}


class Documented(NamedTuple):
    """A row of a table: what is said to happen with a file, after the commands before it, if in one book."""

    folder: str
    file: str
    command: str
    answer: str
    before: tuple[Documented, ...] = ()


def documented() -> list[Documented]:
    found: list[Documented] = []
    for section in DOCUMENT.split("\n### ")[1:]:
        title, _, text = section.partition("\n")
        rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| (.+) \|$", text, re.MULTILINE)
        assert rows, title
        here: list[Documented] = []
        for file, command, answer in rows:
            before = tuple(here) if "One after another" in text else ()
            here.append(Documented(FOLDERS[title], file, command.replace("\\|", "|"), answer, before))
        found += here
    return found


def total(rows: list[dict[str, Any]], outcome: str) -> int:
    """The sum of the values of an outcome, in minor units."""
    return sum(row["value"]["minor"] for row in rows if row["outcome"] == outcome and row["value"])


def count(rows: list[dict[str, Any]], key: str, value: Any) -> int:
    return sum(row[key] == value for row in rows)


@pytest.fixture
def cli(tmp_path: Path, book: Path) -> Cli:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return InProcess(tmp_path, book)


def carry_out(cli: Cli, one: Documented) -> None:
    assert REAL
    source = Path(REAL) / one.folder / one.file
    if not (cli.home / one.file).exists():
        (cli.home / one.file).symlink_to(source)
    code = 0
    if one.answer.startswith("refused: "):
        code = 2 if "say what the rows are" in one.answer else 65
    words, stdin = one.command, ""
    if words.startswith("gunzip -c"):
        cli, stdin = Installed(cli.home, cli.book), gzip.decompress(source.read_bytes()).decode()
        words = words.partition("| ")[2]
    zone = "Europe/Amsterdam" if "loan" in one.file else "UTC"
    said = cli(shlex.split(words)[1:], code, stdin=stdin, env={"TZ": zone})
    if code:
        assert one.answer.removeprefix("refused: ") in said.message
    else:
        assert said.out == f"{one.answer}; undo takes it back\n"


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
@pytest.mark.parametrize("one", documented(), ids=lambda one: f"{one.file} {len(one.command)}")
def test_every_documented_command_answers_what_is_said(cli: Cli, one: Documented) -> None:
    for earlier in one.before:
        carry_out(cli, earlier)
    carry_out(cli, one)
    if not one.answer.startswith("refused"):
        cli("db check")


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_every_real_file_is_documented() -> None:
    assert REAL
    there = {
        path.name for path in Path(REAL).rglob("*.*") if not path.name.endswith((".md", ".txt")) or "utf16" in path.name
    }
    assert there <= {one.file for one in documented()}


def of(folder: str) -> list[Documented]:
    """The commands of a folder, the refused ones left out."""
    return [one for one in documented() if one.folder == folder and not one.answer.startswith("refused")]


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_hubspot_figures(cli: Cli) -> None:
    for one in of("hubspot-dummy-export"):
        carry_out(cli, one)
    deals = cli.rows("opp list --all")
    assert [count(deals, "outcome", outcome) for outcome in ("won", "lost", "open")] == [71, 69, 360]
    assert [total(deals, outcome) for outcome in ("won", "lost", "open")] == [893_436_148, 871_958_246, 4_484_584_623]
    assert [count(deals, "stage", stage) for stage in ("request", "proposal")] == [222 + 69, 63]
    assert count(deals, "reason", "price") == 13
    assert len(cli.rows("export activities --format json")) == 2000


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_zoho_figures(cli: Cli) -> None:
    for one in of("zoho-crm-sample-export"):
        carry_out(cli, one)
    quotes = cli.rows("opp list --all")
    assert [count(quotes, "outcome", outcome) for outcome in ("won", "lost", "open")] == [866, 444, 1690]
    assert [total(quotes, outcome) for outcome in ("won", "lost", "open")] == [
        1_333_739_800, 697_961_200, 2_593_284_400,
    ]  # fmt: skip
    people = {row["email"]: row for row in cli.rows("lead list --all") if row["email"]}
    assert len(people) == 3900
    assert people["GaryLDenson@cuvox.de"]["created_at"][:10] == "2021-04-15"


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_maven_figures(cli: Cli) -> None:
    for one in of("maven-crm-sales-opportunities"):
        carry_out(cli, one)
    deals = cli.rows("opp list --all")
    assert [count(deals, "outcome", outcome) for outcome in ("won", "lost", "open")] == [4238, 2473, 2089]
    assert (total(deals, "won"), total(deals, "lost")) == (1_000_553_400, 0)
    assert count(deals, "service", "GTX Pro") == 1480
    assert min(row["closed_at"] for row in deals if row["closed_at"])[:10] == "2017-03-01"


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_olist_figures(cli: Cli) -> None:
    for one in of("olist-marketing-funnel"):
        carry_out(cli, one)
    people = cli.rows("lead list --all")
    assert [count(people, "state", state) for state in ("open", "converted")] == [7158, 842]
    assert (count(people, "source", "organic_search"), count(people, "source", None)) == (2296, 60)
    deals = cli.rows("opp list --all")
    assert (count(deals, "outcome", "won"), count(deals, "service", "home_decor")) == (842, 105)
    days = sorted(row["closed_at"] for row in deals)
    assert (days[0], days[-1]) == ("2017-12-05T02:00:00Z", "2018-11-14T18:04:19Z")


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_x_education_figures(cli: Cli) -> None:
    [one] = of("xeducation-lead-scoring")
    carry_out(cli, one)
    people = cli.rows("lead list --all")
    assert [count(people, "state", state) for state in ("open", "converted")] == [5679, 3561]
    assert (count(people, "source", "Google"), count(people, "source", None)) == (2868, 36)
    assert not any("Select" in (row["note"] or "") for row in people)


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_loan_figures(cli: Cli) -> None:
    [one] = of("bpi-2012-loan-funnel")
    carry_out(cli, one)
    loans = cli.rows("opp list --all")
    assert [count(loans, "outcome", outcome) for outcome in ("won", "lost", "open")] == [2246, 4722, 399]


SALES = {  # title, client, minor units, currency, outcome, created, closed
    "pipedrive_deals_export.csv": [
        ("Website relaunch", "Dana Okafor", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("SEO audit", "Zoë O'Neil", 350_050, "USD", "won", "2025-03-20", "2025-05-14"),
        ('Data migration "phase 2"', "Ghost Ltd", 0, "EUR", "lost", "2024-11-05", "2025-01-08"),
        ("Workshop", "Dana Okafor", 180_000, "EUR", "open", "2025-01-10", None),
    ],
    "hubspot_deals_export.csv": [
        ("Acme - New Business", "Dana Okafor", 2_500_000, "USD", "open", "2025-05-02", None),
        ("Globex - Renewal", "Globex", 1_250_000, "USD", "won", "2025-01-15", "2025-04-30"),
        ("9001234503", "9001234503", None, None, "lost", "2024-12-01", "2025-02-11"),
        ("Initech – Discovery", "Peter Example", 1_500_000, "USD", "open", "2025-06-01", None),
    ],
    "salesforce_opportunity_report.csv": [
        ("Acmé - Phase 1", "Acme GmbH", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("Northwind renewal", "Northwind, Inc.", 350_000, "USD", "won", "2025-03-20", "2025-05-14"),
        ("Ghost", "Ghost Ltd", None, None, "lost", "2024-11-05", "2025-01-08"),
    ],
    "salesforce_dataloader_Opportunity.csv": [
        ("Acme Phase 1", "001000000000001AAA", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("Northwind renewal", "001000000000002AAA", 350_000, "USD", "won", "2025-03-20", "2025-05-14"),
    ],
    "zoho_deals_export.csv": [
        ("Website relaunch", "Dana Okafor", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("SEO audit", "zcrm_5000000000002", 350_050, "EUR", "won", "2025-03-20", "2025-05-14"),
        ("Data migration", "Ghost Ltd", 0, "EUR", "lost", "2024-11-05", "2025-01-08"),
    ],
    "odoo_crm_lead_import_compatible.csv": [
        ("Website relaunch", "Dana Okafor", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("SEO audit", "Zoë O'Neil", 350_050, "EUR", "won", "2025-03-20", "2025-05-14"),
        ("Data migration", "Ghost Ltd", 0, "EUR", "lost", "2024-11-05", "2025-01-08"),
    ],
    "notion_deals_export.csv": [
        ("Website relaunch", "Acme GmbH", 1_200_000, "EUR", "open", "2025-04-02", None),
        ("SEO audit", "Northwind", 350_050, "EUR", "won", "2025-03-20", "2025-05-16"),
    ],
    "deutsch_semikolon_cp1252.csv": [
        ("Prozessberatung", "Jürgen Groß", 1_250_000, "EUR", "open", "2025-04-02", None),
        ("Workshop", "Bäckerei Weiß", 180_000, "EUR", "won", "2025-01-10", "2025-05-14"),
        ("Audit", "Öztürk, Aylin", None, None, "lost", "2024-11-05", "2025-01-08"),
    ],
    "francais_point_virgule.csv": [
        ("Jean-François L’Écuyer", "Jean-François L’Écuyer", 1_250_050, "EUR", "open", "2025-04-02", None),
        ("Café « Chez Zoé »", "Café « Chez Zoé »", 350_000, "EUR", "won", "2025-03-20", "2025-05-14"),
        ("Fantôme SARL", "Fantôme SARL", None, None, "lost", "2024-11-05", "2025-01-08"),
    ],
}  # fmt: skip


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
@pytest.mark.parametrize("file", SALES)
def test_sales_of_small_files(cli: Cli, file: str) -> None:
    carry_out(cli, next(one for one in documented() if one.file == file))
    assert [
        (
            row["title"],
            row["client"],
            row["value"] and row["value"]["minor"],
            row["value"] and row["value"]["currency"],
            row["outcome"],
            row["created_at"][:10],
            row["closed_at"] and row["closed_at"][:10],
        )
        for row in cli.rows("opp list --all")
    ] == SALES[file]


@pytest.mark.skipif(not REAL, reason="needs FUNNELCTL_REAL_DATA")
def test_the_history_in_all_properties_of_hubspot(cli: Cli) -> None:
    carry_out(cli, next(one for one in documented() if one.file == "hubspot_deals_all_properties.csv"))
    moves = [
        (row["ref"], row["kind"], row["to"], row["at"])
        for row in cli.rows("export moves --format json")
        if row["ref"] == "O2"
    ]
    assert moves == [
        ("O2", "enter", "request", "2025-01-15T08:30:00Z"), ("O2", "advance", "agreement", "2025-03-01T09:00:00Z"),
        ("O2", "win", "agreement", "2025-04-30T17:45:00Z"),
    ]  # fmt: skip
