"""P15: the making of a file killed anywhere: there is none or a whole one, and the next time it works."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from violence import Arena, Record, Scene, kills

from commandline import InProcess

SCENES = (
    Scene("init", "init", first=True),
    Scene("first lead add", "lead add 'Grace Hopper' --email grace@example.com", first=True),
)


def test_p15_what_a_killed_creation_has_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """In a container the next process has the same number as the one that was killed."""
    call = InProcess(tmp_path, None)
    call.book.parent.mkdir(parents=True)
    for name in ("new", "tmp", f"{os.getpid()}.new", f"{os.getpid()}.new-journal"):
        (call.book.parent / f"{call.book.name}.{name}").write_bytes(b"half a file")
    call("lead add Ada")
    assert call.ids("lead list") == ["L1"]


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_p15_a_creation_killed_at_any_point(tmp_path: Path, scene: Scene, record_property: Record) -> None:
    left = kills(Arena(scene, tmp_path / "home", tmp_path), 60)
    record_property("figures", f"kill -9 in {scene.name}, the file is new: {dict(left)}, half states: 0")
    assert left["nothing"] > 5
    assert left["all"] > 0
