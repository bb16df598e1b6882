"""A file of commands: JSON Lines, one command a line, all read and checked before any is done.

A line is an object: ``do`` names the command, the other keys are its options as on the command line. ``as`` names what
the line has made or changed, and ``"$name"`` means it in a reference of a later line. Numbers are taken as they are
written, so that no amount ever becomes a float.
"""

from __future__ import annotations

from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted
from funnelctl.errors import Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any, BinaryIO, Literal

    from funnelctl.core.importing.problems import Problems

    Kind = Literal["text", "texts", "flag"]

LONGEST = 1_000_000  # bytes of a line; the longest note takes 600,000
DO = ("do", "verb", "command", "cmd")  # the first is the documented one
REFERENCES = ("ref", "lead", "referred_by", "keep", "other")  # options in which "$name" means an earlier line
EXAMPLE = 'a line is an object such as {"do": "win", "ref": "O7"}'


class Verb(NamedTuple):
    """A command that a line can name, and what it takes."""

    name: str
    options: dict[str, Kind]
    required: tuple[str, ...]


class Command(NamedTuple):
    """One line that is well formed; ``label`` is what ``as`` calls its result, empty where it has none."""

    line: int
    verb: str
    label: str
    options: dict[str, Any]


def read_commands(stream: BinaryIO, verbs: Mapping[str, Verb], problems: Problems) -> list[Command]:
    """All commands of a file, in its order. Whatever is wrong in it is added to ``problems``; empty lines are none."""
    commands = []
    labels: dict[str, int] = {}
    for number, text in _lines(stream, problems):
        try:
            found = _object(text)
        except _NotJson as error:
            problems.add(number, error.column, error.message, error.hint)
            continue
        command = _Reader(number, verbs, labels, problems).read(found)
        if command:
            commands.append(command)
    return commands


class _NotJson(Invalid):
    """``column`` is the character of the line at which it ends to be JSON."""

    def __init__(self, message: str, column: int | str = "", hint: str = "") -> None:
        super().__init__(message, hint)
        self.column = str(column)


def _lines(stream: BinaryIO, problems: Problems) -> Iterator[tuple[int, str]]:
    number = 0
    while raw := stream.readline(LONGEST + 1):
        number += 1
        if len(raw) > LONGEST:
            problems.add(number, "", f"the line is longer than {LONGEST:,} bytes")
            while raw and not raw.endswith(b"\n"):
                raw = stream.readline(LONGEST)
            continue
        if number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            problems.add(number, "", "the file is in UTF-16", "save it in UTF-8")
            return
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            problems.add(number, "", "the line is not in UTF-8", "save the file in UTF-8")
            continue
        if text.strip():
            yield number, text


def _object(text: str) -> dict[str, Any]:
    """The object of a line, its numbers as they are written.

    Raises ``_NotJson`` where it is none, or can be read in two ways.
    """
    import json

    try:
        found = json.loads(
            text, object_pairs_hook=_each_once, parse_constant=_no_number, parse_int=str, parse_float=str
        )
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        raise _NotJson(f"not JSON: {why}", error.colno, EXAMPLE) from None
    except RecursionError:
        raise _NotJson("nested too deeply", hint=EXAMPLE) from None
    if not isinstance(found, dict):
        raise _NotJson("not an object", hint=EXAMPLE)
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _NotJson(f"says {quoted(twice)} twice")
    return found


def _no_number(name: str) -> None:
    raise _NotJson(f"{name} is no number of JSON")


class _Reader:
    """Reads the object of one line; ``labels`` are the names that earlier lines have given, with their lines."""

    def __init__(self, line: int, verbs: Mapping[str, Verb], labels: dict[str, int], problems: Problems) -> None:
        self._line, self._verbs, self._labels, self._problems = line, verbs, labels, problems
        self._sound = True

    def read(self, found: dict[str, Any]) -> Command | None:
        """The command, ``None`` where something is wrong with it."""
        label = self._label(found.pop("as", None))
        verb = self._verb(found)
        if verb is None:
            return None
        options = {}
        for key, value in found.items():
            name = key.replace("-", "_")
            if name not in verb.options:
                self._wrong(key, f"{verb.name} takes no such option{_near(name, verb.options)}", _takes(verb))
            elif name in options:
                self._wrong(key, "is given twice")
            elif value is None and verb.name.endswith("edit"):
                self._wrong(key, "null says nothing", '"" clears a field; what is left out stays as it is')
            elif value is not None:
                options[name] = self._value(key, verb.options[name], value)
        for name in verb.required:
            if name not in options:
                self._wrong(name, f"{verb.name} needs it", _takes(verb))
        for name in REFERENCES:
            self._reference(name, options.get(name))
        if label:  # also where the line is wrong: one problem is enough
            self._labels.setdefault(label, self._line)
        return Command(self._line, verb.name, label, options) if self._sound else None

    def _wrong(self, column: str, message: str, hint: str = "") -> None:
        self._sound = False
        self._problems.add(self._line, column, message, hint)

    def _label(self, label: object) -> str:
        if label is None:
            return ""
        if not isinstance(label, str) or not label.replace("-", "_").isidentifier():
            self._wrong("as", "takes a name of letters, digits, - and _")
        elif label in self._labels:
            self._wrong("as", f"line {self._labels[label]} has that name already")
        return str(label)

    def _verb(self, found: dict[str, Any]) -> Verb | None:
        said = [key for key in DO if key in found]
        if not said:
            self._wrong("do", "the line does not say what to do", EXAMPLE)
            return None
        if len(said) > 1:
            self._wrong(said[1], f"{said[0]} says what to do already")
            return None
        word = found.pop(said[0])
        if not isinstance(word, str):
            self._wrong(said[0], "takes a text")
            return None
        name = " ".join(word.lower().replace("-", " ").replace("_", " ").split())
        if name == "add":
            name = "opp add" if "title" in found else "lead add"
        name = _SHORT.get(name, name)
        if name not in self._verbs:
            known = "it takes one of " + ", ".join(self._verbs)
            self._wrong(said[0], f"there is no command {quoted(word)}{_near(name, self._verbs)}", known)
            return None
        return self._verbs[name]

    def _value(self, key: str, kind: Kind, value: object) -> object:
        if kind == "flag":
            if not isinstance(value, bool):
                self._wrong(key, "takes true or false")
            return value
        texts = value if kind == "texts" and isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            self._wrong(key, "takes a text" + (", or a list of texts" if kind == "texts" else ""))
        elif not all(map(_is_text, texts)):
            self._wrong(key, "holds half a character")
        return texts if kind == "texts" else value

    def _reference(self, name: str, value: object) -> None:
        if isinstance(value, str) and value.startswith("$") and value[1:] not in self._labels:
            self._wrong(name, f'no earlier line is named {quoted(value[1:])} by "as"')


_SHORT = {"status": "opp status", "drop": "lead drop", "merge": "lead merge"}


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _near(word: str, known: Mapping[str, Any]) -> str:
    """``; did you mean ...?`` where something known is near."""
    from difflib import get_close_matches

    near = get_close_matches(word[:60], known, n=1)
    return f"; did you mean {quoted(near[0])}?" if near else ""


def _takes(verb: Verb) -> str:
    return f"{verb.name} takes {', '.join(verb.options)}"
