"""The options that several commands share, each said once, and the small decisions that come with them."""

from __future__ import annotations

from typing import Annotated

import typer

from funnelctl.cli.complete import references
from funnelctl.cli.session import Session
from funnelctl.core.money import parse_currency
from funnelctl.errors import Invalid


def text(flag: str, help_text: str, metavar: str = "TEXT", *more: str) -> object:
    """An option that takes a text: everything is parsed by us, never by Typer."""
    return typer.Option(flag, *more, help=help_text, metavar=metavar)


Ref = Annotated[
    str,
    typer.Argument(metavar="REF", help="An id, e-mail, key, or part of a name.", autocompletion=references),
]
Note = Annotated[str | None, text("--note", "What there is to say about it.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be repeated.")]
Untags = Annotated[list[str] | None, typer.Option("--untag", metavar="TAG", help="A tag to take off.")]
Funnel = Annotated[str | None, text("--funnel", "The funnel (else the book's own: funnel use).", "NAME")]
Stage = Annotated[str | None, text("--stage", "The stage.", "STAGE")]
Service = Annotated[str | None, text("--service", "The service that is wanted.")]
Value = Annotated[str | None, text("--value", "What it is worth: '12000 EUR'.", "AMOUNT")]
Currency = Annotated[str | None, text("--currency", "Of a value that names none.", "CODE")]
Close = Annotated[str | None, text("--close", "When it is expected to close.", "DATE")]
Key = Annotated[str | None, text("--key", "Its id in another program.", "EXTERNAL")]
Search = Annotated[str | None, text("--search", "Only those with this in a name, title or address.")]
Limit = Annotated[str | None, text("--limit", "How many rows (50 in a table, else all).", "N")]
Sort = Annotated[str | None, text("--sort", "The order; with a dash before it, reversed.", "FIELD")]

SCREENFUL = 50


def limit_of(given: str | None, session: Session) -> int | None:
    """How many rows: what ``--limit`` says, else a screenful for people and all for programs."""
    if given is None:
        return SCREENFUL if session.fmt == "table" and not session.quiet else None
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid(f"--limit takes a whole number, not {given[:60]!r}", hint="--limit 100 shows at most 100 rows")
    return int(given)


def order_of(given: str | None, allowed: dict[str, str], default: str = "id") -> tuple[str, bool]:
    """The name of an order and whether it is reversed."""
    name = (given or default).removeprefix("-")
    if name not in allowed:
        raise Invalid(f"--sort takes no {name[:60]!r}", hint="it takes one of " + ", ".join(allowed))
    return name, bool(given and given.startswith("-"))


def currency_of(given: str | None, value: str | None, default: str | None) -> str | None:
    """The currency of a value that names none: what ``--currency`` says, else ``default``."""
    if given is None:
        return default
    if not value:
        raise Invalid("--currency is that of a value, and none was given", hint=f"--value AMOUNT --currency {given}")
    return parse_currency(given)


def only_given(**raw: object) -> dict[str, object]:
    """The options that were given, so that an edit touches nothing else."""
    return {name: value for name, value in raw.items() if value is not None}
