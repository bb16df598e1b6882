"""A sheet as another program wrote it, to one whose cells are what the fields of a row are read from.

All of it is said by ``Rules``, and by columns that together are one field. Nothing is lost on the way: of several
e-mails or phone numbers the first is the field, and the others go into the note.
"""

from __future__ import annotations

from collections import Counter

from funnelctl.core.importing.cells import APART
from funnelctl.core.importing.columns import place_of, usual_columns
from funnelctl.core.importing.declared import LEAVE_OUT, Declared
from funnelctl.core.importing.fields import FIELDS, usual_names, word_of
from funnelctl.core.importing.rules import EVERY
from funnelctl.core.text import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Row, Sheet

# What is noted of a second value; of other fields (a date, a stage) a second column only repeats the first.
_OTHER = {
    "name": "other name", "company": "other company", "email": "other e-mail", "phone": "other phone",
    "lead": "other contact", "client_company": "other company", "client_email": "other e-mail",
    "client_phone": "other phone", "reason": "other reason", "service": "other service", "source": "other source",
}  # fmt: skip

NAMED = 3  # columns by which one that is made of them is called


def refined(sheet: Sheet, declared: Declared, problems: Problems) -> tuple[Sheet, Declared]:
    """The sheet with its cells as ``declared.rules`` has them, and what is declared of it: each field by one column.

    Raises ``Usage`` where a rule speaks of a column that the file lacks.
    """
    rules = declared.rules
    if rules.empty or rules.replace:  # which are for columns that are known by their names too
        assert declared.kind is not None
        made = {*rules.compose, *rules.constants}
        usual = usual_columns(sheet.header, declared.columns, declared.kind).items()
        more = {name: field for name, field in usual if field not in made}
        declared = declared._replace(columns={**declared.columns, **more})
    plan = _Plan(sheet.header, declared)
    if not plan.does_anything:
        return sheet, declared
    return sheet._replace(header=plan.header, rows=plan.rows(sheet, problems)), declared._replace(columns=plan.columns)


class _Plan:
    def __init__(self, header: tuple[str, ...], declared: Declared) -> None:
        self.header = header
        self._rules = rules = declared.rules
        self._kind = declared.kind or ""
        self.columns = {name: field for name, field in declared.columns.items() if field in LEAVE_OUT}
        self._places: dict[str, list[int]] = {}  # of a field: the columns from which it is read
        self._targets: dict[str, int] = {}  # of a field: the column where its value is put
        for name, field in declared.columns.items():
            if field not in LEAVE_OUT:
                self._places.setdefault(field, []).append(place_of(header, name))
        self._sources = {place for places in self._places.values() for place in places}
        for field, places in self._places.items():
            if places[0] in self._targets.values():
                self._add(field)
            else:
                self._targets[field] = places[0]
                self.columns[header[places[0]]] = field
        self._leave_out(place for places in self._places.values() for place in places[1:])
        self._stages = self._history_columns()
        self._templates = {
            field: self._template(text) for field, text in rules.compose.items() if field not in self._places
        }
        for field, pieces in self._templates.items():
            self._add(field, [place for piece in pieces if isinstance(piece, list) for place in piece])
        for field, name in self._named_by_parts():
            self._add(name, self._places[field])
        for field in rules.constants:
            self._add(field)
        self._note = next((field for field in ("note", "text") if field in FIELDS.get(self._kind, ())), "note")
        self._several = [field for field in self._targets if field != self._note and self._is_worked_on(field)]
        notes = [field for field in self._several if field in _OTHER]
        if notes or (self._note in self._targets and self._is_worked_on(self._note)):
            self._add(self._note)
            self._several.append(self._note)
        self._labels = self._labelled()
        self._rows_of_several_clients = 0  # of which but one can be kept
        self._flags = {place_of(header, name): words for name, words in rules.leave_out.items() if self._has(name)}
        self._leave_out(self._flags)
        self._needed = [self._targets[field] for field in rules.needs if field in self._targets]
        self.does_anything = bool(
            self._several or self._flags or self._needed or self._stages or self._templates or rules.constants
            or rules.empty
        )  # fmt: skip

    def rows(self, sheet: Sheet, problems: Problems) -> Iterator[Row]:
        """The rows that are not left out, as they are to be read."""
        left_out: Counter[str] = Counter()
        blank = [""] * (len(self.header) - len(sheet.header))
        empty = {word.strip().casefold() for word in self._rules.empty}
        for line, cells in sheet.rows:
            row = [*cells, *blank]
            if empty:
                for place in self._sources:
                    if row[place].strip().casefold() in empty:
                        row[place] = ""
            for field, parts in self._templates.items():
                row[self._targets[field]] = "".join(self._filled(part, row) for part in parts).strip()
            reason = self._flagged(row)
            if not reason:
                self._refine(row)
                if self._needed and not any(row[place].strip() for place in self._needed):
                    reason = f"nothing in {', '.join(dict.fromkeys(self.header[place] for place in self._needed))}"
            if reason:
                left_out[reason] += 1
            else:
                yield line, row
        for reason, rows in left_out.items():
            problems.note(f"{rows:,} row{'s' if rows > 1 else ''} left out: {reason}")
        if rows := self._rows_of_several_clients:
            names = ", ".join(quoted(self.header[place]) for place in self._read_from("client_key"))
            problems.note(
                f"{rows:,} row{'s name' if rows > 1 else ' names'} several clients, of which the first counts: {names}"
            )

    def _flagged(self, row: list[str]) -> str:
        """Why a row is left out by a word in one of its columns; empty where it is not."""
        for place, words in self._flags.items():
            cell = row[place].strip().casefold()
            if any(cell == word.casefold() for word in words):
                return f"{quoted(self.header[place])} is {quoted(row[place].strip())}"
        return ""

    def _refine(self, row: list[str]) -> None:
        notes: list[str] = []
        for field in self._several:
            values = self._values(field, row)
            if field == self._note:
                values += notes
                value = "\n".join(values)
            elif field == "tags":
                # told apart by a rule, a tag may hold the semicolon that stands between them elsewhere
                apart = field in self._rules.split and any(";" in tag for tag in values)
                value = "".join([tag + APART for tag in values]) if apart else ";".join(values)
            else:
                value = values[0] if values else ""
                self._rows_of_several_clients += field == "client_key" and len(values) > 1
                if field in _OTHER:
                    notes += [f"{_OTHER[field]}: {other}" for other in dict.fromkeys(values[1:]) if other != value]
            pattern = self._rules.parts.get(field)
            match = pattern.fullmatch(value) if pattern and value else None
            for name, part in match.groupdict().items() if match else ():
                if name == field:
                    value = part or ""
                elif part and not row[self._targets[name]].strip():
                    row[self._targets[name]] = part
            row[self._targets[field]] = value
        if self._stages:
            row[self._targets["history"]] = self._history(row)
        for field, constant in self._rules.constants.items():
            if not row[self._targets[field]].strip():
                row[self._targets[field]] = constant

    def _values(self, field: str, row: list[str]) -> list[str]:
        """What the columns of a field say, in their order, each value by itself and as it is to be read."""
        split = self._rules.split.get(field)
        places = self._read_from(field)
        values = []
        for place in places:
            cell = row[place]
            for piece in split.split(cell) if split and cell else (cell,):
                value = self._replaced(field, piece or "").strip()
                if value and field == self._note:
                    value = self._labels.get(place, "") + value
                if value and value not in values:
                    values.append(value)
        return values

    def _read_from(self, field: str) -> list[int]:
        """The columns of which the value of a field is made."""
        return self._places.get(field) or ([self._targets[field]] if field in self._targets else [])

    def _replaced(self, field: str, value: str) -> str:
        for key in (EVERY, field):
            for pattern, new in self._rules.replace.get(key, ()):
                value = pattern.sub(new, value)
        return value

    def _history(self, row: list[str]) -> str:
        import json

        passages = [{"stage": stage, "at": row[place].strip()} for place, stage in self._stages if row[place].strip()]
        passages.sort(key=lambda passage: passage["at"])
        return json.dumps(passages, ensure_ascii=False) if passages else ""

    def _history_columns(self) -> list[tuple[int, str]]:
        """The columns that hold when a stage was entered, with the stage."""
        pattern = self._rules.history
        if pattern is None or "history" in self._places:
            return []
        matches = [(place, pattern.fullmatch(name)) for place, name in enumerate(self.header)]
        found = [(place, self._replaced("stage", match["stage"]).strip()) for place, match in matches if match]
        self._leave_out(place for place, _ in found)
        if found:
            self._add("history", [place for place, _ in found])
        return found

    def _template(self, text: str) -> list[str | list[int]]:
        """The pieces of a template: texts, and columns of which the first that is filled stands there."""
        pieces: list[str | list[int]] = []
        for number, piece in enumerate(text.replace("{", "}").split("}")):
            if number % 2:
                places = [place_of(self.header, name) for name in piece.split("|") if self._has(name)]
                self._leave_out(places)
                pieces.append(places)
            else:
                pieces.append(piece)
        return pieces

    def _filled(self, piece: str | list[int], row: list[str]) -> str:
        if isinstance(piece, str):
            return piece
        return next((row[place].strip() for place in piece if row[place].strip()), "")

    def _named_by_parts(self) -> list[tuple[str, str]]:
        """The mapped fields that have parts, each with a field that it may give."""
        patterns = [(field, pattern) for field, pattern in self._rules.parts.items() if field in self._places]
        return [(field, name) for field, pattern in patterns for name in pattern.groupindex]

    def _is_worked_on(self, field: str) -> bool:
        rules = self._rules
        return (
            len(self._places.get(field, ())) > 1
            or self._targets[field] not in self._places.get(field, (self._targets[field],))
            or field in rules.split
            or field in rules.parts
            or EVERY in rules.replace
            or field in rules.replace
        )

    def _labelled(self) -> dict[int, str]:
        """How each of several columns of notes is told, where its name says what is in it: "Position" rather than
        "Notes"."""
        places = self._read_from(self._note)
        usual = usual_names(self._kind) if len(places) > 1 else {}
        names = {place: self.header[place] for place in places if len(places) > 1}
        return {
            place: f"{name}: " for place, name in names.items() if usual.get(word_of(name), ("", 0))[0] != self._note
        }

    def _leave_out(self, places: Iterable[int]) -> None:
        """Say of columns that go into another one that they are no field of their own."""
        for place in places:
            self.columns.setdefault(self.header[place], LEAVE_OUT[0])

    def _add(self, field: str, places: Sequence[int] = ()) -> None:
        """A column for the value of a field that has none of its own. It is called by the columns at ``places``, of
        which the value is made, for the file has no other names; in brackets where it is a part of one."""
        if field in self._targets:
            return
        name = " + ".join(self.header[place] for place in places[:NAMED]) + (" ..." if len(places) > NAMED else "")
        name = name or field
        while name in self.header:
            name = f"({name})"
        self._targets[field] = len(self.header)
        self.header = (*self.header, name)
        self.columns[name] = field

    def _has(self, name: str) -> bool:
        return any(word_of(name) == word_of(one) for one in self.header)
