"""How each kind of value in a funnel file is read.

A reader returns the value of a node, or raises ``Invalid`` where the node holds none. Readers of lists and
mappings add what is wrong with a part of theirs to the list of problems: reading goes on as far as it can,
so that a file's problems are all told at once.
"""

from __future__ import annotations

from funnelctl.core.funnel import Label
from funnelctl.core.funnel_keys import (
    LABEL_KEYS,
    MAX_STAGES,
    MIN_WHY,
    REQUIRABLE,
    RESERVED_STAGES,
    STAGE_KEYS,
)
from funnelctl.core.nodes import Node, found
from funnelctl.core.record import NamedTuple
from funnelctl.core.text import quoted, slug_ok
from funnelctl.errors import Invalid, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from funnelctl.core.funnel_keys import Key

    Reader = Callable[[Node, list[Problem]], Any]


class Draft(NamedTuple):
    """A stage as far as it could be read: ``values`` holds what was right, ``nodes`` all that was there."""

    node: Node
    nodes: dict[str, Node]
    values: dict[str, Any]


def read_mapping(node: Node, keys: Iterable[Key], problems: list[Problem]) -> dict[str, Any]:
    """The values under ``keys``, by key: those that are there and right."""
    known = {key.name: key for key in keys}
    if not isinstance(node.value, dict):
        message = _not(f"the keys {', '.join(known)}", node).message
        problems.append(Problem(node.line, node.column, message))
        return {}
    problems += [
        Problem(*node.keys[name], f"unknown key {quoted(name)}; {nearest(name, known)}")
        for name in node.value
        if name not in known
    ]
    problems += [
        Problem(node.line, node.column, f'the key "{key.name}" is missing: {key.help}')
        for key in known.values()
        if key.required and key.name not in node.value
    ]
    read = {
        name: read_value(child, READERS[known[name].kind], problems)
        for name, child in node.value.items()
        if name in known
    }
    return {name: value for name, value in read.items() if value is not None}


def read_value(node: Node, reader: Reader, problems: list[Problem]) -> Any:
    """The value that ``reader`` finds in the node; ``None`` where something in it is wrong."""
    try:
        return reader(node, problems)
    except Invalid as error:
        message = f"{error.message}; {error.hint}" if error.hint else error.message
        problems.append(Problem(node.line, node.column, message))
    return None


def nearest(word: str, words: Iterable[str]) -> str:
    """The one of ``words`` that was probably meant, or all that there are."""
    from difflib import get_close_matches

    words = list(words)
    close = get_close_matches(word.lower(), words, n=1)
    return f'did you mean "{close[0]}"?' if close else f"expected one of {', '.join(words)}"


def _not(expected: str, node: Node) -> Invalid:
    return Invalid(f"expected {expected}, found {found(node.value)}")


def _text(node: Node, problems: list[Problem]) -> str:
    """A text of one line: a longer one is folded, as YAML would fold it."""
    if isinstance(node.value, str) and node.value.strip():
        return " ".join(node.value.split())
    looks_like_text = isinstance(node.value, bool | int | float)
    raise _not("a text (put it in quotes)" if looks_like_text else "a text", node)


def _slug(node: Node, problems: list[Problem]) -> str:
    if isinstance(node.value, str) and slug_ok(node.value):
        return node.value
    raise _not("a key of small letters, digits and single hyphens, at most 40 characters", node)


def _stage_slug(node: Node, problems: list[Problem]) -> str:
    if node.value in RESERVED_STAGES:
        raise _not(f"a key other than {', '.join(RESERVED_STAGES)} (these are outcomes)", node)
    return _slug(node, problems)


def _why(node: Node, problems: list[Problem]) -> str:
    why = _text(node, problems)
    if len(why) < MIN_WHY:
        raise _not(f"a reason of at least {MIN_WHY} characters", node)
    return why


def _label(node: Node, problems: list[Problem]) -> Label | None:
    if not isinstance(node.value, dict):
        text = _text(node, problems)
        return Label(text, text, text)
    texts = read_mapping(node, LABEL_KEYS, problems)
    if "en" not in texts:
        return None
    return Label(texts["en"], texts.get("es", texts["en"]), texts.get("id", texts["en"]))


def _holds(node: Node, problems: list[Problem]) -> str:
    if isinstance(node.value, str) and node.value in REQUIRABLE:
        return node.value
    raise _not(" or ".join(REQUIRABLE), node)


def _flag(node: Node, problems: list[Problem]) -> bool:
    if isinstance(node.value, bool):
        return node.value
    raise _not("true or false", node)


def _probability(node: Node, problems: list[Problem]) -> float:
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise _not("a number from 0 to 1, such as 0.4 for 40 percent", node)


def _currency(node: Node, problems: list[Problem]) -> str:
    from funnelctl.core.currencies import EXPONENT

    if isinstance(node.value, str) and node.value in EXPONENT:
        return node.value
    raise _not("the ISO 4217 code of a currency, such as EUR", node)


def _days(node: Node, problems: list[Problem]) -> int:
    from funnelctl.core.period import parse_days

    if isinstance(node.value, str):
        return parse_days(node.value)
    raise _not("a number of days such as 14d or 2w", node)


def _age(node: Node, problems: list[Problem]) -> int:
    days = _days(node, problems)
    if days == 0:
        raise _not("at least 1d", node)
    return days


def _field(node: Node, problems: list[Problem]) -> str:
    fields = dict.fromkeys(name for names in REQUIRABLE.values() for name in names)
    if not isinstance(node.value, str):
        raise _not("the name of a field, such as value", node)
    if node.value not in fields:
        raise Invalid(f"unknown field {quoted(node.value)}", nearest(node.value, fields))
    return node.value


def _list(node: Node, problems: list[Problem], reader: Reader, such_as: str) -> tuple[Any, ...] | None:
    """A list in which nothing comes twice; ``None`` where one of its items is wrong."""
    if not isinstance(node.value, list):
        raise _not(f"a list, such as {such_as}", node)
    lines: dict[Any, int] = {}
    for item in node.value:
        value = read_value(item, reader, problems)
        if value in lines:
            message = f"{quoted(str(item.value))} is here twice; the first is in line {lines[value]}"
            problems.append(Problem(item.line, item.column, message))
        elif value is not None:
            lines[value] = item.line
    return tuple(lines) if len(lines) == len(node.value) else None


def _requires(node: Node, problems: list[Problem]) -> tuple[str, ...] | None:
    return _list(node, problems, _field, "[service, value]")


def _slugs(node: Node, problems: list[Problem]) -> tuple[str, ...] | None:
    return _list(node, problems, _slug, "[proposed, in-review]")


def _reasons(node: Node, problems: list[Problem]) -> tuple[str, ...] | None:
    if node.value == []:
        raise _not("at least one reason", node)
    return _list(node, problems, _slug, "[price, timing, other]")


def _follow_up(node: Node, problems: list[Problem]) -> tuple[int, ...] | None:
    return _list(node, problems, _days, "[3d, 7d, 14d]")


def _stages(node: Node, problems: list[Problem]) -> list[Draft]:
    if not isinstance(node.value, list) or not node.value:
        raise _not(f"a list of 1 to {MAX_STAGES} stages", node)
    if len(node.value) > MAX_STAGES:
        first_too_many = node.value[MAX_STAGES]
        message = f"a funnel has at most {MAX_STAGES} stages, found {len(node.value)}"
        problems.append(Problem(first_too_many.line, first_too_many.column, message))
    return [_stage(item, problems) for item in node.value[:MAX_STAGES]]


def _stage(node: Node, problems: list[Problem]) -> Draft:
    nodes = node.value if isinstance(node.value, dict) else {}
    return Draft(node, nodes, read_mapping(node, STAGE_KEYS, problems))


READERS: dict[str, Reader] = {
    "slug": _slug,
    "stage_slug": _stage_slug,
    "text": _text,
    "label": _label,
    "why": _why,
    "holds": _holds,
    "flag": _flag,
    "probability": _probability,
    "currency": _currency,
    "age": _age,
    "requires": _requires,
    "slugs": _slugs,
    "reasons": _reasons,
    "follow_up": _follow_up,
    "stages": _stages,
}
