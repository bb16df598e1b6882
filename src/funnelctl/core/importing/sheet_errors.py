"""Cells in which a spreadsheet has put an error in the place of a value: nobody is called ``#REF!``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from funnelctl.core.importing.columns import Columns
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row

NOT_CALCULATED = "=?"  # in place of a formula whose result is not in the file
_SIGNS = (
    "#REF!", "#N/A", "#NAME?", "#DIV/0!", "#VALUE!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!",
    "#BEZUG!", "#NV", "#WERT!", "#ZAHL!", "#¡REF!", "#¿NOMBRE?", "#¡DIV/0!", "#¡VALOR!", "#¡NUM!",
)  # fmt: skip
_ERRORS = {sign: f"{sign} is an error of the spreadsheet, not a value" for sign in _SIGNS}
_IN_WORKBOOKS = _ERRORS | {
    NOT_CALCULATED: "the result of this formula is not in the file: open it in a spreadsheet, and save it there"
}


def errors_of(form: str) -> Mapping[str, str]:
    """What a cell may hold in the place of a value in a file of this format, and what is told of it."""
    return {"xlsx": _IN_WORKBOOKS, "csv": _ERRORS, "tsv": _ERRORS}.get(form, {})


def may_be_among(text: str) -> bool:
    """Whether one of them may be among the cells that were joined to ``text``."""
    return "#" in text or "=" in text


def without_errors(rows: list[Row], errors: Mapping[str, str], columns: Columns, problems: Problems) -> list[Row]:
    """The rows in which no mapped cell is such an error; the others are ``problems``."""

    def is_good(line: int, row: list[str]) -> bool:
        wrong = [place for place in columns.places.values() if row[place] in errors]
        for place in wrong:
            hint = "mend it in the spreadsheet, or leave it out: --map '{column}='"
            problems.add(line, columns.header[place], errors[row[place]], hint)
        return not wrong

    return [each for each in rows if is_good(*each)]
