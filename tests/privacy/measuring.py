"""What the audit finds of what was planted, and what it flags of what is clean."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from persona_core.auditing import Auditor
from persona_core.auditing.paraphrase import Group
from persona_core.auditing.said import Said, said_in
from persona_core.auditing.verbatim import runs_in
from persona_core.models import Corpus
from persona_core.models.audit import Audit
from privacy import material

RATES = (0.01, 0.02, 0.04)
"""Shares of clean sentences flagged at which recall is told."""
LONGEST = 60
"""Sentences of a script."""
Vectors = Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Planted:
    """Sentences that retell what somebody said, by how far they are from it."""

    verbatim: list[str]
    repunctuated: list[str]
    light: list[str]
    moderate: list[str]
    heavy: list[str]

    def kinds(self) -> dict[str, list[str]]:
        """The sentences of each kind."""
        return dict(vars(self))


def planted(corpus: Corpus, half: int, size: int = 300) -> Planted:
    """What is planted: `half` 0 is what thresholds were set with, 1 what was kept out of that."""
    chance = random.Random(7 + half)
    theirs = material.sentences(corpus)
    said = [said for _, said in chance.sample(theirs, min(size, len(theirs)))]
    rows = material.retold()[half::2]
    return Planted(
        verbatim=said,
        repunctuated=[material.repunctuated(each, chance) for each in said],
        light=[material.lightly(each, chance) for each in said],
        moderate=[row["moderate"] for row in rows],
        heavy=[row["heavy"] for row in rows],
    )


class Judge:
    """Tells how surely a sentence is somebody's; lower is surer, 0 for words in a row."""

    def __init__(self, corpus: Corpus, vectors: Vectors | None = None) -> None:
        self.said: Said = said_in(corpus)
        answered = [i for i in range(len(corpus)) if corpus.role(i).value != "interviewer"]
        self.group, self.vectors = Group(self.said, answered), vectors or {}

    def __call__(self, sentence: str) -> tuple[float, float]:
        """The chance of as good a match, then how bad the match is."""
        if any(not run.likely for run in runs_in(sentence, [self.said])):
            return 0.0, -2.0
        told = self.group.compare(sentence, self.vectors)
        return told.chance, -told.similarity


def recalls(
    judge: Judge, kinds: Mapping[str, Iterable[str]], clean: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """For each kind, the share found where each of `RATES` of the clean sentences is flagged."""
    ordered = sorted(map(judge, clean))
    cuts = [ordered[int(len(ordered) * rate) - 1] for rate in RATES]
    found = {}
    for kind, sentences in kinds.items():
        scores = [judge(each) for each in sentences]
        found[kind] = tuple(sum(score <= cut for score in scores) / len(scores) for cut in cuts)
    return found


def flagged(judge: Judge, clean: Sequence[str]) -> float:
    """The share of clean sentences with a finding of any severity, as the audit is set."""
    found = sum(
        bool(runs_in(each, [judge.said]) or judge.group.compare(each, judge.vectors).severity)
        for each in clean
    )
    return found / len(clean)


def scripts(sentences: Sequence[str], count: int, length: int | None = None) -> list[list[str]]:
    """Scripts of so many sentences, no sentence in two of them where there are enough; or of 1 to `LONGEST`."""
    chance = random.Random(11)
    if length and count * length <= len(sentences):
        drawn = chance.sample(sentences, count * length)
        return [drawn[start : start + length] for start in range(0, len(drawn), length)]
    return [chance.sample(sentences, length or chance.randint(1, LONGEST)) for _ in range(count)]


def refused(audit: Callable[[str], Audit], drawn: Iterable[Sequence[str]]) -> float:
    """The share of scripts that the audit refuses."""
    verdicts = [not audit("\n".join(each)).passed for each in drawn]
    return sum(verdicts) / len(verdicts)


def caught(
    audit: Callable[[str], Audit], sentences: Sequence[str], clean: Sequence[str]
) -> tuple[float, float]:
    """The shares of planted sentences that have a finding, and whose script is refused: each in a script of its own."""
    found = stopped = 0
    for each, script in zip(sentences, scripts(clean, len(sentences)), strict=True):
        place = random.Random(each).randrange(len(script))
        before = "\n".join(script[:place]) + "\n"
        report = audit(before + each + "\n" + "\n".join(script[place:]))
        end = len(before) + len(each)
        found += any(f.start < end and len(before) < f.end for f in report.findings)
        stopped += not report.passed
    return found / len(sentences), stopped / len(sentences)


def auditing(corpus: Corpus) -> Callable[[str], Audit]:
    """Audit against the whole of a corpus."""
    return Auditor(corpus).audit
