"""What forgetting a person means: what is erased of each row, and by what they are recognised if they come again.

What a figure is made of stays: dates, values, services, sources, stages, outcomes and their reasons. What tells who it
was goes, wherever it stands, the log of changes included.
"""

from __future__ import annotations

from funnelctl.core.text import NO_TAGS, fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

FORGOTTEN = "(forgotten)"
NUMBERED = "(forgotten) {id}"  # for columns in which every row has to differ

# By table: the column that decides together with its values, or all rows; and what is put in the place of each column.
ERASED: dict[str, tuple[tuple[str, dict[str, str | None]], ...]] = {
    "lead": (
        ("", {
            "name": FORGOTTEN, "name_key": FORGOTTEN, "company": None, "email": None, "email_key": None, "phone": None,
            "phone_key": None, "reason": None, "note": None, "tags": NO_TAGS, "key": None,
        }),
    ),
    "opportunity": (("", {"title": FORGOTTEN, "title_key": FORGOTTEN, "note": None, "tags": NO_TAGS, "key": None}),),
    "move": (("", {"note": None}), ("drop", {"detail": None})),  # why a lead was dropped is free text
    "lead_alias": tuple((kind, {"key": NUMBERED, "value": FORGOTTEN}) for kind in ("email", "phone", "key")),
    "activity": (("", {"text": None, "key": None}),),
    "source_row": (("", {"fingerprint": NUMBERED}),),
}  # fmt: skip


def is_forgotten(lead: Any) -> bool:
    """Whether nothing is left of a lead but its figures."""
    return lead.name == FORGOTTEN and not (lead.email or lead.phone or lead.key)


def marks(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """By what a person of these columns of a lead is recognised: pairs of a kind and a key.

    The kinds are ``email``, ``phone`` and ``key``, or ``name`` where there is none of these: others may have the same.
    """
    found = [(kind, key) for kind, column in _COLUMNS if (key := fields.get(column))]
    if not found and fields.get("name_key"):
        found.append(("name", name_mark(fields["name_key"], fields.get("company"))))
    return found


def lasting_marks(stood: Mapping[str, Iterable[Mapping[str, Any]]]) -> list[tuple[str, str]]:
    """By what a person is recognised of whom rows ever stood so, by table: by what a lead of theirs was known at any
    time, and by the keys and contents of rows that a file may bring again.

    Their kinds are further ``opportunity`` and ``activity`` for the keys of such, and ``row`` for a fingerprint.
    """
    found = [mark for fields in stood["lead"] if fields["name"] != FORGOTTEN for mark in marks(fields)]
    found += [
        (fields["kind"], fields["key"])
        for fields in stood["lead_alias"]
        if fields["kind"] in dict(_COLUMNS) and fields["value"] != FORGOTTEN
    ]
    found += [
        (table, fields["key"]) for table in ("opportunity", "activity") for fields in stood[table] if fields["key"]
    ]
    found += [
        ("row", fields["fingerprint"])
        for fields in stood["source_row"]
        if not fields["fingerprint"].startswith(FORGOTTEN)
    ]
    return list(dict.fromkeys(found))


def name_mark(name_key: str, company: str | None) -> str:
    """A name with its company, as one key."""
    return f"{name_key}\n{fold(company or '')}"


def hashed(salt: str, kind: str, key: str) -> str:
    """A mark as it is kept: it can be recognised, and only be guessed by somebody who tries all that it might be."""
    from hashlib import sha256

    return sha256(f"{salt}\n{kind}\n{key}".encode()).hexdigest()


_COLUMNS = (("email", "email_key"), ("phone", "phone_key"), ("key", "key"))
