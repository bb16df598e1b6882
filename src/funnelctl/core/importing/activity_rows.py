"""Rows of activities, each with what it says of the person and of the opportunity, as the store takes them in."""

from __future__ import annotations

from funnelctl.core.contact import called_by_email
from funnelctl.core.importing import cells
from funnelctl.core.importing.cells import Memo
from funnelctl.core.importing.rows import RowReader, by_columns
from funnelctl.core.importing.words import UnknownWord, plain
from funnelctl.core.text import LONG, fold, quoted, slug_ok, tidy_optional
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.core.importing.task import Tally, Task

COLUMNS = (
    "line", "fingerprint", "kind", "at", "text", "key", "client_id", "client_name_key", "client_company",
    "client_email_key", "client_phone_key", "client_key", "about_id", "about_key", "about_title_key",
)  # fmt: skip
"""What ``activity_rows`` yields: the columns of an activity, and by what its lead and its opportunity are found."""

_USUAL = {
    "call": "call, calls, phone call, logged call, call log, llamada, llamada telefonica, anruf, telefonat, appel,"
    " telepon, panggilan",
    "email": "email, e mail, mail, sent email, email sent, incoming email, outgoing email, correo, correo electronico,"
    " courriel, surel",
    "meeting": "meeting, meetings, event, reunion, cita, besprechung, termin, treffen, rendez vous, rapat, pertemuan",
    "note": "note, notes, nota, notiz, catatan",
    "proposal": "proposal, offer, quote, propuesta, oferta, proposal sent, angebot, offre, devis, penawaran",
    "task": "task, to do, todo, tarea, aufgabe, tache, tugas",
}
_KINDS = {word: kind for kind, words in _USUAL.items() for word in words.replace(", ", ",").split(",")}
WITHOUT = "other"  # the kind of an activity whose row says none


def activity_rows(sheet: Sheet, task: Task, problems: Problems, tally: Tally) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows that are right, many at once, as the values of each of ``COLUMNS``; what is wrong with others goes to
    ``problems``."""
    return by_columns(_read(sheet, task, problems, tally))


def _read(sheet: Sheet, task: Task, problems: Problems, tally: Tally) -> Iterator[tuple[Any, ...]]:
    reader = RowReader(
        task.columns,
        problems,
        {
            "kind": Memo(kind_parser(task.words)),
            "at": Memo(task.dates_of("at").instant),
            ("subject", "text"): said,
            "key": cells.text_parser("key"),
            "lead": Memo(cells.reference_parser("L", "name")),
            "client_email": Memo(cells.email_parser()),
            "client_phone": Memo(cells.phone_parser(task.region)),
            "client_key": cells.text_parser("client's key"),
            "opportunity": Memo(cells.reference_parser("O", "title")),
        },
    )
    for line, row, values in reader.read(sheet):
        tally.rows += 1
        if values is None:
            continue
        kind, at, text, key, (lead, name), email, (_, phone), client_key, (about, title) = values
        _, (_, email_key) = called_by_email(name, email)
        if at is None:
            reader.told(
                line, "at", "an activity needs the day on which it happened", "--map COLUMN=at says where it is"
            )
            continue
        if not (lead or name or email_key or phone or client_key or about or title):
            reader.told(line, "lead", "nothing says with whom it was", "--map COLUMN=client_email, lead or client_key")
            continue
        if kind is None:
            tally.note(f'without a kind: taken in as "{WITHOUT}"')
        fingerprint = None if task.match == "key" and key else reader.fingerprint("activity", row)
        yield (
            line, fingerprint, kind or WITHOUT, at, text, key, lead, name and fold(name), None, email_key, phone,
            client_key, about, title, title and fold(title),
        )  # fmt: skip


def kind_parser(declared: Mapping[str, str]) -> Callable[[str], str | None]:
    """Reads the kind of an activity: a usual word, one that was ``declared`` to mean a kind, else its own slug."""
    known = {**_KINDS, **{plain(word): _kind(target) for word, target in declared.items()}}

    def parse(cell: str) -> str | None:
        word = plain(cell)
        if not word:
            return None
        return known.get(word) or known.get(_without_accents(word)) or _slug(cell)

    return parse


def said(cells_of_text: tuple[str, str]) -> str | None:
    """What was said: the subject on a line of its own, then the text."""
    subject, text = (tidy_optional(cell, "text", LONG) for cell in cells_of_text)
    if subject is None or text is None or text.startswith(subject):
        return text or subject
    return tidy_optional(f"{subject}\n{text}", "text", LONG)


def _kind(target: str) -> str:
    kind = target.strip().lower()
    if not slug_ok(kind):
        raise Invalid(
            f"{quoted(target)} is no kind of activity", "a kind is a word of a-z, 0-9 and hyphens: site-visit"
        )
    return kind


def _slug(cell: str) -> str:
    slug = "-".join(_without_accents(plain(cell)).split())
    if slug_ok(slug):
        return slug
    raise UnknownWord(
        "kind",
        f"{quoted(cell.strip())} is no kind of activity that is known",
        f"KIND is one of {', '.join(_USUAL)}, or a word of your own",
        f"--stage '{cell.strip().replace(chr(39), '')[:60]}=KIND'",
    )


def _without_accents(word: str) -> str:
    import unicodedata

    return "".join([char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)])
