"""Whatever stands in a file or is typed: it is read, or one of the documented errors says why not.

Twenty times as many examples behind ``slow``.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fuzzing import few_and_many, fuzz
from hypothesis import given
from hypothesis import strategies as st

from commandline import Cli
from funnelctl.core import contact, money, period, text
from funnelctl.core.importing import cells, words
from funnelctl.core.importing.dates import Dates, compile_format
from funnelctl.core.importing.declared import Declared, checked
from funnelctl.core.importing.delimited import read_sheet
from funnelctl.core.importing.encoding import encoding_of
from funnelctl.core.importing.json_text import Number
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.opportunities import parse_probability
from funnelctl.errors import BadData, FunnelctlError, Problem
from funnelctl.workspace import places
from funnelctl.workspace.funnel_source import read_funnel
from funnelctl.workspace.mapping_file import read_mapping_file
from funnelctl.workspace.preset_shelf import read_preset_file

TODAY, NOW = date(2026, 11, 23), datetime(2026, 11, 23, 10, tzinfo=UTC)
SHIPPED = sorted(path.read_bytes() for path in Path(places.shipped("funnels")).glob("*.yaml"))
PRESETS = sorted(path.read_bytes() for path in Path(places.shipped("presets")).glob("*.yaml"))
MAPPING = (Path(__file__).parents[2] / "examples" / "maven.yaml").read_bytes()


def refuses_well(parse: Callable[[Any], object], value: Any) -> None:
    """It answers, or it raises one of our errors, with a short message that controls nothing."""
    try:
        parse(value)
        return
    except FunnelctlError as error:
        said = error.message
    assert 0 < len(said) < 600
    assert text.clean(said) == said


# Pieces of what is right, in every order: nearer to what is read than any text.
pieces = st.lists(
    st.sampled_from(
        [
            "2026", "11", "23", "-", "/", ".", ",", "'", " ", "T", "Z", "+", "+02:00", "10:00", "d", "w", "m", "y",
            "mon", "today", "mañana", "1", "0", "12", "000", "500", "EUR", "€", "$", "JPY", "KWD", "(", ")", "%",
            "1e3", "nan", "inf", "@", "ada", "example", "xn--", "mailto:", "<", ">", "tel:", "ext", "00", ";",
            "²", "٣", "１", "−",
            "\u00a0", "\u200b", "\x00", "\ud800", "DD", "MM", "YYYY", "MMM", "D", "won", "lost:", "request",
        ]
    ),
    max_size=8,
).map("".join)  # fmt: skip
anything = st.one_of(pieces, st.text(max_size=40), st.text(st.characters(), max_size=40))

PARSERS: dict[str, Callable[[str], object]] = {
    "day": lambda given: period.parse_day(given, TODAY),
    "instant": lambda given: period.parse_instant(given, NOW),
    "span": period.parse_days,
    "day of a file": Dates(["DD/MM/YYYY", "D MMM YYYY", "YYMMDD"], NOW).day,
    "instant of a file": Dates(["DD/MM/YYYY", "D MMM YYYY", "YYMMDD"], NOW).instant,
    "format of dates": compile_format,
    "money": lambda given: money.parse_money(given, None),
    "money in EUR": lambda given: money.parse_amount(given, "EUR"),
    "money in KWD with a comma": lambda given: money.parse_amount(given, "KWD", ","),
    "currency": money.parse_currency,
    "e-mail": contact.parse_email,
    "phone": lambda given: contact.parse_phone(given, None),
    "phone of Spain": lambda given: contact.parse_phone(given, "ES"),
    "region": contact.parse_region,
    "name": lambda given: text.tidy(given, "name"),
    "tags": lambda given: text.tags_of([given]),
    "key of a name": text.fold,
    "chance": parse_probability,
    "chance of a file": cells.probability_parser("Probability (%)", None),
    "e-mail of a file": cells.email_parser(),
    "tags of a file": cells.parse_tags,
    "word of a file": words.plain,
    "delimiter": lambda given: checked("delimiter", given),
    "encoding": lambda given: encoding_of(b"name", "f.csv", given),
}


@few_and_many
@pytest.mark.parametrize("parse", PARSERS.values(), ids=PARSERS)
def test_p37_a_value_is_read_or_refused(parse: Callable[[str], object], times: int) -> None:
    fuzz(given(anything)(lambda given: refuses_well(parse, given)), 100 * times)


@st.composite
def spoilt(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """A file that is right, with some places of it replaced."""
    data = bytearray(draw(st.sampled_from(originals)))
    junk = st.one_of(
        st.binary(max_size=4),
        st.sampled_from(
            [b"[", b"{", b"&a ", b"*a", b"!!x ", b"- ", b": ", b"\t", b'"', b"? ", b"\n", b"|\n", b"%", b"no"]
        ),
    )
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(data))), draw(st.integers(0, 20))
        data[place : place + length] = draw(junk)
    return bytes(data)


yaml_bytes = st.one_of(
    st.binary(max_size=200), st.text(max_size=200).map(lambda given: given.encode("utf-8", "replace"))
)


def told_with_places(problems: tuple[Problem, ...]) -> None:
    assert problems
    assert all(problem.line >= 1 and problem.column and problem.message for problem in problems)


@few_and_many
def test_p34_a_funnel_file_is_read_or_all_that_is_wrong_is_told_with_its_place(times: int) -> None:
    def read(data: bytes) -> None:
        try:
            read_funnel(data, "f.yaml")
        except BadData as error:
            told_with_places(error.problems)

    fuzz(given(st.one_of(yaml_bytes, spoilt(SHIPPED)))(read), 100 * times)


@few_and_many
@pytest.mark.parametrize(
    ("read_file", "right"), [(read_mapping_file, [MAPPING]), (read_preset_file, PRESETS)], ids=["mapping", "preset"]
)
def test_p34_so_is_a_mapping_and_a_preset(
    tmp_path: Path, read_file: Callable[[str], object], right: list[bytes], times: int
) -> None:
    path = tmp_path / "file.yaml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            read_file(str(path))
        except BadData as error:
            told_with_places(error.problems)

    fuzz(given(st.one_of(yaml_bytes, spoilt(right)))(read), 60 * times)


SHEETS = [
    b"name,email,phone,company,created,tags\nAda,a@example.com,+44 20 7946 0958,Engines,2026-01-05,x;y\nEve,,,,,\n",
    b'key;title;client;value;stage\n1;"Audit; big";Ada;1.200,50 EUR;won\n2;x;Eve;;lost\n',
    "name\tnote\nJosé\tein Text\n".encode("utf-16"),
    b'\xef\xbb\xbfsep=,\nname,note\n"Ada ""the"" Great","two\r\nlines"\n',
]
csv_bytes = st.one_of(st.binary(max_size=200), spoilt(SHEETS))
encodings = st.sampled_from([None, None, "latin-1", "utf-16", "utf-7", "cp1252", "shift_jis", "mac-roman", "hz"])


@few_and_many
def test_p20_a_sheet_is_read_or_refused(times: int) -> None:
    def read(data: bytes, encoding: str | None, delimiter: str | None) -> None:
        try:
            sheet = read_sheet(io.BytesIO(data), "f.csv", Problems(), encoding=encoding, delimiter=delimiter)
            rows = list(sheet.rows)
        except BadData as error:
            said = error.message
        else:
            assert {len(row) for _, row in rows} <= {len(sheet.header)}
            assert [line for line, _ in rows] == sorted({line for line, _ in rows})
            return
        assert "nothing was saved" in said

    fuzz(given(csv_bytes, encodings, st.sampled_from([None, ",", ";", "\t"]))(read), 200 * times)


def workbook(sheet: bytes | None = None) -> bytes:
    """A small workbook; with the XML of its sheet in place of its own, where that is given."""
    import openpyxl

    book, data = openpyxl.Workbook(), io.BytesIO()
    for row in (["name", "value", "created"], ["Ada", 12.5, TODAY], ["Eve", "=1+1", True]):
        book.active.append(row)
    book.save(data)
    if sheet is None:
        return data.getvalue()
    written = io.BytesIO()
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return written.getvalue()


def xml_of_its_sheet() -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


FORMATS = [
    b'[{"name": "Ada", "value": {"minor": 5, "currency": "EUR"}, "tags": ["a"]},\n{"name": "Eve", "x": [1.50, null]}]',
    b'{"schema": "x", "rows": [{"name": "Ada", "created": "2026-01-02"}], "total": 1}',
    b'{"name": "Ada", "email": "a@example.com"}\n{"name": "Eve", "note": "\\u00e9"}\n',
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=BC=\r\n=20x\r\n"
    b"TEL;CELL:030 12345\r\nPHOTO;BASE64:\r\n AAAA\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nN:Doe;Ada;;;\r\nitem1.EMAIL;TYPE=pref:a@b.org\r\nEND:VCARD\r\n",
    json.dumps({
        "lists": [{"id": "l", "name": "Won"}], "customFields": [{"id": "f", "name": "Value"}],
        "cards": [{"id": "5f58c9c619f4fe1505e72901", "idList": "l", "name": "Audit \u20ac5", "labels": [{"name": "x"}],
                   "customFieldItems": [{"idCustomField": "f", "value": {"number": "5"}}]}],
        "actions": [{"type": "createCard", "date": "2025-01-01", "data": {"card": {"id": "5f58c9c619f4fe1505e72901"}}}],
    }).encode(),
    workbook(),
]  # fmt: skip
other_bytes = st.one_of(spoilt(FORMATS), spoilt([xml_of_its_sheet()]).map(workbook))


@few_and_many
def test_p20_a_file_of_another_format_is_read_or_refused(times: int) -> None:
    def read(data: bytes, name: str, decimal: str | None) -> None:
        try:
            sheet = open_sheet(io.BytesIO(data), name, Problems(), Declared(decimal=decimal))
            rows = list(sheet.rows)
        except BadData as error:
            said = error.message
        else:
            assert {len(row) for _, row in rows} <= {len(sheet.header)}
            assert {type(cell) for _, row in rows for cell in row} <= {str, Number}
            assert [line for line, _ in rows] == sorted({line for line, _ in rows})
            return
        assert "nothing was saved" in said

    names = st.sampled_from(["file", "file.jsonl"])
    fuzz(given(other_bytes, names, st.sampled_from([None, ","]))(read), 200 * times)


@few_and_many
def test_p20_an_import_of_anything_is_done_or_refused(call: Cli, times: int) -> None:
    kept = call.book.read_bytes()
    before = call.dump()

    def run(data: bytes, encoding: str | None, kind: str, policy: str) -> None:
        call.book.write_bytes(kept)
        (call.home / "f.csv").write_bytes(data)
        words = ["import", "f.csv", "--as", kind, "--on-duplicate", policy, "--currency", "EUR"]
        said = call._started([*words, *(["--encoding", encoding] if encoding else [])], call.env, "")
        assert said.code in (0, 2, 65), said.err
        if said.code:
            assert call.dump() == before

    kinds, policies = (
        st.sampled_from(["leads", "opportunities"]),
        st.sampled_from(["fill", "skip", "overwrite", "error"]),
    )
    fuzz(given(csv_bytes | other_bytes, encodings, kinds, policies)(run), 25 * times)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | anything,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3),
    max_leaves=5,
)
VERBS = [
    "lead add",
    "lead edit",
    "lead drop",
    "opp add",
    "opp edit",
    "opp status",
    "advance",
    "win",
    "lose",
    "postpone",
]
FIELDS = [
    "name",
    "ref",
    "email",
    "phone",
    "title",
    "lead",
    "client",
    "value",
    "to",
    "reason",
    "until",
    "note",
    "tag",
    "at",
]
lines = st.one_of(
    st.dictionaries(st.sampled_from(["do", *FIELDS]) | anything, values, max_size=5),
    st.builds(lambda verb, fields: {"do": verb, **fields}, st.sampled_from(VERBS), st.dictionaries(
        st.sampled_from(FIELDS), values | st.sampled_from(["L1", "O1", "Ada", "5 EUR", "+1w", "price"]), max_size=4)),
    values,
)  # fmt: skip


@few_and_many
def test_p01_commands_of_a_file_are_all_done_or_none(call: Cli, times: int) -> None:
    call("lead add Ada --email ada@example.com")
    call("opp add Audit --lead L1")
    kept, before = call.book.read_bytes(), call.dump()

    def run(given: list[Any], spoilt_by: bytes) -> None:
        call.book.write_bytes(kept)
        good = {"do": "lead add", "name": "Eve"}
        data = "\n".join(json.dumps(line) for line in [good, *given]).encode() + spoilt_by
        (call.home / "f.jsonl").write_bytes(data)
        said = call._started(["apply", "f.jsonl"], call.env, "")
        assert said.code in (0, 2, 3, 4, 65), said.err
        if said.code:
            assert call.dump() == before

    fuzz(given(st.lists(lines, max_size=3), st.just(b"") | st.binary(max_size=5))(run), 25 * times)
