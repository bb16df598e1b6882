"""P33: pressing TAB never runs anything that is stored, in no shell, and offers ids alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from anyhow import ended
from terminals import Terminal

from commandline import PROGRAM, Cli, Installed

# As names: each would leave a file behind, were it ever run.
NAMES = [
    "$(touch pwned)", "`touch pwned`", "\\$(touch pwned)", ";touch pwned", "zz;touch pwned", "|touch pwned",
    "&touch pwned", "<(touch pwned)", "'$(touch pwned)'", '"$(touch pwned)"', "${(e):-$(touch pwned)}",
    "(touch pwned)", "\n touch pwned\n", "$'\\x24(touch pwned)'", "*", "~", "-rf", "L1;touch pwned",
    "a:$(touch pwned)", "%(?.x.$(touch pwned))",
]  # fmt: skip
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'PS1="> "; eval "$(_FUNNELCTL_COMPLETE=source_bash funnelctl)"'),
    "zsh": (
        ["zsh", "-f", "-i"],
        'PS1="> "; autoload -Uz compinit; compinit -u -D; eval "$(_FUNNELCTL_COMPLETE=source_zsh funnelctl)"',
    ),
    "fish": (
        ["fish", "--no-config", "-i"],
        "function fish_prompt; echo '> '; end; env _FUNNELCTL_COMPLETE=source_fish funnelctl | source",
    ),
}
LINES = [
    "lead show ",
    "lead show L",
    "opp show ",
    "advance ",
    "lead show z",
    "lead edit L1 --referred-by ",
    "le",
]


@pytest.fixture
def trapped(call: Cli) -> Cli:
    """A book of which every name is a command."""
    for name in NAMES:
        call(["lead", "add", "--company", name, "--key", f"key {name}", "--", name])
        call(["opp", "add", "--client", name, "--service", name, "--", f"title {name}"])
    call.env["PATH"] = f"{Path(PROGRAM).parent}:{call.env['PATH']}"
    return call


def files(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if not path.name.startswith(".") and path.is_file())


@pytest.mark.parametrize("shell", SHELLS)
def test_p33_tab_runs_nothing_that_is_stored(trapped: Cli, shell: str) -> None:
    words, prepared = SHELLS[shell]
    if not shutil.which(shell):
        pytest.skip(f"needs {shell}")
    before = files(trapped.home)
    terminal = Terminal(words, trapped.env, trapped.home)
    try:
        terminal.press(f"{prepared}; echo rea''dy\n")
        terminal.wait_for(b"ready")
        for number, line in enumerate(LINES):
            terminal.press(f"funnelctl {line}\t\t")
            terminal.press("\x01: \n")  # to the start of the line, a colon before it: whatever was put there is now run
            terminal.press(f"echo do''ne{number}\n")
            terminal.wait_for(f"done{number}".encode())
        terminal.press("exit\n")
        shown = terminal.rest().decode(errors="replace")
    finally:
        terminal.close()
    assert files(trapped.home) == before
    assert "touch pwned" not in shown
    assert "L20" in shown  # it has offered something


@pytest.mark.parametrize(
    ("shell", "env"),
    [
        ("bash", {"_FUNNELCTL_COMPLETE": "complete_bash", "COMP_WORDS": "funnelctl lead show {}", "COMP_CWORD": "3"}),
        ("zsh", {"_FUNNELCTL_COMPLETE": "complete_zsh", "_TYPER_COMPLETE_ARGS": "funnelctl lead show {}"}),
        (
            "fish",
            {
                "_FUNNELCTL_COMPLETE": "complete_fish",
                "_TYPER_COMPLETE_ARGS": "funnelctl lead show {}",
                "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            },
        ),
        (
            "powershell",
            {
                "_FUNNELCTL_COMPLETE": "complete_powershell",
                "_TYPER_COMPLETE_ARGS": "funnelctl lead show {}",
                "_TYPER_COMPLETE_WORD_TO_COMPLETE": "{}",
            },
        ),
    ],
)
def test_p33_only_ids_are_offered(trapped: Cli, shell: str, env: dict[str, str]) -> None:
    program = Installed(trapped.home, trapped.book)
    offered = program([], env={name: value.format("") for name, value in env.items()})
    words = [word.strip("\"' ") for word in offered.out.replace("_arguments '*: :((", " ").replace("))'", " ").split()]
    assert {word.partition(":")[0].strip('"') for word in words if word.strip(":\"' ")} >= {"L1", "L20", "O1", "O20"}
    assert "touch" not in offered.out
    assert offered.err == ""
    for typed in ("L1", "l", "O2", "z", "%", "$(", "'", "L1;", "999999999999999999999"):
        said = ended(program, [], **{name: value.format(typed) for name, value in env.items()})
        assert "touch" not in said.out + said.err
        assert "Traceback" not in said.err, (shell, typed)
