"""The command line as a whole: which commands there are and where each lives.

A command's module is imported when the command is called; help imports all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from typer._click import Command, Context

# In the order in which help shows them. A module that holds commands and not a group is named with them.
GROUPS = {
    "lead": "lead", "opp": "opp", "report": "report", "export": "export", "funnel": "funnel", "db": "db",
    "privacy": "privacy", "config": "config",
}  # fmt: skip
COMMANDS = {
    "init": "start",
    "demo": "demo",
    "advance": "verbs",
    "win": "verbs",
    "lose": "verbs",
    "postpone": "verbs",
    "reopen": "verbs",
    "import": "import_",
    "apply": "apply",
    "undo": "log",
    "redo": "log",
    "history": "log",
}
ORDER = (
    "init", "demo", "lead", "opp", "advance", "win", "lose", "postpone", "reopen", "report", "import", "apply",
    "export", "undo", "redo", "history", "funnel", "db", "privacy", "config",
)  # fmt: skip


class Lazily(TyperGroup):
    """A group that imports only the module of the command that is called."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(ORDER)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name in GROUPS:
            return _loaded(GROUPS[cmd_name])
        if cmd_name in COMMANDS:
            found = _loaded(COMMANDS[cmd_name])
            return found.commands[cmd_name] if isinstance(found, TyperGroup) and found.name != cmd_name else found
        return None

    def resolve_command(self, ctx: Context, args: list[str]) -> Any:
        # A typo is answered with the commands that are near; Typer looks for them among registered ones only.
        if args and not args[0].startswith("-") and args[0] not in ORDER:
            from difflib import get_close_matches

            near = get_close_matches(args[0], ORDER, n=2)
            ctx.fail(f"there is no command {args[0][:60]!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))
        return super().resolve_command(ctx, args)


def _loaded(module: str) -> Command:
    return get_command(import_module(f"funnelctl.cli.{module}").app)


def _version(wanted: bool) -> None:
    if wanted:
        from funnelctl import __version__

        typer.echo(f"funnelctl {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Lazily,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Try it: funnelctl demo. A first lead: funnelctl lead add 'Ada Lovelace' --email ada@example.com",
)


@app.callback()
def funnelctl(
    db: Annotated[
        str | None, typer.Option("--db", metavar="PATH", help="The file (else FUNNELCTL_DB, else your own).")
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Your sales pipeline in one file: leads, opportunities, and what to do about them."""


def command() -> Command:
    """The whole command line, ready to be run."""
    return get_command(app)
