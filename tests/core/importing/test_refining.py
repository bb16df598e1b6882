"""Cells as another program wrote them become cells that a field is read from, and nothing is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.refining import refined
from funnelctl.core.importing.sheet import Sheet
from funnelctl.errors import Usage
from funnelctl.workspace.mapping_file import read_mapping_file


def read(tmp_path: Path, mapping: str, *rows: str, kind: str = "leads") -> tuple[list[dict[str, str]], list[str]]:
    """The fields of each row of a table whose cells are divided by bars, and what was noted."""
    path = tmp_path / "mapping.yaml"
    path.write_text(f"as: {kind}\n{mapping}")
    header, *records = [row.split("|") for row in rows]
    sheet = Sheet(tuple(header), iter(list(enumerate(records, 2))))
    problems = Problems()
    sheet, declared = refined(sheet, read_mapping_file(str(path)), problems)
    fields = {place: declared.columns.get(name, "") for place, name in enumerate(sheet.header)}
    found = [{fields[place]: cell for place, cell in enumerate(row) if fields[place] and cell} for _, row in sheet.rows]
    return found, problems.notes


def test_without_rules_a_sheet_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text("as: leads\ncolumns: {A: name}\n")
    sheet, declared = Sheet(("A",), iter(())), read_mapping_file(str(path))
    assert refined(sheet, declared, Problems()) == (sheet, declared)


def test_of_several_columns_the_first_that_is_filled_counts_and_the_others_are_noted(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        "columns: {Work: email, Home: email, Name: name, Remark: note, Job: note}\n",
        "Name|Home|Work|Remark|Job",
        "Ada|a@home|a@work|tall|boss",
        "Bob|b@home|||",
        "Cy|c@x|c@x||",
    )
    assert found == [
        {"name": "Ada", "email": "a@work", "note": "Remark: tall\nJob: boss\nother e-mail: a@home"},
        {"name": "Bob", "email": "b@home"},
        {"name": "Cy", "email": "c@x"},
    ]  # fmt: skip


def test_several_values_in_a_cell(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        "columns: {Mail: email, Tags: tags, Firm: company}\nsplit: {email: ', ', tags: ' ::: ', company: ';'}\n",
        "Mail|Tags|Firm",
        "a@x, b@x, a@x|one ::: two|Initech;Initrode",
    )
    assert found == [
        {"email": "a@x", "tags": "one;two", "company": "Initech", "note": "other e-mail: b@x\nother company: Initrode"}
    ]


def test_what_is_replaced_and_what_means_empty(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        "columns: {Name: name, Source: source}\nempty: [Select, n/a]\n"
        "replace: {'*': {'<[^>]*>': }, source: {'^(.*), (.*)$': '\\2 \\1'}}\n",
        "Name|Source|Other",
        "<b>Ada</b>| SELECT |Select",
        "N/A|b, a|",
    )
    assert found == [{"name": "Ada"}, {"source": "a b"}]


def test_a_value_that_holds_several_fields(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        "columns: {Who: lead, Mail: client_email}\nparts: {lead: '(?P<lead>[^(]+) \\((?P<client_email>[^)]+)\\)'}\n",
        "Who|Mail",
        "Ada (a@x)|",
        "Bob (b@x)|bob@y",
        "Cy|c@x",
        kind="opportunities",
    )
    assert found == [
        {"lead": "Ada", "client_email": "a@x"},
        {"lead": "Bob", "client_email": "bob@y"},
        {"lead": "Cy", "client_email": "c@x"},
    ]


def test_a_field_put_together_from_columns_and_what_it_is_else(tmp_path: Path) -> None:
    found, _ = read(
        tmp_path,
        'compose: {state: "{gone|Actif}/{chance}"}\nconstants: {source: Web, state: open}\n'
        "replace: {state: {'(?i)^false/0?$': disqualified, '^.*/.*$': }}\n",
        "chance|Actif|Source",
        "0|False|",
        "|FALSE|",
        "5|False|",
        "0|True|",
    )
    assert [row["state"] for row in found] == ["disqualified", "disqualified", "open", "open"]
    assert {row["source"] for row in found} == {"Web"}


def test_rows_that_are_left_out_are_counted(tmp_path: Path) -> None:
    found, notes = read(
        tmp_path,
        "columns: {Name: name, Mail: email}\nleave_out: {Deleted: ['true', '1'], Gone: [x]}\nneeds: [name, email]\n",
        "Name|Mail|deleted",
        "Ada||TRUE",
        "Bob||",
        "|||",
        "Cy||1",
        "|d@x|0",
    )
    assert found == [{"name": "Bob"}, {"email": "d@x"}]
    assert notes == [
        '1 row left out: "deleted" is "TRUE"',
        "1 row left out: nothing in Name, Mail",
        '1 row left out: "deleted" is "1"',
    ]


def test_one_column_can_be_two_fields(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "columns: {Id: key, ID.: name}\n", "id|x", "7|")
    assert found == [{"key": "7", "name": "7"}]


def test_a_column_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(Usage, match='the file has no column "Nmae"'):
        read(tmp_path, "columns: {Nmae: name}\n", "Name", "Ada")
