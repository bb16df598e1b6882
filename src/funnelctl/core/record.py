"""``NamedTuple`` without the price of ``typing``, which every command would pay at start-up.

Type checkers see ``typing.NamedTuple``. At run time a class body with annotations becomes a ``collections.namedtuple``
(which ``sqlite3`` has imported already); methods, properties and defaults are kept. Records are tuples in the order of
their table's columns, so a row of the database is a record and a record is a row.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NamedTuple
else:

    class _Builder(type):
        def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body["__annotations__"])
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in fields and key not in ("__module__", "__qualname__", "__annotations__"):
                    setattr(made, key, value)
            made.__annotations__ = body["__annotations__"]
            return made

    NamedTuple = type.__new__(_Builder, "NamedTuple", (), {})

__all__ = ["NamedTuple"]
