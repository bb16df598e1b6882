"""Stages as people call them, for reports over records of several funnels."""

from __future__ import annotations

from funnelctl.errors import NotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.core.funnel import Funnel
    from funnelctl.store.book import Book


class Labels:
    """Labels in one language; a funnel or stage that is known no more is called by its key."""

    def __init__(self, book: Book, lang: str) -> None:
        self._book, self._lang = book, lang
        self._funnels: dict[str, Funnel | None] = {}

    def funnel(self, key: str) -> Funnel | None:
        """The funnel of that key, where it is known still."""
        if key not in self._funnels:
            try:
                self._funnels[key] = self._book.funnel(key)
            except NotFound:
                self._funnels[key] = None
        return self._funnels[key]

    def of(self, funnel: str, stage: str) -> str:
        """The label of a stage."""
        design = self.funnel(funnel)
        found = design.ever(stage) if design else None
        return found.label.in_(self._lang) if found else stage

    def of_funnel(self, funnel: str) -> str:
        """The label of a funnel."""
        design = self.funnel(funnel)
        return design.label.in_(self._lang) if design else funnel
