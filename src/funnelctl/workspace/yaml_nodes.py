"""YAML to nodes with their places, strictly: what a file seems to say is what it says.

YAML's own rules turn ``no`` into false, ``22:22`` into 1342 and ``010`` into 8, keep the last of two equal
keys, and let a few hundred bytes of aliases grow into gigabytes. So PyYAML's stream of events is all that
is used here (no resolver, no composer, no constructor), scalars are typed as JSON would type them, and
whatever a file of settings has no use for is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from funnelctl.core.nodes import Node, found
from funnelctl.core.text import quoted
from funnelctl.errors import Problem

if TYPE_CHECKING:
    from funnelctl.core.nodes import Value

MAX_BYTES = 64 * 1024
MAX_DEPTH = 20

_WORDS: dict[str, Value] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")  # a funnel counts nothing that is longer: that stays text
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_LINE_END = re.compile(r"\r\n|\r|\n")
# Control characters but tab and line ends, line ends that editors do not count, what turns the direction of a
# text, halves of characters, and what is no character.
_HIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")

# What libyaml and PyYAML's own reader take for different things, or place differently.
_TOLD_APART = re.compile(r"\t|^---|\?\s|\?$|[|>]\S*#", re.MULTILINE)

# How PyYAML begins, in the words of somebody who edits a text file.
_PLAINER = {
    "found character '\\t'": "a tab; indent with spaces",
    "found character": "a text cannot begin with this character; put it in quotes",
    "mapping values are not allowed": "a ':' where none may be; put a text that contains ': ' in quotes",
    "expected <block end>": "this does not continue what stands above; is it indented as it should be?",
    "found unexpected end of stream": "the file ends within a text in quotes",
    "could not find expected ':'": "a key without its ':'",
}


def load_nodes(data: bytes) -> tuple[Node | None, list[Problem]]:
    """The file's one document, and what is wrong with it as YAML, in order of place. Raises nothing.

    The tree is ``None`` where reading had to stop: a syntax error, nested too deeply, too large, not
    UTF-8, empty. Else the tree is there beside its problems, so that the rest of it can be checked: an
    alias is a node without a value, of two equal keys the first counts, a key that is no text is left out.
    """
    if len(data) > MAX_BYTES:
        return None, [Problem(1, 1, f"the file is larger than the {MAX_BYTES} bytes that are read")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        message = f"not UTF-8 text (byte 0x{error.object[error.start]:02x}); save the file as UTF-8"
        return None, [Problem(*_end_of(before), message)]
    problems = _hidden_characters(text)
    if not problems and not _TOLD_APART.search(text) and (root := _quickly(text)):
        return root, []
    root = _Reader(yaml.SafeLoader(_HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)), problems).read()
    return root, sorted(problems, key=lambda problem: (problem.line, problem.column))


def _hidden_characters(text: str) -> list[Problem]:
    """One problem for each line that holds such characters."""
    hits = ((line, _HIDDEN.search(content)) for line, content in enumerate(_LINE_END.split(text), 1))
    return [Problem(line, hit.start() + 1, f"{_name(hit)}, which cannot be seen") for line, hit in hits if hit]


def _quickly(text: str) -> Node | None:
    """The document as libyaml reads it, in a fifteenth of the time; ``None`` where anything is wrong with it, which
    PyYAML's own reader tells more plainly, and where PyYAML was built without that library."""
    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]  # which the stubs lack
    except ImportError:
        return None
    problems: list[Problem] = []
    try:
        root = _Reader(CParser(text), problems).document()
    except (_Stop, yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None
    return None if problems else root


class _Stop(Exception):
    """What follows in the file cannot be read; the problem is reported already."""


class _Reader:
    def __init__(self, events: Any, problems: list[Problem]) -> None:
        self._events = events
        self._problems = problems
        self._depth = 0

    def read(self) -> Node | None:
        try:
            return self.document()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark or self._events.get_mark()
            self._report(mark, f"not valid YAML: {_plainer(error.problem or '')}")
        except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
            # The functions beneath PyYAML raise too: "\UFFFFFFFF" is an OverflowError of chr().
            self._report(self._events.get_mark(), "not valid YAML: what stands before this cannot be read")
        return None

    def document(self) -> Node:
        """The one document, where nothing in it stops the reading."""
        self._events.get_event()  # the start of the stream
        self._refuse_unless(yaml.DocumentStartEvent, "the file is empty")
        self._events.get_event()
        root = self._node()
        self._events.get_event()  # the end of the document
        self._refuse_unless(yaml.StreamEndEvent, "a second document starts here; a file holds one")
        return root

    def _refuse_unless(self, kind: type[yaml.Event], message: str) -> None:
        if not self._events.check_event(kind):
            self._report(self._events.peek_event().start_mark, message)
            raise _Stop

    def _node(self) -> Node:
        event = self._events.get_event()
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent):
            self._report(mark, f"the alias *{event.anchor} is not read; write the value out")
            return Node(None, mark.line + 1, mark.column + 1)
        if event.anchor is not None:
            self._report(mark, f"the anchor &{event.anchor} is not read; leave it out")
        if event.tag is not None:
            self._report(mark, f"the tag {quoted(event.tag)} is not read; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            return Node(self._scalar(event), mark.line + 1, mark.column + 1)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._report(mark, f"nested too deeply; at most {MAX_DEPTH} levels are read")
            raise _Stop
        value, keys = self._items() if isinstance(event, yaml.SequenceStartEvent) else self._pairs()
        self._depth -= 1
        return Node(value, mark.line + 1, mark.column + 1, keys)

    def _items(self) -> tuple[Value, dict[str, tuple[int, int]]]:
        items = []
        while not self._events.check_event(yaml.SequenceEndEvent):
            items.append(self._node())
        self._events.get_event()
        return items, {}

    def _pairs(self) -> tuple[Value, dict[str, tuple[int, int]]]:
        pairs: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        while not self._events.check_event(yaml.MappingEndEvent):
            mark = self._events.peek_event().start_mark
            is_alias = self._events.check_event(yaml.AliasEvent)
            key = self._node().value
            value = self._node()
            if not isinstance(key, str):
                if not is_alias:
                    self._report(mark, f"a key must be a text, found {found(key)}")
            elif key in keys:
                self._report(mark, f"the key {quoted(key)} is here twice; the first is in line {keys[key][0]}")
            else:
                pairs[key], keys[key] = value, (mark.line + 1, mark.column + 1)
        self._events.get_event()
        return pairs, keys

    def _scalar(self, event: Any) -> Value:
        text: str = event.value
        hit = _HIDDEN.search(text)  # made by an escape: the file itself holds none any more
        if hit:
            self._report(event.start_mark, f"the text holds {_name(hit)}, which cannot be seen")
        if event.style:  # in quotes or a block: text, whatever it looks like
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text

    def _report(self, mark: Any, message: str) -> None:
        self._problems.append(Problem(mark.line + 1, mark.column + 1, message))


def _plainer(said: str) -> str:
    return next((plain for begin, plain in _PLAINER.items() if said.startswith(begin)), said)


def _name(hit: re.Match[str]) -> str:
    return f"the control character U+{ord(hit[0]):04X}"


def _end_of(text: str) -> tuple[int, int]:
    """The 1-based line and column of the character that follows ``text``."""
    lines = _LINE_END.split(text)
    return len(lines), len(lines[-1]) + 1
