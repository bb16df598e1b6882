"""Hard values times every format, byte for byte.

After a change on purpose, ``TZ=UTC python tests/render/test_formats_golden.py`` writes the files anew; read
the difference before keeping it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hard import ASCII, COLOUR, EVERY_KIND, HARD, NARROW, OVERVIEW, PIPE, RECORD, WIDE

from funnelctl.core.table import Answer
from funnelctl.render.answer import FORMATS, Screen, written

GOLDEN = Path(__file__).parent / "golden"
ANSWERS = {"hard": HARD, "kinds": EVERY_KIND, "record": RECORD, "overview": OVERVIEW}
SCREENS = {"pipe": PIPE, "80": NARROW, "200": WIDE, "ascii": ASCII, "colour": COLOUR}


def _cases() -> dict[str, tuple[Answer, str, Screen]]:
    """Every format to a pipe; on the screens, those that look at the screen."""
    cases = {}
    for name, answer in ANSWERS.items():
        for fmt in FORMATS:
            cases[f"{name}.{fmt}"] = (answer, fmt, PIPE)
        for screen in ("80", "200", "ascii", "colour"):
            cases[f"{name}.{screen}.table"] = (answer, "table", SCREENS[screen])
    cases |= {f"hard.80.{fmt}": (HARD, fmt, NARROW) for fmt in ("csv", "tsv")}
    cases |= {f"hard.ascii.{fmt}": (HARD, fmt, ASCII) for fmt in ("json", "jsonl", "md")}
    return cases


CASES = _cases()


@pytest.mark.parametrize("name", CASES)
def test_output_is_as_it_was_read(name: str) -> None:
    assert written(*CASES[name]).encode() == (GOLDEN / name).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(CASES)


if __name__ == "__main__":
    for case, asked in CASES.items():
        (GOLDEN / case).write_bytes(written(*asked).encode())
