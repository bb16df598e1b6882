"""``funnelctl import``: dates and amounts that are written as somebody else writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook

if TYPE_CHECKING:
    from pathlib import Path

    from commandline import Cli


def write(run: Cli, text: str) -> None:
    (run.home / "file.csv").write_bytes(text.encode())


def test_dates_and_amounts_are_read_as_their_columns_tell_and_that_is_said(call: Cli) -> None:
    write(call, 'key,created,close,value\n1,4/5/2025,02.04.2027,1.500\n2,3/20/2025 17:45,,"12.500,00 €"\n')
    said = call("import file.csv --as opportunities")
    assert said.err == (
        "'created' is read as MM/DD/YYYY: line 3 has \"3/20/2025 17:45\"\n"
        "'close' is read as DD.MM.YYYY: dates with dots have the day first\n"
        "'value' has the decimal mark ,: line 3 has \"12.500,00 €\"\n"
        "no column says the stage: what is open and new begins in request; --map COLUMN=stage says which\n"
        "amounts without a currency are taken as EUR, that of the funnel; --currency says otherwise\n"
    )
    one, two = sorted(call.rows("opp list --all"), key=lambda row: row["key"])
    assert (one["created_at"], one["expected_close"]) == ("2025-04-05T12:00:00Z", "2027-04-02")
    assert (one["value"]["minor"], two["value"]["minor"]) == (150_000, 1_250_000)
    assert two["created_at"] == "2025-03-20T17:45:00Z"
    assert call("import file.csv --as opportunities").out == "nothing to change: the 2 rows are known already\n"


def test_what_stays_open_is_asked_and_the_answer_taken(call: Cli) -> None:
    write(call, "key,created,value\n1,4/5/2025,1.500\n")
    said = call("import file.csv --as opportunities", 65)
    assert said.hint == (
        "answer by --date-format DD/MM/YYYY or --date-format MM/DD/YYYY; answer by --decimal . or --decimal ,"
    )
    assert call.rows("opp list --all") == []
    call("import file.csv --as opportunities --date-format Created=DD/MM/YYYY --decimal ,")
    row = call.row("opp list")
    assert (row["created_at"], row["value"]["minor"]) == ("2025-05-04T12:00:00Z", 150_000)


def test_standard_input_is_surveyed_as_well(run: Cli) -> None:
    said = run("import - --as leads", stdin="name,created\nAda,4/5/2025\nBob,3/20/2025\n")
    assert said.out == "created 2 leads from 2 rows; undo takes it back\n"


def test_a_format_for_a_column_that_there_is_not(call: Cli) -> None:
    write(call, "name,created\nAda,4/5/2025\n")
    assert call("import file.csv --as leads --date-format Born=DD/MM/YYYY", 2).message == (
        'the file has no column "Born"; nothing was saved'
    )


ASSUMED = "amounts without a currency are taken as EUR, that of the funnel; --currency says otherwise"


@pytest.mark.parametrize(
    ("amounts", "option", "told"),
    [
        ("1200, 300,", "", True),
        ("1200,USD 300,", "", True),
        ("1200,USD 300,EUR", "", False),
        ("12.50, 7k,", "", True),
        ("€1200, 300EUR,", "", False),
        ("1200, 300,", "--currency EUR", False),
        (", ,USD", "", False),
    ],
)
@pytest.mark.parametrize("key", ["key", "no"])  # by a key rows are read together, without one each by itself
def test_in_which_currency_bare_amounts_are_is_told_once(
    call: Cli, amounts: str, option: str, told: bool, key: str
) -> None:
    rows = "".join(f"{number},Audit,Ada,request,2026-01-05,{one}\n" for number, one in enumerate(amounts.split(" ")))
    write(call, f"{key},title,client,stage,created,value,currency\n{rows}")
    for more in ("--dry-run", ""):
        said = call(f"import file.csv --as opportunities {option} {more}")
        assert said.err.count(ASSUMED) == said.err.count("without a currency") == told


def test_a_currency_without_minor_units_does_not_tell_the_decimal_mark(call: Cli) -> None:
    write(call, "title,value,currency,stage\nAudit,1.234,JPY,request\nCourse,1.500,EUR,request\n")
    assert call("import file.csv --as opportunities", 65).hint == "answer by --decimal . or --decimal ,"
    call("import file.csv --as opportunities --decimal ,")
    assert [row["value"]["minor"] for row in call.rows("opp list --sort title")] == [1234, 150_000]


def test_where_rows_begin_that_say_no_stage_is_told_once(call: Cli) -> None:
    write(call, "key,title,client,created\n1,Audit,Ada,2026-01-05\n2,Course,Ada,2026-01-05\n")
    told = "no column says the stage: what is open and new begins in request; --map COLUMN=stage says which\n"
    assert call("import file.csv --as opportunities --dry-run").err == f"dry run: nothing was saved\n{told}"
    assert call("import file.csv --as opportunities").err == told
    write(call, "key,title,client,created,stage\n3,Audit,Bob,2026-01-05,\n4,Course,Eve,2026-01-05,proposal\n")
    said = call("import file.csv --as opportunities")
    assert said.err == "1 row without a stage: what is open and new begins in request\n"
    write(call, "title,funnel\nAudit,jm-sports\n")
    assert "begins in the first stage of its funnel;" in call("import file.csv --as opportunities").err


def test_an_expected_date_that_dates_a_closing_is_told(call: Cli) -> None:
    write(
        call,
        "title,stage,Expected Close,closed,created\n"
        "Audit,won,2026-05-01,,2026-01-05\nCourse,lost,2026-05-02,,2026-01-05\n"
        "Talk,won,2026-05-01,2026-04-01,2026-01-05\nWalk,request,2027-05-01,,2026-01-05\n",
    )
    said = call("import file.csv --as opportunities")
    assert said.err == '2 rows closed, without a date of closing: "Expected Close" is taken for it\n'
    assert [row["closed_at"] and row["closed_at"][:10] for row in call.rows("opp list --all --sort title")] == [
        "2026-05-01", "2026-05-02", "2026-04-01", None,
    ]  # fmt: skip


def test_columns_of_dates_are_named_where_no_column_says_when_records_were_closed(call: Cli) -> None:
    header = "key,title,stage,created,Signed off,Team's day,Floor,Size,Step,Nothing\n"
    write(
        call,
        f"{header}1,Audit,won,2025-01-05,2025-02-03 10:00,3/4/2025,45292,20.5,2025-02-03,\n"
        "2,Course,lost,2025-01-05,,,,,done,\n3,Talk,request,2025-01-05,,,,,,\n",
    )
    said = call("import file.csv --as opportunities")
    assert said.err.splitlines()[:3] == [
        "2 rows closed, without a date of closing: dated as created",
        "\"Signed off\" holds nothing but dates; if it says when they were closed: --map 'Signed off=closed'",
        "\"Team's day\" holds nothing but dates; if it says when they were closed: --map 'Team'\"'\"'s day=closed'",
    ]
    assert "nothing but dates" not in call("import file.csv --as opportunities").err  # nothing was dated
    call("undo")
    call("import file.csv --as opportunities --map 'Signed off=closed'")
    assert call.row("opp list --all --search Audit")["closed_at"] == "2025-02-03T10:00:00Z"


def test_the_time_of_a_closing_is_kept_where_one_column_has_both_dates(call: Cli) -> None:
    write(
        call,
        "key,title,stage,close,created\n"
        "1,Audit,won,2025-04-30 17:45,2025-04-28 15:00\n2,Course,lost,2025-04-30T17:45-03:00,2025-04-28 15:00\n"
        "3,Talk,won,2025-04-30,2025-04-28 15:00\n4,Walk,request,2027-04-30 23:00,2025-04-28 15:00\n"
        "5,Visit,won,2026-11-23 17:00,2025-04-28 15:00\n",  # today, at a time that is still to come
    )
    call("import file.csv --as opportunities", env={"TZ": "America/Bogota"})
    closed = {row["key"]: (row["closed_at"], row["expected_close"]) for row in call.rows("opp list --all")}
    assert closed == {
        "1": ("2025-04-30T22:45:00Z", None), "2": ("2025-04-30T20:45:00Z", None), "3": ("2025-04-30T17:00:00Z", None),
        "4": (None, "2027-04-30"), "5": ("2026-11-23T10:00:00Z", None),
    }  # fmt: skip
    write(call, "key,title,stage,close,created\n6,Audit,won,2026-11-24 09:00,2025-04-28 15:00\n")
    assert '"2026-11-24" lies in the future' in call("import file.csv --as opportunities", 65).err


def chances(call: Cli) -> list[float | None]:
    return [row["own_probability"] for row in sorted(call.rows("opp list --all"), key=lambda row: str(row["key"]))]


@pytest.mark.parametrize(
    ("cells", "read", "told"),
    [
        ("0.5 1 0.2", [0.5, 1.0, 0.2], 'as shares of 1: nothing in it is larger, and line 2 has "0.5"'),
        ("0.5 1 45", [0.005, 0.01, 0.45], 'as per cent: line 4 has "45"'),
        ("0.5 40% 60", [0.005, 0.4, 0.6], 'as per cent: line 4 has "60"'),
        ("40 60 0", [0.4, 0.6, 0.0], ""),
    ],
)
def test_whether_chances_are_per_cent_is_decided_by_the_column(
    call: Cli, cells: str, read: list[float], told: str
) -> None:
    rows = "".join(f"{key},{cell}\n" for key, cell in enumerate(cells.split()))
    write(call, f"key,Probability\n{rows}")
    err = call("import file.csv --as opportunities").err
    assert [line for line in err.splitlines() if "Probability" in line] == (
        [f"'Probability' is read {told}"] if told else []
    )
    assert chances(call) == read
    assert call("import file.csv --as opportunities").out == "nothing to change: the 3 rows are known already\n"


def test_chances_of_nothing_but_0_and_1_are_asked(call: Cli) -> None:
    write(call, "key,Probability\n1,1\n2,0\n")
    said = call("import file.csv --as opportunities", 65)
    assert said.message == (
        "file.csv: 'Probability' has no number but 0 and 1, which may be 100 % or 1 %; nothing was saved"
    )
    assert said.hint == "answer by --probability percent or --probability share"
    assert 'file.csv:2:Probability: "1" may mean 100 % or 1 %' in said.err
    call("import file.csv --as opportunities --probability percent")
    assert chances(call) == [0.01, 0.0]
    call("import file.csv --as opportunities --probability share --on-duplicate overwrite")
    assert chances(call) == [1.0, 0.0]


@pytest.mark.parametrize(
    ("cells", "bare", "either", "of_share"),
    [("40% 0.5 0", "0.5", "50 % or 0.5 %", 0.5), ("80% 1 0", "1", "100 % or 1 %", 1.0)],
)
def test_bare_numbers_beside_per_cents_are_asked(
    call: Cli, cells: str, bare: str, either: str, of_share: float
) -> None:
    marked, *_ = cells.split()
    write(call, "key,Probability\n" + "".join(f"{key},{cell}\n" for key, cell in enumerate(cells.split())))
    said = call("import file.csv --as opportunities", 65)
    assert said.message == (
        f"file.csv: 'Probability' has numbers up to 1 beside others with %: \"{bare}\" may mean {either};"
        " nothing was saved"
    )
    assert said.hint == "answer by --probability percent or --probability share"
    assert f'file.csv:2:Probability: "{marked}" has its %\n' in said.err
    assert f'file.csv:3:Probability: "{bare}" may mean {either}\n' in said.err
    call("import file.csv --as opportunities --probability share")
    assert chances(call) == [float(marked[:-1]) / 100, of_share, 0.0]


def test_a_column_that_says_per_cent_in_its_name_is_not_asked_with_the_others(call: Cli) -> None:
    write(call, "key,created,Probability (%)\n1,4/20/2026,1\n2,3/20/2026,0.5\n")
    assert "Probability" not in call("import file.csv --as opportunities").err
    assert chances(call) == [0.01, 0.005]


def test_a_mapping_and_a_preset_say_it_too(call: Cli) -> None:
    write(call, "key,Probability\n1,1\n")
    (call.home / "map.yaml").write_text("as: opportunities\nprobability: share\n")
    call("import file.csv --mapping map.yaml")
    write(call, "Opportunity Name,Stage,Probability (%)\nAudit,Propose,1\n")
    call("import file.csv")
    assert chances(call) == [1.0, 0.01]
    write(call, "Deal - ID,Deal - Title,Deal - Probability\n3,Audit,1\n")
    call("import file.csv")
    assert call.row("opp list --search 3")["own_probability"] == 0.01
    call("import file.csv --probability half", 2)


def test_a_workbook_says_by_the_format_of_a_cell_what_is_per_cent(call: Cli) -> None:
    book = Workbook()
    for row in (("key", "Probability"), (1, 1), (2, 0.5), (3, 0.125)):
        book.active.append(row)
        book.active.cell(book.active.max_row, 2).number_format = "0%"
    book.save(call.home / "file.xlsx")
    assert "robability" not in call("import file.xlsx --as opportunities").err
    assert chances(call) == [1.0, 0.5, 0.125]


ODD = (
    "0000-01-01", "0000-00-00 00:00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00", "2026-02-30T10:00",
    "2026-01-01 25:61", "2026-01-01T23:59:60", "2026-01-01T10:00+99:99", "31 Dec 9999 23:59 -14:00", "29 Feb 2023",
    "00/00/0000", "99999999", "-45292", "0", "60", "999999", "1e5", "12:00", "2026-W01-1",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("field", ["created", "close"])
def test_a_date_that_cannot_be_is_told_with_its_line_and_column(call: Cli, kind: str, field: str) -> None:
    name = f"file.{kind}"
    if kind == "xlsx":
        book = Workbook()
        for row in (("title", field), *(("Audit", cell) for cell in ODD)):
            book.active.append(row)
        book.save(call.home / name)
    elif kind == "jsonl":
        (call.home / name).write_text("".join(json.dumps({"title": "Audit", field: cell}) + "\n" for cell in ODD))
    else:
        (call.home / name).write_text("".join(f"Audit,{cell}\n" for cell in (field, *ODD)).replace("Audit", "title", 1))
    found = call(f"import {name} --as opportunities --json", 65).error["problems"]
    first = 1 if kind == "jsonl" else 2
    assert [(one["line"], one["column"]) for one in found] == [(line, field) for line in range(first, first + len(ODD))]


def test_day_numbers_beyond_the_calendar_are_told_too(call: Cli) -> None:
    book = Workbook()
    for row in (("title", "close"), ("Audit", -1), ("Audit", 2_958_466), ("Audit", 1e300), ("Audit", 45_292)):
        book.active.append(row)
        book.active.cell(book.active.max_row, 2).number_format = "yyyy-mm-dd"
    book.save(call.home / "file.xlsx")
    found = call("import file.xlsx --as opportunities --json", 65).error["problems"]
    assert [(one["line"], one["column"]) for one in found] == [(2, "close"), (3, "close"), (4, "close")]


def test_errors_of_a_spreadsheet_are_no_names(call: Cli, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("name,company,rank\n#REF!,Acme,1\nEve,#N/A,2\nBob,Acme,#WERT!\n")
    found = call("import leads.csv --as leads --json", 65).error["problems"]
    assert [(one["line"], one["column"]) for one in found] == [(2, "name"), (3, "company")]
    call("import leads.csv --as leads --on-error skip")
    assert [row["name"] for row in call.rows("lead list")] == ["Bob"]


def test_two_formats_that_read_one_date_in_two_ways_are_refused(call: Cli, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("name,created,closed\nAda,03/04/2026,\n")
    both = "--date-format DD/MM/YYYY --date-format MM/DD/YYYY"
    assert "in two ways" in call(f"import leads.csv --as leads {both}", 2).message
    call("import leads.csv --as leads --date-format created=DD/MM/YYYY --date-format MM/DD/YYYY")
    assert call.row("lead show Ada")["created_at"].startswith("2026-04-03")


def test_words_for_an_empty_cell_count_in_columns_that_are_known_by_their_names_too(call: Cli) -> None:
    (call.home / "file.csv").write_text("name,email,E-Mail of the office,phone\nAda,n/a,x,?\nn/a,b@example.com,y,N/A\n")
    call("import file.csv --as leads --empty n/a --empty '?'")
    rows = [(row["name"], row["email"], row["phone"]) for row in call.rows("lead list --sort name")]
    assert rows == [("Ada", None, None), ("b@example.com", "b@example.com", None)]


def test_words_in_a_column_of_outcomes_or_statuses_can_be_declared(call: Cli) -> None:
    (call.home / "file.csv").write_text("key,title,The state,Status\n1,Audit,Signed,\n2,Course,,In talks\n")
    options = "--as opportunities --map 'The state=outcome'"
    said = call(f"import file.csv {options}", 65)
    assert "--stage 'Signed=STAGE'" in said.hint
    assert "--map 'The state='" in said.hint
    assert "--stage 'In talks=STAGE'" in said.hint
    assert "--map 'Status=stage'" in said.hint
    call(f"import file.csv {options} --stage Signed=won --stage 'In talks=proposal'")
    assert [(row["title"], row["stage"], row["outcome"]) for row in call.rows("opp list --all --sort title")] == [
        ("Audit", "agreement", "won"),
        ("Course", "proposal", "open"),
    ]


@pytest.mark.parametrize(
    ("header", "row", "column"),
    [
        ("Deal,Amount,Currency Code", "Audit,12,EURO", "Currency Code"),
        ("Deal,Opened,Result,Date closed", "Audit,2026-02-01,won,2026-01-01", "Date closed"),
        ("Deal,Customer Email,Deal Stage", "Audit,nobody,", "Customer Email"),
        ("Deal,Customer Email,Deal Stage", "Audit,,Nope", "Deal Stage"),
        ("Deal,Stage History", "Audit,'[{`stage`: `nope`, `at`: `2026-01-01`}]'", "Stage History"),
        (
            "Record ID,Deal Name,Deal Stage,'Date entered `Contract Sent`','Date entered `Closed Won`'",
            "1,Audit,,2026-99-01,",
            'Date entered "Contract Sent" + Date entered "Closed Won"',
        ),
        (
            "Record ID,Deal Name,Deal Stage,Associated Contact",
            f"1,Audit,,Ada ({'a' * 400}@acme)",
            "(Associated Contact)",
        ),
    ],
)
def test_a_problem_names_the_column_as_the_file_writes_it(call: Cli, header: str, row: str, column: str) -> None:
    write(call, f"{header}\n{row}\n".replace("`", '""').replace("'", '"'))
    found = call("import file.csv --as opportunities --json", 65).error["problems"]
    assert [(one["line"], one["column"]) for one in found] == [(2, column)]


@pytest.mark.parametrize(
    ("name", "option", "told"),
    [
        ("MÃ¼ller", "", '"MÃ¼ller", which may be "Müller" in a wrong encoding: export the file again;'),
        ("Zoë Müller", "--encoding cp1252", '"ZoÃ«", which may be "Zoë" in a wrong encoding'),
        ("Dâ€™Arcy", "", '"Dâ€™Arcy", which may be "D’Arcy" in a wrong encoding'),
        ("M\ufffdller", "", '"M\ufffdller", of which a letter was lost: export the file again'),
        ("SÃO João, Ångström, Â, âge, 5 €", "", ""),
    ],
)
def test_letters_that_stand_for_bytes_are_told_once_with_their_line(
    call: Cli, name: str, option: str, told: str
) -> None:
    rows = "".join(f'"Ada",{day}\n"{name}",{day}\n' for day in ("2026-01-05", "2026-01-06"))
    write(call, f"name,created\n{rows}")
    err = call(f"import file.csv --as leads {option}").err
    assert err.startswith(f"line 3 has {told}" if told else "")
    assert err.count("line ") == bool(told)


def test_a_mark_that_contradicts_the_encoding_that_was_said_is_refused(call: Cli) -> None:
    write(call, "\ufeffname\nMüller\n")
    said = call("import file.csv --as leads --encoding cp1252", 65)
    assert said.message == ("file.csv begins with the mark of UTF-8, and was said to be cp1252; nothing was saved")
    call("import file.csv --as leads --encoding utf-8")
