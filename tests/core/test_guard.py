"""What a spreadsheet would run is guarded, and every text comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelctl.core.guard import guarded, unguarded


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("'", "''"),
        ("'t Hooft", "''t Hooft"),
        ("-1", "-1"),
        ("+34600111222", "+34600111222"),
        ("-1.50", "-1.50"),
        ("-1-1", "'-1-1"),
        ("-１", "'-１"),  # a digit of another alphabet
        ("", ""),
        ("1=1", "1=1"),
        (" =1", " =1"),
        ("Ada", "Ada"),
    ],
)
def test_what_a_spreadsheet_would_run_is_guarded(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert unguarded(cell) == text


@given(st.text("'=+-@1a\t\n＝", max_size=6) | st.text())
def test_every_text_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_what_was_not_guarded_stays_as_it_is() -> None:
    assert unguarded("'t Hooft") == "'t Hooft"
    assert unguarded("'1") == "'1"
