"""``funnelctl import --explain`` shows how a file would be read, and writes nothing."""

from __future__ import annotations

import pytest

from commandline import Cli
from funnelctl.core.importing.explaining import COLUMNS

DEALS = """Deal - ID,Deal - Title,Deal - Won time,Deal - Lost time,Deal - Stage,Deal - Value,Deal - Currency,Colour
7,Audit,2025-02-01,,Proposal Made,1200,EUR,red
8,Course,,2025-03-01,Dreaming,much,EUR,red
9,,,2025-04-01,Dreaming,3,EUR,
"""


def test_every_column_is_told_with_the_reason_and_samples(call: Cli) -> None:
    (call.home / "file.csv").write_text(DEALS)
    before = call.book.read_bytes()
    told = call.json("import file.csv --explain --map 'Deal - Title=title' --stage 'Dreaming=request'")
    assert told["schema"] == "funnelctl/import-explain/1"
    assert [(row["column"], row["field"], row["why"]) for row in told["rows"]] == [
        ("Deal - ID", "key", "preset pipedrive-deals"),
        ("Deal - Title", "title", "as was said"),
        ("Deal - Won time", "closed", "preset pipedrive-deals"),
        ("Deal - Lost time", "closed", "preset pipedrive-deals: where what stands before it is empty, or beside it"),
        ("Deal - Stage", "stage", "preset pipedrive-deals"),
        ("Deal - Value", "value", "preset pipedrive-deals"),
        ("Deal - Currency", "currency", "preset pipedrive-deals"),
        ("Colour", None, "left out: nothing says what it is"),
    ]
    assert told["rows"][2]["samples"] == ["2025-02-01", "2025-03-01", "2025-04-01"]
    assert (told["rows"][5]["problems"], told["rows"][5]["problem"]) == (1, 'line 3: "much" is not an amount')
    assert told["words"] == [
        {"word": "Dreaming", "rows": 2, "means": "request"},
        {"word": "Proposal Made", "rows": 1, "means": "proposal"},
    ]
    assert (told["as"], told["preset"], told["format"], told["encoding"], told["delimiter"]) == (
        "opportunities", "pipedrive-deals", "csv", "utf-8", ",",
    )  # fmt: skip
    assert (told["rows_read"], told["matched_by"]) == (3, "key")
    assert call.book.read_bytes() == before


def test_what_is_not_known_is_asked(call: Cli) -> None:
    (call.home / "file.csv").write_text(DEALS)
    assert {"word": "Dreaming", "rows": 2, "means": "not known: --stage 'Dreaming=STAGE'"} in call.json(
        "import file.csv --explain"
    )["words"]


def test_it_makes_no_book(newcomer: Cli) -> None:
    (newcomer.home / "file.csv").write_text("name,email\nAda,ada@\n")
    said = newcomer("import file.csv --as leads --explain")
    assert "its name" in said.out
    assert not newcomer.book.exists()


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "md", "jsonl"])
def test_in_every_format(call: Cli, form: str) -> None:
    (call.home / "file.csv").write_text("name,Sand\nAda,x\n")
    said = call(f"import file.csv --as leads --explain --format {form}")
    assert "Sand" in said.out


def test_what_tells_columns_apart_is_read_whole_on_a_narrow_screen() -> None:
    assert [column.name for column in COLUMNS if column.wrap] == ["column", "field", "why", "problem"]


def test_problems_take_room_only_where_there_are_any(call: Cli) -> None:
    (call.home / "file.csv").write_text("Deal Name,Deal Stage,Deal ID,Amount\nAudit,Contract Sent,7,1 EUR\n")
    assert "Problems" not in call("import file.csv --explain --format table").out
    (call.home / "file.csv").write_text("Deal Name,Deal Stage,Deal ID,Amount\nAudit,Contract Sent,7,much\n")
    assert "Problems" in call("import file.csv --explain --format table").out
