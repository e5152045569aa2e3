"""Quotes that nobody said, or that somebody else did."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import cycle

from persona_core.models.corpus import Corpus
from persona_core.models.persona import Evidence
from validity.cases import Case, wordings
from validity.variants import Variant, chance, plainly, requoted

_SENTENCE = re.compile(r"[^.!?]+[.!?]")


def invented(case: Case, at: int) -> Iterator[Variant]:
    """Quotes replaced by some that nobody said, on the topic of the study and off it: all of them, or one in three."""
    persona = case.personas.personas[at]
    own = on_topic(case, chance(case, at, "on topic"))
    quotes = list(dict.fromkeys(each.quote for _, claim in persona.claims() for each in claim.evidence))
    for kind, bank, step in (
        ("invented quotes, on topic", own, 1),
        ("invented quotes, off topic", wordings("invented")["elsewhere"], 1),
        ("one quote in three invented, on topic", own, 3),
    ):
        said = cycle(chance(case, at, kind).sample(bank, len(bank)))
        made = {quote: next(said) for quote in quotes[::step]}

        def replaced(evidence: Evidence, made: dict[str, str] = made) -> Evidence:
            if evidence.quote not in made:
                return evidence
            return plainly(made[evidence.quote], evidence.segment, evidence.participant)

        yield Variant(kind, "evidence", case.with_persona(at, requoted(persona, replaced)), at)


def on_topic(case: Case, rng: random.Random) -> list[str]:
    """The study's own invented quotes; for a study without, halves of what two people said, put together."""
    bank = wordings("invented").get(case.study)
    if bank:
        return list(bank)
    halves = [_halves(sentence) for sentence in sentences(case.corpus, rng)]
    return [f"{left} {right}" for (left, _), (_, right) in zip(halves[::2], halves[1::2], strict=False)]


def _halves(sentence: str) -> tuple[str, str]:
    words = sentence.split()
    middle = len(words) // 2
    return " ".join(words[:middle]), " ".join(words[middle:])


def sentences(corpus: Corpus, rng: random.Random, of: int = 60) -> list[str]:
    """Sentences of participants, by chance, of 8 to 25 words."""
    positions = [i for i in range(len(corpus)) if corpus.quotable(i)]
    found = []
    for i in rng.sample(positions, min(len(positions), of * 4)):
        said = [s.strip() for s in _SENTENCE.findall(corpus.columns.texts[i]) if 8 <= len(s.split()) <= 25]
        if said:
            found.append(rng.choice(said))
    return found[:of]


def of_others(case: Case, at: int) -> Iterator[Variant]:
    """Every quote replaced by words of somebody who is not behind the persona, cited as before."""
    persona, corpus = case.personas.personas[at], case.corpus
    rng = chance(case, at, "others")
    strangers = [
        i
        for i in range(len(corpus))
        if corpus.quotable(i)
        and corpus.participant(i) not in persona.participants
        and len(corpus.columns.texts[i].split()) >= 5
    ]
    if not strangers:
        return

    def replaced(evidence: Evidence) -> Evidence:
        text = corpus.columns.texts[rng.choice(strangers)]
        said = next((s.strip() for s in _SENTENCE.findall(text) if len(s.split()) >= 5), text)
        return plainly(said, evidence.segment, evidence.participant)

    changed = requoted(persona, replaced)
    yield Variant("quotes of other participants", "evidence", case.with_persona(at, changed), at)


def shuffled(case: Case, at: int) -> Iterator[Variant]:
    """The quotes of a persona dealt out anew among its claims: all true, none where it belongs."""
    persona = case.personas.personas[at]
    stated = [
        claim
        for path, claim in persona.claims()
        if claim.evidence and not path.startswith(("quotes", "headline"))
    ]
    if len(stated) < 3:
        return
    turn = chance(case, at, "shuffled").randrange(1, len(stated))
    dealt = {id(claim): stated[(i + turn) % len(stated)].evidence for i, claim in enumerate(stated)}
    changed = persona.model_copy(
        update={
            facet: tuple(
                claim.model_copy(update={"evidence": dealt.get(id(claim), claim.evidence)})
                for claim in getattr(persona, facet)
            )
            for facet in ("goals", "needs", "pain_points", "behaviours", "motivations", "context")
        }
    )
    yield Variant("own quotes under the wrong claims", "evidence", case.with_persona(at, changed), at)
