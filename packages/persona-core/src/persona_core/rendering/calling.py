"""By what the data calls people: codes that say who somebody is, labels and names."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from persona_core.models import Corpus, PersonaSet
from persona_core.naming import names_in
from persona_core.text import STOP_WORDS

_OPAQUE = re.compile(r"[A-Za-z]{0,2}[-_]?\d{1,6}|[A-Za-z]{1,2}")
"""A code that says nothing of whom it stands for."""
NOBODY = frozenset(
    """ai anonymous assistant bot chair client customer designer engineer expert facilitator guest host interviewee
    interviewer leader man manager marketing member moderator observer participant patient person researcher
    respondent speaker student subject teacher user woman""".split()
)
"""Labels that name nobody."""
TOKEN = re.compile(r"[\w.@+'’-]*\w")
NAME = re.compile(r"[^\W\d_]+")


def codes_to_share(personas: PersonaSet, corpus: Corpus | None) -> dict[str, str]:
    """For each participant the code to share: their own where it says nothing, else a made one.

    Made ones follow the order of hashes, not of names.
    """
    known = {
        *personas.codes(),
        *(each.participant for each in personas.withdrawn),
    }  # nobody else takes their code
    if corpus is not None:
        known.update(person.code for person in corpus.people)
    telling = sorted(
        (code for code in known if not _OPAQUE.fullmatch(code)),
        key=lambda code: hashlib.sha256(code.encode()).hexdigest(),
    )
    width = max(2, len(str(len(known))))
    free = (code for n in range(1, 2 * len(known) + 2) if (code := f"P{n:0{width}}") not in known)
    return dict(zip(telling, free, strict=False))


def labels_in(corpus: Corpus) -> frozenset[str]:
    """What the data calls participants whose codes are made, where that is one word with a dot or digits in it."""
    files = {source.name for source in corpus.sources}
    known = {person.label for person in corpus.people} - {""}
    labels = (label for label in known if re.search(r"[.\d]", label))
    return frozenset(
        each for each in labels if TOKEN.fullmatch(each) and each not in files and not _OPAQUE.fullmatch(each)
    )


def names_to_hide(corpus: Corpus) -> Iterator[str]:
    """The words of names by which the data calls people, and of codes that are names, as they are written there."""
    telling = (person.code for person in corpus.people if not _OPAQUE.fullmatch(person.code))
    for word in (word for name in (*names_in(corpus), *telling) for word in NAME.findall(name)):
        plain = word.casefold()
        if len(word) > 1 and word[0].isupper() and plain not in NOBODY and plain not in STOP_WORDS:
            yield word
