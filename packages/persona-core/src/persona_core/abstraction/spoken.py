"""What many said: noun phrases and activities, counted by participant."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from weakref import WeakKeyDictionary

from persona_core.abstraction.manner import Manner, manners
from persona_core.abstraction.phrases import LONGEST, Mention, is_plural, mentions, plural
from persona_core.abstraction.verbs import FORMS, OTHER_FORMS, gerund, third
from persona_core.abstraction.wordlists import INGS_TOO, KEPT_MODIFIERS, TOO_VAGUE, VAGUE_MODIFIERS
from persona_core.models.corpus import Corpus
from persona_core.models.persona import Persona
from persona_core.naming import names_in
from persona_core.text import STOP_WORDS, words

Key = tuple[str, ...]
Text = tuple[str, str]
"""Who said it, and what."""
_MOST_TEXTS = 60_000
"""Of more, every so-manieth is counted: that can only keep things out."""
_NOUNLIKE, _SURELY = 0.4, 0.75
"""Share of a word's places where only a noun can stand: the least, and for words that look like adjectives."""
_ADJECTIVAL = re.compile(r"(?:ent|ant|ic|ive|ful|ous|able|ible|al|ed|less|y)$")
_COUNTABLE = 0.1
"""Share of `a` before a noun from which on it can be counted, and stands in the plural."""
_VERBAL = frozenset(form for form, (_, kind) in (FORMS | OTHER_FORMS).items() if kind == "ing")
_NOT_ALONE = TOO_VAGUE | VAGUE_MODIFIERS
_OWN = 0.2
"""Log of a term's share inside a group by that outside, from which on it says something of the group."""
_SMALL = 4
"""A group of fewer than so many times `k` participants is small."""
_PART = 0.6
"""Of those who say a phrase, so many say it as a part of a longer one."""
_ALL_BUT = 0.6
"""What a larger share of the participants says tells nothing of anybody."""


@dataclass(frozen=True, slots=True)
class Term:
    """A noun phrase, or an activity with one as its object, that enough participants spoke of."""

    key: Key
    verb: str
    """Lemma, or nothing for a noun phrase."""
    noun: str
    """With its article or `their`, where people say it so."""
    people: int

    @property
    def about(self) -> str:
        """As something one can have thoughts about: `the lift`, `writing emails`."""
        return f"{gerund(self.verb)} {self.noun}" if self.verb else self.noun

    @property
    def to_do(self) -> str:
        """Behind `to`: `write emails`; only of activities."""
        return f"{self.verb} {self.noun}"

    @property
    def does(self) -> str:
        """Behind a name: `writes emails`; only of activities."""
        return f"{third(self.verb)} {self.noun}"

    @property
    def stems(self) -> frozenset[str]:
        """To tell whether two are about the same."""
        return frozenset(self.key)


class Spoken:
    """Who spoke of what, and in which form."""

    def __init__(self, texts: Iterable[Text], names: Iterable[str] = ()) -> None:
        """Count `texts`; what holds one of `names` is nothing to be told."""
        self.people: dict[Key, set[str]] = defaultdict(set)
        self.doing: dict[tuple[str, Key], set[str]] = defaultdict(set)
        self._forms: dict[Key, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._nominal: Counter[str] = Counter()
        self._heads: Counter[str] = Counter()
        self._proper: Counter[str] = Counter()
        self._said: dict[re.Pattern[str], int] = {}
        self.texts = list(texts)
        self._names = {name.casefold() for name in names}
        self.everybody: set[str] = set()
        for who, text in self.texts:
            self.everybody.add(who)
            for mention in mentions(text):
                self._count(who, mention)

    def _count(self, who: str, mention: Mention) -> None:
        whole = mention.key()
        self._heads[whole[-1]] += 1
        self._nominal[whole[-1]] += mention.nominal
        for word in mention.words if mention.proper else ():
            self._proper[word] += 1
        for i in range(max(0, len(whole) - LONGEST), len(whole)):
            key, words = whole[i:], mention.words[i:]
            self.people[key].add(who)
            self._forms[key][" ".join(words), mention.determiner] += 1
            if mention.verb:
                self.doing[mention.verb, key].add(who)

    def all_said(self, text: str, k: int) -> bool:
        """Whether at least `k` participants use each word of a text that carries content, and none of them is a name."""
        for word in {word.casefold() for word in words(text) if word.casefold() not in STOP_WORDS}:
            if word in self._names or not self.say(re.compile(rf"\b{re.escape(word)}", re.IGNORECASE), k):
                return False
        return True

    def say(self, pattern: re.Pattern[str], k: int) -> bool:
        """Whether at least `k` participants say something of a kind."""
        if pattern not in self._said:
            people: set[str] = set()
            for who, text in self.texts:
                if who not in people and pattern.search(text):
                    people.add(who)
            self._said[pattern] = len(people)
        return self._said[pattern] >= k

    def is_telling(self, key: Key) -> bool:
        """Whether a noun phrase says something, and nothing of who somebody is."""
        forms = self._forms.get(key)
        if not forms:
            return False
        words = self._shown(key)[0].split()
        head = words[-1].lower()
        least = _SURELY if _ADJECTIVAL.search(key[-1]) else _NOUNLIKE
        if self._nominal[key[-1]] < least * self._heads[key[-1]] or {head, key[-1]} & _NOT_ALONE:
            return False
        if key[-1] in _VERBAL and key[-1] not in INGS_TOO:
            return False
        if len(head) < 3 and not head.isupper() and head != "ai":
            return False
        if words[0] in VAGUE_MODIFIERS - KEPT_MODIFIERS or any(word in TOO_VAGUE for word in words[:-1]):
            return False
        return not any(self._is_name(word, sum(forms.values())) for word in words)

    def _is_name(self, word: str, times: int) -> bool:
        return word.casefold() in self._names or self._proper[word] * 3 > times

    def _shown(self, key: Key) -> tuple[str, str]:
        """The form people use most, with its determiner; the plural where people use that, too, and it needs no article."""
        counts: Counter[tuple[str, str]] = Counter()
        for (phrase, determiner), times in self._forms[key].items():
            several = is_plural(phrase.split()[-1])
            counts[
                phrase, "" if determiner == "other" or (several and determiner != "own") else determiner
            ] += times
            if determiner == "other" and not several:
                counts[phrase, ""] -= times
        (phrase, determiner), most = min(counts.items(), key=lambda each: (-each[1], each[0]))
        plurals = {form: times for (form, _), times in counts.items() if is_plural(form.split()[-1])}
        least = {"a": 1, "the": most / 3, "own": most / 2}.get(determiner, most / 4)
        if plurals and sum(plurals.values()) >= least and not is_plural(phrase.split()[-1]):
            return min(plurals, key=lambda form: (-plurals[form], form)), ""
        counted = sum(times for (_, given), times in self._forms[key].items() if given == "a")
        if (
            not is_plural(phrase.split()[-1])
            and determiner in {"a", ""}
            and counted >= _COUNTABLE * sum(self._forms[key].values())
        ):
            return plural(phrase), ""
        return phrase, determiner

    def noun(self, key: Key) -> str:
        """The phrase as it can stand in a sentence: `the lift`, `their work`, `emails`."""
        words, determiner = self._shown(key)
        before = {"the": "the ", "own": "their "}.get(determiner, "")
        return before + words

    def term(self, key: Key, k: int, verb: str = "") -> Term | None:
        """What can be told of it; None where fewer than `k` spoke of it or it tells nothing."""
        people = self.doing.get((verb, key), set()) if verb else self.people.get(key, set())
        if len(people) < k or not self.is_telling(key):
            return None
        return Term(key, verb, self.noun(key), len(people))

    def terms_in(self, text: str, k: int) -> list[Term]:
        """What can be told of a text, in its order; the longest part of each phrase that enough people use."""
        found: dict[tuple[str, Key], Term] = {}
        for mention in mentions(text):
            for term in self._best_part(mention, k):
                found.setdefault((term.verb, term.key), term)
        return list(found.values())

    def _best_part(self, mention: Mention, k: int) -> list[Term]:
        whole = mention.key()
        for size in range(min(len(whole), LONGEST), 0, -1):
            for start in range(len(whole) - size, -1, -1):
                key, last = whole[start : start + size], start + size == len(whole)
                told = [self.term(key, k, mention.verb) if mention.verb and last else None, self.term(key, k)]
                if any(told):
                    return [term for term in told if term is not None]
        return []

    def together(self, one: Term, other: Term) -> int:
        """How many speak of both."""
        return len(self.people[one.key] & self.people[other.key])

    def share(self, term: Term) -> float:
        """Of all participants, those who speak of it."""
        return len(self.people[term.key]) / max(1, len(self.everybody))

    def telling_of(self, term: Term, group: Collection[str]) -> float:
        """How much a term is a group's own: log of the share inside by the share outside; 0 without a group."""
        people = self.people[term.key]
        inside, outside = len(people & set(group)), len(people - set(group))
        others = len(self.everybody - set(group))
        if not group or not others:
            return 0.0
        return log((inside + 0.5) / (len(group) + 1)) - log((outside + 0.5) / (others + 1))

    def worth(self, term: Term, group: Collection[str]) -> float:
        """How much a term tells: the group's own, rarer, an activity or a longer phrase."""
        share = self.share(term)
        own = max(-1.5, min(2.0, self.telling_of(term, group)))
        few = len(self.people[term.key] & set(group)) < min(2, len(group))
        rare = 0.6 * log(1 / max(share, 0.05)) - 2.0 * (share > _ALL_BUT)
        return rare + 1.6 * own - 1.5 * few + 0.6 * (len(term.key) > 1) + 0.6 * bool(term.verb)

    @cached_property
    def manners(self) -> Mapping[str, Manner]:
        """How each participant talks, in counts."""
        return manners(self.texts)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The noun phrases, in a fixed order."""
        return tuple(sorted(self.people))

    def of_group(self, group: Collection[str], k: int) -> list[Term]:
        """What at least `k` of a group speak of, most telling first; of a small group two, and `k` of all participants."""
        members = set(group)
        least = k if len(members) >= _SMALL * k else min(2, k)
        found = [
            term
            for key in self.keys
            if len(self.people[key] & members) >= least and (term := self.term(key, k)) is not None
        ]
        found = self._whole(found, members)
        if members < self.everybody:
            found = [term for term in found if self.telling_of(term, members) > _OWN]
        return sorted(found, key=lambda term: (-round(self._own(term, members), 6), term.key))

    def _own(self, term: Term, members: set[str]) -> float:
        inside = len(self.people[term.key] & members) / max(1, len(members))
        return float(inside**0.8) * (self.telling_of(term, members) + 0.4 * (len(term.key) > 1))

    def _whole(self, terms: Sequence[Term], members: set[str]) -> list[Term]:
        """Without parts of longer phrases: `media posts` where hardly anybody says it without `social`."""
        people = {term.key: self.people[term.key] & members for term in terms}
        part = {
            key[i:j]
            for key in people
            for i in range(len(key))
            for j in range(i + 1, len(key) + 1)
            if j - i < len(key) and len(people[key]) >= _PART * len(people.get(key[i:j], ())) > 0
        }
        return [term for term in terms if term.key not in part]

    def of_others(self, group: Collection[str], k: int) -> list[Term]:
        """What at least `k` others speak of and nobody of the group does, most widely spoken of first."""
        members = set(group)
        found = [
            term
            for key in self.keys
            if not self.people[key] & members and (term := self.term(key, k)) is not None
        ]
        found = self._whole(found, self.everybody)
        return sorted(found, key=lambda term: (-term.people, term.key))


_counted: WeakKeyDictionary[Corpus, Spoken] = WeakKeyDictionary()


def spoken_in(corpus: Corpus) -> Spoken:
    """Count what the participants of a corpus said; done once for each corpus."""
    if corpus not in _counted:
        step = max(1, len(corpus) // _MOST_TEXTS)
        texts = (
            (who, corpus.columns.texts[i])
            for i in range(0, len(corpus), step)
            if (who := corpus.participant(i))
        )
        _counted[corpus] = Spoken(texts, names_in(corpus))
    return _counted[corpus]


def spoken_by(persona: Persona) -> Spoken:
    """Count what a persona's own evidence says, where there is no corpus; words of nobody known count for nothing."""
    said = {
        (each.participant, each.quote)
        for _, claim in persona.claims()
        for each in (*claim.evidence, *claim.against)
        if each.participant
    }
    return Spoken(sorted(said))


def group_of(persona: Persona, corpus: Corpus | None) -> Sequence[str]:
    """The participants whom a persona stands for, as the corpus knows them; else whom its evidence names."""
    quoted = sorted(
        {each.participant for _, claim in persona.claims() for each in claim.evidence if each.participant}
    )
    if corpus is None:
        return quoted
    named = [code for code in persona.participants if corpus.person(code)]
    return named or [code for code in quoted if corpus.person(code)]
