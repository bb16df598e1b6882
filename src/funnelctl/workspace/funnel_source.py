"""The bytes of a funnel file as a funnel."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.funnel import Funnel


def read_funnel(data: bytes, name: str) -> Funnel:
    """The funnel in a file's bytes; ``name`` is how messages call the file.

    Raises ``BadData``, ``NAME: 3 problems``, with all that is wrong: with the file as YAML and as a funnel.
    """
    from hashlib import sha256

    from funnelctl.core.funnel_file import refusal, validate
    from funnelctl.errors import BadData
    from funnelctl.workspace.yaml_nodes import load_nodes

    root, problems = load_nodes(data)
    if root is None:
        raise refusal(name, problems)
    try:
        funnel = validate(root, sha256(data).hexdigest())
    except BadData as error:
        # Where the YAML was refused already, what is left of the value there tells nothing new.
        places = {(problem.line, problem.column) for problem in problems}
        problems += [problem for problem in error.problems if (problem.line, problem.column) not in places]
    else:
        if not problems:
            return funnel
    raise refusal(name, problems)
