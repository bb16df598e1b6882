from __future__ import annotations

import pytest

from funnelctl.core.importing.problems import MOST, Problems
from funnelctl.core.importing.rows import lifetime
from funnelctl.core.importing.words import UnknownWord
from funnelctl.errors import BadData, Invalid

NOW = "2026-11-23T10:00:00Z"
THEN, LATER = "2025-01-10T12:00:00Z", "2025-03-10T12:00:00Z"


@pytest.mark.parametrize(
    ("created", "closed", "is_open", "taken"),
    [
        (THEN, None, True, (THEN, None)),
        (None, None, True, (NOW, None)),
        (THEN, LATER, False, (THEN, LATER)),
        (THEN, None, False, (THEN, None)),
        (None, LATER, False, (LATER, LATER)),
        (None, None, False, (NOW, None)),
        ("2025-01-10T15:00:00Z", THEN, False, ("2025-01-10T15:00:00Z", "2025-01-10T15:00:00Z")),
    ],
)
def test_what_a_row_does_not_date(
    created: str | None, closed: str | None, is_open: bool, taken: tuple[str, str | None]
) -> None:
    found = lifetime(created, closed, NOW, is_open=is_open)
    assert found[:2] == taken
    assert (found[2] is None) is (created is not None and (is_open or closed is not None))


def test_what_contradicts_itself() -> None:
    with pytest.raises(Invalid, match="closed on 2025-01-10, before it was created on 2025-03-10"):
        lifetime(LATER, THEN, NOW, is_open=False)
    with pytest.raises(Invalid, match="nothing says how it ended"):
        lifetime(THEN, LATER, NOW, is_open=True)


def test_problems_are_counted_and_a_thousand_are_kept() -> None:
    problems = Problems()
    problems.refuse("leads.csv")
    for line in range(2, MOST + 50):
        problems.add(line, "email", "no e-mail", "write it")
    for line in range(5, 15):
        problems.add_word(line, "stage", UnknownWord("stage", "no stage", "say it", "--stage x=STAGE"))
    with pytest.raises(BadData) as caught:
        problems.refuse("leads.csv")
    assert caught.value.message == "leads.csv: 1,049 problems; nothing was saved"
    assert caught.value.hint == "write it; say what each means: --stage x=STAGE; say it"
    assert len(caught.value.problems) == MOST
    told = [(problem.line, problem.message) for problem in caught.value.problems if problem.column == "stage"]
    assert told == [(5, "no stage (10 rows)")]
