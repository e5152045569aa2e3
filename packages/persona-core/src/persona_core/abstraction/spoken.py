"""What many said: noun phrases and activities, counted by participant."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from math import log

from persona_core.abstraction.forms import Forms
from persona_core.abstraction.manner import Manner, manners
from persona_core.abstraction.phrases import LONGEST, Mention, mentions
from persona_core.abstraction.terms import Key, Term, is_tool
from persona_core.abstraction.verbs import FAMILY, FORMS, OTHER_FORMS
from persona_core.abstraction.wordlists import INGS_TOO, KEPT_MODIFIERS, NOUNS_TOO, TOO_VAGUE, VAGUE_MODIFIERS
from persona_core.text import STOP_WORDS, words

Text = tuple[str, str]
"""Who said it, and what."""
_BETWEEN_CLAUSES = re.compile(
    r"[.!?;:\n]+(?=\s|$)|\s[-–—]+\s|,\s+(?=(?:but|and|so|which|because|while|although|then)\b)"
)
_MOST_PLACES = 2_000
"""Of more places of one term, every so-manieth is read."""
_NOUNLIKE, _SURELY = 0.4, 0.75
"""Share of a word's places where only a noun can stand: the least, and for words that look like adjectives."""
_ADJECTIVAL = re.compile(r"(?:ent|ant|ic|ive|ful|ous|able|ible|al|ed|less|y)$")
_VERBAL = frozenset(form for form, (_, kind) in (FORMS | OTHER_FORMS).items() if kind == "ing")
_NO_NOUNS = {form for form, (lemma, _) in (FORMS | OTHER_FORMS).items() if lemma not in NOUNS_TOO} - INGS_TOO
_NOT_ALONE = TOO_VAGUE | VAGUE_MODIFIERS
_OWN = 0.2
"""Log of a term's share inside a group by that outside, from which on it says something of the group."""
_SMALL = 4
"""A group of fewer than so many times `k` participants is small."""
_PART = 0.6
"""Of those who say a phrase, so many say it as a part of a longer one."""
_RARE = 0.005
"""What a smaller share of all participants says may be a slip of the reader."""
_LONG, _AGAIN = 25, 1.3
"""Clauses by participant from which on a study is of conversations; there people say what they talk about so often."""
_ALL_BUT = 0.6
"""What a larger share of the participants says tells nothing of anybody."""


class Spoken:
    """Who spoke of what, and in which form."""

    def __init__(self, texts: Iterable[Text], names: Iterable[str] = ()) -> None:
        """Count `texts`; what holds one of `names` is nothing to be told."""
        self.people: dict[Key, set[str]] = defaultdict(set)
        self.doing: dict[tuple[str, Key], set[str]] = defaultdict(set)
        self._forms = Forms()
        self._nominal: Counter[str] = Counter()
        self._heads: Counter[str] = Counter()
        self._proper: Counter[str] = Counter()
        self._said: dict[re.Pattern[str], int] = {}
        self.texts = list(texts)
        self.clauses: list[Text] = []
        self._places: dict[tuple[str, Key], array[int]] = defaultdict(lambda: array("L"))
        self._saying: dict[tuple[str, Key, re.Pattern[str], re.Pattern[str] | None], frozenset[str]] = {}
        self._names = {name.casefold() for name in names}
        self.everybody = {who for who, _ in self.texts}
        for who, text in self.texts:
            for clause in _BETWEEN_CLAUSES.split(text):
                for mention in mentions(clause):
                    self._count(who, mention)
                self.clauses.append((who, clause.lower()))

    def _count(self, who: str, mention: Mention) -> None:
        whole = mention.key()
        self._heads[whole[-1]] += 1
        self._nominal[whole[-1]] += mention.nominal
        for word in mention.words if mention.proper else ():
            self._proper[word] += 1
        for i in range(max(0, len(whole) - LONGEST), len(whole)):
            key, words = whole[i:], mention.words[i:]
            self.people[key].add(who)
            self._forms.add(key, " ".join(words), mention.determiner)
            self._places["", key].append(len(self.clauses))
            if mention.verb:
                verb = FAMILY.get(mention.verb, mention.verb)
                self.doing[verb, key].add(who)
                self._places[verb, key].append(len(self.clauses))

    def saying(
        self, term: Term, pattern: re.Pattern[str], without: re.Pattern[str] | None = None
    ) -> frozenset[str]:
        """Who speaks of a term in a clause that holds `pattern`, in small letters, and not `without`."""
        asked = (term.verb, term.key, pattern, without)
        if asked not in self._saying:
            self._saying[asked] = frozenset(self._sayers(term, pattern, without))
        return self._saying[asked]

    def _sayers(self, term: Term, pattern: re.Pattern[str], without: re.Pattern[str] | None) -> set[str]:
        found: set[str] = set()
        places = self._places.get((term.verb, term.key), ())
        for place in places[:: max(1, len(places) // _MOST_PLACES)]:
            who, clause = self.clauses[place]
            if who not in found and pattern.search(clause) and not (without and without.search(clause)):
                found.add(who)
        return found

    def times(self, term: Term, group: Collection[str] = ()) -> float:
        """How often those who speak of it do so, on average; of a group, where there is one."""
        who = [self.clauses[place][0] for place in self._places.get((term.verb, term.key), ())]
        counted = [each for each in who if not group or each in group]
        return len(counted) / max(1, len(set(counted)))

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
        times = self._forms.times(key)
        if not times:
            return False
        words = self._forms.shown(key)[0].split()
        head = words[-1].lower()
        least = _SURELY if _ADJECTIVAL.search(key[-1]) else _NOUNLIKE
        if self._nominal[key[-1]] < least * self._heads[key[-1]] or {head, key[-1]} & _NOT_ALONE:
            return False
        if key[-1] in _NO_NOUNS or (key[-1] in _VERBAL and key[-1] not in INGS_TOO):
            return False
        if len(head) < 3 and not head.isupper() and head != "ai":
            return False
        if words[0] in VAGUE_MODIFIERS - KEPT_MODIFIERS or any(word in TOO_VAGUE for word in words[:-1]):
            return False
        return not any(self._is_name(word, times) for word in words)

    def _is_name(self, word: str, times: int) -> bool:
        return word.casefold() in self._names or self._proper[word] * 3 > times

    def noun(self, key: Key) -> str:
        """The phrase as it can stand in a sentence: `the lift`, `their work`, `emails`."""
        return self._forms.noun(key)

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
        whole, verb = mention.key(), FAMILY.get(mention.verb, mention.verb)
        for size in range(min(len(whole), LONGEST), 0, -1):
            for start in range(len(whole) - size, -1, -1):
                key, last = whole[start : start + size], start + size == len(whole)
                told = [self.term(key, k, verb) if verb and last else None, self.term(key, k)]
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
        """How much a term is a group's own."""
        people, members = self.who(term), set(group)
        return self.own(len(people & members), len(people - members), members)

    def own(self, inside: int, outside: int, group: Collection[str]) -> float:
        """Log of a thing's share inside a group by that outside; 0 without a group or without others."""
        others = len(self.everybody - set(group))
        if not group or not others:
            return 0.0
        return log((inside + 0.5) / (len(group) + 1)) - log((outside + 0.5) / (others + 1))

    def least_of(self, group: Collection[str], k: int) -> int:
        """Of a group, so many have to say a thing: `k`, of a small one two, and always `k` of all participants."""
        return k if self.is_large(group, k) else min(2, k)

    def is_large(self, group: Collection[str], k: int) -> bool:
        """Whether several of a group can be expected to say the same."""
        return len(group) >= _SMALL * k

    def who(self, term: Term) -> set[str]:
        """Who speaks of it."""
        found = self.doing.get((term.verb, term.key)) if term.verb else self.people.get(term.key)
        return found or set()

    def worth(self, term: Term, group: Collection[str]) -> float:
        """How much a term tells: the group's own, rarer, an activity or a longer phrase."""
        share = self.share(term)
        own = max(-1.5, min(2.0, self.telling_of(term, group)))
        few = len(self.who(term) & set(group)) < min(2, len(group))
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

    def of_group(self, group: Collection[str], k: int, *, own: bool = True) -> list[Term]:
        """What enough of a group speak of and do, most telling first; only what is its `own`, where the others are many."""
        members = set(group)
        least = self.least_of(members, k)
        nouns = [("", key) for key in self.keys if len(self.people[key] & members) >= least]
        deeds = [deed for deed in sorted(self.doing) if len(self.doing[deed] & members) >= least]
        found = [term for verb, key in nouns + deeds if (term := self.term(key, k, verb)) is not None]
        found = [term for term in self._whole(found, members) if self._is_topic(term, members)]
        if own and members < self.everybody:
            found = [term for term in found if self.telling_of(term, members) > _OWN]
        return sorted(found, key=lambda term: (-round(self._own(term, members), 6), term.key, term.verb))

    def tools(self, k: int) -> list[Term]:
        """What is said of AI and software, which a study may be about and which is then nobody's own."""
        found = [self.term(key, k) for key in self.keys if is_tool(key)]
        return [term for term in found if term is not None]

    def _is_topic(self, term: Term, members: set[str]) -> bool:
        """Whether people come back to it, as one does to what one talks about; where they say enough for that."""
        if term.people < _RARE * len(self.everybody) or (term.verb and is_tool(term.key)):
            return False
        if term.verb:
            return True
        return len(term.key) > 1 or not self._is_long or self.times(term, members) >= _AGAIN

    @cached_property
    def _is_long(self) -> bool:
        return len(self.clauses) >= _LONG * len(self.everybody)

    def _own(self, term: Term, members: set[str]) -> float:
        inside = len(self.who(term) & members) / max(1, len(members))
        more = 0.4 * (len(term.key) > 1) + 0.4 * bool(term.verb) + 0.3 * log(self.times(term, members) or 1)
        return float(inside**0.8) * (self.telling_of(term, members) + more)

    def _whole(self, terms: Sequence[Term], members: set[str]) -> list[Term]:
        """Without parts of longer phrases: `media posts` where hardly anybody says it without `social`."""
        people = {term.key: self.people[term.key] & members for term in terms if not term.verb}
        part = {
            key[i:j]
            for key in people
            for i in range(len(key))
            for j in range(i + 1, len(key) + 1)
            if j - i < len(key) and len(people[key]) >= _PART * len(people.get(key[i:j], ())) > 0
        }
        return [term for term in terms if term.verb or term.key not in part]

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
