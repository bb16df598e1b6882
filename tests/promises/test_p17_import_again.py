"""P17: importing a file again changes nothing, and never what somebody has changed meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from commandline import Cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "maven.yaml"
OPPORTUNITIES = """key,title,client,client email,value,stage,outcome,created,closed
K1,Audit,Ada,ada@example.com,1200 EUR,request,,2026-01-05,
K2,Training,Ada,ada@example.com,,proposal,,2026-02-05,
K3,Survey,Eve,eve@example.com,90.50 USD,,won,2026-03-05,2026-04-01
K4,Survey,Eve,eve@example.com,90.50 USD,,lost,2026-03-05,2026-04-01
"""
LEADS = """name,email,phone,company,tags,created
Ada,ada@example.com,+44 20 7946 0958,Engines,maths;early,2026-01-05
Zoe,,,,,
Zoe,,,,,
Eve,eve@example.com,,,,2026-02-05
"""
FILES = {
    "opportunities by key": (OPPORTUNITIES, "--as opportunities"),
    "opportunities by content": (OPPORTUNITIES, "--as opportunities --map key="),
    "leads by email": (LEADS, "--as leads"),
    "leads by content": (LEADS, "--as leads --map email= --map phone="),
    "leads by name": (LEADS.replace("Zoe,,,,,\n", "", 1), "--as leads --match name"),
}


def put(cli: Cli, text: str) -> None:
    (cli.home / "rows.csv").write_text(text)


@pytest.mark.parametrize("policy", ["", "--on-duplicate skip", "--on-duplicate overwrite"])
@pytest.mark.parametrize(("text", "options"), FILES.values(), ids=FILES)
def test_p17_importing_again_changes_nothing_at_all(call: Cli, text: str, options: str, policy: str) -> None:
    put(call, text)
    first = call.json(f"import rows.csv {options}")
    assert first["created"] == text.count("\n") - 1
    book = call.dump()
    again = call.json(f"import rows.csv {options} {policy}", now="2027-06-01T08:00:00Z")
    assert (again["created"], again["updated"], again["operation"]) == (0, 0, None)
    assert call.dump() == book
    assert call("undo").out.startswith("undone: import")  # the first one: the second has left no step


def test_p17_rows_in_another_order_and_among_others_are_known(call: Cli) -> None:
    put(call, OPPORTUNITIES)
    call("import rows.csv --as opportunities")
    header, *rows = OPPORTUNITIES.splitlines()
    put(call, "\n".join([header, "K0,New,Ada,ada@example.com,,request,,2026-05-05,", *reversed(rows)]))
    again = call.json("import rows.csv --as opportunities")
    assert (again["created"], again["unchanged"]) == (1, 4)
    assert len(call.rows("opp list --all")) == 5
    assert len(call.rows("lead list --all")) == 2


def test_p17_what_was_changed_in_between_stays(call: Cli) -> None:
    put(call, OPPORTUNITIES)
    call("import rows.csv --as opportunities")
    call("opp edit O1 --title 'Great audit' --value '2000 EUR' --note mine")
    call("advance O2 --to agreement")
    call("lead edit Ada --phone '+44 20 7946 0958' --name 'Ada Lovelace'")
    call("reopen O4")
    book = call.dump()
    assert call.json("import rows.csv --as opportunities")["operation"] is None
    assert call.dump() == book


def test_p17_empty_fields_are_filled_and_nothing_else_unless_it_is_asked_for(call: Cli) -> None:
    put(call, OPPORTUNITIES)
    call("import rows.csv --as opportunities")
    call("opp edit O1 --title 'Great audit'")
    put(call, OPPORTUNITIES.replace("K2,Training,Ada,ada@example.com,,", "K2,Schooling,Ada,ada@example.com,5 EUR,"))
    call("import rows.csv --as opportunities")
    assert call.row("opp show O1")["title"] == "Great audit"
    assert call.row("opp show O2")["title"] == "Training"
    assert call.row("opp show O2")["value"] == {"minor": 500, "currency": "EUR"}
    call("import rows.csv --as opportunities --on-duplicate overwrite")
    assert [call.row(f"opp show {ref}")["title"] for ref in ("O1", "O2")] == ["Audit", "Schooling"]
    call("undo")
    assert call.row("opp show O1")["title"] == "Great audit"


def test_p17_an_import_that_was_undone_can_be_done_again(call: Cli) -> None:
    put(call, LEADS)
    call("import rows.csv --as leads")
    before = [{**row, "id": ""} for row in call.rows("lead list")]
    call("undo")
    assert call.ids("lead list") == []
    assert call.json("import rows.csv --as leads")["created"] == 4
    assert [{**row, "id": ""} for row in call.rows("lead list")] == before


@pytest.mark.skipif(not os.environ.get("FUNNELCTL_REAL_DATA"), reason="needs FUNNELCTL_REAL_DATA")
def test_p17_a_real_export_of_8800_rows(call: Cli) -> None:
    real = Path(os.environ["FUNNELCTL_REAL_DATA"]) / "maven-crm-sales-opportunities" / "sales_pipeline.csv"
    assert call.json(f"import {real} --mapping {EXAMPLE}")["created"] == 8_800
    call("opp edit O7 --value '1 USD' --title mine")
    book = call.dump()
    assert call.json(f"import {real} --mapping {EXAMPLE}")["operation"] is None
    assert call.dump() == book
