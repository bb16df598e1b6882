"""From the nodes of a saved mapping to what it declares, or to everything that is wrong with it.

```yaml
as: opportunities
columns: {Deal: title, Worth: value, Owner: "-"}
stages: {In talks: proposal, Signed: won}
date_format: DD.MM.YYYY
empty: [Select, n/a]
```
"""

from __future__ import annotations

from funnelctl.core.importing.declared import KINDS, LEAVE_OUT, Declared, checked
from funnelctl.core.importing.fields import FIELDS
from funnelctl.core.importing.saved_rules import RULES, RulesReader
from funnelctl.core.nodes import found
from funnelctl.core.text import quoted
from funnelctl.errors import Invalid, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from funnelctl.core.nodes import Node

KEYS = (
    "as", "funnel", "currency", "columns", "stages", "date_format", "decimal", "probability", "delimiter",
    "encoding", "sheet", "match", "on_duplicate", *RULES,
)  # fmt: skip


def read_saved(root: Node, problems: list[Problem], *beside: str) -> Declared:
    """What the mapping declares; what is wrong with it is added to ``problems``. ``beside`` are keys that it may have
    and that are read elsewhere."""
    keys = (*beside, *KEYS)
    if not isinstance(root.value, dict):
        problems.append(
            Problem(root.line, root.column, f"expected the keys {', '.join(keys)}, found {found(root.value)}")
        )
        return Declared()
    for name, (line, column) in root.keys.items():
        if name not in keys:
            problems.append(Problem(line, column, f"unknown key {quoted(name)}; there are {', '.join(keys)}"))
    nodes = {name: node for name, node in root.value.items() if name in KEYS}
    words: dict[str, Any] = {
        name: _word(name, node, problems)
        for name, node in nodes.items()
        if name not in ("columns", "stages", "date_format", *RULES)
    }
    return Declared(
        kind=words.pop("as", None),
        columns=_columns(nodes.get("columns"), problems),
        stages=_texts(nodes.get("stages"), problems),
        date_formats=_formats(nodes.get("date_format"), problems),
        rules=RulesReader(problems).read(nodes),
        **words,
    )


def _word(name: str, node: Node, problems: list[Problem]) -> str | None:
    if not isinstance(node.value, str):
        _wrong(f"expected a text in quotes, found {found(node.value)}", node, problems)
        return None
    try:
        return checked(name, node.value)
    except Invalid as error:
        _wrong(f"{error.message}; {error.hint}" if error.hint else error.message, node, problems)
        return None


def _formats(node: Node | None, problems: list[Problem]) -> tuple[str, ...]:
    """One format, or a list of them."""
    if node is None:
        return ()
    each = node.value if isinstance(node.value, list) else [node]
    return tuple(text for text in (_word("date_format", one, problems) for one in each) if text)


def _columns(node: Node | None, problems: list[Problem]) -> dict[str, str]:
    columns = _texts(node, problems, LEAVE_OUT[0])
    known = {field for kind in KINDS for field in FIELDS[kind]}
    for name, field in columns.items():
        if field not in known and field not in LEAVE_OUT:
            place = node.value[name] if node is not None and isinstance(node.value, dict) else node
            assert place is not None
            _wrong(f"there is no field {quoted(field)}; there are {', '.join(sorted(known))}", place, problems)
    return columns


def _texts(node: Node | None, problems: list[Problem], empty: str | None = None) -> dict[str, str]:
    """A mapping of texts; ``empty`` stands for a value that is left empty, where it may be."""
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        _wrong(f"expected names with what each means, found {found(node.value)}", node, problems)
        return {}
    texts = {}
    for name, child in node.value.items():
        if isinstance(child.value, str):
            texts[name] = child.value.strip()
        elif child.value is None and empty is not None:
            texts[name] = empty
        else:
            _wrong(f"expected a text, found {found(child.value)}", child, problems)
    return texts


def _wrong(message: str, node: Node, problems: list[Problem]) -> None:
    problems.append(Problem(node.line, node.column, message))
