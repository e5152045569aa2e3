"""First person to third, where a rule is safe; else the quote stands for itself."""

from __future__ import annotations

import re

from persona_core.synthesis.candidates import Candidate
from persona_core.synthesis.cues import Hit, plain
from persona_core.text import trim, with_s

_SHORTEST_RESTATED, _LONGEST_RESTATED, _LONGEST_QUOTE = 5, 24, 42
"""Words."""
_PRONOUNS = {
    "i": "they", "me": "them", "my": "their", "mine": "theirs", "myself": "themselves", "i'm": "they're", "i've": "they've", "i'd": "they'd", "i'll": "they'll",
    "we": "they", "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves", "we're": "they're", "we've": "they've", "we'd": "they'd", "we'll": "they'll",
}  # fmt: skip
_UNSAFE = re.compile(
    r"\b(?:you|your|yours|he|she|his|him|they|them|their|someone's)\b|[\"“”:;(){}\[\]…]|\.\.\.|\bi am\b|\bi was\b"
)
_DANGLING = re.compile(
    r"^(?:\w+ ){0,3}(?:it|that|this|those|these|so|one|ones|such)\b(?! (?:would|will|to be|is|was|the|my|a|when|if|it|i|we|he|she|they|people|ai|all|there)\b)"
)
_COORDINATED = re.compile(
    r"(?:,| and| but| or| so| then) (?:i|we|just|then|also|have|had|end|see|ask|use|check|go|try|write|take|make|get|edit|put|run|look|work|give|do|let|want|need|love|hate|walk|read|call|send)\b|\b(?:and|or|but|then) \w+ed\b"
)
_AUXILIARY = {
    "am": "is",
    "'m": "is",
    "are": "is",
    "'re": "is",
    "have": "has",
    "'ve": "has",
    "do": "does",
    "don't": "doesn't",
    "go": "goes",
    "was": "was",
    "were": "was",
}
_PLAIN_VERBS = frozenset(
    "use learn plan like love enjoy think believe need want feel have find prefer wish hope worry try ask check rely work".split()
)
_NO_S = frozenset(
    "can can't cannot couldn't could would wouldn't 'd had did didn't will won't should must may might never was wasn't".split()
)
_PAST = re.compile(
    r"(?:\w+ed|had|found|got|became|felt|lost|missed|ran|went|took|made|kept|saw|came|knew|thought|told|said|gave|left|fell|meant|bought|wrote|read|paid)$"
)
_ADVERB = frozenset(
    "really just also always usually often mostly mainly generally typically normally sometimes still actually definitely probably honestly currently personally absolutely especially particularly only now then first simply constantly regularly frequently occasionally never ever all certainly strongly truly genuinely basically kind sort of very so quite too a bit little super pretty rarely routinely primarily to".split()
)
_FILLER = re.compile(
    r"^(?:(?:well|so|and|but|or|yeah|yes|no|oh|okay|ok|um|uh|hmm|like|also|then|now|honestly|actually|basically|i mean|i guess|i think(?: that)?|i'd say|i would say|you know|to be honest|obviously|plus|right|anyway|because|overall|personally|for me|again|sure|however|therefore|additionally|furthermore|moreover|since|as)\b[, ]*)+"
)
_OPEN_END = re.compile(r"(?:[\s,]+(?:and|but|so|or|because|like|um|uh))+[\s,.…]*$")
_NEW_CLAUSE = r"(?:,? (?:but|so|because|which|although|though|whereas|however)\b|,? (?:and|or|then|since|as) (?=(?:i|we|it|they|he|she|you|there|that|this|then|i'm|we're|it's)\b)|[;—–(]| - )"
_TAIL = re.compile(_NEW_CLAUSE + r".*$")


def quote_span(candidate: Candidate) -> tuple[int, int] | None:
    """The half-open span of a candidate's words worth quoting: without opening fillers, cut to a clause where it is long."""
    sentence = candidate.text
    text = plain(sentence)
    filler = _FILLER.match(text)
    start = filler.end() if filler and len(text) - filler.end() > 12 else 0
    end = len(sentence)
    if _count(sentence[start:end]) > _LONGEST_QUOTE:
        if candidate.hits:
            start = max(start, _clause_start(text, candidate.hits[0].start))
        end = _cut(text, start, _LONGEST_QUOTE)
    # A sentence that breaks off in the middle ("… on another screen and") is quoted up to there.
    if (open_end := _OPEN_END.search(text[:end])) is not None and open_end.start() > start:
        end = open_end.start()
    return trim(sentence, start, end)


def _clause_start(text: str, at: int) -> int:
    """Where the clause that holds `at` begins."""
    found = max(
        (match.end() for match in re.finditer(r"[,;:()—–] *| (?:and|but|so|because) ", text[:at])), default=0
    )
    return found if at - found < 60 else at


def _cut(text: str, start: int, most: int) -> int:
    """The last clause boundary within `most` words of `start`; the text's end where there is none."""
    ends = [match.start() for match in re.finditer(_NEW_CLAUSE, text[start:])]
    fitting = [start + end for end in ends if 8 <= _count(text[start : start + end]) <= most]
    return fitting[-1] if fitting else len(text)


def _count(text: str) -> int:
    return len(text.split())


def restate(candidate: Candidate, facet: str) -> str | None:
    """A short third-person sentence that says what the candidate says; None where no rule is safe."""
    if candidate.frame is not None and candidate.frame[0] == facet and candidate.frame[1]:
        framed = _framed(candidate, candidate.frame[1])
        if framed is not None:
            return framed
    hit = next((hit for hit in candidate.hits if hit.facet == facet), None)
    if hit is None or hit.form not in {"verb", "be", "would", "do", "have"}:
        return None
    return _third_person(candidate.text, hit)


def _framed(candidate: Candidate, frame: str) -> str | None:
    """An answer too short to be a sentence, behind what its question asks."""
    answer = candidate.text.strip().rstrip(".!")
    text = plain(answer)
    if (
        _count(answer) > 14
        or re.search(
            r"\b(?:i|i'm|i've|we|my|me|you|your|it's|is|are|was|would|should|could|can|don't|can't)\b", text
        )
        or answer.endswith("?")
    ):
        return None
    lowered = (
        answer
        if answer[:2].isupper() or any(char.isupper() for char in answer[1:].split(" ")[0])
        else answer[0].lower() + answer[1:]
    )
    return f"{frame}: {lowered}"


def _third_person(sentence: str, hit: Hit) -> str | None:
    clause = plain(sentence)[hit.start :].rstrip(" .!")
    original = sentence[hit.start : hit.start + len(clause)]
    if _count(clause) > _LONGEST_RESTATED:
        cut = _TAIL.search(clause, hit.end - hit.start + 8)
        if cut is None or not 5 <= _count(clause[: cut.start()]) <= _LONGEST_RESTATED:
            return None
        clause, original = clause[: cut.start()], original[: cut.start()]
    subject = re.match(r"(?:i|we)(?='| )|im ", clause)
    if subject is None or clause.startswith("im "):
        return None
    rest = original[subject.end() :].strip()
    after_verb = clause[hit.end - hit.start :].strip()
    if _UNSAFE.search(clause) or _DANGLING.match(after_verb + " ") or _COORDINATED.search(clause):
        return None
    verb_phrase = _conjugated(rest.split())
    if verb_phrase is None:
        return None
    said = " ".join(_swapped(word) for word in verb_phrase)
    if _count(said) < _SHORTEST_RESTATED:
        return None
    said = re.sub(
        r"\bthey (?:am|was)\b",
        lambda match: {"they am": "they are", "they was": "they were"}[match.group()],
        said,
    )
    return said[0].upper() + said[1:]


def _conjugated(tokens: list[str]) -> list[str] | None:
    """Give the first verb the third person; adverbs before it stay."""
    place = 0
    while place < len(tokens) and plain(tokens[place]).strip(",") in _ADVERB:
        place += 1
    if place >= len(tokens):
        return None
    verb = plain(tokens[place])
    if verb == "do" and place + 1 < len(tokens) and plain(tokens[place + 1]) in _PLAIN_VERBS:
        return _conjugated([*tokens[:place], *tokens[place + 1 :]])
    if verb in {"'d", "would", "could"}:
        third = "would" if verb == "'d" else verb
    elif verb in _AUXILIARY:
        third = _AUXILIARY[verb]
    elif verb in _NO_S or (
        _PAST.match(verb) and verb not in {"need", "read", "feed", "proceed", "exceed", "embed", "succeed"}
    ):
        third = verb
    else:
        third = _with_s(verb)
    return [*tokens[:place], third, *tokens[place + 1 :]]


def _with_s(verb: str) -> str:
    if not verb.isalpha():
        return f"{verb}s" if re.fullmatch(r"[a-z]+-[a-z]+", verb) else verb
    return with_s(verb)


def _swapped(word: str) -> str:
    """Turn a first-person pronoun to the third, punctuation kept."""
    match = re.fullmatch(r"(\W*)([\w'’]+)(\W*)", word)
    if match is None:
        return word
    swapped = _PRONOUNS.get(plain(match[2]))
    return match[1] + swapped + match[3] if swapped else word
