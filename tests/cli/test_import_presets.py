"""``funnelctl import`` knows whose file it is: by its columns, and it says so."""

from __future__ import annotations

import pytest

from commandline import Cli

DEALS = """Deal - ID,Deal - Title,Deal - Contact person,Deal - Value,Deal - Currency of value,Deal - Stage,Deal - Status
7,Audit,Ada,1200,EUR,Proposal Made,Open
8,Course,Zoe,300,EUR,Qualified,Lost
"""
RECOGNISED = 'recognised Pipedrive deals by the columns "Deal - ID", "Deal - Title"; --preset none reads it plainly\n'
PEOPLE = 'Person - ID,Person - Name,Person - Email - Work,Person - Email - Home\n1,Ada,,"a@x.org, b@x.org"\n'


def write(cli: Cli, text: str, name: str = "file.csv") -> None:
    path = cli.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_file_is_recognised_and_people_are_told(call: Cli) -> None:
    write(call, DEALS)
    said = call("import file.csv")
    assert said.out == "created 2 opportunities (and 2 leads) from 2 rows; undo takes it back\n"
    assert said.err.startswith(RECOGNISED)
    found = {row["key"]: (row["title"], row["stage"], row["outcome"]) for row in call.rows("opp list --all")}
    assert found == {"7": ("Audit", "proposal", "open"), "8": ("Course", "request", "lost")}
    assert call("import file.csv").out == "nothing to change: the 2 rows are known already\n"


def test_a_preset_that_is_named_is_taken_without_a_word(call: Cli) -> None:
    write(call, DEALS.replace("Deal - Stage", "Step").replace("Deal - ID", "No"))
    said = call("import file.csv --preset pipedrive-deals --map Step=stage")
    assert "recognised" not in said.err
    assert call.row("opp list --search Audit")["stage"] == "proposal"


def test_a_program_that_is_named_stands_for_all_its_presets(call: Cli) -> None:
    write(call, DEALS)
    assert call("import file.csv --preset pipedrive").err.startswith(RECOGNISED)
    write(call, PEOPLE)
    assert call("import file.csv --preset pipedrive --dry-run --json").out
    assert "recognised Pipedrive people" in call("import file.csv --preset pipedrive --dry-run").err
    write(call, "Given Name,Organization\nAda,Acme\n")
    call("import file.csv --preset google --dry-run")  # it has a single one
    write(call, "Title,Owner\nAudit,me\n")
    call("import file.csv --preset hubspot --as opportunities --dry-run")  # the only one of such rows
    unknown = call("import file.csv --preset hubspot", 2)
    assert unknown.message == "file.csv has the columns of none of the presets of hubspot; nothing was saved"
    assert "--preset hubspot-deals" in unknown.hint
    assert call("import file.csv --preset trello --as moves", 2).hint == "--as opportunities, or another preset"


def test_none_reads_the_file_plainly(call: Cli) -> None:
    write(call, DEALS)
    said = call("import file.csv --preset none --as opportunities", 65)
    assert '"Proposal Made" is no stage of consulting' in said.err
    assert call("import file.csv --preset none", 2).message.startswith("say what the rows are")


def test_what_is_said_wins(call: Cli) -> None:
    write(call, DEALS)
    call("import file.csv --stage 'Proposal Made=agreement' --map 'Deal - ID=' --map 'Deal - Stage=note'")
    assert {(row["key"], row["stage"], row["note"]) for row in call.rows("opp list --all")} == {
        (None, "request", "Proposal Made"), (None, "request", "Qualified"),
    }  # fmt: skip


def test_a_preset_of_other_rows_than_was_said_is_not_applied(call: Cli) -> None:
    write(call, PEOPLE)
    said = call("import file.csv --as opportunities --map 'Person - Name=title' --preset auto")
    assert said.err.startswith("looks like Pipedrive people; read plainly, as opportunities\n")
    assert call("import file.csv --as opportunities --preset pipedrive-people", 2).message.startswith(
        "the preset pipedrive-people reads leads, not opportunities"
    )


def test_of_several_values_none_is_lost(call: Cli) -> None:
    write(call, PEOPLE)
    call("import file.csv")
    row = call.row("lead list")
    assert (row["email"], row["note"]) == ("a@x.org", "other e-mail: b@x.org")


def test_a_stage_that_the_funnel_lacks_is_asked_for(call: Cli) -> None:
    write(call, DEALS)
    said = call("import file.csv --funnel jm-sports", 65)
    assert RECOGNISED in said.err  # also where it fails
    assert "--stage 'Proposal Made=STAGE' --stage 'Qualified=STAGE'" in said.hint
    call("import file.csv --funnel jm-sports --stage '*=opportunity'")
    assert {row["stage"] for row in call.rows("opp list --all")} == {"opportunity"}
    assert call("import file.csv --funnel jm-sports --json", 65).error["code"] == "bad_data"


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("Record Id,Deal Name,Deal Owner,Stage,Deal Stage,Amount,Closing Date,Account Name", "Zoho deals"),
        ("Record ID,Deal Name,Deal Stage,Stage,Close Date,Deal owner,Amount", "HubSpot deals"),
        ("Opportunity Name,Account Name,Stage,Amount,Close Date", "a Salesforce report of opportunities"),
        ("Deal - ID,Deal - Title,Deal - Stage,Person - Name,Person - Email", "Pipedrive deals"),
        ("id,type,name,contact_name,partner_name,email_from,stage_id,expected_revenue", "Odoo opportunities"),
        ("id,type,name,contact_name,partner_name,email_from,create_date", "Odoo leads"),
    ],
)
def test_a_file_is_of_the_program_that_knows_most_of_its_columns(call: Cli, header: str, label: str) -> None:
    write(call, f"{header}\n")
    assert call("import file.csv --explain").err.startswith(f"recognised {label} by ")


@pytest.mark.parametrize("more", ["", "--as opportunities", "--explain", "--preset auto"])
def test_a_file_of_which_two_programs_know_as_much_is_asked_for(call: Cli, more: str) -> None:
    write(call, "Deal Name,Deal Stage,Stage,Deal Owner,Amount\nAudit,Qualified,Closed Won,Ada,12\n")
    said = call(f"import file.csv {more}", 65)
    assert said.message == (
        "file.csv may be HubSpot deals (opportunities) or Zoho deals (opportunities): both know as many of its columns;"
        " nothing was saved"
    )
    assert said.hint == (
        "say whose it is: --preset hubspot-deals or --preset zoho-deals; --preset none reads it plainly"
    )
    call("import file.csv --preset zoho-deals --currency EUR")
    assert call.row("opp list --all")["outcome"] == "won"


def test_rows_of_another_kind_that_two_presets_know_are_read_plainly(call: Cli) -> None:
    write(call, "Deal Name,Deal Stage,Stage,Deal Owner,Amount,name\nAudit,Qualified,,Ada,12,Zoe\n")
    said = call("import file.csv --as leads")
    assert said.err.startswith("looks like HubSpot deals or Zoho deals; read plainly, as leads\n")


def test_presets_of_ones_own_lie_beside_the_funnels(call: Cli) -> None:
    write(
        call,
        "preset: mine\nlabel: My sheet\nrecognise: [Wer, Was]\nas: opportunities\n"
        "columns: {Wer: lead, Was: title, Stand: stage}\nstages: {Zusage: agreement}\n",
        "config/funnelctl/presets/mine.yaml",
    )
    write(call, "Wer,Was,Stand\nAda,Audit,Zusage\n")
    assert call("import file.csv").err.startswith('recognised My sheet by the columns "Wer", "Was";')
    assert call.row("opp list")["stage"] == "agreement"
    call("import file.csv --preset mine")


def test_a_preset_of_ones_own_that_is_broken_is_told(call: Cli) -> None:
    write(call, "preset: mine\n", "config/funnelctl/presets/mine.yaml")
    write(call, "name\nAda\n")
    assert "mine.yaml:1:1" in call("import file.csv --as leads", 65).err
    call("import file.csv --as leads --preset none")


def test_a_preset_that_there_is_not(call: Cli) -> None:
    write(call, DEALS)
    said = call("import file.csv --preset salesfroce", 2)
    assert said.message.startswith("there is no preset 'salesfroce'")
    assert "pipedrive-deals" in said.hint
    mistyped = call("import file.csv --preset hubspot-deal", 2)
    assert mistyped.hint.startswith("did you mean hubspot-deals? There are auto")


@pytest.mark.parametrize("option", ["", "--preset auto"])
def test_a_file_that_nobody_knows_is_read_as_ever(call: Cli, option: str) -> None:
    write(call, "name,created\nAda,2026-01-05\n")
    assert call(f"import file.csv --as leads {option}").err == ""


def test_it_can_be_piped_in(run: Cli) -> None:
    assert RECOGNISED in run("import - --as opportunities", stdin=DEALS).err
