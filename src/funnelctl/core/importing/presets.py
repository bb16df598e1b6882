"""A preset: a saved mapping of all files of one kind that a program exports, with how such a file is recognised.

```yaml
preset: acme-deals
label: Acme deals
recognise: [Deal no., Deal name]     # columns that must all be there; or several such lists, any one of them
as: opportunities
columns: {Deal no.: key, Deal name: title, Title: title}
```

Other than in a saved mapping, a column that a file lacks is passed over, and several columns may be one field: the
first that is filled counts, and of what a lead or a note is made nothing else is lost. Its stages count as far as the
funnel has them.
"""

from __future__ import annotations

from funnelctl.core.importing.declared import Declared
from funnelctl.core.importing.fields import word_of
from funnelctl.core.importing.rules import columns_in
from funnelctl.core.importing.saved import read_saved
from funnelctl.core.importing.saved_rules import RulesReader
from funnelctl.core.record import NamedTuple
from funnelctl.errors import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from funnelctl.core.importing.sheet import Sheet
    from funnelctl.core.nodes import Node

KEYS = ("preset", "label", "recognise", "cells", "form", "hint")
TABULAR = ("csv", "tsv", "xlsx", "json", "jsonl")  # forms whose columns somebody else has named
LEAST = 2  # columns by which a file is recognised: any file may have a "Name"


class Preset(NamedTuple):
    """``recognise`` holds sets of columns, one of which must be there as a whole; ``cells`` fits a cell that one of
    the first rows must have, ``form`` names the formats of which the file must be in one (empty: a table). ``hint`` is
    what people should know of such a file."""

    key: str
    label: str
    recognise: tuple[tuple[str, ...], ...]
    cells: re.Pattern[str] | None
    form: str
    hint: str
    declared: Declared

    def found_in(self, sheet: Sheet, first: Sequence[list[str]]) -> tuple[str, ...] | None:
        """The columns by which ``sheet``, whose first rows are ``first``, is recognised; ``None`` where it is not."""
        if sheet.form not in self.form.split() if self.form else sheet.form not in TABULAR:
            return None
        if self.cells and not any(self.cells.search(cell) for row in first for cell in row):
            return None
        there = {word_of(name): name for name in sheet.header}
        complete = [columns for columns in self.recognise if all(word_of(name) in there for name in columns)]
        if complete:
            return tuple(there[word_of(name)] for name in max(complete, key=len))
        return () if not self.recognise else None

    def knows(self, header: Sequence[str]) -> int:
        """How many of these columns the preset speaks of."""
        rules = self.declared.rules
        composed = (name for text in rules.compose.values() for piece in columns_in(text) for name in piece)
        asked = (name for columns in self.recognise for name in columns)
        words = {word_of(name) for name in (*self.declared.columns, *rules.leave_out, *composed, *asked)}
        return sum(word_of(name) in words or bool(rules.history and rules.history.fullmatch(name)) for name in header)

    def keeps_any(self, header: Sequence[str], rows: Sequence[list[str]]) -> bool:
        """Whether any of these rows is not left out by a word in one of its columns."""
        leave_out = {
            word_of(name): {one.casefold() for one in words} for name, words in self.declared.rules.leave_out.items()
        }
        flags = [(place, leave_out[word_of(name)]) for place, name in enumerate(header) if word_of(name) in leave_out]
        return any(all(row[place].strip().casefold() not in words for place, words in flags) for row in rows)

    def fitted(self, header: Sequence[str]) -> Declared:
        """What the preset declares of a file with these columns, under the very names that they have there; by what
        its rows are known only where a column holds that."""
        there = {word_of(name): name for name in reversed(header)}
        columns = {
            there[word_of(name)]: field for name, field in self.declared.columns.items() if word_of(name) in there
        }
        match = self.declared.match if self.declared.match in columns.values() else None
        return self.declared._replace(columns=columns, match=match)


def recognised(
    presets: Sequence[Preset], sheet: Sheet, first: Sequence[list[str]], kind: str | None
) -> list[tuple[Preset, tuple[str, ...]]]:
    """The presets that fit a file best, each with the columns by which it is recognised: of those that take in any of
    its first rows those that know most of its columns, and among them those that ask for most. They are several where
    nothing tells which is right. ``kind`` is what the rows were said to be."""
    found: dict[tuple[bool, int, int, bool], list[tuple[Preset, tuple[str, ...]]]] = {}
    for preset in presets:
        columns = preset.found_in(sheet, first)
        if columns is not None and kind in (None, preset.declared.kind):
            is_proven = bool(preset.form or preset.cells)
            fit = (preset.keeps_any(sheet.header, first), preset.knows(sheet.header), len(columns), is_proven)
            found.setdefault(fit, []).append((preset, columns))
    return found[max(found)] if found else []


def read_preset(root: Node, problems: list[Problem]) -> Preset:
    """The preset in a file's nodes; what is wrong with it is added to ``problems``."""
    declared = read_saved(root, problems, *KEYS)
    nodes = root.value if isinstance(root.value, dict) else {}
    reader = RulesReader(problems)
    texts = {name: reader.texts(nodes[name]) for name in ("preset", "label", "form", "hint") if name in nodes}
    said = {name: "".join(text[:1]) for name, text in texts.items()}
    missing = [name for name in ("preset", "as") if nodes and name not in nodes]
    problems += [Problem(root.line, root.column, f"a preset needs the key {name}") for name in missing]
    recognise = _column_sets(nodes["recognise"], reader) if "recognise" in nodes else ()
    cells = reader.pattern(nodes["cells"]) if "cells" in nodes else None
    if nodes and not (recognise or cells or said.get("form")):
        reader.wrong(root, "nothing says how a file is recognised: recognise, cells or form")
    key = said.get("preset", "")
    return Preset(
        key,
        said.get("label", key),
        recognise,
        cells,
        said.get("form", ""),
        said.get("hint", ""),
        declared._replace(stages={}, usual_stages=declared.stages),
    )


def _column_sets(node: Node, reader: RulesReader) -> tuple[tuple[str, ...], ...]:
    each = node.value if isinstance(node.value, list) else []
    several = [one for one in each if isinstance(one.value, list)] if each else []
    if not each or (several and len(several) < len(each)):
        reader.wrong(node, "expected a list of columns, or a list of such lists")
        return ()
    sets = [reader.texts(one) for one in (several or [node])]
    for one, columns in zip(several or [node], sets, strict=True):
        if len(columns) < LEAST:
            reader.wrong(one, "one column is too little to recognise a file by")
    return tuple(sets)
