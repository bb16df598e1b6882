"""Commands of which only the manner of their end is known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commandline import Cli, Said

FORESEEN = {0, 1, 2, 3, 4, 65, 74}  # of the exit codes those that a command may have when nobody disturbs it


def ended(cli: Cli, words: Sequence[str], stdin: str = "", **env: str) -> Said:
    """What the command said, however it ended."""
    return cli._started([*words], {**cli.env, **env}, stdin)


def tried(cli: Cli, words: Sequence[str], stdin: str = "", **env: str) -> Said:
    """What the command said, however it ended; never with a bug, a traceback or an answer beside an error."""
    said = ended(cli, words, stdin, **env)
    assert said.code in FORESEEN, f"{words}: exit {said.code}\n{said.err}"
    assert "Traceback" not in said.err
    if said.code:
        assert said.out == ""
        # what was found out of a file may be told before what is wrong with it
        starts = ("error: ", '{"error"', "Usage: ")
        assert sum(line.startswith(starts) for line in said.err.splitlines()) == 1, said.err
    return said
