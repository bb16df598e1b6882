"""The command that imports the rows that were left out, once they are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funnelctl.core.importing.rejects import SHEET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funnelctl.cli.session import Session
    from funnelctl.core.importing.declared import Declared


def command_again(
    session: Session, path: str, own: Declared, decided: Declared, beside: Iterable[tuple[str, str | None]]
) -> str:
    """The words, quoted for a shell, that read the file at ``path`` as the one of which its rows are.

    ``own`` is what the command line said and ``decided`` what holds in the end, for a few rows no longer tell what the
    whole file did. ``beside`` are options and values that neither knows.
    """
    import shlex

    given: list[tuple[str, str | None]] = [("--as", decided.kind), *beside]
    given += [("--map", f"{name}={field}") for name, field in own.columns.items()]
    given += [("--stage", f"{name}={meaning}") for name, meaning in own.stages.items()]
    given += [("--match", own.match), ("--on-duplicate", own.on_duplicate)]
    given += [("--footer", text) for text in own.rules.footer]
    given += [("--empty", word) for word in own.rules.empty]
    given += [("--funnel", own.funnel), ("--currency", own.currency)]
    given += [("--date-format", written) for written in decided.date_formats]
    given += [("--decimal", decided.decimal), ("--probability", decided.probability)]
    given += [("--delimiter", own.delimiter), ("--encoding", decided.encoding)]
    given += [("--sheet", SHEET if decided.sheet else None), ("--at", session.at if session.backdated else None)]
    words = ["funnelctl", "import", f"./{path}" if path.startswith("-") else path]
    for option, value in (("--db", session.asked_db), *given):
        if value is not None:
            words += [f"{option}={value}"] if value.startswith("-") else [option, value]
    return shlex.join(words)
