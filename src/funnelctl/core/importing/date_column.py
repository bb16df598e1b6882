"""How the dates of a column are written, from all of them together."""

from __future__ import annotations

from datetime import date

from funnelctl.core.importing.cells import REMEMBERED
from funnelctl.core.importing.date_format import EXCEL, LONGEST_DATE, compile_format
from funnelctl.core.importing.dates import certain, in_formats, may_be_date
from funnelctl.core.importing.decision import SAMPLES, Decision, Seen
from funnelctl.core.period import FIRST_YEAR, LAST_YEAR
from funnelctl.core.text import quoted
from funnelctl.errors import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS = r"([0-9]{1,2})([/. -]\s?)([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?:[T\s,].*)?"
_FIRST_SERIAL, _LAST_SERIAL = 14_611, 80_000  # 1940 to 2119
_ORDERS = {"DM": "DD{0}MM{0}YY", "MD": "MM{0}DD{0}YY", "YM": "YY{0}MM{0}DD"}


class DateColumn:
    """The dates of one column, as they are seen."""

    def __init__(self, name: str) -> None:
        import re

        self.name = name
        self._numbers = re.compile(_NUMBERS)
        self._known: set[str] = set()
        self._orders: dict[str, _Orders] = {}  # by what stands between the numbers
        self._serials: list[Seen] = []
        self._others: dict[str, Seen] = {}  # format that needs no more than a look: the first cell in it
        self._plain = False  # whether there are dates that need none

    def see(self, line: int, cell: str) -> None:
        """Take a cell into account."""
        if not cell or cell in self._known or len(cell) > LONGEST_DATE:
            return
        if len(self._known) < REMEMBERED:
            self._known.add(cell)
        if not may_be_date(cell):
            self._plain = self._plain or _is_certain(cell)
        elif match := self._numbers.fullmatch(cell):
            one, between, two, three = match.groups()
            self._orders.setdefault(between, _Orders(between)).see(Seen(line, cell), (one, two, three))
        elif cell[:5].isdigit() and not cell[5:8].isdigit():
            if _FIRST_SERIAL <= int(cell[:5]) <= _LAST_SERIAL and len(self._serials) < SAMPLES:
                self._serials.append(Seen(line, cell))
        else:
            written = "YYYYMMDD" if cell[:8].isdigit() else "D MMM YY"
            if written not in self._others and _fits(cell, written):
                self._others[written] = Seen(line, cell)

    def decisions(self) -> list[Decision]:
        """What the column says as a whole, and what it leaves open."""
        return [
            *self._of_orders(),
            *(
                self._answer(written, f"{self.name!r} is read as {written}: line {seen.line:,} has {quoted(seen.cell)}")
                for written, seen in self._others.items()
            ),
            *self._of_serials(),
        ]

    def _of_orders(self) -> list[Decision]:
        """What each sign between numbers says. Dots have an order of their own; that of the others is one."""
        others = [orders for orders in self._orders.values() if orders.only and not orders.has_dots]
        if len({orders.only for orders in others}) > 1:
            formats = [f"--date-format '{self.name}={one}'" for orders in others for one in orders.formats()]
            return [_contradiction(self.name, [seen for orders in others for seen in orders.witnesses], formats)]
        return [decision for orders in self._orders.values() for decision in orders.decisions(self.name)]

    def _answer(self, written: str, note: str) -> Decision:
        return Decision(answer=f"{self.name}={written}", note=note)

    def _of_serials(self) -> list[Decision]:
        if not self._serials:
            return []
        first = self._serials[0]
        day = in_formats(first.cell, [compile_format(EXCEL)])
        assert day is not None
        means = f"line {first.line:,} has {quoted(first.cell)}, which is {day[0]}"
        if not (self._plain or self._orders or self._others):
            return [self._answer(EXCEL, f"{self.name!r} is read as the day numbers of a spreadsheet: {means}")]
        return [
            Decision(
                question=f"{self.name!r} has numbers among its dates, which may be the day numbers of a spreadsheet",
                option=f"--date-format '{self.name}={EXCEL}' (ISO dates are read beside it)",
                option_for_all=f"--date-format '{self.name}={EXCEL}' (ISO dates are read beside it)",
                samples=tuple(
                    Problem(one.line, self.name, f"{quoted(one.cell)} is no date as the others are")
                    for one in self._serials
                ),
            )
        ]


def holds_dates(cells: Iterable[str]) -> bool:
    """Whether some of these cells are filled, and all of those with dates: what may be a plain number is none."""
    filled = {cell.strip() for cell in cells} - {""}
    return bool(filled) and all(map(_is_date, filled))


def _is_date(cell: str) -> bool:
    is_number = cell.replace(".", "", 1).replace(",", "", 1).isdigit()
    return len(cell) <= LONGEST_DATE and not is_number and (_is_certain(cell) or may_be_date(cell))


class _Orders:
    """Dates of three short numbers with the same sign between, and which of their orders are still possible."""

    def __init__(self, between: str) -> None:
        self._between = between
        self.has_dots = between.startswith(".")
        self._against: dict[str, Seen | None] = {"DM": None, "MD": None}  # the first cell that rules it out
        self._long: Seen | None = None  # the first with a year of four digits, which stands last
        self._widths: set[int] = set()
        self._samples: list[Seen] = []

    def see(self, seen: Seen, numbers: tuple[str, str, str]) -> None:
        """Take a cell into account, if it is in the calendar at all."""
        one, two, three = map(int, numbers)
        width = len(numbers[2])
        if width == 2 and not self.has_dots:
            self._against.setdefault("YM", None)
        late = three if width == 4 else three + (2000 if three < 69 else 1900)
        early = one + (2000 if one < 69 else 1900)
        days = {
            "DM": _day(late, two, one),
            "MD": _day(late, one, two),
            "YM": _day(early, two, three) if width == len(numbers[0]) == 2 else None,
        }
        possible = {day for order in self._against if (day := days[order])}
        if not possible:
            return
        self._widths.add(width)
        if width == 4:
            self._long = self._long or seen
        for order, witness in self._against.items():
            if witness is None and not days[order] and (order != "YM" or width == 2):
                self._against[order] = seen
        if len(self._samples) < SAMPLES and len(possible) > 1:
            self._samples.append(seen)

    def decisions(self, name: str) -> list[Decision]:
        """The order that is left; a question where several are, or none is."""
        if not self._widths:
            return []
        left = self._left()
        if not left:
            return [_contradiction(name, self.witnesses, [])]
        if len(left) > 1 and self.has_dots:
            left = ["DM"]  # nowhere are dots used for another order
            why = "dates with dots have the day first"
        elif len(left) > 1 and self._samples:
            return [self._question(name, left)]
        else:
            witness = next((seen for seen in self._against.values() if seen), None)
            why = f"line {witness.line:,} has {quoted(witness.cell)}" if witness else "either way it is the same"
        return [
            Decision(answer=f"{name}={written}", note=f"{name!r} is read as {written}: {why}")
            for written in self._formats(left[0])
        ]

    @property
    def only(self) -> str:
        """The order that a cell proves; nothing where several are left, or none is."""
        left = self._left()
        return left[0] if len(left) == 1 and self._widths else ""

    @property
    def witnesses(self) -> list[Seen]:
        """The cells that rule an order out."""
        return [seen for seen in self._against.values() if seen]

    def formats(self) -> list[str]:
        """The formats of the order that is proven."""
        return self._formats(self.only)

    def _left(self) -> list[str]:
        """The orders that nothing rules out."""
        if self._long and "YM" in self._against and self._against["YM"] is None:
            self._against["YM"] = self._long
        return [order for order, witness in self._against.items() if witness is None]

    def _formats(self, order: str) -> list[str]:
        short = _ORDERS[order].format(self._between)
        long = [short.replace("YY", "YYYY")] if 4 in self._widths and order != "YM" else []
        return long + ([short] if 2 in self._widths else [])

    def _question(self, name: str, left: list[str]) -> Decision:
        formats = [self._formats(order) for order in left]
        *most, last = [each[0] for each in formats]
        return Decision(
            question=f"{name!r} may be {', '.join(most)} or {last}, and no row tells which",
            option=" or ".join(" ".join(f"--date-format '{name}={one}'" for one in each) for each in formats),
            option_for_all=" or ".join(" ".join(f"--date-format {_word(one)}" for one in each) for each in formats),
            samples=tuple(Problem(one.line, name, _means(one.cell, formats)) for one in self._samples),
        )


def _contradiction(name: str, witnesses: list[Seen], formats: list[str]) -> Decision:
    """``formats`` are options that read each of the rows, if there are any."""
    return Decision(
        question=f"{name!r} has the day first in one row and the month first in another",
        option=" ".join(formats),
        option_for_all=" ".join(formats),
        samples=tuple(Problem(one.line, name, quoted(one.cell)) for one in sorted(set(witnesses))),
    )


def _word(written: str) -> str:
    """A format as a shell takes it."""
    return f"'{written}'" if " " in written else written


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _is_certain(cell: str) -> bool:
    try:
        return certain(cell) is not None
    except (ValueError, OverflowError):
        return False


def _fits(cell: str, written: str) -> bool:
    try:
        return in_formats(cell, [compile_format(written)]) is not None
    except (ValueError, OverflowError):
        return False


def _means(cell: str, formats: list[list[str]]) -> str:
    read = [in_formats(cell, map(compile_format, each)) for each in formats]
    return f"{quoted(cell)} may mean {' or '.join(dict.fromkeys(str(found[0]) for found in read if found))}"
