"""Exports: for spreadsheets, calendars and address books; whole ones are tested in test_roundtrip."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import icalendar
import pytest
import vobject

from commandline import Cli


@pytest.fixture
def kept(call: Cli) -> Cli:
    """Two leads, one of whom has a live and a lost opportunity."""
    call(
        ["lead", "add", "=cmd()|'/c calc'!A0", "--note", "'quoted', \"twice\"\nand more", "--tag", "a b", "--tag", "-1"]
    )
    call(
        "lead add 'Ada Lovelace' --company 'Engines; Ltd' --email ada@example.com --phone '+34 600 111 222' --tag vip"
        " --at 2026-10-01"
    )
    call("opp add 'Audit, part 1' --lead L2 --value '12000.50 EUR' --close 2027-02-01 --at 2026-11-01")
    call("opp add Training --lead L2 --value '10 USD' --close 2026-12-01 --at 2026-11-02")
    call("lose Training --reason price --at 2026-11-03")
    return call


@pytest.mark.parametrize(
    ("what", "listing"), [("leads", "lead list --all"), ("opportunities", "opp list --all")], ids=["leads", "opps"]
)
def test_rows_are_those_of_the_lists_a_line_each(kept: Cli, what: str, listing: str) -> None:
    lines = kept(f"export {what}").out.splitlines()
    assert [json.loads(line) for line in lines] == kept.rows(listing)
    assert kept.rows(f"export {what}") == kept.rows(listing)
    assert kept.json(f"export {what}")["schema"] == f"funnelctl/export-{what}/1"
    assert kept.ids(f"export {what}") == kept.ids(listing)


def test_moves_are_all_passages_in_order(kept: Cli) -> None:
    found = [json.loads(line) for line in kept("export moves").out.splitlines()]
    assert [(move["ref"], move["who"], move["kind"], move["to"]) for move in found] == [
        ("L1", "=cmd()|'/c calc'!A0", "enter", "enquiry"),
        ("L2", "Ada Lovelace", "enter", "enquiry"),
        ("L2", "Ada Lovelace", "convert", "enquiry"),
        ("O1", "Audit, part 1", "enter", "request"),
        ("O2", "Training", "enter", "request"),
        ("O2", "Training", "lose", "request"),
    ]
    assert (found[-1]["at"], found[-1]["detail"], found[-1]["state"]) == ("2026-11-03T12:00:00Z", "price", "lost")


def test_the_ending_of_a_file_says_its_format_and_an_option_wins(kept: Cli) -> None:
    for name, first in (
        ("a.csv", "id,name,"),
        ("a.tsv", "id\tname\t"),
        ("a.json", "{"),
        ("a.md", "|"),
        ("a.x", '{"id"'),
    ):
        assert kept(f"export leads {name}").out == f"wrote 2 rows to {name}\n"
        assert (kept.home / name).read_text().startswith(first)
    kept("export leads b.csv --format jsonl")
    assert (kept.home / "b.csv").read_text() == kept("export leads").out
    kept("export leads c", env={"FUNNELCTL_FORMAT": "csv"})
    assert (kept.home / "c").read_text().startswith("{")  # a variable is for the screen


def test_csv_is_safe_in_a_spreadsheet_and_comes_back(kept: Cli) -> None:
    said = kept("export leads --format csv").out
    [first, second] = csv.DictReader(io.StringIO(said))
    assert first["name"] == "'=cmd()|'/c calc'!A0"
    assert first["note"] == "''quoted', \"twice\"\nand more"
    assert second["phone"].lstrip("'") == "+34 600 111 222"
    for cell in [*first.values(), *second.values()]:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_a_file_is_for_its_owner_and_never_written_over_unawares(kept: Cli) -> None:
    path = kept.home / "a.txt"
    kept("export all a.txt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("mine")
    for what in ("all", "leads", "calendar", "vcard"):
        said = kept(f"export {what} a.txt", 4)
        assert said.message.startswith("there is something at a.txt already; it was left as it is")
        assert said.hint == "--force writes over it"
        assert path.read_text() == "mine"
    kept("export leads a.txt --force")
    assert path.read_text() == kept("export leads").out


def test_the_book_itself_is_no_place_to_write_to(kept: Cli) -> None:
    kept.env["FUNNELCTL_DB"] = str(kept.book.rename(kept.home / "book"))
    before = kept.book.read_bytes()
    for name in ("book", "./book", str(kept.book)):
        assert "is the book itself" in kept(f"export all {name} --force", 4).message
    assert kept.book.read_bytes() == before


def test_programs_are_told_what_was_written(kept: Cli) -> None:
    said = kept("export opportunities o.json --json")
    assert said.rows == [{"path": "o.json", "written": 2}]
    assert len(json.loads((kept.home / "o.json").read_text())["rows"]) == 2


@pytest.mark.parametrize("what", ["all", "calendar", "vcard"])
def test_what_has_a_format_of_its_own_takes_no_other(kept: Cli, what: str) -> None:
    kept(f"export {what} --json", 2)
    kept(f"export {what} --format csv", 2)
    kept(f"export {what}", env={"FUNNELCTL_FORMAT": "json"})  # which is for other commands


def test_a_calendar_has_the_days_of_live_ones(kept: Cli) -> None:
    kept("postpone O1 --until 2026-12-24")
    found = icalendar.Calendar.from_ical(kept("export calendar").out)
    events: dict[str, Any] = {str(event["summary"]): event for event in found.walk("VEVENT")}
    assert {name: event["dtstart"].dt.isoformat() for name, event in events.items()} == {
        "Expected to close: Audit, part 1 (Ada Lovelace)": "2027-02-01",
        "Wakes up: Audit, part 1 (Ada Lovelace)": "2026-12-24",
    }
    [close, wake] = events.values()
    assert str(close["description"]) == "O1 · 12,000.50 EUR · Service request (Consulting)"
    assert close["uid"] != wake["uid"]


def test_entries_and_cards_are_known_again_whatever_changes(kept: Cli) -> None:
    """The ids stay when a record is edited or merged, and in a copy of the book."""

    def uids() -> list[str]:
        lines = (kept("export calendar").out + kept("export vcard").out).splitlines()
        return [line for line in lines if line.startswith("UID")]

    before = uids()
    assert len(before) == 2
    kept("opp edit O1 --title 'Another title' --close 2027-03-01 --value '1 USD'")
    kept("lead edit L2 --name 'Ada King' --email king@example.com")
    kept("lead add 'Ada L' --at 2020-01-01")
    kept("lead merge L2 L3")
    kept("advance O1")
    assert uids() == before
    kept("db backup copy.db")
    kept.env["FUNNELCTL_DB"] = str(kept.home / "copy.db")
    assert uids() == before


def test_two_books_have_other_ids(kept: Cli, tmp_path: Path) -> None:
    mine = kept("export vcard").out
    kept("init other.db")
    kept.env["FUNNELCTL_DB"] = str(tmp_path / "other.db")
    kept("lead add First --at 2026-01-01")
    kept("lead add 'Ada Lovelace' --company 'Engines; Ltd' --email ada@example.com --phone '+34 600 111 222' --tag vip")
    other = kept("export vcard").out
    assert [line for line in mine.splitlines() if "UID" not in line] == [
        line for line in other.splitlines() if "UID" not in line
    ]
    assert mine != other


def test_an_address_book_has_those_who_can_be_reached(kept: Cli) -> None:
    kept("lead add Countess --email countess@example.com --phone 12345678")
    kept("lead merge L2 L3")
    kept("lead add Bob --phone '98765 432'")
    ada, bob = vobject.readComponents(kept("export vcard").out)
    assert (ada.fn.value, ada.org.value, ada.categories.value) == ("Ada Lovelace", ["Engines; Ltd"], ["vip"])
    assert [line.value for line in ada.contents["email"]] == ["ada@example.com", "countess@example.com"]
    assert [line.value for line in ada.contents["tel"]] == ["tel:+34600111222", "12345678"]
    assert (bob.fn.value, bob.tel.value) == ("Bob", "98765 432")


def test_who_was_forgotten_is_nowhere(kept: Cli) -> None:
    kept("lead add Countess --email countess@example.com")
    kept("lead merge L2 L3")
    kept("lead forget L2 --yes")
    for what in ("leads", "opportunities", "moves", "all", "calendar", "vcard"):
        said = kept(f"export {what}").out.lower()
        assert "lovelace" not in said  # "ada" alone may be in a hash
        assert "ada@" not in said
        assert "countess" not in said


def test_an_empty_book_can_be_exported(call: Cli) -> None:
    for what in ("leads", "opportunities", "moves", "vcard"):
        assert call(f"export {what}").out == ""
    assert call("export calendar").out.startswith("BEGIN:VCALENDAR\r\n")
    header, end = map(json.loads, call("export all").out.splitlines())
    assert set(header["rows"].values()) == {0}
    assert (end["type"], end["rows"]) == ("end", 0)


def test_it_changes_nothing(kept: Cli) -> None:
    before = kept.dump()
    for what in ("leads", "opportunities", "moves", "all", "calendar", "vcard"):
        kept(f"export {what}")
        kept(f"export {what} {what}.out")
    assert kept.dump() == before


def test_a_missing_book_and_a_missing_place(newcomer: Cli, run: Cli) -> None:
    newcomer("export all", 3)
    newcomer("export all a.jsonl", 3)
    assert not (newcomer.home / "a.jsonl").exists()
    assert run("export leads nowhere/a.csv", 74).message == "nowhere/a.csv cannot be written: No such file or directory"
    assert "is a directory" in run("export leads .", 4).message


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("all book.xlsx", "all book.jsonl"),
        ("all book.zip", "all book.jsonl"),
        ("all book.json", "all book.jsonl"),
        ("all old.book.TSV", "all old.book.jsonl"),
        ("leads leads.xlsx", "leads leads.csv"),
        ("moves moves.vcf", "moves moves.csv"),
        ("calendar dates.csv", "calendar dates.ics"),
        ("vcard people.csv", "vcard people.vcf"),
        ('vcard "it\'s.pdf"', "vcard 'it'\"'\"'s.vcf'"),
    ],
)
def test_nothing_is_written_under_a_name_that_says_something_else(kept: Cli, words: str, hint: str) -> None:
    said = kept(f"export {words}", 2)
    assert said.message.endswith(f", which is no .{words.rpartition('.')[2].lower().removesuffix(chr(34))}")
    assert said.hint == f"funnelctl export {hint}"
    assert [path.name for path in kept.home.iterdir() if path.is_file()] == ["book.db"]


@pytest.mark.parametrize("name", ["book", "book.txt", "book.2026", "book.ndjson", "book.JSONL", "a.b/book"])
def test_other_names_are_left_to_people(kept: Cli, name: str) -> None:
    (kept.home / "a.b").mkdir()
    kept(f"export all {name}")
    assert (kept.home / name).read_text().startswith('{"schema":"funnelctl/export-all/1"')
