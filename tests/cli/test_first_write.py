"""Where the book is: the file that a first write makes, the one that is named, and the one that is not there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import Cli, InProcess


@pytest.fixture
def newcomer(tmp_path: Path) -> Cli:
    """Somebody who has never saved anything and names no file."""
    return InProcess(tmp_path, None)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Somebody whose files everybody may write."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


@pytest.mark.usefixtures("open_umask")
def test_a_first_write_makes_the_file_for_its_owner_alone_and_says_so(newcomer: Cli) -> None:
    said = newcomer("lead add 'Ada Lovelace'")
    assert said.err == f"created {newcomer.book}\n"
    assert said.out == "L1 Ada Lovelace: registered in Enquiry (Consulting)\n"
    assert everything(newcomer.home) == ["data", "data/funnelctl", "data/funnelctl/funnel.db"]
    assert mode(newcomer.book) == 0o600
    assert mode(newcomer.book.parent) == mode(newcomer.book.parent.parent) == 0o700
    assert newcomer("lead add Zoe").err == ""


@pytest.mark.parametrize("command", ["opp add Audit --client Ada", "funnel use jm-sports", "config set region ES"])
def test_other_first_writes(newcomer: Cli, command: str) -> None:
    assert newcomer(command).err.startswith("created ")
    assert newcomer.book.exists()


@pytest.mark.parametrize(
    "command",
    ["lead list", "lead show L1", "opp list", "report", "history", "config list", "undo", "win O1", "reopen L1"],
)
def test_reading_what_is_not_there_makes_nothing(newcomer: Cli, command: str) -> None:
    said = newcomer(command, 3)
    assert str(newcomer.book) in said.message
    assert "funnelctl lead add" in said.hint
    assert everything(newcomer.home) == []


@pytest.mark.parametrize("command", ["lead add Ada", "lead list", "report", "undo", "opp add Audit --client Ada"])
def test_a_mistyped_path_makes_nothing(newcomer: Cli, command: str) -> None:
    for said in (
        newcomer(f"--db fnnel.db {command}", 3),
        newcomer(f"{command} --db fnnel.db", 3),
        newcomer(command, 3, env={"FUNNELCTL_DB": "fnnel.db"}),
        newcomer(f"{command} --db nowhere/fnnel.db", 3),
    ):
        assert "fnnel.db" in said.message
        assert "funnelctl init" in said.hint
        assert said.hint.endswith("fnnel.db")
    assert everything(newcomer.home) == []


def test_init_makes_a_file_where_it_is_told(newcomer: Cli) -> None:
    old = os.umask(0)
    try:
        said = newcomer("init new/place.db --json")
    finally:
        os.umask(old)
    place = newcomer.home / "new" / "place.db"
    assert mode(place) == 0o600
    assert said.row["path"] == "new/place.db"
    assert f"export FUNNELCTL_DB={place}" in said.err
    newcomer("lead add Ada --db new/place.db")
    assert newcomer.ids("--db new/place.db lead list") == ["L1"]
    assert newcomer.ids("lead list", env={"FUNNELCTL_DB": str(place)}) == ["L1"]
    assert everything(newcomer.home) == ["new", "new/place.db"]

    assert newcomer("init").out == f"created {newcomer.book}\n"
    assert newcomer.ids("lead list") == []
    newcomer("init --db third.db")
    assert newcomer.ids("lead list --db third.db") == []


def test_init_is_never_over_what_is_there(newcomer: Cli) -> None:
    letter = newcomer.home / "letter.txt"
    letter.write_text("Dear Ada")
    (newcomer.home / "link.db").symlink_to(newcomer.home / "target.db")
    newcomer("init book.db")
    newcomer("lead add Ada --db book.db")
    before = everything(newcomer.home)
    for name in ("letter.txt", "book.db", "link.db", "."):
        said = newcomer(f"init {name}", 4)
        assert "left as it is" in said.message or "left as it was" in said.message
    assert letter.read_text() == "Dear Ada"
    assert everything(newcomer.home) == before
    assert newcomer.ids("lead list --db book.db") == ["L1"]


def test_db_stands_before_or_after_the_command_and_wins_over_the_environment(newcomer: Cli) -> None:
    newcomer("init one.db")
    newcomer("init two.db")
    newcomer("--db one.db lead add One")
    newcomer("lead add Two --db two.db")
    names = {"FUNNELCTL_DB": "two.db"}
    assert newcomer.row("lead list", env=names)["name"] == "Two"
    assert newcomer.row("--db one.db lead list", env=names)["name"] == "One"
    assert newcomer.row("lead list --db one.db", env=names)["name"] == "One"
    assert newcomer.row("--db two.db lead list --db one.db")["name"] == "One"


def test_a_dry_run_of_a_first_write_makes_nothing(newcomer: Cli) -> None:
    said = newcomer("lead add Ada --dry-run")
    assert "dry run: nothing was saved" in said.err
    assert "Ada" in said.out
    assert newcomer.json("opp add Audit --client Ada -n")["dry_run"] is True
    assert newcomer("init --dry-run").out.startswith("would create ")
    assert newcomer("init new/place.db -n").out == "would create new/place.db\n"
    assert newcomer("funnel new mine -n").out.startswith("would create ")
    assert everything(newcomer.home) == []


@pytest.mark.parametrize("name", ["50% sure?.db", "a#b.db", "Ä é 株.db", 'it\'s "mine".db', "-dash.db", "a%3fb.db"])
def test_a_path_may_hold_anything(newcomer: Cli, name: str) -> None:
    newcomer(["init", "--", name])
    assert everything(newcomer.home) == [name]
    newcomer(["lead", "add", "Ada", f"--db={name}"])
    assert newcomer(["lead", "list", f"--db={name}", "-q"]).out == "L1\n"
    assert everything(newcomer.home) == [name]


def test_a_relative_data_directory_is_ignored(newcomer: Cli) -> None:
    newcomer("lead add Ada", env={"XDG_DATA_HOME": "relative"})
    assert (newcomer.home / ".local/share/funnelctl/funnel.db").exists()


def test_two_names_for_one_new_file_are_refused(newcomer: Cli) -> None:
    assert "two files" in newcomer("init --db a.db b.db", 2).message
    assert list(newcomer.home.glob("*.db")) == []


@pytest.mark.parametrize(
    "command", ["lead add Ada --at 05/01/2026", "--db no.db lead add Ada", "import no.csv --as leads"]
)
def test_a_refused_write_says_that_nothing_was_saved(newcomer: Cli, command: str) -> None:
    assert "nothing was saved" in newcomer(command, {"lead": 2}.get(command[:4], 3)).message


@pytest.mark.parametrize(("name", "value"), [("FUNNELCTL_LANG", "xx"), ("FUNNELCTL_FORMAT", "xml")])
def test_a_word_of_the_environment_that_means_nothing_is_told_by_its_name(newcomer: Cli, name: str, value: str) -> None:
    assert newcomer("demo", 2, env={name: value}).message.startswith(name)
