"""Which program wrote a file that is to be imported, and what is known of its files."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from funnelctl.core.importing.encoding import is_utf8, starts_as_utf8
from funnelctl.core.importing.presets import Preset, recognised
from funnelctl.core.importing.problems import Problems
from funnelctl.core.importing.reading import open_sheet
from funnelctl.core.importing.undecided import OpenQuestion
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Usage
from funnelctl.workspace import preset_shelf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.sheet import Sheet

LOOKED_AT = 100  # rows in which a preset may look for what only its program writes
MOST_NAMED = 4  # of the columns by which a file was recognised


class Source(NamedTuple):
    """What is known of a file: ``said`` with what its preset declares beside it, and what people are told of that."""

    said: Declared
    preset: Preset | None
    notes: tuple[str, ...]
    looked_at: Sheet | None = None  # kept as long as the file is read: it would close it when it goes


def known_source(stream: BinaryIO, name: str, said: Declared, asked: str) -> Source:
    """What ``asked`` (``auto``, ``none``, a preset's key, or the program of several presets) makes of a file of which
    ``said`` was said.

    Raises ``Usage`` for a preset that there is not, or that reads another kind of rows than was said, and where none of
    a program's presets fits; ``BadData`` where the file holds no table, ``OpenQuestion`` where several presets fit it
    equally well.
    """
    if asked == "none":
        return Source(said, None, ())
    sheet, first = _look(stream, name, said)
    stream.seek(0)
    if asked != "auto":
        presets = preset_shelf.named(asked)
        found = recognised(presets, sheet, first, said.kind) if len(presets) > 1 else []
        found = found or [(_only(presets, said.kind, asked, name), ())]
    else:
        presets = preset_shelf.candidates(sheet.header, sheet.form, first)
        found = recognised(presets, sheet, first, said.kind)
        if not found:
            others = " or ".join(one.label for one, _ in recognised(presets, sheet, first, None))
            alike = (f"looks like {others}; read plainly, as {said.kind}",) if others else ()
            return Source(said, None, alike, sheet)
    if len(found) > 1:
        raise _several([one for one, _ in found], name)
    [(preset, columns)] = found
    by = _named_by(columns, preset) if columns or asked == "auto" else ""
    notes: tuple[str, ...] = (f"recognised {preset.label}{by}; --preset none reads it plainly",) if by else ()
    if preset.hint:
        notes += (preset.hint,)
    known = preset.fitted(sheet.header)
    if known.encoding and not said.encoding:
        if is_utf8(stream):
            known = known._replace(encoding=None)
        else:
            notes += (f"read as {known.encoding}, for it is not UTF-8; --encoding NAME says otherwise",)
    return Source(said.over(known), preset, notes, sheet)


def _only(presets: list[Preset], kind: str | None, asked: str, name: str) -> Preset:
    """The only one of the presets that reads rows of that kind."""
    reading = [one for one in presets if kind in (None, one.declared.kind)]
    if len(reading) == 1:
        return reading[0]
    kinds = " or ".join(dict.fromkeys(str(one.declared.kind) for one in presets))
    if not reading:
        raise Usage(
            f"the preset {asked} reads {kinds}, not {kind}; nothing was saved", f"--as {kinds}, or another preset"
        )
    raise Usage(
        f"{name} has the columns of none of the presets of {asked}; nothing was saved",
        f"say which it is: {' or '.join(f'--preset {one.key}' for one in reading)}; --preset none reads it plainly",
    )


def _several(presets: list[Preset], name: str) -> OpenQuestion:
    *most, last = [f"{one.label} ({one.declared.kind})" for one in presets]
    all_ = "both" if len(presets) == 2 else "all"
    return OpenQuestion(
        f"{name} may be {', '.join(most)} or {last}: {all_} know as many of its columns; nothing was saved",
        f"say whose it is: {' or '.join(f'--preset {one.key}' for one in presets)}; --preset none reads it plainly",
    )


def _look(stream: BinaryIO, name: str, said: Declared) -> tuple[Sheet, list[list[str]]]:
    """The file with its first rows, whatever may be wrong further down."""
    if not said.encoding and not starts_as_utf8(stream):
        said = said._replace(encoding="latin-1")  # the columns that tell a program are the same in most encodings
    sheet = open_sheet(stream, name, Problems(), said)
    first: list[list[str]] = []
    with suppress(BadData):
        first += (row for _, row in islice(sheet.rows, LOOKED_AT))
    return sheet, first


def _named_by(columns: tuple[str, ...], preset: Preset) -> str:
    if columns:
        more = f" and {len(columns) - MOST_NAMED} more" if len(columns) > MOST_NAMED else ""
        return f" by the columns {', '.join(map(quoted, columns[:MOST_NAMED]))}{more}"
    return " by what its cells hold" if preset.cells else " by its format"
