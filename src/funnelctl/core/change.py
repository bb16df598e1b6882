"""The one shape of every write: a row as it was and as it will be.

From a list of these follow undo and redo (turn it round), history (read it back), ``--dry-run`` (show it and stop) and
"this row is no longer as I read it: refused". Verbs in ``core`` return them; ``store.journal`` alone carries them out.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.core.records import TABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.core.records import Record


class Change(NamedTuple):
    """``before`` is ``None`` for a new row, ``after`` is ``None`` for one that goes.

    Both map column names to values: all columns for a row that comes or goes, only the differing ones for an edit.
    """

    table: str
    row_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def inverted(self) -> Change:
        """The change that takes this one back."""
        return Change(self.table, self.row_id, self.after, self.before)


def added(record: Record) -> Change:
    """A new row."""
    return Change(TABLES[type(record)], record.id, None, record._asdict())


def removed(record: Record) -> Change:
    """A row that goes."""
    return Change(TABLES[type(record)], record.id, record._asdict(), None)


def edited(old: Record, new: Record) -> list[Change]:
    """The step from ``old`` to ``new``: one change, or none where nothing differs.

    An amount is told with its currency, without which nobody could read it.
    """
    before, after = {}, {}
    for field, was, will in zip(old._fields, old, new, strict=True):
        if was != will or (field == "currency" and "value_minor" in after):
            before[field], after[field] = was, will
    return [Change(TABLES[type(old)], old.id, before, after)] if after else []
