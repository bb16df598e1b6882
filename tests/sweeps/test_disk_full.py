"""P4: the disk is full, or files may not grow: exit 74, the old data is intact, and with room again all goes on."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from violence import Arena, Record, Scene

from commandline import PROGRAM, Said
from funnelctl import errors

BOOK = ("lead add 'Ada Lovelace' --email ada@example.com", "opp add Audit --lead L1 --value '12000 EUR'")
SCENES = (
    Scene("import", "import rows.csv --as opportunities", BOOK, rows=400),
    Scene("lead add", "lead add 'Grace Hopper'", BOOK),
    Scene("first lead add", "lead add 'Grace Hopper'", first=True),
)
MIB = 1 << 20
DISK = 2 * MIB


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of two MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("needs mount")
    if done.returncode:
        pytest.skip("needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def leave_room(disk: Path, kib: int) -> Path:
    """Fill a disk but for so many KiB; the file that fills it."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - kib * 1024)))
    return ballast


def played_with_room(arena: Arena, disk: Path, kib: int) -> Said:
    """Play the scene with so many KiB of room, and judge it when there is room again."""
    arena.reset()
    ballast = leave_room(disk, kib)
    said = arena.run()
    ballast.unlink()
    refused_or_done(said)
    arena.judge(said)
    return said


def refused_or_done(said: Said) -> None:
    if said.code:
        assert said.code == errors.TROUBLE, said.err
        *made, error, hint = said.err.splitlines()
        assert all(line.startswith("created ") for line in made)
        assert error.startswith("error: ")
        assert error.endswith("; nothing was saved")
        assert hint.startswith("hint: ")
        assert said.out == ""


def test_p04_an_import_onto_a_full_disk(tmp_path: Path, small_disk: Path) -> None:
    arena = Arena(SCENES[0], small_disk / "home", tmp_path)
    said = played_with_room(arena, small_disk, 100)
    assert (said.code, said.message) == (errors.TROUBLE, "the disk is full; nothing was saved")
    assert "room" in said.hint


def test_p04_a_first_lead_where_there_is_no_room_for_a_file(tmp_path: Path, small_disk: Path) -> None:
    arena = Arena(SCENES[2], small_disk / "home", tmp_path)
    said = played_with_room(arena, small_disk, 40)
    assert said.code == errors.TROUBLE
    assert "created" not in said.err


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_p04_every_amount_of_room(tmp_path: Path, small_disk: Path, scene: Scene, record_property: Record) -> None:
    arena = Arena(scene, small_disk / "home", tmp_path)
    codes = [played_with_room(arena, small_disk, kib).code for kib in range(0, 800 if scene.rows == 0 else 1600, 16)]
    record_property("figures", f"disk full, {scene.name}: {len(codes)} amounts of room, {codes.count(0)} sufficed")
    assert set(codes) == {0, errors.TROUBLE}


def limited(arena: Arena, largest: int) -> Said:
    """Play the scene where no file may grow beyond ``largest`` bytes."""
    done = subprocess.run(
        [PROGRAM, *arena.words], env=arena.cli.env, cwd=arena.home, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)),
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


def test_p04_files_that_may_not_grow(tmp_path: Path) -> None:
    arena = Arena(SCENES[0], tmp_path / "home", tmp_path)
    said = limited(arena, arena.book.stat().st_size + 50_000)
    assert said.code == errors.TROUBLE
    refused_or_done(said)
    arena.judge(said)


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=[scene.name for scene in SCENES])
def test_p04_every_limit_of_size(tmp_path: Path, scene: Scene, record_property: Record) -> None:
    arena, codes = Arena(scene, tmp_path / "home", tmp_path), []
    for largest in range(0, MIB + MIB // 2 if scene.rows else MIB // 2, 16 * 1024):
        arena.reset()
        said = limited(arena, largest)
        refused_or_done(said)
        arena.judge(said)
        codes.append(said.code)
    record_property("figures", f"limited size, {scene.name}: {len(codes)} limits, {codes.count(0)} sufficed")
    assert set(codes) == {0, errors.TROUBLE}
