"""JSON that is read piece by piece: an array of a million records never stands in memory as a whole.

Numbers stay the text that they are: what is money or a key must not go through a float.
"""

from __future__ import annotations

from funnelctl.core.importing.lines import undecodable
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from json import JSONDecodeError, JSONDecoder
    from typing import Any, BinaryIO

CHUNK = 1 << 16  # characters
LARGEST_VALUE = 1 << 24  # characters; more is no record
MOST_LEVELS = 50  # of lists and objects within each other


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Wrong:
    """What JSON has no place for, and why: it is told when it is used."""

    def __init__(self, message: str) -> None:
        self.message = message


def decoder() -> JSONDecoder:
    """Reads a value; ``Number`` for numbers, ``Wrong`` for NaN and for an object that names a key twice."""
    import json

    return json.JSONDecoder(object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant)


def said_of(error: JSONDecodeError) -> str:
    """What is wrong, in words that follow the line."""
    return f"it is not JSON: {error.msg[0].lower()}{error.msg[1:]}"


def written(value: Any, levels: int = MOST_LEVELS) -> str:
    """A value as compact JSON. Raises ``Invalid`` for ``Wrong`` and for what is nested too deep."""
    import json

    if isinstance(value, Wrong):
        raise Invalid(value.message)
    if isinstance(value, Number):
        return str(value)
    if not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if not levels:
        raise Invalid(f"lists and objects within each other, more than {MOST_LEVELS} levels")
    if isinstance(value, list):
        return f"[{','.join([written(one, levels - 1) for one in value])}]"
    pairs = [f"{json.dumps(key, ensure_ascii=False)}:{written(one, levels - 1)}" for key, one in value.items()]
    return f"{{{','.join(pairs)}}}"


class JsonText:
    """A stream of JSON, from its start. ``name`` is how messages call it. Every method raises ``BadData``, with the
    line, for what is not JSON."""

    def __init__(self, stream: BinaryIO, name: str, encoding: str) -> None:
        import io
        import re

        stream.seek(0)
        self.text = io.TextIOWrapper(stream, encoding, newline="")
        self.name, self._encoding = name, encoding
        self._solid = re.compile(r"[^ \t\r\n]").search
        self._decode = decoder().raw_decode
        self._buffer, self._place, self._ended = "", 0, False
        self._began = 0  # where in the buffer the last value begins
        self._line, self._counted = 1, 0  # the line at that place of the buffer

    @property
    def line(self) -> int:
        """The line on which reading stands."""
        self._line += self._buffer.count("\n", self._counted, self._place)
        self._counted = self._place
        return self._line

    @property
    def taken(self) -> str:
        """The text of the value that was taken last, until the next one is asked for."""
        return self._buffer[self._began : self._place]

    def peek(self) -> str:
        """The next character that is no space; nothing at the end."""
        while True:
            if found := self._solid(self._buffer, self._place):
                self._place = found.start()
                return found.group()
            self._place = len(self._buffer)
            if not self._more(CHUNK):
                return ""

    def members(self) -> Iterator[str]:
        """The keys of the object that starts here. Whoever asks takes each one's value before the next key."""
        self._take("{")
        taken: set[str] = set()
        for _ in self._listed("}"):
            key = self.value()
            if type(key) is not str:
                raise self._wrong("it is not JSON: a key is a text in double quotes")
            if key in taken:
                raise self._wrong(_twice(key))
            taken.add(key)
            self._take(":")
            yield key

    def elements(self) -> Iterator[tuple[int, Any]]:
        """The values of the array that starts here, each with its line."""
        self._take("[")
        for _ in self._listed("]"):
            self.peek()
            line = self.line
            yield line, self.value()

    def value(self) -> Any:
        """The value that starts here."""
        from json import JSONDecodeError

        self.peek()
        while True:
            try:
                value, place = self._decode(self._buffer, self._place)
            except RecursionError:
                raise self._wrong("lists and objects within each other, too many levels") from None
            except JSONDecodeError as error:
                if not self._more(max(CHUNK, len(self._buffer) - self._place)):
                    raise self._undecoded(error) from None
            else:
                # a number at the end of what was read may go on, also behind the e+ that is not part of it yet
                if place + 2 < len(self._buffer) or not isinstance(value, Number) or not self._more(CHUNK):
                    self._began, self._place = self._place, place
                    return value
            if len(self._buffer) - self._place > LARGEST_VALUE:
                raise self._wrong("a single value is too large to be a record")

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise self._wrong("there is something after the end of the JSON")

    def _listed(self, close: str) -> Iterator[None]:
        """Once for each of the things that commas divide, up to ``close``."""
        if self.peek() == close:
            self._place += 1
            return
        while True:
            yield
            sign = self.peek()
            if sign not in (",", close):
                raise self._wrong(f"it is not JSON: expected , or {close}")
            self._place += 1
            if sign == close:
                return

    def _take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self._wrong(f"it is not JSON: expected {sign}")
        self._place += 1

    def _more(self, size: int) -> bool:
        """Read so many characters more, and forget what was taken before."""
        if self._ended:
            return False
        try:
            read = self.text.read(size)
        except UnicodeError as error:
            before = self.line + self._buffer.count("\n", self._place) - 1
            raise undecodable(error, before, self.name, self._encoding) from None
        if not read:
            self._ended = True
            return False
        self._line, self._counted = self.line, 0
        self._buffer, self._place = self._buffer[self._place :] + read, 0
        return True

    def _undecoded(self, error: JSONDecodeError) -> BadData:
        if error.pos >= len(self._buffer.rstrip()) or error.msg.startswith("Unterminated"):
            return self._wrong("it ends in the middle of what starts here")
        self._place = error.pos
        return self._wrong(said_of(error))

    def _wrong(self, message: str) -> BadData:
        if not self.peek():
            message = "it ends before it is complete"
        return BadData(
            f"{self.name}: line {self.line:,}: {message}; nothing was saved",
            "was it cut off, or edited by hand? export it again",
        )


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return Wrong(_twice(twice))


def _twice(key: str) -> str:
    return f"the key {quoted(key)} stands there twice"


def _constant(sign: str) -> Wrong:
    return Wrong(f"{sign} is no number")
