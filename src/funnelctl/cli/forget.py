"""``lead forget``: asking, erasing, rewriting the file, and saying where the person still is."""

from __future__ import annotations

from shlex import quote

from funnelctl.core.period import instant
from funnelctl.core.records import number_in
from funnelctl.core.table import Answer
from funnelctl.errors import NotFound
from funnelctl.store.backup import back_up_before, directory_of
from funnelctl.store.forget import compact, forget
from funnelctl.store.forgotten import forgotten_hashes
from funnelctl.store.leftovers import backups_in, copies_beside, holds, mentions, person_of
from funnelctl.store.reports import leads
from funnelctl.store.resolve import lead_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.cli.session import Session
    from funnelctl.store.book import Book
    from funnelctl.store.forgotten import Forgotten
    from funnelctl.store.leftovers import Person

FEW = 10  # mentions that people are told; programs get all


def erase(session: Session, ref: str, places: list[str]) -> Answer:
    """Erase the person that ``ref`` means, after asking; ``places`` are further files and directories of backups."""
    for place in places:
        backups_in(place)  # a mistyped one is told before anything is erased
    now = instant(session.now)
    with session.reading() as book:
        number = meant(book, ref)
        known = person_of(book.conn, number)
        lead = book.lead(number)
    name = f"L{number} {lead.name}" if lead else f"L{number}, of whom only the history tells"
    session.confirm_for_good(f"Erase {name} for good? It cannot be undone.")
    with session.writing("lead forget") as work:
        book = work.book
        known = person_of(book.conn, number)
        if not session.dry_run:
            back_up_before(book.conn, session.path, "forget", now, session.waiting)
        erased = forget(book.conn, known, now, work.author.by)
        elsewhere = mentions(book.conn, known.words)
        lead = book.lead(number)
        rows = leads.shown(book, [lead] if lead else [], now, session.lang)
        listed = forgotten_hashes(book)
    if not session.dry_run:
        compact(session.path, f"L{number}", session.waiting)
    holding, unreadable = _backups(session, known, listed, places)
    if elsewhere:
        more = f" and {len(elsewhere) - FEW} more" if len(elsewhere) > FEW else ""
        session.note(f"still mentioned in the texts or the history of {', '.join(elsewhere[:FEW])}{more}")
    if lead and lead.state == "open":
        session.note(f"L{number} is open as before: funnelctl lead drop L{number} --reason ...")
    still = "still in a backup" if known.in_log or known.names else "a backup holds somebody who was forgotten"
    for path in holding:
        session.note(f"{still}; when it is not needed any more: rm {quote(path)}")
    for path in unreadable:
        session.note(f"cannot be read, so who is in it is not known: {path}")
    log = erased.pop("change", 0)
    done = "would be forgotten" if session.dry_run else "forgotten"
    line = f"L{number}: {done}, in {sum(erased.values())} rows and {log} entries of the history"
    if not erased and not log:
        line = f"L{number}: there was nothing left to forget"
    told = {"erased": {**erased, "history": log}, "mentions": elsewhere, "backups": holding, "unreadable": unreadable}
    return Answer("lead forget", rows, line=line, more=told)


def meant(book: Book, ref: str) -> int:
    """The number of the lead, which may be one whose adding was undone: it is in the history still."""
    try:
        return lead_of(book, ref).id
    except NotFound:
        number = number_in(ref, "L")
        if number is None:
            raise
        return number


def _backups(
    session: Session, person: Person, listed: Forgotten | None, places: list[str]
) -> tuple[list[str], list[str]]:
    """The backups that hold the person, and those that cannot be read."""
    import os

    own = directory_of(session.path)
    files = [path for place in (own, *places) if os.path.exists(place) for path in backups_in(place)]
    known = {os.path.realpath(path) for path in files}
    files += [path for path in copies_beside(session.path) if os.path.realpath(path) not in known]
    found = {path: _holds(path, person, listed) for path in files}
    return [path for path, held in found.items() if held], [path for path, held in found.items() if held is None]


def _holds(path: str, person: Person, listed: Forgotten | None) -> bool | None:
    """Whether a file tells of the person, be it no book; ``None`` where that cannot be known."""
    from funnelctl.workspace.traces import found_in, holds_none

    held = holds(path, person, listed)
    try:
        if held is None:
            held = False if holds_none(path) else found_in(path, person.words) or None
    except OSError:
        return None
    return held
