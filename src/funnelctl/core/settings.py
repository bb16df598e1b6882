"""The book's own settings: which there are, what they may hold, and how one is changed."""

from __future__ import annotations

from funnelctl.core.author import Author
from funnelctl.core.change import Change, added, edited, removed
from funnelctl.core.contact import parse_region
from funnelctl.core.records import Setting
from funnelctl.errors import Invalid

SETTINGS = {
    "funnel": "the funnel of new records (set by: funnelctl funnel use)",
    "region": "the country whose national phone numbers are understood, as ES or ID",
}


def checked(name: str, value: str) -> str:
    """``value`` as the setting keeps it.

    Raises:
        Invalid: there is no such setting, or it may not hold that.
    """
    if name not in SETTINGS:
        raise Invalid(f"there is no setting {name[:60]!r}", hint="there are " + ", ".join(SETTINGS))
    return parse_region(value) if name == "region" else value.strip()


def put(author: Author, old: Setting | None, name: str, value: str | None) -> list[Change]:
    """Give a setting a value; ``None`` takes it away."""
    if value is None:
        return [removed(old)] if old else []
    if old is None:
        return [added(Setting(author.next_id("setting"), name, value))]
    return edited(old, old._replace(value=value))
