from __future__ import annotations

from pathlib import Path

import pytest

from funnelctl.core.importing.declared import Declared, checked
from funnelctl.errors import BadData, Invalid, NotFound
from funnelctl.workspace.mapping_file import read_mapping_file

EXAMPLE = Path(__file__).parents[3] / "examples" / "maven.yaml"


def saved(tmp_path: Path, text: str) -> Declared:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)
    return read_mapping_file(str(path))


def test_a_mapping_declares_all_that_the_command_line_can(tmp_path: Path) -> None:
    assert saved(
        tmp_path,
        "as: leads\nfunnel: JM-sports\ncurrency: eur\ncolumns: {Who: name, Shoe: '-', Hat: }\n"
        "stages: {In talks: leads}\ndate_format: [DD.MM.YYYY, DD.MM.YY]\ndecimal: ','\nprobability: Percent\n"
        "delimiter: tab\nencoding: cp1252\nmatch: email\non_duplicate: skip\n",
    ) == Declared(
        "leads", "jm-sports", "EUR", {"Who": "name", "Shoe": "-", "Hat": ""}, {"In talks": "leads"},
        ("DD.MM.YYYY", "DD.MM.YY"), ",", "percent", "\t", "cp1252", "email", "skip",
    )  # fmt: skip


def test_the_worked_example_of_the_readme() -> None:
    found = read_mapping_file(str(EXAMPLE))
    assert (found.kind, found.currency, found.match) == ("opportunities", "USD", "key")
    assert found.columns["close_value"] == "value"
    assert found.columns["sales_agent"] == "-"
    assert found.stages == {"Prospecting": "request", "Engaging": "proposal", "Won": "won", "Lost": "lost"}


def test_every_problem_is_told_with_its_place(tmp_path: Path) -> None:
    text = (
        "as: people\n"
        "currency: EURO\n"
        "colunms: {}\n"
        "columns: {Who: nmae, Age: 3}\n"
        "stages: [Won]\n"
        "date_format: dd.mm.yyyy\n"
        "decimal: .5\n"
        "match: true\n"
        "on_duplicate: sometimes\n"
        "delimiter: long\n"
    )
    with pytest.raises(BadData) as caught:
        saved(tmp_path, text)
    places = [(problem.line, problem.column) for problem in caught.value.problems]
    assert places == [(1, 5), (2, 11), (3, 1), (4, 16), (4, 27), (5, 9), (6, 14), (7, 10), (8, 8), (9, 15), (10, 12)]
    assert caught.value.message.endswith("mapping.yaml: 11 problems; nothing was saved")
    assert caught.value.source.endswith("mapping.yaml")


def test_yaml_is_read_strictly(tmp_path: Path) -> None:
    for text in ("as: leads\nas: opportunities\n", "- as\n", "", "as: &x leads\n", "columns: {a: [b}\n"):
        with pytest.raises(BadData):
            saved(tmp_path, text)
    with pytest.raises(NotFound):
        read_mapping_file(str(tmp_path / "missing.yaml"))


def test_the_command_line_wins_over_the_file() -> None:
    file = Declared(kind="leads", currency="EUR", columns={"A": "name", "B": "email", "C": ""}, stages={"x": "won"})
    line = Declared(kind="opportunities", columns={"D": "email", "C": "note"}, stages={"x": "lost", "y": "open"})
    assert line.over(file) == Declared(
        kind="opportunities",
        currency="EUR",
        columns={"A": "name", "C": "note", "D": "email"},
        stages={"x": "lost", "y": "open"},
    )


def test_what_cannot_be_said() -> None:
    for key, text in (("as", "deals"), ("decimal", "'"), ("match", "shoe"), ("on_duplicate", ""), ("currency", "XX")):
        with pytest.raises(Invalid):
            checked(key, text)
    assert checked("as", " Leads ") == "leads"
