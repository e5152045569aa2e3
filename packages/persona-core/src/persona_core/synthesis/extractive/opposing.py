"""What speaks against a claim: participants of the same group who say the opposite."""

from __future__ import annotations

import re

from persona_core.synthesis.candidates import Candidate
from persona_core.synthesis.cues import plain
from persona_core.text import stem, words

_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nothing|don't|doesn't|didn't|isn't|wasn't|aren't|won't|wouldn't|can't|cannot|couldn't|hardly|rarely|without|haven't|hasn't|nobody)\b"
)
_OPPOSITES = (
    (
        "love loves loved like likes liked enjoy enjoys enjoyed adore appreciate",
        "hate hates hated dislike dislikes disliked dread loathe resent",
    ),
    ("easy simple straightforward effortless", "hard difficult tricky complicated challenging confusing"),
    ("always usually often constantly every", "never rarely seldom hardly"),
    ("trust trusts rely", "distrust mistrust doubt suspicious wary sceptical skeptical"),
    ("fast quick quickly faster", "slow slowly slower"),
    ("cheap affordable", "expensive costly overpriced"),
    ("useful helpful valuable", "useless unhelpful pointless"),
    ("good great excellent", "bad terrible awful poor"),
    ("reliable accurate correct", "unreliable inaccurate wrong"),
    ("safe secure comfortable confident", "unsafe insecure uncomfortable worried nervous afraid anxious"),
    ("clear obvious intuitive", "unclear confusing"),
    ("saves saved", "wastes wasted"),
    ("increase increases increased", "decrease decreases decreased reduces reduced"),
)
_SIDES: dict[str, tuple[int, int]] = {
    word: (pair, side)
    for pair, both in enumerate(_OPPOSITES)
    for side, listed in enumerate(both)
    for word in listed.split()
}


_LIKERS = frozenset("i we they don't do really didn't also doesn't never always not".split())
_SIDE_STEMS = frozenset(stem(word) for word in _SIDES)
_NEAR = 6
"""Words between an opposing word and what it is about."""


def denies(sentence: str) -> bool:
    """Whether a sentence says that something is not so."""
    return _NEGATION.search(plain(sentence)) is not None


def oppose(a: Candidate, b: Candidate) -> bool:
    """Whether two sentences about the same thing say the opposite of it.

    They do where an opposite pair stands in them with equal polarity, or the same word with unequal one. The words that make the
    opposition must be near a stem that both share.
    """
    shared = (set(a.stems) & set(b.stems)) - _SIDE_STEMS
    if len(shared) < 2:
        return False
    first, second = _stances(a.text, shared), _stances(b.text, shared)
    for (pair, side), negated in first.items():
        for other in (0, 1):
            found = second.get((pair, other))
            if found is not None and ((other != side) != (found != negated)):
                return True
    return False


def _stances(sentence: str, shared: set[str]) -> dict[tuple[int, int], bool]:
    """The opposing words near a shared stem, and whether each is negated."""
    tokens = [each.lower() for each in words(plain(sentence))]
    stems = [stem(token) for token in tokens]
    found: dict[tuple[int, int], bool] = {}
    for i, word in enumerate(tokens):
        sides = _SIDES.get(word)
        # "people like me", "things like that" like nothing.
        if word == "like" and (i == 0 or tokens[i - 1] not in _LIKERS):
            continue
        if sides is not None and shared & set(stems[max(0, i - _NEAR) : i + _NEAR + 1]):
            before = " ".join(tokens[max(0, i - 4) : i])
            found.setdefault(sides, bool(_NEGATION.search(before)))
    return found
