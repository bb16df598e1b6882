"""How the cells of a file are brought into the form that a field is read in: what a saved mapping or a preset says
beside which column is which field."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any

EVERY = "*"  # said in place of a field for all of them


class Rules(NamedTuple):
    """Rules for the rows of one file, in the order in which they are followed. Empty: nothing is done.

    ``footer``: the table ends at a row whose first filled cell begins so. ``leave_out``: a row is left out whose
    column (the key) holds one of these words; ``needs``: so is one in which none of these fields is filled. ``empty``:
    words that stand for an empty cell. ``compose``: a field put together from columns, ``"{active} {probability}"``,
    with ``{one|other}`` for a column under several names. ``split``: what stands between several values in a cell.
    ``replace``: for a field, or for every one (``*``), what is replaced in each value and by what. ``parts``: a pattern
    that a whole value may fit, whose named groups are fields. ``constants``: what a field is where it is empty.
    ``history``: fits the names of columns that hold when a stage, its group ``stage``, was entered.
    """

    footer: tuple[str, ...] = ()
    leave_out: dict[str, tuple[str, ...]] = {}  # noqa: RUF012 - the mappings are never changed
    needs: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    compose: dict[str, str] = {}  # noqa: RUF012
    split: dict[str, re.Pattern[str]] = {}  # noqa: RUF012
    replace: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {}  # noqa: RUF012
    parts: dict[str, re.Pattern[str]] = {}  # noqa: RUF012
    constants: dict[str, str] = {}  # noqa: RUF012
    history: re.Pattern[str] | None = None

    def over(self, saved: Rules) -> Rules:
        """These, and what ``saved`` says beside them."""
        said: dict[str, Any] = {}
        for name, value in self._asdict().items():
            if isinstance(value, dict):
                said[name] = {**getattr(saved, name), **value}
            elif name == "empty":
                said[name] = value + saved.empty
            elif value:
                said[name] = value
        return saved._replace(**said)


NO_RULES = Rules()


def columns_in(template: str) -> list[list[str]]:
    """The columns that stand in a template of ``compose``: each place with those of which the first filled counts."""
    return [piece.split("|") for piece in template.replace("{", "}").split("}")[1::2]]


def prefixed(text: str) -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    """What to replace so that ``text`` stands before the keys of records and of clients, where there are any."""
    import re

    return dict.fromkeys(("key", "client_key"), ((re.compile("^(?=.)", re.DOTALL), text.replace("\\", r"\\")),))
