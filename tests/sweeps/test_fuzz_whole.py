"""A whole book that somebody has altered and sealed anew: it is taken in and works, or refused, and nothing is saved.

Twenty times as many examples behind ``slow``.
"""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fuzzing import few_and_many, fuzz
from hypothesis import given
from hypothesis import strategies as st

from commandline import Cli

BITS = [
    b"", b",", b'"', b"'", b"\n", b"\r", b"\0", b"\xff", b"9" * 30, b"-1", b"=", b"1e999", b"nan", b"null", b"{}", b"[",
    b"\xed\xa0\x80", b"2026-99-99", b"x" * 3000, b"\\ud800", b"1", b"2", b"open", b"lead",
]  # fmt: skip
VALUES = [None, 1, 2, -1, 1.5, "x", "", True, [], {}, 2**70, "2026-01-01T00:00:00Z", "\ud800", "a\0b", "lead"]
ANSWERS = ("lead list --all", "opp list --all", "report", "export leads", "export all", "export calendar", "undo")

bits = st.sampled_from(BITS) | st.binary(max_size=4)
places = st.integers(0, 10_000)


@pytest.fixture
def exported(call: Cli, empty_book: Path) -> Cli:
    """A book as a file and as a directory; an empty one is in use."""
    call("lead add Ada --email ada@example.com --phone '+34 600 111 222' --tag x --note =1")
    call("advance Ada --title Audit --value '10 EUR'")
    call("opp edit Audit --probability 33%")
    call("lead add Bob --referred-by Ada")
    call("lead add Countess --email countess@example.com")
    call("lead merge L1 L3")
    call("export all book.jsonl")
    call("export all book/")
    shutil.copy(empty_book, call.book)
    return call


def check(call: Cli, source: str, empty: bytes) -> None:
    call.book.write_bytes(empty)
    before = call.dump()
    said = call._started(["import", source], call.env, "")
    assert said.code in (0, 65), said.err
    if said.code:
        assert "nothing was saved" in said.err
        assert call.dump() == before
        return
    for command in ANSWERS:
        call(command)


def sealed(found: dict[str, Any]) -> str:
    found.pop("sha256", None)
    return json.dumps({**found, "sha256": sha256(json.dumps(found, separators=(",", ":")).encode()).hexdigest()})


@few_and_many
def test_p20_a_directory(exported: Cli, times: int) -> None:
    home, empty = exported.home / "book", exported.book.read_bytes()
    kept = {path.name: path.read_bytes() for path in home.iterdir()}
    tables = sorted(name for name in kept if name.endswith(".csv") and kept[name].count(b"\n") > 1)

    def run(changes: list[tuple[str, int, bytes]], rows: int | None, kind: str | None) -> None:
        files = dict(kept)
        for name, place, bit in changes:
            cells = files[name].split(b",")
            cells[place % len(cells)] = bit
            files[name] = b",".join(cells)
        manifest = json.loads(kept["manifest.json"])
        for name, file in manifest["files"].items():
            file["sha256"] = sha256(files[name]).hexdigest()
        last = manifest["files"][changes[-1][0]]
        if rows is not None:
            last["rows"] = rows
        if kind is not None:
            last["columns"][next(iter(last["columns"]))] = kind
        files["manifest.json"] = sealed(manifest).encode()
        for name, raw in files.items():
            (home / name).write_bytes(raw)
        check(exported, "book", empty)

    change = st.tuples(st.sampled_from(tables), places, bits)
    kinds = st.none() | st.sampled_from(["TEXT", "REAL", "BLOB"])
    fuzz(given(st.lists(change, min_size=1, max_size=2), st.none() | st.integers(0, 3), kinds)(run), 15 * times)


@few_and_many
def test_p20_a_file(exported: Cli, times: int) -> None:
    file, empty = exported.home / "book.jsonl", exported.book.read_bytes()
    kept = file.read_bytes().splitlines()[:-1]

    def run(place: int, key: int, value: Any) -> None:
        lines = list(kept)
        row = json.loads(lines[place % len(lines)])
        if place % len(lines):
            row[list(row)[key % len(row)]] = value
        else:  # what the first line begins with says what the file is
            row[list(row)[1 + key % (len(row) - 1)]] = value
        lines[place % len(lines)] = json.dumps(row, separators=(",", ":")).encode()
        body = b"\n".join(lines) + b"\n"
        end = {"type": "end", "rows": len(lines) - 1, "sha256": sha256(body).hexdigest()}
        file.write_bytes(body + json.dumps(end).encode() + b"\n")
        check(exported, "book.jsonl", empty)

    fuzz(given(places, places, st.sampled_from(VALUES))(run), 15 * times)
