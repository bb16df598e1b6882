"""A preset is a data file: read strictly, recognised by columns that must all be there, and known by its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelctl.core.importing.presets import Preset, recognised
from funnelctl.core.importing.sheet import Sheet
from funnelctl.errors import BadData
from funnelctl.workspace import places
from funnelctl.workspace.preset_shelf import candidates, read_preset_file

SHIPPED = sorted(Path(places.shipped("presets")).glob("*.yaml"))
# What a cell holds that only this program writes.
WRITTEN_BY = {"notion-deals": "Ada (https://www.notion.so/Ada-0123456789abcdef?pvs=21)"}
ACME = """preset: acme
label: Acme deals
recognise: [Deal no., Title]
as: opportunities
columns: {Deal no.: key, Title: title, Name: title, Worth: value, Owner: "-"}
stages: {Talks: proposal}
"""


def preset(tmp_path: Path, text: str = ACME) -> Preset:
    path = tmp_path / "acme.yaml"
    path.write_text(text)
    return read_preset_file(str(path))


def sheet(header: str, form: str = "csv") -> Sheet:
    return Sheet(tuple(header.split(";")), iter(()), form)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_preset_is_valid_and_recognises_its_own_columns(path: Path) -> None:
    shipped = read_preset_file(str(path))
    assert shipped.key == path.stem  # by which it is found without being read
    assert shipped.label
    form = (shipped.form or "csv").split()[0]
    for columns in shipped.recognise or (("anything",),):
        first = [[*columns[1:], "", WRITTEN_BY.get(shipped.key, "")]]
        there = [one.key for one in candidates([*columns, "Whatever"], form, first)]
        assert shipped.key in there
        found = shipped.found_in(Sheet((*columns, "Whatever"), iter(()), form), first)
        assert found is not None
        assert set(columns) <= set(found) or not shipped.recognise
        if shipped.cells:
            assert shipped.key not in [one.key for one in candidates([*columns, "Whatever"], form, [["anything"]])]


def test_all_columns_of_a_set_must_be_there_in_any_spelling(tmp_path: Path) -> None:
    acme = preset(tmp_path)
    assert acme.found_in(sheet("DEAL NO;title *;x"), []) == ("DEAL NO", "title *")
    assert acme.found_in(sheet("Deal no.;x"), []) is None
    assert acme.found_in(sheet("Deal no.;Title", "vcard"), []) is None


def test_it_takes_of_a_file_the_columns_that_are_there(tmp_path: Path) -> None:
    declared = preset(tmp_path).fitted(("TITLE", "deal-no", "Else"))
    assert declared.columns == {"deal-no": "key", "TITLE": "title"}
    assert (declared.stages, declared.usual_stages) == ({}, {"Talks": "proposal"})


def test_the_one_that_knows_most_columns_wins_and_what_the_rows_were_said_to_be(tmp_path: Path) -> None:
    small = preset(tmp_path)
    large = preset(tmp_path, ACME.replace("acme", "large").replace("[Deal no., Title]", "[Deal no., Title, Worth]"))
    knowing = preset(tmp_path, ACME.replace("acme", "knowing").replace("Worth: value", "Worth: value, Since: created"))
    people = preset(tmp_path, "preset: people\nrecognise: [Deal no., Title]\nas: leads\n")
    here = sheet("Deal no.;Title;Worth;Since")
    for order in ([small, large, knowing, people], [people, knowing, large, small]):
        assert recognised(order, here, [], None) == [(knowing, ("Deal no.", "Title"))]
        assert recognised(order, here, [], "leads") == [(people, ("Deal no.", "Title"))]
    for order in ([small, large], [large, small]):  # of two that know as many, the one that asks for more of them
        assert recognised(order, here, [], None) == [(large, ("Deal no.", "Title", "Worth"))]
    assert recognised([small, large], here, [], "leads") == []


def test_one_that_would_leave_out_all_rows_stands_back(tmp_path: Path) -> None:
    acme = preset(tmp_path, f"{ACME}leave_out: {{type: [Lead]}}\n")
    leads = preset(tmp_path, "preset: l\nrecognise: [Deal no., Title]\nas: leads\nleave_out: {TYPE: [Deal]}\n")
    here = sheet("Deal no.;Title;Worth;Type")
    for rows, best in (
        ([["1", "a", "", "lead"], ["2", "b", "", "Lead "]], leads),
        ([["1", "a", "", "lead"], ["2", "b", "", "Deal"]], acme),
        ([], acme),
    ):
        assert [one for one, _ in recognised([acme, leads], here, rows, None)] == [best]


def test_of_two_that_fit_as_well_none_is_chosen(tmp_path: Path) -> None:
    one, other = preset(tmp_path), preset(tmp_path, ACME.replace("acme", "other"))
    assert {found.key for found, _ in recognised([one, other], sheet("Deal no.;Title"), [], None)} == {"acme", "other"}


def test_a_preset_knows_all_columns_of_which_it_speaks(tmp_path: Path) -> None:
    acme = preset(
        tmp_path,
        f"{ACME}compose: {{outcome: '{{Closed|Ended}}/{{Signed}}'}}\nleave_out: {{Gone: ['1']}}\n"
        "history: 'Entered (?P<stage>.+)'\n",
    )
    assert acme.knows(["DEAL NO", "Title", "Owner", "Ended", "Signed", "Gone", "Entered Talks", "Something"]) == 7


def test_one_of_several_sets_and_what_a_cell_holds(tmp_path: Path) -> None:
    acme = preset(tmp_path, "preset: a\nas: leads\nrecognise: [[A, B], [A, B, C]]\ncells: 'acme\\.example/'\n")
    assert acme.found_in(sheet("A;B;C"), [["1", "see https://acme.example/7", ""]]) == ("A", "B", "C")
    assert acme.found_in(sheet("A;B"), [["https://acme.example/7", ""]]) == ("A", "B")
    assert acme.found_in(sheet("A;B"), [["1", "2"]]) is None


def test_everything_that_is_wrong_is_told_with_its_place(tmp_path: Path) -> None:
    text = (
        "label: [x]\n"
        "recognise: [Name]\n"
        "as: opportunities\n"
        "collumns: {}\n"
        "columns: {Deal: tilte}\n"
        "split: {tags: '(', tilte: x}\n"
        "replace: {stage: {'(a': b, 'a': '\\2'}}\n"
        "parts: {lead: '(?P<frist_name>.*)'}\n"
        "history: Date entered\n"
        "needs: [nmae]\n"
        "leave_out: [x]\n"
        "empty: [3]\n"
    )
    with pytest.raises(BadData) as caught:
        preset(tmp_path, text)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [
        (1, 1), (2, 12), (4, 1), (5, 17), (6, 15), (6, 20), (7, 19), (7, 28), (8, 15), (9, 10), (10, 8), (11, 12),
        (12, 9),
    ]  # fmt: skip


def test_a_preset_says_how_it_is_recognised_and_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(BadData) as caught:
        preset(tmp_path, "columns: {A: name}\n")
    assert [problem.message for problem in caught.value.problems] == [
        "a preset needs the key preset",
        "a preset needs the key as",
        "nothing says how a file is recognised: recognise, cells or form",
    ]
