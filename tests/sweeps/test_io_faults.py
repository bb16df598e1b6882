"""P2: every single write, fsync, truncate, link and unlink of a command fails in turn, or kills it."""

from __future__ import annotations

from pathlib import Path

import pytest
from violence import Arena, Record, Scene, Starter

from funnelctl import errors

BOOK = (
    "lead add 'Ada Lovelace' --email ada@example.com --company 'Analytical Engines' --tag maths",
    "lead add 'A. Lovelace' --email ada@lovelace.example --phone '+44 20 7946 0958'",
    "opp add Audit --lead L2 --value '12000 EUR' --key REQ-1",
    "opp add Training --client Babbage",
    "lead add Zoe",
)
SCENES = (
    Scene("init", "init", first=True),
    Scene("first lead add", "lead add 'Grace Hopper' --email grace@example.com", first=True),
    Scene("lead add", "lead add 'Grace Hopper' --email grace@example.com --note 'met at the fair'", BOOK),
    Scene("advance", "advance L1 --title Survey --value '900 EUR' --service survey", BOOK),
    Scene("import", "import rows.csv --as opportunities", BOOK, cramped=True, rows=40),
    Scene("undo", "undo", (*BOOK, "import rows.csv --as opportunities"), cramped=True, rows=25),
    Scene("lead merge", "lead merge L1 L2 --yes", BOOK),
    Scene(
        "funnel migrate",
        "funnel migrate consulting jm-sports --map enquiry=leads --map request=opportunity --yes",
        BOOK,
    ),
    Scene("redo", "redo", (*BOOK, "import rows.csv --as opportunities", "undo"), cramped=True, rows=25),
    Scene("apply", "apply verbs.jsonl", BOOK, cramped=True, rows=15),
    Scene("lead forget", "lead forget L1 --yes", BOOK),
    Scene("db backup", "db backup safe.db", BOOK, makes="safe.db"),
    Scene("db restore", "db restore safe.db --yes", (*BOOK[:3], "db backup safe.db", *BOOK[3:]), cramped=True),
)
MODES = {"kill": -9, "enospc": errors.TROUBLE, "eio": errors.TROUBLE, "once": errors.TROUBLE}


def sweep(arena: Arena, mode: str, step: int = 1) -> int:
    """Play the scene once for each call that could fail, every ``step``-th of them; how many there are."""
    calls = arena.calls()
    assert calls > 20
    for call in range(1, calls + 1, step):
        arena.reset()
        said = arena.strike(call, mode)
        try:
            assert said.code in (0, MODES[mode])
            if said.code == errors.TROUBLE:
                told = [line.split(":")[0] for line in said.err.splitlines() if not line.startswith("created ")]
                assert told == ["error", "hint"], said.err
                assert said.out == ""
            arena.judge(said)
        except AssertionError as error:
            error.add_note(f"{arena.scene.name}, call {call} of {calls}, {mode}: exit {said.code}\n{said.err}")
            raise
    return calls


@pytest.mark.parametrize("mode", MODES)
def test_p02_a_lead_is_added_or_not_whatever_the_disk_does(failing_disk: Starter, tmp_path: Path, mode: str) -> None:
    [scene] = [scene for scene in SCENES if scene.name == "lead add"]
    sweep(Arena(scene, tmp_path / "home", tmp_path, failing_disk), mode, step=5)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_p02_every_call_fails_in_turn(
    failing_disk: Starter, tmp_path: Path, scene: Scene, mode: str, record_property: Record
) -> None:
    calls = sweep(Arena(scene, tmp_path / "home", tmp_path, failing_disk), mode)
    record_property("figures", f"{mode} at each of {calls} calls of {scene.name}: half states: 0")
