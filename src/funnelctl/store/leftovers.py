"""Who a person is, told before they are erased; and where they still stand afterwards: in what was written about
others, and in old backups."""

from __future__ import annotations

import os

from funnelctl.core.forget import FORGOTTEN, lasting_marks, marks
from funnelctl.core.record import NamedTuple
from funnelctl.core.records import Alias
from funnelctl.core.text import parts_like
from funnelctl.errors import NotFound, Trouble
from funnelctl.store.damage import is_damage
from funnelctl.store.readonly import open_readonly
from funnelctl.store.traces import collect

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from typing import Any

    Mark = tuple[str, str]

SHORTEST = 4  # characters of a word that is looked for in other texts: fewer are found everywhere


class Person(NamedTuple):
    """By what a person is known. ``ids`` begins with their lead's own; the others are of leads merged into it."""

    ids: tuple[int, ...]
    lasting: list[Mark]  # what stays, hashed, in the list of forgotten people
    in_log: list[str]  # pieces of the log that tell of them
    words: list[str]  # names and addresses as people write them


def person_of(conn: sqlite3.Connection, lead_id: int) -> Person:
    """The person of a lead, which may be there or in the log alone.

    Raises:
        NotFound: there never was a lead of that number.
    """
    collect(conn, lead_id)
    rows = _ever(conn)
    if lead_id not in rows:
        raise NotFound(f"there never was a lead L{lead_id}", hint="funnelctl lead list --all shows all")
    aliases = [Alias._make(row) for row in conn.execute("SELECT * FROM lead_alias WHERE lead_id = ?", (lead_id,))]
    known = [mark for fields in rows.values() for mark in marks(fields)] + [(one.kind, one.key) for one in aliases]
    words = [fields[column] for fields in rows.values() for column in ("name", "email", "phone")]
    words += [one.value for one in aliases if one.kind in ("email", "phone")]
    names = [f'"name_key":{_json(fields["name_key"])}' for fields in rows.values() if fields["name_key"] != FORGOTTEN]
    columns = {"email": "email_key", "phone": "phone_key", "key": "key"}
    addresses = [f'"{columns[kind]}":{_json(key)}' for kind, key in known if kind in columns and FORGOTTEN not in key]
    return Person(
        (lead_id, *(number for number in rows if number != lead_id)),
        lasting_marks(rows[lead_id], aliases),
        addresses or names,
        sorted({word for word in words if word and word != FORGOTTEN and len(word) >= SHORTEST}),
    )


def mentions(conn: sqlite3.Connection, words: list[str]) -> list[str]:
    """The records in whose texts, of now or of before, one of ``words`` stands by itself."""
    if not words:
        return []
    import re

    whole = re.compile("|".join(rf"(?<!\w){re.escape(_json(word)[1:-1])}(?!\w)" for word in words), re.IGNORECASE)
    found = " OR ".join(rf"{side} LIKE ? ESCAPE '\'" for side in ("before", "after") for _ in words)
    patterns = [parts_like(_json(word)[1:-1]) for word in words]
    rows = conn.execute(
        "SELECT CASE table_name WHEN 'lead' THEN 'L' || row_id WHEN 'opportunity' THEN 'O' || row_id"
        " WHEN 'move' THEN coalesce('L' || move.lead_id, 'O' || move.opportunity_id, 'a move that was undone')"
        " ELSE coalesce('L' || activity.lead_id, 'an activity that was undone') END, before, after"
        " FROM change LEFT JOIN move ON table_name = 'move' AND move.id = row_id"
        " LEFT JOIN activity ON table_name = 'activity' AND activity.id = row_id"
        f" WHERE table_name IN ('lead', 'opportunity', 'move', 'activity') AND ({found}) ORDER BY change.id",
        patterns * 2,
    )
    return list(dict.fromkeys(ref for ref, before, after in rows if whole.search(f"{before}\n{after}")))


def backups_in(place: str) -> list[str]:
    """The files that may be backups: those in a directory, or the one that is named.

    Raises:
        NotFound: there is nothing at ``place``.
    """
    if os.path.isdir(place):
        return [os.path.join(place, name) for name in sorted(os.listdir(place)) if name.endswith((".db", ".sqlite"))]
    if not os.path.exists(place):
        raise NotFound(f"there is no file or directory {place}")
    return [place]


def holds(path: str, person: Person) -> bool | None:
    """Whether the backup at ``path`` tells of the person; ``None`` where it cannot be read."""
    import sqlite3

    try:
        conn = open_readonly(path)
    except Trouble:
        return None
    try:
        told = " OR ".join(f"instr({side}, ?)" for side in ("before", "after") for _ in person.in_log)
        by_address = any('"name_key"' not in piece for piece in person.in_log)
        only = "" if by_address else f" AND row_id IN ({', '.join(map(str, person.ids))})"
        found = conn.execute(
            "SELECT EXISTS (SELECT 1 FROM change WHERE table_name IN ('lead', 'lead_alias')"
            f" AND ({told or '0'}){only})",
            person.in_log * 2,
        )
        return bool(found.fetchone()[0])
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_damage(error):
            raise
        return None
    finally:
        conn.close()


def _ever(conn: sqlite3.Connection) -> dict[int, dict[str, Any]]:
    """The leads of ``theirs`` by number: as they are, or as they were last."""
    import json

    rows: dict[int, dict[str, Any]] = {}
    gone = conn.execute(
        "SELECT row_id, before FROM change WHERE table_name = 'lead' AND after IS NULL"
        " AND row_id IN (SELECT row_id FROM theirs WHERE table_name = 'lead') ORDER BY id"
    )
    for number, before in gone.fetchall():
        rows[number] = json.loads(before)
    there = conn.execute("SELECT * FROM lead WHERE id IN (SELECT row_id FROM theirs WHERE table_name = 'lead')")
    names = [column[0] for column in there.description]
    for row in there.fetchall():
        rows[row[0]] = dict(zip(names, row, strict=True))
    return rows


def _json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
