"""One person, one lead: an e-mail, a phone number or an external key belongs to one lead only, in every spelling."""

from __future__ import annotations

from funnelctl.errors import Conflict
from funnelctl.store.forgotten import refuse_forgotten, refuse_forgotten_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from funnelctl.store.book import Book

_KEYS = (("email", "email_key", "e-mail"), ("phone", "phone_key", "phone number"), ("key", "key", "key"))


def refuse_known(book: Book, fields: Mapping[str, Any], own: int | None = None) -> None:
    """See that what ``fields`` say of a lead belongs to no other, and to nobody who was forgotten; ``own`` is the lead
    that may have it already.

    Raises:
        Conflict: it is known; the message names the owner.
    """
    # A name alone tells people apart when they arrive; somebody who is known may take any.
    refuse_forgotten(book, fields if own is None else {**fields, "name_key": None})
    for kind, column, what in _KEYS:
        key = fields.get(column)
        owner = book.owner(kind, key) if key else None
        if owner is not None and owner.id != own:
            raise Conflict(
                f"the {what} belongs to {owner.ref} {owner.name} already; nothing was saved",
                hint=f"funnelctl lead show {owner.ref}" + (f", or lead merge {owner.ref} L{own}" if own else ""),
            )


def refuse_known_key(book: Book, key: str | None, own: int | None = None) -> None:
    """The same for an opportunity's external key."""
    if key:
        refuse_forgotten_key(book, key)
    row = book.one("SELECT id FROM opportunity WHERE key = ?", key) if key else None
    if row and row[0] != own:
        raise Conflict(f"the key belongs to O{row[0]} already; nothing was saved", hint=f"funnelctl opp show O{row[0]}")
