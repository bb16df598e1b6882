"""P31: nothing that is stored, typed or found in a file can control the terminal on which it is shown."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from anyhow import ended
from terminals import Terminal

from commandline import PROGRAM, Cli

ATTACKS = {
    "colour": "\x1b[31mred",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "answer": "\x1b[6n\x05",
    "C1": "\x9b31mred\x9d0;owned\x9c",
    "bidi": "\u202egnp.exe\u2066x\u2069",
    "hidden": "a\u200bb\u200ec\ufeffd",
    "return": "good\rbad",
    "back": "good\b\b\b\bevil",
    "bell": "\x07\x0b\x0c",
    "lines": "one\u2028two\u2029three\x85four",
    "markup": "[red]x[/][link=https://evil.example]y[/link] :smile: [/]",
}
ALL = " ".join(ATTACKS.values())
# What a terminal of ours may be sent: text, line ends, and no more.
MAY_BE_SENT = {"\n", "\r"}

COMMANDS = [
    "lead list --all", "lead show L1", "opp list", "opp show O1", "report", "history", "history L1",
    "lead list --all --format md", "lead list --all --format csv", "lead list --all --format tsv",
    "lead list --all --json", "lead list --all --format jsonl", "opp list --json", "lead edit L1 --note x --dry-run",
]  # fmt: skip


def is_harmless(shown: bytes, also: str = "") -> bool:
    text = shown.decode()
    bidi = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    return not [
        character
        for character in text
        if (unicodedata.category(character) in ("Cc", "Zl", "Zp") and character not in MAY_BE_SENT | {also})
        or unicodedata.bidirectional(character) in bidi
        or character in "\u200b\u200e\u200f\ufeff"
    ]


@pytest.fixture
def attacked(call: Cli) -> Cli:
    """A book with the attacks in each of its fields."""
    named = {"--company": ALL, "--source": ALL, "--note": ALL, "--key": ALL, "--tag": ALL[:50]}
    call(["lead", "add", ALL, *[word for option in named.items() for word in option]])
    named = {"--service": ALL, "--note": ALL, "--key": ALL, "--competitor": ALL}
    call(["opp", "add", ALL, "--lead", "L1", *[word for option in named.items() for word in option]])
    call(["postpone", "O1", "--until", "+1w", "--because", ALL])
    call.env["NO_COLOR"] = "1"  # so that not even a colour of our own is in the way
    return call


def on_terminal(cli: Cli, words: list[str]) -> bytes:
    terminal = Terminal([PROGRAM, *words], cli.env, cli.home)
    shown = terminal.rest()
    terminal.close()
    return shown


@pytest.mark.parametrize("command", COMMANDS)
def test_p31_no_field_controls_the_terminal(attacked: Cli, command: str) -> None:
    shown = on_terminal(attacked, command.split())
    assert b"L1" in shown or b"O1" in shown or command == "report"
    assert is_harmless(shown, "\t" if "tsv" in command else ""), shown


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_p31_no_error_and_no_word_that_was_typed_does(call: Cli, attack: str) -> None:
    call("lead add Ada")
    (call.home / "rows.csv").write_text(f'name,stage,"{attack}",created\nAda,"{attack}",x,"{attack}"\n')
    (call.home / "bad.yaml").write_text(f'funnel: "{attack}"\n"{attack}": {attack}\n')
    for words in (
        ["lead", "show", attack], ["lead", "add", "Eve", "--email", attack], ["lead", "list", "--sort", attack],
        ["lead", "list", "--stage", attack], ["--db", attack, "lead", "list"], ["opp", "status", "O1", attack],
        ["lead", "add", "Eve", "--at", attack], ["opp", "add", "Audit", "--lead", "L1", "--value", attack], [attack],
        ["lead", attack], ["lead", "list", f"--{attack}"], ["config", "set", attack, "x"], ["funnel", "show", attack],
        ["funnel", "check", attack], ["funnel", "check", "bad.yaml"], ["import", "rows.csv", "--as", "leads"],
        ["import", "rows.csv", "--as", "leads", "--map", f"x=={attack}"], ["import", attack, "--as", "leads"],
        ["import", "rows.csv", "--as", "leads", "--encoding", attack], ["undo", attack],
        ["import", "rows.csv", "--mapping", "bad.yaml"], ["lead", "merge", "L1", attack],
    ):  # fmt: skip
        said = ended(call, words)
        assert said.code in (2, 3, 4, 65), words
        assert said.err
        assert is_harmless(said.err.encode()), (words, said.err)


def test_p31_no_answer_repeats_what_was_typed_as_it_was(call: Cli) -> None:
    for words in (
        ["lead", "add", ALL],
        ["opp", "add", ALL, "--lead", "L1"],
        ["lose", "O1", "--reason", "price", "--to", ALL],
    ):
        said = call(words)
        assert is_harmless(said.out.encode() + said.err.encode()), words


@pytest.fixture
def odd_home(tmp_path: Path) -> Path:
    home = tmp_path / "a\x1b]0;owned\x07b\x9b31m\u202e"
    home.mkdir()
    return home


def test_p31_no_path_does(odd_home: Path, newcomer: Cli) -> None:
    newcomer.env |= {"XDG_DATA_HOME": str(odd_home), "FUNNELCTL_FUNNELS": str(odd_home)}
    for command, code in (
        ("lead list", 3),
        ("lead add Ada", 0),
        ("init", 4),
        ("funnel new mine", 0),
        ("funnel list", 0),
    ):
        said = newcomer(command, code)
        assert is_harmless(said.out.encode() + said.err.encode()), (command, said)
    shown = on_terminal(newcomer, ["init", str(odd_home / "other.db")])
    assert b"created" in shown
    assert is_harmless(shown)
