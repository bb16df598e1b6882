"""The preset files: the user's own before those that were shipped, each known by the key that it declares."""

from __future__ import annotations

import os
import re

from funnelctl.core.importing.fields import word_of
from funnelctl.core.importing.presets import read_preset
from funnelctl.errors import Usage
from funnelctl.workspace import places
from funnelctl.workspace.mapping_file import read_valid
from funnelctl.workspace.shelf import bytes_of, yaml_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from funnelctl.core.importing.presets import Preset


def candidates(header: Sequence[str], form: str, first: Sequence[list[str]]) -> list[Preset]:
    """The presets by which a file of that format, with these columns and first rows, may be recognised: all of the
    user's own, and of the shipped ones those whose text says so, in columns written as ``[one, another]`` without
    quotes and cells as ``'pattern'`` without more of them. Reading YAML is slow, and a file is of one program at most.

    Raises ``BadData`` where a preset is not valid.
    """
    words = {word for word in map(word_of, header) if word}
    found: dict[str, Preset] = {}
    for path, shipped in _files():
        if not shipped or _may_fit(bytes_of(path).decode(), words, form, first):
            preset = read_preset_file(path)
            found.setdefault(preset.key, preset)
    return list(found.values())


def named(key: str) -> list[Preset]:
    """The preset of that key; else those of the program that is called so, ``hubspot-deals`` among those of
    ``hubspot``. Raises ``Usage`` where there are none, ``BadData`` where one is not valid."""
    keys: set[str] = set()
    program: dict[str, Preset] = {}
    for path, shipped in _files():
        name = _stem(path)
        sought = name == key or name.startswith(f"{key}-")
        preset = read_preset_file(path) if sought or not shipped else None
        if preset is not None and preset.key == key:
            return [preset]
        if preset is not None and preset.key.startswith(f"{key}-"):
            program.setdefault(preset.key, preset)
        keys.add(preset.key if preset else name)
    if not program:
        raise _no_preset(key, sorted(keys))
    return list(program.values())


def _no_preset(key: str, keys: list[str]) -> Usage:
    from difflib import get_close_matches

    near = get_close_matches(key, keys, 3, 0.7)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    return Usage(f"there is no preset {key[:60]!r}", f"{hint}There are auto, none, {', '.join(keys)}")


def read_preset_file(path: str) -> Preset:
    """The preset in the file at ``path``. Raises ``BadData`` with all that is wrong in it."""
    return read_valid(path, read_preset, "docs/import.md says what a preset is made of; --preset none does without")


def _files() -> list[tuple[str, bool]]:
    """The path of each file, and whether it was shipped; of a shipped one the name is the key."""
    own = [path for directory in places.preset_directories() for path in yaml_files(directory)]
    return [*((path, False) for path in own), *((path, True) for path in yaml_files(places.shipped("presets")))]


def _may_fit(text: str, words: set[str], form: str, first: Sequence[list[str]]) -> bool:
    """Whether a shipped preset, of which this is the text, speaks of that format, and of columns and cells that are all
    there."""
    lines = text.splitlines()
    cells = next((line.split("'")[1] for line in lines if line.startswith("cells:")), None)
    if cells is not None and not any(re.search(cells, cell) for row in first for cell in row):
        return False
    forms = next((line.split()[1:] for line in lines if line.startswith("form:")), [form])
    start = next((place for place, line in enumerate(lines) if line.startswith("recognise:")), None)
    if start is None:
        return form in forms
    end = next((place for place in range(start + 1, len(lines)) if lines[place][:1].isalpha()), len(lines))
    sets = " ".join(lines[start:end]).split("[")[1:]
    return form in forms and any(all(word_of(name) in words for name in one.split("]")[0].split(",")) for one in sets)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]
