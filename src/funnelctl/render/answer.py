"""An answer as text, in the format that was asked for."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.table import Answer, Table

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")

BOXED_AT_MOST = 200  # rows: a drawn table costs 0.7 ms a row, and nobody reads more of them on a screen


class Screen(NamedTuple):
    """What the text is written to. ``unicode`` is False where it can't take every character."""

    terminal: bool
    width: int
    colour: bool
    unicode: bool


def written(answer: Answer, fmt: str, screen: Screen) -> str:
    """The whole text of ``answer`` in ``fmt``, one of ``FORMATS``, each line ended.

    For people (``table``, ``md``) and on a terminal it is harmless to the terminal; for programs, lossless.
    """
    # each format is imported when it is asked for: start-up is paid on every command
    if fmt in ("json", "jsonl"):
        from funnelctl.render.objects import document, lines

        return document(answer, screen) if fmt == "json" else lines(answer.rows, screen)
    if fmt in ("csv", "tsv"):
        from funnelctl.render.separated import csv, tsv

        return (csv if fmt == "csv" else tsv)(answer.rows, screen)
    if fmt == "md":
        from funnelctl.render.markdown import markdown

        return "\n".join(markdown(table, screen) for table in answer.screen or (answer.rows,))
    if fmt != "table":
        raise ValueError(fmt)
    if answer.line:
        from funnelctl.render.shown import harmless

        return harmless(answer.line, screen) + "\n"
    return "\n".join(_table(table, screen) for table in answer.screen or (answer.rows,))


def ids(answer: Answer) -> str:
    """The first column of the rows, a line each; a row that has nothing there is left out."""
    from funnelctl.core.text import clean

    return "".join(f"{clean(str(row[0]))}\n" for row in answer.rows.rows if row[0] is not None)


def _table(table: Table, screen: Screen) -> str:
    if screen.terminal and len(table.rows) <= BOXED_AT_MOST:
        from funnelctl.render.boxed import boxed

        drawn = boxed(table, screen)
        if drawn is not None:
            return drawn
    from funnelctl.render.plain import plain

    return plain(table, screen)
