"""The funnel file format as a JSON Schema, so that an editor completes keys and underlines mistakes.

It is made from the same table of keys that files are read with. What it cannot say (no stage twice, leads
before opportunities, an end from which is won) only ``funnelctl funnel check`` finds.
"""

from __future__ import annotations

from funnelctl.core.currencies import EXPONENT
from funnelctl.core.funnel_keys import (
    FUNNEL_KEYS,
    LABEL_KEYS,
    MAX_STAGES,
    MIN_WHY,
    REQUIRABLE,
    RESERVED_STAGES,
    STAGE_KEYS,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from funnelctl.core.funnel_keys import Key

    Schema = dict[str, Any]


def funnel_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of a funnel file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A funnel of funnelctl",
        **_mapping(FUNNEL_KEYS),
    }


def _mapping(keys: Iterable[Key]) -> Schema:
    keys = tuple(keys)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: {"description": key.help, **SHAPES[key.kind]} for key in keys},
    }


def _list(items: Schema, **more: int) -> Schema:
    return {"type": "array", "items": items, "uniqueItems": True, **more}


def _stage() -> Schema:
    """A stage; what its keys may hold depends on what it holds itself."""
    of_leads = {
        "requires": {"items": {"enum": list(REQUIRABLE["lead"])}},
        "can_win": {"const": False},
        "sleeping": {"const": False},
    }
    of_opportunities = {"requires": {"items": {"enum": list(REQUIRABLE["opportunity"])}}}
    return {
        **_mapping(STAGE_KEYS),
        "if": {"properties": {"holds": {"const": "lead"}}, "required": ["holds"]},
        "then": {"properties": of_leads},
        "else": {"properties": of_opportunities},
    }


_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_SLUG: Schema = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 40}
_DAYS: Schema = {"type": "string", "pattern": r"^\s*[0-9]{1,5}[dwDW]\s*$"}
_FLAG: Schema = {"type": "boolean"}

SHAPES: dict[str, Schema] = {
    "slug": _SLUG,
    "stage_slug": {**_SLUG, "not": {"enum": list(RESERVED_STAGES)}},
    "text": _TEXT,
    "why": {"type": "string", "minLength": MIN_WHY},
    "holds": {"enum": list(REQUIRABLE)},
    "flag": _FLAG,
    "probability": {"type": "number", "minimum": 0, "maximum": 1},
    "currency": {"enum": sorted(EXPONENT)},
    "age": {**_DAYS, "not": {"pattern": r"^\s*0+[dwDW]"}},
    "requires": _list({"type": "string"}),
    "slugs": _list(_SLUG),
    "reasons": _list(_SLUG, minItems=1),
    "follow_up": _list(_DAYS),
}
SHAPES["label"] = {"anyOf": [_TEXT, _mapping(LABEL_KEYS)]}
SHAPES["stages"] = {"type": "array", "minItems": 1, "maxItems": MAX_STAGES, "items": _stage()}
"""How the value of each kind of key looks."""
