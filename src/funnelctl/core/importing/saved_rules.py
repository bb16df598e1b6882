"""The rules for cells and rows in a saved mapping: from their nodes, or to everything that is wrong with them."""

from __future__ import annotations

from funnelctl.core.importing.declared import KINDS
from funnelctl.core.importing.fields import FIELDS
from funnelctl.core.importing.rules import EVERY, Rules
from funnelctl.core.nodes import found
from funnelctl.core.text import quoted
from funnelctl.errors import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator
    from typing import Any

    from funnelctl.core.nodes import Node

RULES = Rules._fields


class RulesReader:
    """Reads the rules among the keys of a mapping; what is wrong is added to ``problems``."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._fields = {field for kind in KINDS for field in FIELDS[kind]}

    def read(self, nodes: dict[str, Node]) -> Rules:
        """The rules that ``nodes``, the values of a mapping's keys, declare."""
        readers: dict[str, Callable[[Node], Any]] = {
            "footer": self.texts,
            "needs": self._field_names,
            "empty": self.texts,
            "leave_out": self._words_of_columns,
            "compose": self._texts_of_fields,
            "constants": self._texts_of_fields,
            "split": self._patterns_of_fields,
            "replace": self._replacements,
            "parts": self._parts,
            "history": self._history,
        }
        return Rules(**{name: readers[name](nodes[name]) for name in RULES if name in nodes})

    def texts(self, node: Node) -> tuple[str, ...]:
        """One text, or a list of them."""
        each = node.value if isinstance(node.value, list) else [node]
        return tuple(text for text in map(self._text, each) if text is not None)

    def wrong(self, node: Node, message: str) -> None:
        """A problem at the place of ``node``."""
        self._problems.append(Problem(node.line, node.column, message))

    def pattern(self, node: Node) -> re.Pattern[str] | None:
        """A regular expression; ``None`` after it was told what is wrong with it."""
        import re

        text = self._text(node)
        if text is None:
            return None
        try:
            return re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            self.wrong(node, f"{quoted(text)} is no regular expression: {error}")
            return None

    def _text(self, node: Node) -> str | None:
        if isinstance(node.value, str):
            return node.value
        self.wrong(node, f"expected a text in quotes, found {found(node.value)}")
        return None

    def _items(self, node: Node) -> Iterator[tuple[str, Node]]:
        if isinstance(node.value, dict):
            yield from node.value.items()
        else:
            self.wrong(node, f"expected names with what each means, found {found(node.value)}")

    def _of_fields(self, node: Node, *beside: str) -> Iterator[tuple[str, Node]]:
        """The items of a mapping whose keys are fields."""
        for field, child in self._items(node):
            if field in self._fields or field in beside:
                yield field, child
            else:
                line, column = node.keys[field]
                self._problems.append(Problem(line, column, self._no_field(field)))

    def _no_field(self, field: str) -> str:
        return f"there is no field {quoted(field)}; there are {', '.join(sorted(self._fields))}"

    def _field_names(self, node: Node) -> tuple[str, ...]:
        names = self.texts(node)
        for name in names:
            if name not in self._fields:
                self.wrong(node, self._no_field(name))
        return names

    def _words_of_columns(self, node: Node) -> dict[str, tuple[str, ...]]:
        return {column: self.texts(child) for column, child in self._items(node)}

    def _texts_of_fields(self, node: Node) -> dict[str, str]:
        texts = ((field, self._text(child)) for field, child in self._of_fields(node))
        return {field: text for field, text in texts if text is not None}

    def _patterns_of_fields(self, node: Node) -> dict[str, re.Pattern[str]]:
        patterns = ((field, self.pattern(child)) for field, child in self._of_fields(node))
        return {field: pattern for field, pattern in patterns if pattern is not None}

    def _replacements(self, node: Node) -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
        return {field: tuple(self._replacement(child)) for field, child in self._of_fields(node, EVERY)}

    def _replacement(self, node: Node) -> Iterator[tuple[re.Pattern[str], str]]:
        import re

        for text, child in self._items(node):
            new = "" if child.value is None else self._text(child)
            try:
                pattern = re.compile(text)
                re.compile(f"{text}|").sub(new or "", "")  # a group that there is not shows only where it fits
            except (re.error, IndexError, OverflowError, RecursionError) as error:
                line, column = node.keys[text]
                self._problems.append(Problem(line, column, f"{quoted(text)} cannot be replaced so: {error}"))
            else:
                if new is not None:
                    yield pattern, new

    def _parts(self, node: Node) -> dict[str, re.Pattern[str]]:
        parts = self._patterns_of_fields(node)
        for field, pattern in parts.items():
            for name in pattern.groupindex:
                if name not in self._fields and isinstance(node.value, dict):
                    self.wrong(node.value[field], self._no_field(name))
        return parts

    def _history(self, node: Node) -> re.Pattern[str] | None:
        pattern = self.pattern(node)
        if pattern is not None and "stage" not in pattern.groupindex:
            self.wrong(node, "the pattern needs a group (?P<stage>...) for the name of the stage")
            return None
        return pattern
