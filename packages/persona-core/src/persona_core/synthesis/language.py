"""Which language is spoken, as far as it matters: English cues need English."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from persona_core.models.corpus import NONE, Corpus, Role
from persona_core.text import words

_COMMON = {
    "English": "the and to of in is it that for was with on are this be have not you but they i my",
    "German": "der die das und ist nicht ich zu ein mit auf es für dass wir sich auch wie aber nur",
    "French": "le la les et est je pas que de un une pour dans ce il on avec mais nous des",
    "Spanish": "el la los y es que no de un una para en lo con pero me se por mi las",
    "Portuguese": "o os e é que não de um uma para em eu com mas me se por minha as do",
    "Italian": "il e è che non di un una per in la mi con ma si sono gli le del anche",
    "Dutch": "de het en is dat niet ik een van te voor met op maar we zijn ook er als dan",
    "Swedish": "och det att är jag som en på för inte med den har till av men om vi ett så",
    "Polish": "i w nie na się że to jest z do jak ale co za tak o jestem mam tym od",
}
_SETS = {language: frozenset(listed.split()) for language, listed in _COMMON.items()}
_ENOUGH, _FEW = 30, 6
"""Words from which the language of all and of some can be told."""
_TELLING, _OF_MANY, _OF_FEW = 3, 0.08, 0.25
"""Common words of a language that tell it: their least number, and their share of enough words, and of few."""
_CONSIDERABLE = 0.2
"""Share of the participants, or of the segments, in other languages that a reader must know of."""
_UNKNOWN = "a language other than English"


@dataclass(slots=True)
class _Sample:
    """Words of somebody, counted."""

    total: int = 0
    foreign: int = 0
    """Words of letters that English has not."""
    common: Counter[str] = field(default_factory=Counter)
    """How many are common ones of each language."""

    def __iadd__(self, other: _Sample) -> _Sample:
        self.total += other.total
        self.foreign += other.foreign
        self.common.update(other.common)
        return self

    @property
    def language(self) -> str | None:
        """The language other than English that it is in; None for English."""
        if self.foreign > 0.5 * self.total:
            return _UNKNOWN
        language, most = max(self.common.items(), key=lambda each: each[1], default=("English", 0))
        share = _OF_MANY if self.total >= _ENOUGH else _OF_FEW
        tells = most > 1.5 * self.common["English"] and most > share * self.total and most >= _TELLING
        return language if language != "English" and tells else None


def other_languages(corpus: Corpus) -> str | None:
    """What is in other languages than English, in words: all of it, or how many participants or segments; None for too little.

    Who said fewer than six words counts for nothing; of large corpora a sample of the segments does.
    """
    whole, people, segments = _counted(corpus)
    if whole.total >= _ENOUGH and (language := whole.language):
        return f"the sources seem to be in {language}"
    for samples, called in ((people, "participants"), (segments, "longer segments")):
        judged = [sample.language for sample in samples if sample.total >= _FEW]
        found = Counter(language for language in judged if language)
        if found and found.total() >= _CONSIDERABLE * len(judged):
            named = " or ".join(language for language, _ in found.most_common(3))
            return f"{found.total()} of {len(judged)} {called} seem to be in {named}"
    return None


def _counted(corpus: Corpus) -> tuple[_Sample, list[_Sample], list[_Sample]]:
    """The words of everybody, of each participant, and of each segment, interviewers' left out."""
    whole, people, segments = _Sample(), [_Sample() for _ in corpus.people], []
    for i in range(0, len(corpus), max(1, len(corpus) // 5000)):
        if corpus.role(i) is Role.interviewer:
            continue
        segments.append(_sample(corpus.columns.texts[i]))
        whole += segments[-1]
        if (who := corpus.columns.who[i]) != NONE:
            people[who] += segments[-1]
    return whole, people, segments


def _sample(text: str) -> _Sample:
    counted = Counter(word.lower() for word in words(text))
    return _Sample(
        counted.total(),
        sum(times for word, times in counted.items() if not word.isascii()),
        Counter(
            {
                language: sum(counted[word] for word in common if word in counted)
                for language, common in _SETS.items()
            }
        ),
    )
