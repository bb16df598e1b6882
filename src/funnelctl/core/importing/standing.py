"""Where a row's record stands, from all that the row says about it: funnel, stage, state or outcome, status."""

from __future__ import annotations

from funnelctl.core.importing.words import UnknownWord, Words, declaring, plain
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted, tidy_optional
from funnelctl.errors import Invalid, NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from funnelctl.core.funnel import Funnel


class Standing(NamedTuple):
    """A place in a funnel. ``entered`` is the stage in which a new record enters: of a won opportunity nothing is known
    but that it came from the first stage to the last. ``client_stage`` is where its client stands, if new.

    ``stage_said`` and ``said`` tell what the file said, a stage or anything at all, from what followed: only that may
    move a known record.
    """

    number: int  # its place among the standings of the file
    funnel: str
    stage: str
    state: str
    status: str | None
    entered: str
    client_stage: str
    stage_said: bool
    said: bool


class Standings:
    """Reads the standings of a file. There are few, so that a row only holds the number of its own.

    ``funnel_named`` gives the funnel of a key, the usual one for ``None``; ``said`` is what the words of the file were
    declared to mean, ``usual`` what they mean in the program that wrote it. Raises ``Invalid`` where something was
    declared that the usual funnel lacks.
    """

    def __init__(
        self,
        holds: str,
        funnel_named: Callable[[str | None], Funnel],
        said: Mapping[str, str],
        usual: Mapping[str, str] | None = None,
    ) -> None:
        self._found: dict[tuple[Any, ...], Standing] = {}
        self._holds = holds
        self._funnel_named = funnel_named
        self._said = said
        self._usual = usual
        self._words: dict[str, Words] = {}
        self._of(funnel_named(None))

    def lead(self, cells: tuple[str, str, str]) -> Standing:
        """From the cells of a lead's funnel, stage and state. Raises ``Invalid``."""
        funnel = self._funnel(cells[0])
        words = self._of(funnel)
        said = words.stage(cells[1])
        besides = words.outcome(cells[2], "state")
        state, stage_said = _agreed({said.state, besides.state}), _agreed({said.stage, besides.stage})
        first = funnel.first_lead_stage
        if first is None:
            raise Invalid(
                f"the funnel {funnel.key} takes no leads", "import them as opportunities, or into another --funnel"
            )
        stage = stage_said or first.key
        return self._new(funnel, stage, state, stage_said, entered=stage)

    def opportunity(self, cells: tuple[str, str, str, str]) -> Standing:
        """From the cells of an opportunity's funnel, stage, outcome and status. Raises ``Invalid``."""
        funnel = self._funnel(cells[0])
        words = self._of(funnel)
        said = words.stage(cells[1])
        # Many programs call the outcome a status.
        status = cells[3] if cells[3].strip() and not words.is_outcome(cells[3]) else ""
        all_said = (said, words.outcome(cells[2], "outcome"), words.outcome("" if status else cells[3], "status"))
        outcome, stage_said = _agreed({one.state for one in all_said}), _agreed({one.stage for one in all_said})
        first = funnel.first_opportunity_stage.key
        stage = funnel.last.key if outcome == "won" else stage_said or first
        entered = first if outcome == "won" else stage
        known_status = _status(funnel, status) if status and outcome in (None, "open") else None
        return self._new(funnel, stage, outcome, stage_said, entered=entered, status=known_status)

    def passage(self, cells: tuple[str, str, str]) -> tuple[Funnel, str | None, str]:
        """From the cells of funnel, stage and outcome: the funnel, the stage (``None``: none is said) and the state.

        Raises ``Invalid``."""
        funnel = self._funnel(cells[0])
        words = self._of(funnel)
        said, besides = words.stage(cells[1]), words.outcome(cells[2], "outcome")
        stage, state = _agreed({said.stage, besides.stage}), _agreed({said.state, besides.state})
        if stage is None and state is None:
            raise Invalid("the row says neither a stage nor an outcome")
        return funnel, stage, state or "open"

    def end(self, funnel: Funnel, stage: str, state: str, status: str | None) -> Standing:
        """Where a record stands at the end of its history."""
        return self._new(funnel, stage, state, stage, entered=stage, status=status)

    def funnel(self, key: str) -> Funnel:
        """The funnel of a standing or passage that was read."""
        return self._funnel(key)

    @property
    def found(self) -> list[Standing]:
        """All standings that were read, in the order of their numbers."""
        return list(self._found.values())

    def reason(self, cells: tuple[str, str]) -> str | None:
        """From the cells of funnel and reason: the funnel's own word for a loss where it has it, else the file's."""
        text = tidy_optional(cells[1], "reason")
        if text is None:
            return None
        known = "-".join(plain(text).split())
        return known if known in self._funnel(cells[0]).lost_reasons else text

    def _new(
        self, funnel: Funnel, stage: str, state: str | None, stage_said: str | None, *, entered: str,
        status: str | None = None,
    ) -> Standing:  # fmt: skip
        client = funnel.first_lead_stage or funnel.first_opportunity_stage
        said = state is not None or stage_said is not None
        new = (funnel.key, stage, state or "open", status, entered, client.key, stage_said is not None, said)
        return self._found.setdefault(new, Standing(len(self._found), *new))

    def _funnel(self, cell: str) -> Funnel:
        try:
            return self._funnel_named(cell.strip().lower() or None)
        except NotFound as error:
            raise UnknownWord("funnel", error.message, error.hint) from None

    def _of(self, funnel: Funnel) -> Words:
        if funnel.key not in self._words:
            self._words[funnel.key] = Words(funnel, self._holds, self._said, self._usual)
        return self._words[funnel.key]


def _agreed(said: set[str | None]) -> str | None:
    """The one state, or stage, that a row's cells say, ``None`` where they say none."""
    said.discard(None)
    if len(said) > 1:
        raise Invalid(f"the row says both {' and '.join(sorted(map(str, said)))}")
    return said.pop() if said else None


def _status(funnel: Funnel, word: str) -> str:
    status = "-".join(plain(word).split())
    if status in funnel.statuses and status != "postponed":
        return status
    raise UnknownWord(
        "status",
        f"{quoted(word.strip())} is no status of {funnel.key}",
        "if the column holds stages: --map '{column}=stage'; to leave it out: --map '{column}='",
        declaring(word),
    )
