"""P3: Ctrl-C and SIGTERM anywhere. All or nothing, and what is said of it is true."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from violence import Arena, Record, Scene, Starter

from commandline import Said
from funnelctl import errors

SCENES = (
    Scene("import", "import rows.csv --as opportunities", ("lead add Ada",), rows=3_000),
    Scene("lead add", "lead add 'Grace Hopper'", ("lead add Ada",)),
)
BACKUP = Scene("db backup", "db backup safe.db", ("lead add Ada",), makes="safe.db")
RESTORE = Scene("db restore", "db restore safe.db --yes", ("lead add Ada", "db backup safe.db", "lead add Bea"))
SAYS_NOTHING = "error: interrupted; nothing was saved\n"
SAYS_SAVED = "error: interrupted; the change was saved\nhint: funnelctl history shows what was done\n"


def check(arena: Arena, number: int, said: Said) -> str:
    """Judge what a signal has left; the name of the outcome."""
    found = arena.judge(said)
    state = "all" if found == arena.new else "nothing"
    if said.code == 0:
        return "done"
    if number == signal.SIGTERM:
        assert said.code == -signal.SIGTERM
        assert state == "all" if said.out else not said.err
        return state
    if said.code == errors.INTERRUPTED:
        assert said.err.endswith(SAYS_SAVED if state == "all" else SAYS_NOTHING), said.err
        return f"{state}, told"
    # Until the program has begun, and once it has ended, the signal meets Python itself, which shows a traceback.
    assert said.code in (-signal.SIGINT, 1), said.err
    assert "KeyboardInterrupt" in said.err or not said.err
    assert "error: " not in said.err.replace("Fatal Python error: ", "")
    return f"{state}, by Python"


def signals(arena: Arena, number: int, runs: int) -> Counter[str]:
    """Send the signal so many times; the outcomes, counted."""
    outcomes = Counter[str]()
    for moment in arena.moments(runs):
        process = arena.begun()
        time.sleep(moment)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        said = Said(process.returncode, out, err)
        try:
            outcomes[check(arena, number, said)] += 1
        except AssertionError as error:
            error.add_note(f"signal {number} after {moment:.4f} seconds: {said}")
            raise
    return outcomes


@pytest.mark.parametrize(
    ("scene", "step", "left"),
    [
        (SCENES[1], 4, {"nothing, told", "all, told"}),  # the commit is among the calls
        (BACKUP, 3, {"nothing, told"}),  # one that was not confirmed is taken away
        (RESTORE, 20, {"nothing, told", "all, told"}),
    ],
    ids=["lead add", "db backup", "db restore"],
)
def test_p03_ctrl_c_while_the_disk_is_written_to(
    failing_disk: Starter, tmp_path: Path, scene: Scene, step: int, left: set[str]
) -> None:
    arena, outcomes = Arena(scene, tmp_path / "home", tmp_path, failing_disk), Counter[str]()
    calls = arena.calls()
    for call in range(calls, 0, -step):
        arena.reset()
        said = arena.strike(call, "int")
        try:
            outcomes[check(arena, signal.SIGINT, said)] += 1
        except AssertionError as error:
            error.add_note(f"Ctrl-C at call {call} of {calls}: {said}")
            raise
    assert set(outcomes) == left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_p03_a_signal_leaves_all_or_nothing(tmp_path: Path, number: int) -> None:
    arena = Arena(SCENES[0]._replace(rows=400), tmp_path / "home", tmp_path)
    assert sum(signals(arena, number, 3).values()) == 3


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_p03_a_signal_at_any_point(tmp_path: Path, scene: Scene, number: int, record_property: Record) -> None:
    arena = Arena(scene, tmp_path / "home", tmp_path)
    outcomes = signals(arena, number, 60)
    record_property("figures", f"{signal.Signals(number).name} in {scene.name}: {dict(outcomes)}, half states: 0")
    assert len(outcomes) > 1
