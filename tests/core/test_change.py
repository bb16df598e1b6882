"""A change is a row as it was and as it will be; turned round it takes itself back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.change import Change, added, edited, removed
from funnelctl.core.records import Alias, Setting

SETTING = Setting(3, "region", "ES")
settings = st.builds(Setting, st.just(3), st.text(max_size=3), st.text(max_size=3))


def carried_out(change: Change, row: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a row is after a change, by the words of the docstring."""
    if change.after is None:
        return None
    return {**(row if row is not None and change.before is not None else {}), **change.after}


def test_a_new_row_has_all_its_columns() -> None:
    assert added(SETTING) == Change("setting", 3, None, {"id": 3, "name": "region", "value": "ES"})


def test_a_row_that_goes_had_all_its_columns() -> None:
    assert removed(SETTING) == Change("setting", 3, {"id": 3, "name": "region", "value": "ES"}, None)


def test_an_edit_has_the_differing_columns_alone() -> None:
    assert edited(SETTING, SETTING._replace(value="ID")) == [Change("setting", 3, {"value": "ES"}, {"value": "ID"})]


def test_where_nothing_differs_there_is_nothing_to_do() -> None:
    assert edited(SETTING, Setting(3, "region", "ES")) == []


def test_a_change_knows_the_table_of_its_record() -> None:
    assert added(Alias(1, 2, "email", "a@b", "A@b")).table == "lead_alias"


@pytest.mark.parametrize("before", [None, "", 0])
def test_a_missing_value_is_told_from_an_empty_one(before: Any) -> None:
    others: list[Any] = [other for other in (None, "", 0) if other is not before]
    for after in others:
        assert edited(SETTING._replace(value=before), SETTING._replace(value=after)) == [
            Change("setting", 3, {"value": before}, {"value": after})
        ]


@given(old=settings, new=settings)
def test_a_change_and_its_inversion_are_a_way_there_and_back(old: Setting, new: Setting) -> None:
    rows: tuple[dict[str, Any] | None, ...] = (None, old._asdict(), new._asdict())
    for change, before, after in (
        (added(old), rows[0], rows[1]),
        (removed(old), rows[1], rows[0]),
        *((change, rows[1], rows[2]) for change in edited(old, new)),
    ):
        assert carried_out(change, before) == after
        assert carried_out(change.inverted(), after) == before
        assert change.inverted().inverted() == change
