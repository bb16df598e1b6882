"""Who a person is, told before they are erased; and where they still stand afterwards: in what was written about
others, and in old backups."""

from __future__ import annotations

import os
from contextlib import closing

from funnelctl.core.forget import FORGOTTEN, lasting_marks
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import parts_like
from funnelctl.errors import Locked, NotFound, Trouble
from funnelctl.store.damage import is_damage
from funnelctl.store.forgotten import came_back
from funnelctl.store.log import LOG, log_of
from funnelctl.store.readonly import open_readonly
from funnelctl.store.traces import collect, stood

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3

    from funnelctl.store.forgotten import Forgotten

    Mark = tuple[str, str]

SHORTEST = 4  # characters of a word that is looked for in other texts: fewer are found everywhere
_COLUMNS = {"email": "email_key", "phone": "phone_key", "key": "key"}
_ELSEWHERE = (
    "SELECT 1 FROM {table} WHERE {column} = ?1 AND id NOT IN (SELECT row_id FROM theirs WHERE table_name = '{table}')"
)


class Person(NamedTuple):
    """By what a person is known. ``ids`` begins with their lead's own; the others are of leads merged into it."""

    ids: tuple[int, ...]
    lasting: list[Mark]  # what stays, hashed, in the list of forgotten people
    in_log: list[str]  # pieces of the log that tell of them wherever they stand
    names: list[str]  # and those that do so in changes of their own rows: others may have the same name
    words: list[str]  # names and addresses as people write them


def person_of(conn: sqlite3.Connection, lead_id: int) -> Person:
    """The person of a lead, which may be there or in the log alone.

    Raises:
        NotFound: there never was a lead of that number.
    """
    collect(conn, lead_id)
    ever = {table: stood(conn, table) for table in ("lead", "lead_alias", "opportunity", "activity", "source_row")}
    if lead_id not in ever["lead"]:
        raise NotFound(f"there never was a lead L{lead_id}", hint="funnelctl lead list --all shows all")
    rows = {table: [fields for states in found.values() for fields in states] for table, found in ever.items()}
    lasting = [mark for mark in lasting_marks(rows) if not _elsewhere(conn, *mark)]
    words = {fields[column] for fields in rows["lead"] for column in ("name", "email", "phone")}
    words |= {fields["value"] for fields in rows["lead_alias"] if fields["kind"] in ("email", "phone")}
    named = {fields["name_key"] for fields in rows["lead"]} - {FORGOTTEN}
    return Person(
        (lead_id, *(number for number in ever["lead"] if number != lead_id)),
        lasting,
        [f'"{_COLUMNS[kind]}":{_json(key)}' for kind, key in lasting if kind in _COLUMNS],
        [f'"name_key":{_json(name)}' for name in sorted(named)],
        sorted(word for word in words if word and word != FORGOTTEN and len(word) >= SHORTEST),
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
        f"{LOG} SELECT CASE table_name WHEN 'lead' THEN 'L' || row_id WHEN 'opportunity' THEN 'O' || row_id"
        " WHEN 'move' THEN coalesce('L' || move.lead_id, 'O' || move.opportunity_id, 'a move that was undone')"
        " ELSE coalesce('L' || activity.lead_id, 'an activity that was undone') END, before, after"
        " FROM change LEFT JOIN move ON table_name = 'move' AND move.id = row_id"
        " LEFT JOIN activity ON table_name = 'activity' AND activity.id = row_id"
        f" WHERE table_name IN ('lead', 'opportunity', 'move', 'activity') AND ({found}) ORDER BY change.id",
        patterns * 2,
    )
    return list(dict.fromkeys(ref for ref, before, after in rows if whole.search(f"{before}\n{after}")))


def backups_in(place: str) -> list[str]:
    """The files that may be backups: all that lie in a directory, whatever their names, or the one that is named.

    Raises:
        NotFound: there is nothing at ``place``.
    """
    if os.path.isdir(place):
        paths = [os.path.join(place, name) for name in sorted(os.listdir(place))]
        return [path for path in paths if os.path.isfile(path)]
    if not os.path.exists(place):
        raise NotFound(f"there is no file or directory {place}")
    return [place]


def copies_beside(path: str) -> list[str]:
    """The files in the folder of the book at ``path`` that are copies of it: their log begins as its own does. What is
    no book, and what cannot be read, is passed over."""
    began = _beginning(path)
    files = backups_in(os.path.dirname(os.path.abspath(path)))
    return [one for one in files if began and not os.path.samefile(one, path) and _beginning(one) == began]


def _beginning(path: str) -> tuple[str, str, str] | None:
    import sqlite3

    try:
        with closing(open_readonly(path)) as conn:
            found: tuple[str, str, str] | None = conn.execute(
                "SELECT at, command, by FROM operation ORDER BY id LIMIT 1"
            ).fetchone()
            return found
    except (Trouble, Locked, sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def holds(path: str, person: Person, forgotten: Forgotten | None) -> bool | None:
    """Whether the file at ``path`` tells of the person; ``None`` where it cannot be read.

    Of whom nothing is left to go by, it is whether it has a lead whom ``forgotten`` lists.
    """
    import sqlite3

    try:
        conn = open_readonly(path)
    except Trouble:
        return None
    try:
        if not (person.in_log or person.names):
            return bool(came_back(conn, forgotten))
        told, named = (
            " OR ".join(f"instr({side}, ?)" for side in ("before", "after") for _ in pieces) or "0"
            for pieces in (person.in_log, person.names)
        )
        found = conn.execute(
            f"{log_of(conn)} SELECT EXISTS (SELECT 1 FROM change WHERE table_name IN ('lead', 'lead_alias')"
            f" AND ({told} OR row_id IN ({', '.join(map(str, person.ids))}) AND ({named})))",
            (*person.in_log * 2, *person.names * 2),
        )
        return bool(found.fetchone()[0])
    except Trouble:
        return None
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not is_damage(error):
            raise
        return None
    finally:
        conn.close()


def _elsewhere(conn: sqlite3.Connection, kind: str, key: str) -> bool:
    """Whether it is somebody else's by now: it was with the person by mistake, which was put right."""
    if kind == "name":
        return False  # that others have the same is nothing to go by
    if kind in _COLUMNS:
        found = conn.execute(
            f"{_ELSEWHERE.format(table='lead', column=_COLUMNS[kind])} UNION ALL"
            f" {_ELSEWHERE.format(table='lead_alias', column='key')} AND kind = ?2",
            (key, kind),
        )
    else:
        table, column = ("source_row", "fingerprint") if kind == "row" else (kind, "key")
        found = conn.execute(_ELSEWHERE.format(table=table, column=column), (key,))
    return found.fetchone() is not None


def _json(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)
