"""From the columns of a file to fields: as was said, else by their usual names. No column is passed over silently."""

from __future__ import annotations

from funnelctl.core.importing.declared import LEAVE_OUT
from funnelctl.core.importing.fields import FIELDS, usual_names, word_of
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CALLED_BY = {  # one of these must be there: else the records would have nothing to be called by, or be nobody's
    "leads": ("name", "first_name", "last_name", "company", "email"),
    "opportunities": ("title", "service", "key", "lead", "client_company", "client_email"),
    "activities": ("client_email", "lead", "client_key", "client_phone", "opportunity"),
    "moves": ("key", "opportunity"),
}


class Columns(NamedTuple):
    """``places`` gives the column of each mapped field, counted from 0; ``unmapped`` names the columns of the file that
    mean nothing to us and that nobody said to leave out."""

    header: tuple[str, ...]
    places: dict[str, int]
    unmapped: tuple[str, ...]

    def named(self, field: str) -> str:
        """The name of the column that is mapped to ``field``; the field itself where none is."""
        return self.header[self.places[field]] if field in self.places else field


def map_columns(header: tuple[str, ...], said: Mapping[str, str], kind: str) -> Columns:
    """Map the columns of a file of ``kind`` (``leads``, ``opportunities``). ``said`` maps names of columns to fields,
    or to nothing for a column to leave out; it wins over usual names.

    Raises ``Usage`` for a column or a field that there is not, and for two columns that mean the same field;
    ``BadData`` where no column says what the records are called.
    """
    places: dict[str, int] = {}
    left_out: set[int] = set()
    for name, field in said.items():
        place = place_of(header, name)
        if field in LEAVE_OUT:
            left_out.add(place)
            continue
        if field not in FIELDS[kind]:
            raise _no_field(field, kind)
        if field in places:
            raise _both(header[places[field]], header[place], field)
        places[field] = place
    taken = {*places.values(), *left_out}
    for field, place in _by_usual_name(header, taken, kind).items():
        if field not in places:
            _refuse_doubled(header, place, field, taken)
            places[field] = place
    if not any(field in places for field in _CALLED_BY[kind]):
        what = {"activities": "whose the activities are", "moves": "which opportunities moved"}.get(kind)
        what = what or f"what the {kind} are called"
        raise BadData(
            f"no column says {what}: {', '.join(map(quoted, header[:20]))}; nothing was saved",
            f"--map COLUMN={_CALLED_BY[kind][0]} says which",
        )
    mapped = {*places.values(), *left_out}
    return Columns(header, places, tuple(name for place, name in enumerate(header) if place not in mapped))


def usual_columns(header: tuple[str, ...], said: Mapping[str, str], kind: str) -> dict[str, str]:
    """The columns of which nothing was said and that are known by their names, each with its field."""
    taken = {place_of(header, name) for name in said}
    found = _by_usual_name(header, taken, kind).items()
    return {
        header[place]: field
        for field, place in found
        if field not in said.values() and header.count(header[place]) == 1
    }


def _by_usual_name(header: tuple[str, ...], taken: set[int], kind: str) -> dict[str, int]:
    usual = usual_names(kind)
    best: dict[str, tuple[int, int]] = {}  # field: rank of its name, column
    for place, name in enumerate(header):
        if place in taken:
            continue
        field, rank = usual.get(word_of(name), ("", 0))
        if field and field in best and best[field][0] == rank:
            raise _both(header[best[field][1]], name, field)
        if field and (field not in best or rank < best[field][0]):
            best[field] = (rank, place)
    return {field: place for field, (_, place) in best.items()}


def place_of(header: tuple[str, ...], name: str) -> int:
    """The column of that very name, else the only one whose name differs in case, spaces or punctuation alone.

    Raises ``Usage`` where there is none.
    """
    if name.strip() in header:
        return header.index(name.strip())
    alike = [place for place, one in enumerate(header) if word_of(one) == word_of(name)]
    if len(alike) == 1:
        return alike[0]
    raise Usage(
        f"the file has no column {quoted(name)}; nothing was saved",
        "its columns are " + ", ".join(map(quoted, header[:40])),
    )


def _refuse_doubled(header: tuple[str, ...], place: int, field: str, taken: set[int]) -> None:
    """Of several columns called the same, which was meant is for the user to say."""
    name = header[place]
    twin = f"{name} (2)"
    if twin in header and header.index(twin) not in taken:
        raise BadData(
            f"several columns are called {quoted(name)}; nothing was saved",
            f"--map '{name}={field}' takes the first, --map '{twin}={field}' the second",
        )


def _no_field(field: str, kind: str) -> Usage:
    from difflib import get_close_matches

    near = get_close_matches(field.lower(), FIELDS[kind], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return Usage(
        f"{kind} have no field {quoted(field)}; nothing was saved", f"{hint}there are {', '.join(FIELDS[kind])}"
    )


def _both(one: str, other: str, field: str) -> Usage:
    return Usage(
        f"the columns {quoted(one)} and {quoted(other)} are both mapped to {field}; nothing was saved",
        f"leave one of them out: --map '{other}='",
    )
