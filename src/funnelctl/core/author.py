"""Who writes, when, and with which new numbers: what every verb needs beside the records."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Move
from funnelctl.errors import Conflict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


class Author(NamedTuple):
    """``at`` is the UTC instant at which the deed counts; ``backdated`` says that somebody chose it (``--at``).

    ``next_id`` gives the next free number of a table. ``today`` is the local day of the command, not of ``at``.
    """

    at: str
    by: str
    backdated: bool
    today: date
    next_id: Callable[[str], int]

    def after(self, last: Move) -> Author:
        """The same author, writing after ``last``.

        A record's moves stand in the order of their times. A clock that was put back must stop nobody from working, so
        such a move counts as made together with the one before it; a day that somebody chose is refused instead.

        Raises:
            Conflict: ``--at`` lies before the record's last move.
        """
        if self.at >= last.at:
            return self
        if self.backdated:
            from funnelctl.core.period import day_of

            raise Conflict(
                f"the last move was on {day_of(last.at)}; a move before it would rewrite history",
                hint="give a later --at, or take that move back first: funnelctl undo",
            )
        return self._replace(at=last.at)
