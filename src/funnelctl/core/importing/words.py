"""The words by which a file says where a record stands: its own names of stages, and the usual ones of outcomes."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.core.text import fold, quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from funnelctl.core.funnel import Funnel

_LEADS = {
    "open": "open, active, abierto, activo, aktif",
    "converted": "converted, customer, convertido, convertida, cliente, pelanggan",
    "disqualified": "disqualified, unqualified, not qualified, junk, junk lead, lost, lost lead, dropped,"
    " descalificado, no calificado, perdido, gugur",
}
_OPPORTUNITIES = {
    "open": "open, live, active, in progress, abierto, abierta, en curso, terbuka, berjalan",
    "won": "won, win, closed won, ganado, ganada, cerrado ganado, cerrada ganada, menang",
    "lost": "lost, closed lost, perdido, perdida, cerrado perdido, cerrada perdida, kalah",
}
_USUAL = {"lead": _LEADS, "opportunity": _OPPORTUNITIES}
_HELD_BACK = {"lead": ("disqualified", "converted"), "opportunity": ("lost",)}  # these keep the stage that they had


class Said(NamedTuple):
    """What a word says: a stage (``None``: none), and a state or outcome (``None``: none)."""

    stage: str | None
    state: str | None


NOTHING = Said(None, None)
REST = "*"  # said in place of a word for all that are not known


class UnknownWord(Invalid):
    """A word of the file that names nothing we know, in the column that is mapped to ``field``. ``option`` is what
    would declare it, to be read with the hint. In a hint ``{column}`` stands for the name of that column."""

    def __init__(self, field: str, message: str, hint: str, option: str = "") -> None:
        super().__init__(message, hint)
        self.field = field
        self.option = option


class Words:
    """The words of one file for one funnel. ``said`` maps words to stages or outcomes, and ``*`` every word that is not
    known; it wins over ``usual``, what is known of the program that wrote the file, and over the usual words of all.

    ``holds`` is ``lead`` or ``opportunity``. Raises ``Invalid`` where something is said to be what the funnel lacks;
    what is only usual counts as far as the funnel has it.
    """

    def __init__(
        self, funnel: Funnel, holds: str, said: Mapping[str, str], usual: Mapping[str, str] | None = None
    ) -> None:
        self._funnel, self._holds = funnel, holds
        self._stages = {stage.key: stage for stage in funnel.walk if stage.holds == holds}
        self._states = {plain(word): state for state, words in _USUAL[holds].items() for word in words.split(",")}
        known = {word: Said(None, state) for word, state in self._states.items()}
        for stage in self._stages.values():
            known.update({plain(name): Said(stage.key, None) for name in (*stage.label, stage.key)})
        known.update({plain(word): found for word, target in (usual or {}).items() if (found := self._found(target))})
        declared = {plain(word): self._target(target) for word, target in said.items() if word.strip() != REST}
        self._known = {**known, **declared}
        self._declared = declared.keys()
        self._rest = next((self._target(target) for word, target in said.items() if word.strip() == REST), None)

    def stage(self, word: str) -> Said:
        """What a word in a column of stages says. Raises ``UnknownWord``."""
        if not word.strip():
            return NOTHING
        try:
            return self._known[plain(word)]
        except KeyError:
            if self._rest is not None:
                return self._rest
            raise UnknownWord(
                "stage",
                f"{quoted(word.strip())} is no stage of {self._funnel.key}",
                f"STAGE is one of {self._targets()}; --stage '{REST}=STAGE' is for all that are not named",
                declaring(word),
            ) from None

    def outcome(self, word: str, field: str) -> Said:
        """What a word in a column of outcomes says: of stages only what was declared. Raises ``UnknownWord``."""
        if not word.strip():
            return NOTHING
        said = self._known.get(plain(word), NOTHING)
        if said.state is None and plain(word) not in self._declared:
            raise UnknownWord(
                field,
                f"{quoted(word.strip())} is none of {', '.join(_USUAL[self._holds])}",
                f"STAGE is one of {self._targets()}; --map '{{column}}=' leaves the column out",
                declaring(word),
            )
        return said

    def is_outcome(self, word: str) -> bool:
        """Whether a word in a column of statuses is one of the usual ones for an outcome, or was declared."""
        return plain(word) in self._states or plain(word) in self._declared

    def _target(self, target: str) -> Said:
        """What a word was said to mean: ``proposal``, ``won``, ``lost:proposal``."""
        found = self._found(target)
        if found is None:
            raise Invalid(
                f"{quoted(target)} is neither a stage of {self._funnel.key} nor an outcome",
                f"--stage takes {self._targets()}",
            )
        return found

    def _found(self, target: str) -> Said | None:
        state, colon, stage = target.strip().lower().partition(":")
        if colon and state in _HELD_BACK[self._holds] and stage.strip() in self._stages:
            return Said(stage.strip(), state)
        if not colon and state in self._stages:
            return Said(state, None)
        if not colon and state in _USUAL[self._holds]:
            return Said(None, state)
        return None

    def _targets(self) -> str:
        held = [f"{state}:STAGE" for state in _HELD_BACK[self._holds]]
        return ", ".join([*self._stages, *_USUAL[self._holds], *held])


def declaring(word: str) -> str:
    """The option that declares a word, its meaning to be filled in."""
    name = word.strip().replace("'", "")[:60]
    return f"--stage '{name}=STAGE'"


def plain(word: str) -> str:
    """A word without what is written in different ways: case, punctuation, spaces. ``WON!!`` is ``won``."""
    return " ".join("".join([char if char.isalnum() else " " for char in fold(word)]).split())


def ends(word: str, said: Mapping[str, str]) -> bool:
    """Whether a word says that an opportunity is won or lost, as far as that can be known without its funnel."""
    told = {plain(one): target for one, target in said.items()}.get(plain(word))
    if told is not None:
        return told.strip().lower().partition(":")[0] in ("won", "lost")
    return plain(word) in {plain(one) for state in ("won", "lost") for one in _OPPORTUNITIES[state].split(",")}
