"""The house keeps its order: who imports whom, what a command loads, where a clock, a file or a screen is touched."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from commandline import NOW, PROGRAM, Installed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "funnelctl"
MODULES = sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def where(path: Path, node: ast.AST) -> str:
    return f"{name_of(path)}:{getattr(node, 'lineno', 0)}"


# --- who imports whom


def test_the_rooms_import_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


# What a module of core or store may not import at its head: start-up is paid on every command.
SLOW_TO_IMPORT = {
    "typing", "dataclasses", "enum", "re", "json", "csv", "decimal", "pathlib", "logging", "inspect", "yaml", "rich",
    "sqlite_utils", "phonenumbers", "dateutil", "typer", "platformdirs", "uuid", "subprocess", "argparse", "email",
    "urllib", "http", "tempfile", "shutil", "random", "statistics", "textwrap", "numpy",
}  # fmt: skip


def at_import_time(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """The modules that are imported when this one is: not those in functions or for type checkers."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def test_core_and_store_import_nothing_slow_at_their_head() -> None:
    slow = [
        f"{where(path, node)}: {module}"
        for path in MODULES
        if name_of(path).startswith(("core/", "store/"))
        for module, node in at_import_time(tree_of(path))
        if module.partition(".")[0] in SLOW_TO_IMPORT
    ]
    assert slow == []


def test_only_the_store_speaks_to_sqlite() -> None:
    """The shell alone knows it too: it tells people in words which of its errors they met."""
    others = [
        where(path, node)
        for path in MODULES
        if not name_of(path).startswith("store/") and name_of(path) != "cli/shell.py"
        for module, node in at_import_time(tree_of(path))
        if module.partition(".")[0] in ("sqlite3", "sqlite_utils")
    ]
    assert others == []


# --- what a command loads

# In a fresh interpreter, for a file whose funnel is copied already. Typer itself brings typing, inspect, re and more.
NEVER_LOADED = {
    "pydantic", "rich", "yaml", "sqlite_utils", "dateutil", "phonenumbers", "numpy", "csv", "email", "http",
    "urllib.request", "logging", "argparse", "decimal", "dataclasses", "asyncio", "unittest", "pygments", "markdown_it",
    "platformdirs", "hashlib", "tempfile", "random", "tomllib", "xml", "html", "multiprocessing", "concurrent", "ssl",
    "socket", "pluggy", "click", "importlib.metadata", "pkg_resources", "setuptools", "zoneinfo",
}  # fmt: skip


def loaded(*command: str, env: dict[str, str]) -> set[str]:
    """The modules that a command loads beyond what bare Python has."""

    def imported(words: tuple[str, ...]) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *words], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return set(re.findall(r"^import time:.*\|\s+(\S+)$", done.stderr, re.MULTILINE))

    return imported(command) - imported(("-c", "pass"))


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory, empty_book: Path) -> dict[str, str]:
    """The environment of a book that has been used before."""
    home = tmp_path_factory.mktemp("warm")
    cli = Installed(home, Path(shutil.copy(empty_book, home)))
    cli("lead add 'Ada Lovelace' --email ada@example.com")
    cli("opp add Audit --lead ada --value '100 EUR'")
    return cli.env


@pytest.mark.parametrize(
    ("command", "more"),
    [
        ("lead add Bea --email bea@example.com --company Engines --source event --tag vip", set()),
        ("opp add Training --lead ada --value '1200 EUR' --close +2w", set()),
        ("opp edit O1 --note called", set()),
        ("advance O1 --note sent", set()),
        ("lead list", set()),
        ("opp list", {"json"}),
        ("report", {"json"}),
        ("report --json", set()),
        ("opp list --json", set()),
        ("lead show ada --json", set()),
        ("undo", set()),
        ("--version", {"json"}),
    ],
)
def test_a_command_loads_what_it_needs(warm: dict[str, str], command: str, more: set[str]) -> None:
    found = loaded(PROGRAM, *shlex.split(command), env=warm)
    never = NEVER_LOADED | more
    assert {module for module in found if module in never or module.partition(".")[0] in never} == set()
    assert {module for module in found if module.startswith("funnelctl.core.importing")} == set()


def test_a_plain_table_is_imported_without_what_other_files_need(warm: dict[str, str], tmp_path: Path) -> None:
    """No preset is read for it, and no library of telephone numbers where it has none."""
    (tmp_path / "leads.csv").write_text("key,name,email,stage,created\n1,Grace,grace@example.com,enquiry,2026-01-02\n")
    found = loaded(PROGRAM, "import", str(tmp_path / "leads.csv"), "--as", "leads", "--dry-run", env=warm)
    assert "funnelctl.core.importing.delimited" in found
    never = NEVER_LOADED - {"csv", "hashlib"} | {
        "funnelctl.workspace.yaml_nodes", "funnelctl.core.importing.workbook", "funnelctl.core.importing.objects",
        "funnelctl.core.importing.vcard", "funnelctl.core.importing.survey", "funnelctl.core.importing.rejects",
    }  # fmt: skip
    assert {module for module in found if module in never or module.partition(".")[0] in never} == set()


# speed.md's gate for a hot write: the rooms beneath the command line, called by themselves.
ALONE = """
import sys
from datetime import date
from funnelctl.core import leads
from funnelctl.core.author import Author
from funnelctl.core.evidence import require, stage_named
from funnelctl.store import journal
from funnelctl.store.book import Book
from funnelctl.store.connection import Transaction, connect
from funnelctl.store.identity import refuse_known
from funnelctl.store.schema import NEWEST, version
from funnelctl.workspace.shelf import Shelf

conn = connect(sys.argv[1])
assert version(conn) == NEWEST
with Transaction(conn, "IMMEDIATE", lambda: None):
    book = Book(conn, Shelf(), writable=True)
    raw = {"name": "Bea", "email": "alone@example.com", "company": "Engines", "source": "event", "key": "ALONE"}
    fields = leads.fields_of(raw, book.region)
    refuse_known(book, fields)
    author = Author("2026-11-23T10:00:00Z", "tester", False, date(2026, 11, 23), book.next_id)
    stage = stage_named(book.funnel(), "enquiry", "lead")
    lead, changes = leads.add(author, fields, book.funnel(), stage)
    require(stage, lead)
    operation = journal.begin(conn, "lead add", author.at, "tester")
    journal.apply(conn, changes)
    journal.finish(conn, operation)
"""


def test_a_lead_can_be_added_without_anything_slow(warm: dict[str, str]) -> None:
    found = loaded("-c", ALONE, warm["FUNNELCTL_DB"], env=warm)
    assert "sqlite3" in found
    slow = SLOW_TO_IMPORT | NEVER_LOADED | {"funnelctl.cli", "funnelctl.render", "ast", "threading", "copy", "types.re"}
    assert {module for module in found if module in slow or module.partition(".")[0] in slow} == set()


# --- where things may be touched


def calls(wanted: set[str], *rooms: str) -> list[str]:
    """Where one of the ``wanted`` functions is called outside the ``rooms``."""
    return [
        f"{where(path, node)}: {ast.unparse(node.func)}"
        for path in MODULES
        if not name_of(path).startswith(rooms)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in wanted
    ]


def test_what_day_it_is_is_known_in_one_place() -> None:
    clocks = {"now", "utcnow", "today"}
    asked = {f"{name}.{method}" for name in ("datetime", "date", "datetime.datetime") for method in clocks}
    asked |= {f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "strftime", "ctime")}
    assert calls(asked, "cli/session.py") == []


def test_p09_a_file_is_opened_by_the_workspace_and_a_book_by_sqlite_alone() -> None:
    """Closing a file drops all locks that the process has on it, those of SQLite included."""
    openers = {"open", "io.open", "os.open", "os.fdopen", "shutil.copy", "shutil.copyfile", "shutil.copy2"}
    # connection.py creates, backup.py brings a copy to the disk that nobody has opened yet, shell.py means /dev/null
    assert calls(openers, "workspace/", "store/connection.py", "store/backup.py", "cli/shell.py") == []


def test_only_the_command_line_speaks() -> None:
    assert calls({"print", "sys.stdout.write", "sys.stderr.write", "typer.echo"}, "cli/") == []


def test_rows_are_never_moved_to_another_table_behind_the_back_of_triggers() -> None:
    methods = [
        where(path, node)
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("transform", "upsert_all", "insert_all", "atomic")
    ]
    assert methods == []


def test_a_transaction_begins_and_ends_in_one_place() -> None:
    begun = [
        where(path, node)
        for path in MODULES
        if name_of(path) != "store/connection.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)( |$)", node.value)
    ]
    assert begun == []


# --- how it reads


def test_a_module_says_what_it_is() -> None:
    assert [name_of(path) for path in MODULES if tree_of(path).body and not ast.get_docstring(tree_of(path))] == []


def test_what_others_may_call_says_what_it_does() -> None:
    silent = [
        f"{where(path, node)}: {node.name}"
        for path in MODULES
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_a_file_can_be_read_in_one_sitting() -> None:
    long = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_no_file_is_a_drawer_for_the_rest() -> None:
    drawers = ("utils", "util", "helpers", "helper", "misc", "common")
    assert [name_of(path) for path in MODULES if path.stem in drawers] == []


# --- what is promised to people

# Walks through all commands in one interpreter, reads each one's help, and says whether Rich was needed for it.
WALK = """
import contextlib, io, json, sys
from funnelctl.cli.app import command

found = []
def walk(one, path):
    if hasattr(one, "list_commands"):
        for name in one.list_commands(None):
            walk(one.get_command(None, name), [*path, name])
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        command().main([*path, "--help"], prog_name="funnelctl", standalone_mode=False)
    found.append({
        "path": path, "group": hasattr(one, "list_commands"), "answers": getattr(one, "invoke_without_command", True),
        "help": one.help or "", "shown": shown.getvalue(),
        "params": [{"kind": p.param_type_name, "names": list(p.opts), "required": p.required,
                    "metavar": p.metavar, "help": p.help or "", "type": p.type.name} for p in one.params],
    })
walk(command(), [])
print(json.dumps({"commands": found, "rich": "rich" in sys.modules}))
"""


@cache
def said_by_help() -> dict[str, Any]:
    env = {**os.environ, "COLUMNS": "80", "FUNNELCTL_NOW": NOW, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", WALK], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def commands() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = said_by_help()["commands"]
    return found


def test_help_needs_no_rich() -> None:
    assert said_by_help()["rich"] is False


def test_every_command_argument_and_option_has_help() -> None:
    silent = [" ".join(each["path"]) for each in commands() if not each["help"].strip()]
    silent += [
        " ".join([*each["path"], param["names"][0]])
        for each in commands()
        for param in each["params"]
        if not param["help"].strip()
    ]
    assert silent == []


def test_every_help_fits_a_terminal_of_80_columns() -> None:
    wide = [line for each in commands() for line in each["shown"].splitlines() if len(line) > 80]
    assert wide == []


def test_no_line_of_help_is_cut_off_in_a_list_of_commands() -> None:
    listed = [line for each in commands() for line in each["shown"].partition("\nCommands:\n")[2].splitlines()]
    assert len(listed) > 20
    assert [line for line in listed if line.endswith("...")] == []


def test_every_value_is_parsed_by_us() -> None:
    """Typer gives texts and flags; dates, money and numbers are read in core, the same for an import."""
    typed = {param["type"] for each in commands() for param in each["params"]}
    assert typed <= {"text", "str", "boolean"}
    assert "boolean" in typed


def test_typer_is_bound_below_the_release_that_loads_pydantic() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [bound] = [need for need in project["dependencies"] if need.startswith("typer")]
    assert bound == "typer>=0.26,<0.29"


BEGIN, END = "<!-- commands -->", "<!-- /commands -->"


def reference() -> str:
    """The section of the README that lists the commands, as the code says it."""
    lines = ["", "| command | what it does |", "| --- | --- |"]
    bar = r"\|"  # which would end a cell
    for each in sorted(commands(), key=lambda each: order_of(each["path"])):
        if each["path"] and (not each["group"] or each["answers"]):
            words = ["funnelctl", *each["path"]]
            for param in each["params"]:
                if param["kind"] == "argument":
                    word = param["metavar"] or param["names"][0].upper()
                    words.append(word if param["required"] or word.startswith("[") else f"[{word}]")
            what = " ".join(each["help"].split("\n\n")[0].split())
            cells = (f"`{' '.join(words)}`", what)
            lines.append(f"| {' | '.join(cell.replace('|', bar) for cell in cells)} |")
    return "\n".join(lines) + "\n\n"


def order_of(path: list[str]) -> tuple[int, ...]:
    """The place of a command in the order in which help lists it, a group's own answer first."""
    ranks = {tuple(each["path"]): rank for rank, each in enumerate(commands())}
    return tuple(
        min(rank for known, rank in ranks.items() if known[: depth + 1] == tuple(path[: depth + 1]))
        for depth in range(len(path))
    )


def test_the_readme_lists_every_command_as_the_code_says_it() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1, f"the README has no section between {BEGIN} and {END}"
    section = text.partition(BEGIN)[2].partition(END)[0]
    assert section == reference(), f"put this between {BEGIN} and {END} in the README:\n{reference()}"
