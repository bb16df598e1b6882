"""The one operation of an import: begun when a change is at hand, so that an import without any leaves no trace."""

from __future__ import annotations

from funnelctl.store import journal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3


class Logged:
    """``begin`` before each change; ``finish`` at the end."""

    def __init__(self, conn: sqlite3.Connection, command: str, at: str, by: str) -> None:
        self._conn = conn
        self._said = (command, at, by)
        self._operation: int | None = None

    def begin(self) -> None:
        """See that the operation is open."""
        if self._operation is None:
            self._operation = journal.begin(self._conn, *self._said)

    def finish(self) -> int | None:
        """Close the operation; its number, ``None`` where nothing was changed."""
        if self._operation is not None:
            journal.finish(self._conn, self._operation)
        return self._operation
