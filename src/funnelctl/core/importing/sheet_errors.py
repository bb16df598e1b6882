"""Cells in which a spreadsheet has put an error in the place of a value: nobody is called ``#REF!``."""

from __future__ import annotations

from itertools import chain

from funnelctl.core.importing.sheet import few_at_once

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row, Sheet

NOT_CALCULATED = "=?"  # in place of a formula whose result is not in the file
_SIGNS = (
    "#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
    "#BEZUG!", "#NV", "#WERT!", "#ZAHL!", "#¡REF!", "#¿NOMBRE?", "#¡DIV/0!", "#¡VALOR!", "#¡NUM!",
)  # fmt: skip
_ERRORS = {sign: f"{sign} is an error of the spreadsheet, not a value" for sign in _SIGNS}
_IN_WORKBOOKS = _ERRORS | {
    NOT_CALCULATED: "the result of this formula is not in the file: open it in a spreadsheet, and save it there"
}


def without_errors(sheet: Sheet, columns: Columns, problems: Problems) -> Sheet:
    """The sheet without the rows in which a mapped cell is such an error: these are ``problems``."""
    errors = {"xlsx": _IN_WORKBOOKS, "csv": _ERRORS, "tsv": _ERRORS}.get(sheet.form)
    if errors is None:
        return sheet

    def good(line: int, row: list[str]) -> bool:
        wrong = [place for place in columns.places.values() if row[place] in errors]
        for place in wrong:
            hint = "mend it in the spreadsheet, or leave it out: --map '{column}='"
            problems.add(line, columns.header[place], errors[row[place]], hint)
        return not wrong

    def blocks() -> Iterator[list[Row]]:
        for few in few_at_once(sheet.rows):
            text = "".join(["".join(row) for _, row in few])
            # One of these signs is in every such error.
            yield [each for each in few if good(*each)] if "#" in text or "=" in text else few

    return sheet._replace(rows=chain.from_iterable(blocks()))
