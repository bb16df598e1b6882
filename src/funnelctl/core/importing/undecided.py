"""What a single cell cannot tell: which of its numbers is the month, which sign is the decimal mark."""

from __future__ import annotations

from funnelctl.errors import BadData


class OpenQuestion(BadData):
    """The whole column does not tell it either: somebody has to."""


class Undecided(Exception):
    """A cell may mean several things, and nobody has said which: the whole column has to be looked at first."""
