"""Records: tuples in the order of their columns, with names."""

from __future__ import annotations

import pytest

from funnelctl.core.record import NamedTuple
from funnelctl.core.records import TABLES, Lead, Move, Opportunity, Setting


class Point(NamedTuple):
    """A place."""

    x: int
    y: int = 7

    @property
    def sum(self) -> int:
        """Both together."""
        return self.x + self.y

    def moved(self, by: int) -> Point:
        return self._replace(x=self.x + by)


def test_a_record_is_a_tuple_with_names_defaults_properties_and_methods() -> None:
    point = Point(3)
    assert point == (3, 7)
    assert point.x == 3
    assert point._fields == ("x", "y")
    assert point.sum == 10
    assert point.moved(2) == Point(5, 7)
    assert repr(point) == "Point(x=3, y=7)"
    assert isinstance(point, tuple)
    assert Point.__doc__ == "A place."
    assert Point.__module__ == __name__


def test_a_record_never_changes() -> None:
    point = Point(3)
    with pytest.raises(AttributeError):
        point.x = 4  # type: ignore[misc]


def test_a_record_takes_its_fields_and_no_others() -> None:
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Point(1, 2, 3)  # type: ignore[call-arg]


def test_a_row_of_the_database_is_a_record() -> None:
    row = (3, "region", "ES")
    assert Setting._make(row) == Setting(id=3, name="region", value="ES")
    assert tuple(Setting._make(row)) == row
    with pytest.raises(TypeError):
        Setting._make((3, "region"))


def test_ids_are_shown_with_their_letter() -> None:
    assert Lead._make((12, *[None] * (len(Lead._fields) - 1))).ref == "L12"
    assert Opportunity._make((7, *[None] * (len(Opportunity._fields) - 1))).ref == "O7"


def test_every_record_begins_with_its_id_and_has_its_own_table() -> None:
    assert all(record._fields[0] == "id" for record in TABLES)  # type: ignore[attr-defined]
    assert len(set(TABLES.values())) == len(TABLES)
    assert TABLES[Move] == "move"
