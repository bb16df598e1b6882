"""A Trello board, exported as JSON, as a sheet: a card a row, its list the stage, its moves between lists the history.

A card that was put away counts only where its list says how it ended: for the others the board itself says that they
are no longer in the pipeline. Their number is told.
"""

from __future__ import annotations

from funnelctl.core.importing.amounts_in_text import amount_in
from funnelctl.core.importing.fields import usual_names, word_of
from funnelctl.core.importing.json_text import JsonText, Number, written
from funnelctl.core.importing.sheet import Sheet, names_of
from funnelctl.core.importing.task import Tally
from funnelctl.core.importing.words import ends
from funnelctl.errors import BadData, Invalid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from funnelctl.core.importing.declared import Declared
    from funnelctl.core.importing.objects import Lists
    from funnelctl.core.importing.problems import Problems

_COLUMNS = ("key", "title", "client", "value", "stage", "note", "close", "closed", "tags", "created", "history")
_ARRIVALS = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard", "moveCardToBoard")
_KEPT = {  # of the parts of a board, what is needed of each of their things
    "lists": ("id", "name", "closed"),
    "cards": (
        "id", "name", "desc", "idList", "closed", "isTemplate", "due", "labels", "dateLastActivity", "customFieldItems",
    ),
    "actions": ("type", "date", "data"),
    "customFields": ("id", "name", "options"),
    "checklists": ("id",),
}  # fmt: skip
_CLIENTS = ("lead", "client_company", "client_email", "client_key")


def read_board(
    stream: BinaryIO, name: str, problems: Problems, lists: Lists, encoding: str, declared: Declared
) -> Sheet:
    """The sheet of the board in ``stream``; ``name`` is how messages call the file, ``lists`` where its parts are.

    Raises ``BadData`` where it has no cards, and for what JSON has no place for.
    """
    text = JsonText(stream, name, encoding)
    board = _Board(text, lists.lined.get("cards", False), declared)
    if not board.cards:
        raise BadData(f"{name} is a Trello board without cards: there is nothing to import; nothing was saved")
    return Sheet(board.header, board.rows(problems), "trello", encoding, source=text.text)


class _Board:
    def __init__(self, text: JsonText, lined: bool, declared: Declared) -> None:
        parts: dict[str, list[tuple[int, dict[str, Any]]]] = {part: [] for part in _KEPT}
        for part in text.members():
            if part in _KEPT and text.peek() == "[":
                parts[part] = [(line, _only(_sound(thing, line, text), _KEPT[part])) for line, thing in text.elements()]
            else:
                text.value()
        self._declared = declared
        self._said = {**declared.usual_stages, **declared.stages}
        self._lists = {_text(one["id"]): one for _, one in parts["lists"]}
        self.cards = [(line if lined else place, one) for place, (line, one) in enumerate(parts["cards"], 1)]
        self._checklists = len(parts["checklists"])
        self._fields = {_text(one["id"]): one for _, one in parts["customFields"]}
        self._actions: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}  # of a card: when, what, with which data
        for _, action in parts["actions"]:
            data = _only(action["data"], ("card", "list", "listBefore", "listAfter", "text"))
            self._actions.setdefault(_named(data["card"], "id"), []).append(
                (_text(action["date"]), _text(action["type"]), data)
            )
        for actions in self._actions.values():
            actions.sort(key=lambda action: action[0])
        own = [_text(one["name"]) for one in self._fields.values()]
        meant = {usual_names("opportunities").get(word_of(name), ("", 0))[0] for name in own}
        left_out = {"value"} & meant | ({"client"} if meant.intersection(_CLIENTS) else set())
        self._columns = [column for column in _COLUMNS if column not in left_out]
        clash = {word_of(column) for column in self._columns}
        self.header = names_of(
            [*self._columns, *(f"{name} (field)" if word_of(name) in clash else name or "field" for name in own)]
        )

    def rows(self, problems: Problems) -> Iterator[tuple[int, list[str]]]:
        """A row for each card that counts; what is left out is told at the end."""
        archived = templates = 0
        told = Tally()
        for line, card in self.cards:
            its_list = self._lists.get(_text(card["idList"]), {})
            is_away = card["closed"] is True or its_list.get("closed") is True
            if card["isTemplate"] is True:
                templates += 1
            elif is_away and not ends(_named(its_list, "name"), self._said):
                archived += 1
            else:
                yield line, self._row(card, _named(its_list, "name"), told)
        if archived:
            problems.note(f"archived cards that were neither won nor lost are left out: {archived:,}")
        if templates:
            problems.note(f"cards that are templates are left out: {templates:,}")
        if self._checklists:
            problems.note(f"checklists are left out: {self._checklists:,}")
        for note in told.notes:
            problems.note(note)

    def _row(self, card: dict[str, Any], stage: str, told: Tally) -> list[str]:
        key, title = _text(card["id"]), _text(card["name"])
        actions = self._actions.get(key, [])
        created = next((at for at, what, _ in actions if what in _ARRIVALS), "") or _born(key)
        history = self._history(actions, created)
        entered = [passage["at"] for passage in history if passage["stage"] == stage]
        money, rest, is_unclear = amount_in(title, self._declared.currency, self._declared.decimal)
        if is_unclear and "value" in self._columns:
            told.note("with an amount in the name that may mean several: it is left out, --decimal says how to read it")
        comments = [f"{at[:10]}: {_text(data['text'])}" for at, what, data in actions if what == "commentCard"]
        cells = {
            "key": key, "title": title, "client": rest, "value": money, "stage": stage,
            "note": "\n".join(filter(None, [_text(card["desc"]), *comments])), "close": _text(card["due"]),
            "closed": (entered or [_text(card["dateLastActivity"])])[-1] if ends(stage, self._said) else "",
            "tags": "; ".join(filter(None, map(_label, _each(card["labels"])))), "created": created,
            "history": _dumped(history),
        }  # fmt: skip
        return [*(cells[column] for column in self._columns), *self._custom(card)]

    def _history(self, actions: list[tuple[str, str, dict[str, Any]]], created: str) -> list[dict[str, str]]:
        """The lists in which a card stood, oldest first. Lists have the names that they have now."""
        passages = []
        for at, what, data in actions:
            if what in _ARRIVALS and data["list"]:
                passages.append({"stage": self._list_name(data["list"]), "at": at})
            elif data["listBefore"] and data["listAfter"]:
                if not passages and created:  # an export has the newest thousand actions only
                    passages.append({"stage": self._list_name(data["listBefore"]), "at": created})
                passages.append({"stage": self._list_name(data["listAfter"]), "at": at})
        return [passage for passage in passages if passage["stage"]]

    def _list_name(self, named: Any) -> str:
        return _named(self._lists.get(_named(named, "id")), "name") or _named(named, "name")

    def _custom(self, card: dict[str, Any]) -> list[str]:
        """What the card's own fields say, in their order."""
        said = {_named(item, "idCustomField"): item for item in _each(card["customFieldItems"])}
        return [self._custom_value(said.get(key), field) for key, field in self._fields.items()]

    def _custom_value(self, item: Any, field: dict[str, Any]) -> str:
        if not isinstance(item, dict):
            return ""
        value = item.get("value")
        if isinstance(value, dict):
            text = next((_text(one) for one in value.values()), "")
            return text.replace(".", self._declared.decimal or ".") if "number" in value else text
        chosen = [one for one in _each(field["options"]) if _named(one, "id") == _named(item, "idValue")]
        return _named(chosen[0].get("value"), "text") if chosen else ""


def _sound(thing: Any, line: int, text: JsonText) -> Any:
    """A thing in which nothing is wrong; else something of it would be lost."""
    try:
        written(thing)
    except Invalid as error:
        raise BadData(f"{text.name}: line {line:,}: {error.message}; nothing was saved", error.hint) from None
    return thing


def _only(thing: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: thing.get(key) if isinstance(thing, dict) else None for key in keys}


def _each(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return str(value) if type(value) in (str, Number) else ""


def _named(thing: Any, key: str) -> str:
    return _text(thing.get(key)) if isinstance(thing, dict) else ""


def _label(label: dict[str, Any]) -> str:
    return (_named(label, "name") or _named(label, "color")).replace(";", ",")


def _born(key: str) -> str:
    """When a thing was made: its id begins with the seconds since 1970, in hexadecimal."""
    from datetime import UTC, datetime

    if len(key) != 24 or not set(key) <= set("0123456789abcdef"):
        return ""
    return datetime.fromtimestamp(int(key[:8], 16), UTC).isoformat().replace("+00:00", "Z")


def _dumped(history: list[dict[str, str]]) -> str:
    import json

    return json.dumps(history, ensure_ascii=False) if history else ""
