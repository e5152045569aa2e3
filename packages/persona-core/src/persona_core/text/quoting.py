"""Finding a quote in a text: exactly, normalised, or nearly."""

from __future__ import annotations

import re
from dataclasses import dataclass

from persona_core.models.persona import Tier
from persona_core.text.folding import Folded, fold, is_mark
from persona_core.text.wording import is_solo, trim, word_spans, words

_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})\s*")
NEAR = 90.0
"""Least similarity, 0–100, of a near quote and the words found."""
_LEAST_WORDS = 4
"""A shorter quote is found or not: nearly is too easy."""
_REACH = 40
"""Characters around the end of an alignment in which a better one is looked for."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATIONS = {
    "not",
    "no",
    "never",
    "none",
    "nobody",
    "nothing",
    "neither",
    "nor",
    "cannot",
    "without",
    "hardly",
    "barely",
    "rarely",
    "seldom",
    "unless",
    "except",
}
_OPPOSITES = frozenset(
    frozenset(pair.split("/"))
    for pair in """
    before/after more/less most/least more/fewer always/sometimes all/some everybody/somebody everyone/someone love/hate
    loved/hated loves/hates like/hate liked/hated likes/hates easy/hard easy/difficult easier/harder fast/slow faster/slower
    good/bad better/worse best/worst first/last increase/decrease increased/decreased increases/decreases up/down on/off
    true/false right/wrong start/stop started/stopped cheap/expensive high/low many/few much/little old/new big/small
    long/short gain/lose gained/lost win/lose won/lost accept/refuse accepted/refused can/can't yes/no with/without
    """.split()
)
"""Words of which one in the other's place says the opposite."""
_DENYING = ("un", "in", "im", "ir", "il", "dis", "non", "non-", "mis")


@dataclass(frozen=True, slots=True)
class Match:
    """Where a quote was found in a text."""

    tier: Tier
    spans: tuple[tuple[int, int], ...]
    """Half-open offsets; more than one where an ellipsis joins parts."""
    similarity: float
    """0–1."""


def locate(quote: str, text: str, *, folded: Folded | None = None, near: bool = True) -> Match | None:
    """Find a quote in a text: exactly, else normalised, else nearly; None where it is not there.

    `folded` is `fold(text)`, where it is at hand already. A hit begins and ends at word boundaries.
    Nearly is not enough where a number or a negation differs, and an ellipsis may not swallow a negation.
    """
    quote = quote.strip()
    if not text or not (any(char.isalnum() for char in quote) or (quote and quote == text.strip())):
        return None
    start = _find_whole(quote, text)
    if start >= 0:
        return Match(Tier.exact, ((start, start + len(quote)),), 1.0)
    folded = folded or fold(text)
    return _locate_normalised(quote, folded) or (_locate_near(quote, text, folded) if near else None)


def _find_whole(needle: str, text: str, start: int = 0) -> int:
    """Find like `str.find`, at word boundaries only."""
    while (at := text.find(needle, start)) >= 0:
        if not (_within_word(text, at) or _within_word(text, at + len(needle))):
            return at
        start = at + 1
    return -1


def _within_word(text: str, at: int) -> bool:
    """Whether a cut before the character at `at` goes through a word."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return before.isalnum() and after.isalnum()
    if is_mark(after):
        return before.isalnum() or is_mark(before)
    return (
        after.isalnum() and (before.isalnum() or is_mark(before)) and not (is_solo(before) or is_solo(after))
    )


def _locate_normalised(quote: str, folded: Folded) -> Match | None:
    """Find a quote in normal form; where it holds ellipses, else every part of it, in order."""
    whole = _bare(quote)
    if not whole:
        return None
    if (start := _find_whole(whole, folded.text)) >= 0:
        return Match(Tier.normalised, (_span(folded, start, start + len(whole)),), 1.0)
    pieces = [_bare(part) for part in parts_of(quote)]
    # One word on either side of an ellipsis could be joined out of any text: a part must say something.
    if len(pieces) < 2 or min(len(words(piece)) for piece in pieces) < 2:
        return None
    spans, at = [], 0
    for piece in pieces:
        start = _find_whole(piece, folded.text, at)
        if start < 0 or (at and _turns(folded.text[at:start])):
            return None
        at = start + len(piece)
        spans.append(_span(folded, start, at))
    return Match(Tier.normalised, tuple(spans), 1.0)


def parts_of(quote: str) -> list[str]:
    """The parts of a quote that ellipses join."""
    return [part for part in _ELLIPSIS.split(quote) if any(char.isalnum() for char in part)]


def _bare(quote: str) -> str:
    """A quote in normal form without the punctuation around it."""
    return fold(quote).text.strip(" \"'.,;:!?-()[]")


def _span(folded: Folded, start: int, end: int) -> tuple[int, int]:
    return folded.offsets[start], folded.ends[end - 1]


def _negations(text: str) -> list[str]:
    return [word for word in words(text) if word in _NEGATIONS or word.endswith("n't")]


def _turns(gap: str) -> bool:
    """Whether leaving words out turns what was said into its opposite.

    A negation among a few words does, and so does one just before the words that go on.
    """
    left_out = words(gap)
    if len(left_out) <= 4:
        return bool(_negations(gap))
    return not gap.rstrip().endswith((".", "!", "?", ";")) and bool(_negations(" ".join(left_out[-2:])))


def _agree(quote: str, found: str) -> bool:
    """Whether two texts in normal form hold the same numbers, as many negations, and no word for its opposite."""
    same_numbers = sorted(_NUMBER.findall(quote)) == sorted(_NUMBER.findall(found))
    return same_numbers and len(_negations(quote)) == len(_negations(found)) and not _opposed(quote, found)


def _opposed(quote: str, found: str) -> bool:
    """Whether one text has a word where the other has its opposite: `after` for `before`, `unhappy` for `happy`."""
    ours, theirs = set(words(quote)), set(words(found))
    ours, theirs = ours - theirs, theirs - ours
    return any(
        frozenset((one, other)) in _OPPOSITES
        or any(one == prefix + other or other == prefix + one for prefix in _DENYING)
        for one in ours
        for other in theirs
    )


def _locate_near(quote: str, text: str, folded: Folded) -> Match | None:
    """Align a quote with the stretch of the text that is most like it, at least `NEAR` of 100."""
    from rapidfuzz import fuzz

    wanted = _bare(quote)
    if len(words(wanted)) < _LEAST_WORDS or len(folded.text) < 0.9 * len(wanted):
        return None
    found = fuzz.partial_ratio_alignment(wanted, folded.text, score_cutoff=NEAR - 5)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _to_words(folded.text, found.dest_start, found.dest_end)
    # The alignment is as long as the quote: a word left out of the quote pushes the first or last one out.
    around = [(a, b) for a in _near_cuts(folded.text, start) for b in _near_cuts(folded.text, end) if a < b]
    scored = [(fuzz.ratio(wanted, folded.text[a:b]), a, b) for a, b in around]
    alike = [(_same_ends(wanted, folded.text[a:b]), score, a, b) for score, a, b in scored if score >= NEAR]
    _, similarity, start, end = max(alike, default=(0, 0.0, start, end))
    span = trim(text, *_span(folded, start, end))
    if not alike or span is None or not _agree(wanted, folded.text[start:end]):
        return None
    return Match(Tier.near, (span,), round(similarity / 100, 3))


def _same_ends(quote: str, found: str) -> int:
    """How many of the first and the last word two texts share."""
    one, other = words(quote), words(found)
    return sum(one[i] == other[i] for i in (0, -1)) if other else 0


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to whole words."""
    while _within_word(text, start):
        start -= 1
    while _within_word(text, end):
        end += 1
    return start, end


def _near_cuts(text: str, at: int) -> list[int]:
    """`at` and up to two word boundaries on either side of it."""
    low = max(0, at - _REACH)
    bounds = sorted({bound + low for span in word_spans(text[low : at + _REACH]) for bound in span} | {at})
    bounds = [bound for bound in bounds if not _within_word(text, bound)]
    here = bounds.index(at)
    return bounds[max(0, here - 4) : here + 5]
