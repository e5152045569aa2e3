"""Participants' words cut into sentences that could become claims."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from persona_core.models.corpus import NONE, Corpus, Role
from persona_core.naming import identifies
from persona_core.synthesis import cues
from persona_core.text import content_stems, sentence_spans, words

_SURE = 0.8
_MOST_SEGMENTS = 20_000
_MOST_PER_PERSON = 400
"""Sentences of one participant that are looked at; more would only be slower."""
_AMOUNT = re.compile(r"(?:roughly |about )?how (?:often|long|many|much|far)\b", re.IGNORECASE)
"""Asks for a number: its short answers ("three times a week") are no claims."""
_FRAMES: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (facet, frame, re.compile(pattern, re.IGNORECASE))
    for facet, frame, pattern in (
        ("needs", "Unmet need", r"\b(?:needs?\b.*\bnot (?:address|met|cover|support)|missing|unmet|lack)"),
        (
            "needs",
            "Would like",
            r"\b(?:would you (?:like|change|want|add|improve)|could change|like to see|features?|suggest|improve|enhance|wish|magic wand|what .*\bneed\b)",
        ),
        (
            "pain_points",
            "Difficulty",
            r"\b(?:frustrat|difficult|hinder|challeng|problem|pain|annoy|struggl|obstacle|barrier|dislike|worst|hard(?:est)?|least|prevent|stops? you|worr|concern|complain)",
        ),
        (
            "goals",
            "Wants",
            r"\b(?:hope to|goals?|achieve|get done|trying to|aim|want to|accomplish|looking for|expect)",
        ),
        (
            "motivations",
            "Values",
            r"\b(?:pleasant|enjoy|love|like (?:most|best|about)|best thing|favou?rite|appreciate|value|motivat|benefit|matters|important)",
        ),
        ("needs", "Need it meets", r"\bneeds?\b.*\baddress"),
        (
            "behaviours",
            "",
            r"\b(?:how do you|how did you|usually|typical|walk us through|describe (?:how|your)|process|routine|what do you do)",
        ),
        ("context", "", r"\b(?:about yourself|your (?:job|role|work|background|situation))\b"),
    )
)


@dataclass(slots=True)
class Candidate:
    """A sentence of a participant: where it stands, what it is about, and what kinds of claim it could be."""

    position: int
    """Position of its segment in the corpus."""
    span: tuple[int, int]
    """Half-open offsets into the segment's text."""
    person: int
    text: str
    stems: tuple[str, ...]
    hits: tuple[cues.Hit, ...] = ()
    frame: tuple[str, str] | None = None
    """Facet and opening that the question gives an answer, where it gives one."""
    quotable: bool = True
    facets: dict[str, float] = field(default_factory=dict)
    """How surely it is a claim of each facet, 0–1."""


def question_frame(question: str) -> tuple[str, str] | None:
    """The facet that a question asks for, and how its short answers open."""
    for facet, frame, pattern in _FRAMES:
        if pattern.search(question):
            return facet, frame
    return None


def sampling_step(corpus: Corpus) -> int:
    """Claims are chosen from every n-th segment: 1, but for corpora so large that nobody could read the choice anyway."""
    return max(1, len(corpus) // _MOST_SEGMENTS)


def gather(corpus: Corpus) -> list[Candidate]:
    """Cut what participants said into sentences, in reading order."""
    frames = [question_frame(question) for question in corpus.columns.questions]
    counts: dict[int, int] = defaultdict(int)
    found: list[Candidate] = []
    columns = corpus.columns
    for i in range(0, len(corpus), sampling_step(corpus)):
        person = columns.who[i]
        if person == NONE or corpus.role(i) is not Role.participant or counts[person] >= _MOST_PER_PERSON:
            continue
        question = columns.questions[columns.question[i]] if columns.question[i] != NONE else ""
        frame = frames[columns.question[i]] if question else None
        for candidate in _sentences(corpus, i, person, frame, amount=bool(_AMOUNT.match(question))):
            counts[person] += 1
            found.append(candidate)
    return found


def _sentences(
    corpus: Corpus, i: int, person: int, frame: tuple[str, str] | None, *, amount: bool
) -> Iterator[Candidate]:
    text = corpus.columns.texts[i]
    quotable = corpus.people[person].quote_ok
    spans = sentence_spans(text)
    for place, (start, end) in enumerate(spans):
        sentence = text[start:end]
        stems = tuple(content_stems(sentence))
        if not stems or (amount and len(sentence.split()) < 8):
            continue
        hits = tuple(cues.hits(sentence))
        framed = frame if frame and place == 0 and _answers(sentence, frame) else None
        facets = {hit.facet: hit.weight for hit in hits}
        # What an answer says by itself goes before what its question asked for: "I'd love more widgets" is a wish under any question.
        if framed is not None and max(facets.values(), default=0.0) < _SURE:
            facets = {framed[0]: 0.9}
        shown = quotable and not identifies(sentence)
        yield Candidate(i, (start, end), person, sentence, stems, hits, framed, shown, facets)


def _answers(sentence: str, frame: tuple[str, str]) -> bool:
    """Whether a first sentence answers its question; what follows it may be anything. Without an opening it must say enough by itself."""
    return (
        not _is_refusal(sentence)
        and not sentence.rstrip().endswith("?")
        and (bool(frame[1]) or len(sentence.split()) >= 7)
    )


def _is_refusal(sentence: str) -> bool:
    """An answer that turns the question down: "Nothing, I love it"."""
    first = [word.lower() for word in words(sentence)[:2]]
    return bool(first) and (
        first[0] in {"nothing", "none", "no", "nope", "never", "na", "not", "nil", "idk", "yes"}
    )


def spoken_words(corpus: Corpus, counts: Callable[[int], bool] = lambda _position: True) -> list[list[str]]:
    """The content stems of every participant's words, without those the interviewer had just used.

    Interviewers' words find the guide, not the person; so do words that only echo them. `counts` says of a segment's position whether
    its words count.
    """
    said: list[list[str]] = [[] for _ in corpus.people]
    columns = corpus.columns
    asked: frozenset[str] = frozenset()
    source = -1
    for i in range(len(corpus)):
        if columns.source[i] != source:
            source, asked = columns.source[i], frozenset()
        if corpus.role(i) is Role.interviewer:
            asked = frozenset(content_stems(columns.texts[i]))
        elif columns.who[i] != NONE and counts(i):
            said[columns.who[i]] += [stem for stem in content_stems(columns.texts[i]) if stem not in asked]
    return said
