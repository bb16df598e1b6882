"""What a text file said, as a tree of plain values that remember where they stood.

The file format is not known here: ``workspace.yaml_nodes`` makes this tree from YAML, ``funnel_file``
reads it.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    Value = str | int | float | bool | list["Node"] | dict[str, "Node"] | None


class Node(NamedTuple):
    """A value with the 1-based place where it starts; ``keys`` gives the places of a mapping's keys."""

    value: Value
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = {}  # noqa: RUF012 - never changed; empty for all but mappings


def found(value: Value) -> str:
    """A value of the file as a message names it, so that ``no`` is seen to be a text and ``14`` a number."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "keys with values"
