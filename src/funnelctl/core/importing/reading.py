"""A file of rows, whatever its format: its content says which, and its name only where that could be two."""

from __future__ import annotations

from funnelctl.core.importing.encoding import HEAD, encoding_of
from funnelctl.core.importing.sheet import CARD_REASON, REASONS
from funnelctl.core.text import quoted
from funnelctl.errors import BadData

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.problems import Problems
    from funnelctl.core.importing.sheet import Sheet

_AFTER = {"[": '[{"-0123456789tfn]', "{": '"}'}  # what follows an opening sign of JSON, and hardly a name in brackets
_LINES = (".jsonl", ".ndjson", ".ldjson")


def open_sheet(stream: BinaryIO, name: str, problems: Problems, declared: Declared) -> Sheet:
    """The sheet in a seekable ``stream``; ``name`` is how messages call the file. Its rows are read as they are taken,
    and add to ``problems`` what does not fit.

    Raises ``BadData`` where it holds no rows that can be read.
    """
    head = stream.read(HEAD)
    stream.seek(0)
    if head.startswith(b"PK"):
        from funnelctl.core.importing.workbook import read_workbook

        return read_workbook(stream, name, problems, declared.sheet, declared.decimal or ".", declared.rules.footer)
    encoding = encoding_of(head, name, declared.encoding)
    start = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    if declared.delimiter is None and start[:1] in _AFTER:
        opening, rest = start[0], start[1:].lstrip()
        if rest[:1] in _AFTER[opening]:
            return _json(stream, name, problems, encoding, start, declared)
    if declared.delimiter is None and name.lower().endswith(".json") and _is_lone_value(start):
        alone = quoted(start.strip().strip('"'))
        raise BadData(
            f"{name} holds {alone} alone: there is nothing to import; nothing was saved",
            'a record is an object: {"name": "Ada"}',
        )
    if start[:40].replace(" ", "").upper().startswith(("BEGIN:VCARD", CARD_REASON)):
        from funnelctl.core.importing.vcard import read_vcards

        return read_vcards(stream, name, problems, encoding)
    from funnelctl.core.importing.delimited import read_sheet

    return read_sheet(
        stream,
        name,
        problems,
        encoding=declared.encoding,
        delimiter=declared.delimiter,
        footer=declared.rules.footer,
    )


def _json(stream: BinaryIO, name: str, problems: Problems, encoding: str, start: str, declared: Declared) -> Sheet:
    from funnelctl.core.importing.objects import lists_in, read_json, read_json_lines

    decimal = declared.decimal or "."
    if _has_an_object_a_line(start, name):
        return read_json_lines(stream, name, problems, encoding, decimal)
    lists = lists_in(stream, name, encoding)
    if {"lists", "cards"} <= lists.keys.keys():
        from funnelctl.core.importing.trello import read_board

        return read_board(stream, name, problems, lists, encoding, declared)
    return read_json(stream, name, problems, lists, encoding, decimal)


def _is_lone_value(start: str) -> bool:
    """Whether a file that starts so is a text or a number of JSON, and nothing else."""
    import json

    try:
        json.loads(start)
    except ValueError:
        return False
    return True


def _has_an_object_a_line(start: str, name: str) -> bool:
    """Whether a file that starts so is JSON Lines: it is called so, or its first line is an object and another one
    follows; or none does, and there is no list of records in it."""
    first, _, rest = start.replace("\r", "\n").partition("\n")
    if not first.startswith("{"):
        return False
    if first.startswith(f'{{"{REASONS}"'):
        return True  # what stands below may be anything
    if name.lower().endswith(_LINES):
        return True
    if not first.rstrip().endswith("}"):
        return False
    solid = first.replace(" ", "")
    is_board = '"lists":[' in solid and '"cards":[' in solid  # which may be empty
    return rest.lstrip().startswith("{") or not (rest.strip() or "[{" in solid or is_board)
