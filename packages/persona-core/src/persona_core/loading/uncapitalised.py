"""Names in small letters before a colon: taken for speakers where the file shows that they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from persona_core.loading import labels
from persona_core.text import STOP_WORDS, words

Opening = tuple[int, int, str]
"""Where a label begins and ends, and the label."""
_MOST = 0.5
"""Share of the blocks that labels open, and of the turns that go to somebody else, from which it is a talk."""
_SAYS = 4.0
"""Words of a turn, on average, from which it is talk though nobody asks."""
_KEYS = frozenset(
    """
    pro con plus minus good bad best worst better worse like likes dislike dislikes before after now then breakfast lunch
    dinner supper morning noon afternoon evening night day week start end goal goals problem problems solution solutions
    idea ideas task tasks result results need needs pain pains todo done quote quotes observation observations insight
    insights comment comments reason reasons price speed cost why what how who when where
    """.split()
)
"""Of lists and notes; no names."""
_NAME = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?(?: [^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?){0,2}")


def candidates(openings: Sequence[Opening]) -> Counter[str]:
    """Labels in small letters that come back and are no key of a head; how often each stands."""
    counts = Counter(label for _, _, label in openings)
    return Counter({label: times for label, times in counts.items() if times >= 2 and _is_small(label)})


def speakers(text: str, openings: Sequence[Opening], known: Collection[str]) -> set[str]:
    """The labels in small letters that are speakers beside the `known` ones; none where it is not clear.

    It is where every one of them could be a name, they take turns over most of the text, and somebody asks, or they
    say whole sentences: the keys of a list alternate, too.
    """
    small = candidates(openings)
    if not small or not all(_could_be_name(label) for label in small):
        return set()
    turns = [opening for opening in openings if opening[2] in small or opening[2] in known]
    if not looks_like_talk(text, turns):
        return set()
    return set(small) if any(map(labels.known_role, known)) or _is_spoken(text, turns) else set()


def looks_like_talk(text: str, turns: Sequence[Opening]) -> bool:
    """Whether two labels or more take turns, and open most of the lines, or of the paragraphs where blank lines part them."""
    changes = sum(one[2] != other[2] for one, other in pairwise(turns))
    if not changes or changes < _MOST * (len(turns) - 1):
        return False
    parted = re.search(r"\S[ \t\r]*\n[ \t\r]*\n\s*\S", text[turns[0][0] :]) is not None
    block = re.compile(r"(?:\A|\n[ \t\r]*\n)\s*?(?=[^\n]*\S)" if parted else r"^(?=[^\n]*\S)", re.MULTILINE)
    blocks = sum(1 for _ in block.finditer(text, turns[0][0])) + parted
    return len(turns) >= _MOST * blocks


def _is_small(label: str) -> bool:
    return label == label.lower() != label.upper() and not (
        label in _KEYS or labels.is_metadata(label) or labels.known_role(label) or labels.is_generic(label)
    )


def _could_be_name(label: str) -> bool:
    return _NAME.fullmatch(label) is not None and STOP_WORDS.isdisjoint(label.split())


def _is_spoken(text: str, turns: Sequence[Opening]) -> bool:
    """Whether turns hold a question, or as many words as sentences have."""
    ends = [start for start, _, _ in turns[1:]] + [len(text)]
    said = [text[begin:end] for (_, begin, _), end in zip(turns, ends, strict=True)]
    return any(re.search("[?؟？]", each) for each in said) or len(words(" ".join(said))) >= _SAYS * len(turns)
