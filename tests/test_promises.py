"""The page of promises keeps its word: each has a test that bears its number, or says that it cannot hold yet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = {
    int(found[1]): found[0]
    for found in re.finditer(r"^\| (\d+) \|.*$", (ROOT / "docs" / "promises.md").read_text(encoding="utf-8"), re.M)
}
TESTED = {
    int(number)
    for path in (ROOT / "tests").rglob("test_*.py")
    for number in re.findall(r"^ *def test_p(\d\d)_", path.read_text(encoding="utf-8"), re.M)
}
BY_OTHER_MEANS = {39}  # the score of the mutation tests, which take hours


def test_all_forty_are_there() -> None:
    assert sorted(ROWS) == list(range(1, 41))


@pytest.mark.parametrize("number", range(1, 41))
def test_each_has_a_test_or_says_that_it_does_not_hold(number: int) -> None:
    holds = "**not yet" not in ROWS[number]
    assert holds == (number in TESTED or number in BY_OTHER_MEANS)
