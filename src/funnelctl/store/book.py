"""The book: an open file in one transaction, asked for the few records that a command needs.

Every look-up is by id, key, e-mail, phone or name over an index, so that its cost does not grow with the file.
"""

from __future__ import annotations

from funnelctl.core.records import TABLES, Activity, Alias, Lead, Move, Opportunity, Setting, SourceRow
from funnelctl.errors import NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    from funnelctl.core.funnel import Funnel
    from funnelctl.store.funnels import Shelf

DEFAULT_FUNNEL = "consulting"


class Book:
    """One open file, inside a transaction that the caller has begun. ``shelf`` knows the funnel files."""

    def __init__(self, conn: sqlite3.Connection, shelf: Shelf, *, writable: bool) -> None:
        self.conn = conn
        self.writable = writable
        self._shelf = shelf
        self.notes: list[str] = []  # what people should know beside an answer
        self._ids: dict[str, int] = {}
        self._funnels: dict[str, Funnel] = {}

    def one(self, sql: str, *values: Any) -> Any:
        """The first row, or ``None``."""
        return self.conn.execute(sql, values).fetchone()

    def all(self, sql: str, *values: Any) -> list[Any]:
        """All rows: nothing stays open while an answer is printed."""
        return self.conn.execute(sql, values).fetchall()

    def next_id(self, table: str) -> int:
        """An id that no row of ``table`` ever had: counters survive undo and erasing."""
        if table not in self._ids:
            row = self.one("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
            self._ids[table] = row[0] if row else 0
        self._ids[table] += 1
        return self._ids[table]

    def lead(self, lead_id: int) -> Lead | None:
        """The lead of that number."""
        row = self.one("SELECT * FROM lead WHERE id = ?", lead_id)
        return Lead._make(row) if row else None

    def client_of(self, opportunity: Opportunity) -> Lead:
        """The lead to which an opportunity belongs; a foreign key says that it is there."""
        return Lead._make(self.one("SELECT * FROM lead WHERE id = ?", opportunity.lead_id))

    def opportunity(self, opportunity_id: int) -> Opportunity | None:
        """The opportunity of that number."""
        row = self.one("SELECT * FROM opportunity WHERE id = ?", opportunity_id)
        return Opportunity._make(row) if row else None

    def opportunities_of(self, lead_id: int) -> list[Opportunity]:
        """All opportunities of a lead, oldest first."""
        rows = self.all("SELECT * FROM opportunity WHERE lead_id = ? ORDER BY id", lead_id)
        return [Opportunity._make(row) for row in rows]

    def last_move(self, record: Lead | Opportunity) -> Move:
        """The newest move of a record; there is one from its entering on."""
        column = "lead_id" if isinstance(record, Lead) else "opportunity_id"
        sql = f"SELECT * FROM move WHERE {column} = ? ORDER BY id DESC LIMIT 1"
        return Move._make(self.one(sql, record.id))

    def moves_of(self, record: Lead | Opportunity) -> list[Move]:
        """All moves of a record in the order in which they were recorded."""
        column = "lead_id" if isinstance(record, Lead) else "opportunity_id"
        rows = self.all(f"SELECT * FROM move WHERE {column} = ? ORDER BY id", record.id)
        return [Move._make(row) for row in rows]

    def activities_of(self, record: Lead | Opportunity) -> list[Activity]:
        """What happened with a lead, or about an opportunity, in the order of time."""
        column = "lead_id" if isinstance(record, Lead) else "opportunity_id"
        rows = self.all(f"SELECT * FROM activity WHERE {column} = ? ORDER BY at, id", record.id)
        return [Activity._make(row) for row in rows]

    def belongings_of(self, lead_id: int) -> list[Opportunity | Move | Activity | Alias | SourceRow]:
        """All rows that point to a lead as their own, for merging."""
        found: list[Opportunity | Move | Activity | Alias | SourceRow] = []
        for kind in (Opportunity, Move, Activity, Alias, SourceRow):
            sql = f"SELECT * FROM {TABLES[kind]} WHERE lead_id = ? ORDER BY id"
            found += [kind._make(row) for row in self.all(sql, lead_id)]
        return found

    def referred_by(self, lead_id: int) -> list[Lead]:
        """The leads that a lead has sent."""
        return [Lead._make(row) for row in self.all("SELECT * FROM lead WHERE referred_by = ? ORDER BY id", lead_id)]

    def owner(self, kind: str, key: str) -> Lead | None:
        """The lead that an e-mail key, a phone key or an external key belongs to, directly or since a merge.

        ``kind`` is ``email``, ``phone`` or ``key``.
        """
        column = {"email": "email_key", "phone": "phone_key", "key": "key"}[kind]
        row = self.one(f"SELECT * FROM lead WHERE {column} = ?", key) or self.one(
            "SELECT lead.* FROM lead_alias JOIN lead ON lead.id = lead_id WHERE kind = ? AND lead_alias.key = ?",
            kind,
            key,
        )
        return Lead._make(row) if row else None

    def leads_named(self, name_key: str) -> list[Lead]:
        """The leads of exactly that (folded) name."""
        return [Lead._make(row) for row in self.all("SELECT * FROM lead WHERE name_key = ? ORDER BY id", name_key)]

    def setting(self, name: str) -> Setting | None:
        """One of the book's own settings."""
        row = self.one("SELECT * FROM setting WHERE name = ?", name)
        return Setting._make(row) if row else None

    @property
    def region(self) -> str | None:
        """The country whose national phone numbers are understood (ISO 3166, ``config region``)."""
        found = self.setting("region")
        return found.value if found else None

    @property
    def default_funnel(self) -> str:
        """The funnel of new records: ``funnel use``, else ``consulting``."""
        found = self.setting("funnel")
        return found.value if found else DEFAULT_FUNNEL

    def funnel(self, key: str | None = None) -> Funnel:
        """The funnel of that key, or the default one, as its file says now; the book keeps a copy of what it has used.

        Raises:
            NotFound: there is neither a file nor a copy.
            BadData: the file has changed and is not valid.
            Conflict: the file has changed and lacks a stage in which live records stand.
        """
        return self._funnel(key or self.default_funnel, None)

    def funnel_after(self, old: str, new: str) -> Funnel:
        """The funnel ``new`` as its file says now, while live records are about to leave the design ``old`` for it.

        Raises:
            NotFound: there is neither a file nor a copy.
            BadData: the file is not valid.
        """
        return self._funnel(new, old)

    def _funnel(self, key: str, leaving: str | None) -> Funnel:
        from funnelctl.store.funnels import present

        if key not in self._funnels:
            funnel = present(self, self._shelf, key, leaving)
            if funnel is None:
                raise NotFound(f"there is no funnel {key!r}", hint="funnelctl funnel list shows those that there are")
            self._funnels[key] = funnel
        return self._funnels[key]

    def funnels_in_use(self) -> list[str]:
        """The keys of the funnels in which records stand or stood."""
        return [row[0] for row in self.all("SELECT key FROM funnel ORDER BY key")]
