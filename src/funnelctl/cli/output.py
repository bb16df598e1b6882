"""The answer's way out: onto stdout in the form that was asked for, and what people are told beside it onto stderr."""

from __future__ import annotations

import os
import sys

from funnelctl.errors import Trouble
from funnelctl.render.answer import Screen, ids, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.cli.session import Session
    from funnelctl.core.table import Answer


def emit(answer: Answer, session: Session) -> None:
    """Print the answer; with ``--dry-run`` also what would change."""
    if not answer.as_of:
        from funnelctl.core.period import instant

        answer = answer._replace(as_of=instant(session.now))
    if session.dry_run:
        from funnelctl.cli.preview import with_changes

        answer = with_changes(answer, session.changes)
        tell("dry run: nothing was saved")
    if answer.document:
        text = answer.document
    else:
        text = ids(answer) if session.quiet else written(answer, session.fmt, screen())
    _put(text, session)
    for note in session.notes:
        tell(note)
    hidden = (answer.rows.total or 0) - len(answer.rows.rows)
    if hidden > 0 and not session.quiet:
        tell(f"{hidden} more; --limit {answer.rows.total} shows all")


def _put(text: str, session: Session) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()  # what people are told comes after it
    except OSError as error:
        raise Trouble(
            f"the answer could not be written ({error.strerror}){'; the change was saved' if session.saved else ''}",
            hint="funnelctl history shows what was done" if session.saved else "see where stdout goes",
        ) from error


def tell(text: str) -> None:
    """Lines for people, on stderr. That nobody can hear them is no failure."""
    from contextlib import suppress

    from funnelctl.core.text import clean

    with suppress(OSError):
        sys.stderr.write("".join(f"{clean(line)}\n" for line in text.split("\n")))


def screen() -> Screen:
    """What stdout is: a terminal or a pipe, how wide, whether it takes colour and Unicode."""
    terminal = sys.stdout.isatty()
    forced = os.environ.get("FORCE_COLOR", "0") not in ("", "0")
    refused = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = 80
    if terminal:
        import shutil

        width = shutil.get_terminal_size().columns
    encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
    return Screen(terminal, width, (terminal or forced) and not refused, encoding.startswith("utf"))
