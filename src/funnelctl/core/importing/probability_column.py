"""Whether the chances of winning in a column are shares of 1 or per cent, from all of them together."""

from __future__ import annotations

from funnelctl.core.importing.decision import Decision, Seen
from funnelctl.core.text import quoted
from funnelctl.errors import Problem

PERCENT, SHARE = "percent", "share"
_OPTION = f"--probability {PERCENT} or --probability {SHARE}"


def plain_number(cell: str) -> float | None:
    """The number in a cell that holds nothing else; ``None`` for one with a sign, and for what is no number."""
    digits = cell.replace(".", "", 1)
    return float(cell) if digits.isascii() and digits.isdigit() else None


class ProbabilityColumn:
    """The chances of one column, as they are seen. 0 is the same either way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._percent: Seen | None = None  # the first that can only be per cent
        self._share: Seen | None = None  # the first between 0 and 1
        self._one: Seen | None = None

    def see(self, line: int, cell: str) -> None:
        """Take a cell into account."""
        number = plain_number(cell.replace(",", "."))
        if cell.endswith("%") or (number is not None and number > 1):
            self._percent = self._percent or Seen(line, cell)
        elif number == 1:
            self._one = self._one or Seen(line, cell)
        elif number:
            self._share = self._share or Seen(line, cell)

    def decisions(self) -> list[Decision]:
        """What the numbers are, if any leaves it open."""
        if not (self._share or self._one):
            return []
        if self._percent:
            return [self._answer(PERCENT, "is read as per cent", self._percent)]
        if self._share:
            return [self._answer(SHARE, "is read as shares of 1: nothing in it is larger, and", self._share)]
        assert self._one
        question = f"{self.name!r} has no number but 0 and 1, which may be 100 % or 1 %"
        sample = Problem(self._one.line, self.name, f"{quoted(self._one.cell)} may mean 100 % or 1 %")
        return [
            Decision(question=question, option=_OPTION, option_for_all=_OPTION, samples=(sample,), about="probability")
        ]

    def _answer(self, answer: str, what: str, seen: Seen) -> Decision:
        joint = ":" if answer == PERCENT else ""
        note = f"{self.name!r} {what}{joint} line {seen.line:,} has {quoted(seen.cell)}"
        return Decision(answer=answer, note=note, about="probability")
