"""Is all that the book says still what was put into it? Checks on two levels, none of which repairs anything.

First the file as SQLite sees it, then what funnelctl keeps true in it. All of the domain stands in the file twice, as
rows and in the log of changes, so damage that leaves a well-formed file still shows.

A finding names rows and fields, never a value: what is wrong may be somebody's name.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.store.checks import file, log, standing, values
from funnelctl.store.connection import Transaction, connect
from funnelctl.store.damage import READING, is_damage, told
from funnelctl.store.schema import NEWEST, version

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    Check = Callable[[sqlite3.Connection], Iterable[str]]

FILE: dict[str, tuple[str, Check]] = {
    "integrity": ("SQLite finds the file sound", file.integrity),
    "references": ("what a row points to is there", file.references),
    "schema": ("tables and indexes are as they were made", file.schema),
}
DOMAIN: dict[str, tuple[str, Check]] = {
    "standing": ("records stand where their last move took them", standing.agrees),
    "beginnings": ("the history of every record begins with its entering", standing.begins),
    "order": ("moves stand in the order of their times", standing.in_order),
    "stages": ("live records stand in stages of their funnel", standing.in_funnel),
    "money": ("every amount has a currency that there is", values.money),
    "dates": ("every date is one of the calendar", values.dates),
    "tags": ("tags are lists of words", values.tags),
    "keys": ("what is looked up is what was written", values.keys),
    "addresses": ("an e-mail, phone number or key is one lead's", values.addresses),
    "operations": ("operations follow one another without a gap", log.operations),
    "undone": ("what was undone and redone adds up", log.undone),
    "changes": ("every entry of the log can be read", log.changes),
    "log": ("the log of changes leads to what there is", log.leads_to_rows),
    "counters": ("no id can be given twice", log.counters),
    "content": ("every row can be read", file.content),
}
FEW = 5  # findings that are kept of each check; the others are counted


class Result(NamedTuple):
    """How a check went. ``means`` is what it looks at; ``findings`` are the first of the ``found``."""

    check: str
    status: str  # ok | failed | skipped
    found: int
    means: str
    findings: tuple[str, ...]


def check_book(path: str, tell: Callable[[], None], begins: Callable[[str], None]) -> list[Result]:
    """Run all checks on the book at ``path``. ``begins`` is called with the name of each.

    Raises:
        NotFound, Trouble: there is no file, or it is none of ours as far as can be seen.
        Locked: another program holds it.
    """
    conn = connect(path)
    conn.execute("PRAGMA cell_size_check=ON")  # looks at each page as it is read; too dear for every command
    try:
        with Transaction(conn, "DEFERRED", tell):
            return examine(conn, begins)
    except READING as error:
        if not is_damage(error):
            raise
        unreadable = Result("integrity", "failed", 1, FILE["integrity"][0], (told(error),))
        return [unreadable, *_skipped({**FILE, **DOMAIN}, "the file cannot be read")[1:]]
    finally:
        conn.close()


def examine(conn: sqlite3.Connection, begins: Callable[[str], None] = lambda check: None) -> list[Result]:
    """Run all checks on an open file, one state of which a transaction holds still."""
    # Damaged text is compared like any other and found where it stands.
    conn.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    results = [_result(conn, name, begins) for name in FILE]
    if any(result.status == "failed" for result in results):
        return results + _skipped(DOMAIN, "the file itself is damaged")
    if version(conn) < NEWEST:
        return results + _skipped(DOMAIN, f"of schema {version(conn)}: the next command brings it to {NEWEST}")
    return results + [_result(conn, name, begins) for name in DOMAIN]


def _result(conn: sqlite3.Connection, name: str, begins: Callable[[str], None]) -> Result:
    means, check = {**FILE, **DOMAIN}[name]
    begins(name)
    found = 0
    few: list[str] = []
    try:
        for finding in check(conn):
            found += 1
            if len(few) < FEW:
                few.append(finding)
    except READING as error:
        if not is_damage(error):
            raise
        found += 1
        few.append(told(error))
    return Result(name, "failed" if found else "ok", found, means, tuple(few))


def _skipped(checks: dict[str, tuple[str, Check]], why: str) -> list[Result]:
    return [Result(name, "skipped", 0, means, (why,)) for name, (means, _) in checks.items()]
