"""P30: whatever breaks, what is told of it holds nothing of a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from anyhow import ended

from commandline import Cli
from funnelctl.cli import output
from funnelctl.store import journal, turning
from funnelctl.store.book import Book

PERSON = {
    "--email": "ada.secret@example.com",
    "--phone": "+44 20 7946 0958",
    "--company": "Analytical Engines",
    "--note": "divorce; salary 90k",
    "--key": "PASSPORT-77",
    "--tag": "vip-client",
    "--source": "her lawyer",
}
NAME = "Ada Lovelace"
SECRETS = [NAME, "Lovelace", *PERSON.values(), "ada.secret", "7946"]

READS = [
    "lead list", "lead list --all --json", "lead show L1", "lead show L1 --format csv", "opp list", "opp show O1",
    "report", "report --json", "history", "history L1", "lead list --search x", "lead list --tag x", "config list",
    "funnel list",
]  # fmt: skip
WRITES = [
    "lead add Eve", "lead edit L1 --source fair", "lead drop L3 --reason gone", "lead merge L2 L1 --yes",
    "opp add Survey --lead L1", "opp edit O1 --title Survey", "opp status O1 in-review", "advance O1", "win O1",
    "lose O1 --reason price", "postpone O1 --until +1w", "reopen L2", "undo", "config set region ES",
    "funnel use jm-sports", "funnel migrate consulting jm-sports --map enquiry=leads --map request=opportunity --yes",
    "import rows.csv --as leads", "import rows.csv --as opportunities --map name=lead",
]  # fmt: skip


@pytest.fixture
def known(call: Cli) -> Cli:
    call(["lead", "add", NAME, *[word for option in PERSON.items() for word in option]])
    call("lead add Zoe")
    call("lead add Old")
    call("lead drop L2 --reason gone")
    call(["opp", "add", "Audit for Ada Lovelace", "--lead", "L1", "--note", PERSON["--note"]])
    cells = ",".join(PERSON[option] for option in ("--email", "--company", "--note"))
    (call.home / "rows.csv").write_text(f"name,email,company,note\n{NAME} II,2{cells}\n")
    return call


class Breaks:
    """A function with a bug that shows all that it knows: its values in the message, and more in its locals."""

    def __init__(self, error: Callable[[str], Exception]) -> None:
        self.error = error

    def __call__(self, *values: Any, **named: Any) -> Any:
        book = values[0]
        conn = book if isinstance(book, sqlite3.Connection) else getattr(book, "conn", None)
        row = conn.execute("SELECT * FROM lead").fetchall() if conn else []
        raise self.error(f"{SECRETS} {values} {named} {row}")


ERRORS: dict[str, Callable[[str], Exception]] = {
    "ValueError": ValueError,
    "KeyError": KeyError,
    "AssertionError": AssertionError,
    "UnicodeDecodeError": lambda text: UnicodeDecodeError("utf-8", text.encode(), 0, 9, text),
    "OperationalError": sqlite3.OperationalError,
    "IntegrityError": sqlite3.IntegrityError,
    "RecursionError": RecursionError,
    "OSError": lambda text: OSError(5, "Input/output error", f"/home/{SECRETS[1]}"),
    "RuntimeError": RuntimeError,
}


def one_line(cli: Cli, command: str, *, saved: bool) -> None:
    """The error is told in two lines, or in JSON, and tells nothing of anybody."""
    said = ended(cli, command.split())
    assert said.code in (70, 74), f"{command}: exit {said.code}\n{said.err}"
    assert said.out == ""
    if "--json" not in command:
        assert [line.split(":")[0] for line in said.err.splitlines()] == ["error", "hint"], said.err
        assert said.message.endswith("the change was saved" if saved else "nothing was saved"), command
    for secret in SECRETS:
        assert secret not in said.err, f"{command} tells {secret!r}: {said.err}"


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_p30_a_bug_in_a_read_tells_nothing(
    known: Cli, monkeypatch: pytest.MonkeyPatch, error: Callable[[str], Exception]
) -> None:
    monkeypatch.setattr(output, "written", Breaks(error))
    for command in READS:
        one_line(known, command, saved=False)


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_p30_a_bug_in_asking_the_book_tells_nothing(
    known: Cli, monkeypatch: pytest.MonkeyPatch, error: Callable[[str], Exception]
) -> None:
    before = known.dump()
    with monkeypatch.context() as broken:
        broken.setattr(Book, "one", Breaks(error))
        broken.setattr(Book, "all", Breaks(error))
        for command in ["lead list", "lead show L1", "opp show O1", "report", "history L1", *WRITES]:
            if not command.startswith("undo"):  # which asks the log alone
                one_line(known, command, saved=False)
    assert known.dump() == before


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_p30_a_bug_in_writing_tells_nothing_and_saves_nothing(
    known: Cli, monkeypatch: pytest.MonkeyPatch, error: Callable[[str], Exception]
) -> None:
    before = known.dump()
    with monkeypatch.context() as broken:
        for module, function in ((journal, "apply"), (journal, "finish"), (turning, "undo")):
            broken.setattr(module, function, Breaks(error))
        for command in WRITES:
            one_line(known, command, saved=False)
    assert known.dump() == before


def test_p30_a_bug_after_the_change_was_saved_does_not_deny_it(known: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(output, "written", Breaks(ValueError))
        one_line(known, "lead edit L1 --source fair", saved=True)
    assert known.row("lead show L1")["source"] == "fair"


def test_p30_text_that_is_damaged_in_the_file_is_not_repeated(known: Cli) -> None:
    """SQLite's own message quotes the text that it could not decode."""
    conn = sqlite3.connect(known.book)
    conn.execute("UPDATE lead SET note = CAST(CAST('divorce; salary 90k' AS BLOB) || x'ff' AS TEXT) WHERE id = 1")
    conn.commit()
    conn.close()
    for command in ("lead list", "lead show L1", "lead list --all --json", "advance O1", "lead edit L1 --source fair"):
        said = ended(known, command.split())
        assert said.code in (0, 70, 74), command
        for secret in SECRETS:
            assert secret not in said.err, f"{command}: {said.err}"


def test_p30_what_is_refused_repeats_what_was_typed_and_nothing_else(known: Cli) -> None:
    for command in (
        "lead add Eve --email nobody", "lead show Nobody", "lead drop L1 --reason x", "opp edit O1 --value 1.500",
        "lead edit L1 --referred-by Zoe --phone 12", "advance O1 --to enquiry", "lose O1", "win L3",
    ):  # fmt: skip
        said = ended(known, command.split())
        for secret in SECRETS:
            assert secret not in said.err, f"{command}: {said.err}"
