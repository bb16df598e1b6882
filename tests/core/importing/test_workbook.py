"""Excel workbooks: what their cells show, and nothing that a hostile one could do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from opening import Opened, refused

from funnelctl.core.importing import workbook as module
from funnelctl.core.importing.columns import map_columns
from funnelctl.core.importing.declared import Declared
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.importing.sheet_errors import errors_of, without_errors
from funnelctl.errors import NotFound

openpyxl = pytest.importorskip("openpyxl")


def workbook(*rows: list[Any], change: Callable[[Any], None] = lambda book: None) -> bytes:
    """A workbook with these rows, as openpyxl writes it after the ``change``."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def altered(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same archive with its parts changed; a part is left out for ``None``."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return written.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in the XML of its sheet."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return content
        assert old in content
        return content.replace(old, new)

    return altered(data, change)


GOOD = workbook(["name", "value"], ["Ada", 1], ["Eve", 2])


def test_rows_and_their_numbers() -> None:
    found = Opened(workbook(["name", "note"], ["Ada", "x"], [None, None], ["", " "], ["Eve", None]))
    assert (found.form, found.header) == ("xlsx", ("name", "note"))
    assert found.lined == [(2, ["Ada", "x"]), (5, ["Eve", ""])]
    assert Opened(workbook([None], ["name"], ["Ada"])).lined == [(3, ["Ada"])]


def test_cells_are_what_they_show() -> None:
    cells: list[tuple[Any, str]] = [
        (12000, "12000"), (-3, "-3"), (0.1 + 0.2, "0.3"), (1234.5, "1234.5"), (1e21, "1000000000000000000000"),
        (1.5e-7, "0.00000015"), (2.0, "2"), (True, "true"), (False, "false"), ("007", "007"), (" x ", " x "),
        ("=x", "=?"), (date(2026, 1, 2), "2026-01-02"), (datetime(2026, 1, 2, 10, 30), "2026-01-02T10:30:00"),  # noqa: DTZ001
        (time(10, 30), "10:30:00"), (timedelta(hours=30), "1 day, 6:00:00"), ("línea\n2", "línea\n2"), (None, ""),
    ]  # fmt: skip
    header = [f"c{number}" for number in range(len(cells) + 1)]
    [row] = Opened(workbook(header, [value for value, _ in cells] + ["end"])).rows
    assert row == [shown for _, shown in cells] + ["end"]


def test_fractions_have_the_declared_mark() -> None:
    assert Opened(workbook(["a", "b"], [1.234, "1.5"]), decimal=",").rows == [["1,234", "1.5"]]


@pytest.mark.parametrize(
    ("shown_as", "cell"),
    [
        ("General", "1234.5"), ("#,##0.00", "1234.5"), ('#,##0.00 "€"', "1234.5 €"), ("#,##0.00 [$€-407]", "1234.5 €"),
        ("[$$-409]#,##0.00", "1234.5 $"), ("[$USD] #,##0", "1234.5 USD"), ("€#,##0", "1234.5 €"), ("\\£0", "1234.5 £"),
        ('"CHF" 0.00', "1234.5 CHF"), ("[Red]0.00", "1234.5"), ('0 "pieces"', "1234.5"), ("[$-409]0", "1234.5"),
    ],
)  # fmt: skip
def test_an_amount_is_in_the_currency_that_it_shows(shown_as: str, cell: str) -> None:
    def change(book: Any) -> None:
        book.active["A2"].number_format = shown_as

    assert Opened(workbook(["value"], [1234.5], change=change)).rows == [[cell]]


def test_the_first_visible_sheet_with_rows_or_the_named_one() -> None:
    def change(book: Any) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("Deals").append(["title"])
        book["Deals"].append(["Audit"])

    data = workbook(["name"], ["Ada"], change=change)
    assert Opened(data).rows == [["Audit"]]
    assert Opened(data).notes == []
    assert Opened(data, sheet="sheet").rows == [["Ada"]]
    with pytest.raises(NotFound, match='no sheet "Nope"') as caught:
        Opened(data, sheet="Nope")
    assert caught.value.hint == 'its sheets are "Sheet", "Empty", "Deals"'
    assert "is empty" in refused(data, sheet="Empty")


def test_results_of_formulas() -> None:
    data = workbook(["a", "b"], ["=1+1", "x"])
    unsaved = b'<c r="A2"><f>1+1</f><v /></c>'
    assert Opened(in_sheet(data, unsaved, b'<c r="A2"><f>1+1</f><v>2</v></c>')).rows == [["2", "x"]]
    assert Opened(in_sheet(data, unsaved, b'<c r="A2" t="str"><f>1+1</f><v></v></c>')).rows == [["", "x"]]


def test_other_sheets_that_hold_something_are_told() -> None:
    def change(book: Any) -> None:
        book.create_sheet("Empty")
        for title in ("2024", "Hidden"):
            book.create_sheet(title).append(["name"])
        book["Hidden"].sheet_state = "hidden"

    data = workbook(["name"], ["Ada"], change=change)
    assert Opened(data).notes == ['the sheet "Sheet" is read; --sheet takes another: "2024"']
    assert Opened(data, sheet="Sheet").notes == []


def test_a_title_above_the_table_is_left_out_and_told() -> None:
    found = Opened(workbook(["My pipeline"], [], ["name", "value", "note"], ["Ada", 5], ["Eve", 6, "x"], ["Bob"]))
    assert found.header == ("name", "value", "note")
    assert found.lined == [(4, ["Ada", "5", ""]), (5, ["Eve", "6", "x"]), (6, ["Bob", "", ""])]
    assert found.notes == ['the columns are named in line 3; above it stands "My pipeline", which is left out']


def test_errors_are_problems_where_the_column_is_taken() -> None:
    data = workbook(["name", "value", "rank"], ["Ada", "#REF!", 1], ["Eve", 5, "#N/A"], ["Bea", "=1/0", 3])
    problems = Problems()
    sheet = open_sheet(io.BytesIO(data), "f.xlsx", problems, Declared())
    columns = map_columns(sheet.header, {"value": "note"}, "leads")
    rows = without_errors(list(sheet.rows), errors_of("xlsx"), columns, problems)
    assert rows == [(3, ["Eve", "5", "#N/A"])]
    assert [(one.line, one.column, one.message) for one in problems.shown] == [
        (2, "value", "#REF! is an error of the spreadsheet, not a value"),
        (4, "value", "the result of this formula is not in the file: open it in a spreadsheet, and save it there"),
    ]


def test_a_row_that_is_wider_than_the_header_is_a_problem() -> None:
    found = Opened(workbook(["a", "b"], [1, 2, 3], [4, 5, None, " "]))
    assert (found.rows, found.problems) == ([["4", "5"]], [(2, "", "3 cells, and the first line names 2 columns")])


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("word/document.xml", "is a Word document"),
        ("ppt/slides/slide1.xml", "is a PowerPoint presentation"),
        ("content.xml", "is an OpenDocument file"),
        ("xl/workbook.bin", "is a binary Excel workbook"),
        ("leads.csv", "is a zip archive"),
    ],
)
def test_other_archives_are_called_what_they_are(part: str, what: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(part, "x")
    assert what in refused(data.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x06\x00",
        GOOD[: len(GOOD) // 2],
        altered(GOOD, lambda name, content: content[: len(content) // 2] if name.endswith("sheet1.xml") else content),
        altered(GOOD, lambda name, content: b"" if name.endswith("styles.xml") else content),
        altered(GOOD, lambda name, content: None if name.endswith("workbook.xml.rels") else content),
        in_sheet(GOOD, b'r="A2"', b'r="ZZZZZ2"'),
        in_sheet(GOOD, b"<v>1</v>", b"<v>one</v>"),
        in_sheet(GOOD, b'row r="2"', b'row r="99999999999"'),
        in_sheet(GOOD, b't="inlineStr"', b't="inlineStr" s="x"'),
    ],
    ids=["start", "half", "half a sheet", "no styles", "no relations", "column", "number", "row", "style"],
)
def test_a_damaged_workbook_is_refused(data: bytes) -> None:
    assert "damaged" in refused(data)


def test_a_workbook_that_unpacks_to_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = altered(GOOD, lambda name, data: data + b" " * (4 << 20) if name.endswith("sheet1.xml") else data)
    assert "unpacks to more than a workbook holds" in refused(bomb)
    monkeypatch.setattr(module, "LARGEST", 5000)
    assert "unpacks to more" in refused(GOOD)
    monkeypatch.setattr(module, "LARGEST", 1 << 20)
    monkeypatch.setattr(module, "MOST_PARTS", 5)
    assert "unpacks to more" in refused(GOOD)


def shared(data: bytes, texts: str) -> bytes:
    """The workbook, with these ``si`` elements as the texts that its cells share, as Excel writes it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}" /></Types>'

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</Types>", override.encode()) if name == "[Content_Types].xml" else content

    written = io.BytesIO(altered(data, change))
    with zipfile.ZipFile(written, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')
    return written.getvalue()


def test_texts_that_cells_share() -> None:
    data = in_sheet(workbook(["name"], [5]), b'<c r="A2" t="n"><v>5</v></c>', b'<c r="A2" t="s"><v>1</v></c>')
    texts = "<si><t>Eve</t></si><si><r><t>Ada </t></r><r><rPr><b/></rPr><t>Lovelace</t></r></si>"
    assert Opened(shared(data, texts)).rows == [["Ada Lovelace"]]
    assert "damaged" in refused(shared(data, "<si><t>Eve</t></si>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["sheet1.xml", "workbook.xml", "styles.xml", "[Content_Types].xml"])
def test_entities_are_refused(part: str, encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

    def change(name: str, content: bytes) -> bytes:
        text = content.decode().partition("?>")[2] if content.startswith(b"<?xml") else content.decode()
        return (laughs + text).encode(encoding) if name.endswith(part) else content

    assert "declares entities" in refused(altered(GOOD, change))
