"""P32: every name can be shown: whatever was stored, a list answers, and a program reads it as it was."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from commandline import Cli, InProcess

BAD = [
    "[/] Bar", "[red]x[/red]", ":smile:", "a[link=file:///etc/passwd]b", "=HYPERLINK(1)", "'=x", "-5", "--", "|", "`x`",
    "a\nb", "\x1b[31mred\x1b[0m", "\x9b31m", "\u202egnp.exe", "a\u200bb", "株式会社", "👩\u200d👩\u200d👧", "e\u0301",
    "\ud7ff\ue000", '"quoted"', "a,b;c\td", "<script>alert(1)</script>", "%s %n {0}", "C:\\new", "\U0010ffff",
    "x" * 500,
]  # fmt: skip


def list_them(cli: Cli, name: str) -> None:
    """Register somebody of that name and ask for them in every form."""
    cli(["lead", "add", "--company", name, "--", name])
    stored = unicodedata.normalize("NFC", name).strip()
    for fmt in ("table", "md"):  # those for people; the others are lossless
        shown = cli(["lead", "list", "--format", fmt]).out
        assert "L1" in shown
        assert not any(char in shown for char in "\x1b\x9b\u202e\x07\x00")
    assert cli("lead list --format tsv").code == 0
    assert cli.row("lead list")["name"] == stored
    [line] = cli("lead list --format jsonl").out.splitlines()
    assert json.loads(line)["company"] == stored
    [row] = csv.DictReader(io.StringIO(cli("lead list --format csv").out, newline=""))
    assert row["name"] in (stored, f"'{stored}")  # guarded where a spreadsheet would run it
    assert cli(["lead", "show", "L1"]).code == 0
    cli(["opp", "add", "--lead", "L1", "--", name])
    assert cli.row("opp list")["title"] == stored
    assert cli("report").code == 0
    assert cli("history").code == 0


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_p32_a_bad_name_is_shown(call: Cli, name: str) -> None:
    list_them(call, name)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30).filter(
    lambda name: any(char.isalnum() for char in name) and not name.startswith("-")
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=names)
@example(name="[/]x")
def test_p32_any_name_is_shown(empty_book: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        list_them(InProcess(Path(home), Path(shutil.copy(empty_book, home))), name)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=names)
def test_p32_any_name_at_length(empty_book: Path, name: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        list_them(InProcess(Path(home), Path(shutil.copy(empty_book, home))), name)
