"""Leads that are probably one: pairs of names that are alike, with the reasons that speak for it.

The score of a pair depends on the two alone, so a higher threshold never tells of more. Only names that have a
piece of a word, a company or a domain in common are compared at all, so that ten thousand leads take seconds.
"""

from __future__ import annotations

from itertools import combinations, product

from funnelctl.core.record import NamedTuple
from funnelctl.core.similar import alike, shortens, words_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LEAST = 60  # no pair below this score is ever told
LIKELY = 80  # the score from which a pair is told unless somebody says otherwise
NEAR = 75  # names less alike as a whole are not looked at
SHORT = 6  # letters: names of fewer are alike by chance
ELSEWHERE = 15  # what it takes away that they work in two places
CROWD = 20  # leads of one name: beyond it each is paired with the first one only
CROWDED = 3000  # names that begin alike: beyond it that says nothing, and their other words are looked at
_FREE_MAIL = (
    "gmail googlemail outlook hotmail live msn yahoo ymail icloud me mac aol proton protonmail pm gmx web t-online"
    " freenet mail email zoho yandex fastmail hey tutanota tuta posteo mailbox orange free laposte wanadoo telefonica"
    " terra libero virgilio qq 163 126 naver daum"
)


class Known(NamedTuple):
    """What is known of a lead, as far as it tells people apart. ``email`` and ``phone`` are keys."""

    id: int
    name: str
    company: str | None
    email: str | None
    phone: str | None


class Pair(NamedTuple):
    """Two leads that may be one, the older first. ``score`` goes from 0 to 100."""

    one: Known
    other: Known
    score: int
    reasons: tuple[str, ...]


def likely_pairs(leads: Iterable[Known], threshold: int = LIKELY) -> list[Pair]:
    """The pairs of at least that score, likeliest first."""
    found = []
    for one, other in _candidates([_Traits(lead) for lead in leads]):
        score, reasons = _compared(one, other)
        if score >= max(threshold, LEAST):
            first, second = sorted((one.lead, other.lead))
            found.append(Pair(first, second, score, reasons))
    return sorted(found, key=lambda pair: (-pair.score, pair.one.id, pair.other.id))


class _Traits:
    """By what a lead is compared."""

    __slots__ = ("company", "domain", "lead", "mailbox", "name", "tail", "words")

    def __init__(self, lead: Known) -> None:
        self.lead = lead
        self.words = words_of(lead.name)
        self.name = " ".join(self.words)
        self.company = words_of(lead.company) if lead.company else ()
        local, _, domain = (lead.email or "").partition("@")
        self.domain = "" if domain.partition(".")[0] in _FREE_MAIL.split() else domain
        # what stands behind a + is for sorting one's mail, and the largest provider minds no dots
        self.mailbox = f"{local.partition('+')[0].replace('.', '')}@{domain}" if domain else ""
        tail = (lead.phone or "").partition(";")[0][-8:]  # with and without the code of a country
        self.tail = tail if len(tail) == 8 and tail.isdigit() else ""


def _compared(one: _Traits, other: _Traits) -> tuple[int, tuple[str, ...]]:
    score: float
    score, reason = alike(one.words, other.words)
    shared = _shared(one, other)
    if not shared:
        if score < 100 and min(len(one.name), len(other.name)) < SHORT:
            return 0, ()
        if one.company and other.company and alike(one.company, other.company)[0] < NEAR:
            score -= ELSEWHERE
    if one.mailbox and one.mailbox == other.mailbox:
        score = max(score, LIKELY)
    for _ in shared:
        score += (100 - score) / 2
    return int(score), (reason, *shared)


def _shared(one: _Traits, other: _Traits) -> list[str]:
    shared = []
    if one.company and other.company and alike(one.company, other.company)[0] >= 90:
        shared.append("same company" if one.company == other.company else "similar companies")
    if one.mailbox and one.mailbox == other.mailbox:
        shared.append("same mailbox")
    elif one.domain and one.domain == other.domain:
        shared.append(f"same mail domain {one.domain}")
    if one.tail and one.tail == other.tail:
        shared.append("phone numbers that end alike")
    return shared


def _candidates(traits: list[_Traits]) -> Iterator[tuple[_Traits, _Traits]]:
    """The pairs that are worth a closer look, each once."""
    namesakes = _by(traits, "name")
    for crowd in namesakes.values():
        yield from _within(crowd)
    near = _near(traits) | _shortened(namesakes)
    for left, right in near:
        yield from product(namesakes[left][:CROWD], namesakes[right][:CROWD])
    for crowd in _by([one for one in traits if one.mailbox], "mailbox").values():
        for one, other in _within(crowd):
            if one.name != other.name and _ordered(one.name, other.name) not in near:
                yield one, other


def _by(traits: list[_Traits], trait: str) -> dict[str, list[_Traits]]:
    found: dict[str, list[_Traits]] = {}
    for one in traits:
        found.setdefault(getattr(one, trait), []).append(one)
    return found


def _within(crowd: list[_Traits]) -> Iterable[tuple[_Traits, _Traits]]:
    return combinations(crowd, 2) if len(crowd) <= CROWD else ((crowd[0], other) for other in crowd[1:])


def _near(traits: list[_Traits]) -> set[tuple[str, str]]:
    """Pairs of names that are alike as a whole, where they have the beginning or the end of a word, a company or a
    domain in common."""
    from rapidfuzz import fuzz, process

    blocks: dict[str, set[str]] = {}
    for one in traits:
        marks = [f"={' '.join(one.company)}", f"@{one.domain}", *map(_start, one.words)]
        marks += [f"-{word[-3:]}" for word in one.words if len(word) > 4]
        for mark in marks:
            if len(mark) > 1:
                blocks.setdefault(mark, set()).add(one.name)
    found: set[tuple[str, str]] = set()
    for block in blocks.values():
        names = sorted(block) if len(block) <= CROWDED else []
        for place, name in enumerate(names):
            alike_names = process.extract(name, names[place + 1 :], scorer=fuzz.ratio, score_cutoff=NEAR, limit=None)
            found.update((name, other) for other, _, _ in alike_names)
    return found


def _start(word: str) -> str:
    """The beginning of a word; Mueller begins like Müller."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")[:3]


def _shortened(namesakes: dict[str, list[_Traits]]) -> set[tuple[str, str]]:
    """Pairs of names of which one is the other without a word, or with a word shortened."""
    found: set[tuple[str, str]] = set()
    by_rest: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for name, crowd in namesakes.items():
        words = crowd[0].words
        for place, word in enumerate(words) if len(words) > 1 else ():
            rest = words[:place] + words[place + 1 :]
            by_rest.setdefault(rest, []).append((word, name))
            if len(rest) > 1 and " ".join(rest) in namesakes:
                found.add(_ordered(name, " ".join(rest)))
    for ends in by_rest.values():
        ends.sort()
        for place, (word, name) in enumerate(ends):
            for longer, other in ends[place + 1 :]:
                if not longer.startswith(word):
                    break
                if shortens(word, longer) and other != name:
                    found.add(_ordered(name, other))
    return found


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
