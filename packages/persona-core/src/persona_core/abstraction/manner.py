"""How people talk, in counts: words of some kinds by participant, and never the words themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean, pstdev

from persona_core.text import sentence_spans, words

_ENOUGH = 40
"""Words from which somebody's manner can be told."""
_LONG = 6
"""A long word has more letters than that (Björnsson's LIX)."""


def _any(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(listed.split())})\b", re.IGNORECASE)


KINDS: Mapping[str, re.Pattern[str]] = {
    "hedges": _any("maybe perhaps probably possibly somewhat guess suppose seems might kinda sort|kind.of fairly i.think"),
    "intensifiers": _any("very really extremely absolutely totally completely definitely super incredibly so.much always never"),
    "first_person": _any("i me my mine myself i'm i've i'd i'll i’m i’ve i’d i’ll"),
    "together": _any("we us our ours together team teams colleague colleagues coworker coworkers family everyone partner partners"),
    "alone": _any("myself alone independently personally by.hand on.my.own my.own manually"),
    "contractions": re.compile(r"\b\w+['’](?:s|t|m|re|ve|d|ll)\b", re.IGNORECASE),
    "questions": re.compile(r"\?"),
    "exclamations": re.compile(r"!"),
    "planning": _any("plan plans planning planned schedule schedules organize organise organized organised prepare prepared list lists steps outline structure structured goal goals deadline deadlines"),
    "checking": _any("check checks checked checking verify verified verifying double-check review reviewed reviewing make.sure accurate accuracy correct careful carefully ensure"),
    "curiosity": _any("try tried trying explore explored exploring experiment experimenting curious learn learned learning discover new interesting understand"),
    "enjoyment": _any("love loved enjoy enjoyed fun happy great amazing excited exciting favourite favorite fantastic wonderful"),
    "worry": _any("worry worried worries concern concerned concerns afraid fear scared anxious nervous risk risks hesitant wary"),
    "impatience": _any("waste wasted slow tedious annoying frustrating frustrated boring hate takes.forever time-consuming painful repetitive quicker faster"),
    "doubt": _any("but however although though unless except depends not.sure sceptical skeptical doubt"),
    "detail": _any("exactly precise precisely specific specifically detail details detailed perfect perfectly"),
    "ideas": _any("idea ideas creative creativity imagine imagination inspiration inspired vision original unique"),
    "helping": _any("help helps helped helping support teach teaching share sharing children kids students clients patients customers"),
}  # fmt: skip
"""What is counted; `.` stands for any letter, such as a space."""


@dataclass(frozen=True, slots=True)
class Manner:
    """One participant's counts."""

    words: int
    sentences: int
    long: int
    kinds: Mapping[str, int]
    turns: int = 1

    def rate(self, kind: str) -> float:
        """Per hundred words; of questions and exclamations per hundred sentences."""
        of = self.sentences if kind in {"questions", "exclamations"} else self.words
        return 100 * self.kinds[kind] / max(1, of)

    @property
    def sentence_length(self) -> float:
        """Words in a sentence, on average."""
        return self.words / max(1, self.sentences)

    @property
    def turn_length(self) -> float:
        """Words in a turn or an answer, on average."""
        return self.words / max(1, self.turns)

    @property
    def lix(self) -> float:
        """Readability after Björnsson (1968): words in a sentence, and percent of words with more than six letters."""
        return self.sentence_length + 100 * self.long / max(1, self.words)


def manners(texts: Iterable[tuple[str, str]]) -> dict[str, Manner]:
    """Count the turns of each participant; who said too little is left out."""
    said: dict[str, list[str]] = {}
    for who, text in texts:
        said.setdefault(who, []).append(text)
    counted = {who: _counted(turns) for who, turns in said.items()}
    return {who: manner for who, manner in counted.items() if manner.words >= _ENOUGH}


def _counted(turns: Collection[str]) -> Manner:
    found = [word for turn in turns for word in words(turn)]
    whole = "\n".join(turns)
    return Manner(
        words=len(found),
        sentences=sum(len(sentence_spans(turn)) for turn in turns),
        long=sum(len(word) > _LONG for word in found),
        kinds={kind: len(pattern.findall(whole)) for kind, pattern in KINDS.items()},
        turns=len(turns),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """A group's manners, and everybody else's."""

    inside: tuple[Manner, ...]
    outside: tuple[Manner, ...]

    def apart(self, kind: str) -> float:
        """How far the group's mean rate is from the others', in standard deviations of all; 0 where it cannot be told."""
        if len(self.inside) < 2 or len(self.outside) < 2:
            return 0.0
        ours, theirs = ([each.rate(kind) for each in some] for some in (self.inside, self.outside))
        spread = pstdev([*ours, *theirs])
        return (fmean(ours) - fmean(theirs)) / spread if spread else 0.0

    def users(self, kind: str) -> int:
        """How many of the group use words of a kind."""
        return sum(each.kinds[kind] > 0 for each in self.inside)

    def mean(self, kind: str) -> float:
        """The group's mean rate."""
        return fmean(each.rate(kind) for each in self.inside)


def compare(counted: Mapping[str, Manner], group: Collection[str]) -> Compared:
    """Set a group's manners beside the others'."""
    members = set(group)
    return Compared(
        tuple(manner for who, manner in counted.items() if who in members),
        tuple(manner for who, manner in counted.items() if who not in members),
    )
