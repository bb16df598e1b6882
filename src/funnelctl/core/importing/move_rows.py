"""Rows of an event log, each a passage of an opportunity; and the opportunity that all its rows together tell of."""

from __future__ import annotations

from funnelctl.core.contact import called_by_email
from funnelctl.core.importing import cells
from funnelctl.core.importing.cells import Memo
from funnelctl.core.importing.history import kept
from funnelctl.core.importing.opportunity_rows import money_parser
from funnelctl.core.importing.passages import Passage, walked
from funnelctl.core.importing.rows import RowReader
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import fold, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.core.importing.standing import Standings
    from funnelctl.core.importing.task import Tally, Task


class Told(NamedTuple):
    """What one row tells: a passage, and what it says beside it of the opportunity and its client."""

    line: int
    about: int | None  # the number of a known opportunity
    key: str | None
    funnel: str
    at: str
    stage: str | None
    state: str
    reason: str | None
    note: str | None
    title: str | None
    value_minor: int | None
    currency: str | None
    service: str | None
    close: str | None
    client: str | None
    client_email: str | None
    client_email_key: str | None
    client_phone: str | None
    client_phone_key: str | None
    client_company: str | None
    client_key: str | None
    source: str | None

    @property
    def passage(self) -> Passage:
        return Passage(self.at, self.stage, self.state, self.reason, self.note)


def move_rows(sheet: Sheet, task: Task, problems: Problems, tally: Tally) -> Iterator[Told]:
    """The rows that are right; what is wrong with others goes to ``problems``."""
    reader = RowReader(
        task.columns,
        problems,
        {
            "key": cells.text_parser("key"),
            "opportunity": Memo(cells.reference_parser("O", "id")),
            ("funnel", "stage", "outcome"): Memo(task.standings.passage),
            "at": task.dates_of("at").instant,
            ("funnel", "reason"): Memo(task.standings.reason),
            "note": cells.long_text_parser("note"),
            "title": cells.text_parser("title"),
            ("value", "currency"): money_parser(task, problems),
            "service": cells.text_parser("service"),
            "close": Memo(task.dates_of("close").day),
            "lead": cells.text_parser("client"),
            "client_email": Memo(cells.email_parser()),
            "client_phone": Memo(cells.phone_parser(task.region)),
            "client_company": cells.text_parser("company"),
            "client_key": cells.text_parser("client's key"),
            "source": cells.text_parser("source"),
        },
    )
    for line, _, values in reader.read(sheet):
        tally.rows += 1
        if values is None:
            continue
        (
            key, (about, named), (funnel, stage, state), at, reason, note, title, (minor, currency), service, close,
            client, email, phone, company, client_key, source,
        ) = values  # fmt: skip
        if at is None:
            reader.told(line, "at", "a move needs the time at which it happened", "--map COLUMN=at says where it is")
        elif named is not None:
            message = f"{quoted(named)} is not the id of an opportunity, such as O7"
            reader.told(line, "opportunity", message, "--map COLUMN=key where the column holds keys of another program")
        elif key is None and about is None:
            reader.told(line, "key", "nothing says which opportunity moved", "--map COLUMN=key says where its key is")
        else:
            client, email = called_by_email(client, email)
            yield Told(
                line, about, key, funnel.key, at, stage, state, reason if state == "lost" else None, note, title, minor,
                currency, service, close, client, email[0], email[1], phone[0], phone[1], company, client_key, source,
            )  # fmt: skip


def opportunity_row(rows: Sequence[Told], standings: Standings) -> tuple[Any, ...]:
    """The row of ``opportunity_rows`` that the rows of one opportunity, in the order of their times, come to: of each
    field what was said last."""
    line, key, funnel = min(row.line for row in rows), rows[0].key, standings.funnel(rows[0].funnel)
    said = dict(zip(Told._fields, map(_last, zip(*rows, strict=True)), strict=True))
    way = walked(funnel, [row.passage for row in rows])
    where = standings.end(funnel, way.end.stage, way.end.outcome, None)
    title = said["title"] or said["service"] or key or ""
    company, email, phone = (said[f"client_{name}"] for name in ("company", "email", "phone"))
    client_said = any((said["client"], company, email, phone, said["client_key"]))
    client = said["client"]
    if client is None:
        client, company = (company, None) if company else (email or phone or said["client_key"] or key or title, None)
    is_open = way.end.outcome == "open"
    return (
        line, None, where.number, title, fold(title), said["title"] is not None, said["value_minor"], said["currency"],
        said["service"], way.end.reason, None, None, said["close"] if is_open else None, None, "[]", key,
        way.end.created_at, way.end.closed_at, None, client, fold(client), client_said, email,
        said["client_email_key"], phone, said["client_phone_key"], company, said["client_key"], said["source"],
        kept(way),
    )  # fmt: skip


def _last(values: tuple[Any, ...]) -> Any:
    """What was said last."""
    return next((value for value in reversed(values) if value is not None), None)
