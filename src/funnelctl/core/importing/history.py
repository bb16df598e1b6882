"""A history in a cell: a JSON list of passages, ``[{"stage": "Proposal", "at": "2026-01-31"}, ...]``.

What a row says of where its record stands is where the history ends: where that is not where the last passage took it,
there was one more.
"""

from __future__ import annotations

from funnelctl.core.importing.json_text import Wrong, decoder
from funnelctl.core.importing.passages import MOST, Passage, Way, walked
from funnelctl.core.importing.words import UnknownWord
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from funnelctl.core.importing.dates import Dates
    from funnelctl.core.importing.standing import Standing, Standings

_SHAPE = 'a history looks like this: [{"stage": "Proposal", "at": "2026-01-31"}]'


def history_parser(standings: Standings, dates: Dates) -> Callable[[tuple[str, str]], list[Passage]]:
    """Reads the cells of funnel and history: the passages in the order of their times; none for an empty cell."""

    def parse(cells: tuple[str, str]) -> list[Passage]:
        funnel, cell = cells
        passages = []
        for one in _listed(cell) if cell.strip() else ():
            stage, written = (one.get(name) if isinstance(one, dict) else None for name in ("stage", "at"))
            if isinstance(one, Wrong):
                raise Invalid(f"the history has a passage that is not clear: {one.message}", _SHAPE)
            if type(stage) is not str or type(written) is not str:
                raise Invalid("the history has something that is no passage", _SHAPE)
            at = dates.instant(written)
            if at is None:
                raise Invalid("the history has a passage without a date", _SHAPE)
            try:
                _, stage, state = standings.passage((funnel, stage, ""))
            except UnknownWord as error:
                error.field = "history"
                raise
            passages.append(Passage(at, stage, state))
        return sorted(passages, key=lambda passage: passage.at)

    return parse


def followed(
    standings: Standings, where: Standing, history: list[Passage], created: str | None, closed: str | None,
    reason: str | None,
) -> tuple[Standing, Way]:  # fmt: skip
    """The way through ``history`` to ``where`` the row says that the record stands, since ``closed`` if that is said;
    and the standing at its end. ``created`` is when it began, ``reason`` why it was lost."""
    funnel = standings.funnel(where.funnel)
    passages = [one._replace(detail=reason if one.state == "lost" else None) for one in history]
    last = passages[-1].at
    if where.said:
        at = max(last, closed or last) if where.state != "open" else last
        passages.append(Passage(at, where.stage if where.stage_said else None, where.state, reason))
    if where.status is not None and passages[-1].state == "open":
        passages.append(Passage(last, None, "open", where.status, kind="status"))
    way = walked(funnel, passages, created)
    return standings.end(funnel, way.end.stage, way.end.outcome, way.end.status), way


def kept(way: Way) -> str:
    """A way as one text, from which the store takes the moves in one statement for all records."""
    import json

    return json.dumps({"steps": way.steps, "furthest": way.end.furthest, "entered": way.end.entered_at})


def _listed(cell: str) -> list[object]:
    try:
        found = decoder().decode(cell)
    except (ValueError, RecursionError):
        raise Invalid("the history cannot be read as JSON", _SHAPE) from None
    if not isinstance(found, list):
        raise Invalid("the history is no list", _SHAPE)
    if len(found) > MOST:
        raise Invalid(f"the history has {len(found):,} passages, and a record can have {MOST:,}", "is it one record's?")
    return found
