"""What a column says as a whole, or leaves open."""

from __future__ import annotations

from funnelctl.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.errors import Problem

SAMPLES = 3  # rows that a question shows


class Seen(NamedTuple):
    """A cell and the line on which it stands."""

    line: int
    cell: str


class Decision(NamedTuple):
    """One thing that was found (``answer``, with the ``note`` that tells it) or is to be asked (``question``, with the
    options that answer it for this column or for all, and some of the rows)."""

    answer: str = ""
    note: str = ""
    question: str = ""
    option: str = ""
    option_for_all: str = ""
    samples: tuple[Problem, ...] = ()
    about: str = "dates"  # or "decimal", "probability"
