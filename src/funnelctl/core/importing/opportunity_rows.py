"""Rows of opportunities, each with what it says of its client, as the store takes them in."""

from __future__ import annotations

from funnelctl.core.contact import called_by_email
from funnelctl.core.importing import cells
from funnelctl.core.importing.cells import Memo, halves
from funnelctl.core.importing.history import followed, history_parser, kept
from funnelctl.core.importing.rows import RowReader, alike, by_columns, lifetime
from funnelctl.core.text import fold, quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from funnelctl.core.importing.dates import Dates
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row, Sheet
    from funnelctl.core.importing.task import Tally, Task

COLUMNS = (
    "line", "fingerprint", "standing", "title", "title_key", "title_said", "value_minor", "currency", "service",
    "reason", "competitor", "probability", "expected_close", "note", "tags", "key", "created_at", "closed_at", "dated",
    "client_name", "client_name_key", "client_said", "client_email", "client_email_key", "client_phone",
    "client_phone_key", "client_company", "client_key", "client_source", "history",
)  # fmt: skip
"""What ``opportunity_rows`` yields: the columns of an opportunity and of its client; the number of its standing;
whether title and client are from the file; what was taken in place of a date that is missing; and its moves, where the
file tells of more than where it stands."""

_BEGINS = "what is open and new begins in {}"


def opportunity_rows(sheet: Sheet, task: Task, problems: Problems, tally: Tally) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows that are right, many at once, as the values of each of ``COLUMNS``; what is wrong with others goes to
    ``problems``."""
    reader = RowReader(
        task.columns,
        problems,
        {
            "title": cells.name_parser("title"),
            "lead": Memo(cells.name_parser("client")),
            "client_email": Memo(cells.email_parser()),
            "client_phone": Memo(cells.phone_parser(task.region)),
            "client_company": cells.text_parser("company"),
            "client_key": cells.text_parser("client's key"),
            ("value", "currency"): money_parser(task, problems),
            "service": cells.text_parser("service"),
            ("funnel", "stage", "outcome", "status"): Memo(task.standings.opportunity),
            ("funnel", "reason"): Memo(task.standings.reason),
            "competitor": cells.text_parser("competitor"),
            "probability": Memo(
                cells.probability_parser(task.columns.named("probability"), task.probability, ask=task.ask)
            ),
            "close": Memo(task.dates_of("close").day),
            "created": Memo(task.dates_of("created").instant),
            "closed": Memo(task.dates_of("closed").instant),
            "note": cells.long_text_parser("note"),
            "tags": Memo(cells.parse_tags),
            "key": cells.text_parser("key"),
            "source": cells.text_parser("source"),
            ("funnel", "history"): history_parser(task.standings, task.dates),
        },
    )
    has_stages = "stage" in task.columns.places
    if not has_stages and "history" not in task.columns.places:
        problems.note(f"no column says the stage: {_BEGINS.format(_first_stage(task))}; --map COLUMN=stage says which")
    by_key = task.match == "key"
    ended = Memo(_ended_parser(task.dates_of("close")))
    for some, columns in reader.read_together(sheet):
        tally.rows += len(some)
        plain = _plain(some, columns, has_stages=has_stages) if columns and by_key else None
        if plain:
            yield plain
        else:
            rows = reader.one_by_one(some, columns)
            yield from by_columns(_weighed(reader, rows, task, tally, ended, by_key=by_key))


def _plain(some: list[Row], columns: list[Any], *, has_stages: bool) -> Sequence[Sequence[Any]] | None:
    """Rows in which there is nothing to be weighed, made at once; ``None`` where some are not of that kind."""
    (
        titles, clients, emails, phones, companies, client_keys, amounts, services, standings, reasons, competitors,
        probabilities, closes, created, closed, notes, tags, keys, sources, histories,
    ) = columns  # fmt: skip
    (titles, title_keys), (clients, client_name_keys) = halves(titles), halves(clients)
    if not all(titles) or not all(clients) or not all(keys) or any(histories) or "@" in "".join(clients):
        return None
    if not alike(closed, created, reasons, standings):
        return None
    if has_stages and not all(where.stage_said for where in standings):
        return None
    nothing, said = [None] * len(some), [True] * len(some)
    return (
        [line for line, _ in some], nothing, [where.number for where in standings], titles, title_keys, said,
        *halves(amounts), services, nothing, competitors, probabilities, closes, notes, tags, keys, created,
        nothing, nothing, clients, client_name_keys, said, *halves(emails), *halves(phones),
        companies, client_keys, sources, nothing,
    )  # fmt: skip


def _weighed(
    reader: RowReader, rows: Iterator[tuple[int, list[str], Iterable[Any] | None]], task: Task, tally: Tally,
    ended: Memo, *, by_key: bool,
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    """Rows one by one."""
    for line, row, values in rows:
        if values is None:
            continue
        (
            (title, title_key), (client, client_name_key), email, (phone, phone_key), company, client_key,
            (minor, currency), service, where, reason, competitor, probability, close, created, closed, note, tags, key,
            source, history,
        ) = values  # fmt: skip
        client, (email, email_key) = called_by_email(client, email)
        client_said = bool(client or company or email or phone or client_key)
        title_said = title is not None
        if title is None:
            title = service or key or client or company or email
            if title is None:
                reader.told(line, "title", "the opportunity has no title, service, key or client to be called by")
                continue
            title_key = fold(title)
        if client is None:
            client, company = (company, None) if company else (email or phone or client_key or key or title, None)
            client_name_key = fold(client)
        is_open = where.state == "open"
        moves = None
        try:
            if not is_open and closed is None and close is not None:
                # Most programs keep one date: expected as long as it is open, the real one from then on.
                closed, close = ended[row[task.columns.places["close"]]], None
                name = quoted(task.columns.named("close"))
                tally.note(f"closed, without a date of closing: {name} is taken for it")
            if history:
                where, way = followed(task.standings, where, history, created, closed, reason)
                is_open, created, closed = where.state == "open", way.end.created_at, way.end.closed_at or closed
                moves = kept(way)
            created, closed, dated = lifetime(created, closed, task.now, is_open=is_open)
        except Invalid as error:
            reader.told(line, "closed" if "closed" in task.columns.places else "close", error.message, error.hint)
            continue
        if not is_open and probability is not None:
            tally.note("closed, with a probability: it is left out, it only repeats how they ended")
            probability = None
        if is_open and not where.stage_said and "stage" in task.columns.places:
            tally.note(f"without a stage: {_BEGINS.format(_first_stage(task))}")
        if where.state != "lost" and reason:
            tally.note("with a reason although not lost: the reason is left out")
            reason = None
        fingerprint = None if by_key and key else reader.fingerprint("opportunity", row)
        yield (
            line, fingerprint, where.number, title, title_key, title_said, minor, currency, service, reason, competitor,
            probability, close, note, tags, key, created, closed, dated, client, client_name_key, client_said, email,
            email_key, phone, phone_key, company, client_key, source, moves,
        )  # fmt: skip


def _ended_parser(dates: Dates) -> Callable[[str], str | None]:
    """Reads when something ended in the cell of the day on which it was expected to. A time that is still to come today
    was expected as well: then only the day is known."""

    def parse(cell: str) -> str | None:
        try:
            return dates.instant(cell)
        except Invalid:
            return dates.instant(dates.day(cell) or "")

    return parse


def money_parser(task: Task, problems: Problems) -> cells.Columnwise:
    """Reads the amounts of a file; in which currency those are that name none is told, where nobody has said it."""

    def assumed() -> None:
        problems.note(
            f"amounts without a currency are taken as {task.currency}, that of the funnel; --currency says otherwise"
        )

    return cells.money_parser(
        task.currency, task.decimal, ask=task.ask, bare=assumed if task.is_assumed and task.currency else None
    )


def _first_stage(task: Task) -> str:
    if "funnel" in task.columns.places:
        return "the first stage of its funnel"
    return task.standings.funnel("").first_opportunity_stage.key
