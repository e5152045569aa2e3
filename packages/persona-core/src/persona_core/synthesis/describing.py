"""What a persona is called and how it is described: name, title, demographics, summary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from persona_core.models.corpus import NONE, Corpus, Person, Role
from persona_core.models.persona import Claim
from persona_core.naming import names_in
from persona_core.text import STOP_WORDS, content_stems, stem, words

_DETERMINER = frozenset(
    "the a an my our their his her this that these those some any every each no your its of in on for with more less".split()
)
_NOT_A_TOPIC = frozenset(
    "lot kind sort bit thing things way ways time times people person day days year years something anything everything question questions example idea ideas part bye hello okay thanks interview yeah advantages".split()
)


def demographics(people: Sequence[Person]) -> dict[str, Any]:
    """The majority value of each demographic, or the range of ages; nothing where there is neither."""
    described: dict[str, Any] = {}
    for key in dict.fromkeys(key for person in people for key in person.demographics):
        values = [person.demographics[key] for person in people if person.demographics.get(key)]
        if len(values) < max(1, len(people) / 3):
            continue
        if key in {"age", "age_range"}:
            described["age_range"] = _ages(values)
            continue
        counts = Counter(value.strip().casefold() for value in values)
        value, times = counts.most_common(1)[0]
        if times > len(values) / 2 and (times > 1 or len(people) == 1):
            described[key] = next(shown.strip() for shown in values if shown.strip().casefold() == value)
    return {key: value for key, value in described.items() if value}


def _ages(values: Sequence[str]) -> str:
    """The majority band, or from the youngest to the oldest."""
    band, times = Counter(values).most_common(1)[0]
    if times > len(values) / 2 and not band.isdecimal():
        return band
    numbers = [[int(number) for number in re.findall(r"\d{1,3}", value)] for value in values]
    flat = [number for each in numbers for number in each if 5 <= number <= 110]
    if not flat:
        return ""
    low, high = min(flat), max(flat)
    plus = (
        "+"
        if any(str(high) in value and re.search(r"\+|over|older|above", value) for value in values)
        else ""
    )
    return f"{low}-{high}{plus}" if low != high else f"{low}{plus}"


class Talk:
    """What each participant of a corpus talks about; worked out once."""

    def __init__(self, corpus: Corpus, segments: Sequence[int] | None = None) -> None:
        """Gather the content stems of every participant, in all they said or in the segments at some positions."""
        self.corpus, self._segments = corpus, range(len(corpus)) if segments is None else segments
        self._names = frozenset(name.casefold() for name in names_in(corpus))
        self._stems: list[set[str]] = [set() for _ in corpus.people]
        columns = corpus.columns
        for i in self._segments:
            if columns.who[i] != NONE and corpus.role(i) is Role.participant:
                self._stems[columns.who[i]].update(content_stems(columns.texts[i]))

    def topics(self, group: Sequence[int], others: Sequence[int], most: int = 3) -> list[str]:
        """What a group talks about more than the others: surface forms of nouns, most telling first."""
        counts = Counter(term for person in group for term in self._stems[person])
        rest = Counter(term for person in others for term in self._stems[person])
        forms, nouns = _forms(self.corpus, self._segments, set(group))
        least = 2 if len(group) > 2 else 1
        chosen: list[str] = []
        scored = [
            (_score(times, len(group), rest[term], len(others), nouns[term]), term)
            for term, times in counts.items()
            if times >= least and term in forms and nouns[term] >= max(least, 0.35 * forms[term].total())
        ]
        for score, term in sorted(scored, key=lambda each: (-round(each[0], 6), -nouns[each[1]], each[1])):
            form = forms[term].most_common(1)[0][0]
            if score <= 0 or len(chosen) == most:
                break
            if self._is_topic(form):
                chosen.append(form)
        return chosen or self._common(counts, forms, nouns)

    def _is_topic(self, form: str) -> bool:
        """Whether a word names what people talk about; whom they call by name is nobody's topic."""
        known = form in _NOT_A_TOPIC or form.casefold() in self._names
        return not known and len(form) > 2 and form[0].isalpha()

    def _common(self, counts: Counter[str], forms: dict[str, Counter[str]], nouns: Counter[str]) -> list[str]:
        """What is spoken of most, where nothing sets a group apart."""
        spoken = sorted(
            (term for term in counts if nouns[term]), key=lambda term: (-counts[term], -nouns[term], term)
        )
        shown = (forms[term].most_common(1)[0][0] for term in spoken)
        return [form for form in shown if self._is_topic(form)][:2]


def _score(times: int, of: int, rest: int, others: int, mentions: int) -> float:
    """How telling a term is of a group; without others, how much it is spoken of."""
    share = times / of
    return _telling(share, (rest + 0.5) / (others + 1)) if others else share * log(1 + mentions)


def _telling(inside: float, outside: float) -> float:
    """How much a term tells a group from the others: its share of their participants, by how much that exceeds the share outside."""
    return inside * log(inside / outside)


def _forms(
    corpus: Corpus, segments: Sequence[int], members: set[int]
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """For each stem the words it came from, and how often it stands where a noun would: behind a determiner or preposition."""
    forms: dict[str, Counter[str]] = {}
    nouns: Counter[str] = Counter()
    columns = corpus.columns
    for i in segments:
        if columns.who[i] not in members or corpus.role(i) is not Role.participant:
            continue
        before = ""
        tokens = words(columns.texts[i])
        for place, word in enumerate(tokens):
            lower = word.lower()
            if lower not in STOP_WORDS and len(lower) > 2:
                key = stem(word)
                shown = word if word.isupper() and len(word) > 1 else lower
                forms.setdefault(key, Counter())[shown] += 1
                following = tokens[place + 1].lower() if place + 1 < len(tokens) else "."
                nouns[key] += (
                    before in _DETERMINER and (following in STOP_WORDS or following == ".")
                ) or len(tokens) <= 3
            before = lower
    return forms, nouns


def title(terms: Sequence[str], described: Mapping[str, Any], group_name: str) -> str:
    """A title out of what sets the group apart, or the researcher's own name of it."""
    if group_name:
        return _capital(group_name)
    if not terms:
        return str(described.get("occupation", "")) or "Talks about what everybody talks about"
    return _capital(_listed(list(terms[:3])))


def summary(
    size: int,
    of: int,
    terms: Sequence[str],
    described: Mapping[str, Any],
    claims: Mapping[str, Sequence[Claim]],
    *,
    alone: bool = False,
) -> str:
    """Two or three plain sentences: who stands behind the persona, what they talk about, what is said first of them."""
    known = [
        str(value)
        for key, value in described.items()
        if key in {"age_range", "occupation", "location", "gender", "experience"}
    ]
    shown = f" ({', '.join(known)})" if known else ""
    sentences = [f"{standing(size, of)}{shown}."]
    if terms:
        sentences.append(
            f"They talk about {_listed(list(terms))} {'a lot' if alone else 'more than the others do'}."
        )
    sentences += [first.rstrip(".") + "." for first in _said_first(claims)]
    return " ".join(sentences)


def standing(size: int, of: int) -> str:
    """How a summary begins: how many it stands for."""
    return f"Stands for {size} of {of} participants" if of > 1 else "Stands for the only participant"


def _said_first(claims: Mapping[str, Sequence[Claim]]) -> list[str]:
    """The first two claims that are more than their quote."""
    firsts = (claims[facet][0] for facet in ("goals", "needs", "pain_points") if claims.get(facet))
    return [
        each.text for each in firsts if not each.evidence or each.text != as_claim(each.evidence[0].quote)
    ][:2]


def as_claim(words: str) -> str:
    """A quote as a claim's text: one line, with a capital, without a trailing comma."""
    line = " ".join(words.split()).rstrip(" ,;:–—-")
    return line[:1].upper() + line[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
