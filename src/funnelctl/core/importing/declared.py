"""What is said of a file: on the command line, and in a saved mapping whose keys are the same words."""

from __future__ import annotations

from funnelctl.core.importing.probability_column import PERCENT, SHARE
from funnelctl.core.importing.rules import NO_RULES, Rules
from funnelctl.core.record import NamedTuple
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

KINDS = ("leads", "opportunities", "activities", "moves")
POLICIES = ("skip", "fill", "overwrite", "error")
MATCHES = {"key": "key", "email": "email_key", "phone": "phone_key", "name": "name_key"}
LEAVE_OUT = ("", "-")  # said in place of a field for a column that is to be left out


class Declared(NamedTuple):
    """What was said. ``None`` and empty mean nothing.

    ``stages`` was said of this file, so that a funnel must have what is named there; ``usual_stages`` is what a preset
    knows of the files of a program, and counts as far as the funnel has it.
    """

    kind: str | None = None
    funnel: str | None = None
    currency: str | None = None
    columns: dict[str, str] = {}  # noqa: RUF012 - name of a column to field; never changed
    stages: dict[str, str] = {}  # noqa: RUF012 - word of the file to stage or outcome; never changed
    date_formats: tuple[str, ...] = ()
    decimal: str | None = None
    probability: str | None = None  # what a bare number is: percent, or a share of 1
    delimiter: str | None = None
    encoding: str | None = None
    match: str | None = None
    on_duplicate: str | None = None
    sheet: str | None = None
    rules: Rules = NO_RULES
    usual_stages: dict[str, str] = {}  # noqa: RUF012 - as ``stages``; never changed
    surveyed: bool = False  # whether what single cells cannot tell was sought in whole columns already

    def over(self, saved: Declared) -> Declared:
        """This, and what ``saved`` says beside it. A field that is mapped here is not taken from a column there."""
        fields = set(self.columns.values())
        columns = {name: field for name, field in saved.columns.items() if field in LEAVE_OUT or field not in fields}
        said = {name: value for name, value in self._asdict().items() if value}
        return saved._replace(
            **{
                **said,
                "columns": {**columns, **self.columns},
                "stages": {**saved.stages, **self.stages},
                "rules": self.rules.over(saved.rules),
            }
        )


def checked(key: str, text: str) -> str:
    """The value that ``text`` says for a key of a saved mapping (``as``, ``currency``, ``on_duplicate`` ...).

    Raises ``Invalid``.
    """
    return _CHECKS[key](text.strip() if key != "delimiter" else text)


def _one_of(what: str, allowed: Iterable[str]) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text.lower() in allowed:
            return text.lower()
        raise Invalid(f"{what} cannot be {text[:60]!r}", f"it is one of {', '.join(allowed)}")

    return check


def _currency(text: str) -> str:
    from funnelctl.core.money import parse_currency

    return parse_currency(text)


def _delimiter(text: str) -> str:
    from funnelctl.core.importing.delimited import parse_delimiter

    return parse_delimiter(text)


def format_of(declared: str) -> tuple[str, str]:
    """The column to which a declared date format is limited, empty where it holds for all, and the format:
    ``Created=DD/MM/YYYY``."""
    column, _, written = declared.rpartition("=")
    return column.strip(), written


def _date_format(text: str) -> str:
    from funnelctl.core.importing.date_format import compile_format

    compile_format(format_of(text)[1])
    return text


_CHECKS: dict[str, Callable[[str], str]] = {
    "as": _one_of("what the rows are", KINDS),
    "funnel": str.lower,
    "currency": _currency,
    "date_format": _date_format,
    "decimal": _one_of("the decimal mark", (".", ",")),
    "probability": _one_of("a chance of winning", (PERCENT, SHARE)),
    "delimiter": _delimiter,
    "encoding": str,
    "sheet": str,
    "match": _one_of("what rows are matched by", MATCHES),
    "on_duplicate": _one_of("what is done with a record that is known", POLICIES),
}
