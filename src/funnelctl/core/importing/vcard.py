"""vCards as a sheet: a card a row.

A lead has one e-mail, one number and one company. What a card says beyond that goes into the note, a line each, and
nothing of it is lost: further addresses, titles, departments, web pages. Photos, keys, birthdays and what a program
keeps for itself are left out.
"""

from __future__ import annotations

from funnelctl.core.contact import parse_email, parse_phone
from funnelctl.core.importing.cells import APART
from funnelctl.core.importing.content_lines import ContentLine, content_line, decoded, divided, unescaped, unfolded
from funnelctl.core.importing.encoding import HEAD
from funnelctl.core.importing.lines import Lines
from funnelctl.core.importing.sheet import CARD_REASON, Sheet
from funnelctl.core.importing.task import Tally
from funnelctl.core.record import NamedTuple
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import TextIOWrapper
    from typing import BinaryIO

    from funnelctl.core.importing.problems import Problems

HEADER = ("name", "company", "email", "phone", "note", "tags", "key")
_NOTED = {"TITLE": "title", "ROLE": "role", "URL": "web", "NICKNAME": "nickname", "ADR": "address"}
_WANTED = frozenset(("FN", "N", "ORG", "EMAIL", "TEL", "NOTE", "UID", "CATEGORIES", "AGENT", *_NOTED))
_NO_VOICE = {"FAX", "PAGER"}
_RANKS = ("CELL", "WORK", "", "HOME")  # of the numbers none of which is preferred


class Piece(NamedTuple):
    """A card, or a line outside of any: the 1-based line on which it begins, and its unfolded lines without those that
    begin and end it."""

    start: int
    lines: list[tuple[int, str]]
    form: str  # card, cut (without an end) or stray


def read_vcards(stream: BinaryIO, name: str, problems: Problems, encoding: str) -> Sheet:
    """The sheet of the cards in ``stream``; ``name`` is how messages call the file."""
    text = text_of(stream, encoding)
    rows = _rows(pieces(Lines(text, name, encoding), name), encoding, problems)
    return Sheet(HEADER, rows, "vcard", encoding, source=text)


def text_of(stream: BinaryIO, encoding: str) -> TextIOWrapper:
    """The text of a file of cards. Its lines end with ``\\n``, also behind any number of ``\\r``; with ``\\r`` alone
    where there is no other."""
    import io

    start = stream.read(HEAD).decode(encoding, "replace").lstrip()
    stream.seek(0)
    # a line may be in a character set of its own, so that its bytes must come through
    return io.TextIOWrapper(stream, encoding, errors="surrogateescape", newline="\n" if "\n" in start else "")


def pieces(lines: Iterable[str], name: str) -> Iterator[Piece]:
    """What stands in a file, in its order; ``name`` is how messages call it."""
    card: Piece | None = None
    inner, last = 0, ""
    for number, text in unfolded(lines, _WANTED, name):
        marker = text.replace(" ", "").upper()
        called = marker.partition(":")[0].partition(";")[0].rpartition(".")[2]
        if marker == "BEGIN:VCARD" and card and last == "AGENT":
            inner += 1  # a card within a card
        elif marker == "BEGIN:VCARD":
            if card:
                yield card._replace(form="cut")
            card, inner, last = Piece(number, [], "card"), 0, ""
        elif marker == "END:VCARD" and inner:
            inner -= 1
        elif marker == "END:VCARD" and card:
            yield card
            card = None
        elif called == CARD_REASON:
            continue
        elif card is None:
            yield Piece(number, [(number, text)], "stray")
        elif not inner:
            card.lines.append((number, text))
            last = called
    if card:
        yield card._replace(form="cut")


def _rows(found: Iterable[Piece], encoding: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    told = Tally()
    taken: set[str] = set()  # the keys of numbers
    for piece in found:
        if piece.form == "stray":
            problems.add(piece.start, "", "it stands outside of any card", "a card begins with BEGIN:VCARD")
        elif piece.form == "cut":
            why = "the card that begins here has no END:VCARD"
            problems.add(piece.start, "", why, "was the file cut off? export it again")
        elif fields := _read(piece, encoding, problems):
            if fields.damaged:
                told.note(f"with damaged text, which stands as \ufffd: {', '.join(fields.damaged)}")
            yield piece.start, fields.row(taken, told)
    for note in told.notes:
        problems.note(note)


def _read(piece: Piece, encoding: str, problems: Problems) -> _Card | None:
    """What a card says; ``None`` after its problems were told."""
    card, good = [], True
    for number, text in piece.lines:
        try:
            card.append(content_line(number, text))
        except Invalid as error:
            problems.add(number, "", error.message, error.hint, row=piece.start)
            good = False
    version = next((one.raw.strip() for one in card if one.name == "VERSION"), "")
    fields = _Card(encoding, version)
    for one in card if good else ():
        try:
            fields.take(one)
        except Invalid as error:
            problems.add(one.line, one.name, error.message, error.hint, row=piece.start)
            good = False
    return fields if good else None


class _Card:
    """What a card says, as its lines are taken."""

    def __init__(self, encoding: str, version: str) -> None:
        self.damaged: dict[str, None] = {}  # names of lines
        self._encoding, self._version = encoding, version
        self._texts: dict[str, str] = {}
        self._name_parts: list[str] = []
        self._companies: list[list[str]] = []
        self._emails: list[tuple[int, str, str]] = []  # rank, value, kinds
        self._phones: list[tuple[int, str, str]] = []
        self._tags: list[str] = []
        self._notes: list[str] = []
        self._beyond: list[str] = []

    def take(self, one: ContentLine) -> None:
        """Take a content line. Raises ``Invalid`` where it cannot be decoded."""
        if one.name not in _WANTED:
            return
        value, whole = decoded(one, self._encoding, self._version)
        if not whole:
            self.damaged[one.name] = None
        if one.name in ("FN", "UID"):
            self._texts.setdefault(one.name, _line(unescaped(value)))
        elif one.name == "N":
            self._name_parts = self._name_parts or [_line(part) for part in divided(value, ";")]
        elif one.name == "ORG":
            parts = [_line(part) for part in divided(value, ";")]
            if any(parts):
                self._companies.append([part for part in parts if part])
        elif one.name == "EMAIL":
            self._emails.append((_preference(one), _line(unescaped(value)), _kinds(one)))
        elif one.name == "TEL":
            number = _line(unescaped(value))
            number = number[4:] if number[:4].lower() == "tel:" else number
            self._phones.append((_phone_rank(one), number, _kinds(one)))
        elif one.name == "CATEGORIES":
            self._tags += [tag for part in divided(value, ",") if (tag := _line(part))]
        elif one.name == "NOTE":
            self._notes.append(unescaped(value).replace("\r\n", "\n").strip())
        elif one.name in _NOTED:
            parts = [_line(part) for part in divided(value, ";")] if one.name == "ADR" else [_line(unescaped(value))]
            self._beyond.append(_said(_NOTED[one.name], ", ".join(filter(None, parts)), ""))

    def row(self, taken: set[str], told: Tally) -> list[str]:
        """The cells of its row, in the order of ``HEADER``. A number belongs to one lead: one that an earlier card has
        ``taken``, such as that of an office, is noted only."""
        (company, *departments), *others = self._companies or [[""]]
        self._beyond.append(_said("department", ", ".join(departments), ""))
        self._beyond += [_said("other company", ", ".join(parts), "") for parts in others]
        email, _ = self._chosen(self._emails, parse_email, "other e-mail", set())
        phone, is_shared = self._chosen(self._phones, lambda number: parse_phone(number, None), "other phone", taken)
        if is_shared:
            told.note("with a phone number that an earlier card has: it is in the note")
        note = "\n".join(filter(None, [*self._notes, *dict.fromkeys(self._beyond)]))
        name = self._texts.get("FN") or self._composed()
        # a tag may hold the semicolon that stands between them elsewhere
        apart = any(";" in tag for tag in self._tags)
        tags = "".join([tag + APART for tag in self._tags]) if apart else "; ".join(self._tags)
        return [name, company, email, phone, note, tags, self._texts.get("UID", "")]

    def _chosen(
        self, found: list[tuple[int, str, str]], parse: Callable[[str], tuple[str, str]], what: str, taken: set[str]
    ) -> tuple[str, bool]:
        """The best value that is one and not ``taken``, to which it is added, and whether a better one was taken. All
        others go to the note, in the order of the card."""
        chosen, is_shared = "", False
        for rank, value, _ in sorted(found, key=lambda one: one[0]):
            try:
                _, key = parse(value)
            except Invalid:
                continue
            is_shared = is_shared or key in taken
            if rank < _LAST and key not in taken:
                chosen = value
                taken.add(key)
                break
        self._beyond += [_said(what, value, kinds) for _, value, kinds in found if value and value != chosen]
        return chosen, is_shared

    def _composed(self) -> str:
        family, given, more, before, after = (*self._name_parts, "", "", "", "", "")[:5]
        return " ".join(filter(None, (before, given, more, family, after)))


_LAST = 1000  # the rank of a number at which nobody speaks


def _line(text: str) -> str:
    return " ".join(text.split())


def _said(what: str, value: str, kinds: str) -> str:
    return f"{what}: {value}{f' ({kinds})' if kinds else ''}" if value else ""


def _kinds(one: ContentLine) -> str:
    return ", ".join(sorted(kind.lower() for kind in one.types & {"HOME", "WORK", "CELL", "FAX", "PAGER"}))


def _preference(one: ContentLine) -> int:
    """0 for the preferred one; version 4 counts from 1 to 100."""
    pref = (one.params.get("PREF") or [""])[0]
    if pref.isascii() and pref.isdecimal() and len(pref) <= 3:
        return int(pref)
    return 0 if "PREF" in one.types else 500


def _phone_rank(one: ContentLine) -> int:
    if one.types & _NO_VOICE:
        return _LAST
    kind = next((kind for kind in _RANKS if kind in one.types), "")
    return _preference(one) + _RANKS.index(kind)
