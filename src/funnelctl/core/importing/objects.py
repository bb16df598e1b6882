"""JSON and JSON Lines as a sheet: an object a row, a column for every key that some object has.

The file is gone through twice, first for the keys and then for the rows, so that it never stands in memory.
"""

from __future__ import annotations

from funnelctl.core.currencies import EXPONENT
from funnelctl.core.importing.json_text import JsonText, Number, Wrong, decoder, said_of, written
from funnelctl.core.importing.lines import Lines
from funnelctl.core.importing.sheet import REASONS, Sheet, names_of
from funnelctl.core.money import Money, plain
from funnelctl.core.text import quoted
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, BinaryIO, TextIO

    from funnelctl.core.importing.problems import Problems

MOST_COLUMNS = 10_000
OUR_ROWS = "rows"  # where our own --json has them
_AGAIN = "an object names each of its columns once"


class Lists:
    """The lists of records in a JSON document, by the key under which each stands: their keys, how many records, and
    whether each starts on a line of its own. The key is empty where the document itself is a list."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, None]] = {}
        self.records: dict[str, int] = {}
        self.lined: dict[str, bool] = {}

    def survey(self, key: str, values: Iterable[tuple[int, Any]], name: str) -> None:
        """Go through the list under ``key``."""
        keys: dict[str, None] = self.keys.setdefault(key, {})
        self.records[key], self.lined[key], last = 0, True, 0
        for line, value in values:
            if line <= last:
                self.lined[key] = False
            last = line
            if isinstance(value, dict):
                self.records[key] += 1
                if not keys.keys() >= value.keys():
                    keys.update(dict.fromkeys(value))
                    keys.pop(REASONS, None)
                    if len(keys) > MOST_COLUMNS:
                        raise BadData(f"{name} has more than {MOST_COLUMNS:,} columns; nothing was saved")


def lists_in(stream: BinaryIO, name: str, encoding: str) -> Lists:
    """The lists of records in a document. Raises ``BadData`` where it is not JSON."""
    text, lists = JsonText(stream, name, encoding), Lists()
    if text.peek() == "[":
        lists.survey("", text.elements(), name)
    else:
        for key in text.members():
            if text.peek() == "[":
                lists.survey(key, text.elements(), name)
            else:
                text.value()
    text.end()
    text.text.detach()  # or it would close the stream
    return lists


def read_json(stream: BinaryIO, name: str, problems: Problems, lists: Lists, encoding: str, decimal: str) -> Sheet:
    """The sheet of a document with these ``lists``: of our own rows, else of the only list of objects, else of the one
    object that it is. ``decimal`` is the mark with which fractions are written into cells.

    Raises ``BadData`` where there are several lists or nothing.
    """
    text = JsonText(stream, name, encoding)
    keys, values = records_in(text, name, lists)
    return _sheet("json", keys, values, name, problems, decimal, text.text)


def records_in(text: JsonText, name: str, lists: Lists) -> tuple[list[str], Iterator[tuple[int, Any]]]:
    """The keys of the records that ``read_json`` reads, and each with its line. Raises as it does."""
    found = [OUR_ROWS] if OUR_ROWS in lists.keys else [key for key, count in lists.records.items() if count]
    if len(found) > 1:
        raise BadData(
            f"{name} has several lists of records: {', '.join(map(quoted, found[:20]))}; nothing was saved",
            f"give one of them: jq '.[\"{found[0]}\"]' FILE | funnelctl import - ...",
        )
    if found:
        return list(lists.keys[found[0]]), _elements(text, found[0], lists.lined[found[0]])
    if text.peek() == "{" and not lists.keys:
        line, value = text.line, text.value()
        return [key for key in value if key != REASONS] if isinstance(value, dict) else [], iter([(line, value)])
    return [], iter(())


def read_json_lines(stream: BinaryIO, name: str, problems: Problems, encoding: str, decimal: str) -> Sheet:
    """The sheet of JSON Lines, an object a line. ``decimal`` is the mark with which fractions are written into cells.

    Raises ``BadData`` where no line is an object.
    """
    import io

    text = io.TextIOWrapper(stream, encoding, newline="")
    keys = keys_of_lines(text, name, encoding)
    return _sheet("jsonl", keys, _lines(text, name, encoding), name, problems, decimal, text)


def keys_of_lines(text: TextIO, name: str, encoding: str) -> list[str]:
    """The keys of the objects in JSON Lines; ``text`` is at its start, and there again afterwards."""
    lists = Lists()
    lists.survey("", _lines(text, name, encoding), name)
    text.seek(0)
    return list(lists.keys[""])


def _elements(text: JsonText, wanted: str, lined: bool) -> Iterator[tuple[int, Any]]:
    """The records of one list of the document, each with its line; with its number where several are on one line."""
    if text.peek() == "{":
        for key in text.members():
            if key == wanted:
                break
            text.value()
    elements = text.elements()
    return elements if lined else ((number, value) for number, (_, value) in enumerate(elements, 1))


def _lines(text: TextIO, name: str, encoding: str) -> Iterator[tuple[int, Any]]:
    """What stands on each line that is not blank."""
    return ((number, value) for number, value, _ in values_of_lines(text, name, encoding))


def values_of_lines(text: TextIO, name: str, encoding: str) -> Iterator[tuple[int, Any, str]]:
    """The same, with what is written there."""
    from json import JSONDecodeError

    decode = decoder().decode
    for number, line in enumerate(Lines(text, name, encoding), 1):
        stripped = line.strip().lstrip("\ufeff")
        if stripped:
            try:
                value = decode(stripped)
            except RecursionError:
                value = Wrong("lists and objects within each other, too many levels")
            except JSONDecodeError as error:
                value = Wrong(f"{said_of(error)} (character {error.colno:,})")
            yield number, value, stripped


def _sheet(
    form: str, keys: list[str], values: Iterator[tuple[int, Any]], name: str, problems: Problems, decimal: str,
    source: TextIO,
) -> Sheet:  # fmt: skip
    if not keys:
        for _ in _rows(keys, (), values, problems, decimal):
            pass  # what stands there says more than that it is no record
        problems.refuse(name)
        raise BadData(f"{name} holds no records; nothing was saved", 'a record is an object: {"name": "Ada"}')
    header = names_of([key.strip() or f"column {place}" for place, key in enumerate(keys, 1)])
    return Sheet(header, _rows(keys, header, values, problems, decimal), form, source.encoding, source=source)


def _rows(
    keys: list[str], header: tuple[str, ...], values: Iterator[tuple[int, Any]], problems: Problems, decimal: str
) -> Iterator[tuple[int, list[str]]]:
    for line, value in values:
        if isinstance(value, Wrong):
            problems.add(line, "", value.message, _AGAIN if "twice" in value.message else "")
            continue
        if isinstance(value, dict) and value.keys() == {REASONS}:
            continue  # it tells what is wrong with what follows
        if not isinstance(value, dict):
            problems.add(line, "", "it is no object: a record has its columns in braces", '{"name": "Ada"}')
            continue
        row = []
        for key, column in zip(keys, header, strict=True):
            try:
                row.append(cell_of(value.get(key), decimal))
            except Invalid as error:
                problems.add(line, column, error.message)
        if len(row) == len(keys):
            yield line, row


def cell_of(value: Any, decimal: str) -> str:
    """The cell that a value of JSON stands for: a text as it is, a number as it is written, but for its decimal mark;
    a list of texts joined by ``;``, our own money with its currency, and anything else as compact JSON.

    Raises ``Invalid`` for what is no value.
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, Number):
        return value if decimal == "." else value.replace(".", decimal)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    if isinstance(value, dict) and value.keys() == {"minor", "currency"}:
        minor, currency = value["minor"], value["currency"]
        if isinstance(minor, Number) and minor.isdecimal() and len(minor) < 20 and currency in EXPONENT:
            return f"{plain(Money(int(minor), currency)).replace('.', decimal)} {currency}"
    return written(value)
