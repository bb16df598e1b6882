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


def said_by_name(column: str) -> str | None:
    """What the bare numbers of a column are by its name: ``Probability (%)`` has per cent."""
    return PERCENT if "%" in column else None


class ProbabilityColumn:
    """The chances of one column, as they are seen. 0 is the same either way."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._percent: Seen | None = None  # the first bare number that can only be per cent
        self._marked: Seen | None = None  # the first that says so itself, which tells nothing of bare ones
        self._share: Seen | None = None  # the first bare number between 0 and 1
        self._one: Seen | None = None

    def see(self, line: int, cell: str) -> None:
        """Take a cell into account."""
        number = plain_number(cell.replace(",", "."))
        if cell.endswith("%"):
            self._marked = self._marked or Seen(line, cell)
        elif number is not None and number > 1:
            self._percent = self._percent or Seen(line, cell)
        elif number == 1:
            self._one = self._one or Seen(line, cell)
        elif number:
            self._share = self._share or Seen(line, cell)

    def decisions(self) -> list[Decision]:
        """What the numbers are, if any leaves it open."""
        seen = self._share or self._one
        if not seen:
            return []
        if self._percent:
            return [self._answer(PERCENT, "is read as per cent", self._percent)]
        number = plain_number(seen.cell.replace(",", "."))
        assert number
        either = f"{100 * number:g} % or {number:g} %"
        samples = [Problem(seen.line, self.name, f"{quoted(seen.cell)} may mean {either}")]
        if self._marked:
            question = f"{self.name!r} has numbers up to 1 beside others with %: {quoted(seen.cell)} may mean {either}"
            samples.append(Problem(self._marked.line, self.name, f"{quoted(self._marked.cell)} has its %"))
        elif self._share:
            return [self._answer(SHARE, "is read as shares of 1: nothing in it is larger, and", self._share)]
        else:
            question = f"{self.name!r} has no number but 0 and 1, which may be {either}"
        return [
            Decision(
                question=question, option=_OPTION, option_for_all=_OPTION, samples=tuple(samples), about="probability"
            )
        ]

    def _answer(self, answer: str, what: str, seen: Seen) -> Decision:
        joint = ":" if answer == PERCENT else ""
        note = f"{self.name!r} {what}{joint} line {seen.line:,} has {quoted(seen.cell)}"
        return Decision(answer=answer, note=note, about="probability")
