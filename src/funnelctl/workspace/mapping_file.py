"""A saved mapping of an import, from its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.nodes import Node
    from funnelctl.errors import Problem

    Read = TypeVar("Read")


def read_mapping_file(path: str) -> Declared:
    """What the file at ``path`` declares.

    Raises ``NotFound`` where there is no such file, ``BadData`` with all that is wrong in it.
    """
    from funnelctl.core.importing.saved import read_saved

    return read_valid(path, read_saved, "examples/maven.yaml in the project's folder is a mapping with comments")


def read_valid(path: str, read: Callable[[Node, list[Problem]], Read], hint: str) -> Read:
    """What ``read`` makes of the YAML file at ``path``, where it finds no problem.

    Raises ``NotFound`` where there is no such file, ``BadData`` with all that is wrong in it and the ``hint``.
    """
    from funnelctl.errors import BadData
    from funnelctl.workspace.shelf import bytes_of
    from funnelctl.workspace.yaml_nodes import load_nodes

    root, problems = load_nodes(bytes_of(path))
    if root is not None:
        places = {(problem.line, problem.column) for problem in problems}
        found: list[Problem] = []
        made = read(root, found)
        # where the YAML was refused already, what is left of the value there tells nothing new
        problems += [problem for problem in found if (problem.line, problem.column) not in places]
        if not problems:
            return made
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    raise BadData(
        f"{path}: {count}; nothing was saved",
        hint,
        tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))),
        path,
    )
