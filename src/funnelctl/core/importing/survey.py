"""What a column says as a whole where a single cell cannot tell: the order of day and month, the decimal mark,
whether chances are per cent.

The order is certain where some row rules the other one out, as 3/20/2025 does, and none contradicts it. What stays
open is asked, with the option that answers it; what was found is told. Each column is looked at on its own.
"""

from __future__ import annotations

from funnelctl.core.importing.cells import REMEMBERED
from funnelctl.core.importing.columns import place_of
from funnelctl.core.importing.date_column import DateColumn
from funnelctl.core.importing.decision import SAMPLES, Decision, Seen
from funnelctl.core.importing.declared import format_of
from funnelctl.core.importing.probability_column import ProbabilityColumn, said_by_name
from funnelctl.core.importing.undecided import OpenQuestion
from funnelctl.core.money import Ambiguous, parse_currency, proven_mark
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import Invalid, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.sheet import Sheet

DATE_FIELDS = ("created", "closed", "close", "at")


class Found(NamedTuple):
    """What was declared, completed by what the columns say, and sentences that tell it."""

    declared: Declared
    notes: list[str]


def survey(sheet: Sheet, columns: Columns, declared: Declared, name: str) -> Found:
    """Go through the rows of ``sheet`` and find how its dates, amounts and chances are written, as far as that was not
    declared.

    Raises ``OpenQuestion`` with every question that the columns leave open, and where a column contradicts itself.
    """
    spoken_for = {format_of(one)[0] for one in declared.date_formats}
    taken = {place_of(columns.header, one) for one in spoken_for if one}
    dates = {
        columns.places[field]: DateColumn(columns.named(field))
        for field in DATE_FIELDS
        if field in columns.places and "" not in spoken_for and columns.places[field] not in taken
    }
    amounts = None
    if "value" in columns.places and declared.decimal is None:
        amounts = AmountColumn(columns.named("value"), declared.currency)
    chances = None
    named = columns.named("probability")
    if "probability" in columns.places and declared.probability is None and not said_by_name(named):
        chances = ProbabilityColumn(named)
    value, currency = columns.places.get("value", -1), columns.places.get("currency", -1)
    chance = columns.places.get("probability", -1)
    for line, row in sheet.rows:
        for place, column in dates.items():
            column.see(line, row[place].strip())
        if amounts is not None:
            amounts.see(line, row[value].strip(), row[currency].strip() if currency >= 0 else "")
        if chances is not None:
            chances.see(line, row[chance].strip())
    seen = [*dates.values(), *(column for column in (amounts, chances) if column is not None)]
    return _decided([decision for column in seen for decision in column.decisions()], declared, name)


def _decided(decisions: list[Decision], declared: Declared, name: str) -> Found:
    questions = [one for one in decisions if one.question]
    if questions:
        found = any(one.answer and one.about == "dates" for one in decisions)
        asked = dict.fromkeys(one.option if found else one.option_for_all for one in questions)
        raise OpenQuestion(
            f"{name}: {'; '.join(dict.fromkeys(one.question for one in questions))}; nothing was saved",
            "; ".join(f"answer by {one}" for one in asked if one) or "correct the file and try again",
            tuple(sorted((each for one in questions for each in one.samples), key=lambda each: each.line)),
            name,
        )
    formats = tuple(one.answer for one in decisions if one.about == "dates")
    answers = {one.about: one.answer for one in decisions}
    completed = declared._replace(
        date_formats=(*declared.date_formats, *formats),
        decimal=answers.get("decimal", declared.decimal),
        probability=answers.get("probability", declared.probability),
        surveyed=True,
    )
    return Found(completed, list(dict.fromkeys(one.note for one in decisions if one.note)))


class AmountColumn:
    """The amounts of one column, as they are seen."""

    def __init__(self, name: str, currency: str | None) -> None:
        self.name = name
        self._currency = currency
        self._known: set[tuple[str, str]] = set()
        self._marks: dict[str, Seen] = {}  # decimal mark: the first amount that proves it
        self._open: list[tuple[Seen, str]] = []  # amounts that may be two, and how that is told

    def see(self, line: int, cell: str, currency: str) -> None:
        """Take a cell, and that of its currency, into account."""
        if not cell or (cell, currency) in self._known or cell.isdigit():
            return
        if len(self._known) < REMEMBERED:
            self._known.add((cell, currency))
        try:
            code = parse_currency(currency) if currency else self._currency
            mark = proven_mark(cell, code)
            if mark:
                self._marks.setdefault(mark, Seen(line, cell))
        except Ambiguous as error:
            if len(self._open) < SAMPLES:
                self._open.append((Seen(line, cell), error.message))
        except Invalid:
            return  # no amount, which is told when the rows are read

    def decisions(self) -> list[Decision]:
        """The decimal mark, which is told where any amount leaves it open."""
        if not self._open:
            return [Decision(answer=mark, about="decimal") for mark in self._marks if len(self._marks) == 1]
        if len(self._marks) == 1:
            [(mark, seen)] = self._marks.items()
            why = f"line {seen.line:,} has {quoted(seen.cell)}"
            return [Decision(answer=mark, note=f"{self.name!r} has the decimal mark {mark}: {why}", about="decimal")]
        samples = tuple(Problem(seen.line, self.name, message) for seen, message in self._open)
        question = f"{self.name!r} does not tell whether its decimal mark is . or ,"
        if self._marks:
            question = f"{self.name!r} has amounts with the decimal mark . and with ,"
            samples += tuple(
                Problem(seen.line, self.name, f"{quoted(seen.cell)} has the decimal mark {mark}")
                for mark, seen in self._marks.items()
            )
        option = "--decimal . or --decimal ,"
        return [Decision(question=question, option=option, option_for_all=option, samples=samples, about="decimal")]
