"""P37: no text is so made that reading it does not end. Each parser runs in a process with a limit of its own.

The limit is generous: what grows with the square of the length does not meet it, by orders of magnitude.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 90  # for what takes about one
LONG = 100_000

SEEDS = [
    "a", "1", " ", "\t", "\n", "(", "+", "-", ".", ",", "T", "T ", "1,", "1.", ". ", "@", "a@", "a.", "x@y.", "%", "_",
    "\\", "[", "{", "&a ", "*a ", "- ", "? ", ": ", "a: ", "#", "'", '"', '""', "é", "e\u0301", "\u0301", "\u200d",
    "\u202e", "\U0001f469\u200d", "ﷺ", "ß", "İ", "\x00", "\x1b[", "9d", "+1", "0", "D", "YYYY", "M ", "H:", "EUR", "€",
    "ext", "00", ";", ";ext=1", "/", "12:", "1e", "\u3000",
]  # fmt: skip
ENDS = ["", "!", "1"]

PREPARED = f"""
import io, sys
from datetime import UTC, date, datetime
from funnelctl import errors
SEEDS, ENDS, LONG = {SEEDS!r}, {ENDS!r}, {LONG}
def hostile(limit=LONG):
    for seed in SEEDS:
        for end in ENDS:
            yield (seed * (limit // len(seed))) + end
def each(parse, limit=LONG):
    done = 0
    for text in hostile(limit):
        try:
            parse(text)
        except errors.FunnelctlError as error:
            assert len(error.message) < 500, (parse, len(error.message))
        done += 1
    assert done == len(SEEDS) * len(ENDS)
"""
PARSERS = {
    "days": """
from funnelctl.core import period
each(lambda text: period.parse_day(text, date(2026, 11, 23)))
each(lambda text: period.parse_instant(text, datetime(2026, 11, 23, tzinfo=UTC)))
each(lambda text: period.parse_instant("2026-01-01T" + text, datetime(2026, 11, 23, tzinfo=UTC)))
each(period.parse_days)
""",
    "money": """
from funnelctl.core import money
each(lambda text: money.parse_amount(text, "EUR"))
each(lambda text: money.parse_amount(text, None, ","))
each(lambda text: money.parse_amount("12 " + text, None))
each(money.parse_currency)
""",
    "addresses": """
from funnelctl.core import contact
from funnelctl.core.importing.cells import email_parser
each(contact.parse_email)
each(lambda text: contact.parse_email("a@" + text))
each(lambda text: contact.parse_phone(text, None), 1000)
each(lambda text: contact.parse_phone("+49 30 " + text, "DE"))
each(contact.parse_region)
each(email_parser())
""",
    "text": """
from funnelctl.core import text as core
each(core.fold)
each(core.clean)
each(core.quoted)
each(core.slug_ok)
each(core.parts_like)
each(lambda text: core.tidy(text, "name"))
each(lambda text: core.tidy(text, "note", core.LONG + 10))
each(lambda text: core.tags_of([text]))
""",
    "dates of files": """
from funnelctl.core.importing.dates import Dates, compile_format
each(compile_format)
each(lambda text: compile_format("DD" + text + "MM" + text + "YYYY"))
each(lambda text: compile_format("DD.MM.YYYY" + text))
now = datetime(2026, 11, 23, tzinfo=UTC)
dates = Dates(["DD/MM/YYYY", "D MMM YYYY", "YYYYMMDD", "M-D-YY"], now)
for limit in (60, LONG):
    each(dates.day, limit)
    each(dates.instant, limit)
    each(lambda text: dates.instant("01/02/2026 " + text), limit)
    each(lambda text: dates.instant("2026-01-01T" + text), limit)
""",
    "cells of files": """
from funnelctl.core.importing import cells, columns, words
from funnelctl.core.importing.delimited import parse_delimiter
from funnelctl.core.importing.fields import word_of
each(cells.parse_tags)
for written in (None, "percent", "share"):
    each(cells.probability_parser("p", written))
each(lambda text: cells.money_parser("EUR", ".")((text, text)))
each(cells.name_parser("name"))
each(words.plain)
each(word_of)
each(parse_delimiter)
each(lambda text: columns.map_columns((text, "name"), {text: "company"}, "leads"))
each(lambda text: columns.map_columns(("x", "name"), {"x": text}, "leads"))
""",
    "files of rows": """
from funnelctl.core.importing.delimited import read_sheet
from funnelctl.core.importing.problems import Problems
def read(text):
    for data in (text, "name,note\\n" + text, "name\\n" + text, 'name,note\\nAda,"' + text):
        sheet = read_sheet(io.BytesIO(data.encode("utf-8", "replace")), "f.csv", Problems())
        for row in sheet.rows:
            pass
each(read)
""",
    "YAML": """
from funnelctl.workspace.yaml_nodes import load_nodes
def read(text):
    load_nodes(text.encode("utf-8", "replace"))
each(read, 20_000)
each(lambda text: read("funnel: " + text), 20_000)
each(lambda text: read("a: [" + text), 5_000)
bomb = "a: &a [x, x, x, x, x, x, x, x, x]\\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\\n" for n in range(9))
read(bomb)
""",
    "chances": """
from funnelctl.core.opportunities import parse_probability
each(parse_probability)
""",
}


@pytest.mark.parametrize("code", PARSERS.values(), ids=PARSERS)
def test_p37_reading_ends(code: str, tmp_path: Path) -> None:
    script = tmp_path / "hostile.py"
    script.write_text(PREPARED + code)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
