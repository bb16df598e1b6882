"""P1: kill -9 anywhere in an import. All of it is there, or nothing; and importing again completes."""

from __future__ import annotations

from pathlib import Path

import pytest
from violence import Arena, Record, Scene, State, kills

KNOWN = ("lead add 'Ada Lovelace' --email ada@example.com", "opp add 'Deal 7' --lead L1 --key K7")
ROWS = 3_000
IMPORTS = (
    Scene("opportunities", "import rows.csv --as opportunities", KNOWN, rows=ROWS),
    Scene(
        "leads",
        "import rows.csv --as leads --map client=name --map 'client email=email'"
        " --map stage= --map title= --map value= --map closed=",
        KNOWN,
        rows=ROWS,
    ),
)


def counted(state: State, table: str) -> int:
    assert state is not None
    return len(state[table])


def test_p01_a_killed_import_has_done_all_or_nothing(tmp_path: Path) -> None:
    arena = Arena(IMPORTS[0]._replace(rows=400), tmp_path / "home", tmp_path)
    assert sum(kills(arena, 3).values()) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("scene", IMPORTS, ids=[scene.name for scene in IMPORTS])
def test_p01_an_import_killed_at_any_point(tmp_path: Path, scene: Scene, record_property: Record) -> None:
    arena = Arena(scene, tmp_path / "home", tmp_path)
    assert counted(arena.new, "lead") - counted(arena.old, "lead") >= ROWS - 1
    assert counted(arena.new, "operation") - counted(arena.old, "operation") == 1
    left = kills(arena, 120)
    record_property("figures", f"kill -9 in an import of {scene.name}: {dict(left)}, half states: 0")
    assert left["nothing"] > 10  # else the sweep has not hit what it aims at
    assert left["all"] > 0
