"""How a function becomes a command: the options that all commands share, the session, and the answer's way out.

A command function takes a ``Session`` first and then its own parameters, and returns an ``Answer``. ``reads`` and
``writes`` register it with a Typer app and add the common options to its signature.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from funnelctl.cli import output
from funnelctl.cli.session import FORMATS, LANGUAGES, Session
from funnelctl.errors import FunnelctlError

if TYPE_CHECKING:
    from collections.abc import Callable

    from funnelctl.core.table import Answer

    Command = Callable[..., Answer]

_Text = str | None
_READING: dict[str, Any] = {
    "db": Annotated[_Text, typer.Option("--db", metavar="PATH", help="The file (else FUNNELCTL_DB, else your own).")],
    "fmt": Annotated[_Text, typer.Option("--format", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")],
    "json": Annotated[bool, typer.Option("--json", help="The same as --format json.")],
    "quiet": Annotated[bool, typer.Option("--quiet", "-q", help="Print ids only.")],
    "lang": Annotated[_Text, typer.Option("--lang", metavar="LANG", help=f"Labels in {', '.join(LANGUAGES)}.")],
}
_WRITING: dict[str, Any] = {
    "dry_run": Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would change; change nothing.")],
    "yes": Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")],
}
_DATED: dict[str, Any] = {
    "at": Annotated[_Text, typer.Option("--at", metavar="DATE", help="When it happened, if not now.")],
}


def group(help_text: str) -> typer.Typer:
    """An app for a group of commands; plain help, no Rich, which would cost every call its import."""
    return typer.Typer(
        help=help_text,
        no_args_is_help=True,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def reads(app: typer.Typer, name: str | None) -> Callable[[Command], Command]:
    """Register a command that only reads; without a name, what the group itself answers."""
    return _registered(app, name, _READING)


def writes(app: typer.Typer, name: str, *, dated: bool = True) -> Callable[[Command], Command]:
    """Register a command that writes; ``dated`` where ``--at`` means something to it."""
    return _registered(app, name, {**(_DATED if dated else {}), **_WRITING, **_READING})


def _registered(app: typer.Typer, name: str | None, common: dict[str, Any]) -> Callable[[Command], Command]:
    def register(function: Command) -> Command:
        hints = get_type_hints(function, include_extras=True)
        own = [
            parameter.replace(annotation=hints[parameter.name])
            for parameter in list(inspect.signature(function).parameters.values())[1:]
        ]
        shared = [
            inspect.Parameter(
                option,
                inspect.Parameter.KEYWORD_ONLY,
                default=None if _Text in annotation.__args__ else False,
                annotation=annotation,
            )
            for option, annotation in common.items()
        ]
        context = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

        def run(ctx: typer.Context, **given: Any) -> None:
            if ctx.invoked_subcommand:  # the group's own answer was not asked for
                return
            options = {option: given.pop(option) for option in common}
            options["db"] = options["db"] or ctx.find_root().params.get("db")
            if options.pop("json"):
                options["fmt"] = "json"
            session = None
            try:
                session = Session(**options)
                answer = function(session, **given)
                output.emit(answer, session)
            except (Exception, KeyboardInterrupt) as error:
                if session is None or not session.saved:
                    if "dry_run" in common and isinstance(error, FunnelctlError):
                        error.say_nothing_was_saved()
                    raise
                from funnelctl.cli.shell import after_saving

                raise after_saving(error) from error
            if answer.exit_code:
                raise typer.Exit(answer.exit_code)

        parameters = [context, *own, *shared]
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        run.__doc__ = function.__doc__
        run.__name__ = function.__name__
        if name is None:
            app.callback(invoke_without_command=True, no_args_is_help=False)(run)
        else:
            app.command(name)(run)
        return function

    return register
