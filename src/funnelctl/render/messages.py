"""What went wrong, for people in lines and for programs in one object."""

from __future__ import annotations

from funnelctl.core.text import clean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.errors import FunnelctlError, Problem

IN_FULL = 20  # problems: where there are more, something is wrong with the whole file


def error_lines(error: FunnelctlError, as_json: bool) -> str:
    """``error: ...``, the problems a line each, ``hint: ...``; or one line of JSON with all of them."""
    if as_json:
        return _json(error)
    lines = [f"error: {clean(error.message)}", *problem_lines(error.source, error.problems, error.kinds)]
    if error.hint:
        lines.append(f"hint: {clean(error.hint)}")
    return "".join(f"{line}\n" for line in lines)


def problem_lines(
    source: str, problems: tuple[Problem, ...], kinds: tuple[tuple[str, str, int], ...] = ()
) -> list[str]:
    """The first problems a line each; where there are more, how many of which kind there are in all."""
    lines = [_problem(source, each) for each in problems[:IN_FULL]]
    more = max(sum(times for _, _, times in kinds), len(problems)) - IN_FULL
    if more > 0:
        lines.append(f"  ... and {more:,} more" + ("; in all:" if kinds else ""))
        lines += [f"  {times:,} x {clean(f'{column}: {kind}' if column else kind)}" for column, kind, times in kinds]
    return lines


def _problem(source: str, problem: Problem) -> str:
    """``file:line:column: message``, as compilers write it, so that editors can jump to the place."""
    place = ":".join(str(part) for part in (source, problem.line, problem.column) if part)
    return f"  {clean(f'{place}: {problem.message}' if place else problem.message)}"


def _json(error: FunnelctlError) -> str:
    from funnelctl.render.objects import dumped

    told: dict[str, object] = {"code": error.code, "message": error.message, "hint": error.hint or None}
    if error.problems:
        told["source"] = error.source or None
        told["problems"] = [
            {"line": each.line, "column": each.column, "message": each.message} for each in error.problems
        ]
    if error.kinds:
        told["kinds"] = [{"column": column, "message": kind, "count": times} for column, kind, times in error.kinds]
    # in ASCII, since a stream that can't take a character would write an escape that JSON doesn't know
    return dumped({"error": told}, unicode=False) + "\n"
