"""The points that claims lose: for evidence they lack, for what is wrong with it, and for quotes that do not bear on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from persona_core.quality.dimension import Deduction
from persona_core.quality.evidence.citations import Citation, Cited, Fault

UNPROVEN = 70.0
"""Points that claims without any evidence lose together."""
FALSE = 50.0
"""Points that claims with false citations lose together, at most, and more than that: citing nothing costs less."""
UNRELATED = 0.3
"""What a true quote is worth that bears on its claim no more than any other."""
_NOTHING = 0.02
"""Share of its points that a claim may lack without a word."""
_LOOSELY = 0.4
"""Support from which on a quote is said to bear on its claim, if only loosely."""

_WEIGHT = {
    Fault.missing: 1.0,
    Fault.no_such_place: 1.0,
    Fault.wrong_participant: 0.7,
    Fault.not_a_participant: 0.7,
    Fault.outsider: 0.6,
    Fault.misplaced: 0.6,
    Fault.no_words: 0.3,
    Fault.other_segment: 0.15,
}
"""How false a citation is: at 1 a single one costs half of what any number of them do."""
_SAYING = {
    Fault.missing: "{quotes} not found in the sources: cite what stands there, or take the claim out",
    Fault.no_such_place: "{quotes} not found in the sources, and the segment cited does not exist",
    Fault.wrong_participant: "{quotes} said by another participant than the one cited",
    Fault.not_a_participant: "{quotes} said by an interviewer, or is part of a question: no participant’s words",
    Fault.outsider: "{quotes} said by somebody who is not one of this persona’s participants",
    Fault.misplaced: "{quotes} cited from a place that does not exist; the words stand elsewhere",
    Fault.other_segment: "{quotes} found in another segment than the one cited",
    Fault.no_words: "{places} cited without any words: quote what stands there",
}


def worth(claim: Cited, support: Sequence[float]) -> float:
    """What a claim's best citation is worth, 0–1."""
    return max((_worth(*each) for each in zip(claim.citations, support, strict=True)), default=0.0)


def _worth(citation: Citation, support: float) -> float:
    return citation.worth * (UNRELATED + (1 - UNRELATED) * support)


def deductions(claim: Cited, support: Sequence[float], claims: int) -> Iterator[Deduction]:
    """What one of so many claims loses, each kind of fault at its own."""
    lost = _by_fault(claim.citations, claims)
    lacking = 1 - worth(claim, support)
    unproven = UNPROVEN / claims * lacking if lacking > _NOTHING else 0.0
    if lost and not any(each.worth for each in claim.citations):
        worst = max(lost, key=lambda fault: (lost[fault], fault))
        lost[worst] += unproven
    elif unproven:
        yield Deduction(claim.path, _why_unproven(claim, support), unproven)
    yield from _told(claim.path, claim.citations, lost)
    believed = tuple(each for each in claim.against if each.fault is not Fault.outsider)
    yield from _told(f"{claim.path}.against", believed, _by_fault(believed, claims))


def _by_fault(citations: Sequence[Citation], claims: int) -> dict[Fault, float]:
    """Points lost by fault: each more costs less than the one before, so that all stay below a bound."""
    counts = Counter(each.fault for each in citations if each.fault is not None)
    total = sum(_WEIGHT[fault] * count for fault, count in counts.items())
    points = FALSE / claims * (1 - 0.5**total)
    return {fault: points * _WEIGHT[fault] * counts[fault] / total for fault in sorted(counts)}


def _told(path: str, citations: Sequence[Citation], lost: dict[Fault, float]) -> Iterator[Deduction]:
    for fault, points in lost.items():
        number = sum(each.fault is fault for each in citations)
        yield Deduction(path, _message(fault, number, len(citations)), points)


def _message(fault: Fault, number: int, of: int) -> str:
    verb = "was" if number == 1 else "were"
    who = "the quote" if of == 1 else f"{number} of the {of} quotes" if number < of else f"all {of} quotes"
    places = "a place is" if number == 1 else f"{number} places are"
    return _SAYING[fault].format(quotes=f"{who} {verb}", places=places)


def _why_unproven(claim: Cited, support: Sequence[float]) -> str:
    if not claim.citations:
        return "nothing is cited for it: cite what participants said, or take the claim out"
    best, sure = max(zip(claim.citations, support, strict=True), key=lambda each: _worth(*each))
    if sure < _LOOSELY:
        return f"{_quotes(claim)} to bear on the claim: cite one that says so, or say what it says"
    if sure < 1:
        return (
            "what is quoted bears on the claim only loosely: cite something closer, or keep to what was said"
        )
    if best.unattributed:
        return "nobody can tell who said what is quoted: name who asks and who answers"
    return "the quote was only nearly found: cite the very words"


def _quotes(claim: Cited) -> str:
    counting = sum(each.worth > 0 for each in claim.citations)
    return "the quote does not seem" if counting == 1 else f"none of the {counting} quotes seems"
