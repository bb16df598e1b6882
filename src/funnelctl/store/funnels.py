"""The book's own copy of the funnel files it uses.

A hot command reads stages from a table of the open database instead of parsing YAML: one ``stat`` tells whether the
file is still the one that was copied. A copy outlives its file, so the book can be read on another machine. It is
derived from a file, not the user's data: refreshing it is no operation and nothing to undo.
"""

from __future__ import annotations

from funnelctl.core.funnel import Funnel, Label, Stage
from funnelctl.core.records import Lead, Opportunity
from funnelctl.errors import BadData, Conflict, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from funnelctl.store.book import Book

    class Shelf(Protocol):
        """Where funnel files lie (``workspace.shelf``)."""

        def stamp(self, key: str) -> str | None:
            """A text that changes when the file does; ``None`` where there is no file."""

        def read(self, key: str) -> Funnel:
            """The funnel in the file."""


def present(book: Book, shelf: Shelf, key: str, leaving: str | None = None) -> Funnel | None:
    """The funnel as its file says now, else as the book remembers it; ``None`` where neither knows it.

    ``leaving`` is the funnel whose live records are about to be moved, so that their stages may be gone.
    """
    row = book.one("SELECT * FROM funnel WHERE key = ?", key)
    stamp = shelf.stamp(key)
    copy = _from_copy(book, row) if row else None
    if copy and (stamp is None or stamp == row[-1]):
        if copy.retired and key != leaving:  # somebody may have taken a migration back
            _refuse_or_note(book, copy)
        return copy
    if stamp is None:
        return None
    try:
        funnel = shelf.read(key)
        if copy and copy.digest != funnel.digest and key != leaving:
            _refuse_lost_stages(book, funnel)
    except (BadData, Conflict) as error:
        if copy is None or book.writable:
            raise
        # A report must not fail for a file that somebody is editing.
        book.notes.append(f"the funnel {key!r} is shown as it was before: {error.message}")
        return copy
    if copy:
        funnel = funnel._replace(retired=_retired(book, copy, funnel))
    if book.writable:
        _copy(book, funnel, stamp)
    return funnel


def remembered(book: Book, key: str) -> Funnel | None:
    """The funnel as the book has copied it, whatever became of its file."""
    row = book.one("SELECT * FROM funnel WHERE key = ?", key)
    return _from_copy(book, row) if row else None


def live_records(book: Book, key: str) -> tuple[list[Lead], list[Opportunity]]:
    """The open leads and live opportunities that stand in a funnel."""
    leads = book.all("SELECT * FROM lead WHERE funnel = ? AND state = 'open' ORDER BY id", key)
    live = book.all("SELECT * FROM opportunity WHERE funnel = ? AND outcome = 'open' ORDER BY id", key)
    return [Lead._make(row) for row in leads], [Opportunity._make(row) for row in live]


def live_stages(book: Book, key: str) -> dict[str, int]:
    """How many live records stand in each stage of a funnel."""
    counted = book.all(
        "SELECT stage, count(*) FROM (SELECT stage FROM lead WHERE funnel = ?1 AND state = 'open' UNION ALL"
        " SELECT stage FROM opportunity WHERE funnel = ?1 AND outcome = 'open') GROUP BY stage",
        key,
    )
    return dict(counted)


def check_filters(book: Book, funnel: str | None = None, stage: str | None = None, status: str | None = None) -> None:
    """See that a list is asked for a funnel, a stage and a status that are known: a typo must not look like an empty
    list.

    Raises:
        NotFound: there is no such funnel.
        Invalid: no funnel in use has such a stage or status.
    """
    if funnel is not None and funnel not in book.funnels_in_use():
        book.funnel(funnel)  # one that there is, though nothing stands in it yet
    if stage is not None:
        known = [
            row[0] for row in book.all("SELECT DISTINCT key FROM stage WHERE position >= 0 ORDER BY funnel, position")
        ]
        if (
            stage not in known
            and known
            and not book.one(
                "SELECT 1 FROM lead WHERE stage = ?1 UNION ALL SELECT 1 FROM opportunity WHERE stage = ?1", stage
            )
        ):
            raise Invalid(f"no funnel in use has a stage {stage[:60]!r}", "there are " + ", ".join(known))
    if status is not None:
        _check_status(book, status)


def _check_status(book: Book, status: str) -> None:
    known = {one for (joined,) in book.all("SELECT statuses FROM funnel") for one in _split(joined)} | {"postponed"}
    if status not in known and not book.one("SELECT 1 FROM opportunity WHERE status = ?", status):
        raise Invalid(f"no funnel in use has a status {status[:60]!r}", "there are " + ", ".join(sorted(known)))


def _refuse_or_note(book: Book, funnel: Funnel) -> None:
    try:
        _refuse_lost_stages(book, funnel)
    except Conflict as error:
        if book.writable:
            raise
        book.notes.append(f"{error.message}; {error.hint}")


def _retired(book: Book, former: Funnel, funnel: Funnel) -> tuple[Stage, ...]:
    """The stages of former designs that the present one lacks and that history speaks of."""
    spoken_of = {row[0] for row in book.all("SELECT DISTINCT to_stage FROM move WHERE funnel = ?", funnel.key)}
    gone = [stage for stage in (*former.stages, *former.retired) if funnel.stage(stage.key) is None]
    return tuple(stage for stage in gone if stage.key in spoken_of)


def _refuse_lost_stages(book: Book, funnel: Funnel) -> None:
    lost = {stage: n for stage, n in live_stages(book, funnel.key).items() if funnel.stage(stage) is None}
    if lost:
        named = ", ".join(f"{stage} ({n})" for stage, n in sorted(lost.items()))
        first = sorted(lost)[0]
        raise Conflict(
            f"the file of funnel {funnel.key!r} no longer has stages in which live records stand: {named}",
            hint=f"say where they go: funnelctl funnel migrate {funnel.key} {funnel.key} --map {first}=STAGE",
        )


def _from_copy(book: Book, row: tuple[Any, ...]) -> Funnel:
    key, en, es, id_, currency, statuses, reasons, project, digest, _ = row
    stages = [_stage(row) for row in book.all("SELECT * FROM stage WHERE funnel = ? ORDER BY position", key)]
    return Funnel(
        key, Label(en, es, id_), currency, tuple(stage for stage in stages if stage.position >= 0),
        _split(statuses), _split(reasons), bool(project), digest,
        tuple(stage for stage in stages if stage.position < 0),
    )  # fmt: skip


def _stage(row: tuple[Any, ...]) -> Stage:
    (
        funnel,
        key,
        position,
        en,
        es,
        id_,
        holds,
        why,
        probability,
        stale,
        requires,
        follow_up,
        can_win,
        sleeping,
    ) = row
    return Stage(
        key, funnel, position, Label(en, es, id_), holds, why, probability, stale,
        _split(requires), bool(can_win), tuple(int(days) for days in _split(follow_up)), bool(sleeping),
    )  # fmt: skip


def _split(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(",")) if joined else ()


def _copy(book: Book, funnel: Funnel, stamp: str) -> None:
    conn = book.conn
    conn.execute("DELETE FROM stage WHERE funnel = ?", (funnel.key,))
    conn.execute("DELETE FROM funnel WHERE key = ?", (funnel.key,))
    conn.execute(
        "INSERT INTO funnel VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            funnel.key, *funnel.label, funnel.currency, ",".join(funnel.statuses), ",".join(funnel.lost_reasons),
            int(funnel.project), funnel.digest, stamp,
        ),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO stage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                funnel.key, stage.key, stage.position, *stage.label, stage.holds, stage.why, stage.probability,
                stage.stale_after, ",".join(stage.requires), ",".join(str(days) for days in stage.follow_up),
                int(stage.can_win), int(stage.sleeping),
            )
            for stage in (*funnel.stages, *_numbered(funnel.retired))
        ],
    )  # fmt: skip


def _numbered(retired: tuple[Stage, ...]) -> list[Stage]:
    """Stages of former designs have positions below 0: they are in no walk."""
    return [stage._replace(position=place - len(retired)) for place, stage in enumerate(retired)]
