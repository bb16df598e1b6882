"""P36: whatever the terminal's encoding and the locale, every name can be given, stored and shown."""

from __future__ import annotations

import json

import pytest

from commandline import Installed

NAMES = ["株式会社 Ümläut", "Ольга 😀 ‘quoted’", "naïve €", "مرحبا"]
PLAIN = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
WORLDS = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "cp437": {"PYTHONIOENCODING": "cp437"},
    "utf-16": {"PYTHONIOENCODING": "utf-16-le"},
    "C": {"LC_ALL": "C"},
    "POSIX without help": {"LC_ALL": "POSIX", **PLAIN},
    "no locale": {"LC_ALL": "", "LANG": ""},
    "an unknown one": {"LC_ALL": "xx_YY.UTF-8"},
}
COMMANDS = ("lead list --all", "lead show L1", "opp list", "report", "history", "history L1", "lead list --all -q")


@pytest.fixture
def known(run: Installed) -> Installed:
    for name in NAMES:
        run(["lead", "add", name, "--company", name, "--tag", name, "--note", name])
        run(["opp", "add", name, "--client", name])
    return run


def shown(cli: Installed, words: list[str], world: dict[str, str]) -> tuple[int, bytes, bytes]:
    import subprocess

    from commandline import PROGRAM

    done = subprocess.run([PROGRAM, *words], env={**cli.env, **world}, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_p36_every_answer_can_be_shown(known: Installed, world: dict[str, str]) -> None:
    encoding = world.get("PYTHONIOENCODING") or ("ascii" if "PYTHONUTF8" in world else "utf-8")
    for command in COMMANDS:
        for fmt in ("table", "md", "csv"):
            code, out, err = shown(known, [*command.split(), "--format", fmt], world)
            assert (code, err) == (0, b""), command
            assert out.decode(encoding)


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_p36_programs_get_every_name_as_it_is(known: Installed, world: dict[str, str]) -> None:
    """JSON has a way to write what an encoding lacks."""
    encoding = world.get("PYTHONIOENCODING") or ("ascii" if "PYTHONUTF8" in world else "utf-8")
    _, out, _ = shown(known, ["lead", "list", "--all", "--json"], world)
    assert [row["name"] for row in json.loads(out.decode(encoding))["rows"]] == NAMES
    _, out, _ = shown(known, ["lead", "list", "--all", "--format", "jsonl"], world)
    assert [json.loads(line)["name"] for line in out.decode(encoding).splitlines()] == NAMES


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_p36_errors_can_be_told(known: Installed, world: dict[str, str]) -> None:
    encoding = world.get("PYTHONIOENCODING") or ("ascii" if "PYTHONUTF8" in world else "utf-8")
    for words in (["lead", "show", "株"], ["lead", "add", "x", "--email", "é😀"], ["nœud"]):
        code, out, err = shown(known, words, world)
        assert code in (0, 2, 3), words
        if code:
            assert out == b""
            assert err.decode(encoding).startswith("error: ")


@pytest.mark.parametrize("world", [world for name, world in WORLDS.items() if name != "POSIX without help"])
def test_p36_what_is_typed_in_any_world_is_stored_as_it_is(run: Installed, world: dict[str, str]) -> None:
    code, _, err = shown(run, ["lead", "add", "株 Ü 😀", "--note", "é"], world)
    assert code == 0, err
    assert run.row("lead show L1")["name"] == "株 Ü 😀"


def test_p36_where_words_come_as_bytes_they_are_refused_and_not_spoilt(run: Installed) -> None:
    code, _, err = shown(run, ["lead", "add", "株"], WORLDS["POSIX without help"])
    assert (code, err.splitlines()[0]) == (2, b"error: the name holds bytes that are no text; nothing was saved")
    assert run.rows("lead list") == []


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
def test_p36_files_are_read_as_they_are_whatever_the_locale(run: Installed, world: dict[str, str]) -> None:
    (run.home / "rows.csv").write_text("name\n" + "\n".join(NAMES) + "\n", encoding="utf-8")
    (run.home / "map.yaml").write_text("as: leads\ncolumns: {name: name}\n# Ü\n", encoding="utf-8")
    code, _, err = shown(run, ["import", str(run.home / "rows.csv"), "--mapping", str(run.home / "map.yaml")], world)
    assert code == 0, err
    assert [row["name"] for row in run.rows("lead list")] == NAMES
    code, _, err = shown(run, ["funnel", "show", "consulting", "--lang", "es"], world)
    assert code == 0, err
