"""The book as it stood at the end of a day, rebuilt from the recorded moves.

A report reads its opportunities from a relation: the table itself for the present, a temporary one of the same columns
for a day that has passed. Stage, outcome, sleep and status are those of that day; titles, values and clients, of which
no history is kept as data, are those of today.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from funnelctl.store.book import Book

PRESENT = "opportunity"
PRESENT_LEADS = "lead"

# A move that stirs ends a sleep and a status that were there before it.
_STIRS = "'enter', 'advance', 'back', 'win', 'lose', 'reopen'"
# By which moves a record enters a stage. A win of which only the beginning was known ends in the funnel's last one.
ENTERS = {
    "lead": "kind IN ('enter', 'advance', 'back')",
    "opportunity": "kind IN ('enter', 'advance', 'back', 'reopen') OR (kind = 'win' AND from_stage <> to_stage)",
}

_OPPORTUNITIES = f"""
CREATE TEMP TABLE stood AS
WITH last AS (
  SELECT opportunity_id, max(id) AS last,
    max(CASE WHEN {ENTERS["opportunity"]} THEN at END) AS entered,
    max(CASE WHEN kind IN ({_STIRS}) THEN id END) AS stirred,
    max(CASE WHEN kind = 'postpone' THEN id END) AS slept,
    max(CASE WHEN kind = 'status' THEN id END) AS spoke,
    max(CASE WHEN state <> 'open' AND kind IN ('win', 'lose') THEN at END) AS closed
  FROM move WHERE opportunity_id IS NOT NULL AND at < :end GROUP BY opportunity_id
)
SELECT o.id, o.lead_id, o.title, o.title_key, o.value_minor, o.currency, o.service, m.funnel, m.to_stage AS stage,
  CASE WHEN spoke > stirred THEN (SELECT detail FROM move WHERE id = spoke) END AS status,
  m.state AS outcome,
  CASE WHEN m.state = 'lost' THEN (SELECT detail FROM move WHERE id = stirred) END AS reason,
  o.competitor, o.probability, o.expected_close,
  CASE WHEN m.state = 'open' AND slept > stirred THEN (SELECT detail FROM move WHERE id = slept) END
    AS postponed_until,
  o.note, o.tags, o.key, o.furthest, o.created_at, entered AS entered_at,
  CASE WHEN m.state <> 'open' THEN closed END AS closed_at
FROM last JOIN move AS m ON m.id = last.last JOIN opportunity AS o ON o.id = last.opportunity_id
"""

# Moves don't say which of two joined leads' stages was kept, nor since when: that is as the table has it.
_LEADS = f"""
CREATE TEMP TABLE stood_leads AS
WITH last AS (
  SELECT lead_id, max(id) AS last,
    max(CASE WHEN {ENTERS["lead"]} THEN at END) AS entered,
    max(CASE WHEN {ENTERS["lead"]} THEN id END) AS walked,
    max(CASE WHEN kind = 'merge' THEN id END) AS joined
  FROM move WHERE lead_id IS NOT NULL AND at < :end GROUP BY lead_id
)
SELECT l.id, m.funnel, m.to_stage AS stage, m.state,
  CASE WHEN joined > walked AND l.entered_at < :end THEN l.entered_at ELSE entered END AS entered_at
FROM last JOIN move AS m ON m.id = last.last JOIN lead AS l ON l.id = last.lead_id
"""


def relations(book: Book, end: str | None) -> tuple[str, str]:
    """The relations of opportunities and of leads as they stood before the instant ``end``; ``None`` for now."""
    if end is None:
        return PRESENT, PRESENT_LEADS
    for sql in (_OPPORTUNITIES, _LEADS):
        book.conn.execute(sql, {"end": end})
    return "temp.stood", "temp.stood_leads"
