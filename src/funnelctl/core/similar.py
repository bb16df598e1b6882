"""How alike two names are: without case, accents, punctuation, legal forms and titles, in any order of their words."""

from __future__ import annotations

import unicodedata

from funnelctl.core.text import fold

SAME = 100
SHORTENED = 85  # Tech for Technologies
INITIAL = 75  # A. for Ada: it may as well be Ann
EXTRA_WORD = 12  # what each word that only one of them has takes away
ONE_WORD = 30  # the same where the other is a single word: Lovelace may be Ada, or her mother
_NOT_TELLING = (
    # legal forms
    "inc incorporated llc llp ltd limited plc corp corporation co company gmbh mbh ag kg ohg ug ev sl slu sa sas sarl"
    " srl spa snc bv nv ab as asa oy oyj aps pty pte pt cv tbk ud kk sdn bhd lda ltda eirl"
    # titles
    " mr mrs ms miss dr prof ing dipl sr sra dn herr frau bapak ibu pak bu ir"
)


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, sorted. Initials between names are left out."""
    decomposed = unicodedata.normalize("NFKD", fold(name))
    plain = "".join(
        [
            char if char.isalnum() else "" if char in ".'’`" or "\u0300" <= char <= "\u036f" else " "
            for char in decomposed
        ]
    )
    all_words = plain.split()
    left_out = _NOT_TELLING.split()
    telling = [word for word in all_words if word not in left_out]
    long = [word for word in telling if len(word) > 1]
    return tuple(sorted((long if len(long) > 1 else telling) or all_words or [fold(name)]))


def alike(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[int, str]:
    """How alike two names are, from 0 to 100, and in words: as far as that word which fits worst."""
    if one == other:
        return SAME, "same name"
    few, many = sorted((one, other), key=len)
    extra = len(many) - len(few)
    fits = [max(_word(word, each, alone=len(few) == 1) for each in many) for word in few]
    if not extra:
        fits += [max(_word(word, each, alone=len(few) == 1) for each in few) for word in many]
    worst = min(fits, default=0)
    if not extra:
        return worst, "similar names"
    score = worst - (ONE_WORD if len(few) == 1 else EXTRA_WORD) * extra
    return max(score, 0), "one name within the other" if worst == SAME else "similar names"


def shortens(short: str, word: str) -> bool:
    """Whether a word is the beginning of another: three letters of it, or its initial alone."""
    return word.startswith(short) and short.isalpha() and (len(short) == 1 or len(short) >= 3)


def _word(one: str, other: str, *, alone: bool) -> int:
    from rapidfuzz import fuzz

    if not (one.isalpha() and other.isalpha()):  # a number that is nearly the same is another one
        return SAME if one == other else 0
    found = int(fuzz.ratio(one, other))
    short, word = sorted((one, other), key=len)
    if not alone and shortens(short, word):
        found = max(found, INITIAL if len(short) == 1 else SHORTENED)
    return found
