"""The beginning: a new file."""

from __future__ import annotations

from typing import Annotated

import typer

from funnelctl.cli.commands import group, writes
from funnelctl.cli.session import Session
from funnelctl.core.table import Answer, Column, Table
from funnelctl.errors import Conflict, Usage

app = group("Begin.")


@writes(app, "init", dated=False)
def init(
    session: Session,
    path: Annotated[str | None, typer.Argument(metavar="[PATH]", help="Where (else --db, else your own).")] = None,
) -> Answer:
    """Create the file of a new pipeline."""
    import os
    import shlex

    if path and session.asked_db and path != session.asked_db:
        raise Usage(f"two files were named, {session.asked_db} and {path}; nothing was created", hint="leave one out")
    where = path or session.path
    if os.path.lexists(where):
        raise Conflict(
            f"there is a file {where} already; it was left as it is",
            hint=f"use it: funnelctl --db {where} report",
        )
    if not session.dry_run:
        try:
            session.create(where)
        except FileExistsError:
            raise Conflict(f"there is a file {where} already; it was left as it is") from None
    if path or session.named_db:
        session.note(f"to use it: export FUNNELCTL_DB={shlex.quote(os.path.abspath(where))}")
    table = Table((Column("path", "text"),), ((where,),))
    return Answer("init", table, line=f"{'would create' if session.dry_run else 'created'} {where}")
