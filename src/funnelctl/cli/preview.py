"""What a dry run shows: the very changes that were made and taken back."""

from __future__ import annotations

from funnelctl.store.reports.operations import changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.change import Change
    from funnelctl.core.table import Answer


def with_changes(answer: Answer, made: list[Change]) -> Answer:
    """The answer of a write, with what it would have changed."""
    table = changes(made)
    more = {**answer.more, "dry_run": True, "changes": table}
    if not table.rows:
        return answer._replace(more=more)
    return answer._replace(screen=(*answer.screen, table), line="", more=more)
