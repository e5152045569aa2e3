"""Noun phrases and the verbs they are objects of, told by the small words around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from persona_core.abstraction.verbs import FORMS, OTHER_FORMS
from persona_core.abstraction.wordlists import (
    DETERMINERS,
    INGS_TOO,
    KIND_OF,
    LINKING,
    NOUNS_TOO,
    ORDINARY_TOO,
    PASSED_OVER,
    PREPOSITIONS,
    SMALL_TOO,
    VAGUE_MODIFIERS,
)
from persona_core.text import STOP_WORDS

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[^\w\s]|\n")
_ADVERB = re.compile(
    r"(?!family|supply|reply|assembly|anomaly|rally|ally|jelly|fly|italy|july|belly|bully|folly|holy|daily|weekly|monthly|only)\w{2,}ly$"
)
LONGEST = 3
"""Words of a phrase that is told, at most."""
_RUN = 5
_SMALL = STOP_WORDS | SMALL_TOO | PREPOSITIONS
_ALWAYS_CAPITAL = re.compile(r"[A-Z]{2,5}s?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase where it stands."""

    words: tuple[str, ...]
    """One to three, in small letters but for abbreviations."""
    determiner: str
    """`a`, `the`, `own` (my, our, their), `other` or nothing."""
    verb: str
    """Lemma of the verb whose object it is, or nothing."""
    nominal: bool
    """Whether what stands before it can only stand before a noun; where not, it may be an adjective."""
    proper: bool
    """Whether it holds a capital in mid-sentence that is no abbreviation."""

    def key(self) -> tuple[str, ...]:
        """What it is told from others by: its words in the singular."""
        return tuple(singular(word).lower() for word in self.words)


def is_plural(word: str) -> bool:
    """Whether a noun looks like a plural: `papers`, not `analysis`, `business`, `physics`."""
    if word.endswith("s") and word[:-1].isupper():
        return True
    return (
        len(word) > 3
        and re.search(r"(?<![sui])s$|(?:e|i)es$", word) is not None
        and not re.search(r"(?:ics|ews|[ae]sis|series|species|lens|always)$", word)
    )


def singular(word: str) -> str:
    """The singular of a noun, roughly; the same for both its forms is all that counts."""
    if not is_plural(word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(?:sh|ch|x|ss|zz)es$", word) else word[:-1]


_IRREGULAR = {
    "child": "children",
    "person": "people",
    "man": "men",
    "woman": "women",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "life": "lives",
    "wife": "wives",
    "knife": "knives",
    "shelf": "shelves",
    "analysis": "analyses",
    "hypothesis": "hypotheses",
}


def plural(phrase: str) -> str:
    """The plural of a noun phrase: of its last word."""
    before, _, head = phrase.rpartition(" ")
    if head.isupper():
        return phrase
    if head in _IRREGULAR:
        head = _IRREGULAR[head]
    elif re.search(r"(?:s|x|z|ch|sh)$", head):
        head += "es"
    else:
        head = head[:-1] + "ies" if re.search(r"[^aeiou]y$", head) else head + "s"
    return f"{before} {head}".strip()


def mentions(text: str) -> list[Mention]:
    """The noun phrases of a text, in order."""
    reader = _Reader()
    for token in _TOKEN.findall(text):
        reader.take(token.replace("’", "'"))
    reader.end()
    return reader.found


class _Reader:
    """Goes through words one by one: a phrase is what stands between small words."""

    def __init__(self) -> None:
        self.found: list[Mention] = []
        self._run: list[str] = []
        self._determiner, self._verb, self._before = "", "", "start"
        self._proper = False

    def take(self, word: str) -> None:
        lower = word.lower()
        if not (word[0].isalpha()):
            self._break(word)
        elif lower in KIND_OF and (lower not in ORDINARY_TOO or self._is_product(word)):
            self._kind(lower)
        elif lower in DETERMINERS:
            self._flush()
            self._determiner, self._before = DETERMINERS[lower], "determiner"
        elif lower in FORMS or lower in OTHER_FORMS:
            self._verb_or_noun(word, lower)
        elif lower in _SMALL or ("'" in lower and not lower.endswith("'s")):
            self._small(lower)
        elif _ADVERB.match(lower):
            self._flush()
        elif len(lower) < 2 or any(char.isdigit() for char in lower):
            self._break(word)
        else:
            self._add(word)

    def _is_product(self, token: str) -> bool:
        return token[0].isupper() and self._before not in {"start", "comma"}

    def end(self) -> None:
        self._flush()

    def _break(self, mark: str) -> None:
        self._flush()
        if mark[0].isdigit():
            self._determiner, self._before = "other", "determiner"
            return
        listing = mark == ","
        self._verb = self._verb if listing else ""
        self._before = "comma" if listing else "start"

    def _kind(self, name: str) -> None:
        self._flush()
        self._determiner = ""
        self._run = KIND_OF[name].split()
        self._proper = False
        self._flush()
        self._before = "noun"

    def _small(self, lower: str) -> None:
        joined = lower in {"and", "or"} and self._before == "noun"
        self._flush(subject=lower in {"is", "are", "was", "were"})
        if lower in PREPOSITIONS:
            self._before, self._verb = "preposition", ""
        elif lower in LINKING:
            self._before, self._verb = "linking", ""
        elif joined:
            self._before = "joined"
        elif not (lower in PASSED_OVER and self._before == "verb"):
            self._before, self._verb = "small", ""

    def _verb_or_noun(self, token: str, lower: str) -> None:
        lemma, kind = FORMS.get(lower) or OTHER_FORMS[lower]
        if kind == "past" and self._before == "determiner":
            return
        if self._is_noun(lower, lemma, kind):
            self._add(token)
        else:
            if kind == "ing" and len(self._run) == 1 and self._determiner:  # "a reasonable starting point"
                self._run = []
            self._flush()
            self._verb = lemma if lower in FORMS and kind != "past" else ""
            self._determiner, self._before = "", "verb"

    def _is_noun(self, lower: str, lemma: str, kind: str) -> bool:
        """Whether a word that can be a verb is none here."""
        if kind == "past" or lower in STOP_WORDS:
            return False
        if self._run:
            return (
                lower in INGS_TOO
                if kind == "ing"
                else lemma in NOUNS_TOO and (kind == "base" or lower in FORMS)
            )
        if self._before == "determiner" or (self._before == "verb" and self._verb and kind != "base"):
            return True
        if kind == "ing":
            return False
        if kind == "base" and lemma in NOUNS_TOO and self._before in {"start", "comma", "joined"}:
            return True
        return self._before in {"preposition", "verb"} or (
            kind == "third" and bool(self._verb) and self._before in {"comma", "joined"}
        )

    def _add(self, token: str) -> None:
        plain = token.removesuffix("'s")
        if _ALWAYS_CAPITAL.match(plain):
            shown = plain
        else:
            shown = plain.lower()
            if plain[0].isupper() and (self._run or self._before != "start"):
                self._proper = True
        self._run.append(shown)
        if token.endswith("'s"):
            self._flush()
            self._determiner, self._before = "other", "determiner"

    def _flush(self, *, subject: bool = False) -> None:
        run = self._run[-_RUN:]
        while len(run) > 1 and run[0] in VAGUE_MODIFIERS:
            run = run[1:]
        if run:
            object_of = self._before == "verb" and bool(self._verb)
            nominal = subject or object_of or self._before in {"determiner", "preposition"}
            verb = self._verb if self._before in {"verb", "determiner", "joined", "comma"} else ""
            self.found.append(Mention(tuple(run), self._determiner, verb, nominal, self._proper))
            self._before = "noun"
        self._run, self._determiner, self._proper = [], "", False
