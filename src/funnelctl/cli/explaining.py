"""``import --explain``: how a file would be read, without reading it in."""

from __future__ import annotations

from funnelctl.core.importing.explaining import Whose, explained
from funnelctl.core.importing.task import task_of
from funnelctl.core.table import Answer, Column, Table
from funnelctl.store.intake.run import READ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.cli.recognising import Source
    from funnelctl.cli.session import Session
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet

FILE = (Column("what", "text", "The file"), Column("found", "text", ""))


def explanation(
    session: Session, sheet: Sheet, columns: Columns, problems: Problems, user: Declared, source: Source, said: Declared
) -> Answer:
    """How ``sheet`` would be read: ``user`` is what was said of it, ``source`` what is known of it beside that, and
    ``said`` what is declared of its cells as they were put together."""
    with session.looking() as book:
        task = task_of(said, columns, book.funnel, book.region, session.now, session.at)
        preset = source.preset.key if source.preset else None
        told = explained(sheet, task, problems, Whose(user, source.said, said, preset), READ[task.kind][1])
    session.notes += [note for note in told.notes if note not in problems.notes]
    found = {
        "rows": task.kind,
        "preset": preset,
        "format": sheet.form,
        "encoding": sheet.encoding or None,
        "delimiter": sheet.delimiter or None,
        "matched by": task.match,
        "rows read": f"{told.rows_read:,}",
        "problems": f"{problems.count:,}",
    }
    file = Table(FILE, tuple((what, value) for what, value in found.items() if value))
    screen = (file, told.columns, *((told.words,) if told.words.rows else ()))
    more = {
        **{key.replace(" ", "_"): value for key, value in found.items()},
        "rows_read": told.rows_read,
        "problems": problems.count,
        "words": told.words,
        "notes": [*problems.notes, *told.notes],
    }
    del more["rows"]
    return Answer("import-explain", told.columns, screen=screen, more={"as": task.kind, **more})
