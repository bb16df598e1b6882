"""What an editor says about a funnel file is what we say about it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelctl.core.funnel_keys import FUNNEL_KEYS, LABEL_KEYS, STAGE_KEYS
from funnelctl.core.funnel_schema import SHAPES, funnel_schema
from funnelctl.core.funnel_values import READERS
from funnelctl.errors import BadData
from funnelctl.workspace.funnel_source import read_funnel

FUNNELS = Path(__file__).parents[2] / "funnels"
SHIPPED = sorted(FUNNELS.glob("*.yaml"))


@cache
def editor() -> Any:
    return jsonschema.Draft202012Validator(funnel_schema())


def editor_accepts(document: object) -> bool:
    return bool(editor().is_valid(document))


def we_accept(document: object) -> bool:
    try:
        read_funnel(json.dumps(document, ensure_ascii=False).encode(), "f")  # JSON is YAML
    except BadData:
        return False
    return True


def document(**values: object) -> dict[str, Any]:
    """A funnel with the given values: in its second stage, or beside the stages where they belong there."""
    of_stage = {key.name for key in STAGE_KEYS} - {"label"}
    lead: dict[str, object] = {"stage": "enquiry", "holds": "lead", "why": "they wrote to us"}
    offer: dict[str, object] = {"stage": "offer", "holds": "opportunity", "why": "they have our offer"}
    deal: dict[str, object] = {"stage": "deal", "holds": "opportunity", "why": "they have said yes"}
    offer |= {name: value for name, value in values.items() if name in of_stage}
    outside = {name: value for name, value in values.items() if name not in of_stage}
    return {"funnel": "mine", "stages": [lead, offer, deal], **outside}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(funnel_schema())
    assert funnel_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_is_plain_json() -> None:
    assert json.loads(json.dumps(funnel_schema())) == funnel_schema()


def test_every_kind_of_value_is_read_and_described() -> None:
    kinds = {key.kind for key in (*FUNNEL_KEYS, *STAGE_KEYS, *LABEL_KEYS)}
    assert set(READERS) == kinds
    assert set(SHAPES) == kinds


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_the_shipped_files_are_valid_under_it(path: Path) -> None:
    editor().validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_every_key_has_a_tooltip() -> None:
    schema = funnel_schema()
    stage = schema["properties"]["stages"]["items"]
    assert set(stage["properties"]) == {
        *("stage", "label", "holds", "why", "probability", "stale_after"),
        *("requires", "can_win", "follow_up", "sleeping"),
    }
    for properties in (schema["properties"], stage["properties"]):
        assert all(len(shape["description"]) > 10 for shape in properties.values())


RIGHT: list[dict[str, object]] = [
    {"label": "Mine"},
    {"label": {"en": "Mine"}},
    {"label": {"en": "Mine", "es": "Mío", "id": "Milikku"}},
    {"currency": "EUR"},
    {"currency": "IDR"},
    {"statuses": []},
    {"statuses": ["in-review", "proposed"]},
    {"lost_reasons": ["price"]},
    {"project": True},
    {"funnel": "a" * 40},
    {"stage": "3rd-call"},
    {"why": "ten chars."},
    {"probability": 0},
    {"probability": 1},
    {"probability": 0.35},
    {"stale_after": "1d"},
    {"stale_after": "002W"},
    {"stale_after": " 99999d "},
    {"follow_up": []},
    {"follow_up": ["0d", "3d"]},
    {"requires": []},
    {"requires": ["close", "contact", "value"]},
    {"can_win": True},
    {"can_win": False},
    {"sleeping": True},
]

WRONG: list[dict[str, object]] = [
    {"labels": "Mine"},
    {"label": ""},
    {"label": 7},
    {"label": None},
    {"label": ["Mine"]},
    {"label": {}},
    {"label": {"es": "Mío"}},
    {"label": {"en": "Mine", "fr": "Mon"}},
    {"label": {"en": "Mine", "es": 1}},
    {"currency": "eur"},
    {"currency": "XXX"},
    {"currency": 978},
    {"currency": None},
    {"statuses": "proposed"},
    {"statuses": {"proposed": True}},
    {"statuses": ["proposed", "proposed"]},
    {"statuses": ["In review"]},
    {"statuses": [1]},
    {"lost_reasons": []},
    {"lost_reasons": ["too_dear"]},
    {"project": "yes"},
    {"project": 1},
    {"project": None},
    {"funnel": ""},
    {"funnel": "a" * 41},
    {"funnel": "Mine"},
    {"funnel": "mía"},
    {"funnel": "-mine"},
    {"funnel": "a--b"},
    {"funnel": 1},
    {"stages": []},
    {"stages": "offer"},
    {"stages": {"offer": {}}},
    {"stages": ["offer"]},
    {"stages": [{}]},
    {"stages": [{"stage": "a", "holds": "opportunity"}]},
    {"stages": [{"stage": "a", "why": "because of it"}]},
    {"stages": [{"holds": "opportunity", "why": "because of it"}]},
    {"stages": [{"stage": f"s{n}", "holds": "opportunity", "why": "because of it"} for n in range(41)]},
    {"stage": "won"},
    {"stage": "lost"},
    {"stage": "open"},
    {"stage": "the offer"},
    {"holds": "leads"},
    {"holds": None},
    {"why": "too short"},
    {"why": ["a long enough reason"]},
    {"probability": -0.01},
    {"probability": 1.01},
    {"probability": 40},
    {"probability": "0.4"},
    {"probability": "40%"},
    {"probability": True},
    {"probability": None},
    {"stale_after": 14},
    {"stale_after": "0d"},
    {"stale_after": "0w"},
    {"stale_after": "14"},
    {"stale_after": "1m"},
    {"stale_after": "-1d"},
    {"stale_after": "100000d"},
    {"follow_up": "3d"},
    {"follow_up": ["3d", 7]},
    {"follow_up": ["3d", "3d"]},
    {"requires": "value"},
    {"requires": ["vaule"]},
    {"requires": ["value", "value"]},
    {"requires": [True]},
    {"can_win": "no"},
    {"sleeping": 1},
]


@pytest.mark.parametrize("values", RIGHT, ids=str)
def test_what_we_read_the_editor_takes(values: dict[str, object]) -> None:
    assert we_accept(document(**values))
    assert editor_accepts(document(**values))


@pytest.mark.parametrize("values", WRONG, ids=str)
def test_what_we_refuse_the_editor_underlines(values: dict[str, object]) -> None:
    assert not we_accept(document(**values))
    assert not editor_accepts(document(**values))


@pytest.mark.parametrize(
    "values",
    [{"can_win": True}, {"sleeping": True}, {"requires": ["value"]}, {"requires": ["close"]}],
    ids=str,
)
def test_what_leads_cannot_do_is_underlined(values: dict[str, object]) -> None:
    lead = document(holds="lead", **values)
    assert not we_accept(lead)
    assert not editor_accepts(lead)
    assert editor_accepts(document(**values))


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 100)
    | st.sampled_from([0.4, 1.5, "7d", "0d", "value", "email", "EUR", "offer", "lead", "a reason that is long"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["en", "es", "x"]), inner, max_size=2),
    max_leaves=4,
)
NAMES = st.sampled_from([key.name for key in (*FUNNEL_KEYS, *STAGE_KEYS)])


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=2))
def test_whatever_we_read_the_editor_takes(values: dict[str, object]) -> None:
    made = document(**values)
    assert editor_accepts(made) or not we_accept(made)
